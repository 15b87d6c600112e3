"""What later rooms let lists of inputs be narrowed down to, as theirs: a plain registry they fill in `ready()`.

A facet has a parameter of the address, a field of the form above the list, and a table of its own with a row for each
input that belongs to one of its values, along which a list can walk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that lists can be narrowed down to.

    `name` is the parameter and `plural` what programs find an input's values under; `label` and `everything` stand at
    the field and as its first choice. `choices` are those of a process for an actor, with numbers that hold for them;
    `find` is the id of the value that an address asks for, 0 where there is none. `rows` are those of the value with
    an id: of a table with the fields `input` and `at` (the input's own), an index over id, `at` and `input`, and one
    row for each input. `values_of` are the values of inputs, by the inputs' ids, in one query. `page`, the name of an
    address below the process's, tells more; `way` leads there.
    """

    name: str
    plural: str
    label: str | Promise
    everything: str | Promise
    way: str | Promise
    page: str
    choices: Callable[[Process, Actor], Sequence[FacetChoice]]
    find: Callable[[Process, Actor, str], int]
    rows: Callable[[int], QuerySet[Any]]
    values_of: Callable[[Process, Actor, Sequence[int]], Mapping[int, Sequence[str]]]


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
