"""What each block is for: iteration, group, sub-heading, section of prose, or a part of a list.

Marked-up documents say which lines are headings and how deep; plain text (and documents whose author made headings by
hand) does not,
so there they are inferred from what stands between two lists.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from harken.core.outline.blocks import Block, Kind
from harken.core.outline.codes import group_key
from harken.core.outline.iterations import read_iteration_heading
from harken.core.outline.lexicon import (
    is_feedback_heading,
    is_label,
    is_note,
    is_question,
    is_section_heading,
    split_words,
    starts_alternative,
)

__all__ = ["Role", "mark_roles", "read_listed_groups"]


class Role(Enum):
    """The part a block plays in the outline."""

    TITLE = "title"
    ITERATION = "iteration"
    GROUP = "group"
    SUBHEADING = "sub-heading"
    LABEL = "label"
    SECTION = "section"
    FEEDBACK = "feedback"
    PLAIN = "plain"
    LIST = "list"


_URL = re.compile(r"https?://|www\.|\S@\S")
_LETTER = re.compile(r"[^\W\d_]")


def mark_roles(blocks: Sequence[Block]) -> list[Role]:
    """Return the role of each block."""
    roles = [Role.LIST if block.is_list else Role.PLAIN for block in blocks]
    _mark_iterations(blocks, roles)
    _mark_title(blocks, roles)
    if _has_marked_groups(blocks, roles):
        _MarkedHeadings(blocks, roles).mark()
    else:
        _InferredHeadings(blocks, roles).mark()
    return roles


def read_listed_groups(blocks: Sequence[Block]) -> list[Block] | None:
    """Return the blocks with groups that are items themselves ("1. Soil" with its recommendations below) as headings.

    None means that no list is made like that: at least two of its outermost items have items below them.
    """
    result = list(blocks)
    found = False
    for start, end in _lists(blocks):
        outer = [place for place in range(start, end) if _is_outer(blocks[place], blocks[start].level)]
        followed = [place for place in outer if place + 1 < end and blocks[place + 1].kind is Kind.ITEM]
        parents = [place for place in followed if blocks[place + 1].level > blocks[place].level]
        if len(parents) < 2 or not all(
            "\n" not in blocks[place].text and may_name_group(blocks[place]) for place in outer
        ):
            continue
        found = True
        for place in range(start, end):
            block = blocks[place]
            if _is_outer(block, blocks[start].level):
                result[place] = Block(Kind.HEADING, block.text, block.line, 6)
            else:
                result[place] = replace(block, level=max(1, block.level - 1))
    return result if found else None


def _is_outer(block: Block, level: int) -> bool:
    return block.kind is Kind.ITEM and block.level <= level


def _lists(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    start = None
    for place, block in enumerate(blocks):
        if block.is_list and start is None:
            start = place
        elif not block.is_list and start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(blocks)


def _mark_iterations(blocks: Sequence[Block], roles: list[Role]) -> None:
    for kind in (Kind.HEADING, Kind.PARAGRAPH):
        places = [
            place
            for place, block in enumerate(blocks)
            if block.kind is kind and read_iteration_heading(block.text) is not None
        ]
        for place in places:
            roles[place] = Role.ITERATION
        if places:
            break


def _mark_title(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Mark the first heading, or the first short line near the top, as the title, unless it holds a list."""
    for place, block in enumerate(blocks[:8]):
        if roles[place] is not Role.PLAIN or (place + 1 < len(blocks) and blocks[place + 1].is_list):
            return
        if block.kind is Kind.HEADING:
            if _is_title_heading(blocks, place):
                roles[place] = Role.TITLE
            return
        if place == 0 and is_title_like(block, longest=150) and blocks[1:2] and blocks[1].kind is Kind.HEADING:
            roles[place] = Role.TITLE
            return
        if any(other.kind is Kind.HEADING for other in blocks[place : place + 8]):
            continue
        if is_title_like(block, longest=150):
            following = next((other for other in blocks[place + 1 :] if not other.tight or other.is_list), None)
            if following is not None:
                roles[place] = Role.TITLE
            return


def _is_title_heading(blocks: Sequence[Block], place: int) -> bool:
    """Whether a first heading stands above all others and leaves a group's name among them."""
    others = [block for block in blocks[place + 1 :] if block.kind is Kind.HEADING]
    if not others:
        return not any(block.is_list for block in blocks)
    return all(block.level > blocks[place].level for block in others) and any(may_name_group(block) for block in others)


def may_name_group(block: Block) -> bool:
    """Whether a heading could be the name of a group: no question, and nothing that every page has."""
    text = block.text
    return not (is_question(text) or is_label(text) or is_feedback_heading(text) or is_section_heading(text))


