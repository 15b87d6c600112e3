"""Bridging: what people who usually disagree both support.

The model of Community Notes (Wojcik et al. 2022, arXiv:2210.15723; formulas of its published scorer): a rating is

    r̂_un = μ + i_u + i_n + f_u · f_n

with one factor f that learns the main line along which people differ. What a statement's support owes to that line
goes into f_u · f_n; what is left, i_n, is support in spite of it: the bridging score. Minimised is

    mean (r − r̂)² + λ_i (mean i_u² + mean i_n² + μ²) + λ_f (mean f_u² + mean f_n²),   λ_i = 0.15, λ_f = 0.03,

where intercepts are held back more, so that agreement along the line is never taken for agreement across it.
Agree is 1, pass ½, disagree 0, as the ratings helpful, somewhat and not helpful there.

It is solved by alternating least squares: with statements fixed each participant's (i_u, f_u) is a 2 × 2 system, and
the other way round. The loss falls at each round. f begins at the first principal component of the votes, not at
random: the factor is only determined up to its sign, which is made so that the statement with the largest |f_n| is
positive.

A round is one partial over blocks of participants (`harken.core.sense.blocks`): a block solves its participants, and
adds up for each statement what its own system, μ and the loss are reckoned from.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harken.core.sense.blocks import (
    Block,
    Blocks,
    SerialBlocks,
    apply_gram,
    centre,
    count_votes,
    merge,
    split_votes,
    tally_block,
)
from harken.core.sense.votes import Votes

__all__ = ["Bridging", "find_bridges"]

Numbers = NDArray[np.float64]

INTERCEPTS: Final = 0.15
FACTORS: Final = 0.03
_MOST_STEPS: Final = 200
_AXIS_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Bridging:
    """The model that fits the votes best.

    Attributes:
        scores: (S,) i_n, the bridging score of each statement; NaN for statements moderated out, or that nobody has
            seen.
        factors: (S,) f_n, how much support depends on the side one is on; NaN likewise.
        participant_intercepts: (P,) i_u, how readily each participant agrees.
        participant_factors: (P,) f_u, the side each participant is on.
        mean: μ.
        loss: what was minimised.
        steps: how many rounds it took.
        settled: whether the last round changed the loss by no more than the tolerance.
    """

    scores: Numbers
    factors: Numbers
    participant_intercepts: Numbers
    participant_factors: Numbers
    mean: float
    loss: float
    steps: int
    settled: bool


@dataclass(frozen=True, slots=True)
class _Model:
    """What a round begins with: μ, and the intercept and factor of every statement that counts."""

    mean: float
    intercepts: Numbers
    factors: Numbers


def _rate(block: Block) -> Block:
    """Return the block with ratings 0, ½, 1 in place of deviations."""
    return replace(block, deviation=(block.value + 1) / 2.0)


def _matrices(block: Block) -> "tuple[sparse.csr_array[np.float64], sparse.csr_array[np.float64]]":
    """Return the block's matrix of ones where a vote was seen, and that of its ratings."""
    rated = block.matrix
    return sparse.csr_array((np.ones(rated.data.size), rated.indices, rated.indptr), shape=rated.shape), rated


