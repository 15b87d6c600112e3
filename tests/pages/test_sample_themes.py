"""The sample's inputs are sorted by theme: a small tree, and quotes in several languages that were really said."""

import pytest
from django.test import Client

from harken.analysis.models import Extract, Theme, ThemedInput
from harken.pages.sample.themes import read_themes
from tests.cast import text_of


@pytest.mark.usefixtures("sample_to_read", "db")
def test_every_quote_of_the_samples_themes_was_said(client: Client) -> None:
    themes = read_themes()
    assert Theme.objects.count() == len(themes) == 8
    words = {extract.words for extract in Extract.objects.select_related("wording", "response")}
    assert {quote for each in themes for quote in each.quotes} <= words
    languages = set(Extract.objects.values_list("input__lang", flat=True))
    assert languages >= {"en", "de", "es", "ar", "pt", "hi"}
    manuals = Theme.objects.get(name="Manuals and parts belong to the owner")
    assert ThemedInput.objects.filter(theme=manuals).count() >= 30
    page = text_of(client, "/processes/worth-mending/themes/")
    assert all(each.name in page for each in themes)
