"""Bridging: what people who usually disagree both support.

The model of Community Notes (Wojcik et al. 2022, arXiv:2210.15723; formulas of its published scorer): a rating is

    r̂_un = μ + i_u + i_n + f_u · f_n

with one factor f that learns the main line along which people differ. What a statement's support owes to that line
goes into f_u · f_n; what is left, i_n, is support in spite of it: the bridging score. Minimised is

    mean (r − r̂)² + λ_i (mean i_u² + mean i_n² + μ²) + λ_f (mean f_u² + mean f_n²),   λ_i = 0.15, λ_f = 0.03,

where intercepts are held back more, so that agreement along the line is never taken for agreement across it.
Agree is 1, pass ½, disagree 0, as the ratings helpful, somewhat and not helpful there.

It is solved by alternating least squares: with statements fixed each participant's (i_u, f_u) is a 2 × 2 system, and
the other way round; every sum in it is a product of the sparse matrix with a few vectors. The loss falls at each
step. f begins at the first principal component of the votes, not at random: the factor is only determined up to its
sign, which is made so that the statement with the largest |f_n| is positive.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harken.core.sense.votes import Votes

__all__ = ["Bridging", "find_bridges"]

Numbers = NDArray[np.float64]

INTERCEPTS: Final = 0.15
FACTORS: Final = 0.03
_MOST_STEPS: Final = 200


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


def _solve(
    seen: "sparse.csr_array[np.float64]",
    rated: "sparse.csr_array[np.float64]",
    intercepts: Numbers,
    factors: Numbers,
    held: tuple[float, float],
) -> tuple[Numbers, Numbers]:
    """Return intercept and factor of every row, given those of the columns.

    `rated` holds r − μ where `seen` holds 1; `held` are the weights of intercept² and factor² for one row.
    """
    sums = seen @ np.stack([np.ones_like(factors), factors, factors**2, intercepts, intercepts * factors], axis=1)
    right = rated @ np.stack([np.ones_like(factors), factors], axis=1)
    first, second = right[:, 0] - sums[:, 3], right[:, 1] - sums[:, 4]
    a, b, c = sums[:, 0] + held[0], sums[:, 1], sums[:, 2] + held[1]
    determinant = a * c - b * b
    return (c * first - b * second) / determinant, (a * second - b * first) / determinant


def _first_axis(matrix: "sparse.csr_array[np.float64]", steps: int = 30) -> Numbers:
    """Return the leading right singular vector, begun from the column with the most votes; unit length."""
    weight = np.asarray(abs(matrix).sum(axis=0)).ravel()
    vector = matrix.T @ (matrix[:, [int(np.argmax(weight))]].toarray().ravel())
    for _ in range(steps):
        size = float(np.linalg.norm(vector))
        if size == 0:
            break
        vector = matrix.T @ (matrix @ (vector / size))
    size = float(np.linalg.norm(vector))
    return np.asarray(vector / size if size > 0 else vector)


def find_bridges(votes: Votes, *, tolerance: float = 1e-7, most_steps: int = _MOST_STEPS) -> Bridging:
    """Return the bridging scores of statements.

    Args:
        votes: the votes; statements moderated out have no influence.
        tolerance: ends when a round lowers the loss by no more than this; the loss lies between 0 and about 0.25.
        most_steps: ends after so many rounds in any case; `settled` is then False.

    Returns:
        Scores for any votes; all NaN where there are none.
    """
    people, statements = votes.participants.size, votes.statements.size
    kept = ~votes.moderated[votes.statement]
    rows = np.repeat(np.arange(people, dtype=np.int32), votes.votes_of_participants)[kept]
    columns = votes.statement[kept]
    number = columns.size
    nothing = np.full(statements, np.nan)
    if not number:
        return Bridging(nothing, nothing.copy(), np.zeros(people), np.zeros(people), 0.0, 0.0, 0, settled=True)
    ratings = (votes.value[kept] + 1) / 2.0
    shape = (people, statements)
    seen = sparse.csr_array((np.ones(number), (rows, columns)), shape=shape)
    raw = sparse.csr_array((ratings, (rows, columns)), shape=shape)
    seen_by, raw_by = seen.T.tocsr(), raw.T.tocsr()
    counted_people = int(np.count_nonzero(np.diff(seen.indptr)))
    voted = np.diff(seen_by.indptr) > 0
    counted = int(np.count_nonzero(voted))
    # The loss times the number of ratings: means become sums with these weights.
    of_people = (INTERCEPTS * number / counted_people, FACTORS * number / counted_people)
    of_statements = (INTERCEPTS * number / counted, FACTORS * number / counted)
    mean = float(ratings.mean())
    of_statement = np.zeros(statements)
    means = np.divide(raw_by.sum(axis=1), np.diff(seen_by.indptr), out=np.zeros(statements), where=voted)
    centred = sparse.csr_array((raw.data - means[raw.indices], raw.indices, raw.indptr), shape=shape)
    factor = _first_axis(centred)
    loss, settled, steps = np.inf, False, 0
    of_person, side = np.zeros(people), np.zeros(people)
    while steps < most_steps and not settled:
        steps += 1
        of_person, side = _solve(seen, _less(raw, mean), of_statement, factor, of_people)
        of_statement, factor = _solve(seen_by, _less(raw_by, mean), of_person, side, of_statements)
        rest = ratings - of_person[rows] - of_statement[columns] - side[rows] * factor[columns]
        mean = float(rest.sum() / (number * (1 + INTERCEPTS)))
        before, loss = (
            loss,
            float(((rest - mean) ** 2).mean())
            + INTERCEPTS * ((of_person**2).sum() / counted_people + (of_statement**2).sum() / counted + mean**2)
            + FACTORS * ((side**2).sum() / counted_people + (factor**2).sum() / counted),
        )
        settled = before - loss <= tolerance
    sign = -1.0 if factor[np.argmax(np.abs(factor))] < 0 else 1.0
    return Bridging(
        np.where(voted, of_statement, np.nan),
        np.where(voted, factor * sign, np.nan),
        of_person,
        side * sign,
        mean,
        float(loss),
        steps,
        settled,
    )


def _less(matrix: "sparse.csr_array[np.float64]", mean: float) -> "sparse.csr_array[np.float64]":
    return sparse.csr_array((matrix.data - mean, matrix.indices, matrix.indptr), shape=matrix.shape)
