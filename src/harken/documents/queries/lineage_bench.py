"""What the lineage bench shows: edges with both texts side by side and the words that speak for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from django.db.models import Count, F, QuerySet
from django.utils.text import Truncator

from harken.core.text.words import QueryTerm, highlight, query_terms
from harken.documents.models import Document, EdgeState, LineageDecision, LineageEdge, LineageKind, PassageKind, Version

# Characters of a text that stand on the bench; the rest is one link away.
MOST_OF_A_TEXT: Final = 900
MOST_DOCUMENTS_OFFERED: Final = 1000
MOST_REASONS_OFFERED: Final = 20

# How alike two texts are, in a word, from which score on; beside each stands the score itself. Equal texts are "same".
STRENGTHS: Final = ((0.95, "nearly"), (0.7, "very"), (0.45, "quite"), (0.2, "partly"), (0.0, "hardly"))

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class BenchText:
    """One end of an edge: title and paragraphs in pieces, each with whether it is one of the words behind the edge.

    `is_cut` says that there is more of it than `MOST_OF_A_TEXT` characters.
    """

    document: Document
    title: Pieces
    paragraphs: tuple[Pieces, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class BenchRow:
    """An edge with its ends.

    `strength` is "same", a word of `STRENGTHS`, or empty where nothing was measured; `next_id` is the edge that follows
    in the list.
    """

    edge: LineageEdge
    earlier: BenchText | None
    later: BenchText | None
    strength: str
    kinds: tuple[LineageKind, ...]
    decisions: tuple[LineageDecision, ...]
    next_id: int | None


def possible_kinds(edge: LineageEdge) -> tuple[LineageKind, ...]:
    """What may be said of an edge, by the ends it has."""
    if edge.earlier_id is None:
        return (LineageKind.NEW,)
    if edge.later_id is None:
        return (LineageKind.DROPPED,)
    return (LineageKind.KEPT, LineageKind.REVISED, LineageKind.MERGED, LineageKind.SPLIT)


def bench_edges(edges: QuerySet[LineageEdge], state: str) -> QuerySet[LineageEdge]:
    """The edges of one state, the surest first; those drawn by hand, which have no score, last."""
    return (
        edges.filter(state=state)
        .select_related("earlier__current", "earlier__published", "later__current", "later__published")
        .prefetch_related("decisions")
        .order_by(F("score").desc(nulls_last=True), "id")
    )


def count_states(edges: QuerySet[LineageEdge]) -> dict[str, int]:
    """How many edges are in each state. One query."""
    counted = dict(edges.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in EdgeState.values}


def bench_rows(edges: Iterable[LineageEdge]) -> list[BenchRow]:
    """The rows for `edges`. One query for all their words."""
    listed = list(edges)
    bodies = bodies_of([end for edge in listed for end in (edge.earlier, edge.later) if end])
    following = [edge.pk for edge in listed[1:]]
    return [_bench_row(edge, bodies, next_id) for edge, next_id in zip_longest(listed, following)]


def _bench_row(edge: LineageEdge, bodies: dict[int, list[str]], next_id: int | None) -> BenchRow:
    languages = [end.lang for end in (edge.earlier, edge.later) if end]
    # Whole words only: what begins with the same letters is no evidence.
    terms = [term._replace(prefix="") for term in query_terms(" ".join(edge.words), languages)]
    return BenchRow(
        edge=edge,
        earlier=_bench_text(edge.earlier, terms, bodies),
        later=_bench_text(edge.later, terms, bodies),
        strength=_strength_of(edge, bodies),
        kinds=possible_kinds(edge),
        decisions=tuple(reversed(edge.decisions.all())),
        next_id=next_id,
    )


def _strength_of(edge: LineageEdge, bodies: dict[int, list[str]]) -> str:
    if edge.earlier is None or edge.later is None or edge.score is None:
        return ""
    if (edge.earlier.title, bodies.get(edge.earlier.pk)) == (edge.later.title, bodies.get(edge.later.pk)):
        return "same"
    return next(word for least, word in STRENGTHS if edge.score >= least)


def _bench_text(
    document: Document | None, terms: Sequence[QueryTerm], bodies: dict[int, list[str]]
) -> BenchText | None:
    if document is None:
        return None
    room, shown = MOST_OF_A_TEXT, []
    paragraphs = bodies.get(document.pk, [])
    for paragraph in paragraphs:
        if room <= 0:
            break
        shown.append(Truncator(paragraph).chars(room))
        room -= len(paragraph)
    pieces = tuple(highlight(paragraph, terms) for paragraph in shown)
    return BenchText(document, highlight(document.title, terms), pieces, is_cut=shown != paragraphs)


def bodies_of(documents: Iterable[Document]) -> dict[int, list[str]]:
    """The paragraphs of each document, by its id: its words without title and headings.

    Those readers see, where there are any: whoever decides about a text need not be one who may read its draft.
    """
    shown = {document.pk: document.published or document.current for document in documents}
    ids = {pk: revision.version_ids for pk, revision in shown.items() if revision}
    wanted = {version for versions in ids.values() for version in versions}
    words = Version.objects.filter(pk__in=wanted).exclude(kind__in=[PassageKind.TITLE, PassageKind.HEADING])
    said = dict(words.values_list("pk", "text"))
    return {pk: [said[version] for version in versions if version in said] for pk, versions in ids.items()}


def offered_documents(documents: QuerySet[Document]) -> list[tuple[str, str]]:
    """Addresses (`iteration-2/AD-R2`) and titles to choose an edge's ends from, at most `MOST_DOCUMENTS_OFFERED`."""
    rows = documents.order_by("-iteration__number", "chapter__position", "position", "id")
    named = rows.values_list("iteration__slug", "code", "title")[:MOST_DOCUMENTS_OFFERED]
    return [(f"{slug}/{code}", title) for slug, code, title in named]


def offered_reasons(edges: QuerySet[LineageEdge]) -> list[str]:
    """Reasons people gave lately for these edges, each once: the next decision is often like the last."""
    given = LineageDecision.objects.filter(edge__in=edges).order_by("-id").values_list("reason", flat=True)
    return list(dict.fromkeys(given[:200]))[:MOST_REASONS_OFFERED]
