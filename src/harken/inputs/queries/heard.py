"""How much of what was heard in a process: by channel and language, and the newest of it."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from harken.base.languages import name_in_interface
from harken.inputs.models import Channel, Input, Source
from harken.inputs.queries.ledger import InputRow, list_inputs
from harken.inputs.queries.reading import channels_heard, languages_heard
from harken.processes.models import Process

MOST_ROWS: Final = 12
_NEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class HeardBar:
    """A row of a figure: the value that a list can be narrowed to, how many, and the length of its bar, 0 to 100."""

    value: str
    name: str
    number: int
    width: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard; `number` is of all that can be read."""

    number: int
    channels: tuple[HeardBar, ...]
    languages: tuple[HeardBar, ...]
    other_languages: int
    newest: tuple[InputRow, ...]


def what_was_heard(process: Process, inputs: QuerySet[Input], sources: QuerySet[Source]) -> Heard:
    """What a process's page says of its input: of `inputs` that all may read, from `sources`. At most eight queries."""
    by_channel = channels_heard(process, sources)
    by_language = languages_heard(process, sources)
    missing = Input.objects.filter(process=process, standing__isnull=False, source__in=sources.values("pk")).count()
    return Heard(
        number=max(0, sum(number for _channel, number in by_channel) - missing),
        channels=_draw([(code, str(Channel(code).label), number) for code, number in by_channel]),
        languages=_draw([(code, name_in_interface(code), number) for code, number in by_language if code][:MOST_ROWS]),
        other_languages=len([code for code, _number in by_language if code]) - MOST_ROWS,
        newest=list_inputs(inputs, size=_NEWEST).rows,
    )


def _draw(rows: list[tuple[str, str, int]]) -> tuple[HeardBar, ...]:
    most = max((number for _value, _name, number in rows), default=0)
    return tuple(HeardBar(value, name, number, f"{max(1.0, 100 * number / most):.1f}") for value, name, number in rows)
