"""What pages show of extracts stays true when inputs are corrected and themes are merged."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from harken.analysis.actions.coding import code_input, code_inputs, decide_coding
from harken.analysis.actions.themes import merge_theme
from harken.analysis.models import Coding, CodingState, ThemedExtract
from harken.analysis.queries.extracts import extracts_of
from harken.analysis.theme_facet import THEME_FACET
from harken.analysis.theme_tree import tree_for
from harken.base.permits import OPERATOR
from harken.inputs.models import Input
from harken.inputs.queries.ledger import describe_rows
from harken.processes.queries import find_public_process
from tests.analysis.themes import THEMES, members, said, shown_extracts, theme_of
from tests.cast import Cast, text_of
from tests.inputs.saying import a_post, a_source, bring_in

GONE = "These words were taken away or corrected."


@pytest.mark.usefixtures("talk")
def test_a_page_that_a_reader_has_is_made_anew_after_an_import_brought_other_words(client: Client, cast: Cast) -> None:
    source = a_source(cast.process)
    theme = theme_of(cast, "Water")
    code_input(actor=cast.amina, said=said("1"), theme=theme, quote="dry in summer")
    first = client.get(f"{THEMES}{theme.code}/")
    had = {"If-None-Match": first.headers["ETag"]}
    assert "dry in summer" in first.content.decode()
    assert client.get(f"{THEMES}{theme.code}/", headers=had).status_code == 304
    bring_in(source, a_post("1", "The well is full.", lang="en"))
    again = client.get(f"{THEMES}{theme.code}/", headers=had)
    assert again.status_code == 200
    assert "dry in summer" not in again.content.decode()


@pytest.mark.usefixtures("talk")
def test_a_whole_input_that_was_corrected_is_not_shown_with_words_that_nobody_coded(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    code_input(actor=cast.amina, said=said("1"), theme=theme)
    assert "The well is dry" in text_of(client, f"{THEMES}{theme.code}/")
    bring_in(a_source(cast.process), a_post("1", "I sell cars.", lang="en"))
    page = text_of(client, f"{THEMES}{theme.code}/")
    assert "I sell cars." not in page
    assert GONE in page


@pytest.mark.usefixtures("talk")
def test_a_whole_input_that_is_coded_again_stands_there_once_and_is_taken_back_once(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    code_input(actor=cast.amina, said=said("1"), theme=theme)
    bring_in(a_source(cast.process), a_post("1", "The well is full.", lang="en"))
    code_inputs(actor=cast.amina, process=cast.process, inputs=Input.objects.filter(external_id="1"), theme=theme)
    page = text_of(client, f"{THEMES}{theme.code}/")
    assert page.count('class="whole"') == 1
    assert GONE not in page
    [row] = shown_extracts(cast, "1")
    themed = ThemedExtract.objects.get(pk=row.pk)
    decide_coding(actor=cast.amina, themed=themed, state=CodingState.REJECTED)
    assert members(theme) == set()
    assert shown_extracts(cast, "1") == []


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("quote", ["dry", ""], ids=["words", "the whole"])
def test_what_two_themes_had_stands_once_under_the_one_they_became(client: Client, cast: Cast, quote: str) -> None:
    water, rain, drops = (theme_of(cast, name) for name in ("Water", "Rain", "Drops"))
    for theme in (water, rain, drops):
        code_input(actor=cast.amina, said=said("1"), theme=theme, quote=quote)
    merge_theme(actor=cast.amina, theme=drops, into=rain)
    merge_theme(actor=cast.amina, theme=rain, into=water)
    page = text_of(client, f"{THEMES}{water.code}/")
    assert page.count("<blockquote") + page.count('class="whole"') == 1
    [row] = shown_extracts(cast, "1")
    decide_coding(actor=cast.amina, themed=ThemedExtract.objects.get(pk=row.pk), state=CodingState.REJECTED)
    assert members(water) == set()
    assert set(ThemedExtract.objects.values_list("state", flat=True)) == {"rejected"}
    told = Coding.objects.filter(state="rejected")
    assert set(told.values_list("theme__name", "by_name")) == {(one, "Amina") for one in ("Water", "Rain", "Drops")}


@pytest.mark.usefixtures("talk")
def test_what_a_merged_theme_had_is_not_coded_again(cast: Cast) -> None:
    water, rain = theme_of(cast, "Water"), theme_of(cast, "Rain")
    quoted = code_input(actor=cast.amina, said=said("1"), theme=rain, quote="dry")
    code_input(actor=cast.amina, said=said("2"), theme=rain)
    merge_theme(actor=cast.amina, theme=rain, into=water)
    assert code_input(actor=cast.bruno, said=said("1"), theme=water, quote="dry") == quoted
    chosen = Input.objects.filter(external_id="2")
    assert code_inputs(actor=cast.bruno, process=cast.process, inputs=chosen, theme=water) == 0
    assert not Coding.objects.filter(by_name="Bruno").exists()


@pytest.mark.usefixtures("talk")
def test_what_is_coded_with_a_theme_that_a_reader_does_not_know_yet_waits_for_the_next_look(cast: Cast) -> None:
    theme_of(cast, "Water")
    process = find_public_process("open-garden")
    assert process is not None
    nobody = AnonymousUser()
    tree = tree_for(process, nobody)
    added = theme_of(cast, "Rain")
    code_input(actor=cast.amina, said=said("1"), theme=added, quote="dry")
    rows = describe_rows([said("1").pk], sees_speakers=False)
    assert extracts_of(rows, tree) == {}
    assert THEME_FACET.read(process, nobody).of_inputs([said("1").pk]) == {}
    assert [row.words for row in extracts_of(rows, tree_for(cast.process, OPERATOR))[said("1").pk]] == ["dry"]