def _has_marked_groups(blocks: Sequence[Block], roles: Sequence[Role]) -> bool:
    """Whether real headings (not only iterations, title and feedback) stand above lists."""
    governing: Block | None = None
    has_iterations = Role.ITERATION in roles
    inside = not has_iterations
    for block, role in zip(blocks, roles, strict=True):
        if role is Role.ITERATION:
            governing, inside = None, True
        elif role is Role.TITLE:
            governing = None
        elif block.kind is Kind.HEADING:
            governing = block if block.level and not is_feedback_heading(block.text) else None
        elif block.is_list and inside and governing is not None and not is_section_heading(governing.text):
            return True
    return False


def is_title_like(block: Block, longest: int = 100) -> bool:
    """Whether a block could be a heading: one short line, no sentence, question, note, address or alternative."""
    text = block.text
    if block.kind is Kind.HEADING:
        return True
    if block.in_table or "\n" in text or len(text) > longest or not _LETTER.search(text):
        return False
    words = len(split_words(text))
    if words > (24 if longest > 100 else 14) or (text.endswith((":", "：")) and words > 6):
        return False
    if text.endswith((".", "!", ";", ",", "…", "।", "。", "،")) or ". " in text or text[0].islower():
        return False
    if is_question(text) and not is_section_heading(text):
        return False
    return not (is_note(text) or starts_alternative(text) or _URL.search(text) or text[0] in "*(")


@dataclass(slots=True)
class _MarkedHeadings:
    """Roles by the levels of real headings."""

    blocks: Sequence[Block]
    roles: list[Role]
    known: set[str] = field(default_factory=set)

    def mark(self) -> None:
        inside = [False] * len(self.blocks)
        scopes = list(self._scopes())
        levels = []
        for start, end in scopes:
            level = self._group_level(start, end)
            levels.append(level)
            for place in self._headings(start, end):
                inside[place] = True
                if (
                    self.blocks[place].level == level
                    and self._holds_items(place, end)
                    and may_name_group(self.blocks[place])
                ):
                    self.known.add(group_key(self.blocks[place].text))
        usual = Counter(level for level in levels if level).most_common(1)
        for (start, end), level in zip(scopes, levels, strict=True):
            self._mark_scope(start, end, level or (usual[0][0] if usual else 0))
        for place, block in enumerate(self.blocks):
            if block.kind is Kind.HEADING and not inside[place] and self.roles[place] is Role.PLAIN:
                self.roles[place] = Role.FEEDBACK if is_feedback_heading(block.text) else Role.SECTION
        self._mark_questions()

    def _headings(self, start: int, end: int) -> Iterator[int]:
        for place in range(start, end):
            if self.blocks[place].kind is Kind.HEADING and self.roles[place] is Role.PLAIN:
                yield place

    def _scopes(self) -> Iterator[tuple[int, int]]:
        starts = [place for place, role in enumerate(self.roles) if role is Role.ITERATION]
        if not starts:
            yield 0, len(self.blocks)
            return
        for start, following in zip(starts, [*starts[1:], len(self.blocks)], strict=True):
            level = self.blocks[start].level
            strict = self._next_heading(start + 1, following, level)
            holds = any(self.blocks[place].kind is Kind.ITEM for place in range(start, strict))
            deeper = any(True for place in self._headings(start + 1, strict))
            # Where iterations and groups are set as headings of one level, an iteration reaches to the next one.
            yield start + 1, strict if holds or deeper else self._next_heading(start + 1, following, level - 1)

    def _next_heading(self, start: int, end: int, level: int) -> int:
        return next((place for place in self._headings(start, end) if self.blocks[place].level <= level), end)

    def _holds_items(self, place: int, end: int) -> bool:
        level = self.blocks[place].level
        for other in range(place + 1, end):
            block = self.blocks[other]
            if block.kind is Kind.HEADING and (block.level <= level or self.roles[other] is Role.ITERATION):
                return False
            if block.kind is Kind.ITEM:
                return True
        return False

    def _group_level(self, start: int, end: int) -> int:
        """Return the level of the highest headings that hold items and may be groups, or 0."""
        open_levels: list[int] = []
        best = 0
        for place in range(start, end):
            block = self.blocks[place]
            if block.kind is Kind.HEADING:
                if self.roles[place] is not Role.PLAIN:
                    continue
                open_levels = [level for level in open_levels if level < block.level]
                if may_name_group(block):
                    open_levels.append(block.level)
            elif block.kind is Kind.ITEM and open_levels:
                best = min(best or 7, open_levels[0])
                open_levels = []
        return best

    def _mark_scope(self, start: int, end: int, level: int) -> None:
        in_group = False
        places = list(self._headings(start, end))
        for place, following in zip(places, [*places[1:], end], strict=True):
            role = self._heading_role(place, following, end, level, in_group=in_group)
            self.roles[place] = role
            if role is Role.GROUP:
                in_group = True
            elif role in (Role.SECTION, Role.FEEDBACK):
                in_group = False

    def _heading_role(self, place: int, following: int, end: int, level: int, *, in_group: bool) -> Role:
        block = self.blocks[place]
        if group_key(block.text) in self.known and not is_question(block.text):
            return Role.GROUP
        if is_label(block.text):
            return Role.LABEL
        if is_feedback_heading(block.text):
            return Role.FEEDBACK
        if is_section_heading(block.text) or block.level < level:
            return Role.SECTION
        if block.level > level or is_question(block.text):
            if in_group:
                return Role.SUBHEADING
            direct = any(self.blocks[other].kind is Kind.ITEM for other in range(place + 1, following))
            return Role.GROUP if direct and not is_question(block.text) else Role.SECTION
        if self._holds_items(place, end) or not self._has_prose(place + 1, following):
            return Role.GROUP
        return Role.SECTION

    def _has_prose(self, start: int, end: int) -> bool:
        return any(
            block.kind is Kind.PARAGRAPH and not is_note(block.text) and not is_question(block.text)
            for block in self.blocks[start:end]
        )

    def _mark_questions(self) -> None:
        """Mark questions and bold lines in a group that no heading style was given to."""
        in_group = False
        for place, block in enumerate(self.blocks):
            role = self.roles[place]
            if role in (Role.GROUP, Role.SUBHEADING, Role.LABEL):
                in_group = in_group or role is Role.GROUP
            elif role in (Role.SECTION, Role.FEEDBACK, Role.ITERATION, Role.TITLE):
                in_group = False
            elif block.kind is Kind.PARAGRAPH and in_group:
                self.roles[place] = self._paragraph_role(place)

    def _paragraph_role(self, place: int) -> Role:
        block = self.blocks[place]
        if is_heading_question(block):
            return Role.SUBHEADING
        if not is_title_like(block):
            return Role.PLAIN
        if group_key(block.text) in self.known:
            return Role.GROUP
        if is_label(block.text):
            return Role.LABEL
        before_list = place + 1 < len(self.blocks) and self.blocks[place + 1].kind is Kind.ITEM
        return Role.SUBHEADING if before_list and block.lead == len(block.text) else Role.PLAIN


