"""What is still taken after its phase has closed: a plain registry that rooms fill in `AppConfig.ready()`.

Whether it is taken is decided in the room that takes it; every page of a process shows the way to it, and says so.
"""

from collections.abc import Callable

from harken.processes.models import Phase, Process
from harken.processes.queries import Timeline

TakesLate = Callable[[Process], bool]
"""Whether a process takes something after its phase. Asked only where that phase has closed and no other opens it."""

_TAKERS: dict[str, TakesLate] = {}


def register_late(action: str, takes: TakesLate) -> None:
    """Have `takes` say whether a phase's action goes on late; an action has one rule."""
    if _TAKERS.setdefault(action, takes) is not takes:
        raise ValueError(f"Two rules say whether {action} is taken late.")


def find_late(process: Process, timeline: Timeline) -> dict[str, Phase]:
    """The actions that are still taken late, each with the phase for it that closed last. At most one query each."""
    late = {}
    for action, takes in _TAKERS.items():
        closed = None if timeline.opens(action) else timeline.closed_last(action)
        if closed is not None and takes(process):
            late[action] = closed
    return late
