"""A real mail server on the loopback address: what is sent to it is input, once, and stays as it is.

No part of `make test`: `make test-imap` runs it.
"""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox as Delivery
from click.testing import CliRunner
from django.conf import LazySettings

from harken.__main__ import cli
from harken.base.permits import OPERATOR
from harken.inputs.actions.polling import poll_mailbox
from harken.inputs.mailboxes import CannotReadMailbox, take_apart
from harken.inputs.models import Attachment, Input, Wording
from tests.cast import Cast
from tools.dovecot import OTHER_PASSWORD, USER, PostOffice, temporary_post_office
from tools.postgresql import find_free_port
from tools.provisions import find_dovecot


@pytest.fixture
def office() -> Iterator[PostOffice]:
    program = find_dovecot()
    assert program is not None
    with temporary_post_office(program) as office:
        yield office


@pytest.fixture
def smtp(office: PostOffice) -> Iterator[smtplib.SMTP]:
    """A connection to a mail server that puts what it takes into the mailbox."""
    delivery, port = Delivery(office.maildir), find_free_port()
    controller = Controller(delivery, hostname="127.0.0.1", port=port, data_size_limit=60_000_000)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", controller.port) as connection:
            yield connection
    finally:
        controller.stop()


def letter(number: int, text: str = "", *, reply_to: int = 0) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Ø <ann@example.org>"
    message["To"] = USER
    message["Date"] = f"Fri, 9 Aug 2019 10:{number:02}:00 +0000"
    message["Message-ID"] = f"<{number}@example.org>"
    message["Subject"] = "Wässern"
    if reply_to:
        message["In-Reply-To"] = f"<{reply_to}@example.org>"
    message.set_content(text or f"I say {number}.")
    return message


def address(office: PostOffice, *, start: str = "imap", host: str = "127.0.0.1", folder: str = "INBOX") -> str:
    port = office.tls_port if start == "imaps" else office.port
    return f"{start}://{quote(USER, safe='')}:{office.password}@{host}:{port}/{quote(folder)}?process=open-garden"


def poll(place: str) -> tuple[int, int]:
    report = poll_mailbox(actor=OPERATOR, mailbox=take_apart(place))
    return (report.added, report.same) if report else (0, 0)


def files(office: PostOffice) -> set[str]:
    """The names of the messages' files: their flags are part of them."""
    return {path.name for folder in ("cur", "new") for path in (office.maildir / folder).iterdir()}


def test_what_is_sent_is_input_once(cast: Cast, office: PostOffice, smtp: smtplib.SMTP) -> None:
    smtp.send_message(letter(1))
    smtp.send_message(letter(2, reply_to=1))
    assert poll(address(office)) == (2, 0)
    before = files(office)
    assert poll(address(office)) == (0, 0)
    smtp.send_message(letter(3, reply_to=2))
    smtp.send_message(letter(3, reply_to=2))
    assert poll(address(office)) == (1, 0)
    said = Input.objects.order_by("order_key")
    assert [(one.external_id, one.depth) for one in said] == [
        ("1@example.org", 1),
        ("2@example.org", 2),
        ("3@example.org", 3),
    ]
    first = Wording.objects.get(input=said[0])
    assert (first.speaker_name, first.speaker_account, first.heading) == ("Ann Ø", "ann@example.org", "Wässern")
    # Nobody's message is marked as read, moved or taken away.
    assert before <= files(office)
    assert not any(name.rpartition(":2,")[2] for name in files(office) if ":2," in name)


def test_a_great_attachment_and_a_long_text_come_whole(cast: Cast, office: PostOffice, smtp: smtplib.SMTP) -> None:
    text = "".join(f"Line {number} of what I have to say.\n" for number in range(60_000))
    great = letter(1, text)
    great.add_attachment(b"\x89PNG" + bytes(30_000_000), maintype="image", subtype="png", filename="map.png")
    smtp.send_message(great)
    assert poll(address(office)) == (1, 0)
    assert Attachment.objects.get().size == 30_000_004
    assert Wording.objects.get().text == text.strip()


def test_a_password_may_be_in_any_script(cast: Cast, office: PostOffice, smtp: smtplib.SMTP) -> None:
    smtp.send_message(letter(1))
    assert poll(address(office).replace(office.password, quote(OTHER_PASSWORD))) == (1, 0)


def test_drafts_and_what_was_thrown_away_are_not_read(cast: Cast, office: PostOffice) -> None:
    for number, flags in enumerate(("", "S", "D", "T"), start=1):
        (office.maildir / "cur" / f"{number}.x:2,{flags}").write_bytes(letter(number).as_bytes())
    for path in (office.maildir / "cur").iterdir():
        path.chmod(0o666)
    assert poll(address(office)) == (2, 0)
    assert poll(address(office)) == (0, 0)


def test_a_folder_may_have_a_name_in_any_script(cast: Cast, office: PostOffice) -> None:
    # Dovecot keeps folders under their names in modified UTF-7.
    folder = office.maildir / ".B&APw-ro &- &BikGMQZBBik-"
    for part in (folder, *(folder / name for name in ("cur", "new", "tmp"))):
        part.mkdir()
        part.chmod(0o777)
    (folder / "new" / "1.x").write_bytes(letter(1).as_bytes())
    (folder / "new" / "1.x").chmod(0o666)
    assert poll(address(office, folder="Büro & ةرفة")) == (1, 0)


@pytest.mark.parametrize(("start", "host"), [("imaps", "localhost"), ("imap", "[::ffff:127.0.0.1]")])
def test_tls_is_asked_for_and_checked(
    cast: Cast, office: PostOffice, smtp: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch, start: str, host: str
) -> None:
    smtp.send_message(letter(1))
    with pytest.raises(CannotReadMailbox, match="certificate verify failed"):
        poll(address(office, start=start, host=host))
    monkeypatch.setenv("SSL_CERT_FILE", str(office.certificate))
    assert poll(address(office, start=start, host=host)) == (1, 0)


def test_the_command_polls(cast: Cast, office: PostOffice, smtp: smtplib.SMTP, settings: LazySettings) -> None:
    settings.MAILBOXES = [address(office)]
    smtp.send_message(letter(1))
    told = CliRunner().invoke(cli, ["inputs", "poll"])
    assert told.exit_code == 0, told.output
    assert "1 inputs added" in told.output
    settings.MAILBOXES = [address(office).replace(office.password, "wrong")]
    told = CliRunner().invoke(cli, ["inputs", "poll"])
    assert told.exit_code == 2
    assert "Traceback" not in told.output
