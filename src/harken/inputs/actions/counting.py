"""The numbers of inputs: kept by whoever writes inputs, and counted anew when somebody doubts them."""

from typing import Final

from django.db import connection, transaction
from django.db.models import Count, Sum

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.inputs.models import Input, InputCount, Source
from harken.processes.models import Process
from harken.processes.permissions import may_edit_process

PARTS: Final = 16
"""So many people can write inputs about one document at once before one waits for another's count."""

_ADD: Final = (
    "INSERT INTO inputs_inputcount (process_id, source_id, document_id, part, inputs) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (source_id, (COALESCE(document_id, 0)), part) "
    "DO UPDATE SET inputs = inputs_inputcount.inputs + excluded.inputs"
)


def count_inputs(*, source: Source, document_id: int | None, inputs: int, first_id: int) -> None:
    """Add so many inputs, the first of which is `first_id`, to the numbers. Part of their transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [source.process_id, source.pk, document_id, first_id % PARTS, inputs])


@transaction.atomic
def recount_inputs(*, actor: Actor, process: Process) -> int:
    """Count a process's inputs anew; returns how many of its numbers were wrong. Writes wait meanwhile."""
    require(may_edit_process(actor, process))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Whoever has counted but not yet committed is waited for; whoever comes later counts on top.
            cursor.execute("LOCK TABLE inputs_inputcount IN SHARE ROW EXCLUSIVE MODE")
    counts = InputCount.objects.filter(process=process)
    sums = counts.values_list("source", "document").annotate(sum=Sum("inputs")).order_by()
    kept = {(source, document): inputs for source, document, inputs in sums if inputs}
    rows = Input.objects.filter(process=process).values_list("source", "document").annotate(count=Count("pk"))
    found = {(source, document): inputs for source, document, inputs in rows.order_by()}
    wrong = [key for key in kept.keys() | found.keys() if kept.get(key) != found.get(key)]
    if not wrong:
        return 0
    counts.delete()
    InputCount.objects.bulk_create(
        InputCount(process=process, source_id=source, document_id=document, part=0, inputs=inputs)
        for (source, document), inputs in found.items()
    )
    record_event(actor=actor, verb="recounted inputs", subject=process, detail={"wrong": len(wrong)})
    return len(wrong)
