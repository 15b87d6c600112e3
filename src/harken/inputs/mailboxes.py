"""Mailboxes that are read over IMAP (RFC 9051): opened for reading alone, so that nothing in them is ever changed.

A message comes in pieces, however large it is. Which mailboxes there are is the operator's business
(`HARKEN_MAILBOXES`).
"""

import contextlib
import imaplib
import io
import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from harken.core.talk.mail.boxes import RawMessage, read_message
from harken.inputs.models import Consent

__all__ = ["CannotReadMailbox", "Mailbox", "MailboxSession", "list_mailboxes", "open_mailbox", "take_apart"]

SECONDS: Final = 30.0
PIECE: Final = 1_000_000
"""Bytes of a message that are asked for at a time."""
WINDOW: Final = 50_000
"""So many numbers of messages are looked through at a time: an answer is one line, and lines have a limit."""
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NUMBER: Final = re.compile(rb"\bUID (\d+)")


class CannotReadMailbox(Exception):
    """A mailbox cannot be reached or read; the sentence names it and never its password."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox, what its messages are input to, and on what terms. `own` is as in `harken.core.talk.mail`."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str = field(repr=False)
    folder: str
    process: str
    document: str = ""
    iteration: str = ""
    title: str = ""
    consent: Consent = Consent.NAMELESS
    licence: str = ""
    lang: str = ""
    zone: tzinfo = UTC
    own: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What its source is known by: the same whatever else is said of it."""
        return f"{self.user}@{self.host}/{self.folder}"


def list_mailboxes() -> tuple[Mailbox, ...]:
    """The mailboxes the operator named. Raises `CannotReadMailbox` for one that is named wrongly."""
    return tuple(map(take_apart, settings.MAILBOXES))


def take_apart(address: str) -> Mailbox:
    """What `imaps://user:password@host:993/folder?process=slug&…` says. Raises `CannotReadMailbox`."""
    parts = urlsplit(address)
    told = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    own = parse_qs(parts.query).get("own", [])
    host = parts.hostname or ""
    is_tls = parts.scheme == "imaps"
    user = unquote(parts.username or "")
    unknown = told.keys() - {"process", "document", "iteration", "title", "consent", "licence", "lang", "zone", "own"}
    if parts.scheme not in ("imap", "imaps") or not host or not user or "process" not in told or unknown:
        reason = f"it cannot say {', '.join(sorted(unknown))}" if unknown else "it has to say who reads what for which"
        raise CannotReadMailbox(
            f"The mailbox at “{host}”: {reason}; write imaps://user:password@host/INBOX?process=slug."
        )
    try:
        consent = Consent(told.get("consent", Consent.NAMELESS))
        zone = ZoneInfo(told.get("zone", "UTC"))
        port = parts.port or (993 if is_tls else 143)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise CannotReadMailbox(f"The mailbox at “{host}”: {error}.") from error
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ")
    our_host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    return Mailbox(
        host=host,
        port=port,
        is_tls=is_tls,
        user=user,
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
        process=told["process"],
        document=told.get("document", ""),
        iteration=told.get("iteration", ""),
        title=told.get("title", ""),
        consent=consent,
        licence=told.get("licence", ""),
        lang=told.get("lang", ""),
        zone=zone,
        # What the site sends itself: by its sender, and by the Message-IDs its notices have.
        own=(*own, sender, f"news-*@{our_host}", *((user,) if "@" in user else ())),
    )


class MailboxSession:
    """A mailbox that is open. `validity` tells whether its messages still have the numbers (UIDs) they had."""

    def __init__(self, connection: imaplib.IMAP4, folder: str) -> None:
        self._connection = connection
        self._folder = folder
        self.validity = self._said("UIDVALIDITY")
        self._next = self._said("UIDNEXT")

    def numbers_after(self, number: int) -> Iterator[int]:
        """The numbers of messages behind `number` in order, without drafts and what was thrown away."""
        for start in range(number + 1, self._next, WINDOW):
            end = min(start + WINDOW, self._next) - 1
            answer = self._ask("SEARCH", f"UID {start}:{end} UNDELETED UNDRAFT")
            found = {int(word) for line in answer if isinstance(line, bytes) for word in line.split() if word.isdigit()}
            # A range that is empty gives the last message there is.
            yield from sorted(one for one in found if start <= one <= end)

    def read(self, number: int) -> RawMessage | None:
        """The message of that number, None if somebody has taken it away meanwhile."""
        pieces = _Pieces(self, number)
        if pieces.is_gone:
            return None
        return read_message(io.BufferedReader(pieces, PIECE), place=f"{self._folder}/{number}")

    def piece(self, number: int, start: int) -> bytes | None:
        """A piece of a message, b"" behind its end, None if it is not there."""
        answer = self._ask("FETCH", str(number), f"(UID BODY.PEEK[]<{start}.{PIECE}>)")
        for part in answer:
            if isinstance(part, tuple) and _is_about(part[0], number):
                return bytes(part[1])
        return b"" if any(isinstance(part, bytes) and _is_about(part, number) for part in answer) else None

    def _ask(self, command: str, *arguments: str) -> Sequence[object]:
        status, answer = self._connection.uid(command, *arguments)
        if status != "OK":
            raise CannotReadMailbox(f"{self._folder} does not answer {command}.")
        return answer

    def _said(self, what: str) -> int:
        _name, values = self._connection.response(what)
        said = values[-1] if values else None
        if not isinstance(said, bytes) or not said.isdigit():
            raise CannotReadMailbox(f"{self._folder} does not number its messages for good ({what}).")
        return int(said)


