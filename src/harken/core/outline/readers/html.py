"""HTML: the page as one reads it, without scripts, styles, navigation and the wiki's edit links."""

from typing import Any

from lxml import etree

from harken.core.outline.blocks import BlockBuilder, BlockStream
from harken.core.outline.limits import Limits
from harken.core.outline.model import OutlineError

__all__ = ["read_html"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "object",
        "embed",
        "iframe",
        "audio",
        "video",
        "canvas",
        "form",
        "button",
        "select",
        "textarea",
        "input",
        "nav",
        "head",
    )
)
_DROPPED_CLASSES = frozenset(
    (
        "mw-editsection",
        "toc",
        "navbox",
        "noprint",
        "mw-jump-link",
        "reference",
        "mw-cite-backlink",
    )
)
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "blockquote",
        "pre",
        "table",
        "tr",
        "td",
        "th",
        "caption",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "details",
        "summary",
        "address",
        "body",
        "fieldset",
        "legend",
        "center",
        "hr",
        "tbody",
        "thead",
        "tfoot",
        "hgroup",
    )
)
_BOLD = frozenset(("b", "strong", "dt", "th"))


def read_html(text: str, limits: Limits) -> BlockStream:
    """Return the blocks of an HTML page; line numbers are those of the source.

    Raises:
        OutlineError: the page is nested too deeply, holds no text, or has more blocks than `limits` allow.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise OutlineError("The HTML page cannot be read: it holds no text.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise OutlineError(
            "The HTML page is nested too deeply to be a document: more than 2,000 elements inside each other."
        )
    if root is None:
        raise OutlineError("The HTML page holds no text.")
    return _HtmlReader(BlockBuilder(limits)).read(root)


class _HtmlReader:
    def __init__(self, builder: BlockBuilder) -> None:
        self.builder = builder
        self.title = ""

    def read(self, root: Any) -> BlockStream:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                if tag not in _DROPPED and not _is_dropped(element):
                    self._end(tag)
                self.builder.text(_collapse(element.tail), element.sourceline)
                continue
            if tag == "title" and not self.title:
                self.title = " ".join("".join(element.itertext()).split())
            if tag == "head":
                self.title = self.title or " ".join((element.findtext("title") or "").split())
            if tag in _DROPPED or _is_dropped(element):
                walk.skip_subtree()
            else:
                self._start(tag, element)
                self.builder.text(_collapse(element.text), element.sourceline)
        return self.builder.stream(self.title)

    def _start(self, tag: str, element: Any) -> None:
        builder = self.builder
        if tag in _HEADINGS:
            builder.open_heading(_HEADINGS[tag], element.sourceline)
        elif tag in ("ul", "ol", "menu", "dir"):
            ordered = tag == "ol"
            start = _whole_number(element.get("start"))
            step = -1 if element.get("reversed") is not None else 1
            if start is None:
                start = sum(1 for child in element if child.tag == "li") if step < 0 else 1
            builder.open_list(ordered=ordered, start=start, step=step)
        elif tag == "li":
            builder.open_item(element.sourceline, _whole_number(element.get("value")))
        elif tag == "br":
            builder.line_break()
        elif tag in _BLOCKS:
            builder.flush()
        if tag == "table":
            builder.table(True)
        if tag in _BOLD:
            builder.bold(True)

    def _end(self, tag: str) -> None:
        builder = self.builder
        if tag in _BOLD:
            builder.bold(False)
        if tag == "table":
            builder.table(False)
        elif tag in _HEADINGS or tag in _BLOCKS:
            builder.flush()
        elif tag in ("ul", "ol", "menu", "dir"):
            builder.close_list()
        elif tag == "li":
            builder.close_item()


def _collapse(text: str | None) -> str:
    # A line end in HTML is a space; only <br> breaks a line.
    return text.replace("\n", " ").replace("\r", " ") if text else ""


def _is_dropped(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("role") == "navigation" or element.get("id") == "toc":
        return True
    classes = element.get("class")
    return classes is not None and not _DROPPED_CLASSES.isdisjoint(classes.split())


def _whole_number(value: str | None) -> int | None:
    try:
        return int(value) if value is not None and len(value) < 10 else None
    except ValueError:
        return None
