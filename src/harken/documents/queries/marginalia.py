"""What is said beside a text: counts for its pages, and everything about one passage."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Value

from harken.base.frozen_query import FrozenQuery
from harken.documents.changes_html import render_changes
from harken.documents.models import (
    AnchorState,
    Document,
    LineageKind,
    Passage,
    PassageEdge,
    Publication,
    Remark,
    Revision,
    Suggestion,
    SuggestionState,
    Version,
)
from harken.documents.panels import margin_counts
from harken.documents.queries.suggestions import (
    WAITING,
    SuggestionGroup,
    SuggestionRow,
    group_suggestions,
    suggestion_rows,
)
from harken.documents.section_text import StoredPassage


@dataclass(frozen=True, slots=True)
class PassageCounts:
    """What is said about one passage and waits: suggestions that are open or stale, remarks that are not resolved.

    `loose` are remarks that were made on it and whose words are gone; `others` what later rooms count, by name
    (`harken.documents.panels`).
    """

    suggestions: int = 0
    stale: int = 0
    remarks: int = 0
    loose: int = 0
    others: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.suggestions or self.stale or self.remarks or self.loose or self.others)


def _counted(name: str, rows: QuerySet[Any], passage: str) -> QuerySet[Any, Any]:
    """Rows of (public id, what is counted, how many)."""
    found: QuerySet[Any, Any] = rows.order_by().values(passage).annotate(counted=Value(name), count=Count("pk"))
    return found.values_list(passage, "counted", "count")


def _suggestion_counts(document: int, **condition: bool) -> list[QuerySet[Any, Any]]:
    found = Suggestion.objects.filter(document=document, **condition)
    return [
        _counted("suggestions", found.filter(state=SuggestionState.OPEN), "passage__public_id"),
        _counted("stale", found.filter(state=SuggestionState.STALE), "passage__public_id"),
    ]


def _all_counts(document: int) -> QuerySet[Any, Any]:
    remarks = Remark.objects.filter(document=document, anchor__isnull=False, resolved_at__isnull=True)
    first, *others = _suggestion_counts(document)
    loose = remarks.filter(anchor__place__state=AnchorState.LOOSE)
    others.append(
        _counted(
            "remarks", remarks.exclude(anchor__place__state=AnchorState.LOOSE), "anchor__place__passage__public_id"
        )
    )
    others.append(_counted("loose", loose, "anchor__passage__public_id"))
    others += [count.rows(document) for count in margin_counts()]
    return first.union(*others, all=True)


def _public_counts(document: int) -> QuerySet[Any, Any]:
    first, *others = _suggestion_counts(document, is_private=False)
    others += [count.rows(document) for count in margin_counts()]
    return first.union(*others, all=True)


_ALL_COUNTS: Final = FrozenQuery(_all_counts)
_PUBLIC_COUNTS: Final = FrozenQuery(_public_counts)


def count_marginalia(document: Document, *, reads_draft: bool) -> dict[str, PassageCounts]:
    """What waits beside each passage that has something, by its public id. One query.

    For readers the suggestions made in public; for whoever reads the draft also its group's, and remarks. What later
    rooms count about the document as a whole stands under "".
    """
    counts: dict[str, dict[str, int]] = {}
    for public_id, name, count in (_ALL_COUNTS if reads_draft else _PUBLIC_COUNTS).rows(document=document.pk):
        if count:
            found = counts.setdefault(public_id, {})
            found[name] = found.get(name, 0) + count
    return {public_id: _sort_counts(found) for public_id, found in counts.items()}


def _sort_counts(found: dict[str, int]) -> PassageCounts:
    others = tuple((count.name, found.pop(count.name)) for count in margin_counts() if count.name in found)
    return PassageCounts(**found, others=others)


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark on words of a text: what it says, the words it was made on, and where these are in the draft now."""

    pk: int
    author_id: int | None
    author_name: str
    lang: str
    html: str
    at: datetime.datetime
    resolved_at: datetime.datetime | None
    resolved_by_name: str
    exact: str
    quote_lang: str
    from_public_id: str
    from_revision: int
    state: str
    words: str
    at_public_id: str | None
    place_revision: int
    is_whole: bool

    @property
    def changes(self) -> str:
        """What became of the words, as safe HTML."""
        return render_changes(self.exact, self.words, self.quote_lang)

    @property
    def is_moved(self) -> bool:
        """Whether the words stand in another passage than the one the remark was made on."""
        return self.state == AnchorState.MOVED

    @property
    def is_changed(self) -> bool:
        """Whether other words stand there now."""
        return self.state == AnchorState.CHANGED

    @property
    def is_loose(self) -> bool:
        """Whether the words are gone."""
        return self.state == AnchorState.LOOSE


