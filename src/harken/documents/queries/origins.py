"""The origin table of an iteration: which drafts each of its texts comes from, and which drafts led nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from harken.documents.models import Chapter, Document, EdgeState, LineageEdge, LineageKind
from harken.documents.origin_table import OriginRecord
from harken.people.models import Group
from harken.processes.models import Iteration


@dataclass(frozen=True, slots=True)
class TextRow:
    """A document as the table names it."""

    pk: int
    code: str
    title: str
    lang: str
    iteration_slug: str
    iteration_title: str
    iteration_lang: str
    group_code: str
    published_id: int | None

    @property
    def is_private(self) -> bool:
        """Whether it is a draft that only its group reads."""
        return self.published_id is None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft that a text comes from, or is said to; `words` are what both have in common, where a machine says so."""

    text: TextRow
    kind: str
    state: str
    reason: str
    words: tuple[str, ...]

    @property
    def kind_name(self) -> str:
        """What the kind is called in the interface's language."""
        return str(LineageKind(self.kind).label)

    @property
    def is_accepted(self) -> bool:
        """Whether people stand behind it."""
        return self.state == EdgeState.ACCEPTED


@dataclass(frozen=True, slots=True)
class OriginTableRow:
    """A text of the iteration with its drafts, accepted ones first; `new` is what is said where it comes from none."""

    text: TextRow
    drafts: tuple[DraftRow, ...]
    new: DraftRow | None


@dataclass(frozen=True, slots=True)
class NowhereRow:
    """A draft of the iteration before that led nowhere: what is said of it, and what it may have led to."""

    text: TextRow
    dropped: DraftRow | None
    perhaps: tuple[DraftRow, ...]


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group whose texts and drafts the table can be narrowed to."""

    code: str
    name: str
    lang: str


@dataclass(frozen=True, slots=True)
class OriginTable:
    """The origin table. `before` is the iteration whose drafts are asked after: the last one before with texts."""

    before: Iteration | None
    rows: tuple[OriginTableRow, ...]
    nowhere: tuple[NowhereRow, ...]
    groups: tuple[GroupChoice, ...]

    @property
    def draft_count(self) -> int:
        """How many different drafts the texts come from."""
        return len({draft.text.pk for row in self.rows for draft in row.drafts if draft.is_accepted})

    @property
    def without_origin(self) -> int:
        """How many texts nobody has said an origin of yet."""
        return sum(
            not any(draft.is_accepted for draft in row.drafts) and not (row.new and row.new.is_accepted)
            for row in self.rows
        )

    @property
    def not_said(self) -> int:
        """How many of the drafts that led nowhere have no reason."""
        return sum(row.dropped is None or not row.dropped.is_accepted for row in self.nowhere)


_TEXT: Final = (
    "pk",
    "code",
    "title",
    "lang",
    "iteration__slug",
    "iteration__title",
    "iteration__lang",
    "chapter__group__code",
    "published_id",
)


def _texts(documents: QuerySet[Document]) -> dict[int, TextRow]:
    rows = documents.order_by("iteration__number", "chapter__position", "position", "id").values_list(*_TEXT)
    return {row[0]: TextRow(*row) for row in rows}


def origin_table(iteration: Iteration, documents: QuerySet[Document], *, group_code: str = "") -> OriginTable:
    """The table of `iteration` among `documents`, those the reader sees; of one group's texts and drafts, if named.

    Five queries, however many rows.
    """
    here = _texts(documents.filter(iteration=iteration))
    earlier = documents.filter(iteration__number__lt=iteration.number, iteration__process=iteration.process_id)
    before = (
        Iteration.objects.filter(pk__in=earlier.values("iteration"), number__lt=iteration.number)
        .order_by("-number")
        .first()
    )
    either = Q(later__iteration=iteration) | (Q(earlier__iteration=before) if before else Q(pk__in=[]))
    edges = list(
        LineageEdge.objects.filter(either, process=iteration.process_id)
        .exclude(state=EdgeState.REJECTED)
        .order_by("state", "-score", "id")
        .values_list("earlier_id", "later_id", "kind", "state", "reason", "words")
    )
    others = {end for one in edges for end in one[:2] if end} - set(here)
    wanted = Q(pk__in=others) | (Q(iteration=before) if before else Q(pk__in=[]))
    texts = here | _texts(documents.filter(wanted))
    back, onward = _sort(edges, texts)
    rows = [_table_row(text, back.get(text.pk, ())) for text in here.values()]
    drafts = [text for text in texts.values() if before and text.iteration_slug == before.slug]
    # Also where it led to a text the reader does not see: that is not nowhere.
    led_on = {one[0] for one in edges if one[1] and one[3] == EdgeState.ACCEPTED}
    nowhere = [_nowhere_row(text, onward.get(text.pk, ())) for text in drafts if text.pk not in led_on]
    if group_code:
        rows = [row for row in rows if row.text.group_code == group_code or _is_of(group_code, row.drafts)]
        nowhere = [row for row in nowhere if row.text.group_code == group_code]
    return OriginTable(before, tuple(rows), tuple(nowhere), _groups(iteration, here.values(), drafts))


def _is_of(group_code: str, drafts: Iterable[DraftRow]) -> bool:
    return any(draft.text.group_code == group_code for draft in drafts)


def _groups(iteration: Iteration, *texts: Iterable[TextRow]) -> tuple[GroupChoice, ...]:
    codes = {text.group_code for several in texts for text in several}
    chapters = Chapter.objects.filter(iteration__process=iteration.process_id)
    groups = Group.objects.filter(code__in=codes, pk__in=chapters.values("group"))
    return tuple(GroupChoice(*row) for row in groups.order_by("position", "id").values_list("code", "name", "lang"))


_Sides = Mapping[int, Sequence[tuple[TextRow | None, DraftRow]]]


def _sort(
    edges: Iterable[tuple[int | None, int | None, str, str, str, list[str]]], texts: Mapping[int, TextRow]
) -> tuple[_Sides, _Sides]:
    """What is said of each text's origin and of what became of it; edges with an end that is not seen are left out."""
    back: dict[int, list[tuple[TextRow | None, DraftRow]]] = defaultdict(list)
    onward: dict[int, list[tuple[TextRow | None, DraftRow]]] = defaultdict(list)
    for earlier, later, kind, state, reason, words in edges:
        if (earlier and earlier not in texts) or (later and later not in texts):
            continue
        if later:
            other = texts[earlier] if earlier else None
            back[later].append((other, DraftRow(other or texts[later], kind, state, reason, tuple(words))))
        if earlier:
            other = texts[later] if later else None
            onward[earlier].append((other, DraftRow(other or texts[earlier], kind, state, reason, tuple(words))))
    return back, onward


