"""What correspondents are to be told, when, and what they decide about their mail."""

import datetime
import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor, record_event
from harken.inputs.models import (
    Consent,
    Correspondent,
    Following,
    Frequency,
    Input,
    Notice,
    NoticeKind,
    Source,
)

DIGEST_HOUR: Final = 8
"""Digests go out at eight in the morning, by the clock of whoever gets them; weekly ones on Mondays."""

_TOLD_UNASKED: Final = frozenset({NoticeKind.CONFIRMATION, NoticeKind.REGISTRATION, NoticeKind.MEETING})
"""What somebody gets because of what they did or registered for: at once, and before they confirm their address."""

MOST_UNASKED: Final = 5
"""So many mails a day go to an address that nobody confirmed: whoever types in somebody else's address stops there."""

MOST_CONFIRMED: Final = 50
"""So many of these go to one that was confirmed: whoever confirmed it need not be who types it in."""


def next_moment(frequency: str, zone: str, now: datetime.datetime) -> datetime.datetime | None:
    """When something that happens `now` is told; None for never."""
    if frequency == Frequency.AT_ONCE:
        return now
    if frequency == Frequency.NONE:
        return None
    local = now.astimezone(zoneinfo.ZoneInfo(zone))
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    days = (7 - local.weekday()) % 7 if frequency == Frequency.WEEKLY else 0
    # The clock is set by the calendar, so that the days on which it is put forward have their morning too.
    due = morning + datetime.timedelta(days=days)
    if due <= local:
        due += datetime.timedelta(days=7 if frequency == Frequency.WEEKLY else 1)
    return due.astimezone(datetime.UTC)


def tell(
    correspondent: Correspondent, kind: NoticeKind, *, said: Input | None = None, about: Mapping[str, Any] | None = None
) -> Notice | None:
    """Have a correspondent told; None where they want no mail. Part of the transaction that gives the reason."""
    now = timezone.now()
    if correspondent.frequency == Frequency.NONE:
        return None
    if kind in _TOLD_UNASKED:
        since = now - datetime.timedelta(days=1)
        unasked = Notice.objects.filter(correspondent=correspondent, kind__in=_TOLD_UNASKED, created_at__gt=since)
        if unasked.count() >= (MOST_UNASKED if correspondent.confirmed_at is None else MOST_CONFIRMED):
            return None
        due: datetime.datetime | None = now
    else:
        due = _due(correspondent, now)
    return Notice.objects.create(
        correspondent=correspondent, kind=kind, input=said, about=dict(about or {}), created_at=now, send_after=due
    )


def _due(correspondent: Correspondent, now: datetime.datetime) -> datetime.datetime | None:
    if correspondent.confirmed_at is None:
        return None
    return next_moment(correspondent.frequency, correspondent.time_zone, now)


def notify(inputs: Collection[int], kind: NoticeKind, about: Mapping[str, Any] | None = None) -> int:
    """Have all who follow these inputs told, once for each; how many notices that makes. Two queries.

    Part of the transaction that gives the reason.
    """
    now = timezone.now()
    followings = Following.objects.filter(input__in=inputs).exclude(correspondent__frequency=Frequency.NONE)
    notices = [
        Notice(
            correspondent=following.correspondent,
            kind=kind,
            input_id=following.input_id,
            about=dict(about or {}),
            created_at=now,
            send_after=_due(following.correspondent, now),
        )
        for following in followings.select_related("correspondent").order_by("pk")
    ]
    return len(Notice.objects.bulk_create(notices, batch_size=500))


def notify_of_replies(inputs: Iterable[Input]) -> int:
    """Have those who follow what was replied to told of the replies that everybody can read; how many notices.

    One query where nobody follows, however many inputs there are; one more where somebody does.
    """
    replies = [said for said in inputs if said.parent_id is not None and said.standing is None]
    parents = {said.parent_id for said in replies}
    followed = set(Following.objects.filter(input__in=parents).values_list("input_id", flat=True)) if parents else set()
    replies = [said for said in replies if said.parent_id in followed]
    # What only those who work with the input may read goes out by mail to nobody else.
    closed = Source.objects.filter(pk__in={said.source_id for said in replies}, consent=Consent.CLOSED)
    unread = set(closed.values_list("pk", flat=True)) if replies else set()
    return sum(
        notify([said.parent_id], NoticeKind.REPLY, {"reply": said.pk})
        for said in replies
        if said.parent_id is not None and said.source_id not in unread
    )


@transaction.atomic
def set_mail(
    *, actor: Actor, correspondent: Correspondent, frequency: Frequency, lang: str, time_zone: str, origin: str = "form"
) -> None:
    """Choose how often, in which language and by which clock mail comes; having come here confirms the address."""
    now = timezone.now()
    verb = "confirmed address" if correspondent.confirmed_at is None else "changed mail"
    correspondent.frequency = frequency
    correspondent.lang = lang
    correspondent.time_zone = time_zone
    correspondent.confirmed_at = correspondent.confirmed_at or now
    correspondent.save(update_fields=["frequency", "lang", "time_zone", "confirmed_at"])
    waiting = Notice.objects.filter(correspondent=correspondent, sent_at=None, failure="")
    if frequency == Frequency.NONE:
        waiting.delete()
    else:
        waiting.exclude(kind__in=_TOLD_UNASKED).update(send_after=_due(correspondent, now))
    detail = {"frequency": frequency.value}
    record_event(actor=actor, verb=verb, subject=correspondent, detail=detail, origin=origin)


@transaction.atomic
def stop_mail(*, actor: Actor, correspondent: Correspondent, origin: str = "form") -> None:
    """Send no more mail; whoever follows the link in a mail is who gets it, signed in or not."""
    writing = Correspondent.objects.filter(pk=correspondent.pk).exclude(frequency=Frequency.NONE)
    # A mail program may ask more than once.
    if writing.update(frequency=Frequency.NONE):
        record_event(actor=actor, verb="stopped mail", subject=correspondent, origin=origin)
    Notice.objects.filter(correspondent=correspondent, sent_at=None).delete()
