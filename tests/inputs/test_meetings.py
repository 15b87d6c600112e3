"""Meetings: announced, come to, and reported as what those who met said, not as what the liaison said."""

import datetime
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lxml.html
import pytest
import xlsxwriter
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from harken.base.models import AuditEvent
from harken.base.permits import Refused
from harken.documents.models import Document
from harken.inputs.actions.meetings import (
    MeetingPlan,
    NoSuchGroup,
    NothingReported,
    Point,
    announce_meeting,
    cancel_meeting,
    cancel_registration,
    change_meeting,
    register,
    report_meeting,
)
from harken.inputs.actions.sources import LooserConsent
from harken.inputs.meeting_calendar import write_calendar
from harken.inputs.meeting_notices import read_registration, registration_token
from harken.inputs.meeting_sheet import read_sheet, write_sheet
from harken.inputs.models import (
    Consent,
    Input,
    Meeting,
    Notice,
    NoticeKind,
    Registration,
    Source,
    SpeakerKind,
    Stance,
    Wording,
)
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.notices import read_news
from harken.inputs.queries.texts import texts_to_speak_of
from harken.people.actions import create_group
from harken.people.models import User
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, text_of

ANYBODY = AnonymousUser()
TUNIS = ZoneInfo("Africa/Tunis")


def plan(*, days: int = 7, **more: object) -> MeetingPlan:
    begins = (
        (timezone.now() + datetime.timedelta(days=days))
        .astimezone(TUNIS)
        .replace(hour=18, minute=0, second=0, microsecond=0)
    )
    said = {
        "title": "Salon in Tunis",
        "starts_at": begins,
        "ends_at": begins + datetime.timedelta(hours=3),
        "lang": "ar",
        "time_zone": "Africa/Tunis",
        "place": "Maison du livre",
        "group_name": "Wiki Tunis",
    }
    return MeetingPlan(**{**said, **more})  # type: ignore[arg-type] # each of them is what the field takes


def announce(cast: Cast, *, by: User | None = None, **more: object) -> Meeting:
    return announce_meeting(actor=by or cast.chen, process=cast.process, plan=plan(**more))  # type: ignore[arg-type] # as above


def texts(cast: Cast) -> list[Document]:
    return add_round(cast.process, cast.advocacy, "One hub", "Two hubs")[1]


