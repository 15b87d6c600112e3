"""A document's text cut into passages, and put together again without loss.

The text is the CommonMark subset that people write in: headings, paragraphs, list items, quotes, fenced code and rules.
Markup inside a passage (emphasis, links) stays in its text. https://spec.commonmark.org/0.31.2/
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

__all__ = ["Passage", "join", "normalise", "segment"]

Kind = Literal["heading", "paragraph", "item", "quote", "code", "rule"]

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])(?:[ \t]+|$)")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
# What may begin a list right after a line of a paragraph: "2019. " there is a year, not an item.
_FIRST_ITEM = re.compile(r" {0,3}(?:[-*+•]|1[.)])[ \t]+\S")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest addressable piece of a document.

    `text` is what it says, over one or several lines; `marker` what the line begins with to make it a heading, an item
    or a quote, such as "## ", "- " or "> " (before every line of a quote). `level` is 1 to 6 for headings,
    the depth from 0 for items, the depth from 1 for quotes, else 0. `blank_before` counts the empty lines before.
    """

    kind: Kind
    text: str
    marker: str = ""
    level: int = 0
    blank_before: int = 1

    @property
    def source(self) -> str:
        """The lines of the passage as they stand in the document."""
        if self.kind == "quote":
            return "\n".join(self.marker + line for line in self.text.split("\n"))
        return self.marker + self.text


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with line feeds ending lines, blank lines emptied, and none at either end.

    This is all that segmenting changes: `join(segment(text)) == normalise(text)`.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line if line.strip() else "" for line in lines).strip("\n")


def join(passages: Iterable[Passage]) -> str:
    """Return the document that `passages` make, in order."""
    parts: list[str] = []
    for passage in passages:
        if parts:
            parts.append("\n" * (passage.blank_before + 1))
        parts.append(passage.source)
    return "".join(parts)


def segment(text: str) -> list[Passage]:
    """Return the passages of `text`, in order; `blank_before` of the first is 0.

    A heading is one passage (underlined headings too), as is each list item with the lines that continue it, each
    run of quoted lines of one depth, each fenced block, and each other run of lines without an empty one. Linear in
    the length.
    """
    passages: list[Passage] = []
    blanks = 0
    for block in _split_blocks(normalise(text).split("\n")):
        if not block[0]:
            blanks += len(block)
            continue
        passages.append(_read_block(block, blanks if passages else 0))
        blanks = 0
    return _set_item_levels(passages)


def _split_blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines of each passage, and runs of empty lines."""
    block: list[str] = []
    fence = ""
    for line in lines:
        if fence:
            block.append(line)
            closing = _FENCE.match(line)
            if closing and closing.group(1).startswith(fence) and not line[closing.end() :].strip():
                yield block
                block, fence = [], ""
            continue
        opening = _FENCE.match(line)
        if block and (opening or _starts_passage(block, line)):
            yield block
            block = []
        block.append(line)
        if opening:
            fence = opening.group(1)
    if block:
        yield block


def _starts_passage(block: list[str], line: str) -> bool:
    """Return whether `line` begins a new passage after the lines of `block`."""
    first = block[0]
    if not line or not first:
        return bool(line) or bool(first)
    if _FENCE.match(first) or _HEADING.match(first) or _is_rule(first):
        return True
    quote, quote_before = _quote_marker(line), _quote_marker(first)
    if quote or quote_before:
        return quote != quote_before
    if _UNDERLINE.match(line) and not _ITEM.match(first) and not _is_underlined(block):
        return False
    item = _ITEM if _ITEM.match(first) else _FIRST_ITEM
    return bool(_is_underlined(block) or _HEADING.match(line) or _is_rule(line) or item.match(line))


def _is_rule(line: str) -> bool:
    return _RULE.match(line) is not None


def _is_underlined(block: list[str]) -> bool:
    return len(block) > 1 and not _ITEM.match(block[0]) and _UNDERLINE.match(block[-1]) is not None


def _quote_marker(line: str) -> str:
    """Return the run of quote signs at the beginning of `line`."""
    end = 0
    while match := _QUOTE.match(line, end):
        end = match.end()
    return line[:end]


def _read_block(lines: list[str], blank_before: int) -> Passage:
    first = lines[0]
    text = "\n".join(lines)
    if _FENCE.match(first):
        return Passage("code", text, "", 0, blank_before)
    if match := _HEADING.match(first):
        return Passage("heading", text[match.end() :], match.group(), len(match.group(1)), blank_before)
    if marker := _quote_marker(first):
        quoted = "\n".join(line[len(marker) :] for line in lines)
        return Passage("quote", quoted, marker, marker.count(">"), blank_before)
    if _is_underlined(lines):
        return Passage("heading", text, "", 1 if "=" in lines[-1] else 2, blank_before)
    if _is_rule(first):
        return Passage("rule", text, "", 0, blank_before)
    if match := _ITEM.match(first):
        return Passage("item", text[match.end() :], match.group(), 0, blank_before)
    return Passage("paragraph", text, "", 0, blank_before)


def _indentation(marker: str) -> int:
    """Return the width in columns of the white space before `marker`, tabs at multiples of four."""
    indent = _INDENT.match(marker)
    return len(indent.group().expandtabs(4)) if indent else 0


def _set_item_levels(passages: list[Passage]) -> list[Passage]:
    """Return `passages` with items given their depth: one more than the nearest item before that is indented less."""
    result: list[Passage] = []
    for is_item, run in groupby(passages, key=lambda passage: passage.kind == "item"):
        if not is_item:
            result.extend(run)
            continue
        indents: list[int] = []
        for passage in run:
            indent = _indentation(passage.marker)
            while indents and indents[-1] >= indent:
                indents.pop()
            result.append(Passage("item", passage.text, passage.marker, len(indents), passage.blank_before))
            indents.append(indent)
    return result
