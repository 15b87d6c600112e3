"""What later rooms let lists of inputs be narrowed down to, as theirs: a plain registry they fill in `ready()`.

A facet has a parameter of the address, a field of the form above the list, and a table of its own with a row for each
input that belongs to one of its values, along which a list can walk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise

from harken.base.actions import Actor
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A value to choose: as addresses and people have it, `depth` steps below others, and how many inputs have it."""

    value: str
    name: str
    depth: int
    number: int


class FacetValues(Protocol):
    """The values of a facet in a process as a visitor has them, read once for a page."""

    def choices(self) -> Sequence[FacetChoice]:
        """All of them, with numbers that hold for the visitor."""
        ...

    def find(self, value: str) -> int:
        """The id of the one that an address asks for, 0 where there is none."""
        ...

    def of_inputs(self, inputs: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """Those of inputs, by the inputs' ids. One query."""
        ...


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that lists can be narrowed down to.

    `name` is the parameter and `plural` what programs find an input's values under; `label` and `everything` stand at
    the field and as its first choice. `read` gives the values of a process for an actor. `rows` are those of the
    value with an id: of a table with the fields `input` and `at` (the input's own), an index over id, `at` and
    `input`, and one row for each input. `page`, the name of an address below the process's, tells more; `way` leads
    there.
    """

    name: str
    plural: str
    label: str | Promise
    everything: str | Promise
    way: str | Promise
    page: str
    read: Callable[[Process, Actor], FacetValues]
    rows: Callable[[int], QuerySet[Any]]


_FACETS: dict[str, Facet] = {}


def register_facet(facet: Facet) -> None:
    """Let lists be narrowed down to it; a name is registered once."""
    if facet.name in _FACETS:
        raise ValueError(f"The facet {facet.name} is registered twice.")
    _FACETS[facet.name] = facet


def facets() -> tuple[Facet, ...]:
    """All of them, in the order of registration."""
    return tuple(_FACETS.values())


def find_facet(name: str) -> Facet:
    """The facet of this name."""
    return _FACETS[name]
