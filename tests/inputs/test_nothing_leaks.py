"""What somebody said for few eyes, took back, or had taken away reaches nobody else by any door."""

import datetime
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.campaigns import judge_campaign
from harken.inputs.actions.drafts import drop_draft
from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.grouping import FEWEST, group_campaigns
from harken.inputs.actions.mailing import send_notices
from harken.inputs.actions.meetings import Point, register, report_meeting
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.notices import MOST_CONFIRMED, notify, set_mail, stop_mail
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.redaction import redact_input
from harken.inputs.models import (
    Arrival,
    Campaign,
    Consent,
    Correspondent,
    Fault,
    Frequency,
    ImportDraft,
    Input,
    Notice,
    NoticeKind,
    Registration,
    Standing,
    Wording,
)
from harken.inputs.permissions import drafts_visible_to, inputs_visible_to, may_see_draft
from harken.inputs.queries.campaigns import campaign_heads
from harken.inputs.queries.meetings import points_of
from harken.inputs.queries.reading import InputFilter, find_inputs
from harken.people.actions import add_member
from harken.people.models import Role
from tests.cast import Cast, text_of
from tests.inputs.giving import say_by_form
from tests.inputs.test_campaigns import CITIES, letter
from tests.inputs.test_meetings import announce

ANYBODY = AnonymousUser()


def follow(said: Input, address: str = "noor@example.org") -> Correspondent:
    following = follow_input(actor=ANYBODY, said=said, contact=Contact(address, "en", "UTC"))
    return following.correspondent


def confirm(correspondent: Correspondent) -> None:
    set_mail(actor=ANYBODY, correspondent=correspondent, frequency=Frequency.AT_ONCE, lang="en", time_zone="UTC")


def test_a_reply_for_few_eyes_is_mailed_to_nobody(cast: Cast) -> None:
    said = say_by_form(cast.process, "Keep the hubs.").input
    confirm(follow(said))
    closed = say_by_form(cast.process, "My landlord must not know.", reply_to=said, consent=Consent.CLOSED).input
    nameless = say_by_form(cast.process, "Why?", reply_to=said, consent=Consent.NAMELESS).input
    prepare_inputs()
    assert [notice.about for notice in Notice.objects.filter(kind=NoticeKind.REPLY)] == [{"reply": nameless.pk}]
    # One that was noted before its source was closed is not told either.
    Notice.objects.create(
        correspondent=Correspondent.objects.get(),
        kind=NoticeKind.REPLY,
        input=said,
        about={"reply": closed.pk},
        created_at=timezone.now(),
        send_after=timezone.now(),
    )
    send_notices()
    assert any("Why?" in str(one.body) for one in mail.outbox)
    assert not any("landlord" in f"{one.body}{getattr(one, 'alternatives', '')}" for one in mail.outbox)


def test_whoever_stopped_mail_gets_none_when_somebody_types_their_address_in(cast: Cast) -> None:
    correspondent = follow(say_by_form(cast.process).input)
    stop_mail(actor=ANYBODY, correspondent=correspondent)
    follow(say_by_form(cast.process).input)
    assert not Notice.objects.exists()


def test_a_confirmed_address_is_not_flooded_by_whoever_types_it_in(cast: Cast) -> None:
    confirm(follow(say_by_form(cast.process).input))
    for _number in range(MOST_CONFIRMED + 3):
        follow(say_by_form(cast.process).input)
    assert Notice.objects.filter(kind=NoticeKind.CONFIRMATION).count() == MOST_CONFIRMED


@pytest.mark.parametrize(
    ("text", "standing"), [("Buy at https://pills.example now.", None), ("Buy our pills.", Standing.HELD)]
)
def test_nobody_lets_the_site_write_what_they_like_to_whom_they_like(
    cast: Cast, text: str, standing: Standing | None
) -> None:
    said = say_by_form(cast.process, text).input
    Input.objects.filter(pk=said.pk).update(standing=standing)
    correspondent = follow(said)
    send_notices()
    [first] = mail.outbox
    assert "/said/" in first.body
    assert "Buy" not in f"{first.body}{getattr(first, 'alternatives', '')}"
    confirm(correspondent)
    notify([said.pk], NoticeKind.SHOWN)
    send_notices()
    assert "Buy" in mail.outbox[-1].body


