"""Themes as lists of inputs know them."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harken.analysis.models import CodingState, ThemedExtract, ThemedInput
from harken.analysis.queries.themes import ThemeTree, read_tree
from harken.base.actions import Actor
from harken.inputs.facets import Facet, FacetChoice
from harken.inputs.permissions import may_work_with_inputs, sources_visible_to
from harken.processes.keeping import keep_with
from harken.processes.models import Process
from harken.processes.permissions import may_see_process


def tree_for(process: Process, actor: Actor) -> ThemeTree:
    """The themes of a process with the numbers that hold for a visitor.

    Strangers all see the same, until somebody codes, moves a theme or hides an input: all of these change the
    process's version.
    """
    if not may_see_process(actor, process):
        return ThemeTree((), {}, {})
    if actor.is_authenticated:
        return _read_tree(process, actor)
    return keep_with(process, "themes", lambda: _read_tree(process, actor), may_be_empty=True)


def _read_tree(process: Process, actor: Actor) -> ThemeTree:
    everything = bool(may_work_with_inputs(actor, process))
    return read_tree(process, sources_visible_to(actor, process), everything=everything)


def _choices(process: Process, actor: Actor) -> list[FacetChoice]:
    return [FacetChoice(row.code, row.name, row.depth, row.number) for row in tree_for(process, actor).rows]


def _find(process: Process, actor: Actor, code: str) -> int:
    found = tree_for(process, actor).find(code)
    return found.pk if found else 0


def _rows(theme: int) -> QuerySet[ThemedInput]:
    return ThemedInput.objects.filter(theme=theme)


def _values_of(process: Process, actor: Actor, inputs: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The codes of the themes that people accepted for inputs, in the order of the tree."""
    tree = tree_for(process, actor)
    accepted = ThemedExtract.objects.filter(input__in=inputs, state=CodingState.ACCEPTED).order_by()
    found: dict[int, set[int]] = {}
    for said, theme in accepted.values_list("input_id", "theme_id"):
        if (row := tree.shown(theme)) is not None:
            found.setdefault(said, set()).add(row.pk)
    return {said: [row.code for row in tree.rows if row.pk in themes] for said, themes in found.items()}


THEME_FACET: Final = Facet(
    name="theme",
    plural="themes",
    label=_("Theme"),
    everything=_("all themes"),
    way=_("By theme"),
    page="themes",
    choices=_choices,
    find=_find,
    rows=_rows,
    values_of=_values_of,
)
