"""What is done again and again without anybody asking: a plain registry that rooms fill in `AppConfig.ready()`.

Every `harken worker` looks in a thread of its own what is due. A row of the database says so, and that one of them has
it: the others leave it alone until it is done, or until whoever had it has been silent for longer than a run may take.
So a run may in the worst case be begun a second time while the first goes on, and has to be made for that.
"""

import datetime
import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import close_old_connections
from django.db.models import Q
from django.utils import timezone

from harken.base.models import PeriodicRun

SECONDS_BETWEEN_LOOKS: Final = 2.0
_SECONDS_TO_END: Final = 5.0

_LOGGER: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something to be done `every` so often; a run that takes longer than `at_most` is taken to be lost."""

    name: str
    every: datetime.timedelta
    run: Callable[[], object]
    at_most: datetime.timedelta


_REGISTERED: dict[str, Periodic] = {}


def register_periodic(
    name: str,
    *,
    every: datetime.timedelta,
    run: Callable[[], object],
    at_most: datetime.timedelta = datetime.timedelta(minutes=5),
) -> None:
    """Have workers call `run` `every` so often, counted from the end of one run to the beginning of the next."""
    if name in _REGISTERED:
        raise ValueError(f"{name} is registered twice.")
    _REGISTERED[name] = Periodic(name, every, run, at_most)


def registered_periodic() -> tuple[Periodic, ...]:
    """Everything that is done again and again."""
    return tuple(_REGISTERED.values())


def run_due(holder: str) -> list[str]:
    """Do once what is due and nobody else has in hand; returns the names of what was done, well or not."""
    now = timezone.now()
    PeriodicRun.objects.bulk_create((PeriodicRun(name=name, due_at=now) for name in _missing()), ignore_conflicts=True)
    waiting = PeriodicRun.objects.filter(_free(now), name__in=_REGISTERED, due_at__lte=now)
    return [name for name in waiting.order_by("due_at").values_list("name", flat=True) if _run(name, holder)]


def _missing() -> set[str]:
    known = PeriodicRun.objects.filter(name__in=_REGISTERED).values_list("name", flat=True)
    return _REGISTERED.keys() - set(known)


def _free(now: datetime.datetime) -> Q:
    return Q(held_until__isnull=True) | Q(held_until__lt=now)


def _run(name: str, holder: str) -> bool:
    periodic = _REGISTERED[name]
    now = timezone.now()
    # Of several workers one finds the row as it was.
    mine = PeriodicRun.objects.filter(_free(now), name=name, due_at__lte=now)
    if not mine.update(holder=holder, held_until=now + periodic.at_most):
        return False
    failure = ""
    try:
        periodic.run()
    except Exception as error:
        # One that fails must not keep the others from being done.
        _LOGGER.exception("%s failed", name)
        failure = f"{type(error).__name__}: {error}"
    ended = timezone.now()
    PeriodicRun.objects.filter(name=name, holder=holder).update(
        holder="", held_until=None, due_at=ended + periodic.every, ended_at=ended, failure=failure
    )
    return True


class PeriodicThread(threading.Thread):
    """Looks every few seconds what is due, until told to stop."""

    def __init__(self) -> None:
        super().__init__(name="periodic", daemon=True)
        self._stopped = threading.Event()
        self._holder = secrets.token_hex(8)

    def run(self) -> None:
        """Go on until stopped."""
        while not self._stopped.wait(SECONDS_BETWEEN_LOOKS):
            close_old_connections()
            try:
                run_due(self._holder)
            except Exception:
                # A database that is away for a moment must not end the thread.
                _LOGGER.exception("What is due could not be looked up")
            finally:
                close_old_connections()

    def stop(self) -> None:
        """End after the run that is under way, if it ends soon; what this thread had is free for others again."""
        self._stopped.set()
        self.join(_SECONDS_TO_END)
        PeriodicRun.objects.filter(holder=self._holder).update(holder="", held_until=None)
