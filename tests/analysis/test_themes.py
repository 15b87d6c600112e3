"""Themes and coding by hand: words are quoted as they were said, and the tree stays one."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from harken.__main__ import cli
from harken.analysis.actions.coding import NotQuoted, code_input, code_inputs, decide_coding
from harken.analysis.actions.placing import NotATheme, recount_themes
from harken.analysis.actions.themes import ElsewhereInTree, NoName, create_theme, merge_theme, move_theme, rename_theme
from harken.analysis.models import (
    Coding,
    CodingState,
    Extract,
    Theme,
    ThemeCount,
    ThemedExtract,
    ThemedInput,
)
from harken.analysis.permissions import (
    extracts_visible_to,
    may_code_inputs,
    may_see_extract,
    may_see_theme,
    themes_visible_to,
)
from harken.base.actions import Actor
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.models import Consent, Fault, Input, QuestionResponse, Standing, Wording
from harken.processes.models import GuidingQuestion, Process
from tests.analysis.themes import LIST, ROOT, THEMES, members, numbers, propose, said, shown_extracts, theme_of
from tests.cast import Cast, text_of
from tests.inputs.saying import a_post, a_source, bring_in, keys_on

# --- words ---


@pytest.mark.usefixtures("talk")
def test_an_extract_is_what_was_said_letter_by_letter(cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    quoted = code_input(actor=cast.bruno, said=said("1"), theme=theme, quote=" dry in summer. Dig\r\n it")
    [row] = shown_extracts(cast, "1")
    assert row.words == "dry in summer.\n\nDig it"
    wording = Wording.objects.get(input=said("1"))
    assert wording.text[quoted.extract.start : quoted.extract.end] == row.words
    code_input(actor=cast.bruno, said=said("2"), theme=theme)
    assert [row.is_whole for row in shown_extracts(cast, "2")] == [True]
    assert members(theme) == {"1", "2"}
    for words in ("dry in winter", "the well", "summer. Dig it deeper. Now"):
        with pytest.raises(NotQuoted, match="not in what was said"):
            code_input(actor=cast.bruno, said=said("1"), theme=theme, quote=words)


def test_an_extract_can_quote_what_was_said_to_a_question(cast: Cast) -> None:
    question = GuidingQuestion.objects.create(process=cast.process, position=1, text="What is missing?")
    record_input(
        actor=cast.dalia, process=cast.process, said=Said("", "en", responses=[(question, "A roof over the well.")])
    )
    spoken = Input.objects.select_related("process__body").get()
    quoted = code_input(actor=cast.amina, said=spoken, theme=theme_of(cast, "Water"), quote="over the well")
    assert quoted.extract.response == QuestionResponse.objects.get()
    assert [row.words for row in shown_extracts(cast, spoken.external_id)] == ["over the well"]


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    "place",
    [{"start": 0, "end": 1_000}, {"start": 5, "end": 5}, {"start": 3}, {"end": 3}],
    ids=["beyond its end", "nothing", "no end", "no beginning"],
)
def test_the_database_takes_no_extract_of_words_that_nobody_said(place: dict[str, int]) -> None:
    wording = Wording.objects.get(input=said("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Extract.objects.create(input=said("1"), wording=wording, at=timezone.now(), **place)


@pytest.mark.usefixtures("talk")
def test_the_database_takes_no_extract_of_what_another_input_says() -> None:
    wording = Wording.objects.get(input=said("1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Extract.objects.create(input=said("2"), wording=wording, start=0, end=3, at=timezone.now())


@pytest.mark.usefixtures("talk")
def test_extracts_and_codings_are_never_changed(cast: Cast) -> None:
    code_input(actor=cast.amina, said=said("1"), theme=theme_of(cast, "Water"), quote="dry")
    changes: list[Any] = [
        lambda: Extract.objects.update(end=6),
        lambda: Extract.objects.all().delete(),
        lambda: Coding.objects.update(state="rejected"),
        lambda: Theme.objects.update(number=7),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.usefixtures("talk")
def test_what_the_law_takes_away_from_an_input_is_gone_from_its_extracts(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    code_input(actor=cast.amina, said=said("1"), theme=theme, quote="dry in summer")
    address = f"{THEMES}{theme.code}/"
    assert "<blockquote" in text_of(client, address)
    redact_input(actor=cast.amina, said=said("1"), reason="A court said so.")
    assert [row.words for row in shown_extracts(cast, "1")] == [""]
    for page in (address, f"{LIST}{said('1').pk}/"):
        read = text_of(client, page)
        assert "These words were taken away or corrected." in read
        assert "dry in summer" not in read


@pytest.mark.usefixtures("talk")
def test_words_that_their_speaker_corrected_are_shown_no_more(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    for quote in ("dry in summer", "Dig it deeper"):
        code_input(actor=cast.amina, said=said("1"), theme=theme, quote=quote)
    bring_in(a_source(cast.process), a_post("1", "The well is full.\n\nDig it deeper.", lang="en"))
    assert said("1").versions == 2
    page = text_of(client, f"{THEMES}{theme.code}/")
    assert "dry in summer" not in page
    assert ">Dig it deeper</blockquote>" in page


# --- claims ---


@pytest.mark.usefixtures("talk")
def test_the_newest_coding_counts_and_those_before_stay(cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    themed = code_input(actor=cast.bruno, said=said("1"), theme=theme, quote="dry")
    assert code_input(actor=cast.amina, said=said("1"), theme=theme, quote="dry") == themed
    themed = decide_coding(actor=cast.amina, themed=themed, state=CodingState.REJECTED)
    assert members(theme) == set()
    assert numbers() == {}
    code_input(actor=cast.bruno, said=said("1"), theme=theme, quote="dry")
    assert members(theme) == {"1"}
    told = Coding.objects.values_list("state", "by_name")
    assert list(told) == [("accepted", "Bruno"), ("rejected", "Amina"), ("accepted", "Bruno")]
    verbs = AuditEvent.objects.filter(subject_kind="inputs.input", subject_id=said("1").pk).values_list(
        "verb", flat=True
    )
    assert [verb for verb in verbs if "cod" in verb] == ["coded input", "decided on coding", "coded input"]


@pytest.mark.usefixtures("talk")
def test_what_a_model_proposes_is_for_those_who_code_until_one_accepts_it(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    wording = Wording.objects.get(input=said("1"))
    extract = Extract.objects.create(input=said("1"), wording=wording, start=4, end=8, at=timezone.now())
    propose(extract, theme)
    assert members(theme) == set()
    address = f"{LIST}{said('1').pk}/"
    assert "Themes of the marked input" not in text_of(client, address)
    assert not extracts_visible_to(AnonymousUser(), cast.process).exists()
    client.force_login(cast.bruno)
    assert "proposed" in text_of(client, address)
    themed = ThemedExtract.objects.get()
    assert client.post(f"{address}themes/{themed.pk}/", {"accept": ""}).status_code == 302
    assert members(theme) == {"1"}


@pytest.mark.usefixtures("talk")
def test_what_a_model_proposes_can_be_rejected(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    extract = Extract.objects.create(
        input=said("1"), wording=said("1").wordings.get(), start=4, end=8, at=timezone.now()
    )
    themed = propose(extract, theme)
    client.force_login(cast.bruno)
    address = f"{LIST}{said('1').pk}/"
    client.post(f"{address}themes/{themed.pk}/", {"reject": ""})
    assert "proposed" not in text_of(client, address)
    assert shown_extracts(cast, "1") == []
    told = Coding.objects.values_list("state", "by_name", "by_model__name")
    assert list(told) == [("proposed", "", "words"), ("rejected", "Bruno", None)]


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("state", [CodingState.ACCEPTED, CodingState.REJECTED])
def test_the_database_lets_a_model_only_propose(cast: Cast, state: CodingState) -> None:
    theme = theme_of(cast, "Water")
    extract = Extract.objects.create(input=said("1"), wording=said("1").wordings.get(), at=timezone.now())
    with pytest.raises(IntegrityError, match="coding_by_a_model_is_proposed"), transaction.atomic():
        propose(extract, theme, state)
    with pytest.raises(IntegrityError, match="coding_by_a_model_is_proposed"), transaction.atomic():
        Coding.objects.create(
            extract=extract,
            theme=theme,
            state=CodingState.PROPOSED,
            by=cast.amina,
            by_model={"name": "words"},
            at=timezone.now(),
        )


@pytest.mark.usefixtures("talk")
def test_many_inputs_are_coded_at_once(cast: Cast) -> None:
    theme = theme_of(cast, "Garden")
    code_input(actor=cast.amina, said=said("3"), theme=theme)
    everything = Input.objects.all()
    assert code_inputs(actor=cast.amina, process=cast.process, inputs=everything, theme=theme) == 3
    assert code_inputs(actor=cast.amina, process=cast.process, inputs=everything, theme=theme) == 0
    assert members(theme) == {"1", "2", "3", "4"}
    assert numbers() == {"T1": 4}
    other = Theme(pk=theme.pk + 1, process=cast.process, name="Other")
    with pytest.raises(NotATheme):
        code_inputs(actor=cast.amina, process=cast.process, inputs=everything, theme=other)


# --- the tree ---


@pytest.mark.usefixtures("talk")
def test_what_belongs_to_a_theme_belongs_to_those_above_wherever_it_is_moved(cast: Cast) -> None:
    nature = theme_of(cast, "Nature")
    water = theme_of(cast, "Water", nature)
    wells = theme_of(cast, "Wells", water)
    tools = theme_of(cast, "Tools")
    code_input(actor=cast.amina, said=said("1"), theme=wells, quote="well")
    code_input(actor=cast.amina, said=said("2"), theme=water)
    code_input(actor=cast.amina, said=said("3"), theme=nature)
    assert [members(theme) for theme in (nature, water, wells)] == [{"1", "2", "3"}, {"1", "2"}, {"1"}]
    move_theme(actor=cast.amina, theme=water, parent=tools)
    assert [members(theme) for theme in (nature, tools, water, wells)] == [{"3"}, {"1", "2"}, {"1", "2"}, {"1"}]
    assert numbers() == {"T1": 1, "T2": 2, "T3": 1, "T4": 2}
    assert recount_themes(actor=OPERATOR, process=cast.process) == 0


@pytest.mark.usefixtures("talk")
def test_a_theme_that_is_merged_leads_to_the_other_which_takes_all_below_it(client: Client, cast: Cast) -> None:
    water, rain = theme_of(cast, "Water"), theme_of(cast, "Rain")
    drops = theme_of(cast, "Drops", rain)
    code_input(actor=cast.amina, said=said("1"), theme=rain, quote="dry")
    code_input(actor=cast.amina, said=said("2"), theme=drops)
    merge_theme(actor=cast.amina, theme=rain, into=water)
    assert members(water) == {"1", "2"}
    assert numbers() == {"T1": 2, "T2": 1, "T3": 1}
    page = text_of(client, THEMES)
    assert "Rain" not in page
    assert "Drops" in page
    assert client.get(f"{THEMES}T2/").headers["Location"] == f"{THEMES}T1/"
    assert keys_on(text_of(client, f"{LIST}?theme=T2")) == ["2", "1"]
    assert client.get(f"{ROOT}/inputs.json?theme=T2").json()["inputs"][1]["themes"] == ["T1"]
    for refused in ({"theme": rain, "parent": None}, {"theme": drops, "parent": rain}):
        with pytest.raises(NotATheme):
            move_theme(actor=cast.amina, **refused)
    with pytest.raises(NotATheme):
        code_input(actor=cast.amina, said=said("1"), theme=rain)
    assert recount_themes(actor=OPERATOR, process=cast.process) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5), st.booleans()), max_size=12))
@pytest.mark.django_db
def test_however_themes_are_moved_and_merged_the_tree_stays_one_and_what_is_kept_true(
    moves: list[tuple[int, int, bool]],
) -> None:
    with transaction.atomic():
        _move_about(moves)
        transaction.set_rollback(True)


def _move_about(moves: list[tuple[int, int, bool]]) -> None:
    from harken.processes.actions import create_process

    process = create_process(actor=OPERATOR, slug="moving", name="Moving", is_public=True)
    bring_in(a_source(process), *(a_post(str(place)) for place in range(6)))
    themes = [create_theme(actor=OPERATOR, process=process, name=f"Theme {place}") for place in range(6)]
    for place, theme in enumerate(themes):
        code_input(actor=OPERATOR, said=said(str(place)), theme=theme)
    for moved, to, merges in moves:
        try:
            if merges and to >= 0:
                merge_theme(actor=OPERATOR, theme=themes[moved], into=themes[to])
            else:
                move_theme(actor=OPERATOR, theme=themes[moved], parent=themes[to] if to >= 0 else None)
        except (NotATheme, ElsewhereInTree):
            continue
    parents: dict[int, int | None] = dict(Theme.objects.filter(process=process).values_list("pk", "parent_id"))
    for theme in themes:
        above: set[int] = set()
        pk: int | None = theme.pk
        while pk is not None:
            assert pk not in above
            above.add(pk)
            pk = parents[pk]
        spoken = Input.objects.get(external_id=str(themes.index(theme)))
        assert set(ThemedInput.objects.filter(input=spoken).values_list("theme", flat=True)) == above
    assert recount_themes(actor=OPERATOR, process=process) == 0


@pytest.mark.usefixtures("talk")
def test_what_is_kept_is_put_right_on_demand(cast: Cast) -> None:
    theme = theme_of(cast, "Water", theme_of(cast, "Nature"))
    code_input(actor=cast.amina, said=said("1"), theme=theme)
    ThemedInput.objects.filter(theme=theme).delete()
    ThemeCount.objects.update(inputs=9)
    assert recount_themes(actor=cast.amina, process=cast.process) > 0
    assert members(theme) == {"1"}
    assert numbers() == {"T1": 1, "T2": 1}
    assert recount_themes(actor=cast.amina, process=cast.process) == 0


@pytest.mark.usefixtures("talk")
def test_what_is_kept_is_put_right_from_the_command_line(cast: Cast) -> None:
    code_input(actor=cast.amina, said=said("1"), theme=theme_of(cast, "Water"))
    ThemeCount.objects.update(inputs=9)
    assert CliRunner().invoke(cli, ["themes", "recount"]).output == "open-garden: 1 put right\n"
    assert (
        "There is no process elsewhere"
        in CliRunner().invoke(cli, ["themes", "recount", "--process", "elsewhere"]).output
    )


def test_a_theme_has_a_name_and_keeps_its_code_under_another(cast: Cast) -> None:
    with pytest.raises(NoName):
        theme_of(cast, " \n ")
    theme = theme_of(cast, "Watr")
    rename_theme(actor=cast.bruno, theme=theme, name="Water", lang="en", description="Wells and rain.")
    kept = Theme.objects.get()
    assert (kept.code, kept.name, kept.description_html) == ("T1", "Water", "<p>Wells and rain.</p>")
    assert AuditEvent.objects.get(verb="renamed theme").detail["before"]["name"] == "Watr"


# --- who may ---


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize("is_public", [True, False])
def test_what_is_listed_can_be_opened_and_nothing_else(cast: Cast, is_public: bool) -> None:
    theme = theme_of(cast, "Water")
    closed = a_source(cast.process, "closed", Consent.CLOSED)
    bring_in(closed, a_post("closed"))
    for key in ("1", "2", "3", "closed"):
        themed = code_input(actor=cast.amina, said=said(key), theme=theme)
        if key == "3":
            decide_coding(actor=cast.amina, themed=themed, state=CodingState.REJECTED)
    Input.objects.filter(external_id="2").update(standing=Standing.HIDDEN)
    Process.objects.update(is_public=is_public)
    process = Process.objects.select_related("body").get()
    people: list[Actor] = [cast.amina, cast.bruno, cast.chen, cast.dalia, cast.esra, cast.farid]
    for actor in [*people, AnonymousUser(), OPERATOR]:
        listed = set(extracts_visible_to(actor, process))
        every = Extract.objects.select_related("input__process__body", "input__source")
        assert listed == {extract for extract in every if may_see_extract(actor, extract)}, actor
        seen = set(themes_visible_to(actor, process))
        assert seen == {one for one in Theme.objects.all() if may_see_theme(actor, one)}, actor
    everybody = {extract.input.external_id for extract in extracts_visible_to(AnonymousUser(), process)}
    assert everybody == ({"1"} if is_public else set())


def test_who_codes(cast: Cast) -> None:
    people = {name: getattr(cast, name) for name in ("amina", "bruno", "chen", "dalia", "esra", "farid")}
    assert {name for name, actor in people.items() if may_code_inputs(actor, cast.process)} == {"amina", "bruno"}
    assert may_code_inputs(OPERATOR, cast.process)
    assert may_code_inputs(AnonymousUser(), cast.process).sign_in_helps
    with pytest.raises(Refused, match="organisers, writers and responders"):
        create_theme(actor=cast.esra, process=cast.process, name="Water")


@pytest.mark.usefixtures("talk")
def test_what_cannot_be_read_is_neither_counted_nor_quoted(client: Client, cast: Cast) -> None:
    theme = theme_of(cast, "Water")
    bring_in(a_source(cast.process, "closed", Consent.CLOSED), a_post("closed", "Secret wells."))
    for key in ("1", "2", "closed"):
        code_input(actor=cast.amina, said=said(key), theme=theme)
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[said("2").pk], fault=Fault.ABUSE, reason="Rude.")
    assert "1 input</a>" in text_of(client, THEMES)
    page = text_of(client, f"{THEMES}T1/")
    assert "Secret" not in page
    assert "البئر" not in page
    assert "1 input fits" in text_of(client, f"{LIST}?theme=T1")
    client.force_login(cast.amina)
    assert "3 inputs</a>" in text_of(client, THEMES)
