"""Plain text as people paste it from a page: lines, numbers, bullets and indentation, and nothing else to go by.

The reader only finds list items and joins lines that were wrapped. Which of the other lines are headings is for the
interpreter
to infer, because that takes the whole document.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from harken.core.outline.blocks import Block, BlockStream, Kind, clean_line
from harken.core.outline.lexicon import starts_alternative, strip_edit_links
from harken.core.outline.limits import Limits
from harken.core.outline.typed_lists import ItemMark, read_item_mark

__all__ = ["read_text"]

_DIRECTION_MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b"
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,}|~{3,}|_{3,}|\*{3,}|—{3,})$")
_SENTENCE_END = re.compile(r"[.!?:;…。！？؟؛।]['\"”’»)\]]*$")


@dataclass(slots=True)
class _Line:
    number: int
    indent: int
    text: str
    width: int
    mark: str = ""
    value: int | None = None
    depth: int = 0


@dataclass(slots=True)
class _Level:
    indent: int
    mark: str
    value: int | None


@dataclass(slots=True)
class _TextReader:
    limits: Limits
    lines: list[_Line]
    wrap_width: int | None
    blocks: list[Block] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)

    def read(self) -> list[Block]:
        lines = self.lines
        index, blank = 0, True
        while index < len(lines):
            line = lines[index]
            if not line.text and not line.mark:
                blank, index = True, index + 1
            elif line.mark:
                index = self._read_item(index)
                blank = False
            else:
                index = self._read_words(index, tight=not blank)
                blank = False
            self.limits.check_blocks(len(self.blocks))
        return self.blocks

    def _read_item(self, index: int) -> int:
        line = self.lines[index]
        depth = self._find_depth(line)
        text, end, last = [line.text], index + 1, line
        if not line.text:
            while end < len(self.lines) and not self.lines[end].text and not self.lines[end].mark:
                end += 1
            if end < len(self.lines) and not self.lines[end].mark:
                text, last, end = [self.lines[end].text], self.lines[end], end + 1
        while end < len(self.lines) and self.lines[end].text and not self.lines[end].mark:
            following = self.lines[end]
            joined = self._is_wrapped(last, following)
            alternative = starts_alternative(following.text)
            if not alternative and following.indent <= line.indent and (not joined or self._heads_list(end, following)):
                break
            if joined and not alternative:
                text[-1] = f"{text[-1]} {following.text}"
            else:
                text.append(following.text)
            last, end = following, end + 1
        whole = "\n".join(part for part in text if part)
        if whole:
            self.blocks.append(Block(Kind.ITEM, whole, line.number, depth, line.value))
        return end

    def _read_words(self, index: int, *, tight: bool) -> int:
        first = last = self.lines[index]
        text, end = first.text, index + 1
        continues = bool(self.levels) and not tight and first.indent >= self.levels[-1].indent + 2
        if end < len(self.lines) and self._is_underline(first, self.lines[end]):
            self.levels.clear()
            self.blocks.append(Block(Kind.HEADING, text, first.number, 0))
            return end + 1
        while end < len(self.lines) and self.lines[end].text and not self.lines[end].mark:
            following = self.lines[end]
            if not self._is_wrapped(last, following) or starts_alternative(following.text):
                break
            text, last, end = f"{text} {following.text}", following, end + 1
        if continues:
            self.blocks.append(Block(Kind.CONTINUATION, text, first.number, len(self.levels)))
        else:
            if not starts_alternative(text):
                self.levels.clear()
            self.blocks.append(Block(Kind.PARAGRAPH, text, first.number, tight=tight))
        return end

    @staticmethod
    def _is_underline(line: _Line, following: _Line) -> bool:
        return bool(_UNDERLINE.match(following.text)) and len(following.text) >= min(3, len(line.text))

    def _heads_list(self, index: int, line: _Line) -> bool:
        """Whether a line after an item is a heading although it might be wrapped: a list starts right behind it."""
        if index + 1 >= len(self.lines) or line.text[:1].islower() or len(line.text) > 80:
            return False
        following = self.lines[index + 1]
        return bool(following.mark) and following.value in (1, None)

    def _is_wrapped(self, line: _Line, following: _Line) -> bool:
        """Whether `following` goes on with the sentence of `line` because the line was full."""
        if _SENTENCE_END.search(line.text) is None and following.text[:1].islower():
            return not starts_alternative(following.text)
        if self.wrap_width is None:
            return False
        first_word = following.text.split(None, 1)[0]
        return line.width + 1 + len(first_word) > self.wrap_width

    def _find_depth(self, line: _Line) -> int:
        if line.depth:
            self.levels = [*self.levels[: line.depth - 1], _Level(line.indent, line.mark, line.value)]
            return line.depth
        levels = self.levels
        for place in range(len(levels) - 1, -1, -1):
            level = levels[place]
            follows = line.value is not None and level.value is not None and line.value == level.value + 1
            if level.mark == line.mark and (abs(line.indent - level.indent) <= 1 or (follows and line.value != 1)):
                del levels[place + 1 :]
                level.value = line.value
                return place + 1
        while levels and levels[-1].indent > line.indent + 1:
            levels.pop()
        if len(levels) < 9:
            levels.append(_Level(line.indent, line.mark, line.value))
        return len(levels)


def read_text(text: str, limits: Limits) -> BlockStream:
    """Return the blocks of pasted plain text; line numbers count from 1.

    Raises:
        OutlineError: the text has more blocks than `limits` allow.
    """
    lines = _split_lines(text)
    return BlockStream(tuple(_TextReader(limits, lines, _find_wrap_width(lines)).read()))


def _split_lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    previous: _Line | None = None
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]", text), start=1):
        bare = raw.strip(_DIRECTION_MARKS)
        expanded = bare.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip())
        content = strip_edit_links(clean_line(bare))
        line = _Line(number, indent, content, len(expanded.rstrip()))
        if content:
            _read_mark(line, bare.lstrip().lstrip(_DIRECTION_MARKS), previous)
            if line.mark:
                previous = line
        lines.append(line)
    shared = min((line.indent for line in lines if line.text or line.mark), default=0)
    for line in lines:
        line.indent -= shared
    return lines


def _read_mark(line: _Line, bare: str, previous: _Line | None) -> None:
    last = (
        None if previous is None or not previous.mark else ItemMark(previous.mark, previous.value, "", previous.depth)
    )
    mark = read_item_mark(bare, last)
    if mark is not None:
        line.mark, line.value, line.depth = mark.kind, mark.number, mark.depth
        line.text = clean_line(mark.rest)


def _find_wrap_width(lines: list[_Line]) -> int | None:
    """Return the width at which a text was wrapped by hand or by a mail program, or None if its lines are whole.

    A wrapped text shows lines that start in the middle of a sentence. Scripts without lower case show it by line ends
    that are all
    forced: the next word would not have fitted.
    """
    longest = max((line.width for line in lines), default=0)
    if not 40 <= longest <= 140:
        return None
    inside = forced = breaks = 0
    for line, following in pairwise(lines):
        if not line.text or not following.text or following.mark:
            continue
        breaks += 1
        inside += following.text[:1].islower() and _SENTENCE_END.search(line.text) is None
        forced += line.width + 1 + len(following.text.split(None, 1)[0]) > longest
    if inside >= 2 or (forced >= 3 and forced >= 0.8 * breaks):
        return longest
    return None
