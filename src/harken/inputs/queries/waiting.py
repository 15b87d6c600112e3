"""Promise 2: every input has an answer, or shows that it is waiting, since when, and whose turn it is."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from harken.inputs.models import Hiding, Input, InputState, Standing


@dataclass(frozen=True, slots=True)
class Turn:
    """How an input stands, in words: `since` when, `whose` turn it is ("" where nobody has to do anything more).

    `due_at` is until when; `is_overdue` says that this has gone by.
    """

    state: str
    since: datetime.datetime
    whose: str
    due_at: datetime.datetime | None = None
    is_overdue: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to do something."""
        return bool(self.whose)


def turn_of(said: Input, now: datetime.datetime, *, names_owner: bool = False) -> Turn:
    """How an input stands, for its speaker; with `names_owner` for those who work with it, by name.

    No query, one for a hidden input; with `names_owner` its owner has to be at hand.
    """
    since = said.turn_at or said.recorded_at
    if said.standing == Standing.WITHDRAWN:
        return Turn(_("You withdrew it.") if not names_owner else _("Its speaker withdrew it."), since, "")
    if said.standing == Standing.HELD:
        return Turn(_("It waits until a moderator has looked at it."), since, _("the moderators"))
    if said.standing == Standing.HIDDEN:
        return _turn_of_hidden(said, since)
    state, whose = _work_on(said, names_owner=names_owner)
    is_open = said.state != InputState.ANSWERED
    return Turn(
        state,
        since,
        whose,
        said.due_at if is_open else None,
        is_overdue=is_open and said.due_at is not None and said.due_at < now,
    )


def _turn_of_hidden(said: Input, since: datetime.datetime) -> Turn:
    hiding = Hiding.objects.filter(input=said, lifted_at__isnull=True).first()
    if hiding is None or hiding.decided_at is not None:
        return Turn(_("It is hidden, and stays so."), hiding.decided_at or since if hiding else since, "")
    if hiding.appealed_at is not None:
        return Turn(_("It is hidden; an appeal waits for a decision."), hiding.appealed_at, _("the moderators"))
    return Turn(_("It is hidden; its speaker can appeal."), hiding.at, _("the speaker"))


def _work_on(said: Input, *, names_owner: bool) -> tuple[str, str]:
    anybody = _("those who answer")
    owner = said.owner.name if names_owner and said.owner is not None else anybody
    match said.state:
        case InputState.ANSWERED:
            return _("It is answered."), ""
        case InputState.WAITING:
            # What it waits for was written by those who work with it, for themselves.
            waits = said.waiting_on if names_owner else ""
            return _("It waits for something else."), waits or anybody
        case InputState.NEEDS_TRANSLATION:
            return _("It waits for a translation."), _("the translators")
        case InputState.IN_WORK:
            return _("Somebody works on an answer."), owner
        case _:
            return _("It waits until somebody takes it up."), owner
