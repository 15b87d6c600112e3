"""Agreeing with what somebody said already, instead of saying it again; with a reason, which is an input of its own."""

from dataclasses import replace

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.inputs.actions.arrivals import judge_arrival
from harken.inputs.actions.following import Contact
from harken.inputs.actions.giving import Given, give_input
from harken.inputs.actions.recording import About, Said, Speaker
from harken.inputs.form_tokens import FormToken
from harken.inputs.models import Arrival, Consent, Input, Stance, Support, TextKind
from harken.inputs.permissions import may_agree, may_see_input
from harken.inputs.queries.rules import rules_of


def support_key(actor: Actor, browser: str) -> str:
    """What keeps somebody from agreeing twice: their account, else the browser's own name."""
    is_known = actor.is_authenticated and actor.pk is not None
    return f"account:{actor.pk}" if is_known else f"browser:{browser}"[:64]


def agree_with_input(
    *,
    actor: Actor,
    said: Input,
    browser: str,
    network: str = "",
    origin: str = "form",
) -> bool:
    """Count one more who agrees, once for each account or browser; False where they agreed before. Raises `TooMany`."""
    require(may_agree(actor, said))
    now = timezone.now()
    key = support_key(actor, browser)
    judge_arrival(said.process, rules_of(said.process), Said(""), network, now, token=key)
    return _count_support(actor, said, key, network=network, origin=origin)


def agree_because(
    *,
    actor: Actor,
    said: Input,
    browser: str,
    reason: Said,
    form: FormToken,
    speaker: Speaker | None = None,
    network: str = "",
    contact: Contact | None = None,
    consent: Consent = Consent.PUBLIC,
    is_trapped: bool = False,
    origin: str = "form",
) -> Given:
    """Agree, and say as a reply why; returns the reason with its receipt. Raises what `give_input` raises."""
    require(may_agree(actor, said))
    given = give_input(
        actor=actor,
        process=said.process,
        said=replace(reason, kind=TextKind.AGREEMENT, stance=Stance.SUPPORT),
        form=form,
        about=About(said.document, passage=said.passage),
        speaker=speaker,
        reply_to=said,
        network=network,
        contact=contact,
        consent=consent,
        is_trapped=is_trapped,
        origin=origin,
    )
    _count_support(actor, said, support_key(actor, browser), reason=given.input, origin=origin)
    return given


@transaction.atomic
def _count_support(
    actor: Actor, said: Input, key: str, *, reason: Input | None = None, network: str = "", origin: str
) -> bool:
    support, is_new = Support.objects.get_or_create(
        input=said,
        key=key,
        defaults={
            "participant_id": actor.pk if actor.is_authenticated else None,
            "reason": reason,
            "at": timezone.now(),
        },
    )
    if is_new:
        _add_supports(said, 1)
        if network:
            Arrival.objects.create(process=said.process, network=network, token=key, input=said, at=support.at)
        record_event(actor=actor, verb="agreed with input", subject=said, origin=origin)
    elif reason is not None and support.reason_id is None:
        support.reason = reason
        support.save(update_fields=["reason"])
    return is_new


@transaction.atomic
def stop_agreeing(*, actor: Actor, said: Input, browser: str, origin: str = "form") -> None:
    """Take one's agreement back; the reason, if one was given, is withdrawn by its own receipt."""
    require(may_see_input(actor, said))
    removed, _kinds = Support.objects.filter(input=said, key=support_key(actor, browser)).delete()
    if removed:
        _add_supports(said, -1)
        record_event(actor=actor, verb="stopped agreeing with input", subject=said, origin=origin)


def _add_supports(said: Input, number: int) -> None:
    counted = Greatest(Coalesce(F("supports"), Value(0)) + number, Value(0))
    Input.objects.filter(pk=said.pk).update(supports=counted)
