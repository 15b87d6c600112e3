"""What a bench returns: figures with units, and how to take them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number.

    Attributes:
        name: what was measured, in words.
        value: the number, in `unit`.
        unit: a unit people know (ms, s, MB, requests/s, SQL queries, passages/s …).
        peer: what it is held against, by name; "" when there is nothing to hold it against.
        peer_value: the peer's number in the same unit, taken in the same run on the same machine.
    """

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None

    @property
    def ratio(self) -> float | None:
        """`value` divided by the peer's, or None without a peer."""
        return self.value / self.peer_value if self.peer_value else None


@dataclass(frozen=True)
class Result:
    """What one bench came to.

    Attributes:
        figures: in the order in which they are shown.
        n: how many times each was taken; a figure is the median unless its name says otherwise.
        notes: what a reader has to know to read the figures, a sentence each.
    """

    figures: tuple[Figure, ...]
    n: int
    notes: tuple[str, ...] = ()


def median_seconds(run: Callable[[], object], n: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the median of `n` timings of `run`, in seconds.

    With `clock=time.process_time` it is processor time, which other programs on the machine disturb less.
    """
    taken = []
    for _ in range(n):
        began = clock()
        run()
        taken.append(clock() - began)
    return statistics.median(taken)
