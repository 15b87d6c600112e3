"""A rendered page as one list of nodes in the order of the page.

lxml reads the HTML and tells what it meets; its own tree is not built, because that may be at most 2,000 elements deep
and hostile or merely long talk is deeper. What the reader needs to know of the ancestors of a node is kept on the node,
so that nothing ever climbs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from harken.core.talk.model import TalkError

__all__ = ["Node", "parse_html"]

BLOCKS = frozenset(
    (
        "div", "p", "table", "tbody", "thead", "tfoot", "caption", "th", "tr", "td", "ul", "ol", "li", "dl",
        "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "article", "aside", "body", "nav", "section",
        "footer", "header", "figure", "figcaption", "fieldset", "details", "blockquote", "hr", "button",
        "canvas", "center", "col", "colgroup", "embed", "map", "object", "pre", "progress", "video",
    )
)  # fmt: skip
# Elements that hold no elements: they are content by being there, what text stands in them is not read.
LEAVES = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
        "wbr", "script", "style", "textarea", "title", "math", "svg", "noscript", "audio", "canvas", "iframe",
        "object", "video",
    )
)  # fmt: skip
_VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
        "wbr",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_QUOTES = frozenset(("blockquote", "q", "cite"))
_LEFT_OUT_CLASSES = frozenset(
    (
        "mw-editsection", "ext-discussiontools-init-replylink-buttons", "ext-discussiontools-init-section-bar",
        "ext-discussiontools-init-section-subscribe", "mw-headline-number", "toc", "mw-cite-backlink",
    )
)  # fmt: skip
_LONGEST_PAGE = 50_000_000
_DEEPEST = 200_000
_CHUNK = 16_384
_MOST_SEARCHED = 300_000_000
_NO_ATTRIBUTES: Mapping[str, str] = {}


@dataclass(slots=True, eq=False)
class Node:
    """An element, or text (`tag` is empty).

    `index` is its place in the list, `end` the place behind the last node inside it. `indent` counts the list items it
    is in, `segment` changes wherever a block begins or ends.
    `heading` is the heading it is in or is (-1: none); `silent`: no signature is looked for here (quotes, notes).
    """

    tag: str
    text: str
    attributes: Mapping[str, str]
    parent: "Node | None"
    index: int
    end: int
    indent: int
    segment: int
    heading: int
    silent: bool

    @property
    def classes(self) -> list[str]:
        """The words of its `class`."""
        return self.attributes.get("class", "").split()


def parse_html(text: str) -> tuple[list[Node], str]:
    """Return the nodes of a page or of a part of one, and the language it says it is in.

    Raises:
        TalkError: the page is larger or nested more deeply than any page is.
    """
    if len(text) > _LONGEST_PAGE:
        raise TalkError("The page is larger than 50 million characters; save it in parts.")
    target = _Target()
    # The stubs ask for more than lxml does.
    taker: Any = target
    parser = etree.HTMLParser(target=taker, encoding="utf-8", huge_tree=True)
    data = text.encode("utf-8", "replace")
    if not data.strip():
        return [], ""
    searched = 0
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        ended = target.ended
        parser.feed(chunk)
        # For an end tag without its beginning lxml searches all open elements.
        searched += len(target.open) * max(0, chunk.count(b"</") - (target.ended - ended))
        if searched > _MOST_SEARCHED:
            raise TalkError("The page's markup is nested too deeply and closed too often to be a page.")
    parser.close()
    return target.nodes, target.language


class _Target:
    """Takes what lxml meets and makes the list of it."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.language = ""
        # None stands for an element that is passed through: its text belongs to what is around it.
        self.open: list[Node | None] = []
        self.inner: Node | None = None
        self.left_out = 0
        self.ended = 0
        self.segment = 0
        self.words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.left_out:
            self.left_out += tag not in _VOID
            return
        if attributes and (tag == "body" or "content" in attributes or tag == "html"):
            self._note_language(tag, attributes)
        if tag == "head" or (attributes and _is_left_out(attributes)):
            if tag not in _VOID:
                self.left_out = 1
            return
        if attributes and attributes.get("typeof") == "mw:Entity":
            self.open.append(None)
            return
        self._flush()
        if len(self.open) > _DEEPEST:
            raise TalkError("The page is nested more deeply than any page is: more than 200,000 elements.")
        if tag in BLOCKS:
            self.segment += 1
        node = self._add(tag, "", dict(attributes) if attributes else _NO_ATTRIBUTES)
        self.open.append(node)
        self.inner = node

    def end(self, tag: str) -> None:
        self.ended += 1
        if self.left_out:
            self.left_out -= tag not in _VOID
            return
        if not self.open or (tag in _VOID and (self.open[-1] is None or self.open[-1].tag != tag)):
            return
        if self.open[-1] is None:
            self.open.pop()
            return
        if tag == "head":
            return
        self._flush()
        node = self.open.pop()
        if node is not None:
            node.end = len(self.nodes)
            if node.tag in BLOCKS:
                self.segment += 1
            self.inner = node.parent

    def data(self, data: str | bytes) -> None:
        if not self.left_out:
            self.words.append(str(data))

    def comment(self, text: str | bytes) -> None:
        """Comments are no part of what was said."""

    def close(self) -> None:
        self._flush()
        while self.open:
            node = self.open.pop()
            if node is not None:
                node.end = len(self.nodes)

    def _flush(self) -> None:
        if not self.words:
            return
        words = "".join(self.words)
        self.words = []
        if self.inner is None or self.inner.tag not in LEAVES:
            self._add("", words, _NO_ATTRIBUTES)

    def _add(self, tag: str, text: str, attributes: Mapping[str, str]) -> Node:
        index, parent = len(self.nodes), self.inner
        indent, heading, silent = 0, -1, False
        if parent is not None:
            indent, heading, silent = parent.indent, parent.heading, parent.silent
        if tag in ("li", "dd"):
            indent += 1
        elif tag in _HEADINGS:
            heading = index
        elif tag in _QUOTES or (attributes and _is_silent(tag, attributes)):
            silent = True
        node = Node(tag, text, attributes, parent, index, index + 1, indent, self.segment, heading, silent)
        self.nodes.append(node)
        return node

    def _note_language(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in ("body", "html") and attributes.get("lang"):
            self.language = attributes["lang"]
        elif attributes.get("http-equiv", "").lower() == "content-language" and not self.language:
            self.language = attributes.get("content", "")


def _is_left_out(attributes: Mapping[str, str]) -> bool:
    if "data-mw-comment-start" in attributes or "data-mw-comment-end" in attributes or attributes.get("id") == "toc":
        return True
    classes = attributes.get("class")
    return classes is not None and not _LEFT_OUT_CLASSES.isdisjoint(classes.split())


def _is_silent(tag: str, attributes: Mapping[str, str]) -> bool:
    classes = attributes.get("class")
    if classes is None:
        return False
    words = classes.split()
    return "mw-notalk" in words or (tag == "ol" and "references" in words)
