"""What moderators look at: what waits for them, what somebody complains of, appeals, and what is hidden."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Count, Min, Q, QuerySet

from harken.base.models import AuditEvent
from harken.inputs.models import Complaint, Fault, Hiding, Input, Standing, Support
from harken.inputs.queries.ledger import Cursor, InputRow, describe_rows
from harken.processes.models import Process

PAGE: Final = 50
MOST_COUNTED: Final = 1_000
HELD_VERB: Final = "held input"
"""The verb of the audit event that says why the machine held an input."""


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """What somebody says against an input."""

    fault: str
    text: str
    lang: str
    at: datetime.datetime

    @property
    def fault_name(self) -> str:
        """What is wrong, in the interface's language."""
        return str(Fault(self.fault).label)


@dataclass(frozen=True, slots=True)
class ModeratedRow:
    """An input that moderators look at: why a machine held it (as the audit event tells), what is said against it.

    `agreements` are how many agreements with it wait to be counted.
    """

    said: InputRow
    held: tuple[dict[str, str], ...]
    complaints: tuple[ComplaintRow, ...]
    hiding: Hiding | None
    agreements: int = 0


@dataclass(frozen=True, slots=True)
class ModerationCounts:
    """How much waits, each counted no further than one beyond `MOST_COUNTED`."""

    held: int
    complained: int
    appealed: int
    agreed: int

    @property
    def waiting(self) -> int:
        """All that waits for a moderator."""
        return self.held + self.complained + self.appealed + self.agreed


def count_moderation(process: Process) -> ModerationCounts:
    """How much waits for the moderators of a process. Four queries."""
    held = Input.objects.filter(process=process, standing=Standing.HELD).order_by().values("pk")
    complained = _waiting_complaints(process).order_by().values("input").distinct()
    appealed = _waiting_appeals(process).order_by().values("pk")
    agreed = _waiting_agreements(process).order_by().values("pk")
    counted = (held, complained, appealed, agreed)
    return ModerationCounts(*(found[: MOST_COUNTED + 1].count() for found in counted))


def _waiting_complaints(process: Process) -> QuerySet[Complaint]:
    return Complaint.objects.filter(upheld__isnull=True, input__process=process)


def _waiting_appeals(process: Process) -> QuerySet[Hiding]:
    return Hiding.objects.filter(
        appealed_at__isnull=False, decided_at__isnull=True, lifted_at__isnull=True, input__process=process
    )


def _waiting_agreements(process: Process) -> QuerySet[Support]:
    return Support.objects.filter(standing=Standing.HELD, input__process=process)


def list_held(process: Process, after: Cursor | None = None) -> tuple[list[ModeratedRow], Cursor | None]:
    """What waits to be let through, the longest waiting in front. At most seven queries."""
    found = Input.objects.filter(process=process, standing=Standing.HELD)
    if after is not None:
        found = found.filter(Q(at__gt=after.at) | Q(at=after.at, pk__gt=after.pk), at__gte=after.at)
    inputs = list(found.order_by("at", "pk")[: PAGE + 1])
    return _describe([said.pk for said in inputs[:PAGE]]), _next(inputs)


def list_hidden(process: Process, after: Cursor | None = None) -> tuple[list[ModeratedRow], Cursor | None]:
    """What is hidden, the last said in front. At most seven queries."""
    found = Input.objects.filter(process=process, standing=Standing.HIDDEN)
    if after is not None:
        found = found.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk), at__lte=after.at)
    inputs = list(found.order_by("-at", "-pk")[: PAGE + 1])
    return _describe([said.pk for said in inputs[:PAGE]]), _next(inputs)


def list_complained(process: Process) -> list[ModeratedRow]:
    """What somebody complains of, the longest waiting in front; the first `PAGE`. At most seven queries."""
    waiting = _waiting_complaints(process).order_by().values("input").annotate(first=Min("pk")).order_by("first")
    return _describe([row["input"] for row in waiting[:PAGE]])


def list_appealed(process: Process) -> list[ModeratedRow]:
    """What speakers appeal against, the longest waiting in front; the first `PAGE`. At most seven queries."""
    waiting = _waiting_appeals(process).order_by("appealed_at", "pk")
    return _describe(list(waiting.values_list("input", flat=True)[:PAGE]))


def list_agreed(process: Process) -> list[ModeratedRow]:
    """What much of one network agrees with, the longest waiting in front; the first `PAGE`. At most seven queries."""
    waiting = _waiting_agreements(process).order_by().values("input").annotate(first=Min("pk"), number=Count("pk"))
    numbers = {row["input"]: row["number"] for row in waiting.order_by("first")[:PAGE]}
    return [replace(row, agreements=numbers[row.said.pk]) for row in _describe(list(numbers))]


def _next(inputs: Sequence[Input]) -> Cursor | None:
    return Cursor(inputs[PAGE - 1].at, inputs[PAGE - 1].pk) if len(inputs) > PAGE else None


def _describe(pks: Sequence[int]) -> list[ModeratedRow]:
    events = AuditEvent.objects.filter(subject_kind=Input._meta.label_lower, subject_id__in=pks, verb=HELD_VERB)
    held = {event.subject_id: tuple(event.detail.get("reasons", ())) for event in events.order_by("pk")}
    complaints: dict[int, list[ComplaintRow]] = {}
    for one in Complaint.objects.filter(input__in=pks, upheld__isnull=True):
        complaints.setdefault(one.input_id, []).append(ComplaintRow(one.fault, one.text, one.lang, one.at))
    hidings = {one.input_id: one for one in Hiding.objects.filter(input__in=pks, lifted_at__isnull=True)}
    return [
        ModeratedRow(row, held.get(row.pk, ()), tuple(complaints.get(row.pk, ())), hidings.get(row.pk))
        for row in describe_rows(pks, sees_speakers=True)
    ]
