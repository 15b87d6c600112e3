"""How one document or one group's documents hang together with the others of their iteration."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q
from django.utils.translation import gettext as _

from harken.base.frozen_query import FrozenQuery
from harken.documents.models import EdgeState, Link, LinkKind
from harken.people.models import Group
from harken.processes.models import Iteration


def name_relation(kind: str, *, is_source: bool) -> str:
    """What a link says of one of its ends, in the interface's language: "depends on", or "is needed by"."""
    if kind == LinkKind.DEPENDS_ON and not is_source:
        return _("is needed by")
    if kind == LinkKind.SUPPORTS and not is_source:
        return _("is supported by")
    return str(LinkKind(kind).label)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as seen from one document, with the document at its other end."""

    kind: str
    is_source: bool
    state: str
    reason: str
    words: tuple[str, ...]
    code: str
    title: str
    lang: str
    group_name: str
    group_lang: str

    @property
    def relation(self) -> str:
        """What this document does to the other: it "depends on" it, or "is needed by" it."""
        return name_relation(self.kind, is_source=self.is_source)


_END_FIELDS: Final = ("code", "title", "lang", "chapter__group__name", "chapter__group__lang")
_ENDS: Final = tuple(f"{end}__{name}" for end in ("source", "target") for name in _END_FIELDS)
_KINDS: Final = {kind: place for place, kind in enumerate(LinkKind.values)}
_LINKS: Final = FrozenQuery(
    lambda document: (
        Link.objects.filter(
            Q(source=document, target__published__isnull=False) | Q(target=document, source__published__isnull=False),
            iteration__is_public=True,
            state="accepted",
        )
        .order_by("id")
        .values_list("kind", "state", "reason", "words", "source_id", *_ENDS)
    )
)


def links_of(document: int) -> tuple[LinkRow, ...]:
    """The accepted links of the document with this key to published ones, by kind. One query.

    What the machine proposed is not among them: a person has to accept it before readers see it.
    """
    rows = []
    for kind, state, reason, words, source, *ends in _LINKS.rows(document=document):
        is_source = source == document
        other = ends[len(_END_FIELDS) :] if is_source else ends[: len(_END_FIELDS)]
        rows.append(LinkRow(kind, is_source, state, reason, tuple(words), *other))
    return tuple(sorted(rows, key=lambda row: (_KINDS[row.kind], not row.is_source)))


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """Where a document of one group overlaps or conflicts with one of another group, drafts among them."""

    kind: str
    state: str
    reason: str
    words: tuple[str, ...]
    score: float | None
    own_code: str
    own_title: str
    own_lang: str
    code: str
    title: str
    lang: str
    group_name: str
    group_lang: str
    is_published: bool

    @property
    def kind_name(self) -> str:
        """What the kind is called in the interface's language."""
        return str(LinkKind(self.kind).label)


_OVERLAP_ENDS: Final = (*_ENDS, "source__published_id", "target__published_id")


def overlaps_with(group: Group, iteration: Iteration) -> tuple[OverlapRow, ...]:
    """Where a group's documents overlap or conflict with other groups', proposed or accepted, conflicts first.

    Tells title and shared words of the other group's private drafts too, as both groups are to know: for pages that
    only the group's members, its reviewers and organisers see. One query.
    """
    here, there = Q(source__chapter__group=group), Q(target__chapter__group=group)
    links = (
        Link.objects.filter((here & ~there) | (there & ~here), iteration=iteration)
        .filter(kind__in=[LinkKind.CONFLICTS_WITH, LinkKind.OVERLAPS])
        .exclude(state=EdgeState.REJECTED)
        .order_by("kind", "state", F("score").desc(nulls_first=True), "id")
        .values_list("kind", "state", "reason", "words", "score", "source__chapter__group_id", *_OVERLAP_ENDS)
    )
    rows = []
    width = len(_END_FIELDS)
    for kind, state, reason, words, score, source_group, *fields in links:
        source, target = fields[:width], fields[width : 2 * width]
        is_source = source_group == group.pk
        own, other = (source, target) if is_source else (target, source)
        published = fields[-1] if is_source else fields[-2]
        ends: tuple[Any, ...] = (*own[:3], *other, published is not None)
        rows.append(OverlapRow(kind, state, reason, tuple(words), score, *ends))
    return tuple(rows)
