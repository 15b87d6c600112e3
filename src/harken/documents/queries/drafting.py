"""What a group sees of its own drafts, and an organiser of all: each page in a fixed number of SQL queries."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet

from harken.documents.models import (
    Chapter,
    Document,
    DocumentKind,
    PassageKind,
    Remark,
    Reviewer,
    Suggestion,
    SuggestionState,
    Version,
)
from harken.documents.queries.findings import FindingsReport, find_in_texts
from harken.documents.queries.links import OverlapRow, overlaps_with
from harken.documents.queries.texts import load_passages_of
from harken.people.models import Group
from harken.processes.models import Iteration, Process

KIND_LETTERS: Final = {
    DocumentKind.RECOMMENDATION: "R",
    DocumentKind.PRINCIPLE: "P",
    DocumentKind.NARRATIVE: "N",
    DocumentKind.COVER_NOTE: "CN",
    DocumentKind.GLOSSARY: "G",
    DocumentKind.SCOPING: "S",
    DocumentKind.ONE_PAGE: "O",
    DocumentKind.POSITION_PAPER: "PP",
    DocumentKind.CHARTER: "CH",
    DocumentKind.CONDUCT: "CC",
}
"""What stands between a group's code and the number in the code of a text, by its kind."""

_WAITING: Final = (SuggestionState.OPEN, SuggestionState.STALE)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A text of a group as its members see it.

    `title` is the draft's own, which readers may not have seen. `state` says what readers have: `never` anything,
    an older revision (`newer`), or `same`. `suggestions` wait for a decision, `remarks` for somebody to resolve them.
    """

    document: Document
    title: str
    title_lang: str
    state: str
    number: int
    at: datetime.datetime
    author_name: str
    report: FindingsReport
    suggestions: int
    remarks: int

    @property
    def is_ready(self) -> bool:
        """Whether nothing speaks against showing it."""
        return not self.report.blocking


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """A group's space in the list of an iteration's."""

    chapter: Chapter
    group: Group
    documents: tuple[DraftRow, ...]

    def _count(self, state: str) -> int:
        return sum(row.state == state for row in self.documents)

    @property
    def never(self) -> int:
        """How many texts readers have never seen."""
        return self._count("never")

    @property
    def newer(self) -> int:
        """How many texts the group has changed since readers saw them."""
        return self._count("newer")

    @property
    def same(self) -> int:
        """How many texts readers see as they are."""
        return self._count("same")

    @property
    def waiting(self) -> tuple[DraftRow, ...]:
        """What readers do not see, or not as it is now."""
        return tuple(row for row in self.documents if row.state != "same")

    @property
    def blocked(self) -> tuple[DraftRow, ...]:
        """What readers do not see yet and what something speaks against showing."""
        return tuple(row for row in self.waiting if not row.is_ready)


@dataclass(frozen=True, slots=True)
class DraftsPage:
    """Every space of an iteration that somebody may look into."""

    spaces: tuple[SpaceRow, ...]

    @property
    def waiting(self) -> tuple[DraftRow, ...]:
        """What readers do not see, or not as it is now, group by group."""
        return tuple(row for space in self.spaces for row in space.waiting)

    @property
    def blocked(self) -> tuple[DraftRow, ...]:
        """Those of them that something speaks against showing."""
        return tuple(row for space in self.spaces for row in space.blocked)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Where a text of another group is about the same, with the summary of that text, if it has one.

    Of a private draft the summary is all that is told beside title and shared words.
    """

    link: OverlapRow
    summary: str
    summary_lang: str


@dataclass(frozen=True, slots=True)
class SpacePage:
    """A group's space: its texts, what others write about the same, and who is invited (`former` were)."""

    space: SpaceRow
    overlaps: tuple[Overlap, ...]
    reviewers: tuple[Reviewer, ...]
    former: tuple[Reviewer, ...]


def drafts_page(iteration: Iteration, spaces: QuerySet[Chapter]) -> DraftsPage:
    """The `spaces` of `iteration` with their texts. At most nine queries, however many there are."""
    chapters = list(spaces.filter(iteration=iteration).select_related("group"))
    return DraftsPage(tuple(_space_rows(iteration.process, chapters)))


