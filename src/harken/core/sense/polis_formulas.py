"""The statistics of Polis as they are published, for `compat="polis"`.

Formulas after the description in Small et al. 2021 (doi:10.6035/recerca.5516) and the behaviour of Polis and red-dwarf;
written anew. With A agree, D disagree, N seen in a group, and the rest of those placed as "outside":

* p = (n + 1)/(N + 2) for n = A or D; z_p = 2√(N + 1)·((n + 1)/(N + 1) − ½);
* R = p_inside / p_outside; z_R the two-proportion z with one added to all four counts;
* consensus across groups = Π_g p_a; against = Π_g p_d (they shrink as groups get more);
* a statement is representative where z_p and z_R of one side both exceed 1.2816 (90 %, one-sided, each test by
  itself); its side is the one with the larger z_R; ranked by R·z_R·p·z_p; at most five, and the one the group agrees
  on best is put first in the choice: of two candidates the better by R·z_R·p·z_p of agreeing while the best so far
  has R > 1, else by p·z_p; agreements are listed before disagreements;
* majority: p > ½ and z_p > 1.2816 over everybody, ranked by p·z_p, five each way.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.statistics import (
    Counts,
    Numbers,
    StatementStatistics,
    Typical,
    describe_statements,
    one_proportion,
    priorities,
    two_proportions,
)

__all__ = ["describe_as_polis"]

CRITICAL: Final = 1.2815515655446004  # the standard normal's 90 % quantile
MOST: Final = 5


def _shares(side: Counts, seen: Counts) -> Numbers:
    return (side + 1.0) / (seen + 2.0)


class _Tests:
    """The published figures of both sides, (2, k, S): agreeing first."""

    def __init__(self, group_counts: Counts) -> None:
        self.side = np.stack([group_counts[:, :, 2], group_counts[:, :, 0]])
        self.seen = group_counts.sum(axis=2)
        outside = self.side.sum(axis=1, keepdims=True) - self.side
        outside_all = self.seen.sum(axis=0) - self.seen
        self.share = _shares(self.side, self.seen)
        self.share_outside = _shares(outside, outside_all)
        self.z_share = one_proportion(self.side, self.seen)
        self.ratio = self.share / self.share_outside
        self.z_ratio = two_proportions(self.side, self.seen, outside, outside_all)
        self.score = self.ratio * self.z_ratio * self.share * self.z_share


def _best_agreed(tests: _Tests, group: int, counted: NDArray[np.bool_]) -> int | None:
    """Return the statement that the group agrees on best, or None where there is none to speak of."""
    best: int | None = None
    ratio, share, z_share = (each[0, group] for each in (tests.ratio, tests.share, tests.z_share))
    score, plain = tests.score[0, group], share * z_share
    voted = (tests.side[:, group] > 0).any(axis=0) & counted
    for place in np.flatnonzero(voted).tolist():
        if best is None:
            better = bool(z_share[place] > CRITICAL or (ratio[place] > 1.0 and share[place] > 0.5))
        else:
            measure = score if ratio[best] > 1.0 else plain
            better = bool(measure[place] > measure[best])
        if better:
            best = place
    return best


def _representative(tests: _Tests, group: int, counted: NDArray[np.bool_]) -> tuple[Typical, ...]:
    z_ratio, z_share = tests.z_ratio[:, group], tests.z_share[:, group]
    enough = ((z_ratio > CRITICAL) & (z_share > CRITICAL)).any(axis=0) & counted
    side = np.where(z_ratio[0] > z_ratio[1], 0, 1)
    columns = np.arange(side.size)
    score = tests.score[side, group, columns]
    chosen = [int(place) for place in np.lexsort((columns, -score)) if enough[place]]
    head = agreed = _best_agreed(tests, group, counted)
    if head is None and not chosen and counted.any():
        largest = np.where(counted, z_ratio.max(axis=0), -np.inf)
        head = int(np.argmax(largest))
    if head is None:
        # Without a head, nothing is chosen: that is how it is published.
        return ()
    listed = [head, *(place for place in chosen if place != head)][:MOST]
    rows = [
        Typical(
            place,
            1 - 2 * int(side[place]),
            float(tests.share[side[place], group, place]),
            float(tests.share_outside[side[place], group, place]),
            float(score[place]),
            chosen_as_agreed=place == agreed,
        )
        for place in listed
    ]
    return tuple(sorted(rows, key=lambda row: -row.side))


def _majorities(counts: Counts, counted: NDArray[np.bool_]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    seen = counts.sum(axis=1)
    found = []
    for column in (2, 0):
        share, z = _shares(counts[:, column], seen), one_proportion(counts[:, column], seen)
        order = np.lexsort((np.arange(seen.size), -share * z))
        passed = counted & (share > 0.5) & (z > CRITICAL)
        found.append(tuple(int(place) for place in order if passed[place])[:MOST])
    return found[0], found[1]


def describe_as_polis(
    counts: Counts,
    group_counts: Counts,
    extremity: Numbers,
    counted: NDArray[np.bool_],
    seen: NDArray[np.bool_],
    askable: NDArray[np.bool_],
    about_process: NDArray[np.bool_],
) -> StatementStatistics:
    """Return all statistics by the published formulas; what those do not have (what divides) as in `statistics`.

    Args:
        counts: (S, 3) disagree, pass, agree among all participants.
        group_counts: (k, S, 3) the same within each group.
        extremity: (S,) each statement's distance from the middle of the map.
        counted: (S,) statements that may be chosen: not moderated out.
        seen: (S,) statements that have figures: those somebody has voted on, moderated out or not.
        askable: (S,) statements that may be asked next.
        about_process: (S,) statements about the conversation itself.
    """
    plain = describe_statements(counts, group_counts, extremity, seen, askable, about_process)
    tests = _Tests(group_counts)
    together = tests.share.prod(axis=1) + np.where(seen, 0.0, np.nan)
    agreed, rejected = _majorities(counts, counted & seen)
    groups = group_counts.shape[0]
    typical = tuple(_representative(tests, group, counted & seen) for group in range(groups)) if groups > 1 else ()
    return replace(
        plain,
        consensus=together[0],
        consensus_low=together[0],
        against=together[1],
        against_low=together[1],
        typical=typical,
        majority_agree=agreed,
        majority_disagree=rejected,
        priority=priorities(group_counts.sum(axis=0), extremity, about_process) + np.where(askable, 0.0, np.nan),
    )