class _Pieces(io.RawIOBase):
    """A message as a file that is read from the server while it is asked for."""

    def __init__(self, session: MailboxSession, number: int) -> None:
        super().__init__()
        self._session = session
        self._number = number
        self._at = 0
        first = session.piece(number, 0)
        self.is_gone = first is None
        self._waiting = first or b""
        self._is_last = len(self._waiting) < PIECE

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # what BufferedReader hands in
        """Fill the buffer as far as a piece reaches."""
        if not self._waiting and not self._is_last:
            self._waiting = self._session.piece(self._number, self._at) or b""
            self._is_last = len(self._waiting) < PIECE
        taken = self._waiting[: len(buffer)]
        self._waiting = self._waiting[len(taken) :]
        self._at += len(taken)
        buffer[: len(taken)] = taken
        return len(taken)


def _is_about(line: bytes, number: int) -> bool:
    found = _NUMBER.search(line)
    return found is not None and int(found[1]) == number and b"BODY[]" in line.upper()


@contextlib.contextmanager
def open_mailbox(mailbox: Mailbox) -> Iterator[MailboxSession]:
    """The mailbox, open for reading alone until the block ends. Raises `CannotReadMailbox`, also while it is read."""
    try:
        connection = _connect(mailbox)
        try:
            _sign_in(connection, mailbox)
            status, _answer = connection.select(_quote(mailbox.folder), readonly=True)
            if status != "OK":
                raise CannotReadMailbox(f"{mailbox.key}: there is no such folder.")
            yield MailboxSession(connection, mailbox.folder)
        finally:
            _leave(connection)
    except (imaplib.IMAP4.error, OSError) as error:
        said = str(error).replace(mailbox.password, "…") if mailbox.password else str(error)
        raise CannotReadMailbox(f"{mailbox.key} could not be read: {said[:200] or type(error).__name__}.") from error


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.is_tls:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    connection = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=SECONDS)
    if mailbox.host in _LOOPBACK:
        return connection
    try:
        _start_tls(connection, mailbox)
    except BaseException:
        _hang_up(connection)
        raise
    return connection


def _start_tls(connection: imaplib.IMAP4, mailbox: Mailbox) -> None:
    if "STARTTLS" not in connection.capabilities:
        raise CannotReadMailbox(f"{mailbox.key}: the server offers no encryption, so the password is not sent.")
    connection.starttls(ssl.create_default_context())


def _sign_in(connection: imaplib.IMAP4, mailbox: Mailbox) -> None:
    if "AUTH=PLAIN" in connection.capabilities:
        # Unlike LOGIN it takes names and passwords in any script (RFC 4616).
        secret = f"\0{mailbox.user}\0{mailbox.password}".encode()
        connection.authenticate("PLAIN", lambda _challenge: secret)
    elif mailbox.user.isascii() and mailbox.password.isascii():
        connection.login(mailbox.user, mailbox.password)
    else:
        raise CannotReadMailbox(f"{mailbox.key}: this server takes names and passwords in plain letters only.")


def _leave(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        # It is lost already and cannot be told.
        _hang_up(connection)


def _hang_up(connection: imaplib.IMAP4) -> None:
    """Give back what a connection holds on this side."""
    with contextlib.suppress(OSError):
        connection.shutdown()


def _quote(folder: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), in quotes."""
    parts = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", folder):
        if run.isascii() and run.isprintable():
            parts.append(run.replace("&", "&-"))
        else:
            encoded = run.encode("utf-7").decode("ascii")
            parts.append("&" + encoded.strip("+-").replace("/", ",") + "-")
    name = "".join(parts).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'
