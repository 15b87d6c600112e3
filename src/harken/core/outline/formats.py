"""The formats an outline can be read from, and how to tell which one a file is.

The name or the media type says it, and the content must agree.
"""

import re
from dataclasses import dataclass

from harken.core.outline.model import OutlineError

__all__ = ["FORMATS", "Format", "find_format", "sniff_text_format"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what people call it, the endings of file names and the media types it goes by."""

    name: str
    description: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]


FORMATS: dict[str, Format] = {
    known.name: known
    for known in (
        Format("text", "Plain text, as pasted from a page", (".txt", ".text"), ("text/plain",)),
        Format("html", "HTML page", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml")),
        Format("wikitext", "MediaWiki wikitext", (".wiki", ".mediawiki", ".wikitext"), ("text/x-wiki",)),
        Format("markdown", "Markdown", (".md", ".markdown", ".mdown"), ("text/markdown", "text/x-markdown")),
        Format(
            "docx",
            "Word document (DOCX)",
            (".docx",),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        ),
        Format("odt", "OpenDocument text (ODT)", (".odt",), ("application/vnd.oasis.opendocument.text",)),
    )
}

# What a file is if it begins so, for the sentence that refuses it.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word document or one protected by a password"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_PATH = re.compile(r"[/\\]")
_ZIP = b"PK\x03\x04"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body|meta|title|h[1-6]|p|div|section|article|main|ul|ol|table)\b[^>]{0,1000}>",
    re.IGNORECASE | re.DOTALL,
)
_WIKI_HEADING = re.compile(r"^(={2,6})[^=\n].*?\1\s*$", re.MULTILINE)
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)
_WIKI_LINK = re.compile(r"\[\[[^\[\]\n]+\]\]|</?translate>|'''")


def find_format(data: bytes, *, name: str = "", media_type: str = "") -> Format | None:
    """Return the format that a file's name or media type says, checked against the first bytes.

    None means that neither says anything and the content is text of some kind (`sniff_text_format` tells which).

    Raises:
        OutlineError: the format is none of ours, or the content is something else.
    """
    said = _said_format(name, media_type)
    actual = _describe(data)
    if said is None:
        if data.startswith(_ZIP):
            return _package_format(data)
        if actual:
            raise OutlineError(f"{_quote(name)} is {actual}; an outline can be read from {_list_formats()}.")
        return None
    if said.name in ("docx", "odt"):
        if not data.startswith(_ZIP):
            found = actual or ("an HTML page" if _looks_like_html(data) else "something else")
            raise OutlineError(f"{_quote(name)} is named as a {said.description}, but it is {found}.")
    elif data.startswith(_ZIP) or actual:
        found = actual or "a ZIP archive, or an office document under another name"
        raise OutlineError(f"{_quote(name)} is named as {said.description}, but it is {found}.")
    return said


def sniff_text_format(text: str, said: Format | None, name: str = "") -> tuple[Format, tuple[str, ...]]:
    """Return the format of a decoded text and, where it is not what was said, a sentence about it.

    A file called text may hold wikitext or Markdown: people save sources like that. HTML under another name is refused,
    because its text is not what one sees.

    Raises:
        OutlineError: HTML under the name of another format.
    """
    is_html = _HTML.match(text[:10_000]) is not None
    if said is not None and said.name != "text":
        if is_html and said.name == "wikitext" and text.lstrip()[:5].lower() in ("<!doc", "<html"):
            raise OutlineError(f"{_quote(name)} is named as {said.description}, but it is an HTML page.")
        return said, ()
    if is_html:
        if said is None:
            return FORMATS["html"], ()
        raise OutlineError(f"{_quote(name)} is named as {said.description}, but it is an HTML page.")
    guess = _guess_source(text)
    if guess is None:
        return FORMATS["text"], ()
    return FORMATS[guess], () if said is None else (
        f"The text holds the marks of {FORMATS[guess].description} and was read as that.",
    )


def _guess_source(text: str) -> str | None:
    sample = text[:200_000]
    wiki = len(_WIKI_HEADING.findall(sample))
    markdown = len(_MARKDOWN_HEADING.findall(sample))
    # "# one" is an item of a numbered list in wikitext and a heading in Markdown.
    if wiki >= 2 or (wiki and _WIKI_LINK.search(sample)):
        return "wikitext"
    if markdown >= 2 or (markdown and sample.lstrip().startswith("#")):
        return "markdown"
    return None


def _said_format(name: str, media_type: str) -> Format | None:
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in _PATH.split(name)[-1] else ""
    for known in FORMATS.values():
        if suffix in known.suffixes:
            return known
    media = media_type.partition(";")[0].strip().lower()
    for known in FORMATS.values():
        if media in known.media_types:
            return known
    return None


def _describe(data: bytes) -> str:
    return next((description for signature, description in _SIGNATURES if data.startswith(signature)), "")


def _looks_like_html(data: bytes) -> bool:
    return _HTML.match(data[:10_000].decode("latin-1")) is not None


def _package_format(data: bytes) -> Format:
    return FORMATS["odt"] if b"opendocument.text" in data[:200] else FORMATS["docx"]


def _quote(name: str) -> str:
    return f"“{_PATH.split(name)[-1]}”" if name else "The file"


def _list_formats() -> str:
    descriptions = [known.description for known in FORMATS.values()]
    return ", ".join(descriptions[:-1]) + " and " + descriptions[-1]
