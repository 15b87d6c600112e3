"""The one stream of blocks that every format is read into, and the builder that makes it.

A document of any format becomes a flat sequence of headings, paragraphs, list items and continuations of list items.
One
interpreter (`harken.core.outline.interpret`) makes an outline of that sequence, so that no format has rules of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from harken.core.outline.lexicon import starts_alternative
from harken.core.outline.limits import Limits

__all__ = ["Block", "BlockBuilder", "BlockStream", "Kind", "clean_line"]


class Kind(Enum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CONTINUATION = "continuation"


@dataclass(frozen=True, slots=True)
class Block:
    r"""One block. `text` is clean; its lines (forced breaks) are separated by `\\n`.

    `level` is 1 to 6 for a heading (0 where the format does not say) and the depth from 1 for items and continuations;
    `number` is an item's number on the page; `lead` is how many characters at the start are set in bold;
    `in_table` says that it stands in a cell of a table; `tight` says that no blank line stands before the block (only
    plain text knows).
    """

    kind: Kind
    text: str
    line: int | None = None
    level: int = 0
    number: int | None = None
    lead: int = 0
    tight: bool = False
    in_table: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the block belongs to a list."""
        return self.kind in (Kind.ITEM, Kind.CONTINUATION)


@dataclass(frozen=True, slots=True)
class BlockStream:
    """A document as blocks. `title` comes from outside the text (metadata, `<title>`), `warnings` are for people."""

    blocks: tuple[Block, ...]
    title: str = ""
    warnings: tuple[str, ...] = ()


# Spaces of every kind but line ends; zero-width space, word joiner and byte order mark count as nothing. The zero-width
# joiners stay: Hindi and Persian words need them.
_SPACES = re.compile(r"[^\S\n]+")
_NOTHING = re.compile("[\u200b\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_EDGE_MARKS = " \t\r\f\v\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_EDGES = re.compile(f"^[{_EDGE_MARKS}]+|[{_EDGE_MARKS}]+$")
# What stands for a line end that the author may not have meant; it is kept only before "Or:" and its like.
_SOFT_BREAK = "\x1f"


def clean_line(text: str) -> str:
    """Return one line without doubled or odd spaces, invisible characters, and direction marks at its ends."""
    return _EDGES.sub("", _SPACES.sub(" ", _NOTHING.sub("", text)))


@dataclass(slots=True)
class _List:
    ordered: bool
    next_number: int
    step: int = 1


@dataclass(slots=True)
class _Item:
    number: int | None
    fresh: bool = True


@dataclass(slots=True)
class BlockBuilder:
    """Collects text between the borders of blocks; every reader of a marked-up format drives one.

    Text may come in any number of pieces; `flush` ends the current block. An item's first block is the item, whatever
    follows
    before the next item continues it.
    """

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    _parts: list[tuple[str, bool]] = field(default_factory=list)
    _line: int | None = None
    _heading: int = 0
    _bold: int = 0
    _tables: int = 0
    _lists: list[_List] = field(default_factory=list)
    _items: list[_Item] = field(default_factory=list)
    _headings: int = 0

    def text(self, text: str, line: int | None = None) -> None:
        """Add running text to the current block."""
        if self._line is None and line is not None and text.strip():
            self._line = line
        self._parts.append((text, self._bold > 0))

    def line_break(self) -> None:
        """Add a forced line break."""
        self._parts.append(("\n", self._bold > 0))

    def soft_break(self) -> None:
        """Add a line end of the source, which counts as a space unless an alternative title follows."""
        self._parts.append((_SOFT_BREAK, self._bold > 0))

    def bold(self, on: bool) -> None:
        """Enter or leave bold text."""
        self._bold = self._bold + 1 if on else max(0, self._bold - 1)

    def table(self, on: bool) -> None:
        """Enter or leave a table."""
        self.flush()
        self._tables = self._tables + 1 if on else max(0, self._tables - 1)

    def open_heading(self, level: int, line: int | None = None) -> None:
        """Start a heading of level 1 to 6; `flush` ends it."""
        self.flush()
        self._heading = level
        self._line = line
        self._headings += 1
        self.limits.check_headings(self._headings, line)

    def open_list(self, *, ordered: bool, start: int = 1, step: int = 1) -> None:
        """Start a list; its first item has the number `start` if it is ordered."""
        self.flush()
        self._lists.append(_List(ordered, start, step))

    def close_list(self) -> None:
        """End the innermost list."""
        self.flush()
        if self._lists:
            self._lists.pop()

    def open_item(self, line: int | None = None, value: int | None = None) -> None:
        """Start an item of the innermost list (of a bullet list if none is open); `value` overrides its number."""
        self.flush()
        if not self._lists:
            self._lists.append(_List(ordered=False, next_number=1))
        current = self._lists[-1]
        number = current.next_number if value is None else value
        current.next_number = number + current.step
        self._items.append(_Item(number if current.ordered else None))
        self._line = line

    def close_item(self) -> None:
        """End the innermost item."""
        self.flush()
        if self._items:
            self._items.pop()

    def flush(self) -> None:
        """End the current block, if any text has come."""
        text, lead = self._take_text()
        line, level = self._line, self._heading
        self._line, self._heading = None, 0
        if not text:
            return
        self.limits.check_blocks(len(self.blocks) + 1)
        if level:
            self.blocks.append(Block(Kind.HEADING, text.replace("\n", " "), line, level))
        elif not self._items:
            self.blocks.append(Block(Kind.PARAGRAPH, text, line, lead=lead, in_table=self._tables > 0))
        elif self._items[-1].fresh:
            item = self._items[-1]
            item.fresh = False
            self.blocks.append(Block(Kind.ITEM, text, line, max(1, len(self._lists)), item.number, lead))
        else:
            self.blocks.append(Block(Kind.CONTINUATION, text, line, max(1, len(self._lists)), lead=lead))

    def stream(self, title: str = "", warnings: tuple[str, ...] = ()) -> BlockStream:
        """Return everything collected."""
        self.flush()
        return BlockStream(tuple(self.blocks), clean_line(title.replace("\n", " ")), warnings)

    def _take_text(self) -> tuple[str, int]:
        if not self._parts:
            return "", 0
        parts, self._parts = self._parts, []
        whole = "".join(part for part, _ in parts)
        lines = [line for line in map(clean_line, _split_breaks(whole)) if line]
        text = "\n".join(lines)
        return text, self._bold_lead(parts, text)

    @staticmethod
    def _bold_lead(parts: list[tuple[str, bool]], text: str) -> int:
        bold = []
        for part, is_bold in parts:
            if not is_bold and part.strip():
                break
            bold.append(part)
        lead = clean_line(" ".join("".join(bold).split()))
        if not lead:
            return 0
        # The bold words end at the same place in the cleaned text, whatever white space was dropped between them.
        return len(lead) if text.replace("\n", " ").startswith(lead) else 0


def _split_breaks(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if _SOFT_BREAK not in line:
            yield line
            continue
        pieces = line.split(_SOFT_BREAK)
        current = [pieces[0]]
        for piece in pieces[1:]:
            if starts_alternative(clean_line(piece)):
                yield " ".join(current)
                current = [piece]
            else:
                current.append(piece)
        yield " ".join(current)
