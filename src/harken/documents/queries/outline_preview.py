"""What the preview of an import shows: the plan's rows with the fields that correct them.

The names of the fields are those of `harken.documents.outline_corrections`. What was typed but could not be taken over
stands in its field again.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from harken.core.outline import Announcement, OutlineIteration, ProseBlock, Recommendation
from harken.core.text.diff import Piece
from harken.documents.models import Document
from harken.documents.queries.outline_plan import ChapterPlan, DocumentPlan, IterationPlan, OutlinePlan
from harken.people.models import Group
from harken.processes.models import Iteration

# Up to so many recommendations a preview is one page; a longer one shows a group at a time.
MOST_ON_A_PAGE: Final = 400
MOST_OF_A_GROUP: Final = 200
# Of what lies outside the outline (unplaced lines, prose) a page shows so much.
MOST_ASIDE: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: its name, what stands in it, what is wrong with that."""

    name: str
    value: str
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """One recommendation of the file, against what is on record."""

    place: str
    found: Recommendation
    code: str
    status: str
    document: Document | None
    changes: tuple[Piece, ...]
    lang: str
    title: Field
    text: Field
    alternatives: Field
    leave: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The recommendations under one question or sub-heading (`""` for those under none)."""

    heading: str
    recommendations: tuple[RecommendationRow, ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's part of an iteration. `headings` is empty where the group is not shown on this page."""

    place: str
    plan: ChapterPlan
    name: Field
    code: Field
    leave: bool
    counts: Mapping[str, int]
    headings: tuple[HeadingRow, ...]
    is_shown: bool
    is_open: bool
    page: int
    pages: int

    @property
    def group(self) -> Group | None:
        """The group on record."""
        return self.plan.group

    @property
    def found(self) -> int:
        """How many recommendations the file has."""
        return len(self.plan.documents)


