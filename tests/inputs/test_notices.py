"""Mail about what one said: through a real mail server, in one's language, by one's clock, and easy to stop."""

import datetime
import email
import socket
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from harken.base.models import AuditEvent
from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.mailing import MOST_ATTEMPTS, send_notices
from harken.inputs.actions.moderating import hide_inputs, show_inputs
from harken.inputs.actions.notices import MOST_UNASKED, next_moment, notify, notify_of_replies, set_mail
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import Said, Speaker, record_input
from harken.inputs.actions.working import Change, change_inputs
from harken.inputs.models import (
    Correspondent,
    Fault,
    Frequency,
    Input,
    InputState,
    Notice,
    NoticeKind,
    SpeakerKind,
    Standing,
)
from harken.processes.models import Process
from tests.cast import Cast

ANYBODY = AnonymousUser()


class MailServer(Controller):
    """Takes mail on loopback and keeps it; refuses whom `answers` names with the answer given there."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """A mail server that the settings name."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.PUBLIC_ADDRESS = "https://strategy.example.org"
    yield server
    if not server.loop.is_closed():
        server.stop()


def say(process: Process, text: str, lang: str = "en", **more: Any) -> Input:
    return record_input(actor=ANYBODY, process=process, said=Said(text, lang), **more)


def follow(said: Input, address: str = "noor@example.org", **settings: Any) -> Correspondent:
    choice = {"lang": "en", "time_zone": "UTC", **settings}
    return follow_input(actor=ANYBODY, said=said, contact=Contact(address, **choice)).correspondent