def test_liaisons_and_organisers_announce_and_nobody_else(cast: Cast) -> None:
    announce(cast)
    announce(cast, by=cast.amina)
    for stranger in (cast.bruno, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            announce(cast, by=stranger)


def test_a_meeting_is_somebodys(cast: Cast) -> None:
    with pytest.raises(NoSuchGroup):
        announce(cast, group_name=" ")
    other = create_group(actor=cast.amina, name="Elsewhere", code="EL", parent=None)
    with pytest.raises(NoSuchGroup):
        announce(cast, group=other)


def test_only_its_liaison_and_organisers_change_it(cast: Cast) -> None:
    meeting = announce(cast, by=cast.amina)
    with pytest.raises(Refused):
        change_meeting(actor=cast.chen, meeting=meeting, plan=plan())
    cancel_meeting(actor=cast.amina, meeting=meeting)
    with pytest.raises(Refused):
        change_meeting(actor=cast.amina, meeting=Meeting.objects.get(), plan=plan())


def test_whoever_comes_after_the_last_seat_waits_for_one(cast: Cast) -> None:
    meeting = announce(cast, seats=2)
    registered = [register(actor=ANYBODY, meeting=meeting, name=name) for name in ("Noor", "Sami", "Ute", "Ines")]
    people = [one for one in registered if one is not None]
    assert [one.is_waiting for one in people] == [False, False, True, True]
    cancel_registration(actor=ANYBODY, registration=people[0])
    assert [one.is_waiting for one in Registration.objects.order_by("pk")] == [False, False, False, True]
    change_meeting(actor=cast.chen, meeting=meeting, plan=plan(seats=5))
    assert not Registration.objects.filter(is_waiting=True).exists()


def test_the_same_address_registers_once(cast: Cast) -> None:
    meeting = announce(cast)
    for name, email in (("Noor", "noor@example.org"), ("N.", "Noor@example.org")):
        assert register(actor=ANYBODY, meeting=meeting, name=name, email=email) is None
    assert [one.name for one in Registration.objects.all()] == ["Noor"]


def test_a_mail_tells_once_how_a_registration_stands(cast: Cast) -> None:
    meeting = announce(cast, seats=1)
    first = register(actor=ANYBODY, meeting=meeting, name="Sami")
    for _again in range(2):
        register(actor=ANYBODY, meeting=meeting, name="Noor", email="noor@example.org")
    notices = list(Notice.objects.order_by("pk"))
    assert (len(notices), [one.kind for one in read_news(notices)]) == (2, [NoticeKind.REGISTRATION])
    assert first is not None
    cancel_registration(actor=ANYBODY, registration=first)
    notices = list(Notice.objects.order_by("pk"))
    [seated] = [one.registration for one in read_news(notices)]
    assert (len(notices), seated and seated.is_waiting) == (3, False)


def test_who_registered_is_told_of_changes_and_of_nothing_else(cast: Cast) -> None:
    meeting = announce(cast)
    register(actor=ANYBODY, meeting=meeting, name="Noor", email="noor@example.org")
    change_meeting(actor=cast.chen, meeting=meeting, plan=plan(description="Bring a pen."))
    assert [notice.kind for notice in Notice.objects.all()] == [NoticeKind.REGISTRATION]
    change_meeting(actor=cast.chen, meeting=meeting, plan=plan(place="Café"))
    cancel_meeting(actor=cast.chen, meeting=meeting)
    kinds = [notice.kind for notice in Notice.objects.all()]
    assert kinds == [NoticeKind.REGISTRATION, NoticeKind.MEETING, NoticeKind.MEETING]


def test_points_are_the_groups_with_its_headcount_and_never_the_liaisons(cast: Cast) -> None:
    one, _two = texts(cast)
    meeting = announce(cast, days=-1)
    points = [Point("نريد مركزا", one, stance=Stance.SUPPORT), Point("Pour tous", lang="fr"), Point("  ")]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=23, summary="It went *well*.", points=points)
    said = list(Input.objects.order_by("pk").select_related("source"))
    assert [(one.document_id, one.lang) for one in said] == [(one.pk, "ar"), (None, "fr")]
    for wording in Wording.objects.all():
        assert (wording.speaker_kind, wording.speaker_name, wording.headcount) == (SpeakerKind.GROUP, "Wiki Tunis", 23)
        assert wording.participant_id is None
    source = said[0].source
    assert (source.channel, source.headcount, source.collected_by, source.group_name) == (
        *("meeting", 23, cast.chen),
        "Wiki Tunis",
    )
    assert said[0].at == meeting.starts_at


def test_a_report_made_again_corrects_and_loses_nothing(cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("One"), Point("Two")])
    meeting = Meeting.objects.get()
    points = [Point("One"), Point("Two, corrected"), Point("Three")]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=points)
    wordings = Wording.objects.order_by("input", "number").values_list("input__versions", "number", "text")
    assert list(wordings) == [(1, 1, "One"), (2, 1, "Two"), (2, 2, "Two, corrected"), (1, 1, "Three")]


def test_a_stricter_consent_of_a_later_report_holds_at_once_and_a_looser_one_is_refused(cast: Cast) -> None:
    meeting = announce(cast, days=-1)

    def report(**terms: Any) -> None:
        report_meeting(
            actor=cast.chen, meeting=Meeting.objects.get(), headcount=5, summary="", points=[Point("One")], **terms
        )

    report()
    assert inputs_visible_to(ANYBODY, cast.process).exists()
    report(consent=Consent.CLOSED)
    assert not inputs_visible_to(ANYBODY, cast.process).exists()
    for looser in (Consent.PUBLIC, Consent.NAMELESS):
        with pytest.raises(LooserConsent, match="agreed to less"):
            report(consent=looser)
    report()
    assert Source.objects.get(key=meeting.public_id).consent == Consent.CLOSED
    assert AuditEvent.objects.get(verb="changed source").detail == {"consent": ["public", "closed"]}


def test_a_report_offers_no_looser_consent_whatever_is_read_from_a_sheet(cast: Cast, client: Client) -> None:
    meeting = announce(cast, days=-1)
    points = [Point("One")]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=points, consent=Consent.NAMELESS)
    client.force_login(cast.chen)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/report/"
    assert 'value="public"' not in text_of(client, address)
    sheet = SimpleUploadedFile("salon.xlsx", fill_in(("headcount", "", 9), ("", "", "", "Two")))
    sent = fields_of(client.post(address, {"read": "1", "sheet": sheet}).content.decode())
    assert (sent["headcount"], sent["consent"]) == ("9", "nameless")
    refused = client.post(address, {**sent, "consent": "public"})
    assert (refused.status_code, "Only they can agree to more." in refused.content.decode()) == (422, True)
    assert client.post(address, {**sent, "consent": "closed"}).status_code == 302
    assert Source.objects.get().consent == Consent.CLOSED