@dataclass(frozen=True, slots=True)
class IterationRow:
    """An iteration of the file, and the one on record that it is."""

    place: str
    found: OutlineIteration
    number: int
    known: Iteration | None
    title: Field
    date: Field
    leave: bool
    is_open: bool
    groups: tuple[GroupRow, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many recommendations the file has for this iteration."""
        return sum(group.found for group in self.groups)


@dataclass(frozen=True, slots=True)
class AsideRow:
    """Something beside the recommendations that an import takes along (`is_new`) or that is on record already."""

    place: str
    thing: Any
    is_new: bool
    leave: bool


@dataclass(frozen=True, slots=True)
class WindowRow(AsideRow):
    """A dated sentence: the day it opens, the last day before it closes (each empty unless the whole date is known)."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A line that found no place, and the group it shall be taken into."""

    place: str
    line: int | None
    text: str
    reason: str
    take: Field


@dataclass(frozen=True, slots=True)
class OutlinePreview:
    """Everything the page shows."""

    plan: OutlinePlan
    iterations: tuple[IterationRow, ...]
    windows: tuple[WindowRow, ...]
    questions: tuple[AsideRow, ...]
    languages: tuple[AsideRow, ...]
    unplaced: tuple[UnplacedRow, ...]
    unplaced_left_out: int
    announced: tuple[Announcement, ...]
    prose: tuple[ProseBlock, ...]
    prose_left_out: int
    empty: tuple[GroupRow, ...]
    total: int
    is_long: bool
    columns: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def finds_nothing(self) -> bool:
        """Whether no iteration has a group: then there is nothing to import."""
        return not any(iteration.groups for iteration in self.iterations)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed on the page before, and what was wrong with it."""

    fields: Mapping[str, str]
    mistakes: Mapping[str, str]

    def show(self, name: str, value: str) -> Field:
        """The field `name` with what was typed into it, else with `value`."""
        return Field(name, self.fields.get(name, value), self.mistakes.get(name, ""))

    def leaves(self, place: str) -> bool:
        return f"{place}.leave" in self.fields

    def touches(self, *fields: Field, place: str, read: Sequence[str]) -> bool:
        """Whether the fold around `fields` should stand open: something is wrong or not yet taken over."""
        differs = any(one.value.split() != before.split() for one, before in zip(fields, read, strict=True))
        return differs or self.leaves(place) or any(one.mistake for one in fields)


_STATUSES: Final = ("new", "changed", "moved", "unchanged", "absent")


@dataclass(frozen=True, slots=True)
class _View:
    """What is the same for every row: the language of new texts, the statuses that are counted, the part shown."""

    lang: str
    columns: tuple[str, ...]
    part: tuple[str, int] | None


def preview_outline(
    plan: OutlinePlan,
    *,
    shown: str = "",
    page: int = 1,
    typed: Mapping[str, str] | None = None,
    mistakes: Mapping[str, str] | None = None,
) -> OutlinePreview:
    """The preview of `plan`. Reads nothing.

    Of an outline with more than `MOST_ON_A_PAGE` recommendations only the group at `shown` (`i0.g2`) has its
    recommendations, `MOST_OF_A_GROUP` on a `page` (from 1).
    """
    form = _Typed(typed or {}, mistakes or {})
    total = sum(len(chapter.documents) for iteration in plan.iterations for chapter in iteration.chapters)
    is_long = total > MOST_ON_A_PAGE
    columns = tuple(status for status in _STATUSES if plan.counts.get(status))
    # Where everything is new, saying so once is enough.
    columns = () if columns == ("new",) else columns
    view = _View(plan.lang, columns, (shown, page) if is_long else None)
    iterations = tuple(
        _iteration_row(iteration, f"i{number}", view, form) for number, iteration in enumerate(plan.iterations)
    )
    outline = plan.outline
    return OutlinePreview(
        plan=plan,
        iterations=iterations,
        windows=_window_rows(plan, form),
        questions=_aside_rows("q", outline.guidance, plan.questions, form),
        languages=_aside_rows("l", outline.languages, plan.languages, form, key="code"),
        unplaced=tuple(
            UnplacedRow(f"u{number}", one.line, one.text, one.reason, form.show(f"u{number}.take", ""))
            for number, one in enumerate(outline.unplaced[:MOST_ASIDE])
        ),
        unplaced_left_out=max(0, len(outline.unplaced) - MOST_ASIDE),
        announced=outline.announced,
        prose=outline.prose[:MOST_ASIDE],
        prose_left_out=max(0, len(outline.prose) - MOST_ASIDE),
        empty=tuple(group for iteration in iterations for group in iteration.groups if not group.found),
        total=total,
        is_long=is_long,
        columns=columns,
        counts=plan.counts,
    )


def _iteration_row(iteration: IterationPlan, place: str, view: _View, typed: _Typed) -> IterationRow:
    found = iteration.outline
    groups = tuple(
        _group_row(chapter, f"{place}.g{index}", view, typed) for index, chapter in enumerate(iteration.chapters)
    )
    title, date = typed.show(f"{place}.title", found.title), typed.show(f"{place}.date", found.date)
    return IterationRow(
        place=place,
        found=found,
        number=iteration.number,
        known=iteration.iteration,
        title=title,
        date=date,
        leave=typed.leaves(place),
        is_open=typed.touches(title, date, place=place, read=(found.title, found.date)),
        groups=groups,
        counts={status: sum(group.counts[status] for group in groups) for status in view.columns},
    )


def _group_row(chapter: ChapterPlan, place: str, view: _View, typed: _Typed) -> GroupRow:
    found = chapter.outline
    is_shown = view.part is None or view.part[0] == place
    pages = 1 if view.part is None else max(1, -(-len(chapter.documents) // MOST_OF_A_GROUP))
    page = 1 if view.part is None else min(max(view.part[1], 1), pages)
    first = (page - 1) * MOST_OF_A_GROUP
    last = len(chapter.documents) if view.part is None else first + MOST_OF_A_GROUP
    rows: list[RecommendationRow] = []
    if is_shown:
        pairs = list(zip(found.recommendations, chapter.documents, strict=True))
        rows = [
            _recommendation_row(one, row, f"{place}.r{number}", view.lang, typed)
            for number, (one, row) in enumerate(pairs[first:last], start=first)
        ]
    name, code = typed.show(f"{place}.name", found.name), typed.show(f"{place}.code", found.code)
    statuses = Counter([row.status for row in chapter.documents] + ["absent"] * len(chapter.absent))
    return GroupRow(
        place=place,
        plan=chapter,
        name=name,
        code=code,
        leave=typed.leaves(place),
        counts={status: statuses[status] for status in view.columns},
        headings=_under_headings(rows, found.headings if pages == 1 else ()),
        is_shown=is_shown,
        is_open=typed.touches(name, code, place=place, read=(found.name, found.code)),
        page=page,
        pages=pages,
    )


def _under_headings(rows: Iterable[RecommendationRow], headings: Sequence[str]) -> tuple[HeadingRow, ...]:
    """The rows under their headings, in the order of the file; a heading under which nothing stands is shown, too."""
    under: dict[str, list[RecommendationRow]] = {heading: [] for heading in ("", *headings)}
    for row in rows:
        under.setdefault(row.found.heading, []).append(row)
    return tuple(HeadingRow(heading, tuple(found)) for heading, found in under.items() if found or heading)


def _recommendation_row(
    found: Recommendation, plan: DocumentPlan, place: str, lang: str, typed: _Typed
) -> RecommendationRow:
    joined = "\n".join(found.alternatives)
    title, text = typed.show(f"{place}.title", found.title), typed.show(f"{place}.text", found.text)
    alternatives = typed.show(f"{place}.alternatives", joined)
    return RecommendationRow(
        place=place,
        found=found,
        code=plan.draft.code,
        status=plan.status,
        document=plan.document,
        changes=plan.changes,
        lang=plan.draft.lang or lang,
        title=title,
        text=text,
        alternatives=alternatives,
        leave=typed.leaves(place),
        is_open=typed.touches(title, text, alternatives, place=place, read=(found.title, found.text, joined)),
    )


def _aside_rows(
    mark: str, things: Sequence[Any], new: Sequence[Any], typed: _Typed, *, key: str = ""
) -> tuple[AsideRow, ...]:
    return tuple(
        AsideRow(
            place=f"{mark}{number}",
            thing=thing,
            is_new=(getattr(thing, key) if key else thing) in new,
            leave=typed.leaves(f"{mark}{number}"),
        )
        for number, thing in enumerate(things)
    )


def _window_rows(plan: OutlinePlan, typed: _Typed) -> tuple[WindowRow, ...]:
    def whole(date: str) -> str:
        return date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else ""

    return tuple(
        WindowRow(
            place=f"w{number}",
            thing=window,
            is_new=window in plan.windows,
            leave=typed.leaves(f"w{number}"),
            opens=whole(window.opens),
            closes=whole(window.closes),
        )
        for number, window in enumerate(plan.outline.windows)
    )
