"""Where input comes from: its terms are said, and shown to whom they may be."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.__main__ import cli
from harken.inputs.actions.importing import import_posts
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import Channel, Consent, Fault, Input, Source, SpeakerKind, TextKind, Wording
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.sources import count_by_sources, find_speaking_group, list_sources
from harken.processes.models import Process
from tests.cast import PASSWORD, Cast, add_round, open_phase, text_of
from tests.inputs.saying import a_post, a_source, bring_in
from tests.inputs.sources import a_salon, unnamed


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["import", *map(str, arguments), "--process", "open-garden"])


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "salon.txt"
    path.write_text("More water.\nFewer walls.\n", encoding="utf-8")
    return path


# --- said on the command line ---


def test_a_group_is_found_by_code_or_name_and_anything_else_is_a_body_outside(cast: Cast) -> None:
    for text in ("AD", " ad ", "Advocacy", "advocacy"):
        assert find_speaking_group(cast.process, text) == (cast.advocacy, "")
    body = cast.process.body
    assert find_speaking_group(cast.process, body.code) == (body, "")
    assert find_speaking_group(cast.process, " Women of the north ") == (None, "Women of the north")
    assert find_speaking_group(cast.process, "  ") == (None, "")
    assert find_speaking_group(cast.process, "x" * 300) == (None, "x" * 200)


def test_the_command_line_says_for_whom_how_many_and_since_when(cast: Cast, lines: Path) -> None:
    done = run("lines", lines, "--group", "ad", "--headcount", "40", "--collected", "2019-08-09")
    assert done.exit_code == 0, done.output
    source = Source.objects.get(key="salon.txt")
    assert (source.group, source.group_name, source.headcount) == (cast.advocacy, "", 40)
    assert source.collected_at == datetime.datetime(2019, 8, 9, tzinfo=datetime.UTC)
    done = run("lines", lines, "--source", "other", "--group", "Women of the north")
    assert done.exit_code == 0, done.output
    other = Source.objects.get(key="other")
    assert (other.group, other.group_name, other.headcount) == (None, "Women of the north", None)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--zone", "Africa/Tunis", "--collected", "2019-08-09"), "2019-08-08T23:00:00+00:00"),
        (("--zone", "Africa/Tunis", "--collected", "2019-08-09T18:30"), "2019-08-09T17:30:00+00:00"),
        (("--zone", "Africa/Tunis", "--collected", "2019-08-09T18:30-05:00"), "2019-08-09T23:30:00+00:00"),
    ],
)
def test_a_day_begins_where_clocks_stood(cast: Cast, tmp_path: Path, options: tuple[str, ...], expected: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Text\nMore water for the beds please\nFewer walls around the garden\n", encoding="utf-8")
    done = run("table", table, *options)
    assert done.exit_code == 0, done.output
    assert Source.objects.get(process=cast.process).collected_at.isoformat() == expected


def test_where_no_zone_can_be_said_the_clock_of_the_process_counts(cast: Cast, lines: Path) -> None:
    Process.objects.update(time_zone="Asia/Kolkata")
    assert run("lines", lines, "--collected", "2019-08-09").exit_code == 0
    assert Source.objects.get().collected_at.isoformat() == "2019-08-08T18:30:00+00:00"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--collected", "yesterday"), "yesterday is no date; write one such as 2026-11-05"),
        (("--collected", "9000-01-01"), "is still to come"),
        (("--collected", "0001-01-01T00:00+14:00"), "is no day on which somebody collected this"),
        (("--headcount", "0"), "--headcount"),
        (("--headcount", "some"), "--headcount"),
    ],
)
@pytest.mark.usefixtures("cast")
def test_terms_that_cannot_be_are_refused_in_a_sentence_and_nothing_is_written(
    lines: Path, options: tuple[str, ...], sentence: str
) -> None:
    refused = run("lines", lines, *options)
    assert refused.exit_code == 2
    assert sentence in " ".join(refused.output.replace("│", " ").split())
    assert not Source.objects.exists()


# --- who speaks ---


def test_what_names_no_speaker_is_said_by_the_group_and_never_by_the_importer(cast: Cast) -> None:
    source = a_salon(cast)
    own = a_post("own", author="Ann")
    few, nobody = unnamed("few", extra={"headcount": "3"}), unnamed("nobody")
    address = replace(a_post("address", author="192.0.2.1"), author_kind="address")
    import_posts(actor=cast.chen, source=source, posts=[own, few, nobody, address])
    said = {one.input.external_id: one for one in Wording.objects.select_related("input")}
    told = {key: (one.speaker_kind, one.speaker_name, one.headcount) for key, one in said.items()}
    assert told == {
        "own": (SpeakerKind.PSEUDONYM, "Ann", None),
        "few": (SpeakerKind.GROUP, "Women of the north", 3),
        "nobody": (SpeakerKind.GROUP, "Women of the north", 40),
        "address": (SpeakerKind.UNKNOWN, "", None),
    }
    assert not any(one.participant_id for one in said.values())


@pytest.mark.parametrize("kind", [TextKind.RESPONSE, TextKind.STATEMENT])
def test_a_row_that_names_nobody_is_one_person_and_not_the_whole_group(cast: Cast, kind: TextKind) -> None:
    several = replace(unnamed("several", extra={"headcount": "3"}), author_kind="group")
    proposal = unnamed("proposal", extra={"kind": "proposal"})
    posts = [unnamed("nobody"), several, proposal]
    import_posts(actor=cast.chen, source=a_salon(cast), posts=posts, kind=kind)
    rows = Wording.objects.values_list("input__external_id", "speaker_kind", "speaker_name", "headcount")
    assert set(rows) == {
        ("nobody", SpeakerKind.UNKNOWN, "", None),
        ("several", SpeakerKind.GROUP, "Women of the north", 3),
        ("proposal", SpeakerKind.GROUP, "Women of the north", 40),
    }


def test_a_survey_of_a_club_has_no_more_people_than_its_rows_say(cast: Cast, tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text("Name,Headcount,What do you think?\n,,More water.\n,6,Fewer hubs.\nAnn,,Two hubs.\n")
    assert run("table", survey, "--group", "Chess club", "--headcount", "40").exit_code == 0
    rows = Wording.objects.order_by("input").values_list("speaker_kind", "speaker_name", "headcount")
    assert list(rows) == [
        (SpeakerKind.UNKNOWN, "", None),
        (SpeakerKind.GROUP, "Chess club", 6),
        (SpeakerKind.PSEUDONYM, "Ann", None),
    ]


def test_what_lies_apart_for_its_consent_speaks_for_the_same_group(cast: Cast) -> None:
    source = a_salon(cast)
    said = unnamed("nobody", extra={"consent": "nameless"})
    import_posts(actor=cast.chen, source=source, posts=[said])
    beside = Source.objects.get(consent=Consent.NAMELESS)
    assert (beside.group_name, beside.headcount) == ("Women of the north", 40)
    assert Wording.objects.get().headcount == 40


def test_where_no_group_speaks_nobody_knows_who_did(cast: Cast) -> None:
    said = unnamed("nobody")
    bring_in(a_source(cast.process), said)
    assert Wording.objects.get().speaker_kind == SpeakerKind.UNKNOWN


# --- shown ---


def test_the_page_of_a_source_tells_its_terms(cast: Cast, client: Client) -> None:
    source = a_salon(cast)
    import_posts(actor=cast.chen, source=source, posts=[a_post("one"), a_post("two")])
    page = text_of(client, reverse("source", args=[cast.process.slug, source.pk]))
    for told in ("Salon", "Women of the north", "40 people", "Chen", "August 9, 2019", "English", "CC BY-SA 4.0"):
        assert told in page, told
    assert 'href="https://example.org/salon"' in page
    assert "2 inputs" in page
    assert str(Consent.PUBLIC.label) in page
    assert f'?source={source.pk}"' in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_a_conversation_says_where_it_comes_from(cast: Cast, client: Client) -> None:
    source = a_salon(cast, group=cast.advocacy, group_name="")
    import_posts(actor=cast.chen, source=source, posts=[a_post("one")])
    page = text_of(client, reverse("input", args=[cast.process.slug, Input.objects.get().pk]))
    fold = page[page.index("Where this comes from") :].split("</details>")[0]
    assert reverse("source", args=[cast.process.slug, source.pk]) in fold
    assert reverse("group", args=[cast.process.slug, "AD"]) in fold
    assert "40 people" in fold


def test_what_one_said_for_few_eyes_leads_its_speaker_to_no_closed_door(cast: Cast, client: Client) -> None:
    open_phase(cast.process, "give_input")
    record_input(actor=cast.farid, process=cast.process, said=Said("For few eyes."))
    Source.objects.update(consent=Consent.CLOSED)
    client.login(username="farid", password=PASSWORD)
    page = text_of(client, reverse("input", args=[cast.process.slug, Input.objects.get().pk]))
    assert "Where this comes from" in page
    address = reverse("source", args=[cast.process.slug, Source.objects.get().pk])
    assert address not in page
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("channel", "consent", "address", "strangers", "workers"),
    [
        (Channel.TALK, Consent.PUBLIC, "https://example.org/page", True, True),
        (Channel.TALK, Consent.NAMELESS, "https://example.org/page", False, True),
        (Channel.MAIL, Consent.PUBLIC, "https://lists.example.org/ann", False, True),
        (Channel.TALK, Consent.PUBLIC, "https://ann:secret@example.org/", False, True),
        (Channel.TALK, Consent.PUBLIC, "javascript:alert(1)", False, True),
        (Channel.LIST, Consent.PUBLIC, "ann@example.org", False, True),
        (Channel.LIST, Consent.PUBLIC, "https://[::1", False, True),
    ],
)
def test_an_address_that_could_tell_who_spoke_is_for_those_who_work_with_the_input(
    cast: Cast, client: Client, channel: Channel, consent: Consent, address: str, strangers: bool, workers: bool
) -> None:
    source = a_salon(cast, channel=channel, consent=consent, address=address, key="ann@example.org", title="A box")
    place = reverse("source", args=[cast.process.slug, source.pk])
    page = text_of(client, place)
    assert (address in page) is strangers
    assert "ann@example.org" not in page
    client.login(username="bruno", password=PASSWORD)
    page = text_of(client, place)
    assert (address in page) is workers
    assert 'href="javascript' not in page
    assert 'href="https://ann:' not in page


def test_a_title_shows_no_mail_address(cast: Cast, client: Client) -> None:
    source = a_salon(cast, channel=Channel.MAIL, title="ideas@example.org")
    for name in ("source", "sources"):
        arguments = [cast.process.slug, source.pk] if name == "source" else [cast.process.slug]
        page = text_of(client, reverse(name, args=arguments))
        assert "ideas@…" in page
        assert "ideas@example.org" not in page


def test_a_closed_source_is_seen_by_those_who_work_with_it_and_by_who_collected_it(cast: Cast, client: Client) -> None:
    source = a_salon(cast, consent=Consent.CLOSED)
    single, every = reverse("source", args=[cast.process.slug, source.pk]), reverse("sources", args=[cast.process.slug])
    for name, sees in {"": False, "farid": False, "dalia": False, "bruno": True, "amina": True, "chen": True}.items():
        client.logout()
        if name:
            client.login(username=name, password=PASSWORD)
        assert client.get(single).status_code == (200 if sees else 404), name
        assert ("Salon" in text_of(client, every)) is sees, name


def test_what_strangers_count_is_what_they_can_read(cast: Cast) -> None:
    source = a_salon(cast)
    _iteration, (published, hidden) = add_round(cast.process, cast.advocacy, "Water", "Dig")
    bring_in(source, a_post("one"), a_post("two"), document=published)
    bring_in(source, a_post("draft"), document=hidden)
    hide_inputs(
        actor=cast.amina,
        process=cast.process,
        inputs=[Input.objects.get(external_id="two").pk],
        fault=Fault.OTHER,
        reason="Not nice.",
    )
    type(hidden).objects.filter(pk=hidden.pk).update(published=None)
    everything = type(hidden).objects.all()
    assert count_by_sources([source.pk], documents=None) == {source.pk: 3}
    assert count_by_sources([source.pk], documents=everything.filter(pk=published.pk)) == {source.pk: 1}
    assert inputs_visible_to(AnonymousUser(), cast.process).filter(source=source).count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_sources_asks_as_often_for_three_as_for_one(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(rows):
        bring_in(a_salon(cast, key=str(number), title=f"Salon {number}", group=cast.advocacy), a_post("one"))
    with django_assert_num_queries(6):
        page = text_of(client, reverse("sources", args=[cast.process.slug]))
    assert page.count("1 input") == rows


def test_sources_go_on_page_by_page(cast: Cast) -> None:
    pks = [a_salon(cast, key=str(number)).pk for number in range(5)]
    shown: list[int] = []
    before: int | None = None
    while True:
        page = list_sources(Source.objects.all(), sees_terms=True, documents=None, before=before, size=2)
        shown += [row.pk for row, _number in page.rows]
        if page.next is None:
            break
        before = page.next
    assert shown == pks[::-1]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²"])
def test_nonsense_in_the_address_shows_the_newest(cast: Cast, client: Client, before: str) -> None:
    a_salon(cast)
    assert "Salon" in text_of(client, f"{reverse('sources', args=[cast.process.slug])}?before={before}")


def test_feeds_say_where_each_input_comes_from(cast: Cast, client: Client) -> None:
    source = a_salon(cast, group=cast.advocacy, group_name="")
    import_posts(actor=cast.chen, source=source, posts=[a_post("one")])
    (told,) = client.get(reverse("inputs-json", args=[cast.process.slug])).json()["inputs"]
    assert (told["source"], told["licence"], told["source_group"], told["source_headcount"]) == (
        *("Salon", "CC BY-SA 4.0", "AD"),
        40,
    )
    assert told["source_url"].endswith(reverse("source", args=[cast.process.slug, source.pk]))
    assert "<rights>CC BY-SA 4.0</rights>" in text_of(client, reverse("inputs-atom", args=[cast.process.slug]))
    client.login(username="amina", password=PASSWORD)
    answer = client.get(reverse("inputs-csv", args=[cast.process.slug]))
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined] # it streams
    assert "Salon,CC BY-SA 4.0,AD,40," in table
