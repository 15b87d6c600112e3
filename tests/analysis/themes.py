"""What tests of themes share: inputs, themes and what belongs to them."""

import re

from harken.analysis.actions.themes import create_theme
from harken.analysis.models import (
    Theme,
    ThemeCount,
    ThemedInput,
)
from harken.analysis.queries.extracts import ExtractRow, extracts_of
from harken.analysis.theme_facet import tree_for
from harken.base.permits import OPERATOR
from harken.inputs.models import Input
from harken.inputs.queries.ledger import describe_rows
from tests.cast import Cast

ROOT = "/processes/open-garden"
LIST = f"{ROOT}/inputs/"
THEMES = f"{ROOT}/themes/"


def said(key: str) -> Input:
    return Input.objects.select_related("process__body", "source").get(external_id=key)


def theme_of(cast: Cast, name: str, parent: Theme | None = None) -> Theme:
    return create_theme(actor=cast.amina, process=cast.process, name=name, parent=parent)


def shown(page: str) -> list[str]:
    """The inputs on a page, in their order."""
    pks = re.findall(r'<li class="input[^"]*" id="input-(\d+)"', page)
    return [Input.objects.get(pk=pk).external_id for pk in pks]


def shown_extracts(cast: Cast, key: str) -> list[ExtractRow]:
    """The extracts of an input as pages show them to those who code."""
    pk = said(key).pk
    rows = describe_rows([pk], sees_speakers=True)
    return extracts_of(rows, tree_for(cast.process, OPERATOR), with_proposed=True).get(pk, [])


def members(theme: Theme) -> set[str]:
    """What belongs to a theme by the rows that lists walk along."""
    return set(ThemedInput.objects.filter(theme=theme).values_list("input__external_id", flat=True))


def numbers() -> dict[str, int]:
    return {f"{one.theme.code}": one.inputs for one in ThemeCount.objects.select_related("theme") if one.inputs}
