"""Keeping from being read what its speaker agrees to no more: it stays where it is, and a moderator decides."""

from collections.abc import Mapping

from django.utils import timezone

from harken.base.actions import Actor, Event, name_of, record_events
from harken.base.models import AuditEvent
from harken.inputs.actions.arrivals import Cause, Reason, Verdict, read_reasons
from harken.inputs.consent import STRICTNESS
from harken.inputs.models import Consent, Input, Redaction, Standing
from harken.inputs.queries.moderation import HELD_VERB
from harken.processes.actions import mark_changed


def withhold_inputs(*, actor: Actor, agreed: Mapping[int, Consent], origin: str = "") -> set[int]:
    """Let inputs, by their ids, wait for a moderator who agreed to less than their source says; which do now.

    An input cannot come to lie in another source (docs/decisions/0020). What cannot be read anyway stays as it is, and
    so does what was held for this before, which a moderator has decided on, and what has no name, or no words, left
    to keep. Part of the transaction that imports.
    """
    standing = Input.objects.filter(pk__in=list(agreed), standing__isnull=True).select_related("source", "process")
    held = list(standing.order_by("pk").select_for_update(of=("self",), no_key=True))
    settled = _settled(agreed)
    refused = [said for said in held if settled.get(said.pk, -1) < STRICTNESS.index(agreed[said.pk])]
    if not refused:
        return set()
    now, by = timezone.now(), actor.pk if actor.is_authenticated else None
    kind = Input._meta.label_lower
    Input.objects.filter(pk__in=[said.pk for said in refused]).update(standing=Standing.HELD, turn_at=now)
    record_events(
        Event(now, by, name_of(actor), HELD_VERB, kind, said.pk, str(said), _why(said, agreed), origin)
        for said in refused
    )
    mark_changed(refused[0].process)
    return {said.pk for said in refused}


def _why(said: Input, agreed: Mapping[int, Consent]) -> dict[str, object]:
    return Verdict(Standing.HELD, (Reason(Cause.CONSENT, agreed[said.pk].value),)).detail


def _settled(agreed: Mapping[int, Consent]) -> dict[int, int]:
    """How strict a consent was heeded already, by the ids of inputs. Three queries."""
    settled: dict[int, int] = {}
    events = AuditEvent.objects.filter(
        subject_kind=Input._meta.label_lower, subject_id__in=list(agreed), verb=HELD_VERB
    ).values_list("subject_id", "detail")
    for pk, detail in events:
        for reason in read_reasons(detail):
            if reason.cause == Cause.CONSENT and reason.seen in Consent.values:
                settled[pk] = max(settled.get(pk, -1), STRICTNESS.index(Consent(reason.seen)))
    redactions = Redaction.objects.filter(input__in=list(agreed))
    wordless = set(redactions.filter(words=True).values_list("input_id", flat=True))
    for pk in redactions.filter(speaker=True).values_list("input_id", flat=True):
        heeded = STRICTNESS.index(Consent.CLOSED if pk in wordless else Consent.NAMELESS)
        settled[pk] = max(settled.get(pk, -1), heeded)
    return settled