def test_what_is_changed_about_a_meeting_after_its_report_is_changed_about_its_source(cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=5, summary="", points=[Point("One")])
    new = plan(days=-2, title="Salon in Sfax", lang="fr", group=cast.advocacy, group_name="")
    for _time in range(2):
        change_meeting(actor=cast.chen, meeting=Meeting.objects.get(), plan=new)
    source = Source.objects.get()
    assert (source.title, source.lang, source.group, source.group_name) == ("Salon in Sfax", "fr", cast.advocacy, "")
    assert (source.collected_at, source.headcount) == (new.starts_at, 5)
    event = AuditEvent.objects.get(verb="changed source")
    assert event.detail["title"] == ["Salon in Tunis", "Salon in Sfax"]


def test_what_has_not_begun_and_what_says_nothing_is_not_reported(cast: Cast) -> None:
    with pytest.raises(Refused):
        report_meeting(actor=cast.chen, meeting=announce(cast), headcount=1, summary="x", points=[])
    with pytest.raises(NothingReported):
        report_meeting(actor=cast.chen, meeting=announce(cast, days=-1), headcount=1, summary=" ", points=[Point(" ")])


def events_of(calendar: bytes) -> list[Any]:
    """The events of a calendar as another program reads it."""
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def test_a_calendar_knows_the_meeting_its_zone_and_that_it_was_cancelled(cast: Cast) -> None:
    meeting = announce(cast, title="Salon, with; signs\nand lines")
    [event] = events_of(write_calendar("Garden", [meeting]))
    assert event["summary"] == "Salon, with; signs\nand lines"
    assert event["dtstart"].dt == meeting.starts_at
    assert event["dtstart"].params["TZID"] == "Africa/Tunis"
    assert event["status"] == "CONFIRMED"
    sequence = event["sequence"]
    cancel_meeting(actor=cast.chen, meeting=meeting)
    calendar = write_calendar("Garden", [Meeting.objects.select_related("process").get()])
    [again] = events_of(calendar)
    assert (again["uid"], again["status"], again["sequence"] > sequence) == (event["uid"], "CANCELLED", True)
    assert [zone["tzid"] for zone in Calendar.from_ical(calendar).walk("VTIMEZONE")] == ["Africa/Tunis"]


def test_a_sheet_comes_back_as_it_was_filled_in(cast: Cast, tmp_path: Path) -> None:
    one, _two = texts(cast)
    meeting = announce(cast)
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(write_sheet(meeting, texts_to_speak_of(Document.objects.all()), "ar"))
    assert (read_sheet(path).headcount, read_sheet(path).points) == ("", ())
    path.write_bytes(fill_in(("headcount", "", 23), (one.code, "red line", "fr", "=Pas de =formule")))
    report = read_sheet(path)
    assert report.headcount.startswith("23")
    [point] = report.points
    assert (point.code, point.stance, point.lang, point.text) == (one.code, "red line", "fr", "=Pas de =formule")


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends of the form of a report, as the page shows it."""
    document: Any = lxml.html.fromstring(page)
    [form] = [one for one in document.forms if "headcount" in one.fields]
    return {name: value for name, value in form.form_values() if name != "more"}


def fill_in(about: tuple[object, ...], *points: tuple[str, ...]) -> bytes:
    """A sheet as an office program writes it."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"strings_to_formulas": False})
    first, second = book.add_worksheet("meeting"), book.add_worksheet("points")
    first.write_row(0, 0, about)
    for number, row in enumerate((("Text", "Stance", "Language", "What was said"), *points)):
        second.write_row(number, 0, row)
    book.close()
    return packed.getvalue()


def test_the_link_of_a_registration_is_its_own_alone(cast: Cast) -> None:
    mine = register(actor=ANYBODY, meeting=announce(cast), name="Noor")
    assert mine is not None
    assert read_registration(registration_token(mine)) == mine.pk
    assert read_registration(f"{registration_token(mine)}x") is None


