"""What the mails to correspondents say."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from harken.inputs.links import find_links
from harken.inputs.models import (
    Consent,
    Hiding,
    Input,
    InputState,
    Notice,
    NoticeKind,
    Registration,
    Standing,
    Wording,
)
from harken.inputs.queries.ledger import shown_name

LONGEST_QUOTE: Final = 600


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody, shortened; `is_cut` where they go on."""

    text: str
    lang: str
    speaker: str
    is_cut: bool

    @property
    def indented(self) -> str:
        """The words as a mail quotes them, in lines that no mail program has to break."""
        lines = [textwrap.fill(line, 68, break_long_words=False) for line in self.text.splitlines()]
        return textwrap.indent("\n".join(lines) + (" …" if self.is_cut else ""), "    ")


@dataclass(frozen=True, slots=True)
class News:
    """One notice as a mail tells it: what it is about, and a reply, a state or a reason where it has one."""

    kind: str
    input: Input | None
    said: Quote | None
    reply: Quote | None
    reply_to_read: Input | None
    state: str | Promise
    reason: str
    registration: Registration | None


def read_news(notices: Sequence[Notice]) -> list[News]:
    """What these notices tell. At most four queries, however many there are.

    A reply that cannot be read any more is left out, and with it its notice. What there is to tell of a registration
    is told once for each kind, however often it came about: a mail says how it stands when it is written.
    """
    reply_pks = {notice.about["reply"] for notice in notices if "reply" in notice.about}
    replies = {
        reply.pk: reply
        for reply in Input.objects.filter(pk__in=reply_pks, standing__isnull=True)
        .exclude(source__consent=Consent.CLOSED)
        .select_related("source", "process")
    }
    about = [notice.input_id for notice in notices if notice.input_id is not None]
    quotes = _quote([*about, *replies])
    hidden = [notice.input_id for notice in notices if notice.kind == NoticeKind.HIDDEN]
    reasons = {
        hiding.input_id: hiding.reason
        for hiding in (Hiding.objects.filter(input__in=hidden, lifted_at=None) if hidden else ())
    }
    registrations = _read_registrations(notices)
    news = []
    told: set[tuple[str, int]] = set()
    for notice in notices:
        registered = notice.about.get("registration", 0)
        if registered and (notice.kind, registered) in told:
            continue
        told.add((notice.kind, registered))
        reply = replies.get(notice.about.get("reply", 0))
        if notice.kind == NoticeKind.REPLY and reply is None:
            continue
        news.append(
            News(
                kind=notice.kind,
                input=notice.input,
                said=_quote_own(notice, quotes),
                reply=quotes.get(reply.pk) if reply else None,
                reply_to_read=reply,
                state=_name_state(notice.about.get("state", "")),
                reason=reasons.get(notice.input_id or 0, ""),
                registration=registrations.get(registered),
            )
        )
    return news


def _quote_own(notice: Notice, quotes: Mapping[int, Quote]) -> Quote | None:
    """What was said itself, for whoever left the address with it.

    Not to an address that nobody confirmed where it waits for a moderator or has a link: else anybody could have this
    site write what they like to whom they like.
    """
    said = quotes.get(notice.input_id or 0)
    if said is None or notice.input is None or notice.correspondent.confirmed_at is not None:
        return said
    return None if notice.input.standing == Standing.HELD or find_links(said.text) else said


def _read_registrations(notices: Sequence[Notice]) -> dict[int, Registration]:
    pks = {notice.about["registration"] for notice in notices if "registration" in notice.about}
    if not pks:
        return {}
    found = Registration.objects.filter(pk__in=pks).select_related("meeting__process")
    return {registration.pk: registration for registration in found}


def _name_state(state: str) -> str | Promise:
    # In the language of the mail, which is switched on later.
    return InputState(state).label if state in InputState.values else ""


def _quote(pks: Sequence[int]) -> dict[int, Quote]:
    newest: dict[int, Wording] = {}
    wordings = Wording.objects.filter(input__in=pks).order_by("number")
    for wording in wordings.select_related("input__source"):
        newest[wording.input_id] = wording
    return {
        pk: Quote(
            wording.text[:LONGEST_QUOTE],
            wording.input.lang or wording.lang,
            shown_name(wording) if wording.input.source.consent == Consent.PUBLIC else "",
            len(wording.text) > LONGEST_QUOTE,
        )
        for pk, wording in newest.items()
        if wording.input.standing != Standing.WITHDRAWN
    }
