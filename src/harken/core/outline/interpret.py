"""From blocks to an outline: the one interpreter behind all readers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from harken.core.outline.blocks import Block, BlockStream, Kind
from harken.core.outline.codes import assign_codes, group_key
from harken.core.outline.findings import Passage, find_announcements, find_languages, find_windows
from harken.core.outline.iterations import read_iteration_heading
from harken.core.outline.language_names import language_code
from harken.core.outline.lexicon import is_note, is_question, strip_alternative
from harken.core.outline.limits import Limits
from harken.core.outline.model import (
    EmptyGroup,
    Language,
    Outline,
    OutlineGroup,
    OutlineIteration,
    ProseBlock,
    Recommendation,
    Unplaced,
)
from harken.core.outline.numbered_headings import read_numbered_headings
from harken.core.outline.roles import Role, mark_roles, read_listed_groups
from harken.core.outline.titles import split_title
from harken.core.outline.typed_lists import read_typed_lists

__all__ = ["interpret_blocks"]

# "Title A. Or: Title B" on one line; only a capital and a colon make it certain.
_ALTERNATIVE_INSIDE = re.compile(r"[\s(]+(?=(?:Or|Oder|O|O bien|Ou|Ou bien|Alternatively|Alternativ)\s?: \S)")
_NOTHING_FOUND = "No group with recommendations was found: no list stands below a heading that could be a group's name."
_NO_GROUP = "it stands in a list that no group's name stands above"


@dataclass(slots=True)
class _Item:
    number: int | None
    lines: list[str]
    lead: int
    heading: str
    line: int | None
    alternatives: list[str] = field(default_factory=list)

    def add_line(self, line: str) -> None:
        alternative = strip_alternative(line)
        if alternative is None:
            self.lines.append(line)
        else:
            self.alternatives.append(alternative)


@dataclass(slots=True)
class _Group:
    name: str
    line: int | None
    notes: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)


@dataclass(slots=True)
class _Iteration:
    title: str
    date: str
    line: int | None
    groups: dict[str, _Group] = field(default_factory=dict)


@dataclass(slots=True)
class _Interpreter:
    blocks: Sequence[Block]
    roles: Sequence[Role]
    name: str
    iterations: list[_Iteration] = field(default_factory=list)
    iteration: _Iteration | None = None
    group: _Group | None = None
    heading: str = ""
    section: str = ""
    feedback: bool = False
    described: bool = False
    title: str = ""
    guidance: list[str] = field(default_factory=list)
    listed_languages: list[Language] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    prose: list[ProseBlock] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    last_number: int | None = None
    expected: int | None = None
    seen: set[int] = field(default_factory=set)

    def run(self) -> None:
        place = 0
        while place < len(self.blocks):
            if self.roles[place] is Role.LIST:
                end = place
                while end < len(self.blocks) and self.roles[end] is Role.LIST:
                    end += 1
                self._read_list(place, end)
                place = end
            else:
                self._read_line(place)
                place += 1
        self._keep_bare_section()

    # --- lines outside lists ---

    def _read_line(self, place: int) -> None:
        block, role = self.blocks[place], self.roles[place]
        if role is Role.ITERATION:
            self._open_iteration(place)
        elif role is Role.GROUP:
            self._open_group(block)
        elif role is Role.SUBHEADING and self.group is not None:
            self.heading = block.text
            self.group.headings.append(block.text)
            self._expect_new_list()
        elif role is Role.TITLE:
            self.title = block.text
        elif role in (Role.SECTION, Role.FEEDBACK):
            self._keep_bare_section()
            self.group, self.heading = None, ""
            self.section, self.feedback = block.text, role is Role.FEEDBACK
        elif role is Role.LABEL and self.group is not None:
            self._keep_prose(place)
        else:
            self._read_paragraph(place)

    def _open_iteration(self, place: int) -> None:
        self._keep_bare_section()
        block = self.blocks[place]
        heading = read_iteration_heading(block.text)
        title, date = (heading.title, heading.date) if heading is not None else (block.text, "")
        self.iteration = _Iteration(title, date, block.line)
        self.iterations.append(self.iteration)
        self.group, self.heading, self.section, self.feedback = None, "", "", False
        self.last_number = None
        self.passages.append(Passage(place, block.text, len(self.iterations) - 1, is_heading=True))

    def _open_group(self, block: Block) -> None:
        self._keep_bare_section()
        self.section, self.feedback, self.heading = "", False, ""
        if self.iteration is None:
            self.iteration = _Iteration("", "", None)
            self.iterations.append(self.iteration)
        name = block.text.rstrip(" :：") or block.text
        key = group_key(name)
        known = self.iteration.groups.get(key)
        if known is not None:
            where = f" on line {block.line}" if block.line is not None else ""
            self.warnings.append(
                f"The group {name} stands twice in one iteration; the part{where} was added to the first."
            )
        self.group = self.iteration.groups.setdefault(key, _Group(name, block.line))
        self._expect_new_list()

    def _read_paragraph(self, place: int) -> None:
        block, group = self.blocks[place], self.group
        alternative = strip_alternative(block.text)
        if alternative is not None:
            self._add_alternative(block, alternative)
        elif group is None:
            if self.feedback and is_question(block.text) and len(block.text) <= 400:
                self.guidance.append(_one_line(block.text))
            else:
                self._keep_prose(place)
        elif not group.items or is_note(block.text) or block.text.startswith("*"):
            self._add_note(place)
        elif self._describes_item(place, group):
            self.described = True
            for line in block.text.split("\n"):
                group.items[-1].add_line(line)
        else:
            self._keep_prose(place)

    def _add_note(self, place: int) -> None:
        if self.group is not None:
            self.group.notes.append(_one_line(self.blocks[place].text).lstrip("*").strip())
            self._remember(place)

    def _add_alternative(self, block: Block, alternative: str) -> None:
        if self.group is not None and self.group.items and self.group.items[-1].heading == self.heading:
            self.group.items[-1].alternatives.append(_one_line(alternative))
        else:
            self.unplaced.append(
                Unplaced(block.line, block.text, "it gives another title, but no recommendation stands above it")
            )

    def _describes_item(self, place: int, group: _Group) -> bool:
        """Whether a paragraph behind an item belongs to it: the list goes on behind it, or it did so before."""
        if group.items[-1].heading != self.heading:
            return False
        for other in range(place + 1, len(self.blocks)):
            if self.roles[other] is Role.LIST:
                number, last = self.blocks[other].number, group.items[-1].number
                if (number is None and last is None) or (None not in (number, last) and number == (last or 0) + 1):
                    return True
                break
            if self.roles[other] is not Role.PLAIN:
                break
        return self.described

    def _keep_prose(self, place: int) -> None:
        block = self.blocks[place]
        heading = self.section
        if self.group is not None:
            heading = self.group.name
        elif not heading and self.iteration is not None and self.iteration.title:
            heading = self.iteration.title
        self.prose.append(ProseBlock(heading, block.text, block.line))
        self._remember(place)

    def _remember(self, place: int) -> None:
        iteration = len(self.iterations) - 1 if self.iteration is not None and self.iteration.title else None
        self.passages.append(Passage(place, self.blocks[place].text, iteration, in_group=self.group is not None))

    def _keep_bare_section(self) -> None:
        """Keep the heading of a section without text: its words are nowhere else."""
        if self.section and not any(block.heading == self.section for block in self.prose[-1:]):
            self.prose.append(ProseBlock(self.section, "", None))

    # --- lists ---

    def _read_list(self, start: int, end: int) -> None:
        if self.group is not None and self.section == "":
            self._read_group_list(start, end, self.group)
        else:
            self._read_other_list(start, end)

    def _read_group_list(self, start: int, end: int, group: _Group) -> None:
        base = self.blocks[start].level
        numbered = any(
            block.number is not None and block.kind is Kind.ITEM and block.level <= base
            for block in self.blocks[start:end]
        )
        for block in self.blocks[start:end]:
            base = min(base, block.level)
            alternative = strip_alternative(block.text)
            if alternative is not None and "\n" not in block.text:
                self._add_alternative(block, alternative)
            elif block.kind is Kind.ITEM and block.level == base and self._is_own_item(block, group, numbered=numbered):
                self._add_item(block, group)
            elif not group.items:
                group.notes.append(_one_line(block.text).lstrip("*").strip())
            else:
                self._extend_item(block, group.items[-1])

    def _is_own_item(self, block: Block, group: _Group, *, numbered: bool) -> bool:
        if block.number is not None:
            return True
        if not group.items:
            return not (numbered or is_note(block.text))
        # Bullets between numbers belong to the number above them.
        return group.items[-1].number is None or group.items[-1].heading != self.heading

    def _add_item(self, block: Block, group: _Group) -> None:
        self._check_number(block, group)
        first, *more = block.text.split("\n")
        pieces = _ALTERNATIVE_INSIDE.split(first)
        item = _Item(block.number, [pieces[0]], block.lead, self.heading, block.line)
        for line in [*pieces[1:], *more]:
            item.add_line(line.rstrip(")") if line.count(")") > line.count("(") else line)
        group.items.append(item)

    @staticmethod
    def _extend_item(block: Block, item: _Item) -> None:
        lines = block.text.split("\n")
        if block.kind is Kind.ITEM:
            mark = f"{block.number}." if block.number is not None else "•"
            if strip_alternative(lines[0]) is None:
                lines[0] = f"{mark} {lines[0]}"
        for line in lines:
            item.add_line(line)

    def _expect_new_list(self) -> None:
        self.expected = None
        self.seen = set()

    def _check_number(self, block: Block, group: _Group) -> None:
        number = block.number
        if number is None:
            return
        where = group.name if not self.heading else f"{group.name} under “{self.heading}”"
        if number in self.seen:
            self.unplaced.append(
                Unplaced(block.line, block.text, f"the number {number} stands more than once in {where}")
            )
        elif self.expected is None:
            if number != 1 and (self.last_number is None or number != self.last_number + 1):
                self.unplaced.append(Unplaced(block.line, block.text, f"the numbers in {where} start at {number}"))
        elif number != self.expected:
            missing = f"{self.expected} is missing" if number > self.expected else f"{self.expected} was to come"
            self.unplaced.append(
                Unplaced(block.line, block.text, f"after {self.expected - 1} comes {number} in {where}: {missing}")
            )
        self.seen.add(number)
        self.expected = number + 1
        self.last_number = number

    def _read_other_list(self, start: int, end: int) -> None:
        items = self._join_items(start, end)
        questions = sum(1 for block in items if is_question(block.text))
        if self.feedback or (len(items) >= 2 and questions * 2 >= len(items)):
            self.guidance.extend(_one_line(block.text) for block in items)
            return
        codes = [language_code(block.text) for block in items]
        if len(items) >= 2 and all(codes):
            self.listed_languages.extend(Language(block.text, code) for block, code in zip(items, codes, strict=True))
            return
        for block in items:
            if strip_alternative(block.text) is not None:
                reason = "it gives another title, but no recommendation stands above it"
            else:
                reason = _NO_GROUP
            self.unplaced.append(Unplaced(block.line, block.text, reason))

    def _join_items(self, start: int, end: int) -> list[Block]:
        items: list[Block] = []
        for block in self.blocks[start:end]:
            if block.kind is Kind.ITEM or not items:
                items.append(block)
            else:
                last = items[-1]
                items[-1] = Block(Kind.ITEM, f"{last.text}\n{block.text}", last.line, last.level, last.number)
        return items


def interpret_blocks(stream: BlockStream, limits: Limits, *, name: str = "", format_name: str = "") -> Outline:
    """Return the outline that a stream of blocks makes.

    `name` is the file's name; it stands in for the title of a document that has none.

    Raises:
        OutlineError: the document has more headings than `limits` allow.
    """
    blocks = read_numbered_headings(read_typed_lists(stream.blocks))
    roles = mark_roles(blocks)
    if Role.GROUP not in roles:
        listed = read_listed_groups(blocks)
        if listed is not None:
            blocks, roles = listed, mark_roles(listed)
    headings = (Role.ITERATION, Role.GROUP, Role.SUBHEADING, Role.SECTION, Role.FEEDBACK, Role.LABEL)
    limits.check_headings(sum(1 for role in roles if role in headings))
    interpreter = _Interpreter(blocks, roles, name)
    interpreter.run()
    return _build_outline(interpreter, stream, format_name)


def _build_outline(found: _Interpreter, stream: BlockStream, format_name: str) -> Outline:
    title = found.title or stream.title
    codes = assign_codes(group.name for iteration in found.iterations for group in iteration.groups.values())
    page_languages, iteration_languages = find_languages(found.passages, found.listed_languages)
    iterations = tuple(
        OutlineIteration(
            title=iteration.title or title or _stem(found.name) or "Iteration 1",
            date=iteration.date,
            groups=tuple(_build_group(group, codes[group_key(group.name)]) for group in iteration.groups.values()),
            languages=iteration_languages.get(place, ()),
            line=iteration.line,
        )
        for place, iteration in enumerate(found.iterations)
    )
    empty = tuple(
        EmptyGroup(iteration.title, group.name)
        for iteration in iterations
        for group in iteration.groups
        if not group.recommendations
    )
    return Outline(
        title=title,
        iterations=iterations,
        languages=page_languages,
        windows=find_windows(found.passages),
        guidance=tuple(found.guidance),
        announced=find_announcements(found.passages, iterations),
        unplaced=tuple(found.unplaced),
        empty_groups=empty,
        prose=tuple(found.prose),
        warnings=(*stream.warnings, *found.warnings, *(() if iterations else (_NOTHING_FOUND,))),
        format=format_name,
    )


def _build_group(group: _Group, code: str) -> OutlineGroup:
    return OutlineGroup(
        name=group.name,
        code=code,
        notes=tuple(group.notes),
        headings=tuple(group.headings),
        recommendations=tuple(
            _build_recommendation(item, f"{code}-R{place}")
            for place, item in zip(_count_through(group.items), group.items, strict=True)
        ),
        line=group.line,
    )


def _count_through(items: Sequence[_Item]) -> list[int]:
    """The number each item has in its code: the one it is printed with where those rise from 1, else its place."""
    printed = [item.number for item in items if item.number]
    if len(printed) == len(items) and printed[:1] == [1] and all(before < after for before, after in pairwise(printed)):
        return printed
    return list(range(1, len(items) + 1))


def _build_recommendation(item: _Item, code: str) -> Recommendation:
    title, text = split_title("\n".join(item.lines), item.lead)
    return Recommendation(item.number, code, title, text, tuple(item.alternatives), item.heading, item.line)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _stem(name: str) -> str:
    file_name = re.split(r"[/\\]", name)[-1]
    return file_name.rsplit(".", 1)[0] if "." in file_name[1:] else file_name