def test_anybody_comes_by_the_page_and_can_stay_away(cast: Cast, client: Client) -> None:
    meeting = announce(cast)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/"
    assert "Salon in Tunis" in text_of(client, "/processes/open-garden/meetings/")
    assert "Maison du livre" in text_of(client, address)
    answer = client.post(f"{address}register/", {"name": "Noor", "email": "", "needs": ""})
    assert answer.status_code == 302
    assert "you are expected" in text_of(client, answer["Location"])
    client.post(answer["Location"])
    assert Registration.objects.get().cancelled_at is not None
    machine = client.post(f"{address}register/", {"name": "Bot", "website": "https://spam.example"})
    assert (machine.status_code, Registration.objects.count()) == (302, 1)


def test_only_those_who_prepare_it_see_who_comes(cast: Cast, client: Client) -> None:
    meeting = announce(cast)
    register(actor=ANYBODY, meeting=meeting, name='=HYPERLINK("x")', email="noor@example.org")
    address = f"/processes/open-garden/meetings/{meeting.public_id}/who/"
    client.force_login(cast.dalia)
    assert client.get(address).status_code == 403
    client.force_login(cast.chen)
    assert "noor@example.org" in text_of(client, address)
    assert "'=HYPERLINK" in text_of(client, f"{address}?as=csv")


def test_a_liaison_announces_reports_by_hand_and_from_the_sheet(cast: Cast, client: Client) -> None:
    one, _two = texts(cast)
    client.force_login(cast.chen)
    announced = client.post(
        "/processes/open-garden/meetings/announce/",
        {
            "title": "Salon",
            "lang": "ar",
            "group_name": "Wiki Tunis",
            "time_zone": "Africa/Tunis",
            "starts_at": "2026-05-01T18:00",
            "ends_at": "2026-05-01T20:00",
            "place": "Sfax",
        },
    )
    assert announced.status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime.datetime(2026, 5, 1, 17, tzinfo=datetime.UTC)
    address = f"{announced['Location']}report/"
    sheet = SimpleUploadedFile("salon.xlsx", fill_in(("headcount", "", 9), (one.code, "concern", "", "Too far away")))
    shown = client.post(address, {"read": "1", "sheet": sheet}).content.decode()
    assert "Too far away" in shown
    assert not Input.objects.exists()
    # A browser sends the rows nobody wrote into as well.
    rows = {"points-TOTAL_FORMS": "3", "points-INITIAL_FORMS": "0", "points-0-text": "Too far away"}
    rows |= {f"points-{row}-{name}": "" for row in (1, 2) for name in ("code", "stance", "lang", "text")}
    said = {**rows, "points-0-code": one.code, "points-0-stance": "concern", "headcount": "9", "consent": "public"}
    more = client.post(address, {**said, "more": "1"}).content.decode()
    assert ("Too far away" in more, more.count('class="point"') > 1) == (True, True)
    wrong = client.post(address, {**said, "points-0-code": "XX-1"})
    assert (wrong.status_code, Input.objects.count()) == (422, 0)
    assert client.post(address, said).status_code == 302
    assert Wording.objects.get().headcount == 9
    assert "Too far away" in text_of(client, announced["Location"])


def test_a_report_speaks_of_the_texts_of_every_public_iteration(cast: Cast, client: Client) -> None:
    _first, (old, older) = add_round(cast.process, cast.advocacy, "One hub", "Two hubs")
    second, (new,) = add_round(cast.process, cast.advocacy, "One hub for all", number=2)
    hidden, _next = add_round(cast.process, cast.advocacy, "Nobody knows this yet", number=3)
    Iteration.objects.filter(pk=hidden.pk).update(is_public=False)
    texts = texts_to_speak_of(Document.objects.all())
    named = ["iteration-1/AD-R1", "AD-R1", "AD-R2", ""]
    expected = [("AD-R1", new), ("iteration-1/AD-R1", old), ("AD-R2", older)]
    assert [(one.name, one.document) for one in texts] == expected
    meant = {"AD-R1": new, "iteration-1/AD-R1": old, "1 AD-R1": old, " iteration-2 AD-R1 ": new, "2/AD-R1": new}
    assert {name: texts.find(name) for name in meant} == meant
    assert [texts.find(name) for name in ("", "AD-R9", "3 AD-R1", "iteration-3/AD-R1", "2 AD-R2")] == [None] * 5
    meeting = announce(cast, days=-1)
    points = [Point("Too far", old), Point("Nearer", new), Point("Two are too many", older), Point("All in all")]
    report_meeting(actor=cast.chen, meeting=meeting, headcount=4, summary="", points=points)
    client.force_login(cast.chen)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/"
    for page in (text_of(client, f"{address}kit/"), text_of(client, f"{address}report/")):
        assert ("iteration-1/AD-R1" in page, "Iteration 2" in page, "Nobody knows" in page) == (True, True, False)
    sent = fields_of(text_of(client, f"{address}report/"))
    assert [sent.get(f"points-{row}-code", "") for row in range(4)] == named
    assert client.post(f"{address}report/", sent).status_code == 302
    said = Input.objects.order_by("pk").values_list("document", "versions")
    assert list(said) == [(old.pk, 1), (new.pk, 1), (older.pk, 1), (None, 1)]
    # A text that is not public any more stays in the report that names it, for those who may see it.
    Iteration.objects.filter(pk=second.pk).update(is_public=False)
    meeting.refresh_from_db()
    assert new not in [one.document for one in texts_to_speak_of(Document.objects.all())]
    client.force_login(cast.amina)
    sent = fields_of(text_of(client, f"{address}report/"))
    assert [sent.get(f"points-{row}-code", "") for row in range(4)] == named
    assert client.post(f"{address}report/", sent).status_code == 302
    assert Wording.objects.count() == 4