def confirm(correspondent: Correspondent, frequency: Frequency = Frequency.AT_ONCE, lang: str = "en") -> None:
    set_mail(
        actor=ANYBODY,
        correspondent=correspondent,
        frequency=frequency,
        lang=lang,
        time_zone=correspondent.time_zone,
    )


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_what_arrived_is_confirmed_at_once_with_its_receipt(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    correspondent = follow(said)
    assert send_notices() == 1
    [mail] = post.mails
    assert mail["To"] == "noor@example.org"
    assert mail["Subject"] == "Your input to Open Garden arrived"
    for kind in ("plain", "html"):
        body = text_of(mail, kind)
        assert "Keep the hubs." in body
        assert "https://strategy.example.org/said/" in body
        assert f"https://strategy.example.org/mail/{correspondent.secret}/" in body
    assert send_notices() == 0


def test_mail_can_be_stopped_by_one_click_and_no_machine_answers_it(cast: Cast, post: MailServer) -> None:
    correspondent = follow(say(cast.process, "Keep the hubs."))
    send_notices()
    [mail] = post.mails
    stop = f"/mail/{correspondent.secret}/stop/"
    assert mail["List-Unsubscribe"].strip() == f"<https://strategy.example.org{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    mail_program = Client(enforce_csrf_checks=True)
    assert mail_program.get(stop).status_code == 200
    correspondent.refresh_from_db()
    assert correspondent.frequency == Frequency.AT_ONCE
    one_click = mail_program.post(stop, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert one_click.status_code == 200
    correspondent.refresh_from_db()
    assert correspondent.frequency == Frequency.NONE
    assert notify([Input.objects.get().pk], NoticeKind.STATE, {"state": "in-work"}) == 0


def test_nothing_but_the_confirmation_comes_before_the_address_is_confirmed(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    correspondent = follow(said)
    notify_of_replies([say(cast.process, "Why?", reply_to=said)])
    send_notices()
    assert [mail["Subject"] for mail in post.mails] == ["Your input to Open Garden arrived"]
    answer = Client().post(
        f"/mail/{correspondent.secret}/", {"frequency": "at once", "lang": "en", "time_zone": "Africa/Tunis"}
    )
    assert answer.status_code == 302
    send_notices()
    assert post.mails[-1]["Subject"] == "Somebody replied to you in Open Garden"
    assert "Why?" in text_of(post.mails[-1])


def test_an_address_somebody_mistyped_gets_few_mails(cast: Cast, post: MailServer) -> None:
    for number in range(MOST_UNASKED + 3):
        follow(say(cast.process, f"Number {number}."), "somebody@example.org")
        send_notices()
    assert len(post.mails) == MOST_UNASKED


def test_a_mail_speaks_the_language_of_whoever_gets_it(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "احتفظوا بالمراكز.", "ar")
    confirm(follow(said), lang="ar")
    reply = say(cast.process, "Warum?", "de", reply_to=said, speaker=Speaker(SpeakerKind.PSEUDONYM, "Ute"))
    send_notices()
    notify_of_replies([reply])
    send_notices()
    page = text_of(post.mails[-1], "html")
    assert '<html lang="ar" dir="rtl">' in page
    assert '<blockquote lang="de" dir="ltr">Warum?' in page
    assert "/ar/said/" in page
    assert "Ute" in page
    assert post.mails[-1]["Content-Language"] == "ar"


def test_a_digest_tells_everything_since_the_last_in_one_mail(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    correspondent = follow(said, time_zone="Africa/Tunis")
    confirm(correspondent, Frequency.DAILY)
    send_notices()
    for number in range(3):
        notify_of_replies([say(cast.process, f"Reply {number}.", reply_to=said)])
    assert send_notices() == 0
    [moment] = set(Notice.objects.filter(kind=NoticeKind.REPLY).values_list("send_after", flat=True))
    assert moment is not None
    assert (moment.hour, moment.minute, moment > timezone.now()) == (7, 0, True)
    Notice.objects.update(send_after=timezone.now())
    assert send_notices() == 1
    assert post.mails[-1]["Subject"] == "3 pieces of news from Open Garden"
    assert all(f"Reply {number}." in text_of(post.mails[-1]) for number in range(3))


@pytest.mark.parametrize(
    ("frequency", "zone", "now", "due"),
    [
        ("at once", "UTC", "2026-03-27T12:00", "2026-03-27T12:00"),
        ("daily", "Europe/Berlin", "2026-03-27T06:59", "2026-03-27T07:00"),
        ("daily", "Europe/Berlin", "2026-03-27T07:00", "2026-03-28T07:00"),
        # Clocks are put forward in the night to the 29th.
        ("daily", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T06:00"),
        ("weekly", "Asia/Kolkata", "2026-03-27T12:00", "2026-03-30T02:30"),
        ("weekly", "Asia/Kolkata", "2026-03-30T02:30", "2026-04-06T02:30"),
        ("weekly", "Asia/Kolkata", "2026-03-30T02:29", "2026-03-30T02:30"),
    ],
)
def test_digests_come_in_the_morning_by_ones_own_clock(frequency: str, zone: str, now: str, due: str) -> None:
    moment = datetime.datetime.fromisoformat(now).replace(tzinfo=datetime.UTC)
    assert next_moment(frequency, zone, moment) == datetime.datetime.fromisoformat(due).replace(tzinfo=datetime.UTC)


def test_a_reply_that_cannot_be_read_any_more_is_not_told(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    confirm(follow(said))
    send_notices()
    reply = say(cast.process, "Buy now!", reply_to=said)
    notify_of_replies([reply])
    Input.objects.filter(pk=reply.pk).update(standing="hidden")
    assert send_notices() == 0
    assert [mail for mail in post.mails if "Buy now!" in mail.as_string()] == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_mailbox_that_does_not_exist_is_given_up(cast: Cast, post: MailServer) -> None:
    post.answers["gone@example.org"] = "550 No such user"
    follow(say(cast.process, "One."), "gone@example.org")
    follow(say(cast.process, "Two."), "there@example.org")
    assert send_notices() == 1
    notice = Notice.objects.get(correspondent__email="gone@example.org")
    assert (notice.send_after, notice.sent_at, "550" in notice.failure) == (None, None, True)


def test_a_full_mailbox_is_tried_again_later_and_not_for_ever(cast: Cast, post: MailServer) -> None:
    post.answers["full@example.org"] = "451 Try again later"
    follow(say(cast.process, "One."), "full@example.org")
    waits = []
    for _attempt in range(MOST_ATTEMPTS):
        before = timezone.now()
        assert send_notices() == 0
        due = Notice.objects.get().send_after
        waits.append(round((due - before).total_seconds() / 60) if due else None)
        Notice.objects.update(send_after=timezone.now())
    assert waits == [1, 4, 16, 64, 256, 1024, 4096, None]


def test_mail_waits_while_the_server_is_away(cast: Cast, post: MailServer) -> None:
    follow(say(cast.process, "One."))
    post.stop()
    assert send_notices() == 0
    assert (Notice.objects.get().attempts, Notice.objects.get().sent_at) == (0, None)


def test_a_name_with_a_line_break_adds_no_header(cast: Cast, post: MailServer) -> None:
    cast.process.name = "Garden\r\nBcc: all@example.org"
    cast.process.save()
    follow(say(cast.process, "One."))
    send_notices()
    [mail] = post.mails
    assert (mail["Bcc"], mail["Subject"]) == (None, "Your input to Garden Bcc: all@example.org arrived")


def test_the_page_of_an_unknown_secret_is_not_there(cast: Cast) -> None:
    assert Client().get("/mail/nothing/").status_code == 404
    assert Client().post("/mail/nothing/stop/").status_code == 404


def test_a_reply_is_told_when_it_is_prepared_and_one_that_waits_when_it_is_let_through(
    cast: Cast, post: MailServer
) -> None:
    said = say(cast.process, "Keep the hubs.")
    confirm(follow(said))
    say(cast.process, "Seen at once.", reply_to=said)
    held = say(cast.process, "Held back.", reply_to=said, standing=Standing.HELD)
    prepare_inputs()
    send_notices()
    assert [("Seen at once." in text_of(mail), "Held back." in text_of(mail)) for mail in post.mails[-1:]] == [
        (True, False)
    ]
    show_inputs(actor=cast.amina, process=cast.process, inputs=[held.pk])
    send_notices()
    assert "Held back." in text_of(post.mails[-1])


def test_hiding_showing_and_a_new_state_are_told_with_the_reason(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    confirm(follow(said))
    send_notices()
    hide_inputs(
        actor=cast.amina, process=cast.process, inputs=[said.pk], fault=Fault.PRIVATE, reason="It names a neighbour."
    )
    send_notices()
    assert post.mails[-1]["Subject"] == "Your input to Open Garden was hidden"
    assert "It names a neighbour." in text_of(post.mails[-1])
    show_inputs(actor=cast.amina, process=cast.process, inputs=[said.pk])
    send_notices()
    assert post.mails[-1]["Subject"] == "Your input to Open Garden can be read"
    inputs = Input.objects.filter(pk=said.pk)
    change = Change(state=InputState.NEEDS_TRANSLATION)
    change_inputs(actor=cast.amina, process=cast.process, inputs=inputs, change=change)
    send_notices()
    assert "has a new state: needs translation" in text_of(post.mails[-1])


def test_a_new_state_is_named_in_the_language_of_the_mail(cast: Cast, post: MailServer) -> None:
    said = say(cast.process, "Keep the hubs.")
    correspondent = follow(said)
    confirm(correspondent, lang="fr")
    change = Change(state=InputState.NEEDS_TRANSLATION)
    change_inputs(actor=cast.amina, process=cast.process, inputs=Input.objects.filter(pk=said.pk), change=change)
    send_notices()
    assert "a un nouvel état : à traduire" in " ".join(text_of(post.mails[-1]).split())


def test_what_happens_to_an_address_is_on_record_without_it(cast: Cast, client: Client) -> None:
    said = say(cast.process, "Keep the hubs.")
    correspondent = follow(said)
    follow(said)
    settings, stop = f"/mail/{correspondent.secret}/", f"/mail/{correspondent.secret}/stop/"
    for frequency in ("daily", "weekly"):
        choice = {"frequency": frequency, "lang": "en", "time_zone": "UTC"}
        assert client.post(settings, choice).status_code == 302
    client.get(stop)
    for _time in range(2):
        assert client.post(stop).status_code == 200
    verbs = ("left address", "confirmed address", "changed mail", "stopped mail")
    events = list(AuditEvent.objects.filter(verb__in=verbs).order_by("pk"))
    of_mail = ("inputs.correspondent", correspondent.pk)
    assert [(event.verb, (event.subject_kind, event.subject_id), event.detail) for event in events] == [
        ("left address", ("inputs.input", said.pk), {}),
        ("confirmed address", of_mail, {"frequency": "daily"}),
        ("changed mail", of_mail, {"frequency": "weekly"}),
        ("stopped mail", of_mail, {}),
    ]
    for event in AuditEvent.objects.all():
        kept = f"{event.actor_name} {event.subject_name} {event.detail}"
        assert "noor" not in kept
        assert correspondent.secret not in kept
