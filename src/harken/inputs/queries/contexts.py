"""What speakers chose to tell of themselves: beside their words for those who work with these, for others in numbers.

A feed or a list never has it: it is read here, apart from what describes an input.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F

from harken.inputs.models import Consent, ContextFact, ContextKind
from harken.processes.keeping import keep_with, mark_as_read, twin_of
from harken.processes.models import Process

FEWEST: Final = 10
"""What fewer told is not shown; numbers are in full tens, so that one more tells nobody who it was."""


@dataclass(frozen=True, slots=True)
class ContextRow:
    """What a speaker told: of which kind (`ContextKind`, or what a survey called it), and what."""

    kind: str
    value: str

    @property
    def name(self) -> str:
        """The kind in the interface's language."""
        return name_kind(self.kind)


def name_kind(kind: str) -> str:
    """A kind of context in the interface's language; what a survey called it as it stands there."""
    return str(ContextKind(kind).label) if kind in ContextKind.values else kind


def contexts_of(inputs: Iterable[int]) -> dict[int, tuple[ContextRow, ...]]:
    """What the speakers of these inputs told with their newest wordings, by the inputs' ids. One query.

    For those who work with the input alone.
    """
    newest = ContextFact.objects.filter(
        wording__input__in=list(inputs), wording__number=F("wording__input__versions")
    ).exclude(value="")
    told: dict[int, tuple[ContextRow, ...]] = {}
    for pk, kind, value in newest.order_by("pk").values_list("wording__input", "kind", "value"):
        told[pk] = (*told.get(pk, ()), ContextRow(kind, value))
    return told


@dataclass(frozen=True, slots=True)
class HeardContexts:
    """What was told of one kind by at least `FEWEST` each, most in front, in full tens; and whether there are others.

    What the others told is not here: one of them might be the only one who could have.
    """

    kind: str
    values: tuple[tuple[str, int], ...]
    has_others: bool

    @property
    def name(self) -> str:
        """The kind in the interface's language."""
        return name_kind(self.kind)


def who_was_heard(process: Process, now: datetime.datetime) -> tuple[HeardContexts, ...]:
    """What was told until yesterday with inputs that all may read; the same all day, so that nobody watches it grow.

    One query for all who look on one day while the process stays as it is.
    """
    today = now.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # It was read for this page just now, whoever looks, and is only looked at here.
    read = twin_of(process)
    mark_as_read(read)
    return keep_with(read, ("who was heard", today), lambda: _count(process, today), may_be_empty=True)


def _count(process: Process, before: datetime.datetime) -> tuple[HeardContexts, ...]:
    newest = ContextFact.objects.filter(
        wording__input__process=process,
        wording__input__standing__isnull=True,
        wording__input__recorded_at__lt=before,
        wording__number=F("wording__input__versions"),
    ).exclude(value="")
    # What only those who work with it may read is not for everybody's numbers either.
    told = newest.exclude(wording__input__source__consent=Consent.CLOSED).order_by()
    kinds: dict[str, Counter[str]] = {}
    for kind, value, number in told.values_list("kind", "value").annotate(number=Count("wording", distinct=True)):
        kinds.setdefault(kind, Counter())[value] = number
    order = {kind: place for place, kind in enumerate(ContextKind.values)}
    heard = (_choose(kind, kinds[kind]) for kind in sorted(kinds, key=lambda kind: (order.get(kind, len(order)), kind)))
    return tuple(one for one in heard if one.values)


def _choose(kind: str, numbers: Counter[str]) -> HeardContexts:
    many = sorted((one for one in numbers.items() if one[1] >= FEWEST), key=lambda one: (-one[1], one[0]))
    values = tuple((value, number // FEWEST * FEWEST) for value, number in many)
    return HeardContexts(kind, values, has_others=len(values) < len(numbers))