def _table_row(text: TextRow, found: Sequence[tuple[TextRow | None, DraftRow]]) -> OriginTableRow:
    """What people accepted makes the opposite proposal void: nobody asks whether a text with origins is new."""
    drafts = tuple(row for other, row in found if other)
    new = next((row for other, row in found if other is None), None)
    settled = any(row.is_accepted for row in drafts)
    return OriginTableRow(text, drafts, None if new and settled and not new.is_accepted else new)


def _nowhere_row(text: TextRow, found: Sequence[tuple[TextRow | None, DraftRow]]) -> NowhereRow:
    dropped = next((row for other, row in found if other is None), None)
    return NowhereRow(text, dropped, tuple(row for other, row in found if other))


def origin_records(table: OriginTable) -> list[OriginRecord]:
    """The table as rows of a file: one for each text and draft; what nobody said yet has a row without a kind."""
    records = []
    for row in table.rows:
        named = {"document": row.text.code, "document_title": row.text.title}
        records += [
            OriginRecord(
                **named,
                draft_iteration=draft.text.iteration_slug,
                draft=draft.text.code,
                draft_title=draft.text.title,
                kind=draft.kind,
                state=draft.state,
                reason=draft.reason,
            )
            for draft in row.drafts
        ]
        if row.new:
            records.append(OriginRecord(**named, kind=row.new.kind, state=row.new.state, reason=row.new.reason))
        elif not row.drafts:
            records.append(OriginRecord(**named))
    return records + [
        OriginRecord(
            draft_iteration=gone.text.iteration_slug,
            draft=gone.text.code,
            draft_title=gone.text.title,
            kind=gone.dropped.kind if gone.dropped else "",
            state=gone.dropped.state if gone.dropped else "",
            reason=gone.dropped.reason if gone.dropped else "",
        )
        for gone in table.nowhere
    ]


def free_code(iteration: Iteration, group_code: str) -> str:
    """The next code of a group that no text of `iteration` has. One query."""
    start = f"{group_code}-R"
    codes = Document.objects.filter(iteration=iteration, code__startswith=start).values_list("code", flat=True)
    numbers = [int(rest) for code in codes if (rest := code.removeprefix(start)).isascii() and rest.isdigit()]
    return f"{start}{max(numbers, default=0) + 1}"