def test_an_address_that_no_header_can_hold_keeps_no_other_mail_from_going_out(cast: Cast) -> None:
    follow(say_by_form(cast.process).input, f"a@{'ü' * 60}.org")
    follow(say_by_form(cast.process).input, "noor@example.org")
    assert send_notices() == 1
    assert [one.to for one in mail.outbox] == [["noor@example.org"]]
    assert Notice.objects.get(sent_at=None).send_after is None


def test_whoever_types_an_address_in_learns_nothing_of_who_registered_with_it(cast: Cast, client: Client) -> None:
    meeting = announce(cast, seats=9)
    register(actor=ANYBODY, meeting=meeting, name="Noor Haddad", email="noor@example.org", needs="A ramp")
    address = f"/processes/open-garden/meetings/{meeting.public_id}/"

    def try_address(email: str) -> tuple[str, str]:
        answer = client.post(f"{address}register/", {"name": "Eve", "email": email, "needs": ""})
        return answer["Location"], re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", text_of(client, address))

    # Also to those who have an account, and the second time.
    for reader in (None, cast.dalia):
        if reader is not None:
            client.force_login(reader)
        known, page = try_address("Noor@example.org")
        assert try_address(f"new{reader}@example.org".replace(" ", "")) == (known, page)
        assert try_address(f"new{reader}@example.org".replace(" ", "")) == (known, page)
        assert known == address
        assert "comes to this address by mail" in page
        assert "Haddad" not in page
        assert "mine/" not in page
    assert Registration.objects.filter(email__iexact="noor@example.org").count() == 1
    told = Notice.objects.filter(kind=NoticeKind.REGISTRATION, correspondent__email__iexact="noor@example.org")
    assert told.count() == 3


def test_registering_and_complaining_count_towards_the_limits_of_a_network(cast: Cast, client: Client) -> None:
    meeting = announce(cast)
    client.post(f"/processes/open-garden/meetings/{meeting.public_id}/register/", {"name": "Noor"})
    said = say_by_form(cast.process, network="").input
    client.post(f"/processes/open-garden/inputs/{said.pk}/complain/", {"fault": Fault.OTHER.value, "text": ""})
    assert Arrival.objects.count() == 2


def test_a_draft_is_seen_by_who_brought_it_and_by_organisers(cast: Cast, client: Client, settings: Settings) -> None:
    since = timezone.localdate() - datetime.timedelta(days=3)
    add_member(actor=OPERATOR, group=cast.process.body, user=cast.farid, role=Role.LIAISON, starts_on=since)
    client.force_login(cast.chen)
    settings.MEDIA_ROOT = settings.HOME / "drafts"
    file = SimpleUploadedFile("lines.txt", b"Only the team may read this.\n")
    sent = {"format": "lines", "file": file, "zone": "UTC", "consent": "closed"}
    preview = str(client.post("/processes/open-garden/inputs/import/", sent)["Location"])
    assert "Only the team may read this." in text_of(client, preview)
    client.force_login(cast.farid)
    text_of(client, preview, status=404)
    assert "lines.txt" not in text_of(client, "/processes/open-garden/inputs/import/")
    draft = ImportDraft.objects.get()
    for actor in (cast.amina, cast.chen, cast.farid, cast.dalia):
        assert bool(may_see_draft(actor, draft)) == drafts_visible_to(actor, cast.process).exists()
    with pytest.raises(Refused):
        drop_draft(actor=cast.farid, draft=draft)
    drop_draft(actor=cast.amina, draft=draft)


def test_no_campaign_tells_what_was_said_for_few_eyes_nor_hides_what_all_may_read(cast: Cast) -> None:
    closed = [
        say_by_form(cast.process, letter("Lima", "Signed, Marta Quispe."), consent=Consent.CLOSED).input
        for _number in range(3)
    ]
    open_to_all = [say_by_form(cast.process, letter(city)).input for city in CITIES]
    group_campaigns([*closed, *open_to_all])
    campaign = Campaign.objects.get()
    judge_campaign(actor=cast.amina, process=cast.process, campaign=campaign, is_confirmed=True)
    campaign.refresh_from_db()
    assert "Quispe" not in f"{campaign.title}{campaign.pattern}"
    assert campaign_heads(cast.process, with_proposed=False) == {campaign.pk: open_to_all[0].pk}


