"""Markdown by markdown-it: CommonMark with tables, front matter and the heading attributes that converters write."""

import re
from typing import TYPE_CHECKING

from harken.core.outline.blocks import BlockBuilder, BlockStream
from harken.core.outline.limits import Limits

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FRONT_TITLE = re.compile(r"^title\s*:\s*[\"']?(?P<title>.*?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_HEADING_LINE = re.compile(r"^ {0,3}#{1,6}(?:\s|$)", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_MARKS = re.compile(r"[\\`*_\[\]<>&!~\n]")
# The inline parser takes quadratic time for brackets and stars without partners; no paragraph of an outline has so
# many.
_MOST_MARKS = 400
_MOST_BRACKETS = 60
_MARK_OF_RULE = {"table": "|", "html_block": "<", "reference": "]:", "blockquote": ">"}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def read_markdown(text: str, limits: Limits) -> BlockStream:
    """Return the blocks of a Markdown document; line numbers are those of the source.

    Raises:
        OutlineError: the document has more blocks than `limits` allow.
    """
    # 4 MB, loaded where such a document is read.
    from markdown_it import MarkdownIt  # noqa: PLC0415 - see above

    title, offset = "", 0
    front = _FRONT_MATTER.match(text)
    if front is not None:
        named = _FRONT_TITLE.search(front["body"])
        title = named["title"] if named is not None else ""
        offset = text.count("\n", 0, front.end())
        text = text[front.end() :]
    for count, heading in enumerate(_HEADING_LINE.finditer(text), start=1):
        if count > limits.headings:
            limits.check_headings(count, offset + text.count("\n", 0, heading.start()) + 1)
    limits.check_blocks(text.count("\n\n"))
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    # Every rule is tried at every line; those whose mark stands nowhere in the text cost a third of the time.
    parser.disable([rule for rule, mark in _MARK_OF_RULE.items() if mark not in text])
    reader = _MarkdownReader(parser, BlockBuilder(limits), offset)
    for token in parser.parse(text):
        reader.read(token)
    return reader.builder.stream(title)


class _MarkdownReader:
    def __init__(self, parser: "MarkdownIt", builder: BlockBuilder, offset: int) -> None:
        self.parser = parser
        self.builder = builder
        self.offset = offset

    def read(self, token: "Token") -> None:
        builder = self.builder
        line = token.map[0] + 1 + self.offset if token.map else None
        kind = token.type
        if kind == "heading_open":
            builder.open_heading(int(token.tag[1:]), line)
        elif kind in ("ordered_list_open", "bullet_list_open"):
            builder.open_list(ordered=kind.startswith("ordered"), start=int(token.attrs.get("start", 1)))
        elif kind in ("ordered_list_close", "bullet_list_close"):
            builder.close_list()
        elif kind == "list_item_open":
            builder.open_item(line)
        elif kind == "list_item_close":
            builder.close_item()
        elif kind in ("table_open", "table_close"):
            builder.table(kind == "table_open")
        elif kind == "inline":
            self._read_inline(token, line)
        elif kind in ("code_block", "fence"):
            for place, content in enumerate(token.content.splitlines()):
                builder.flush()
                builder.text(content, None if line is None else line + place)
            builder.flush()
        elif kind == "html_block":
            builder.flush()
            builder.text(_TAG.sub(" ", _COMMENT.sub(" ", token.content)).replace("\n", " "), line)
            builder.flush()
        else:
            builder.flush()

    def _read_inline(self, token: "Token", line: int | None) -> None:
        builder = self.builder
        content = _ATTRIBUTES.sub("", token.content)
        marks = len(_MARKS.findall(content))
        if not marks:
            builder.text(content, line)
        elif marks - content.count("\n") > _MOST_MARKS or content.count("[") > _MOST_BRACKETS:
            builder.text(content.replace("\n", " "), line)
        else:
            children: list[Token] = []
            self.parser.inline.parse(content, self.parser, {}, children)
            builder.text("", line)
            for child in children:
                self._read_child(child, line)

    def _read_child(self, child: "Token", line: int | None) -> None:
        builder = self.builder
        if child.type in ("text", "code_inline", "text_special"):
            builder.text(child.content, line)
        elif child.type == "softbreak":
            builder.soft_break()
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and re.match(r"<br\b", child.content, re.IGNORECASE)
        ):
            builder.line_break()
        elif child.type == "strong_open":
            builder.bold(True)
        elif child.type == "strong_close":
            builder.bold(False)
        elif child.type == "image":
            builder.text(child.content, line)
