"""Reads of the processes room."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harken.base.frozen_query import FrozenQuery
from harken.processes.keeping import keep_process, keep_with
from harken.processes.models import GuidingQuestion, Phase, Process
from harken.processes.phase_actions import PhaseAction, find_phase_action


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase as the timeline shows it: `state` is `past`, `open` or `coming`; `share` of its window gone, 0 to 1."""

    phase: Phase
    state: str
    opens: tuple[PhaseAction, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """All phases of a process in order, and what stands open now."""

    phases: tuple[PhaseRow, ...]
    now: datetime.datetime

    @property
    def states(self) -> str:
        """The first letters of the phases' states, in order: two timelines with the same show the same."""
        return "".join(row.state[0] for row in self.phases)

    def opens(self, action: str) -> bool:
        """Whether a phase opens the action now; a process without any phase has everything open."""
        return not self.phases or any(
            offered.name == action for row in self.phases if row.state == "open" for offered in row.opens
        )

    def closed_last(self, action: str) -> Phase | None:
        """The phase for the action that closed last."""
        closed = [
            row.phase for row in self.phases if row.state == "past" and any(one.name == action for one in row.opens)
        ]
        return max(closed, key=lambda phase: phase.closes_at or self.now, default=None)

    @property
    def open_now(self) -> tuple[PhaseRow, ...]:
        """The phases one is in, the one that closes first in front."""
        rows = [row for row in self.phases if row.state == "open"]
        endless = datetime.datetime.max.replace(tzinfo=datetime.UTC)
        return tuple(sorted(rows, key=lambda row: row.phase.closes_at or endless))

    @property
    def next(self) -> PhaseRow | None:
        """The next phase to open."""
        return next((row for row in self.phases if row.state == "coming"), None)

    @property
    def last(self) -> PhaseRow | None:
        """The phase that closed last."""
        return next((row for row in reversed(self.phases) if row.state == "past"), None)


def describe_phase(phase: Phase, now: datetime.datetime) -> PhaseRow:
    """How `phase` stands at `now`. Reads nothing."""
    opens = tuple(action for name in phase.actions if (action := find_phase_action(name)))
    if phase.opens_at and phase.opens_at > now:
        return PhaseRow(phase, "coming", opens, 0.0)
    if phase.closes_at and phase.closes_at <= now:
        return PhaseRow(phase, "past", opens, 1.0)
    if phase.opens_at and phase.closes_at:
        return PhaseRow(phase, "open", opens, (now - phase.opens_at) / (phase.closes_at - phase.opens_at))
    return PhaseRow(phase, "open", opens, 0.0)


# Asked by every page for strangers: what stands in the process is read when its version is another one.
_PUBLIC_VERSION: Final = FrozenQuery(
    lambda slug: Process.objects.filter(slug=slug, is_public=True).order_by().values_list("pk", "content_version"),
    texts=("slug",),
)
_PUBLIC_PROCESS: Final = FrozenQuery(
    lambda process: Process.objects.filter(pk=process, is_public=True).select_related("body")
)
_PHASES: Final = FrozenQuery(lambda process: Phase.objects.filter(process=process))


def phases_of(process: Process) -> list[Phase]:
    """The process's phases in order. One query, or none where they are at hand."""
    at_hand = getattr(process, "_prefetched_objects_cache", {}).get("phases")
    if at_hand is not None:
        return list(at_hand)
    return _PHASES.objects(process=process.pk)


def timeline_of(process: Process, now: datetime.datetime) -> Timeline:
    """The process's phases as they stand at `now`. One query, or none where they are at hand."""
    return Timeline(tuple(describe_phase(phase, now) for phase in phases_of(process)), now)


def find_public_process(slug: str) -> Process | None:
    """The process at an address as strangers find it, with its phases at hand. One query while nothing changes."""
    for pk, version in _PUBLIC_VERSION.rows(slug=slug):
        return keep_process(pk, version, lambda pk=pk: _read_public_process(pk))  # type: ignore[misc] # mypy sees no default here
    return None


def _read_public_process(pk: int) -> Process | None:
    found: Process | None = next(iter(_PUBLIC_PROCESS.objects(process=pk)), None)
    if found is not None:
        phases = Phase.objects.none()
        phases._result_cache = _PHASES.objects(process=pk)  # noqa: SLF001 - see below
        phases._prefetch_done = True  # type: ignore[attr-defined] # noqa: SLF001 - see below
        # What prefetch_related("phases") would leave there, for a tenth of its time.
        found._prefetched_objects_cache = {"phases": phases}  # type: ignore[attr-defined] # noqa: SLF001 - see above
    return found


_QUESTIONS: Final = FrozenQuery(lambda process: GuidingQuestion.objects.filter(process=process))


def guiding_questions_of(process: Process) -> list[GuidingQuestion]:
    """Every guiding question in every language it is put in. One query at most."""
    return keep_with(process, "questions", lambda: _QUESTIONS.objects(process=process.pk), may_be_empty=True)


def choose_questions(questions: Iterable[GuidingQuestion], process: Process, lang: str) -> list[GuidingQuestion]:
    """Each question once: in `lang` where it is put in it, else in the process's language, else in any."""
    shown: dict[int, GuidingQuestion] = {}
    for question in questions:
        known = shown.setdefault(question.position, question)
        if known.lang != lang and question.lang in {lang, process.lang}:
            shown[question.position] = question
    return list(shown.values())


def questions_by_language(process: Process) -> list[dict[str, str]]:
    """Each guiding question's texts by their languages, in order. One query."""
    questions: dict[int, dict[str, str]] = {}
    for question in guiding_questions_of(process):
        questions.setdefault(question.position, {})[question.lang] = question.text
    return list(questions.values())
