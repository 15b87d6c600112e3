"""What groups say about statements: consensus, what is typical of a group, what divides, what to ask next.

All of it comes from counts: A agree, D disagree, N seen (passes included), for everybody and for each group g.
Counts are sums over blocks (`harken.core.sense.blocks`), so this costs the same for a million people.

**Share.** With Jeffreys' prior (Beta(½, ½); Brown, Cai, DasGupta 2001, doi:10.1214/ss/1009213286) the share of those
who agree is p_a = (A + ½) / (N + 1), likewise p_d; a credible bound is a quantile of Beta(A + ½, N − A + ½). A pass
counts among those who saw the statement, and for neither side.

**Consensus across groups** is the geometric mean over groups of p_a (1 − p_d): high only where every group agrees and
none disagrees; it does not shrink as groups get more. `consensus_low` takes the 5 % quantile of p_a and the 95 %
quantile of p_d instead, and is what statements are ranked by: two friendly votes are no consensus. `against` is the
same for common rejection, with p_d (1 − p_a).

**What is typical of a group** (representativeness): z of the difference of two proportions, inside and outside the
group, one added to all four counts as published for Polis. All groups, statements and both directions are tested
together, and the Benjamini–Hochberg procedure (1995, doi:10.1111/j.2517-6161.1995.tb02031.x) keeps the expected
share of false finds at `FALSE_FINDS`; moreover more than half of the group must take that side. Ranked by the
lower end of the difference: (p_in − p_out) − 1.645 · standard error.

**What divides**: the range over groups of p_a − p_d, halved to 0 … 1; `divides_low` less 1.645 standard errors.

**Majorities**: those of all who saw it, more than half, by the one-proportion z, with the same control of false finds.

**What to ask next** (priority): the published formula, [(1 − p_pass)(E + 1) p_a (1 + 8·2^(−N/5))]² with Laplace's
(n + 1)/(N + 2), E the statement's distance from the middle of the map; 7² for statements about the process. The next
statement is to be drawn with a chance in proportion to it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["StatementStatistics", "Typical", "describe_statements", "priorities"]

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

FALSE_FINDS: Final = 0.1
BOUND: Final = 1.6448536269514722  # the standard normal's 95 % quantile
ABOUT_PROCESS_PRIORITY: Final = 49.0


@dataclass(frozen=True, slots=True)
class Typical:
    """A statement that tells a group from the others.

    Attributes:
        statement: its place among the statements of the votes.
        side: +1 where the group agrees more than others, −1 where it disagrees more.
        inside: share of the group on that side, 0 … 1.
        outside: share of all others on that side.
        strength: what they are ranked by.
        chosen_as_agreed: only in `compat="polis"`: kept at the head as what the group agrees on best.
    """

    statement: int
    side: int
    inside: float
    outside: float
    strength: float
    chosen_as_agreed: bool = False


@dataclass(frozen=True, slots=True)
class StatementStatistics:
    """All statistics of S statements and k groups. Statements that do not count have NaN, and are in no list.

    Attributes:
        counts: (S, 3) disagree, pass, agree among all participants.
        group_counts: (k, S, 3) the same within each group.
        consensus: (S,) 0 … 1, agreement across groups.
        consensus_low: (S,) its lower credible bound; in `compat="polis"` the same as `consensus`.
        against: (S,) 0 … 1, rejection across groups.
        against_low: (S,) its lower credible bound, likewise.
        divides: (S,) 0 … 1, how far apart the groups are.
        divides_low: (S,) its lower bound.
        z_typical: (2, k, S) z of agreeing and disagreeing more than the others do.
        typical: for each group, what is typical of it, strongest first.
        majority_agree: places of statements that most agree with, strongest first.
        majority_disagree: places of statements that most disagree with.
        extremity: (S,) distance from the middle of the map of somebody who only agreed with it.
        priority: (S,) weight with which to draw the next statement to ask; NaN only where moderators took it out.
    """

    counts: Counts
    group_counts: Counts
    consensus: Numbers
    consensus_low: Numbers
    against: Numbers
    against_low: Numbers
    divides: Numbers
    divides_low: Numbers
    z_typical: Numbers
    typical: tuple[tuple[Typical, ...], ...]
    majority_agree: tuple[int, ...]
    majority_disagree: tuple[int, ...]
    extremity: Numbers
    priority: Numbers


def two_proportions(inside: Counts, inside_all: Counts, outside: Counts, outside_all: Counts) -> Numbers:
    """Return z of the difference of two shares, with one added to all four counts, as published for Polis.

    z = (p₁ − p₂) / √(p̂ (1 − p̂)(1/n₁ + 1/n₂)), p̂ the pooled share; 0 where p̂ = 1.
    """
    first, second = inside + 1.0, outside + 1.0
    first_all, second_all = inside_all + 1.0, outside_all + 1.0
    pooled = (first + second) / (first_all + second_all)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0.0) * (1 / first_all + 1 / second_all))
    difference = first / first_all - second / second_all
    return np.where(error > 0, difference / np.where(error > 0, error, 1.0), 0.0)


def one_proportion(side: Counts, seen: Counts) -> Numbers:
    """Return z of a share against one half: 2 √(n + 1) · ((s + 1)/(n + 1) − ½), as published for Polis."""
    return np.asarray(2 * np.sqrt(seen + 1.0) * ((side + 1.0) / (seen + 1.0) - 0.5))


def significant(z: Numbers, tested: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of the `tested` z are finds at `FALSE_FINDS` by Benjamini–Hochberg, one-sided."""
    chances = special.ndtr(-z[tested])
    order = np.argsort(chances, kind="stable")
    below = chances[order] <= FALSE_FINDS * np.arange(1, order.size + 1) / max(1, order.size)
    last = int(np.max(np.flatnonzero(below), initial=-1))
    found = np.zeros(order.size, dtype=bool)
    found[order[: last + 1]] = True
    result = np.zeros(z.shape, dtype=bool)
    result[tested] = found
    return result


