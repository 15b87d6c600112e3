"""What a document's page shows, in a fixed number of SQL queries however much hangs on the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.frozen_query import FrozenQuery
from harken.documents.models import (
    Depth,
    Document,
    EdgeState,
    LineageEdge,
    LineageKind,
    ReadyText,
    Revision,
    Template,
)
from harken.documents.passage_html import AssembledText, assemble_text, stamp_of
from harken.documents.queries.consensus import AcceptancePanel, ConsensusPanel, acceptance_of, consensus_of
from harken.documents.queries.links import LinkRow, links_of
from harken.documents.queries.marginalia import PassageCounts, count_marginalia
from harken.documents.queries.reading import IS_PUBLISHED
from harken.documents.queries.synthesis import OriginRow, passage_origins
from harken.documents.queries.texts import load_passages
from harken.processes.keeping import keep_with


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
class DepthChoice:
    """A way to read a document; without a value the usual one."""

    value: str
    label: str
    is_current: bool


def depth_choices(template: Template | None, text: AssembledText, current: str) -> tuple[DepthChoice, ...]:
    """The depths a reader can choose from: none where the sections all belong to the same ones, or hold no words."""
    if template is None or len({section.depths for section in template.sections}) < 2:
        return ()
    if not current and not text.has_sections:
        return ()
    return tuple(
        DepthChoice(value, str(label), is_current=value == current)
        for value, label in ((Depth.SUMMARY, Depth.SUMMARY.label), (Depth.CORE, Depth.CORE.label), ("", _("All")))
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The published texts that a document is tied to, as everybody sees them."""

    back: tuple[EdgeRow, ...]
    onward: tuple[EdgeRow, ...]
    previous: Neighbour | None
    next: Neighbour | None
    links: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """What stands around a document's text, and the text itself."""

    text: AssembledText
    revision: Revision
    around: Surroundings
    counts: dict[str, PassageCounts]
    origins: dict[str, tuple[OriginRow, ...]]
    consensus: ConsensusPanel | None
    acceptance: AcceptancePanel | None

    @property
    def suggestions(self) -> int:
        """How many suggestions wait."""
        return sum(counts.suggestions + counts.stale for counts in self.counts.values())

    @property
    def about_it(self) -> tuple[tuple[str, int], ...]:
        """What later rooms count about the whole document, by name."""
        found = self.counts.get("")
        return found.others if found else ()


_PUBLISHED: Final = FrozenQuery(
    lambda process, iteration, code: (
        Document.objects.filter(IS_PUBLISHED, iteration__process=process, iteration__slug=iteration, code=code)
        .select_related("iteration", "chapter__group", "published", "template", "ready")
        .defer("lede", "published__version_ids", "published__blanks")
    ),
    texts=("iteration", "code"),
)


def find_published(process_id: int, iteration_slug: str, code: str) -> Document | None:
    """The document at this address of a public process if readers may see it, with all its page names. One query."""
    return next(iter(_PUBLISHED.objects(process=process_id, iteration=iteration_slug, code=code)), None)


def _ready_text(document: Document, *, depth: str, passage_pages: str) -> AssembledText:
    """The published text as it was made ready; where it is wanted otherwise, put together now. Two queries at most."""
    ready: ReadyText | None = getattr(document, "ready", None)
    usual = not depth and passage_pages == "passages/"
    if usual and ready and ready.revision_id == document.published_id and ready.stamp == stamp_of(document.template):
        return AssembledText.from_json(ready.head, ready.contents, ready.html)
    if document.published and (missing := document.published.get_deferred_fields()):
        document.published.refresh_from_db(fields=list(missing))
    return assemble_text(
        load_passages(document.published),
        lang=document.lang,
        template=document.template,
        depth=depth,
        passage_pages=passage_pages,
    )


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
            | Q(earlier=document, later__published__isnull=False, later__iteration__is_public=True)
            | Q(later=document, earlier__published__isnull=False, earlier__iteration__is_public=True)
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


def _surroundings_of(document: Document) -> Surroundings:
    """What readers can go on to from here. Four queries, or none while nothing in the process changed."""

    def read() -> Surroundings:
        back, onward = _edges_of(document)
        before, after = _neighbours_of(document)
        return Surroundings(back, onward, before, after, links_of(document.pk))

    return keep_with(document.iteration.process, ("surroundings", document.pk), read)


def document_page(
    document: Document, user: Actor, *, depth: str = "", reads_draft: bool = False, static_copy: bool = False
) -> DocumentPage:
    """What readers see at `document`'s address.

    Seven queries, three for strangers while nothing in the process changed; one more for a text that asks to be
    accepted; two more where the text is not ready as it is wanted. A copy in files has no passages' pages, so nothing
    waits on them.
    """
    if document.published is None:
        raise ValueError(f"{document} was not published.")
    return DocumentPage(
        text=_ready_text(document, depth=depth, passage_pages="" if static_copy else "passages/"),
        revision=document.published,
        around=_surroundings_of(document),
        counts={} if static_copy else count_marginalia(document, reads_draft=reads_draft),
        origins=passage_origins(document, document.published),
        consensus=consensus_of(document, published=True),
        acceptance=acceptance_of(document, user),
    )
