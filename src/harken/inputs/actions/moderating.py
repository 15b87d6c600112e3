"""Complaints, hiding with a reason, showing again, appeals: each act is on record."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, Event, name_of, record_event, record_events
from harken.base.permits import require
from harken.inputs.actions.arrivals import admit_arrival
from harken.inputs.actions.notices import notify, notify_of_replies
from harken.inputs.models import Complaint, Fault, Hiding, Input, NoticeKind, Standing
from harken.inputs.permissions import may_appeal, may_complain, may_decide_appeal, may_moderate
from harken.inputs.storable import keep_storable
from harken.processes.actions import mark_changed
from harken.processes.models import Process

MOST_WAITING: Final = 50
"""So many complaints of one input can wait; whoever looks at it has heard enough, and nobody can fill the disk."""

MOST_OF_A_REASON: Final = 2000


class NoReason(Exception):
    """Something was hidden or decided without saying why."""


class AlreadyDecided(Exception):
    """The appeal was decided, or what it is about can be read again."""


@transaction.atomic
def complain(
    *,
    actor: Actor,
    said: Input,
    fault: Fault,
    key: str,
    text: str = "",
    lang: str = "",
    network: str = "",
    origin: str = "form",
) -> Complaint:
    """Say that an input should not stand; once for each `key`, which names an account or a browser.

    Whoever complains again gets the complaint that is there. `network` is as in `give_input`. Raises `TooMany`.
    """
    require(may_complain(actor, said))
    if network:
        admit_arrival(said.process, network, timezone.now())
    Input.objects.select_for_update(of=("self",), no_key=True).get(pk=said.pk)
    there = Complaint.objects.filter(input=said, key=key).first()
    if there is None and Complaint.objects.filter(input=said, upheld__isnull=True).count() >= MOST_WAITING:
        there = Complaint.objects.filter(input=said, upheld__isnull=True).last()
    if there is not None:
        return there
    complaint = Complaint.objects.create(
        input=said,
        fault=fault,
        text=keep_storable(text.strip())[:MOST_OF_A_REASON],
        lang=lang,
        by_id=actor.pk if actor.is_authenticated else None,
        key=key,
        at=timezone.now(),
    )
    record_event(actor=actor, verb="complained of input", subject=said, detail={"fault": fault.value}, origin=origin)
    return complaint


@transaction.atomic
def dismiss_complaints(*, actor: Actor, process: Process, inputs: Iterable[int], origin: str = "") -> int:
    """Let inputs stand although somebody complained of them; how many complaints that settles."""
    require(may_moderate(actor, process))
    held = _hold(process, inputs)
    waiting = Complaint.objects.filter(input__in=[said.pk for said in held], upheld__isnull=True)
    complained = set(waiting.values_list("input_id", flat=True))
    settled = _settle(actor, complained, upheld=False, now=timezone.now())
    _record_each(actor, "dismissed complaints", [said for said in held if said.pk in complained], {}, origin)
    return settled


@transaction.atomic
def hide_inputs(
    *,
    actor: Actor,
    process: Process,
    inputs: Iterable[int],
    fault: Fault,
    reason: str,
    lang: str = "",
    origin: str = "",
) -> list[Input]:
    """Keep inputs from being read, with a reason for their speakers and all who come across the place.

    What is hidden already or was withdrawn stays as it is. Returns what was hidden. Raises `NoReason`.
    """
    require(may_moderate(actor, process))
    why = keep_storable(reason.strip())[:MOST_OF_A_REASON]
    if not why:
        raise NoReason(_("Say why: the speaker is told, and can appeal."))
    now = timezone.now()
    hidden = [said for said in _hold(process, inputs) if said.standing in {None, Standing.HELD}]
    Hiding.objects.bulk_create(
        Hiding(
            input=said,
            fault=fault,
            reason=why,
            lang=lang,
            by_id=actor.pk if actor.is_authenticated else None,
            by_name=name_of(actor),
            at=now,
        )
        for said in hidden
    )
    _stand(hidden, Standing.HIDDEN, now)
    _settle(actor, {said.pk for said in hidden}, upheld=True, now=now)
    _record_each(actor, "hid input", hidden, {"fault": fault.value, "reason": why}, origin)
    _mark(process, hidden)
    notify([said.pk for said in hidden], NoticeKind.HIDDEN)
    return hidden


@transaction.atomic
def show_inputs(*, actor: Actor, process: Process, inputs: Iterable[int], origin: str = "") -> list[Input]:
    """Let through what waits for a moderator, and let stand again what was hidden. Returns what can be read now."""
    require(may_moderate(actor, process))
    now = timezone.now()
    shown = [said for said in _hold(process, inputs) if said.standing in {Standing.HELD, Standing.HIDDEN}]
    waited = [said for said in shown if said.standing == Standing.HELD]
    hidden = [said for said in shown if said.standing == Standing.HIDDEN]
    hidings = Hiding.objects.filter(input__in=[said.pk for said in hidden], lifted_at__isnull=True)
    # Whoever appealed has what they asked for, and the record says from whom.
    hidings.filter(appealed_at__isnull=False, decided_at__isnull=True).update(
        upheld=False,
        decided_by=actor.pk if actor.is_authenticated else None,
        decided_by_name=name_of(actor),
        decided_at=now,
    )
    hidings.update(lifted_at=now)
    _stand(shown, None, now)
    _settle(actor, {said.pk for said in shown}, upheld=False, now=now)
    _record_each(actor, "let input through", waited, {}, origin)
    _record_each(actor, "showed input again", hidden, {}, origin)
    _mark(process, shown)
    notify([said.pk for said in shown], NoticeKind.SHOWN)
    # Of what was hidden they were told when it came.
    notify_of_replies(waited)
    return shown


@transaction.atomic
def appeal_hiding(*, actor: Actor, said: Input, text: str, origin: str = "receipt") -> Hiding:
    """Say why what one said should be read; whoever calls this has checked that the receipt is shown.

    Raises `NoReason`.
    """
    [held] = _hold(said.process, [said.pk])
    hiding = Hiding.objects.filter(input=held, lifted_at__isnull=True).first()
    require(may_appeal(hiding if held.standing == Standing.HIDDEN else None))
    words = keep_storable(text.strip())[:MOST_OF_A_REASON]
    if not words:
        raise NoReason(_("Write why it should be read."))
    if hiding is None:
        raise AssertionError("an appeal is permitted only where there is a hiding")
    hiding.appeal = words
    hiding.appealed_at = timezone.now()
    hiding.save(update_fields=["appeal", "appealed_at"])
    _touch([held], hiding.appealed_at)
    record_event(actor=actor, verb="appealed", subject=held, origin=origin)
    return hiding


@transaction.atomic
def decide_appeal(
    *, actor: Actor, process: Process, hiding: Hiding, upheld: bool, decision: str, origin: str = ""
) -> Hiding:
    """Decide whether an input stays hidden (`upheld`) or can be read again, and say why.

    Raises `NoReason`, `AlreadyDecided`.
    """
    [held] = _hold(process, [hiding.input_id])
    fresh = Hiding.objects.get(pk=hiding.pk)
    require(may_decide_appeal(actor, process, fresh))
    if fresh.appealed_at is None or fresh.decided_at is not None or fresh.lifted_at is not None:
        raise AlreadyDecided(_("This appeal has been decided meanwhile."))
    why = keep_storable(decision.strip())[:MOST_OF_A_REASON]
    if not why:
        raise NoReason(_("Say why: the speaker reads it."))
    now = timezone.now()
    fresh.upheld = upheld
    fresh.decision = why
    fresh.decided_by_id = actor.pk if actor.is_authenticated else None
    fresh.decided_by_name = name_of(actor)
    fresh.decided_at = now
    if not upheld:
        fresh.lifted_at = now
    fresh.save()
    # Who withdrew meanwhile has withdrawn, whatever is decided.
    if held.standing == Standing.HIDDEN:
        _stand([held], Standing.HIDDEN if upheld else None, now)
        _mark(process, [held])
        notify([held.pk], NoticeKind.HIDDEN if upheld else NoticeKind.SHOWN)
    detail = {"upheld": upheld, "decision": why}
    record_event(actor=actor, verb="decided appeal", subject=held, detail=detail, origin=origin)
    return fresh


def _hold(process: Process, inputs: Iterable[int]) -> list[Input]:
    """The inputs of the process with these ids, held until the transaction ends; in one order, so nobody deadlocks."""
    held = Input.objects.select_for_update(of=("self",), no_key=True).filter(process=process, pk__in=list(inputs))
    return list(held.select_related("source").order_by("pk"))


def _stand(inputs: Sequence[Input], standing: Standing | None, now: datetime.datetime) -> None:
    for said in inputs:
        said.standing = standing
    Input.objects.filter(pk__in=[said.pk for said in inputs]).update(standing=standing, turn_at=now)


def _touch(inputs: Sequence[Input], now: datetime.datetime) -> None:
    Input.objects.filter(pk__in=[said.pk for said in inputs]).update(turn_at=now)


def _settle(actor: Actor, inputs: Iterable[int], *, upheld: bool, now: datetime.datetime) -> int:
    waiting = Complaint.objects.filter(input__in=list(inputs), upheld__isnull=True)
    return waiting.update(upheld=upheld, settled_at=now, settled_by_name=name_of(actor))


def _record_each(actor: Actor, verb: str, inputs: Sequence[Input], detail: dict[str, str], origin: str) -> None:
    now = timezone.now()
    by = actor.pk if actor.is_authenticated else None
    record_events(
        Event(now, by, name_of(actor), verb, Input._meta.label_lower, said.pk, str(said), detail, origin)
        for said in inputs
    )


def _mark(process: Process, inputs: Sequence[Input]) -> None:
    # What readers see is stamped by how many inputs there are, which a change of standing leaves alone.
    if inputs:
        mark_changed(process)