def _solve(sums: Numbers, right: Numbers, mean: float, held: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """Return intercept and factor of every row of a matrix of ratings, given those of its columns.

    Args:
        sums: (n, 5) of each row's cells, the sums over columns of 1, f, f², i and i f.
        right: (n, 2) the sums of r and r f.
        mean: μ.
        held: the weights of intercept² and factor² for one row.
    """
    first = right[:, 0] - mean * sums[:, 0] - sums[:, 3]
    second = right[:, 1] - mean * sums[:, 1] - sums[:, 4]
    a, b, c = sums[:, 0] + held[0], sums[:, 1], sums[:, 2] + held[1]
    determinant = a * c - b * b
    return (c * first - b * second) / determinant, (a * second - b * first) / determinant


def _products(intercepts: Numbers, factors: Numbers) -> Numbers:
    return np.stack([np.ones_like(factors), factors, factors**2, intercepts, intercepts * factors], axis=1)


def _solve_people(block: Block, model: _Model, held: tuple[float, float]) -> Numbers:
    """Rows: (p, 2) intercept and factor of each participant of the block."""
    seen, rated = _matrices(block)
    of_statements = _products(model.intercepts, model.factors)
    return np.stack(_solve(seen @ of_statements, rated @ of_statements[:, :2], model.mean, held), axis=1)


def _sum_round(block: Block, model: _Model, held: tuple[float, float]) -> Numbers:
    """Partial: (statements + 1, 7) what a round needs of the block once its participants are solved.

    A statement's row has the sums over its votes of 1, f, f², i, i f, r and r f. The last row has the sums over all
    votes of r², i² and r i, and the sums over participants of i² and f².
    """
    intercepts, factors = _solve_people(block, model, held).T
    seen, rated = _matrices(block)
    of_people = _products(intercepts, factors)
    votes = np.diff(block.first_vote)
    told = np.zeros((block.statements + 1, 7))
    told[:-1, :5] = seen.T @ of_people
    told[:-1, 5:] = rated.T @ of_people[:, :2]
    told[-1, :5] = (
        (rated.data**2).sum(),
        (votes * intercepts**2).sum(),
        (rated.sum(axis=1) * intercepts).sum(),
        (intercepts**2).sum(),
        (factors**2).sum(),
    )
    return told


def _first_axis(centred: Blocks, counts: NDArray[np.int64], means: Numbers) -> Numbers:
    """Return the leading right singular vector, begun from the statement whose votes differ most; unit length."""
    spread = (counts * np.abs(np.array([-1, 0, 1]) - means[:, None])).sum(axis=1)
    vector = np.zeros((means.size, 1))
    vector[int(np.argmax(spread))] = 1.0
    for _ in range(_AXIS_STEPS + 1):
        vector = merge(centred.run(apply_gram, vector))
        size = float(np.linalg.norm(vector))
        if size == 0:
            break
        vector = vector / size
    return vector[:, 0]


def _finish_round(
    told: Numbers, model: _Model, held: tuple[float, float], shares: tuple[float, float]
) -> tuple[_Model, float]:
    """Return the model after a round, and its loss.

    Args:
        told: the whole that the partials of `_sum_round` add up to.
        model: what the round began with.
        held: as in `_solve`, for statements.
        shares: one over the number of participants and of statements that count.
    """
    sums, right, (ratings, of_people, both, people, sides) = told[:-1, :5], told[:-1, 5:], told[-1, :5]
    intercepts, factors = _solve(sums, right, model.mean, held)
    number = float(sums[:, 0].sum())
    # Of what is left of r once i_u, i_n and f_u f_n are taken out: the sum, and the sum of squares, multiplied out.
    rest = float((right[:, 0] - sums[:, 3] - intercepts * sums[:, 0] - factors * sums[:, 1]).sum())
    squares = ratings + of_people - 2 * both
    squares += (intercepts**2 * sums[:, 0] + factors**2 * sums[:, 2] + 2 * intercepts * factors * sums[:, 1]).sum()
    squares -= 2 * (intercepts * (right[:, 0] - sums[:, 3]) + factors * (right[:, 1] - sums[:, 4])).sum()
    mean = rest / (number * (1 + INTERCEPTS))
    loss = float(squares - 2 * mean * rest) / number + mean**2
    loss += INTERCEPTS * (people * shares[0] + float((intercepts**2).sum()) * shares[1] + mean**2)
    loss += FACTORS * (sides * shares[0] + float((factors**2).sum()) * shares[1])
    return _Model(mean, intercepts, factors), loss


def find_bridges(
    votes: Votes,
    *,
    tolerance: float = 1e-7,
    most_steps: int = _MOST_STEPS,
    blocks: int | None = None,
    keep: Callable[[Sequence[Block]], Blocks] = SerialBlocks,
) -> Bridging:
    """Return the bridging scores of statements.

    Args:
        votes: the votes; statements moderated out have no influence.
        tolerance: ends when a round lowers the loss by no more than this; the loss lies between 0 and about 0.25.
        most_steps: ends after so many rounds in any case; `settled` is then False.
        blocks: in how many blocks of participants to reckon, as in `opinion_map`.
        keep: where to keep the blocks, as in `opinion_map`.

    Returns:
        Scores for any votes; all NaN where there are none.
    """
    voted = (np.bincount(votes.statement, minlength=votes.statements.size) > 0) & ~votes.moderated
    if not voted.any():
        nothing, nobody = np.full(votes.statements.size, np.nan), np.zeros(votes.participants.size)
        return Bridging(nothing, nothing.copy(), nobody, nobody.copy(), 0.0, 0.0, 0, settled=True)
    with closing(keep(split_votes(votes, voted, blocks))) as kept:
        return _alternate(kept, voted, tolerance, most_steps)


def _alternate(kept: Blocks, voted: NDArray[np.bool_], tolerance: float, most_steps: int) -> Bridging:
    counts = merge(kept.run(tally_block))
    people = int(np.count_nonzero(np.concatenate(kept.run(count_votes))))
    seen = counts.sum(axis=1)
    number = int(seen.sum())
    means = (counts[:, 2] - counts[:, 0]) / seen
    shares = (1 / people, 1 / seen.size)
    # The loss times the number of ratings: means become sums with these weights.
    of_people = (INTERCEPTS * number * shares[0], FACTORS * number * shares[0])
    of_statements = (INTERCEPTS * number * shares[1], FACTORS * number * shares[1])
    model = before = _Model(
        float((seen + counts[:, 2] - counts[:, 0]).sum()) / (2 * number),
        np.zeros(seen.size),
        _first_axis(kept.change(centre, means), counts, means),
    )
    # The centred blocks are let go of before there are others.
    rated = kept.change(_rate)
    loss, settled, steps = np.inf, False, 0
    while steps < most_steps and not settled:
        steps += 1
        before, earlier = model, loss
        model, loss = _finish_round(merge(rated.run(_sum_round, model, of_people)), model, of_statements, shares)
        settled = earlier - loss <= tolerance
    intercepts, sides = np.concatenate(rated.run(_solve_people, before, of_people)).T
    sign = -1.0 if model.factors[np.argmax(np.abs(model.factors))] < 0 else 1.0
    scores, factors = np.full(voted.size, np.nan), np.full(voted.size, np.nan)
    scores[voted], factors[voted] = model.intercepts, model.factors * sign
    return Bridging(scores, factors, intercepts, sides * sign, model.mean, loss, steps, settled)
