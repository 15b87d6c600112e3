"""Where input comes from: its terms are said, shown to whom they may be, and put right."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.__main__ import cli
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.core.talk.model import Post
from harken.inputs.actions.importing import import_posts
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.sources import (
    LooserConsent,
    SourceTerms,
    ToldByMeeting,
    change_source_terms,
    open_source,
)
from harken.inputs.models import Channel, Consent, Fault, Input, Meeting, Source, SpeakerKind, Wording
from harken.inputs.permissions import inputs_visible_to, may_change_source, may_see_source
from harken.inputs.queries.sources import count_by_sources, describe_source, find_speaking_group, list_sources
from harken.processes.models import Process
from tests.cast import PASSWORD, Cast, add_round, open_phase, text_of
from tests.inputs.saying import NOON, a_post, a_source, bring_in
from tests.inputs.test_permissions import everybody


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["import", *map(str, arguments), "--process", "open-garden"])


def terms_of(source: Source, **other: Any) -> SourceTerms:
    """The terms as they are, but for some."""
    told = {
        "title": source.title,
        "collected_at": source.collected_at,
        "address": source.address,
        "lang": source.lang,
        "consent": Consent(source.consent),
        "licence": source.licence,
        "speaks_for": source.group.code if source.group else source.group_name,
        "headcount": source.headcount,
    }
    return SourceTerms(**{**told, **other})


def unnamed(key: str, **more: Any) -> Post:
    """A post of which nobody says whose it is."""
    return replace(a_post(key, author="", **more), author_kind="unknown")


def a_salon(cast: Cast, **other: Any) -> Source:
    """Lines that a liaison collected from a body outside."""
    told: dict[str, Any] = {
        "actor": cast.chen,
        "process": cast.process,
        "channel": Channel.LIST,
        "key": "salon.txt",
        "title": "Salon",
        "address": "https://example.org/salon",
        "group_name": "Women of the north",
        "headcount": 40,
        "licence": "CC BY-SA 4.0",
        "lang": "en",
        "collected_at": NOON,
    }
    return open_source(**{**told, **other})


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


# --- put right ---


def test_who_may_put_terms_right_can_also_see_them(cast: Cast) -> None:
    for channel in (Channel.LIST, Channel.FORM):
        a_salon(cast, channel=channel, consent=Consent.CLOSED)
        a_salon(cast, channel=channel, key="operator", actor=OPERATOR)
    changing: dict[str, set[str]] = {}
    for name, actor in everybody(cast).items():
        for source in Source.objects.select_related("process__body"):
            if may_change_source(actor, source):
                assert may_see_source(actor, source), name
                changing.setdefault(name, set()).add(f"{source.channel} {source.key}")
    of_lists = {"list salon.txt", "list operator"}
    assert changing == {"amina": of_lists, "operator": of_lists, "chen": {"list salon.txt"}}
    source = Source.objects.filter(channel=Channel.LIST).earliest("pk")
    assert may_change_source(AnonymousUser(), source).sign_in_helps
    with pytest.raises(Refused):
        change_source_terms(actor=cast.bruno, source=source, terms=terms_of(source, title="Mine"))


def test_terms_are_put_right_on_the_page_and_the_record_says_what_was_said_before(cast: Cast, client: Client) -> None:
    source = a_salon(cast, collected_at=NOON.replace(second=17))
    place = reverse("source", args=[cast.process.slug, source.pk])
    client.login(username="chen", password=PASSWORD)
    sent = {
        "title": "The salon",
        "address": "https://example.org/salon",
        "speaks_for": "AD",
        "headcount": "12",
        "collected_at": "2019-08-09T12:00",
        "lang": "en",
        "licence": "CC0",
        "consent": "public",
    }
    before = Process.objects.get().content_version
    assert client.post(place, sent).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.group, source.group_name, source.headcount) == ("The salon", cast.advocacy, "", 12)
    assert source.collected_at.second == 17
    event = AuditEvent.objects.get(verb="changed source")
    assert event.detail == {
        "title": ["Salon", "The salon"],
        "licence": ["CC BY-SA 4.0", "CC0"],
        "group": [None, "AD"],
        "group_name": ["Women of the north", ""],
        "headcount": [40, 12],
    }
    assert Process.objects.get().content_version > before
    assert client.post(place, sent).status_code == 302
    assert AuditEvent.objects.filter(verb="changed source").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "required"),
        ("address", "javascript:alert(1)", "https://"),
        ("headcount", "0", "1"),
        ("lang", "klingonish", "language code"),
        ("consent", "public", "Only they can agree to more."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, client: Client, field: str, value: str, sentence: str
) -> None:
    source = a_salon(cast, consent=Consent.NAMELESS)
    client.login(username="chen", password=PASSWORD)
    sent = {"title": "Salon", "collected_at": "2019-08-09T12:00", "consent": "nameless", field: value}
    page = text_of_post(client, reverse("source", args=[cast.process.slug, source.pk]), sent)
    assert sentence in page
    assert not AuditEvent.objects.filter(verb="changed source").exists()


def text_of_post(client: Client, address: str, sent: dict[str, str]) -> str:
    answer = client.post(address, sent)
    assert answer.status_code == 422
    return answer.content.decode()


def test_nobody_else_changes_terms_by_the_page(cast: Cast, client: Client) -> None:
    source = a_salon(cast)
    place = reverse("source", args=[cast.process.slug, source.pk])
    for name in ("", "dalia", "bruno"):
        client.logout()
        if name:
            client.login(username=name, password=PASSWORD)
        assert client.post(place, {"title": "Mine"}).status_code in {302, 403}, name
        assert "Put this right" not in text_of(client, place), name
    source.refresh_from_db()
    assert source.title == "Salon"


def test_stricter_consent_holds_at_once_and_a_looser_one_is_refused(cast: Cast) -> None:
    source = a_salon(cast)
    import_posts(actor=cast.chen, source=source, posts=[a_post("one")])
    assert inputs_visible_to(AnonymousUser(), cast.process).exists()
    change_source_terms(actor=cast.chen, source=source, terms=terms_of(source, consent=Consent.CLOSED))
    assert not inputs_visible_to(AnonymousUser(), cast.process).exists()
    assert inputs_visible_to(cast.bruno, cast.process).exists()
    source.refresh_from_db()
    for looser in (Consent.PUBLIC, Consent.NAMELESS):
        with pytest.raises(LooserConsent, match="agreed to less"):
            change_source_terms(actor=cast.amina, source=source, terms=terms_of(source, consent=looser))
    assert AuditEvent.objects.get(verb="changed source").detail == {"consent": ["public", "closed"]}


def test_pages_of_a_source_that_was_closed_are_gone_for_strangers(cast: Cast, client: Client) -> None:
    source = a_salon(cast)
    bring_in(source, a_post("one"))
    every = reverse("sources", args=[cast.process.slug])
    etag = client.get(every).headers["ETag"]
    assert client.get(every, headers={"if-none-match": etag}).status_code == 304
    change_source_terms(actor=cast.amina, source=source, terms=terms_of(source, consent=Consent.CLOSED))
    again = client.get(every, headers={"if-none-match": etag})
    assert (again.status_code, b"Salon" in again.content) == (200, False)
    feed = client.get(reverse("inputs-json", args=[cast.process.slug])).json()
    assert feed["inputs"] == []


def test_what_lies_beside_a_source_gets_its_terms_and_is_never_wider(cast: Cast) -> None:
    source = a_salon(cast)
    posts = [a_post(consent, extra={"consent": consent}) for consent in ("public", "nameless", "closed")]
    import_posts(actor=cast.chen, source=source, posts=posts)
    nameless = Source.objects.get(consent=Consent.NAMELESS)
    change_source_terms(actor=cast.amina, source=nameless, terms=terms_of(nameless, title="The salon", headcount=41))
    assert set(Source.objects.values_list("title", "headcount", "consent")) == {
        ("The salon", 41, consent) for consent in Consent
    }
    source.refresh_from_db()
    change_source_terms(actor=cast.amina, source=source, terms=terms_of(source, consent=Consent.NAMELESS))
    assert sorted(Source.objects.values_list("consent", flat=True)) == ["closed", "nameless", "nameless"]
    change_source_terms(actor=cast.amina, source=source, terms=terms_of(source, consent=Consent.CLOSED))
    assert set(Source.objects.values_list("consent", flat=True)) == {"closed"}


def test_a_single_part_can_be_closed_without_the_rest(cast: Cast) -> None:
    source = a_salon(cast)
    posts = [a_post(consent, extra={"consent": consent}) for consent in ("public", "nameless")]
    import_posts(actor=cast.chen, source=source, posts=posts)
    nameless = Source.objects.get(consent=Consent.NAMELESS)
    change_source_terms(actor=cast.amina, source=nameless, terms=terms_of(nameless, consent=Consent.CLOSED))
    source.refresh_from_db()
    nameless.refresh_from_db()
    assert (source.consent, nameless.consent) == (Consent.PUBLIC, Consent.CLOSED)
    import_posts(actor=cast.chen, source=source, posts=[a_post("later", extra={"consent": "nameless"})])
    assert Input.objects.get(external_id="later").source.consent == Consent.CLOSED


def test_an_import_that_runs_meanwhile_opens_nothing_wider_than_what_holds_now(cast: Cast) -> None:
    source = a_salon(cast)

    def posts() -> Any:
        yield a_post("before")
        change_source_terms(
            actor=cast.amina, source=source, terms=terms_of(source, consent=Consent.CLOSED, headcount=41)
        )
        said = unnamed("after", extra={"consent": "nameless"})
        yield said

    import_posts(actor=cast.chen, source=Source.objects.get(pk=source.pk), posts=posts(), batch_size=1)
    assert set(Input.objects.values_list("source__consent", flat=True)) == {"closed"}
    assert Wording.objects.get(input__external_id="after").headcount == 41


def test_what_a_meeting_says_is_put_right_in_its_report(cast: Cast, client: Client) -> None:
    source = a_salon(cast, channel=Channel.MEETING)
    now = timezone.now()
    Meeting.objects.create(
        process=cast.process,
        public_id="abc",
        title="Salon",
        lang="en",
        time_zone="UTC",
        starts_at=NOON,
        ends_at=NOON + datetime.timedelta(hours=1),
        group_name="Women of the north",
        liaison=cast.chen,
        liaison_name="Chen",
        source=source,
        created_at=now,
        changed_at=now,
    )
    with pytest.raises(ToldByMeeting):
        change_source_terms(actor=cast.amina, source=source, terms=terms_of(source, headcount=2))
    client.login(username="amina", password=PASSWORD)
    sent = {"title": "Mine", "headcount": "2", "licence": "CC0", "consent": "nameless"}
    assert client.post(reverse("source", args=[cast.process.slug, source.pk]), sent).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.headcount, source.licence, source.consent) == ("Salon", 40, "CC0", "nameless")


def test_what_people_say_on_this_site_tells_neither_a_collector_nor_a_key(cast: Cast) -> None:
    open_phase(cast.process, "give_input")
    record_input(actor=cast.farid, process=cast.process, said=Said("More water."))
    row = describe_source(Source.objects.select_related("group", "collected_by").get(), sees_terms=True)
    assert (row.collected_by, row.collected_at, row.key, row.lang) == ("", None, "", "")