def is_heading_question(block: Block) -> bool:
    """Whether a paragraph is nothing but a question, so that the items below answer it."""
    text = block.text
    return is_question(text) and len(text) <= 500 and not is_note(text) and not is_section_heading(text)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between two lists: places `start` to `end`; the list behind it ends at `list_end`."""

    start: int
    end: int
    list_end: int


@dataclass(slots=True)
class _InferredHeadings:
    """Roles by what stands between two lists: a line that could be a heading opens a group, questions divide it."""

    blocks: Sequence[Block]
    roles: list[Role]
    adjacent: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    restarts: bool = False
    iteration_count: int = 0

    def mark(self) -> None:
        starts = [place for place, role in enumerate(self.roles) if role is Role.ITERATION]
        self.iteration_count = len(starts)
        self._find_known()
        if starts:
            self._mark_outside(0, starts[0])
            for start, end in zip(starts, [*starts[1:], len(self.blocks)], strict=True):
                self._mark_scope(start + 1, end)
        else:
            self._mark_scope(0, len(self.blocks))

    def _find_known(self) -> None:
        seen: Counter[str] = Counter()
        first_iteration = next((p for p, role in enumerate(self.roles) if role is Role.ITERATION), 0)
        list_starts = 0
        for place, block in enumerate(self.blocks[first_iteration:], start=first_iteration):
            if self.roles[place] is not Role.PLAIN or not self._may_be_group(place):
                continue
            key = group_key(block.text)
            seen[key] += 1
            following = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
            if following is not None and following.kind is Kind.ITEM:
                self.adjacent.add(key)
                list_starts += following.number == 1
        self.repeated = {key for key, count in seen.items() if count > 1}
        self.restarts = list_starts > 1

    def _may_be_group(self, place: int) -> bool:
        return is_title_like(self.blocks[place]) and may_name_group(self.blocks[place])

    def _mark_outside(self, start: int, end: int) -> None:
        for place in range(start, end):
            if self.roles[place] is Role.PLAIN and is_title_like(self.blocks[place]):
                self.roles[place] = self._section_role(place)

    def _section_role(self, place: int) -> Role:
        return Role.FEEDBACK if is_feedback_heading(self.blocks[place].text) else Role.SECTION

    def _gaps(self, start: int, end: int) -> Iterator[_Gap]:
        place = start
        while place < end:
            gap_end = place
            while gap_end < end and self.roles[gap_end] is not Role.LIST:
                gap_end += 1
            list_end = gap_end
            while list_end < end and self.roles[list_end] is Role.LIST:
                list_end += 1
            yield _Gap(place, gap_end, list_end)
            place = list_end

    def _mark_scope(self, start: int, end: int) -> None:
        in_group = False
        last_number: int | None = None
        for gap in self._gaps(start, end):
            has_list = gap.list_end > gap.end
            number = self.blocks[gap.end].number if has_list else None
            continues = (
                in_group
                and self.restarts
                and number is not None
                and last_number is not None
                and number == last_number + 1
            )
            in_group = self._mark_gap(gap, first=gap.start == start, in_group=in_group, continues=continues)
            numbers = [
                block.number
                for block in self.blocks[gap.end : gap.list_end]
                if block.number is not None and block.level == self.blocks[gap.end].level
            ]
            last_number = numbers[-1] if numbers else None

    def _mark_gap(self, gap: _Gap, *, first: bool, in_group: bool, continues: bool) -> bool:
        candidates: list[int] = []
        for place in range(gap.start, gap.end):
            if self.roles[place] is not Role.PLAIN:
                continue
            block = self.blocks[place]
            if is_heading_question(block) and (in_group or candidates):
                self.roles[place] = Role.SUBHEADING
            elif is_title_like(block):
                if is_label(block.text):
                    self.roles[place] = Role.LABEL
                elif self._may_be_group(place):
                    candidates.append(place)
                else:
                    self.roles[place] = self._section_role(place)
        if continues and not any(self._key(place) in self.repeated for place in candidates):
            return True
        return self._mark_candidates(gap, candidates, first=first, in_group=in_group)

    def _key(self, place: int) -> str:
        return group_key(self.blocks[place].text)

    def _mark_candidates(self, gap: _Gap, candidates: list[int], *, first: bool, in_group: bool) -> bool:
        chosen = self._choose_group(gap, candidates) if gap.list_end > gap.end else None
        for place in candidates:
            if chosen is not None and place > chosen:
                self.roles[place] = Role.SUBHEADING
            elif place == chosen or self._is_empty_group(place, gap, first=first):
                self.roles[place] = Role.GROUP
            else:
                self.roles[place] = Role.SECTION
        self._close_questions(gap, in_group=in_group)
        for place in range(gap.end - 1, gap.start - 1, -1):
            if self.roles[place] in (Role.GROUP, Role.SECTION, Role.FEEDBACK):
                return self.roles[place] is Role.GROUP
        return in_group

    def _close_questions(self, gap: _Gap, *, in_group: bool) -> None:
        """A question below a section of prose is no heading of a group."""
        inside = in_group
        for place in range(gap.start, gap.end):
            role = self.roles[place]
            if role is Role.GROUP:
                inside = True
            elif role in (Role.SECTION, Role.FEEDBACK):
                inside = False
            elif role in (Role.SUBHEADING, Role.LABEL) and not inside:
                self.roles[place] = Role.PLAIN if role is Role.SUBHEADING else Role.LABEL

    def _choose_group(self, gap: _Gap, candidates: list[int]) -> int | None:
        closing = max(
            (p for p in range(gap.start, gap.end) if self.roles[p] in (Role.FEEDBACK, Role.SECTION)), default=-1
        )
        candidates = [place for place in candidates if place > closing]
        if not candidates:
            return None
        for known in (self.repeated, self.adjacent):
            places = [place for place in candidates if self._key(place) in known]
            if places and (known is self.repeated or len(places) == 1):
                return places[-1]
        # "Partnerships / *Note / question / Our ideas / 1.": notes and questions belong to the group's name above them.
        nearest = candidates[-1]
        for place in candidates[:-1]:
            between = [p for p in range(place + 1, nearest) if p not in candidates]
            if between and all(
                self.roles[p] in (Role.SUBHEADING, Role.LABEL) or is_note(self.blocks[p].text) for p in between
            ):
                return place
        return nearest

    def _is_empty_group(self, place: int, gap: _Gap, *, first: bool) -> bool:
        if self._key(place) in self.repeated or (self._key(place) in self.adjacent and self.iteration_count > 0):
            return True
        bare = place + 1 == gap.end or self.roles[place + 1] is not Role.PLAIN or is_title_like(self.blocks[place + 1])
        if not bare:
            return False
        # Above the first group of an iteration stand its own headings, unless the name is known from another iteration.
        return not (first and self.iteration_count != 1)
