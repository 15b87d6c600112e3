"""In which form a talk page comes, told by how it begins."""

import re
from typing import Literal

from harken.core.outline.decoding import decode_text
from harken.core.outline.model import OutlineError
from harken.core.talk.model import TalkError, TalkPage
from harken.core.talk.wiki.html import read_talk_html
from harken.core.talk.wiki.site import Wiki
from harken.core.talk.wiki.wikitext import read_talk_wikitext

__all__ = ["Form", "guess_form", "read_talk"]

Form = Literal["html", "wikitext", "dump", "api"]

_LOOKED_AT = 65_536
_PACKED = (b"BZh", b"\x1f\x8b", b"\xfd7zXZ")
_DUMP = re.compile(rb"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<mediawiki\b")
_PAGE = re.compile(rb"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!doctype html|<html)\b", re.IGNORECASE)
_HTML_SIGNS = re.compile(rb"</(?:a|p|h[1-6]|li|dd|section)>", re.IGNORECASE)
_SOURCE_SIGNS = re.compile(rb"\[\[|\{\{|^=+[^=\n]|^[:*#]|'''", re.MULTILINE)


def guess_form(start: bytes) -> Form:
    """Return the form of a file by its first bytes (64 kB are enough): rendered, source, dump or answer of the API."""
    start = start[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if start.startswith(_PACKED) or _DUMP.match(start):
        return "dump"
    if _PAGE.match(start):
        return "html"
    if start.lstrip()[:1] == b"{" and b'"query"' in start:
        return "api"
    rendered, source = len(_HTML_SIGNS.findall(start)), len(_SOURCE_SIGNS.findall(start))
    return "html" if rendered > source else "wikitext"


def read_talk(data: bytes, wiki: Wiki | None = None, title: str = "", *, keep_unsigned: bool = False) -> TalkPage:
    """Return the threads of one page, rendered or as source, whichever `data` is.

    Raises:
        TalkError: it is a dump or an answer of the API (which hold many pages: `read_dump`, `read_api_pages`), no text,
            or larger than any page is.
    """
    form = guess_form(data)
    if form in ("dump", "api"):
        raise TalkError("The file holds pages of a whole wiki, not one page.")
    try:
        text, _ = decode_text(data, markup=form == "html")
    except OutlineError as error:
        raise TalkError(str(error)) from error
    if form == "html":
        return read_talk_html(text, wiki, title, keep_unsigned=keep_unsigned)
    return read_talk_wikitext(text, wiki, keep_unsigned=keep_unsigned)
