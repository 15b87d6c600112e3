"""Writes of the base room: audit events."""

import datetime
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Protocol

from django.db import models
from django.utils import timezone

from harken.base.bulk import BulkInsert, Statements
from harken.base.models import AuditEvent


class Actor(Protocol):
    """Whoever acts: a signed-in user, the operator, or an anonymous visitor."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_authenticated(self) -> Any: ...


def name_of(actor: Actor) -> str:
    """The name an act is recorded under, as it is now: it stays when the account is gone."""
    return str(getattr(actor, "name", None) or actor)[:150]


def record_event(
    *, actor: Actor, verb: str, subject: models.Model, detail: dict[str, Any] | None = None, origin: str = ""
) -> AuditEvent:
    """Add one audit event, in the caller's transaction.

    `verb` is a past-tense word or two ("created process"); `detail` holds what a reader needs to understand the
    act and must be JSON; `origin` says through which door (form, command line, import).
    """
    return AuditEvent.objects.create(
        at=timezone.now(),
        actor_id=actor.pk if actor.is_authenticated else None,
        actor_name=name_of(actor),
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_name=str(subject)[:300],
        detail=detail or {},
        origin=origin,
    )


_EVENTS: Final = BulkInsert(
    AuditEvent,
    *("at", "actor", "actor_name", "verb", "subject_kind", "subject_id", "subject_name", "detail", "origin"),
)


class Event(NamedTuple):
    """An audit event to be, see `record_event`; `subject` by its kind (`inputs.input`), id and name."""

    at: datetime.datetime
    actor_id: int | None
    actor_name: str
    verb: str
    subject_kind: str
    subject_id: int
    subject_name: str
    detail: dict[str, Any]
    origin: str


def record_events(events: Iterable[Event]) -> None:
    """Add audit events, in the caller's transaction and in one statement."""
    _EVENTS.insert(_fit(event) for event in events)


def record_events_with(statements: Statements, events: Iterable[Event]) -> None:
    """Add a few audit events when the statements are carried out."""
    _EVENTS.insert_with(statements, (_fit(event) for event in events))


def _fit(event: Event) -> Event:
    return event._replace(subject_name=event.subject_name[:300])
