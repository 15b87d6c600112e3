"""Mail that nobody wrote: bounces, notes of absence, loops, robots (RFC 3834, RFC 3464, and what programs do)."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal

from harken.core.talk.mail.headers import Mailbox, decode_header, header, read_ids
from harken.core.talk.mail.parts import Headers, Part
from harken.core.talk.mail.phrases import ABSENCE, BOUNCE

__all__ = ["Automatic", "automatic_kind"]

# bounce: could not be delivered; absence: an out-of-office note; loop: it came back to where it had been; robot: sent
# by a program on its own account.
Automatic = Literal["", "bounce", "absence", "loop", "robot"]

_MOST_HOPS: Final = 60
_SAME_HOP: Final = 4
_DAEMON: Final = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|noreply-bounce)(?:@|\Z)", re.IGNORECASE)
_LIST_HEADERS: Final = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-beenthere")
_LIST_SENDER: Final = re.compile(r"\bowner-\S+@|\S-(?:owner|admin|bounces|request)(?:[+=][^@\s]*)?@", re.IGNORECASE)
_BY: Final = re.compile(r"\bby\s+([\w.-]+)", re.IGNORECASE)
_FOR: Final = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)", re.IGNORECASE)


def automatic_kind(parts: Sequence[Part], author: Mailbox, *, own: Collection[str] = ()) -> Automatic:
    """Return of what kind a message is that no person wrote, "" if one did.

    `own` are addresses and list ids of the mailbox that is read: what is from them, carries them in `X-Loop`, or came
    through this list already when it is not read as one of the list's, has come back. One with a `*` (`news-*@host`)
    says what Message-IDs of our own look like. `Precedence: bulk` alone says nothing about mail of a list, which puts
    it on what people write.
    """
    headers = parts[0].headers
    own_folded = {word.strip("<> ").lower() for word in own}
    if _is_bounce(parts, author):
        return "bounce"
    submitted = header(headers, "auto-submitted").lower().split(";")[0].strip()
    subject = header(headers, "subject")
    if author.address.lower() in own_folded or _is_loop(headers, own_folded):
        return "loop"
    if submitted.startswith("auto-replied") or _is_absence(headers, subject):
        return "absence"
    if submitted not in ("", "no"):
        return "robot"
    is_bulk = header(headers, "precedence").lower() in ("bulk", "junk", "auto_reply")
    return "robot" if is_bulk and not _is_of_list(headers) else ""


def _is_of_list(headers: Headers) -> bool:
    """Whether a list passed the message on: lists have said so in many ways, the older ones by their sender alone."""
    if any(headers.get(name) is not None for name in _LIST_HEADERS):
        return True
    return _LIST_SENDER.search(header(headers, "sender") + " " + header(headers, "return-path")) is not None


def _is_bounce(parts: Sequence[Part], author: Mailbox) -> bool:
    headers = parts[0].headers
    if any(part.media_type == "message/delivery-status" and part.level <= 2 for part in parts):
        return True
    if headers.get_content_type() == "multipart/report" and "disposition" not in str(headers.get("content-type", "")):
        return True
    if headers.get("x-failed-recipients") is not None:
        return True
    is_from_daemon = _DAEMON.match(author.address) is not None or author.name.lower().startswith("mail delivery ")
    has_no_sender = str(headers.get("return-path", "?")).strip() in ("<>", "")
    return (is_from_daemon or has_no_sender) and (
        is_from_daemon or BOUNCE.search(header(headers, "subject")) is not None
    )


def _is_absence(headers: Headers, subject: str) -> bool:
    if headers.get("x-autoreply") is not None or headers.get("x-autorespond") is not None:
        return True
    is_marked = (
        header(headers, "x-auto-response-suppress") != ""
        or header(headers, "precedence").lower() in ("bulk", "junk", "auto_reply")
        or str(headers.get("return-path", "?")).strip() == "<>"
        or headers.get("in-reply-to") is None
    )
    return is_marked and ABSENCE.search(subject[:200]) is not None


def _is_loop(headers: Headers, own: Collection[str]) -> bool:
    if any(decode_header(str(value)).strip("<> ").lower() in own for value in headers.get_all("x-loop", [])):
        return True
    patterns = [pattern for pattern in own if "*" in pattern]
    if any(fnmatchcase(known.lower(), one) for known in read_ids(header(headers, "message-id")) for one in patterns):
        return True
    received = [str(value) for value in headers.get_all("received", [])]
    if len(received) > _MOST_HOPS:
        return True
    hops: Counter[tuple[str, str]] = Counter()
    for value in received:
        by, for_whom = _BY.search(value), _FOR.search(value)
        if by is not None and for_whom is not None:
            hops[by[1].lower(), for_whom[1].lower()] += 1
    if any(count >= _SAME_HOP for count in hops.values()):
        return True
    # A list that finds its own id twice has its own mail before it.
    ids = [str(value).rpartition("<")[2].strip("> ").lower() for value in headers.get_all("list-id", [])]
    return any(count > 1 and name in own for name, count in Counter(ids).items())
