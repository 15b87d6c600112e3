"""Many small writes in one transaction: whoever comes while one is under way is written together with the next.

A durable transaction waits for the disk, and costs its few statements anew for each write. Where several threads write
the same kind of thing at the same time, the first one writes what has gathered, in one transaction, and the others wait
for it. Nobody is told that something is written before it is. No thread is kept for it, and one alone waits for nobody.
"""

import fcntl
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, Generic, TextIO, TypeVar

from django.db import connection

Unit = TypeVar("Unit")
Outcome = TypeVar("Outcome")

MOST_TOGETHER: Final = 64


@cache
def _open_turn(path: Path) -> TextIO:
    return path.open("a", encoding="ascii")


@contextmanager
def _in_turn() -> Iterator[None]:
    """Wait until no other process writes a group to the same file of SQLite.

    SQLite lets whoever waits for a writer sleep and look again, longer each time (sqlite3_busy_timeout); the system
    wakes who waits for a file's lock as soon as it is free. It only saves that sleep: what holds two writers apart is
    still the database.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not path.is_absolute():
        yield
        return
    turn = _open_turn(path.with_name(f"{path.name}-turn"))
    fcntl.flock(turn, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(turn, fcntl.LOCK_UN)


class _Place(Generic[Unit, Outcome]):
    """A unit in the queue, and what became of it."""

    __slots__ = ("failure", "outcome", "unit")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.outcome: list[Outcome] = []
        self.failure: BaseException | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was written, or tried."""
        return bool(self.outcome) or self.failure is not None


class GroupCommit(Generic[Unit, Outcome]):
    """Writes units by `write`, which takes some, writes all or none of them and returns an outcome for each.

    If writing several fails, each is written by itself, so that one that cannot be written takes no other with it.
    Inside a transaction of the caller's a unit is written there at once, and lasts if that does.
    """

    def __init__(self, write: Callable[[Sequence[Unit]], Sequence[Outcome]]) -> None:
        self._write = write
        self._writing = threading.Lock()
        self._queue: deque[_Place[Unit, Outcome]] = deque()

    def submit(self, unit: Unit) -> Outcome:
        """Write `unit`; returns when it lasts. Raises what writing it raised."""
        if connection.in_atomic_block:
            return self._write([unit])[0]
        place: _Place[Unit, Outcome] = _Place(unit)
        self._queue.append(place)
        while not place.is_done:
            with self._writing:
                # Whoever wrote meanwhile may have taken this one along.
                if not place.is_done:
                    self._write_together([self._queue.popleft() for _ in range(min(len(self._queue), MOST_TOGETHER))])
        if place.failure is not None:
            raise place.failure
        return place.outcome[0]

    def _write_together(self, places: Sequence[_Place[Unit, Outcome]]) -> None:
        try:
            try:
                self._write_in_one(places)
            except Exception:
                if len(places) == 1:
                    raise
                for place in places:
                    self._write_alone(place)
        except BaseException as failure:
            # Nobody may wait for ever, whatever happened to the one who wrote.
            for place in places:
                if not place.is_done:
                    place.failure = failure
            if not isinstance(failure, Exception):
                raise

    def _write_in_one(self, places: Sequence[_Place[Unit, Outcome]]) -> None:
        with _in_turn():
            outcomes = self._write([place.unit for place in places])
        for place, outcome in zip(places, outcomes, strict=True):
            place.outcome = [outcome]

    def _write_alone(self, place: _Place[Unit, Outcome]) -> None:
        try:
            self._write_in_one([place])
        except Exception as failure:  # noqa: BLE001 - raised again in the thread that asked for this unit
            place.failure = failure