def priorities(counts: Counts, extremity: Numbers, about_process: NDArray[np.bool_]) -> Numbers:
    """Return (S,) the published priority of each statement to be asked next.

    Args:
        counts: (S, 3) disagree, pass, agree.
        extremity: (S,) E.
        about_process: (S,) statements about the conversation itself.
    """
    seen = counts.sum(axis=1)
    passed, agreed = (counts[:, 1] + 1) / (seen + 2), (counts[:, 2] + 1) / (seen + 2)
    weight = (1 - passed) * (extremity + 1) * agreed * (1 + 8 * 2.0 ** (-seen / 5))
    return np.where(about_process, ABOUT_PROCESS_PRIORITY, weight**2)


def _across_groups(side: Counts, other: Counts, seen: Counts) -> tuple[Numbers, Numbers]:
    """Return (S,) the geometric mean over groups of p_side (1 − p_other), and its lower bound."""
    groups = max(1, seen.shape[0])
    value = (side + 0.5) / (seen + 1.0) * (1 - (other + 0.5) / (seen + 1.0))
    low = special.betaincinv(side + 0.5, seen - side + 0.5, 0.05)
    low = low * (1 - special.betaincinv(other + 0.5, seen - other + 0.5, 0.95))
    return (
        np.exp(np.log(value).sum(axis=0) / groups),
        np.exp(np.log(np.maximum(low, 1e-300)).sum(axis=0) / groups),
    )


def _divisions(agree: Counts, disagree: Counts, seen: Counts) -> tuple[Numbers, Numbers]:
    """Return (S,) the range over groups of (p_a − p_d)/2 + ½, and less 1.645 standard errors."""
    agreed, disagreed = (agree + 0.5) / (seen + 1.0), (disagree + 0.5) / (seen + 1.0)
    stand = (agreed - disagreed) / 2
    variance = np.maximum(agreed + disagreed - (agreed - disagreed) ** 2, 0.0) / (4 * (seen + 1.0))
    high, low = np.argmax(stand, axis=0), np.argmin(stand, axis=0)
    columns = np.arange(stand.shape[1])
    spread = stand[high, columns] - stand[low, columns]
    error = np.sqrt(variance[high, columns] + variance[low, columns])
    return spread, np.maximum(spread - BOUND * error, 0.0)


