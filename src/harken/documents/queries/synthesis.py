"""The synthesis bench: earlier drafts beside the text being written, and which of their passages it holds already."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Q, QuerySet

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import (
    Document,
    EdgeState,
    LineageEdge,
    LineageKind,
    Passage,
    PassageEdge,
    PassageKind,
    Revision,
)
from harken.documents.models.templates import SUMMARY_SECTION, in_language
from harken.documents.queries.texts import load_passages, load_passages_of
from harken.documents.section_text import HEAD_KINDS, StoredPassage

MOST_FOUND: Final = 20
MOST_ADDED: Final = 40

# They say nothing by themselves, so nothing is missing where they are left behind.
UNCOUNTED: Final = frozenset({PassageKind.HEADING.value, PassageKind.RULE.value})


class SourceState(StrEnum):
    """What the text being written makes of a source's passage."""

    KEPT = "kept"
    REWORDED = "reworded"
    MERGED = "merged"
    LEFT_OUT = "left-out"
    NOT_YET = "not-yet"


@dataclass(frozen=True, slots=True)
class OriginRow:
    """Where a passage comes from: a passage of an earlier text, what happened on the way, and why."""

    edge_id: int
    public_id: str
    code: str
    title: str
    lang: str
    iteration_slug: str
    iteration_title: str
    iteration_lang: str
    kind: str
    reason: str
    by_name: str
    at: datetime.datetime

    @property
    def kind_name(self) -> str:
        """What the kind is called in the interface's language."""
        return str(LineageKind(self.kind).label)

    @property
    def what_and_why(self) -> tuple[str, str]:
        """What several origins may have in common, so that it is said once."""
        return self.kind, self.reason


@dataclass(frozen=True, slots=True)
class SourceEdge:
    """That a source's passage stands in passage `number` of the text being written; None: it was left out."""

    edge_id: int
    number: int | None
    public_id: str
    reason: str
    by_name: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A passage of a source: what it says, and what the text being written makes of it."""

    number: int
    public_id: str
    kind: str
    lang: str
    html: str
    state: SourceState
    edges: tuple[SourceEdge, ...]
    is_counted: bool


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source with its passages; the three counts add up to all that are counted."""

    document: Document
    rows: tuple[SourceRow, ...]
    represented: int
    left_out: int
    waiting: int

    @property
    def total(self) -> int:
        """How many of its passages are counted."""
        return self.represented + self.left_out + self.waiting


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A passage of the text being written, with where it comes from."""

    number: int
    public_id: str
    kind: str
    lang: str
    text: str
    html: str
    origins: tuple[OriginRow, ...]


@dataclass(frozen=True, slots=True)
class TargetSection:
    """A section of the text being written; without a template there is one, without title."""

    key: str
    title: str
    title_lang: str
    rows: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class SynthesisBench:
    """Sources on one side, the text being written on the other, as of its revision `base`."""

    base: int
    sources: tuple[SourceText, ...]
    head: tuple[TargetRow, ...]
    sections: tuple[TargetSection, ...]
    represented: int
    left_out: int
    waiting: int

    @property
    def total(self) -> int:
        """How many passages of the sources are counted."""
        return self.represented + self.left_out + self.waiting


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A passage of an earlier text as it is carried across."""

    document: Document
    stored: StoredPassage


def source_revision(document: Document) -> Revision | None:
    """The revision of a source that is carried from: what readers know of it, else its draft."""
    return document.published or document.current


def earlier_documents(document: Document, visible: QuerySet[Document]) -> QuerySet[Document]:
    """The documents among `visible` that a text can come from: those of earlier iterations, with their texts."""
    return visible.filter(iteration__number__lt=document.iteration.number).select_related(
        "iteration", "chapter__group", "current", "published"
    )


def chosen_sources(
    document: Document, earlier: QuerySet[Document], added: Sequence[tuple[str, str]] = ()
) -> list[Document]:
    """The sources that lineage names, those that passages came from, and those `added` by iteration and code.

    One query.
    """
    ancestors = LineageEdge.objects.filter(later=document, state=EdgeState.ACCEPTED)
    carried = PassageEdge.objects.filter(document=document)
    wanted = Q(pk__in=ancestors.values("earlier")) | Q(pk__in=carried.values("earlier__document"))
    for slug, code in added[:MOST_ADDED]:
        wanted |= Q(iteration__slug=slug, code=code)
    order = ("-iteration__number", "chapter__position", "position", "id")
    return list(earlier.filter(wanted).order_by(*order))


def proposed_sources(document: Document, earlier: QuerySet[Document]) -> list[Document]:
    """The documents that a machine proposed as this one's origin and nobody decided about. One query."""
    edges = LineageEdge.objects.filter(later=document, state=EdgeState.PROPOSED)
    return list(earlier.filter(pk__in=edges.values("earlier")).order_by("-iteration__number", "position", "id"))


