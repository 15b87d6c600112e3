"""Letters for the tests of mail."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

from harken.core.talk.mail.boxes import RawMessage, read_stream
from harken.core.talk.mail.messages import Mail, read_mail

HEADERS = "From: Ann <ann@example.org>\nDate: Fri, 5 Mar 2021 01:00:00 +0100\nMessage-ID: <a@x>\nSubject: Rooms\n"
MARCH = datetime(2021, 3, 5, tzinfo=UTC)


def raw(data: bytes | str) -> Iterator[RawMessage]:
    return read_stream(io.BytesIO(data if isinstance(data, bytes) else data.encode()), place="box")


def one(data: bytes | str, own: tuple[str, ...] = ()) -> Mail:
    (message,) = raw(data)
    return read_mail(message, own=own)


def reasons(mail: Mail) -> list[str]:
    return [finding.reason for finding in mail.findings]


def box(*messages: str) -> str:
    return "".join(f"From ann@example.org Fri Mar  5 00:00:00 2021\n{message}\n\n" for message in messages)