_REMARK_FIELDS: Final = (
    "pk",
    "author_id",
    "author_name",
    "lang",
    "html",
    "at",
    "resolved_at",
    "resolved_by_name",
    "anchor__exact",
    "anchor__version__lang",
    "anchor__passage__public_id",
    "anchor__revision__number",
    "anchor__place__state",
    "anchor__place__words",
    "anchor__place__passage__public_id",
    "anchor__place__revision__number",
)


def _remark_rows(remarks: QuerySet[Remark]) -> list[RemarkRow]:
    rows: list[tuple[Any, ...]] = list(
        remarks.order_by("anchor__place__start", "pk").values_list(*_REMARK_FIELDS, "anchor__version__text")
    )
    # A quote of the whole passage need not be repeated beside it.
    return [RemarkRow(*(*row[:-1], row[8] == row[-1])) for row in rows]


def loose_anchors(remarks: QuerySet[Remark], document: Document) -> list[RemarkRow]:
    """Remarks that wait, of those `remarks` the visitor may see, whose words are gone from the draft. One query."""
    loose = remarks.filter(document=document, anchor__place__state=AnchorState.LOOSE, resolved_at__isnull=True)
    return _remark_rows(loose)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A version of a passage, and the revision that first said it; `number` 0 where a passage was left out."""

    number: int
    at: datetime.datetime
    author_name: str
    credits: tuple[str, ...]
    note: str
    text: str
    html: str
    kind: str
    lang: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class KinRow:
    """A passage this one came from, or went to, and how; `code` is its document's, "" where its text left it out."""

    is_back: bool
    kind: str
    reason: str
    share: float | None
    public_id: str
    code: str
    iteration_slug: str
    iteration_title: str
    iteration_lang: str
    text_revision: int
    is_here: bool

    @property
    def kind_name(self) -> str:
        """What happened, in the interface's language."""
        return str(LineageKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class PassageMargin:
    """What is said about a passage, and how it stands; `published` and `draft` are None where it does not.

    `draft` is there only for whoever may read it. `last` is what it said when it was left out.
    """

    public_id: str
    passage_id: int
    reads_draft: bool
    number: int
    published: StoredPassage | None
    draft: StoredPassage | None
    last: StoredPassage | None
    groups: tuple[SuggestionGroup, ...]
    decided: tuple[SuggestionRow, ...]
    remarks: tuple[RemarkRow, ...]
    resolved: tuple[RemarkRow, ...]

    @property
    def shown(self) -> StoredPassage | None:
        """What the page shows: what readers see, or what is not published yet, or what it last said."""
        return self.published or self.draft or self.last

    @property
    def differs(self) -> bool:
        """Whether the draft says something else than readers see, as far as the visitor may know."""
        if self.published is None or self.draft is None:
            return False
        return self.published.version_id != self.draft.version_id

    @property
    def count(self) -> int:
        """How many suggestions wait."""
        return sum(len(group.rows) for group in self.groups)


def _stored(revision: Revision | None, passage_id: int) -> tuple[StoredPassage | None, int]:
    """A passage as a revision says it, and its number there."""
    if revision is None:
        return None, 0
    found = Version.objects.filter(pk__in=revision.version_ids, passage=passage_id).values_list("pk", flat=True).first()
    if found is None:
        return None, 0
    return _load_version(found), revision.version_ids.index(found) + 1


def _load_version(version_id: int) -> StoredPassage:
    version = Version.objects.select_related("passage").get(pk=version_id)
    return StoredPassage(
        version.pk,
        version.passage_id,
        version.passage.public_id,
        version.kind,
        version.section,
        version.lang,
        version.marker,
        version.level,
        version.text,
        version.html,
    )


def passage_margin(
    document: Document,
    public_id: str,
    *,
    reads_draft: bool,
    suggestions: QuerySet[Suggestion],
    remarks: QuerySet[Remark],
) -> PassageMargin | None:
    """What is said about a passage, of what the visitor may see; None if the visitor may not see the passage.

    At most seven queries, however much was said.
    """
    passage = Passage.objects.filter(document=document, public_id=public_id).first()
    if passage is None:
        return None
    published, number = _stored(document.published, passage.pk)
    draft = None
    if reads_draft and document.current_id == document.published_id:
        draft = published
    elif reads_draft:
        draft, draft_number = _stored(document.current, passage.pk)
        number = number or draft_number
    last = None
    if published is None and draft is None:
        version_id = _last_version(document, passage.pk, reads_draft=reads_draft)
        if version_id is None:
            return None
        last = _load_version(version_id)
    rows = suggestion_rows(suggestions.filter(passage=passage).order_by("-pk"))
    said = _remark_rows(
        remarks.filter(anchor__isnull=False).filter(
            Q(anchor__place__passage=passage) | Q(anchor__place__passage__isnull=True, anchor__passage=passage)
        )
    )
    return PassageMargin(
        public_id=public_id,
        passage_id=passage.pk,
        reads_draft=reads_draft,
        number=number,
        published=published,
        draft=draft,
        last=last,
        groups=group_suggestions(row for row in rows if row.state in WAITING),
        decided=tuple(row for row in rows if row.state not in WAITING),
        remarks=tuple(row for row in said if row.resolved_at is None),
        resolved=tuple(row for row in said if row.resolved_at is not None),
    )


def _last_version(document: Document, passage_id: int, *, reads_draft: bool) -> int | None:
    """The newest version of a passage that is not in the text any more, of those the visitor may have seen."""
    versions = list(Version.objects.filter(passage=passage_id).order_by("-pk").values_list("pk", flat=True))
    if reads_draft:
        return next(iter(versions), None)
    shown = (
        Publication.objects.filter(document=document).order_by("-pk").values_list("revision__version_ids", flat=True)
    )
    for version_ids in shown:
        for version in versions:
            if version in version_ids:
                return version
    return None


def passage_history(document: Document, passage_id: int, *, reads_draft: bool) -> list[HistoryRow]:
    """The versions of a passage with who wrote each and when, the newest first. Two queries.

    For whoever does not read the draft: of the revisions that were published.
    """
    versions = {version.pk: version for version in Version.objects.filter(passage=passage_id)}
    revisions = Revision.objects.filter(document=document).order_by("number")
    if not reads_draft:
        revisions = revisions.filter(publication__isnull=False)
    rows: list[HistoryRow] = []
    last: int | None = None
    fields = ("number", "at", "author_name", "credits", "note", "version_ids")
    for number, at, author_name, credited, note, version_ids in revisions.values_list(*fields).iterator():
        present = next((pk for pk in versions if pk in version_ids), None)
        if present == last:
            continue
        version = versions.get(present or last or 0)
        if version is None:
            continue
        rows.append(
            HistoryRow(
                number,
                at,
                author_name,
                tuple(credited),
                note,
                version.text,
                version.html,
                version.kind,
                version.lang,
                is_gone=present is None,
            )
        )
        last = present
    return rows[::-1]


def passage_kin(document: Document, passage_id: int, *, drafts: QuerySet[Document]) -> list[KinRow]:
    """Where a passage came from and what it went into, within its text and between texts. One query.

    What happened in a draft is there for whoever may read it: `drafts`; else as far as its text was published. Of texts
    that it came from, those that are published, or whose draft one may read.
    """
    known = (
        Q(earlier__document__in=[document.pk])
        | Q(earlier__document__in=drafts)
        | Q(earlier__document__published__isnull=False, earlier__document__iteration__is_public=True)
    )
    shown = Q(revision__number__lte=F("document__published__number"), document__iteration__is_public=True)
    edges = (
        PassageEdge.objects.filter(Q(earlier=passage_id) | Q(known, later=passage_id))
        .filter(shown | Q(document__in=drafts))
        .filter(withdraws__isnull=True, withdrawn_by__isnull=True)
        .select_related("earlier__document__iteration", "later__document__iteration", "revision")
        .order_by("pk")
    )
    return [_kin(edge, document, is_back=edge.later_id == passage_id) for edge in edges]


def _kin(edge: PassageEdge, document: Document, *, is_back: bool) -> KinRow:
    other = edge.earlier if is_back else edge.later
    of = other.document if other else document
    return KinRow(
        is_back,
        edge.kind,
        edge.reason,
        edge.share,
        other.public_id if other else "",
        of.code if other else "",
        of.iteration.slug,
        of.iteration.title,
        of.iteration.lang,
        edge.revision.number,
        is_here=other is not None and of.pk == document.pk,
    )
