"""What became of what was said: corrected, taken back, complained of, hidden, appealed, given to somebody, noted."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser

from harken.base.permits import OPERATOR
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.moderating import appeal_hiding, complain, hide_inputs
from harken.inputs.actions.redaction import redact_input
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.actions.working import Change, change_inputs, save_filter, write_note
from harken.inputs.models import ContextKind, Fault, Input, InputState, LateInput, Stance
from harken.inputs.queries.queue import QueueFilter
from harken.pages.sample.heard.content import read_acts
from harken.pages.sample.heard.room import Room
from harken.people.models import User


def set_the_rules(room: Room) -> None:
    """Say how the process takes input, before anybody speaks."""
    raw = dict(read_acts()["rules"])
    contexts = [ContextKind(kind) for kind in raw.pop("contexts")]
    rules = Rules(**raw, contexts=contexts, late=LateInput.ACCEPTED)
    set_input_rules(actor=OPERATOR, process=room.told.process, rules=rules)


def work_with_it(room: Room) -> None:
    """Do everything, one kind after the other."""
    acts = read_acts()
    for kind, do in _ACTS.items():
        for number, raw in enumerate(acts[kind]):
            do(room, {**raw, "number": number})


def _person(room: Room, raw: Mapping[str, Any]) -> User:
    return room.told.people[raw["by"]]


def _said(room: Room, raw: Mapping[str, Any]) -> Input:
    """What it is about, as it is now."""
    said = Input.objects.select_related("source", "document").get(pk=room.said[raw["on"]].pk)
    said.process = room.told.process
    return said


def _correct(room: Room, raw: Mapping[str, Any]) -> None:
    said = _said(room, raw)
    first = said.wordings.get(number=1)
    correction = Correction(raw["text"], first.lang, Stance(first.stance))
    correct_input(actor=_person(room, raw), said=said, correction=correction)


def _withdraw(room: Room, raw: Mapping[str, Any]) -> None:
    withdraw_input(actor=_person(room, raw), said=_said(room, raw))


def _redact(room: Room, raw: Mapping[str, Any]) -> None:
    redact_input(actor=_person(room, raw), said=_said(room, raw), reason=raw["reason"])


def _complain(room: Room, raw: Mapping[str, Any]) -> None:
    complain(
        actor=AnonymousUser(),
        said=_said(room, raw),
        fault=Fault(raw["fault"]),
        key=f"sample-{raw['number']}",
        text=raw["text"],
        lang=raw["lang"],
    )


def _hide(room: Room, raw: Mapping[str, Any]) -> None:
    hide_inputs(
        actor=_person(room, raw),
        process=room.told.process,
        inputs=[_said(room, raw).pk],
        fault=Fault(raw["fault"]),
        reason=raw["reason"],
        lang=raw["lang"],
    )


def _appeal(room: Room, raw: Mapping[str, Any]) -> None:
    appeal_hiding(actor=AnonymousUser(), said=_said(room, raw), text=raw["text"])


def _note(room: Room, raw: Mapping[str, Any]) -> None:
    write_note(actor=_person(room, raw), said=_said(room, raw), text=raw["text"], lang=raw["lang"])


def _change(room: Room, raw: Mapping[str, Any]) -> None:
    process = room.told.process
    inputs = Input.objects.filter(process=process)
    if "on" in raw:
        inputs = inputs.filter(pk__in=[room.said[name].pk for name in raw["on"]])
    if "channel" in raw:
        inputs = inputs.filter(source__channel=raw["channel"])
    if "lang" in raw:
        inputs = inputs.filter(lang=raw["lang"])
    change = Change(
        state=InputState(raw["state"]) if "state" in raw else None,
        waiting_on=raw.get("waiting_on", ""),
        owner=room.told.people[raw["owner"]].pk if "owner" in raw else None,
        due_at=room.moment(raw["due"]) if "due" in raw else None,
    )
    change_inputs(actor=_person(room, raw), process=process, inputs=inputs, change=change)


def _filter(room: Room, raw: Mapping[str, Any]) -> None:
    chosen = QueueFilter(state=raw.get("state", ""), owner=raw.get("owner", ""), due=raw.get("due", ""))
    save_filter(
        actor=_person(room, raw),
        process=room.told.process,
        name=raw["name"],
        chosen=chosen,
        is_shared=raw.get("shared", False),
    )


_ACTS: Final[Mapping[str, Callable[[Room, Mapping[str, Any]], None]]] = {
    "correct": _correct,
    "withdraw": _withdraw,
    "redact": _redact,
    "complain": _complain,
    "hide": _hide,
    "appeal": _appeal,
    "note": _note,
    "change": _change,
    "filter": _filter,
}
