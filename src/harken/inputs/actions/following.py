"""Who gets news of an input by mail."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor, record_event
from harken.inputs.actions.notices import tell
from harken.inputs.models import Correspondent, Following, Frequency, Input, NoticeKind
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class Contact:
    """A mail address that a speaker left, in which language and by which clock to write to it, and how often."""

    email: str
    lang: str
    time_zone: str
    frequency: Frequency = Frequency.AT_ONCE


def known_correspondent(process: Process, contact: Contact, participant_id: int | None) -> Correspondent:
    """The correspondent of an address in a process. Part of a transaction that gives a reason to write to it.

    An address that is known keeps its own settings: whoever types it into a form need not be its owner.
    """
    return Correspondent.objects.get_or_create(
        process=process,
        email__iexact=contact.email,
        defaults={
            "email": contact.email,
            "participant_id": participant_id,
            "lang": contact.lang,
            "time_zone": contact.time_zone,
            "frequency": contact.frequency,
            "secret": secrets.token_urlsafe(32),
            "created_at": timezone.now(),
        },
    )[0]


@transaction.atomic
def follow_input(*, actor: Actor, said: Input, contact: Contact, origin: str = "form") -> Following:
    """Let the address have news of the input, beginning with the mail that says that it arrived.

    What is on record of it names the input, never the address.
    """
    participant_id = actor.pk if actor.is_authenticated else None
    correspondent = known_correspondent(said.process, contact, participant_id)
    following, is_new = Following.objects.get_or_create(
        correspondent=correspondent, input=said, defaults={"at": timezone.now()}
    )
    if is_new:
        tell(correspondent, NoticeKind.CONFIRMATION, said=said)
        record_event(actor=actor, verb="left address", subject=said, origin=origin)
    return following
