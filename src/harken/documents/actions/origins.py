"""Bringing an origin table in: its edges are drawn as if by hand, one by one."""

from django.db import transaction

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.documents.actions.lineage import draw_edge
from harken.documents.models import LineageEdge
from harken.documents.permissions import may_decide_lineage
from harken.documents.queries.origin_plan import OriginPlan


@transaction.atomic
def import_origins(*, actor: Actor, plan: OriginPlan, source: str = "") -> list[LineageEdge]:
    """Draw the edges of a table that are not there as it says; importing the same table again draws none.

    `source` is what the file is called. Raises `NoReason`, `NoSuchEdge`.
    """
    process = plan.iteration.process
    require(may_decide_lineage(actor, process))
    drawn = [
        draw_edge(
            actor=actor,
            process=process,
            earlier=edge.earlier,
            later=edge.later,
            kind=edge.kind,
            reason=edge.reason,
        )
        for edge in plan.to_write
    ]
    if drawn:
        detail = {"iteration": plan.iteration.slug, "edges": len(drawn), "source": source}
        record_event(actor=actor, verb="imported origins", subject=process, detail=detail)
    return drawn