def find_sources(earlier: QuerySet[Document], words: str) -> list[Document]:
    """At most `MOST_FOUND` documents with these words in their title, or in their code (`AD R2` for `AD-R2`)."""
    words = words.strip()
    if not words:
        return []
    found = Q(title__icontains=words) | Q(code__icontains="-".join(words.split()))
    return list(earlier.filter(found).order_by("-iteration__number", "chapter__position", "position")[:MOST_FOUND])


def find_source_passages(public_ids: Sequence[str]) -> list[SourcePassage]:
    """The passages with these ids as their texts have them now, in the order given. Two queries.

    One that its text does not hold any more is left out.
    """
    passages = Passage.objects.filter(public_id__in=public_ids).select_related(
        "document__iteration__process__body", "document__chapter__group", "document__current", "document__published"
    )
    documents = {passage.public_id: passage.document for passage in passages}
    revisions = {revision.pk: revision for revision in map(source_revision, documents.values()) if revision}
    texts = load_passages_of(list(revisions.values()))
    found = {passage.public_id: passage for text in texts.values() for passage in text}
    wanted = [public_id for public_id in dict.fromkeys(public_ids) if public_id in documents and public_id in found]
    return [SourcePassage(documents[public_id], found[public_id]) for public_id in wanted]


def standing_edges(document: Document | int) -> QuerySet[PassageEdge]:
    """The edges to a document's passages that nobody withdrew."""
    return PassageEdge.objects.filter(document=document, withdraws=None, withdrawn_by=None).order_by("id")


_ORIGIN: Final = (
    "pk",
    "earlier__public_id",
    "earlier__document__code",
    "earlier__document__title",
    "earlier__document__lang",
    "earlier__document__iteration__slug",
    "earlier__document__iteration__title",
    "earlier__document__iteration__lang",
    "kind",
    "reason",
    "by_name",
    "at",
)
_PUBLIC_ORIGINS: Final = FrozenQuery(
    lambda document, number: (
        standing_edges(document)
        .filter(
            Q(earlier__document=document)
            | Q(earlier__document__iteration__is_public=True, earlier__document__published__isnull=False),
            later__isnull=False,
            revision__number__lte=number,
        )
        .values_list("earlier__document_id", "earlier_id", "later_id", "later__public_id", *_ORIGIN)
    )
)


