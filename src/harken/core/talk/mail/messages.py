"""One message as Harken hears it: who said it, when, in answer to what, their own words apart from all else."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol

from harken.core.talk.charsets import decode_bytes
from harken.core.talk.html_text import html_to_text
from harken.core.talk.mail.automatic import Automatic, automatic_kind
from harken.core.talk.mail.boxes import RawMessage
from harken.core.talk.mail.dates import read_mail_date
from harken.core.talk.mail.headers import Mailbox, decode_header, header, read_ids, read_mailbox, split_mailboxes
from harken.core.talk.mail.parts import Part
from harken.core.talk.mail.quoting import separate, unflow
from harken.core.talk.model import Attachment, Finding

__all__ = ["Mail", "read_mail"]

_SHOWN: Final = 120
_SYNTHETIC: Final = "harken.invalid"
# How lists write a member's name when they may not write in its name (DMARC).
_VIA: Final = re.compile(r"(.+?)\s+(?:via|über|par|vía|por|através de|عبر|द्वारा)\s+\S.*\Z", re.IGNORECASE)
_TAGS: Final = re.compile(r"<[a-zA-Z/!][^<>@]*>")


@dataclass(frozen=True, slots=True)
class Mail:
    """One message.

    `id` is its Message-ID, or one made from its content if it has none (`is_id_made`). `references` are the ids it
    answers, oldest first, the direct one last. `text` is what its author says; `quoted` what they repeat or pass on of
    others, `signature` and `footer` what stands below; `html` their markup where there was any, uncleaned.
    `attachments` have a size and a hash, never their content. `automatic` tells mail nobody wrote.
    """

    id: str
    author: Mailbox
    at: datetime | None
    subject: str
    text: str
    quoted: str = ""
    signature: str = ""
    footer: str = ""
    html: str = field(default="", repr=False)
    lang: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic = ""
    is_id_made: bool = False
    list_id: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def is_automatic(self) -> bool:
        """Whether no person wrote this message."""
        return self.automatic != ""


def read_mail(raw: RawMessage, *, zone: tzinfo = UTC, own: Collection[str] = (), references: int = 100) -> Mail:
    """Return what a message says. `zone` is where clocks stood that do not say; `own` is as in `automatic_kind`.

    The author is who the message itself says it is from; the headers of messages inside it, and lines of its text that
    look like headers, are words and no more.
    """
    findings: list[Finding] = []
    headers = raw.parts[0].headers

    def find(reason: str, text: str) -> None:
        findings.append(Finding(raw.place, reason, text[:_SHOWN]))

    author = _read_author(raw.parts[0], find)
    said_date = header(headers, "date")
    at = read_mail_date(said_date, zone)
    if at is None:
        find("impossible_date" if said_date else "no_date", said_date)
    subject = header(headers, "subject")
    body = _Body(raw.parts, find)
    said = separate(body.text)
    quoted = "\n\n".join(piece for piece in (said.quoted, *body.passed_on) if piece)
    attachments = tuple(_list_attachments(raw.parts, find))
    _find_cuts(raw, find)
    ids = read_ids(header(headers, "message-id"))
    if not ids:
        find("no_message_id", subject)
        ids = [_make_id(author, said_date, subject, body.text, attachments)]
    return Mail(
        id=ids[0][:900],
        author=author,
        at=at,
        subject=subject,
        text=said.text.strip(),
        quoted=quoted,
        signature=said.signature,
        footer=said.footer,
        html=body.html,
        lang=header(headers, "content-language").split(",")[0].strip()[:35],
        references=tuple(_read_references(raw.parts[0], ids[0], references)),
        attachments=attachments,
        automatic=automatic_kind(raw.parts, author, own=own),
        is_id_made="@" + _SYNTHETIC in ids[0],
        list_id=header(headers, "list-id").rpartition("<")[2].strip("<> ")[:250],
        findings=tuple(findings),
    )


# --- who ---


def _read_author(part: Part, find: "_Find") -> Mailbox:
    headers = part.headers
    values = [str(value) for value in headers.get_all("from", [])]
    if len(values) > 1:
        find("several_from_headers", " | ".join(decode_header(value) for value in values))
    boxes = [box for value in values[:1] for box in split_mailboxes(value)]
    if not boxes:
        sender = str(headers.get("sender") or "")
        find("no_from_header", decode_header(sender))
        boxes = split_mailboxes(sender)
    author = read_mailbox(boxes[0]) if boxes else Mailbox()
    if len(boxes) > 1:
        find("several_authors", ", ".join(decode_header(box) for box in boxes))
    if _TAGS.search(author.name):
        find("markup_in_name", author.name)
    via = _VIA.match(author.name)
    if (
        via is not None
        and author.address
        and author.address in decode_header(str(headers.get("list-post") or "")).lower()
    ):
        return _behind_list(via[1].strip("'\" "), part)
    return author


def _behind_list(name: str, part: Part) -> Mailbox:
    """The member a list writes for: their address is where answers go, if it is written beside the same name."""
    for value in part.headers.get_all("reply-to", []):
        for box in split_mailboxes(str(value)):
            reply = read_mailbox(box)
            if reply.name.casefold() == name.casefold():
                return reply
    return Mailbox(name)


def _read_references(part: Part, own: str, most: int) -> list[str]:
    """References, oldest first, then what In-Reply-To adds (https://www.jwz.org/doc/threading.html, step 1)."""
    ids = read_ids(" ".join(decode_header(str(value)) for value in part.headers.get_all("references", [])))
    for answered in read_ids(header(part.headers, "in-reply-to"))[:1]:
        if answered not in ids:
            ids.append(answered)
    ids = [reference[:900] for reference in ids if reference != own]
    return ids if len(ids) <= most else ids[:1] + ids[1 - most :]


def _make_id(author: Mailbox, date: str, subject: str, text: str, attachments: Sequence[Attachment]) -> str:
    files = (f"{file.name}\0{file.sha256}" for file in attachments)
    said = "\0".join((author.address or author.name, date, subject, " ".join(text.split()), *files))
    return f"{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}@{_SYNTHETIC}"


# --- what ---


class _Find(Protocol):
    """Notes a finding: the reason and the words it is about."""

    def __call__(self, reason: str, text: str) -> None: ...


class _Body:
    """The text of a message from its parts: of alternatives the plain one, messages inside it apart."""

    def __init__(self, parts: Sequence[Part], find: _Find) -> None:
        self._parts = parts
        self._find = find
        inner = _inside_messages(parts)
        plain_in = self._alternatives_with_plain()
        own: list[str] = []
        markup: list[str] = []
        inner_texts: dict[int, list[str]] = {}
        for place, part in enumerate(parts):
            if not part.is_text or not part.body:
                continue
            is_html = part.media_type == "text/html"
            if is_html and self._alternative_above(place) in plain_in:
                if inner[place] < 0:
                    markup.append(self._decode(part))
                continue
            text = self._read(part, is_html=is_html)
            if inner[place] >= 0:
                inner_texts.setdefault(inner[place], []).append(text)
                continue
            if is_html:
                markup.append(self._decode(part))
            own.append(text)
        self.text = "\n\n".join(text.strip("\r\n") for text in own if text.strip())
        self.html = "\n".join(markup)
        self.passed_on = [self._passed_on(place, texts) for place, texts in inner_texts.items()]

    def _alternatives_with_plain(self) -> set[int]:
        return {
            self._alternative_above(place)
            for place, part in enumerate(self._parts)
            if part.is_text and part.media_type != "text/html" and part.body.strip()
        } - {-1}

    def _alternative_above(self, place: int) -> int:
        above = self._parts[place].parent
        while above >= 0 and self._parts[above].media_type != "multipart/alternative":
            above = self._parts[above].parent if self._parts[above].media_type != "message/rfc822" else -1
        return above

    def _decode(self, part: Part) -> str:
        return decode_bytes(part.body, _charset_of(part)).text

    def _read(self, part: Part, *, is_html: bool) -> str:
        declared = _charset_of(part)
        decoded = decode_bytes(part.body, declared)
        if decoded.trouble:
            self._find(decoded.trouble, f"{declared or '-'} → {decoded.charset}: {decoded.text.strip()}")
        if is_html:
            return html_to_text(decoded.text)
        # RFC 3676; the parameter says how lines were broken.
        if str(_parameter(part, "format")).lower() == "flowed":
            return unflow(decoded.text, deletes_space=str(_parameter(part, "delsp")).lower() == "yes")
        return decoded.text

    def _passed_on(self, place: int, texts: Sequence[str]) -> str:
        # The headers of a message inside this one are quoted as words; nothing is taken from them.
        headers = self._parts[place].headers
        named = [f"{name}: {header(headers, name)}" for name in ("From", "Date", "Subject") if header(headers, name)]
        return "\n".join([*named, "", *(text.strip() for text in texts)]).strip()


def _inside_messages(parts: Sequence[Part]) -> list[int]:
    """For each part the place of the outermost message inside this one that it belongs to, -1 for our own."""
    inside: list[int] = []
    for part in parts:
        if part.parent < 0:
            inside.append(-1)
        elif inside[part.parent] >= 0:
            inside.append(inside[part.parent])
        else:
            is_message = parts[part.parent].media_type == "message/rfc822"
            inside.append(len(inside) if is_message else -1)
    return inside


def _parameter(part: Part, name: str) -> str:
    try:
        value = part.headers.get_param(name)
    except (ValueError, LookupError, TypeError):
        return ""
    return value if isinstance(value, str) else value[2] if isinstance(value, tuple) else ""


def _charset_of(part: Part) -> str:
    return _parameter(part, "charset").strip()


def _list_attachments(parts: Sequence[Part], find: _Find) -> "list[Attachment]":
    listed = []
    for part in parts:
        if part.is_text or part.has_inside or part.media_type.startswith("multipart/"):
            continue
        if part.media_type == "message/delivery-status":
            continue
        media_type = "application/ms-tnef" if part.is_tnef else part.media_type
        name = decode_header(part.name).replace("\\", "/").rpartition("/")[2]
        if part.is_tnef:
            find("tnef", name or "winmail.dat")
        listed.append(Attachment(name, media_type, part.size, part.sha256))
    return listed


def _find_cuts(raw: RawMessage, find: _Find) -> None:
    if raw.overflow:
        find("too_many_parts", f"{raw.overflow}")
    for part in raw.parts:
        if part.cut:
            find("too_long", f"{part.media_type}: {part.size}")
