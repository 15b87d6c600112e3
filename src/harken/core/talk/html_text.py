"""HTML to plain text for reading: paragraphs, lists and quotes keep their form, nothing that could run is kept.

The text is not markup: `<b>` typed by somebody as words stays as those five characters, and pages escape it as they
escape all text.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree

__all__ = ["html_to_text"]

_DROPPED: Final = frozenset(
    ("script", "style", "template", "noscript", "object", "embed", "iframe", "svg", "math", "head", "title", "select")
)
_BLOCKS: Final = frozenset(
    (
        *("p", "div", "section", "article", "main", "header", "footer", "aside", "table", "ul", "ol", "dl", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "figure", "figcaption", "details", "summary", "address", "center"),
    )
)
# Blocks that stand apart from their neighbours by an empty line.
_APART: Final = frozenset(
    ("p", "ul", "ol", "dl", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "aside")
)
_LINES: Final = frozenset(("tr", "li", "dt", "dd", "caption"))
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_LINK: Final = re.compile(r"(?:https?://|mailto:)\S+\Z", re.IGNORECASE)
_BAD: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DEEPEST_QUOTE: Final = 20
_MANY_BLANKS: Final = re.compile(r"\n(?:[> ]*\n){2,}")


class _Writer:
    """Collects words into lines while the parser reports tags; knows how deep in quotes and lists it is.

    The parser builds no tree: libxml2's is cut where elements nest deeper than some hundreds.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self.addresses: list[str] = []
        self.lines: list[str] = []
        self.words: list[str] = []
        self.quotes = 0
        self.lists: list[int | None] = []
        self.preformatted = 0
        self.bullet = ""
        self.wants_blank = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        if tag in _DROPPED:
            self.dropped += 1
        elif not self.dropped:
            _open(tag, attributes, self)

    def end(self, tag: str) -> None:
        """A tag closes, or what follows implies that it does."""
        if tag in _DROPPED:
            self.dropped = max(0, self.dropped - 1)
        elif not self.dropped:
            _close(tag, self)

    def data(self, text: str) -> None:
        """Words between tags."""
        if not self.dropped:
            self.say(text)

    def close(self) -> str:
        """The end of the markup: its text."""
        self.end_line()
        return _MANY_BLANKS.sub("\n\n", "\n".join(self.lines)).strip("\n")

    def say(self, text: str) -> None:
        """Add words to the line."""
        if self.preformatted:
            first, *rest = text.split("\n")
            self.words.append(first)
            for line in rest:
                self.end_line(keep_empty=True)
                self.words.append(line)
            return
        text = _SPACES.sub(" ", text)
        if text == " " and not self.words:
            return
        self.words.append(text)

    def end_line(self, *, keep_empty: bool = False) -> None:
        """Finish the line, with the marks of the quotes and lists it stands in."""
        line = "".join(self.words)
        self.words.clear()
        line = line.rstrip() if self.preformatted else _SPACES.sub(" ", line).strip(" ")
        if not line and not keep_empty:
            return
        prefix = "> " * min(self.quotes, _DEEPEST_QUOTE)
        if self.wants_blank and self.lines:
            self.lines.append(prefix.rstrip() if self._still_quoted() else "")
        self.wants_blank = False
        bullet, self.bullet = self.bullet, ""
        indent = "  " * max(0, min(len(self.lists), 10) - 1)
        if bullet:
            line = f"{indent}{bullet}{line}"
        elif self.lists and line:
            line = f"{indent}  {line}"
        self.lines.append(f"{prefix}{line}".rstrip())

    def _still_quoted(self) -> bool:
        return self.quotes > 0 and self.lines[-1].startswith(">")


def html_to_text(markup: str) -> str:
    """Return the words of `markup`: `- ` and `1. ` before items, `> ` before quoted lines, addresses behind links.

    Scripts, styles and forms are left out; an address is kept if it is one of the web or of mail. Any depth of
    nesting is read, and markup that is no HTML at all comes back as its characters.
    """
    cleaned = _BAD.sub("", markup)
    if not cleaned.strip():
        return ""
    parser = etree.HTMLParser(
        target=_Writer(),  # type: ignore[arg-type]  # the stubs say bytes, which HTML's parser never gives
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        return str(etree.fromstring(f"<div>{cleaned}</div>", parser))
    except (etree.LxmlError, ValueError):
        return cleaned.strip()


def _open(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    if tag in ("br", "hr"):
        writer.end_line(keep_empty=tag == "br")
    elif tag == "img":
        writer.say(attributes.get("alt") or "")
    elif tag in ("td", "th"):
        writer.say("  " if writer.words else "")
    else:
        opened = _OPENED.get(tag)
        if tag in _BLOCKS or tag in _LINES or opened is not None:
            writer.end_line()
            writer.wants_blank = writer.wants_blank or (tag in _APART and not (tag in ("ul", "ol") and writer.lists))
        if opened is not None:
            opened(tag, attributes, writer)
    if tag == "a":
        writer.addresses.append((attributes.get("href") or "").strip())


def _open_quote(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    writer.quotes += 1


def _open_list(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    start = str(attributes.get("start") or "1")
    number = int(start) if start.isascii() and start.isdecimal() and len(start) < 6 else 1
    writer.lists.append(number if tag == "ol" else None)


def _open_item(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    number = writer.lists[-1] if writer.lists else None
    writer.bullet = "- " if number is None else f"{number}. "
    if number is not None:
        writer.lists[-1] = number + 1


def _open_pre(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    writer.preformatted += 1


def _open_heading(tag: str, attributes: Mapping[str, str], writer: _Writer) -> None:
    writer.words.append("#" * int(tag[1]) + " ")


_OPENED: Final[dict[str, Callable[[str, Mapping[str, str], _Writer], None]]] = {
    "blockquote": _open_quote,
    "ul": _open_list,
    "ol": _open_list,
    "li": _open_item,
    "pre": _open_pre,
    **{f"h{level}": _open_heading for level in range(1, 7)},
}


def _close(tag: str, writer: _Writer) -> None:
    if tag == "a":
        _close_link(writer)
        return
    if tag in _BLOCKS or tag in _LINES or tag == "blockquote":
        writer.end_line()
        writer.wants_blank = writer.wants_blank or (
            tag in _APART and not (tag in ("ul", "ol") and len(writer.lists) > 1)
        )
    if tag == "blockquote":
        writer.quotes = max(0, writer.quotes - 1)
    elif tag in ("ul", "ol"):
        if writer.lists:
            writer.lists.pop()
    elif tag == "pre":
        writer.preformatted = max(0, writer.preformatted - 1)
    elif tag == "li":
        writer.bullet = ""


def _close_link(writer: _Writer) -> None:
    address = writer.addresses.pop() if writer.addresses else ""
    said = "".join(writer.words[-3:])
    if _LINK.match(address) and address.removeprefix("mailto:") not in said and "<" not in address:
        writer.words.append(f" <{address}>")