def passage_origins(document: Document, revision: Revision) -> dict[str, tuple[OriginRow, ...]]:
    """For each passage of `document`, by its public id, the passages of published earlier texts that it comes from.

    As of `revision`: what was carried across later is not said of it. What was split or merged within the document
    keeps its origins. One query.
    """
    onward: dict[int, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    origins: list[tuple[int, OriginRow]] = []
    rows = _PUBLIC_ORIGINS.rows(document=document.pk, number=revision.number)
    for source_id, earlier_id, later_id, later_public_id, *fields in rows:
        names[later_id] = later_public_id
        if source_id == document.pk:
            onward[earlier_id].append(later_id)
        else:
            origins.append((later_id, OriginRow(*fields)))
    found: dict[str, list[OriginRow]] = defaultdict(list)
    for later_id, origin in origins:
        for place in _reach(later_id, onward):
            found[names[place]].append(origin)
    return {public_id: tuple(rows) for public_id, rows in found.items()}


def _reach(start: int, onward: Mapping[int, Iterable[int]]) -> list[int]:
    """A passage and those that later took up words of it within its document."""
    reached = {start: None}
    waiting = [start]
    while waiting:
        for following in onward.get(waiting.pop(), ()):
            if following not in reached:
                reached[following] = None
                waiting.append(following)
    return list(reached)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A standing edge to a passage of an earlier text, with the passages of the document that hold its words now."""

    source_id: int
    earlier_id: int
    is_dropped: bool
    places: tuple[int, ...]
    origin: OriginRow


@dataclass(frozen=True, slots=True)
class _Edges:
    """The standing edges of a document: by source passage, and by the place that holds its words."""

    of_source: dict[int, list[_Standing]]
    of_place: dict[int, list[_Standing]]


def _sort_edges(document: Document, present: Collection[int]) -> _Edges:
    """Follow each standing edge to the passages of `document` that hold its words now. One query."""
    rows = list(standing_edges(document).values_list("earlier__document_id", "earlier_id", "later_id", *_ORIGIN))
    onward: dict[int, list[int]] = defaultdict(list)
    for source_id, earlier_id, later_id, *_fields in rows:
        if source_id == document.pk and later_id:
            onward[earlier_id].append(later_id)
    edges = _Edges(defaultdict(list), defaultdict(list))
    for source_id, earlier_id, later_id, *fields in rows:
        if source_id == document.pk:
            continue
        places = tuple(place for place in _reach(later_id, onward) if place in present) if later_id else ()
        standing = _Standing(source_id, earlier_id, later_id is None, places, OriginRow(*fields))
        edges.of_source[earlier_id].append(standing)
        for place in places:
            edges.of_place[place].append(standing)
    return edges


def represented_passages(document: Document, present: Collection[int]) -> dict[int, bool]:
    """The source passages a document stands to: whether it holds them (True) or leaves them out. One query.

    `present` are the ids of the document's passages.
    """
    held: dict[int, bool] = {}
    for source_id, found in _sort_edges(document, present).of_source.items():
        if any(edge.places for edge in found):
            held[source_id] = True
        elif any(edge.is_dropped for edge in found):
            held[source_id] = False
    return held


def synthesis_bench(document: Document, sources: Sequence[Document]) -> SynthesisBench:
    """What the bench shows of `sources` and the draft of `document`. Three queries, however many passages."""
    current = load_passages(document.current)
    place_of = {passage.passage_id: (number, passage) for number, passage in enumerate(current, start=1)}
    edges = _sort_edges(document, place_of)
    revisions = [(source, revision) for source in sources if (revision := source_revision(source))]
    texts = load_passages_of([revision for _source, revision in revisions])
    shown = tuple(_source_text(source, texts[revision.pk], edges, place_of) for source, revision in revisions)
    # Only of sources that are shown: a draft may have been carried from by somebody who sees more.
    seen = {source.pk for source in sources}
    rows = [_target_row(number, passage, edges, seen) for number, passage in place_of.values()]
    head = tuple(row for row in rows if row.kind in HEAD_KINDS)
    sections = _sections_of(document, [(passage.section, row) for passage, row in zip(current, rows, strict=True)])
    return SynthesisBench(
        base=document.current.number if document.current else 0,
        sources=shown,
        head=head,
        sections=sections,
        represented=sum(source.represented for source in shown),
        left_out=sum(source.left_out for source in shown),
        waiting=sum(source.waiting for source in shown),
    )


_Places = Mapping[int, tuple[int, StoredPassage]]


def _source_text(source: Document, passages: Sequence[StoredPassage], edges: _Edges, place_of: _Places) -> SourceText:
    rows = tuple(_source_row(number, passage, edges, place_of) for number, passage in enumerate(passages, start=1))
    states = [row.state for row in rows if row.is_counted]
    left_out, waiting = states.count(SourceState.LEFT_OUT), states.count(SourceState.NOT_YET)
    return SourceText(source, rows, len(states) - left_out - waiting, left_out, waiting)


def _source_row(number: int, passage: StoredPassage, edges: _Edges, place_of: _Places) -> SourceRow:
    found = edges.of_source.get(passage.passage_id, [])
    standing = [edge for edge in found if edge.places]
    dropped = [edge for edge in found if edge.is_dropped]
    state, shown = SourceState.NOT_YET, []
    if standing:
        state = _state_of(passage, standing, edges, place_of)
        shown = [_source_edge(edge, *place_of[edge.places[0]]) for edge in standing]
    elif dropped:
        state, shown = SourceState.LEFT_OUT, [_source_edge(edge) for edge in dropped]
    return SourceRow(
        number,
        passage.public_id,
        passage.kind,
        passage.lang,
        passage.html,
        state,
        tuple(shown),
        passage.kind not in UNCOUNTED,
    )


def _source_edge(edge: _Standing, number: int | None = None, place: StoredPassage | None = None) -> SourceEdge:
    origin = edge.origin
    return SourceEdge(origin.edge_id, number, place.public_id if place else "", origin.reason, origin.by_name)


def _state_of(passage: StoredPassage, standing: Sequence[_Standing], edges: _Edges, place_of: _Places) -> SourceState:
    """By what stands there now, not by what was true when it was carried: words change afterwards."""
    places = [place for edge in standing for place in edge.places]
    if any(place_of[place][1].text == passage.text for place in places):
        return SourceState.KEPT
    is_shared = any(len({edge.earlier_id for edge in edges.of_place[place]}) > 1 for place in places)
    if is_shared or any(edge.origin.kind == LineageKind.MERGED for edge in standing):
        return SourceState.MERGED
    return SourceState.REWORDED


def _target_row(number: int, passage: StoredPassage, edges: _Edges, seen: Collection[int]) -> TargetRow:
    found = edges.of_place.get(passage.passage_id, ())
    origins = tuple(edge.origin for edge in found if edge.source_id in seen)
    return TargetRow(number, passage.public_id, passage.kind, passage.lang, passage.text, passage.html, origins)


def _sections_of(document: Document, rows: Iterable[tuple[str, TargetRow]]) -> tuple[TargetSection, ...]:
    """The body under its template's sections, empty ones too; a summary stands in the head once there is one."""
    within: dict[str, list[TargetRow]] = defaultdict(list)
    has_summary = False
    for section, row in rows:
        has_summary = has_summary or row.kind == PassageKind.SUMMARY
        if row.kind not in HEAD_KINDS:
            within[section].append(row)
    titles: dict[str, tuple[str, str]] = {}
    for one in document.template.every_section if document.template else ():
        if (not one.removed and not (one.key == SUMMARY_SECTION and has_summary)) or one.key in within:
            titles[one.key] = in_language(one.titles, document.lang)
    keys = [*titles, *(key for key in within if key not in titles)] or [""]
    return tuple(TargetSection(key, *titles.get(key, (key, document.lang)), rows=tuple(within[key])) for key in keys)
