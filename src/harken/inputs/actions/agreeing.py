"""Agreeing with what somebody said already, instead of saying it again; with a reason, which is an input of its own."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from harken.base.actions import Actor, Event, name_of, record_event, record_events
from harken.base.permits import require
from harken.inputs.actions.arrivals import Cause, comes_with_many, judge_arrival
from harken.inputs.actions.following import Contact
from harken.inputs.actions.giving import Given, give_input
from harken.inputs.actions.recording import About, Said, Speaker
from harken.inputs.form_tokens import FormToken
from harken.inputs.models import Arrival, Consent, Input, Stance, Standing, Support, TextKind
from harken.inputs.permissions import may_agree, may_moderate, may_see_input
from harken.inputs.queries.rules import rules_of
from harken.processes.models import Process


def support_key(actor: Actor, browser: str) -> str:
    """What keeps somebody from agreeing twice: their account, else the browser's own name."""
    is_known = actor.is_authenticated and actor.pk is not None
    return f"account:{actor.pk}" if is_known else f"browser:{browser}"[:64]


def supports_of(said: Input, key: str) -> QuerySet[Support]:
    """That of a person with this input, as they know it: one that was left out is as any other until taken back."""
    return Support.objects.filter(input=said, key=key).exclude(standing=Standing.WITHDRAWN)


def agree_with_input(
    *,
    actor: Actor,
    said: Input,
    browser: str,
    network: str = "",
    origin: str = "form",
) -> bool:
    """One more agrees, once for each account or browser; False where they agreed before. Raises `TooMany`.

    Beyond what the process takes from one network within an hour an agreement is kept and not counted, until a
    moderator says so: whoever forgets their browser's name each time would else be a crowd.
    """
    require(may_agree(actor, said))
    now = timezone.now()
    key = support_key(actor, browser)
    verdict = judge_arrival(said.process, rules_of(said.process), Said(""), network, now, actor=actor, token=key)
    waits = any(reason.cause == Cause.MANY for reason in verdict.reasons)
    return _add_support(actor, said, key, waits=waits, network=network, origin=origin)


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
    """Agree, and say as a reply why; returns the reason with its receipt. Raises what `give_input` raises.

    The same form again is one agreement, whoever sends it: without the browser's own name each would be somebody new.
    """
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
    if not given.is_new and Support.objects.filter(reason=given.input).exists():
        return given
    waits = comes_with_many(said.process, network, timezone.now(), actor=actor)
    try:
        _add_support(actor, said, support_key(actor, browser), waits=waits, reason=given.input, origin=origin)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first.
        if not Support.objects.filter(reason=given.input).exists():
            raise
    return given


@transaction.atomic
def _add_support(
    actor: Actor, said: Input, key: str, *, waits: bool, reason: Input | None = None, network: str = "", origin: str
) -> bool:
    support, is_new = Support.objects.get_or_create(
        input=said,
        key=key,
        defaults={
            "participant_id": actor.pk if actor.is_authenticated else None,
            "reason": reason,
            "at": timezone.now(),
            "standing": Standing.HELD if waits else None,
        },
    )
    if is_new:
        if not waits:
            _count_supports(said.pk, 1)
        if network:
            Arrival.objects.create(process=said.process, network=network, token=key, input=said, at=support.at)
        detail = {"waits": True} if waits else {}
        record_event(actor=actor, verb="agreed with input", subject=said, detail=detail, origin=origin)
        return True
    if support.standing == Standing.WITHDRAWN:
        # What a moderator left out stays left out.
        support.standing = Standing.HIDDEN
        support.save(update_fields=["standing"])
        record_event(actor=actor, verb="agreed with input", subject=said, detail={"left out": True}, origin=origin)
    if reason is not None and support.reason_id is None:
        support.reason = reason
        support.save(update_fields=["reason"])
    return False


@transaction.atomic
def stop_agreeing(*, actor: Actor, said: Input, browser: str, origin: str = "form") -> None:
    """Take one's agreement back; the reason, if one was given, is withdrawn by its own receipt.

    One that a moderator left out is kept as taken back: who agrees anew is left out again.
    """
    require(may_see_input(actor, said))
    there = supports_of(said, support_key(actor, browser)).select_for_update().first()
    if there is not None:
        if there.standing == Standing.HIDDEN:
            there.standing = Standing.WITHDRAWN
            there.save(update_fields=["standing"])
        else:
            there.delete()
        if there.standing is None:
            _count_supports(said.pk, -1)
        record_event(actor=actor, verb="stopped agreeing with input", subject=said, origin=origin)


@transaction.atomic
def decide_on_supports(*, actor: Actor, process: Process, inputs: Iterable[int], counts: bool, origin: str = "") -> int:
    """Count the agreements with these inputs that wait for a moderator, or leave them out; how many there were."""
    require(may_moderate(actor, process))
    waiting = Support.objects.filter(input__process=process, input__in=list(inputs), standing=Standing.HELD)
    # Whoever takes theirs back meanwhile came first, or waits; they too hold the agreement before the input.
    held = list(waiting.order_by("pk").select_for_update(of=("self",)).select_related("input__source"))
    Support.objects.filter(pk__in=[one.pk for one in held]).update(standing=None if counts else Standing.HIDDEN)
    numbers = Counter(one.input_id for one in held)
    if counts:
        for pk in sorted(numbers):
            _count_supports(pk, numbers[pk])
    now, by = timezone.now(), actor.pk if actor.is_authenticated else None
    verb = "counted agreements" if counts else "left out agreements"
    kind, by_name = Input._meta.label_lower, name_of(actor)
    record_events(
        Event(now, by, by_name, verb, kind, said.pk, str(said), {"number": numbers[said.pk]}, origin)
        for said in {one.input_id: one.input for one in held}.values()
    )
    return len(held)


def _count_supports(pk: int, number: int) -> None:
    counted = Greatest(Coalesce(F("supports"), Value(0)) + number, Value(0))
    Input.objects.filter(pk=pk).update(supports=counted)
