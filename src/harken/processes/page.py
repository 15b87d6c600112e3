"""What every page inside a process needs: the process itself, the timeline, and what the visitor may do."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from harken.base.caching import answer_for_everybody
from harken.base.permits import require
from harken.processes.lateness import find_late
from harken.processes.models import Process
from harken.processes.permissions import may_edit_process, processes_visible_to
from harken.processes.phase_actions import PhaseAction, find_phase_action
from harken.processes.queries import Timeline, find_public_process, timeline_of
from harken.processes.templatetags.timeline import next_action

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """What every page says of the phases below its header: values alone, so that equal ones are the same line.

    `state` is that of the phase that is named; `moment` when it closes, will open or has closed, with the whole `days`
    until then; `action_name` what readers are invited to ("": nothing): where no phase is open, what is taken late.
    """

    state: str
    name: str
    lang: str
    moment: datetime.datetime | None
    days: int
    action_name: str

    @property
    def action(self) -> PhaseAction | None:
        """What readers are invited to."""
        return find_phase_action(self.action_name)


def describe_line(timeline: Timeline, late: Collection[str] = ()) -> PhaseLine | None:
    """The line about an open phase, else the next, else the last; None for a process without phases.

    `late` are the actions that are still taken though their phase has closed.
    """
    row = next(iter(timeline.open_now), None) or timeline.next or timeline.last
    if row is None:
        return None
    moment = row.phase.opens_at if row.state == "coming" else row.phase.closes_at
    days = max(0, (moment - timeline.now).days) if moment else 0
    if row.state == "open":
        action = next_action(timeline)
        action_name = action.name if action else ""
    else:
        action_name = next(iter(late), "")
    return PhaseLine(row.state, row.phase.name, row.phase.lang, moment, days, action_name)


def load_process(request: HttpRequest, slug: str) -> Process:
    """The process at `slug` if the visitor may see it, with its phases, else 404. Two queries for strangers."""
    if request.user.is_authenticated:
        visible = processes_visible_to(request.user).select_related("body").prefetch_related("phases")
        process = visible.filter(slug=slug).first()
    else:
        process = find_public_process(slug)
    if process is None:
        raise Http404
    return process


def load_for_organiser(request: HttpRequest, slug: str) -> Process:
    """The process, its organiser's permit checked."""
    process = load_process(request, slug)
    require(may_edit_process(request.user, process))
    return process


def process_stamp(process: Process) -> str:
    """What a page inside a process is made from besides its own rows: it tells when a reader's copy is out of date."""
    return f"{process.pk} {process.content_version} {timeline_of(process, timezone.now()).states}"


def process_page(request: HttpRequest, process: Process, **context: Any) -> dict[str, Any]:
    """The context of a page that extends `processes/page.html`."""
    timeline = timeline_of(process, timezone.now())
    late = find_late(process, timeline)
    return {
        "process": process,
        "timeline": timeline,
        "late": late,
        "phase_line": describe_line(timeline, late),
        "may_edit": bool(may_edit_process(request.user, process)),
        **context,
    }


def public_process_page(
    view: Callable[Concatenate[HttpRequest, Process, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the process that lies at the address, and anonymous readers a 304 while nothing changed.

    Two queries tell that: what the process was changed to last, and which of its phases are open.
    """
    return stamped_process_page(lambda _process, **_address: "")(view)


def stamped_process_page(
    stamp: Callable[..., str],
) -> Callable[[Callable[Concatenate[HttpRequest, Process, P], HttpResponse]], Callable[..., HttpResponse]]:
    """The same for a page that shows what changes without a new version of the process.

    `stamp` takes the process and, by name, what else stands in the address, and says what else the page is made from.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Process, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            process = load_process(request, slug)

            def content() -> str:
                return f"{process_stamp(process)} {stamp(process, **kwargs)}"

            return answer_for_everybody(request, content=content, make=lambda: view(request, process, *args, **kwargs))

        return answer

    return decorate
