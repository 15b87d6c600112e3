"""The way in: bytes of any known format to an outline."""

from dataclasses import replace

from harken.core.outline.decoding import decode_text
from harken.core.outline.formats import find_format, sniff_text_format
from harken.core.outline.interpret import interpret_blocks
from harken.core.outline.limits import Limits
from harken.core.outline.model import Outline, OutlineError
from harken.core.outline.readers.html import read_html
from harken.core.outline.readers.markdown import read_markdown
from harken.core.outline.readers.package import open_package
from harken.core.outline.readers.pandoc import read_package
from harken.core.outline.readers.text import read_text
from harken.core.outline.readers.wikitext import read_wikitext

__all__ = ["read_outline"]

_READERS = {"text": read_text, "html": read_html, "wikitext": read_wikitext, "markdown": read_markdown}
_DEFAULT_LIMITS = Limits()


def read_outline(data: bytes, *, name: str = "", media_type: str = "", limits: Limits = _DEFAULT_LIMITS) -> Outline:
    """Return the outline of a document: plain text, HTML, wikitext, Markdown, DOCX or ODT.

    Args:
        data: the file as it is.
        name: the file's name or address; its ending says the format. It is the title of a document that has none.
        media_type: what the server or browser called it; used where the name says nothing.
        limits: how much the document may ask of us.

    Raises:
        OutlineError: the file is empty, too large, broken, or not what its name says; one sentence says which and
        where.
    """
    limits.check_input(len(data))
    if not data.strip():
        raise OutlineError("The file is empty.")
    said = find_format(data, name=name, media_type=media_type)
    if said is not None and said.name in ("docx", "odt"):
        package = open_package(data, said, limits)
        return interpret_blocks(read_package(package, said, limits), limits, name=name, format_name=said.name)
    text, warnings = decode_text(data, markup=said is None or said.name == "html")
    limits.check_characters(len(text))
    if not text.strip("\ufeff \t\r\n\u00a0"):
        raise OutlineError("The file is empty.")
    actual, remarks = sniff_text_format(text, said, name)
    stream = _READERS[actual.name](text, limits)
    outline = interpret_blocks(stream, limits, name=name, format_name=actual.name)
    return _with_warnings(outline, (*warnings, *remarks))


def _with_warnings(outline: Outline, warnings: tuple[str, ...]) -> Outline:
    if not warnings:
        return outline
    return replace(outline, warnings=(*warnings, *outline.warnings))