def space_page(chapter: Chapter) -> SpacePage:
    """A group's space. At most twelve queries, however much lies in it."""
    [space] = _space_rows(chapter.iteration.process, [chapter])
    reviewers = list(Reviewer.objects.filter(chapter=chapter).select_related("user"))
    return SpacePage(
        space,
        overlaps_of(chapter),
        tuple(one for one in reviewers if one.ended_at is None),
        tuple(one for one in reviewers if one.ended_at is not None),
    )


def _space_rows(process: Process, chapters: Sequence[Chapter]) -> list[SpaceRow]:
    documents = list(
        Document.objects.filter(chapter__in=chapters)
        .select_related("current", "published", "template")
        .order_by("chapter__position", "position", "id")
    )
    texts = load_passages_of([document.current for document in documents if document.current])
    reports = find_in_texts(process, documents, texts)
    suggestions = _count(Suggestion.objects.filter(document__in=documents, state__in=_WAITING))
    remarks = _count(Remark.objects.filter(document__in=documents, resolved_at=None, suggestion=None))
    rows: dict[int, list[DraftRow]] = {chapter.pk: [] for chapter in chapters}
    for document in documents:
        if document.current is None:
            continue
        passages = texts[document.current.pk]
        title = next((one for one in passages if one.kind == PassageKind.TITLE), None)
        rows[document.chapter_id].append(
            DraftRow(
                document=document,
                title=title.text if title else document.title,
                title_lang=title.lang if title else document.lang,
                state=state_of(document),
                number=document.current.number,
                at=document.current.at,
                author_name=document.current.author_name,
                report=reports[document.pk],
                suggestions=suggestions.get(document.pk, 0),
                remarks=remarks.get(document.pk, 0),
            )
        )
    return [SpaceRow(chapter, chapter.group, tuple(rows[chapter.pk])) for chapter in chapters]


def overlaps_of(chapter: Chapter) -> tuple[Overlap, ...]:
    """Where texts of other groups overlap or contradict those of this group, drafts among them. At most three queries.

    For pages that only the group, its reviewers and organisers see.
    """
    links = overlaps_with(chapter.group, chapter.iteration)
    others = Document.objects.filter(iteration=chapter.iteration, code__in={link.code for link in links})
    # Readers' words where there are any: what a group writes after it published is its own until it publishes again.
    shown = {one.code: one.published or one.current for one in others.select_related("current", "published")}
    ids = {pk: code for code, revision in shown.items() if revision for pk in revision.version_ids}
    found = Version.objects.filter(pk__in=ids, kind=PassageKind.SUMMARY).values_list("pk", "text", "lang")
    summaries = {ids[pk]: (text, lang) for pk, text, lang in found}
    return tuple(Overlap(link, *summaries.get(link.code, ("", link.lang))) for link in links)


def state_of(document: Document) -> str:
    """What readers have of `document`: `never` anything, something older (`newer`), or the `same`."""
    if document.published_id is None:
        return "never"
    return "same" if document.published_id == document.current_id else "newer"


def _count(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("document_id").annotate(number=Count("pk")))


def groups_without_space(iteration: Iteration, groups: QuerySet[Group]) -> list[Group]:
    """Those of `groups` that have not begun to write for `iteration`, the root of the tree left out. One query."""
    begun = Chapter.objects.filter(iteration=iteration).values("group")
    return list(groups.exclude(pk__in=begun).exclude(parent=None).order_by("position", "id"))


def find_space(iteration: Iteration, group_code: str) -> Chapter | None:
    """The space of the group with this code. One query."""
    found = Chapter.objects.filter(iteration=iteration, group__code=group_code).select_related("group").first()
    if found:
        found.iteration = iteration
    return found


def free_codes(iteration: Iteration, group_code: str, kinds: Iterable[DocumentKind]) -> dict[DocumentKind, str]:
    """For each of `kinds` the next code of the group that was never given in `iteration`. One query."""
    used = list(
        Document.objects.filter(iteration=iteration, code__startswith=f"{group_code}-").values_list("code", flat=True)
    )
    return {kind: _next_code(f"{group_code}-{KIND_LETTERS[kind]}", used) for kind in kinds}


def _next_code(begin: str, used: Collection[str]) -> str:
    numbers = (re.match(rf"{re.escape(begin)}(\d+)", code) for code in used)
    return f"{begin}{max((int(number[1]) for number in numbers if number), default=0) + 1}"