def _typical(group_counts: Counts, z: Numbers, counted: NDArray[np.bool_]) -> tuple[tuple[Typical, ...], ...]:
    """Return for each group the statements typical of it, strongest first."""
    seen = group_counts.sum(axis=2)
    sides = np.stack([group_counts[:, :, 2], group_counts[:, :, 0]])
    outside, outside_all = sides.sum(axis=1, keepdims=True) - sides, seen.sum(axis=0) - seen
    share_in, share_out = (sides + 0.5) / (seen + 1.0), (outside + 0.5) / (outside_all + 1.0)
    error = np.sqrt(share_in * (1 - share_in) / (seen + 1.0) + share_out * (1 - share_out) / (outside_all + 1.0))
    strength = share_in - share_out - BOUND * error
    tested = np.broadcast_to(counted & (seen > 0) & (outside_all > 0), z.shape)
    found = significant(z, tested) & (share_in > 0.5)
    # Where both sides of one statement pass, the stronger speaks.
    found &= strength >= strength[::-1]
    result = []
    for group in range(seen.shape[0]):
        side, statement = np.nonzero(found[:, group])
        order = np.lexsort((statement, -strength[side, group, statement]))
        result.append(
            tuple(
                Typical(
                    int(statement[place]),
                    1 - 2 * int(side[place]),
                    float(share_in[side[place], group, statement[place]]),
                    float(share_out[side[place], group, statement[place]]),
                    float(strength[side[place], group, statement[place]]),
                )
                for place in order
            )
        )
    return tuple(result)


def _majorities(counts: Counts, counted: NDArray[np.bool_]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    seen = counts.sum(axis=1)
    z = np.stack([one_proportion(counts[:, 2], seen), one_proportion(counts[:, 0], seen)])
    share = (np.stack([counts[:, 2], counts[:, 0]]) + 0.5) / (seen + 1.0)
    found = significant(z, np.broadcast_to(counted & (seen > 0), z.shape)) & (share > 0.5)
    low = special.betaincinv(share * (seen + 1.0), (1 - share) * (seen + 1.0), 0.05)
    order = [np.lexsort((np.arange(seen.size), -low[side])) for side in (0, 1)]
    agreed, rejected = (tuple(int(place) for place in order[side] if found[side, place]) for side in (0, 1))
    return agreed, rejected


def describe_statements(
    counts: Counts,
    group_counts: Counts,
    extremity: Numbers,
    counted: NDArray[np.bool_],
    askable: NDArray[np.bool_],
    about_process: NDArray[np.bool_],
) -> StatementStatistics:
    """Return all statistics, by the formulas of this module.

    Args:
        counts: (S, 3) disagree, pass, agree among all participants.
        group_counts: (k, S, 3) the same within each group.
        extremity: (S,) each statement's distance from the middle of the map.
        counted: (S,) statements that count: not moderated out, seen by somebody, and not about the process.
        askable: (S,) statements that may be asked next, and so have a priority.
        about_process: (S,) statements about the conversation itself.
    """
    seen = group_counts.sum(axis=2)
    disagree, agree = group_counts[:, :, 0], group_counts[:, :, 2]
    nothing = np.full(counts.shape[0], np.nan)
    if seen.shape[0]:
        consensus, consensus_low = _across_groups(agree, disagree, seen)
        against, against_low = _across_groups(disagree, agree, seen)
        divides, divides_low = _divisions(agree, disagree, seen)
        out, out_seen = (each.sum(axis=0) - each for each in (np.stack([agree, disagree], axis=1), seen))
        z = np.stack(
            [
                two_proportions(agree, seen, out[:, 0], out_seen),
                two_proportions(disagree, seen, out[:, 1], out_seen),
            ]
        )
    else:
        consensus = consensus_low = against = against_low = divides = divides_low = nothing
        z = np.zeros((2, 0, counts.shape[0]))
    typical = _typical(group_counts, z, counted) if seen.shape[0] > 1 else ((),) * seen.shape[0]
    agreed, rejected = _majorities(counts, counted)
    blank = np.where(counted, 0.0, np.nan)
    return StatementStatistics(
        counts,
        group_counts,
        consensus + blank,
        consensus_low + blank,
        against + blank,
        against_low + blank,
        divides + blank,
        divides_low + blank,
        z + blank,
        typical,
        agreed,
        rejected,
        extremity + blank,
        priorities(counts, extremity, about_process) + np.where(askable, 0.0, np.nan),
    )