def test_the_name_a_confirmed_campaign_got_from_its_words_goes_with_them(cast: Cast) -> None:
    said = [say_by_form(cast.process, letter("Lima")).input for _number in range(FEWEST)]
    group_campaigns(said)
    judge_campaign(actor=cast.amina, process=cast.process, campaign=Campaign.objects.get(), is_confirmed=True)
    title = Campaign.objects.get().title
    assert title
    for one in said:
        redact_input(actor=OPERATOR, said=one, reason="A court said so.")
    assert Campaign.objects.get().title == ""
    assert not AuditEvent.objects.filter(subject_name__contains=title[:30]).exists()


def test_a_report_made_again_puts_no_point_in_the_place_of_one_that_is_hidden_or_redacted(cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    texts = ("Names a neighbour", "Said in anger", "More water", "Less noise")
    points = [Point(text) for text in texts]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=points)
    first, second, third, fourth = Input.objects.order_by("pk")
    redact_input(actor=OPERATOR, said=first, reason="A court said so.")
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[second.pk], fault=Fault.OTHER, reason="Rude.")
    again = [Point("Much more water", corrects=third.pk), Point("Less noise", corrects=fourth.pk), Point("A bench")]
    meeting.refresh_from_db()
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=again)
    newest = [
        Wording.objects.filter(input=said).order_by("-number").values_list("number", "text")[0]
        for said in Input.objects.order_by("pk")
    ]
    assert newest == [(1, ""), (1, "Said in anger"), (2, "Much more water"), (1, "Less noise"), (1, "A bench")]
    # A sheet tells of no ids: what it says that is there is there, and nothing takes the place of what is fixed.
    sheet = [Point(text) for text in (*texts, "A bench")]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=sheet)
    assert Wording.objects.get(input=first).text == ""
    assert Wording.objects.get(input=second).text == "Said in anger"


def test_the_form_of_a_report_leaves_hidden_points_where_they_are(cast: Cast, client: Client) -> None:
    meeting = announce(cast, days=-1)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("One"), Point("Two")])
    first, second = Input.objects.order_by("pk")
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[first.pk], fault=Fault.OTHER, reason="Rude.")
    client.force_login(cast.chen)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/report/"
    assert f'name="points-0-corrects" value="{second.pk}"' in text_of(client, address)
    rows = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "points-0-text": "Two, corrected"}
    client.post(address, {**rows, "points-0-corrects": str(second.pk), "headcount": "5", "consent": "public"})
    assert list(Wording.objects.order_by("input", "number").values_list("text", flat=True)) == [
        "One",
        "Two",
        "Two, corrected",
    ]


def test_a_point_that_was_corrected_is_found_by_its_new_words(cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("Elephants", lang="en")])
    prepare_inputs()
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("Giraffes", lang="en")])

    def found(word: str) -> int:
        wanted = InputFilter(query=word, languages=("en",))
        return len(find_inputs(inputs_visible_to(ANYBODY, cast.process), wanted).rows)

    assert (found("elephants"), found("giraffes")) == (0, 1)


def test_the_points_of_a_meeting_name_nobody_hidden(cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("One"), Point("Two")])
    meeting.refresh_from_db()
    first = Input.objects.order_by("pk")[0]
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[first.pk], fault=Fault.OTHER, reason="Rude.")
    assert [row.text for row in points_of(meeting, inputs_visible_to(ANYBODY, cast.process))] == ["Two"]


@pytest.mark.parametrize(("consent", "is_read"), [(Consent.PUBLIC, True), (Consent.CLOSED, False)])
def test_how_a_meeting_went_is_read_on_the_terms_of_those_who_spoke(
    cast: Cast, client: Client, consent: Consent, is_read: bool
) -> None:
    meeting = announce(cast, days=-1)
    summary = "Marta told of her landlord."
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary=summary, points=[], consent=consent)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/"
    assert ("landlord" in text_of(client, address)) == is_read
    client.force_login(cast.chen)
    assert "landlord" in text_of(client, address)
