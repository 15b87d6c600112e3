"""What the pages for readers show. Each page has one query function with a fixed number of SQL queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import (
    ChangeClass,
    Chapter,
    Document,
    EdgeState,
    LineageEdge,
    LineageKind,
    Revision,
    Version,
)
from harken.documents.passage_html import PassageRow
from harken.people.models import Group
from harken.processes.models import Iteration

MOST_REVISIONS: Final = 20


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list: just what the list shows."""

    code: str
    number: int | None
    title: str
    lede: str
    lang: str
    position: int


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The documents that stand under one question or sub-heading (`""` for those that stand under none)."""

    heading: str
    documents: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """One group's part of an iteration as the page shows it."""

    group: Group
    lang: str
    notes: tuple[str, ...]
    headings: tuple[HeadingRow, ...]
    count: int

    @property
    def is_empty(self) -> bool:
        """Whether the group has no document here."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """An edge as a document's page shows it, with the document at its other end; `code` is "" where there is none."""

    kind: str
    state: str
    reason: str
    words: tuple[str, ...]
    code: str
    title: str
    lang: str
    iteration_slug: str
    iteration_title: str
    iteration_lang: str
    group_name: str
    group_lang: str

    @property
    def kind_name(self) -> str:
        """What the kind is called in the interface's language."""
        return str(LineageKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The document before or after in the same chapter."""

    code: str
    title: str
    lang: str


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision as a document's history names it."""

    number: int
    at: datetime.datetime
    author_name: str
    change_class: str
    note: str

    @property
    def change_name(self) -> str:
        """What its change class is called in the interface's language; nothing where none was chosen."""
        return str(ChangeClass(self.change_class).label) if self.change_class else ""


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """All a recommendation's page shows."""

    document: Document
    title: PassageRow
    alternatives: tuple[PassageRow, ...]
    summary: PassageRow | None
    passages: tuple[PassageRow, ...]
    back: tuple[EdgeRow, ...]
    onward: tuple[EdgeRow, ...]
    previous: Neighbour | None
    next: Neighbour | None
    revisions: tuple[RevisionRow, ...]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group's documents, iteration by iteration, the newest first."""

    group: Group
    chapters: tuple[tuple[Iteration, ChapterRow], ...]


_ROW_FIELDS = ("chapter_id", "heading", "code", "number", "title", "lede", "lang", "position")


def _chapter_rows(chapters: QuerySet[Chapter]) -> list[tuple[Chapter, ChapterRow]]:
    """Chapters with their published documents under their headings. Two queries."""
    found = list(chapters.select_related("group"))
    documents: dict[int, list[tuple[str, DocumentRow]]] = {chapter.pk: [] for chapter in found}
    rows = (
        Document.objects.filter(chapter__in=found, published__isnull=False)
        .order_by("position", "id")
        .values_list(*_ROW_FIELDS)
    )
    for chapter_id, heading, *fields in rows:
        documents[chapter_id].append((heading, DocumentRow(*fields)))
    return [(chapter, _chapter_row(chapter, documents[chapter.pk])) for chapter in found]


def _chapter_row(chapter: Chapter, documents: Sequence[tuple[str, DocumentRow]]) -> ChapterRow:
    under: dict[str, list[DocumentRow]] = {heading: [] for heading in ("", *chapter.headings)}
    for heading, row in documents:
        under.setdefault(heading, []).append(row)
    headings = tuple(HeadingRow(heading, tuple(rows)) for heading, rows in under.items() if rows or heading)
    return ChapterRow(chapter.group, chapter.lang, tuple(chapter.notes), headings, len(documents))


def iteration_chapters(iteration: Iteration) -> list[ChapterRow]:
    """Every group's part of `iteration`, in order. Two queries."""
    return [row for _chapter, row in _chapter_rows(Chapter.objects.filter(iteration=iteration))]


def group_page(group: Group, iterations: QuerySet[Iteration]) -> GroupPage:
    """What `group` wrote in each of `iterations`, the newest first. Two queries."""
    chapters = Chapter.objects.filter(group=group, iteration__in=iterations).select_related("iteration")
    rows = _chapter_rows(chapters.order_by("-iteration__number"))
    return GroupPage(group, tuple((chapter.iteration, row) for chapter, row in rows))


def find_document(documents: QuerySet[Document], iteration_slug: str, code: str) -> Document | None:
    """The document at this address among `documents`, with all its page names. One query."""
    return (
        documents.filter(iteration__slug=iteration_slug, code=code)
        .select_related("iteration", "chapter__group", "current", "published", "template")
        .first()
    )


def _passage_rows(document: Document) -> list[PassageRow]:
    if document.current is None:
        return []
    ids = document.current.version_ids
    fields = ("pk", "passage__public_id", "kind", "lang", "html", "text")
    found = {row[0]: row[1:] for row in Version.objects.filter(pk__in=ids).values_list(*fields)}
    return [PassageRow(number, *found[pk]) for number, pk in enumerate(ids, start=1)]


_EDGE_FIELDS = ("kind", "state", "reason", "words", "earlier_id", "later_id")
_END_FIELDS = (
    "code",
    "title",
    "lang",
    "iteration__slug",
    "iteration__title",
    "iteration__lang",
    "chapter__group__name",
    "chapter__group__lang",
)


_ENDS: Final = tuple(f"{end}__{name}" for end in ("earlier", "later") for name in _END_FIELDS)
_EDGES: Final = FrozenQuery(
    lambda document: (
        LineageEdge.objects.filter(
            Q(earlier=document, later=None)
            | Q(later=document, earlier=None)
            | Q(earlier=document, later__published__isnull=False)
            | Q(later=document, earlier__published__isnull=False)
        )
        .exclude(state=EdgeState.REJECTED)
        .order_by("state", "-score", "id")
        .values_list(*_EDGE_FIELDS, *_ENDS)
    )
)


def _edges_of(document: Document) -> tuple[tuple[EdgeRow, ...], tuple[EdgeRow, ...]]:
    """Edges that people did not reject, back and onward; accepted ones first, then by score. One query.

    That nothing led here or onward is said while nobody accepted that something did.
    """
    back: list[EdgeRow] = []
    onward: list[EdgeRow] = []
    for kind, state, reason, words, _earlier, later, *fields in _EDGES.rows(document=document.pk):
        is_back = later == document.pk
        other = fields[: len(_END_FIELDS)] if is_back else fields[len(_END_FIELDS) :]
        side = back if is_back else onward
        side.append(EdgeRow(kind, state, reason, tuple(words), *(field or "" for field in other)))
    return _without_what_is_settled(back), _without_what_is_settled(onward)


def _without_what_is_settled(rows: Sequence[EdgeRow]) -> tuple[EdgeRow, ...]:
    settled = any(row.code and row.state == EdgeState.ACCEPTED for row in rows)
    return tuple(row for row in rows if row.code or row.state == EdgeState.ACCEPTED or not settled)


_BEFORE: Final = FrozenQuery(
    lambda chapter, place, pk: (
        Document.objects.filter(
            Q(position__lt=place) | Q(position=place, pk__lt=pk), chapter=chapter, published__isnull=False
        )
        .order_by("-position", "-id")
        .values_list("code", "title", "lang")[:1]
    )
)
_AFTER: Final = FrozenQuery(
    lambda chapter, place, pk: (
        Document.objects.filter(
            Q(position__gt=place) | Q(position=place, pk__gt=pk), chapter=chapter, published__isnull=False
        )
        .order_by("position", "id")
        .values_list("code", "title", "lang")[:1]
    )
)


def _neighbours_of(document: Document) -> tuple[Neighbour | None, Neighbour | None]:
    """The documents before and after in the group's chapter. Two queries."""
    here = {"chapter": document.chapter_id, "place": document.position, "pk": document.pk}
    before, after = ([Neighbour(*row) for row in query.rows(**here)] for query in (_BEFORE, _AFTER))
    return next(iter(before), None), next(iter(after), None)


_REVISIONS: Final = FrozenQuery(
    lambda document: (
        Revision.objects.filter(document=document)
        .order_by("-number")
        .values_list("number", "at", "author_name", "change_class", "note")[:MOST_REVISIONS]
    )
)


def document_page(document: Document) -> DocumentPage:
    """What `document`'s page shows: five queries, however long it is."""
    rows = _passage_rows(document)
    back, onward = _edges_of(document)
    before, after = _neighbours_of(document)
    return DocumentPage(
        document=document,
        title=next(row for row in rows if row.kind == "title"),
        alternatives=tuple(row for row in rows if row.kind == "alternative"),
        summary=next((row for row in rows if row.kind == "summary"), None),
        passages=tuple(row for row in rows if row.kind not in {"title", "alternative", "summary"}),
        back=back,
        onward=onward,
        previous=before,
        next=after,
        revisions=tuple(RevisionRow(*row) for row in _REVISIONS.rows(document=document.pk)),
    )


def find_passage(public_id: str) -> Document | None:
    """The document a passage belongs to, as the passage's permanent address needs it. One query."""
    return (
        Document.objects.filter(passages__public_id=public_id)
        .select_related("iteration__process__body", "chapter__group", "current")
        .first()
    )
