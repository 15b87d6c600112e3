"""Themes as lists of inputs know them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harken.analysis.models import CodingState, ThemedExtract, ThemedInput
from harken.analysis.queries.themes import ThemeTree
from harken.analysis.theme_tree import tree_for
from harken.base.actions import Actor
from harken.inputs.facets import Facet, FacetChoice
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class ThemeValues:
    """The themes of a process, for one visitor."""

    tree: ThemeTree

    def choices(self) -> list[FacetChoice]:
        """The themes in reading order."""
        return [FacetChoice(row.code, row.name, row.depth, row.inputs) for row in self.tree.rows]

    def find(self, value: str) -> int:
        """The id of the theme with a code, or of the one that it was merged into."""
        found = self.tree.find(value)
        return found.pk if found else 0

    def of_inputs(self, inputs: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """The codes of the themes that people accepted for inputs, in the order of the tree."""
        accepted = ThemedExtract.objects.filter(input__in=inputs, state=CodingState.ACCEPTED).order_by()
        found: dict[int, set[int]] = {}
        for said, theme in accepted.values_list("input_id", "theme_id"):
            if (row := self.tree.shown(theme)) is not None:
                found.setdefault(said, set()).add(row.pk)
        return {said: [row.code for row in self.tree.rows if row.pk in themes] for said, themes in found.items()}


def _read(process: Process, actor: Actor) -> ThemeValues:
    return ThemeValues(tree_for(process, actor))


def _rows(theme: int) -> QuerySet[ThemedInput]:
    return ThemedInput.objects.filter(theme=theme)


THEME_FACET: Final = Facet(
    name="theme",
    plural="themes",
    label=_("Theme"),
    everything=_("all themes"),
    way=_("By theme"),
    page="themes",
    read=_read,
    rows=_rows,
)
