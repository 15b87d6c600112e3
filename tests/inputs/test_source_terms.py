"""The terms of a source are put right, and consent becomes stricter only."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.importing import import_posts
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.sources import (
    LooserConsent,
    SourceTerms,
    ToldByMeeting,
    change_source_terms,
)
from harken.inputs.models import Channel, Consent, Input, Meeting, Source, Wording
from harken.inputs.permissions import inputs_visible_to, may_change_source, may_see_source
from harken.inputs.queries.sources import describe_source
from harken.people.actions import create_group
from harken.processes.models import Process
from tests.cast import PASSWORD, Cast, open_phase, text_of
from tests.inputs.saying import NOON, a_post, bring_in
from tests.inputs.sources import a_salon, unnamed
from tests.inputs.test_permissions import everybody


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


def test_for_whom_it_speaks_stays_where_nobody_writes_another_whatever_groups_are_called_since(cast: Cast) -> None:
    source = a_salon(cast, group_name="Readers")
    create_group(actor=cast.amina, name="Readers", code="RE", parent=cast.process.body)
    change_source_terms(actor=cast.chen, source=source, terms=terms_of(source, headcount=12))
    source.refresh_from_db()
    assert (source.group, source.group_name, source.headcount) == (None, "Readers", 12)
    change_source_terms(actor=cast.chen, source=source, terms=terms_of(source, speaks_for="RE"))
    source.refresh_from_db()
    assert source.group is not None
    assert (source.group.code, source.group_name) == ("RE", "")


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
    # Since then a group is called as those who met.
    create_group(actor=cast.amina, name="Women of the north", code="WN", parent=cast.process.body)
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


def test_what_a_source_lies_beside_is_found_by_keys_alone(cast: Cast) -> None:
    """All sources of a channel were read, whole: of an import of pages there may be thousands."""
    first = a_salon(cast)
    import_posts(actor=OPERATOR, source=first, posts=[a_post("1", extra={"consent": "closed"})])
    beside = Source.objects.get(consent=Consent.CLOSED)
    with CaptureQueriesContext(connection) as asked:
        change_source_terms(actor=cast.amina, source=beside, terms=terms_of(beside, title="The talk"))
    first.refresh_from_db()
    assert first.title == "The talk"
    # PostgreSQL leaves out what it has prepared.
    asked_for = [one["sql"] or "" for one in asked.captured_queries]
    of_a_channel = [sql for sql in asked_for if '"inputs_source"."channel" = ' in sql]
    read_whole = [sql for sql in of_a_channel if '"inputs_source"."title"' in sql]
    # Those beside it, which are asked for by their keys.
    assert (len(of_a_channel), ['"inputs_source"."key" IN ' in sql for sql in read_whole]) == (2, [True])
