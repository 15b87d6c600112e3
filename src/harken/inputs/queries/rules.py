"""How a process takes input, and whether it does now."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harken.base.frozen_query import FrozenQuery
from harken.inputs.models import InputRules, LateInput
from harken.processes.keeping import keep_with
from harken.processes.models import Phase, Process
from harken.processes.queries import phases_of

GIVE_INPUT: Final = "give_input"

_RULES: Final = FrozenQuery(lambda process: InputRules.objects.filter(process=process))


def rules_of(process: Process) -> InputRules:
    """What the organisers decided, or the defaults. One query at most; not to be changed."""
    return keep_with(process, "input rules", lambda: _read_rules(process))


def _read_rules(process: Process) -> InputRules:
    found: list[InputRules] = _RULES.objects(process=process.pk)
    return found[0] if found else InputRules(process_id=process.pk)


def takes_late(process: Process) -> bool:
    """Whether what is said after the phase for it is taken, and marked. One query at most."""
    return rules_of(process).late == LateInput.ACCEPTED


def choose_note(rules: InputRules, process: Process, lang: str) -> tuple[str, str]:
    """What organisers say beside the questions for contexts, and its language: `lang` or the process's, else any."""
    notes: dict[str, str] = rules.context_notes
    for code in (lang, process.lang, *notes):
        if notes.get(code):
            return notes[code], code
    return "", lang


@dataclass(frozen=True, slots=True)
class Window:
    """Whether input is taken now: `opened` is the phase that takes it, `closed` the one that took it last.

    `is_late` says that input is taken although its phase has closed; `coming` is the next one that will take it.
    """

    is_open: bool
    is_late: bool
    opened: Phase | None = None
    closed: Phase | None = None
    coming: Phase | None = None

    @property
    def closes_at(self) -> datetime.datetime | None:
        """When it closes; None while it is closed or has no end."""
        return self.opened.closes_at if self.opened else None


def phases_for_input(process: Process) -> list[Phase]:
    """The phases that take input. One query, or none where the process's phases are at hand."""
    return [phase for phase in phases_of(process) if GIVE_INPUT in phase.actions]


def was_late(giving: Iterable[Phase], moment: datetime.datetime) -> bool:
    """Whether what was said at `moment` came late: a phase `giving` input had closed, and none was open. Reads nothing.

    It is so whatever the way it came, and whether late input is taken here or not: what was said elsewhere is kept.
    """
    had_closed = False
    for phase in giving:
        if phase.closes_at and phase.closes_at <= moment:
            had_closed = True
        elif phase.opens_at is None or phase.opens_at <= moment:
            return False
    return had_closed


def input_window(process: Process, rules: InputRules, now: datetime.datetime) -> Window:
    """Whether `process` takes input at `now`. One query, or none where its phases are at hand."""
    phases = phases_of(process)
    if not phases:
        return Window(is_open=True, is_late=False)
    giving = [phase for phase in phases if GIVE_INPUT in phase.actions]
    endless = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    before = [phase for phase in giving if phase.closes_at and phase.closes_at <= now]
    after = [phase for phase in giving if phase.opens_at and phase.opens_at > now]
    now_open = [phase for phase in giving if phase not in before and phase not in after]
    closed = max(before, key=lambda phase: phase.closes_at or endless, default=None)
    coming = min(after, key=lambda phase: phase.opens_at or endless, default=None)
    if now_open:
        # The one that stays open longest: what it takes is in time.
        opened = max(now_open, key=lambda phase: phase.closes_at or endless)
        return Window(is_open=True, is_late=False, opened=opened, closed=closed, coming=coming)
    is_late = rules.late == LateInput.ACCEPTED and was_late(giving, now)
    return Window(is_open=is_late, is_late=is_late, closed=closed, coming=coming)
