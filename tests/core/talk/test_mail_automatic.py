"""Mail that nobody wrote: loops, our own that comes back, notes of absence, bounces, robots."""

import pytest

from harken.core.talk.mail.posts import stream_mail
from harken.core.talk.model import Finding, Post
from tests.core.talk.letters import HEADERS, one, raw


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("", ""),
        ("Auto-Submitted: no\n", ""),
        ("Auto-Submitted: auto-generated\n", "robot"),
        ("Auto-Submitted: auto-replied (vacation)\n", "absence"),
        ("X-Autoreply: yes\n", "absence"),
        ("Precedence: bulk\n", "robot"),
        ("Precedence: bulk\nList-Id: <s.lists.org>\n", ""),
        ("Precedence: bulk\nSender: owner-strategy@x.org\n", ""),
        ("X-Loop: inbox@harken.example\n", "loop"),
        ("X-Loop: other@x.org\nList-Id: <s.lists.org>\n", ""),
        ("Received: from a by mx.x.org for <inbox@x.org>; Fri\n" * 4, "loop"),
        ("Received: from a by mx.x.org for <inbox@x.org>; Fri\nReceived: from b by b.org\n", ""),
        ("Received: by x\n" * 70, "loop"),
        ("List-Id: <own.lists.org>\nList-Id: <own.lists.org>\n", "loop"),
        ("X-Failed-Recipients: b@x.org\n", "bounce"),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", "bounce"),
    ],
)
def test_mail_nobody_wrote_is_recognised(headers: str, kind: str) -> None:
    mail = one(HEADERS + headers + "\nhi", own=("inbox@harken.example", "own.lists.org"))
    assert mail.automatic == kind
    assert mail.is_automatic is (kind != "")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (HEADERS, ""),
        (HEADERS.replace("ann@example.org", "Inbox@Harken.example"), "loop"),
        (HEADERS.replace("<a@x>", "<news-7@harken.example>"), "loop"),
        (HEADERS.replace("<a@x>", "<news-7@harken.example.org>"), ""),
        (HEADERS.replace("<a@x>", "<a@harken.example>\nIn-Reply-To: <news-7@harken.example>"), ""),
    ],
)
def test_our_own_mail_that_comes_back_is_a_loop_and_answers_to_it_are_not(said: str, kind: str) -> None:
    assert one(f"{said}\nhi", own=("inbox@harken.example", "news-*@harken.example")).automatic == kind


@pytest.mark.parametrize(
    "subject", ["Out of office: Rooms", "Automatische Antwort: Rooms", "Réponse automatique", "رد تلقائي: غرف"]
)
def test_a_note_of_absence_is_recognised_by_its_subject(subject: str) -> None:
    assert one(HEADERS.replace("Rooms", subject) + "Precedence: bulk\n\nhi").automatic == "absence"


def test_a_person_may_write_about_being_out_of_office() -> None:
    assert one(HEADERS.replace("Rooms", "Re: out of office hours?") + "In-Reply-To: <b@x>\n\nhi").automatic == ""


def test_a_bounce_is_recognised_by_who_sends_it() -> None:
    said = "From: MAILER-DAEMON@x.org\nSubject: Undelivered Mail\nMessage-ID: <a@x>\n\nhi"
    assert one(said).automatic == "bounce"
    entries = list(stream_mail(raw(said)))
    assert [e.reason for e in entries if isinstance(e, Finding)] == ["no_date", "automatic_bounce"]
    assert not any(isinstance(entry, Post) for entry in entries)
