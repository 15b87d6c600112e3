"""What tests of themes share: inputs, themes and what belongs to them."""

from django.utils import timezone

from harken.analysis.actions.themes import create_theme
from harken.analysis.models import (
    Coding,
    CodingState,
    Extract,
    Theme,
    ThemeCount,
    ThemedExtract,
    ThemedInput,
)
from harken.analysis.queries.extracts import ExtractRow, extracts_of
from harken.analysis.theme_tree import tree_for
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


def propose(extract: Extract, theme: Theme, state: CodingState = CodingState.PROPOSED) -> ThemedExtract:
    """What a model says of an extract, as rows: nothing in the program proposes yet."""
    by_model = {"name": "words", "version": "1", "seed": 7}
    coding = Coding.objects.create(extract=extract, theme=theme, state=state, by_model=by_model, at=timezone.now())
    return ThemedExtract.objects.create(
        extract=extract, theme=theme, input=extract.input, coding=coding, state=coding.state
    )


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
