"""Saying what became of each draft: proposals by machine, decisions by people. Nothing is ever deleted.

Each write notes the change first: so it holds the process's row before any edge, and two never wait for each other.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.core.text.lineage import METHOD, VERSION, LineageParameters, LineageText, ProposedEdge, propose_lineage
from harken.documents.actions.locking import hold
from harken.documents.models import Document, EdgeState, LineageDecision, LineageEdge, LineageKind
from harken.documents.permissions import may_decide_lineage, may_edit_document
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration, Process


class NoReason(Exception):
    """A decision about lineage needs a reason in words."""


class NoSuchEdge(Exception):
    """The two ends do not make an edge: they lie in different processes, or do not lead forward."""


def _texts_of(iteration: Iteration) -> list[LineageText]:
    documents = Document.objects.filter(iteration=iteration).select_related("chapter__group")
    return [
        LineageText(
            key=str(document.pk),
            group=document.chapter.group.code,
            title=document.title,
            text=document.lede if document.lede != document.title else "",
            language=document.lang,
        )
        for document in documents.order_by("chapter__position", "position", "id")
    ]


def _describe_method(parameters: LineageParameters) -> str:
    return f"{METHOD} {VERSION} {parameters}"[:200]


@transaction.atomic
def propose_edges(
    *, actor: Actor, earlier: Iteration, later: Iteration, parameters: LineageParameters | None = None
) -> list[LineageEdge]:
    """Let the machine propose edges between two iterations; what exists, and what people decided, stays as it is.

    A document that people have decided about is not declared new or dropped. Returns the proposals added.
    """
    require(may_decide_lineage(actor, later.process))
    chosen = parameters or LineageParameters()
    proposals = propose_lineage(_texts_of(earlier), _texts_of(later), parameters=chosen)
    mark_changed(later.process)
    between = LineageEdge.objects.filter(process=later.process)
    known = {(edge.earlier_id, edge.later_id) for edge in between}
    settled = {
        end
        for edge in between
        if edge.state == EdgeState.ACCEPTED
        for end in ((edge.earlier_id, "earlier"), (edge.later_id, "later"))
    }
    made = LineageEdge.objects.bulk_create(
        _new_edges(later.process, proposals, known, settled, _describe_method(chosen))
    )
    detail = {"earlier": earlier.slug, "later": later.slug, "edges": len(made), "method": _describe_method(chosen)}
    record_event(actor=actor, verb="proposed lineage", subject=later.process, detail=detail)
    return made


def _new_edges(
    process: Process,
    proposals: Iterable[ProposedEdge],
    known: set[tuple[int | None, int | None]],
    settled: set[tuple[int | None, str]],
    method: str,
) -> list[LineageEdge]:
    edges = []
    for proposal in proposals:
        earlier = int(proposal.earlier) if proposal.earlier is not None else None
        later = int(proposal.later) if proposal.later is not None else None
        one_ended = earlier is None or later is None
        decided = (earlier, "earlier") in settled if later is None else (later, "later") in settled
        if (earlier, later) in known or (one_ended and decided):
            continue
        edges.append(
            LineageEdge(
                process=process,
                earlier_id=earlier,
                later_id=later,
                kind=LineageKind(proposal.kind),
                score=round(proposal.score, 4),
                words=list(proposal.words),
                method=method,
            )
        )
    return edges


def _decide(*, actor: Actor, edge: LineageEdge, state: EdgeState, kind: LineageKind, reason: str) -> None:
    LineageDecision.objects.create(
        edge=edge,
        state=state,
        kind=kind,
        reason=reason,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )
    edge.state, edge.kind, edge.reason = state, kind, reason
    edge.save(update_fields=["state", "kind", "reason"])
    detail = {"state": state, "kind": kind, "reason": reason, "earlier": edge.earlier_id, "later": edge.later_id}
    record_event(actor=actor, verb="decided lineage", subject=edge, detail=detail)


def check_reason(reason: str) -> str:
    """The reason, which readers see with an edge or a link. Raises `NoReason`."""
    if not reason.strip():
        raise NoReason(_("Say why, in a few words: readers will see it."))
    return reason.strip()


@transaction.atomic
def decide_edge(
    *, actor: Actor, edge: LineageEdge, state: EdgeState, reason: str, kind: LineageKind | None = None
) -> LineageEdge:
    """Accept or reject an edge with a reason; deciding again adds a decision and keeps the former."""
    require(may_decide_lineage(actor, edge.process))
    reason = check_reason(reason)
    mark_changed(edge.process)
    locked = hold(LineageEdge.objects.select_related("process")).get(pk=edge.pk)
    _decide(actor=actor, edge=locked, state=state, kind=kind or LineageKind(locked.kind), reason=reason)
    return locked


@transaction.atomic
def draw_edge(
    *,
    actor: Actor,
    process: Process,
    earlier: Document | None,
    later: Document | None,
    kind: LineageKind,
    reason: str,
) -> LineageEdge:
    """Draw an edge a person knows of, accepted at once; an edge between the same ends is decided anew instead.

    Raises `NoSuchEdge` unless the ends lie in this process and lead from an earlier iteration to a later one.
    """
    require(may_decide_lineage(actor, process))
    reason = check_reason(reason)
    _check_ends(process, earlier, later, kind)
    mark_changed(process)
    edge, _created = hold(LineageEdge.objects.all()).get_or_create(
        earlier=earlier, later=later, defaults={"process": process, "kind": kind}
    )
    _decide(actor=actor, edge=edge, state=EdgeState.ACCEPTED, kind=kind, reason=reason)
    return edge


CARRIED = "carried across"
"""The method of an edge that was drawn because passages were carried from one text into the other."""


@transaction.atomic
def connect_texts(
    *, actor: Actor, earlier: Document, later: Document, kind: LineageKind, reason: str, method: str = ""
) -> LineageEdge:
    """Say where a text comes from while it is written: whoever may change `later` knows that of it.

    An accepted edge stays as it is; a proposed or rejected one is accepted. Where several texts lead to `later`, those
    said to be kept or revised are merged from now on, for the reasons they were given. Raises `NoReason`, `NoSuchEdge`.
    """
    require(may_edit_document(actor, later))
    reason = check_reason(reason)
    process = later.iteration.process
    _check_ends(process, earlier, later, kind)
    mark_changed(process)
    edge, _created = hold(LineageEdge.objects.all()).get_or_create(
        earlier=earlier, later=later, defaults={"process": process, "kind": kind, "method": method}
    )
    alone = (LineageKind.KEPT, LineageKind.REVISED)
    beside = LineageEdge.objects.filter(later=later, earlier__isnull=False, state=EdgeState.ACCEPTED)
    others = list(hold(beside).exclude(pk=edge.pk).select_related("process").order_by("pk"))
    if others and kind in alone:
        kind = LineageKind.MERGED
    if edge.state != EdgeState.ACCEPTED:
        _decide(actor=actor, edge=edge, state=EdgeState.ACCEPTED, kind=kind, reason=reason)
    for other in others:
        if other.kind in alone:
            _decide(actor=actor, edge=other, state=EdgeState.ACCEPTED, kind=LineageKind.MERGED, reason=other.reason)
    return edge


@transaction.atomic
def disconnect_texts(*, actor: Actor, earlier: Document, later: Document, reason: str) -> None:
    """Take back an edge that stood for carried passages alone, when the last of them is taken back."""
    require(may_edit_document(actor, later))
    mark_changed(later.iteration.process)
    edges = hold(LineageEdge.objects.select_related("process"))
    edge = edges.filter(earlier=earlier, later=later, state=EdgeState.ACCEPTED, method=CARRIED).first()
    if edge:
        kind = LineageKind(edge.kind)
        _decide(actor=actor, edge=edge, state=EdgeState.REJECTED, kind=kind, reason=check_reason(reason))


def _check_ends(process: Process, earlier: Document | None, later: Document | None, kind: LineageKind) -> None:
    ends = [end for end in (earlier, later) if end]
    if not ends or any(end.iteration.process_id != process.pk for end in ends):
        raise NoSuchEdge(_("Choose documents of this process."))
    if earlier and later and earlier.iteration.number >= later.iteration.number:
        raise NoSuchEdge(_("An edge leads from an earlier iteration to a later one."))
    if (kind == LineageKind.NEW) != (earlier is None) or (kind == LineageKind.DROPPED) != (later is None):
        raise NoSuchEdge(_("What is new has nothing before it, what is dropped nothing after it."))