def test_a_sheet_names_the_iteration_where_codes_repeat(cast: Cast, client: Client) -> None:
    _first, (old,) = add_round(cast.process, cast.advocacy, "One hub")
    add_round(cast.process, cast.advocacy, "One hub for all", number=2)
    meeting = announce(cast, days=-1)
    client.force_login(cast.chen)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/report/"
    sheet = SimpleUploadedFile("salon.xlsx", fill_in(("headcount", "", 9), ("1 AD-R1", "", "", "Too far away")))
    shown = client.post(address, {"read": "1", "sheet": sheet}).content.decode()
    assert client.post(address, fields_of(shown)).status_code == 302
    assert Input.objects.get().document == old


@pytest.mark.parametrize("number", [1, 3])
def test_texts_to_speak_of_cost_one_query(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for iteration in range(1, number + 1):
        add_round(cast.process, cast.advocacy, "One hub", "Two hubs", number=iteration)
    with django_assert_num_queries(1):
        found = texts_to_speak_of(Document.objects.all())
        assert len(found.by_iteration) == number
        assert found.name_of("iteration-1", "AD-R1") == ("AD-R1" if number == 1 else "iteration-1/AD-R1")


def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(cast: Cast, client: Client) -> None:
    meeting = announce(cast, days=-1)
    client.force_login(cast.chen)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/report/"
    files = (
        ("a.xlsx", b"PK\x03\x04broken"),
        ("b.xlsx", b""),
        ("c.csv", b"\x00\x01\x02"),
        ("x.xlsx", b"this is no spreadsheet"),
        ("x.XLSX", b"neither,is,this,one\n,,,for all its columns"),
        ("d.csv", b"neither is this"),
        ("e.xlsx", fill_in(("headcount", "", ""))),
    )
    for name, content in files:
        answer = client.post(address, {"read": "1", "sheet": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
        page: Any = lxml.html.fromstring(answer.content.decode())
        assert page.xpath("//details[@open]//ul[contains(@class, 'errorlist')]"), name
        assert not Input.objects.exists()


def test_the_kit_and_the_sheet_are_there_for_those_who_prepare_it(cast: Cast, client: Client) -> None:
    texts(cast)
    meeting = announce(cast)
    address = f"/processes/open-garden/meetings/{meeting.public_id}/"
    client.force_login(cast.chen)
    assert "AD-R1" in text_of(client, f"{address}kit/")
    assert client.get(f"{address}sheet.xlsx").content.startswith(b"PK")
    assert client.get(f"{address}meeting.ics").content.startswith(b"BEGIN:VCALENDAR")
    assert client.get("/processes/open-garden/meetings.ics").content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize("number", [1, 3])
def test_the_calendar_costs_as_much_with_many_as_with_one(
    cast: Cast, client: Client, number: int, django_assert_num_queries: object
) -> None:
    for days in range(1, number + 1):
        announce(cast, days=days)
        announce(cast, days=-days)
    text_of(client, "/processes/open-garden/meetings/")
    with django_assert_num_queries(3):  # type: ignore[operator] # pytest-django's fixture
        text_of(client, "/processes/open-garden/meetings/")
