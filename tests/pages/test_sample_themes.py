"""The sample's inputs are coded: a small tree, and quotes in several languages that were really said."""

import pytest
from django.test import Client

from harken.analysis.models import Extract, Theme, ThemedInput
from harken.analysis.queries.extracts import extracts_of
from harken.analysis.theme_tree import tree_for
from harken.base.permits import OPERATOR
from harken.inputs.queries.ledger import describe_rows
from harken.pages.sample.themes import read_themes
from harken.processes.models import Process
from tests.cast import text_of


@pytest.mark.usefixtures("sample_to_read", "db")
def test_every_quote_of_the_samples_themes_was_said(client: Client) -> None:
    themes = read_themes()
    assert Theme.objects.count() == len(themes) == 8
    process = Process.objects.select_related("body").get(slug="worth-mending")
    inputs = Extract.objects.order_by("input").values_list("input", flat=True).distinct()
    found = extracts_of(describe_rows(list(inputs), sees_speakers=True), tree_for(process, OPERATOR))
    words = {extract.words for extracts in found.values() for extract in extracts}
    assert {quote for each in themes for quote in each.quotes} <= words
    languages = set(Extract.objects.values_list("input__lang", flat=True))
    assert languages >= {"en", "de", "es", "ar", "pt", "hi"}
    manuals = Theme.objects.get(name="Manuals and parts belong to the owner")
    assert ThemedInput.objects.filter(theme=manuals).count() >= 30
    page = text_of(client, "/processes/worth-mending/themes/")
    assert all(each.name in page for each in themes)
