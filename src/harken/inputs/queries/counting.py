"""Numbers of inputs, counted no further than matters."""

from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from harken.inputs.models import Input
from harken.processes.models import Process


class _HowMany(Subquery):
    """How many rows a query has, as a column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def ask_how_many(process: int, several: Sequence[QuerySet[Input]], most: int) -> QuerySet[Any, Any]:
    """How many there are of `several` inputs of the process, each counted no further than one beyond `most`: a row."""
    counted = (_HowMany(inputs.order_by().values("pk")[: most + 1]) for inputs in several)
    return Process.objects.filter(pk=process).values_list(*counted)
