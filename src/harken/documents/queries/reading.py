"""What the pages for readers show. Each page has one query function with a fixed number of SQL queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import (
    Chapter,
    Document,
)
from harken.people.models import Group
from harken.processes.keeping import keep_with, twin_of
from harken.processes.models import Iteration, Process

IS_PUBLISHED: Final = Q(iteration__is_public=True, published__isnull=False)
"""What selects the documents that readers of a process see."""


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
        .select_related("iteration", "chapter__group", "current", "published", "template", "ready")
        .first()
    )


def find_by_code(process: Process, code: str, iteration_slug: str = "") -> Document | None:
    """The document with this code, whoever may read it: the newest of them, or that of one iteration. One query."""
    documents = Document.objects.filter(code=code, iteration__process=process)
    if iteration_slug:
        documents = documents.filter(iteration__slug=iteration_slug)
    return documents.select_related("iteration").order_by("-iteration__number").first()


_READABLE: Final = FrozenQuery(
    lambda process, iteration, code: (
        Document.objects.filter(IS_PUBLISHED, iteration__process=process, iteration__slug=iteration, code=code)
        .select_related("iteration")
        .defer("lede")
    ),
    texts=("iteration", "code"),
)


def find_readable(process: Process, iteration_slug: str, code: str) -> Document | None:
    """The document at this address of a public process if every reader may see it, with its iteration. One query."""
    name = ("readable", iteration_slug, code)
    found: list[Document] = keep_with(
        process, name, lambda: _READABLE.objects(process=process.pk, iteration=iteration_slug, code=code)
    )
    if not found:
        return None
    document = twin_of(found[0])
    document.iteration = twin_of(document.iteration)
    document.iteration.process = process
    return document


def find_passage(public_id: str) -> Document | None:
    """The document a passage belongs to, as the passage's permanent address needs it. One query."""
    return (
        Document.objects.filter(passages__public_id=public_id)
        .select_related("iteration__process__body", "chapter__group", "current")
        .first()
    )
