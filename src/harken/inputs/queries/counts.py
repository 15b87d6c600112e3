"""How much was said, from the numbers that whoever writes inputs keeps."""

from django.db.models import Sum

from harken.inputs.models import InputCount, Source
from harken.processes.models import Process


def count_in_process(process: Process) -> int:
    """How many inputs the process has. One query."""
    return InputCount.objects.filter(process=process).aggregate(sum=Sum("inputs"))["sum"] or 0


def count_by_document(process: Process) -> dict[int | None, int]:
    """How many inputs are about each document, by its id; None counts those about no document. One query."""
    rows = InputCount.objects.filter(process=process).values_list("document").annotate(sum=Sum("inputs"))
    return {document: inputs for document, inputs in rows.order_by("document") if inputs}


def count_by_source(process: Process) -> dict[int, int]:
    """How many inputs came from each source, by its id. One query."""
    rows = InputCount.objects.filter(process=process).values_list("source").annotate(sum=Sum("inputs"))
    return {source: inputs for source, inputs in rows.order_by("source") if inputs}


def count_in_source(source: Source) -> int:
    """How many inputs came from the source. One query."""
    return InputCount.objects.filter(source=source).aggregate(sum=Sum("inputs"))["sum"] or 0
