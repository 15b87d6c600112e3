"""Work with what was said: take it, give it to somebody, say how far it is, until when; notes and filters."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.documents.actions.remarks import NothingSaid
from harken.inputs.actions.notices import notify
from harken.inputs.models import Input, InputNote, InputState, NoticeKind, SavedFilter
from harken.inputs.permissions import (
    inputs_visible_to,
    may_remove_filter,
    may_see_input,
    may_work_with_inputs,
    people_working_with_inputs,
)
from harken.inputs.queries.queue import QueueFilter, select_by_id
from harken.inputs.storable import keep_storable
from harken.people.models import User
from harken.processes.models import Process

MOST_AT_ONCE: Final = 500
"""So many inputs are changed in one transaction; more are a job's, in batches."""

LONGEST_NOTE: Final = 10_000


class NothingChosen(Exception):
    """No input was chosen, or nothing that should become of it."""


class TooManyChosen(Exception):
    """More inputs were chosen than are changed at once."""


class AlreadyTaken(Exception):
    """Somebody else has it in work."""


class NotAllowedToOwn(Exception):
    """An input was given to somebody who does not work with the input."""


class NoWait(Exception):
    """An input waits for something that nobody named."""


class NameTaken(Exception):
    """One has a filter of that name already."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of inputs; what is left out stays as it is.

    `owner` gets them; `releases` takes them from whoever has them. `due_at` is until when; `undated` takes that away.
    """

    state: InputState | None = None
    waiting_on: str = ""
    owner: int | None = None
    releases: bool = False
    due_at: datetime.datetime | None = None
    undated: bool = False

    def __bool__(self) -> bool:
        """Whether anything is changed."""
        return bool(self.state or self.owner or self.releases or self.due_at or self.undated)

    def as_json(self) -> dict[str, Any]:
        """The change as a job and an audit event keep it: only what is changed."""
        kept = {
            "state": self.state.value if self.state else None,
            "waiting_on": self.waiting_on if self.state == InputState.WAITING else None,
            "owner": self.owner,
            "releases": self.releases or None,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "undated": self.undated or None,
        }
        return {name: value for name, value in kept.items() if value is not None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The change that `as_json` kept."""
        state, due_at = kept.get("state"), kept.get("due_at")
        return cls(
            state=InputState(state) if state else None,
            waiting_on=kept.get("waiting_on", ""),
            owner=kept.get("owner"),
            releases=bool(kept.get("releases")),
            due_at=datetime.datetime.fromisoformat(due_at) if due_at else None,
            undated=bool(kept.get("undated")),
        )


@transaction.atomic
def take_input(*, actor: Actor, said: Input, origin: str = "") -> None:
    """Take an input into work oneself. Raises `AlreadyTaken` with the name of whoever has it."""
    require(may_work_with_inputs(actor, said.process))
    require(may_see_input(actor, said))
    free = Input.objects.filter(Q(owner__isnull=True) | Q(owner=actor.pk), pk=said.pk)
    if not free.update(**_values(Change(owner=actor.pk), timezone.now())):
        owner = User.objects.filter(pk__in=Input.objects.filter(pk=said.pk).values("owner")).first()
        raise AlreadyTaken(_("%(name)s has taken this meanwhile.") % {"name": owner.name if owner else _("Somebody")})
    record_event(actor=actor, verb="took input", subject=said, origin=origin)


@transaction.atomic
def change_inputs(*, actor: Actor, process: Process, inputs: QuerySet[Input], change: Change, origin: str = "") -> int:
    """Give inputs to somebody, set their state or the day they are due; how many there were.

    What is given to somebody while new is in work from then on; what nobody has any more is new again. One audit event,
    of the input or, for several, of the process with their number. Raises `NothingChosen`, `TooManyChosen`,
    `NotAllowedToOwn`, `NoWait`.
    """
    _check(actor, process, change)
    pks = list(_seen(actor, process, inputs).order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if not pks:
        raise NothingChosen(_("Choose inputs first."))
    if len(pks) > MOST_AT_ONCE:
        raise TooManyChosen(
            _("These are more than %(most)d. Choose one campaign at a time, or all that match a filter.")
            % {"most": MOST_AT_ONCE}
        )
    _write(pks, change)
    subject = Input.objects.get(pk=pks[0]) if len(pks) == 1 else process
    detail = change.as_json() | ({} if len(pks) == 1 else {"count": len(pks), "inputs": pks})
    record_event(actor=actor, verb="changed inputs", subject=subject, detail=detail, origin=origin)
    return len(pks)


def change_matching(
    *,
    actor: Actor,
    process: Process,
    chosen: QueueFilter,
    change: Change,
    report: Callable[[int], None] = lambda _done: None,
    origin: str = "",
) -> int:
    """The same for all inputs a filter is about, in batches that are a transaction each.

    What comes in meanwhile is left alone. The event that it was begun is there before the first batch, the one with the
    number after the last; `report` is told after each batch how many are done. Raises as `change_inputs`.
    """
    _check(actor, process, change)
    now = timezone.now()
    last = Input.objects.filter(process=process).order_by("-pk").values_list("pk", flat=True).first() or 0
    detail = {"filter": chosen.query, **change.as_json()}
    record_event(actor=actor, verb="began to change inputs", subject=process, detail=detail, origin=origin)
    done, reached = 0, 0
    while True:
        with transaction.atomic():
            # Asked anew for each batch: somebody may lose a role while the job goes on.
            _check(actor, process, change)
            matching = select_by_id(
                lambda among: inputs_visible_to(actor, process, among=among), process, chosen, actor=actor, now=now
            )
            batch = matching.filter(pk__gt=reached, pk__lte=last).values_list("pk", flat=True)[:MOST_AT_ONCE]
            pks = list(batch)
            _write(pks, change)
        if not pks:
            break
        done, reached = done + len(pks), pks[-1]
        report(done)
    record_event(actor=actor, verb="changed inputs", subject=process, detail={**detail, "count": done}, origin=origin)
    return done


def _seen(actor: Actor, process: Process, inputs: QuerySet[Input]) -> QuerySet[Input]:
    return inputs_visible_to(actor, process, among=inputs.filter(process=process))


def _check(actor: Actor, process: Process, change: Change) -> None:
    require(may_work_with_inputs(actor, process))
    if not change:
        raise NothingChosen(_("Say what should become of them: whose they are, how far they are, or until when."))
    if change.state == InputState.WAITING and not change.waiting_on.strip():
        raise NoWait(_("Say what they wait for."))
    if change.owner and not people_working_with_inputs(process).filter(pk=change.owner).exists():
        raise NotAllowedToOwn(_("Choose somebody who works with the input of this process."))


def _write(pks: Iterable[int], change: Change) -> None:
    chosen = list(pks)
    Input.objects.filter(pk__in=chosen).update(**_values(change, timezone.now()))
    if change.state is not None:
        notify(chosen, NoticeKind.STATE, {"state": change.state.value})


def _values(change: Change, now: datetime.datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if change.owner or change.releases:
        values["owner_id"] = None if change.releases else change.owner
        before, after = InputState.NEW, InputState.IN_WORK
        if change.releases:
            before, after = after, before
        values["state"] = Case(When(state=before, then=Value(after.value)), default=F("state"))
    if change.state is not None:
        values["state"] = change.state.value
        is_waiting = change.state == InputState.WAITING
        values["waiting_on"] = keep_storable(change.waiting_on.strip())[:200] if is_waiting else None
    if values:
        values["turn_at"] = now
    if change.due_at or change.undated:
        values["due_at"] = None if change.undated else change.due_at
    return values


@transaction.atomic
def write_note(*, actor: Actor, said: Input, text: str, lang: str = "", origin: str = "") -> InputNote:
    """Leave a note on an input for those who work with it. Raises `NothingSaid`."""
    require(may_work_with_inputs(actor, said.process))
    require(may_see_input(actor, said))
    words = keep_storable(text.strip())[:LONGEST_NOTE]
    if not words:
        raise NothingSaid(_("Write the note first."))
    note = InputNote.objects.create(
        input=said,
        text=words,
        html=render_blocks(words),
        lang=lang,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )
    record_event(actor=actor, verb="noted", subject=said, origin=origin)
    return note


@transaction.atomic
def save_filter(
    *, actor: Actor, process: Process, name: str, chosen: QueueFilter, is_shared: bool = False, origin: str = ""
) -> SavedFilter:
    """Keep a way to look at the queue under a name, for oneself or for all who work with the input.

    Raises `NothingSaid`, `NameTaken`.
    """
    require(may_work_with_inputs(actor, process))
    title = keep_storable(name.strip())[:100]
    if not title:
        raise NothingSaid(_("Give the filter a name."))
    if chosen.misread:
        raise NothingSaid(chosen.misread)
    if SavedFilter.objects.filter(process=process, owner=actor.pk, name=title).exists():
        raise NameTaken(_("You have a filter “%(name)s” already. Give this one another name.") % {"name": title})
    saved = SavedFilter.objects.create(
        process=process, owner_id=actor.pk, name=title, query=chosen.query, is_shared=is_shared
    )
    record_event(actor=actor, verb="saved filter", subject=saved, detail={"filter": chosen.query}, origin=origin)
    return saved


@transaction.atomic
def remove_filter(*, actor: Actor, saved: SavedFilter, origin: str = "") -> None:
    """Take a saved filter away; the inputs stay as they are."""
    require(may_remove_filter(actor, saved))
    record_event(actor=actor, verb="removed filter", subject=saved, detail={"filter": saved.query}, origin=origin)
    saved.delete()
