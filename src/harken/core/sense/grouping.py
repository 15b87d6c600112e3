"""Groups of participants who stand together on the map, and whether there are any.

**Cells.** Participants who stand in one place are one cell with a weight. Where there are more than `MOST_CELLS`
places, a grid of 40 × 40 over the map (four standard deviations each way, what lies outside in the outermost cells)
puts neighbours together; a cell stands at the mean of its people. Everything below then costs the same for a
thousand people and for a million, and doubling everybody changes nothing, because a cell only gets twice its weight.

**Groups.** Weighted k-means (Lloyd 1982, doi:10.1109/TIT.1982.1056489), begun from k-means++ (Arthur, Vassilvitskii
2007) several times, the best kept, for k = 2 … 8. For each k:

* the *silhouette* (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7): the weighted mean over cells of
  (b − a) / max(a, b), with a the mean distance to the rest of one's group and b to the nearest other group;
* the *stability* (Hennig 2007, doi:10.1016/j.csda.2006.11.025): cells are given random weights (Bayesian bootstrap,
  Rubin 1981), groups are sought anew, and the mean adjusted Rand index (Hubert, Arabie 1985) with the groups found
  first says how much of them is there again. The map itself is not made anew;
* the smallest group, which has to hold `SMALLEST_SHARE` of the participants, and `SMALLEST_GROUP` people.

Of those with no group too small, the k with the best silhouette that is stable enough (`STABLE`) is taken; stability is
asked in the order of silhouettes, until one passes. It then has to beat chance: as many places are drawn from *one*
normal distribution with the same covariance and grouped by the same k, `DRAWS` times and more where it is close. By the
mean and standard deviation of their silhouettes, the chance that such a cloud looks as divided may be `CHANCE` at most
(after Liu, Hayes, Nobel, Marron 2008, doi:10.1198/016214508000000454). One broad cloud can always be cut in two; that
does not make it two groups. People spread evenly, without a bell's thick middle, do pass this test: `gap` says whether
there is a gap between the groups, and the map carries a caution where there is none.

Otherwise the answer is that there are no clear groups, with the reason. Fewer than `FEWEST_PEOPLE` are not divided at
all: there would be groups of one, and everybody could be told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from harken.core.sense.distances import mean_silhouettes

__all__ = ["Candidate", "Cells", "Grouping", "Unclear", "find_groups", "gather_cells", "group_as_polis"]

Points = NDArray[np.float64]
Weights = NDArray[np.float64]
Labels = NDArray[np.int32]

MOST_CELLS: Final = 1_600
LARGEST_K: Final = 8
FEWEST_PEOPLE: Final = 10
SMALLEST_SHARE: Final = 0.03
SMALLEST_GROUP: Final = 5
STABLE: Final = 0.7
CHANCE: Final = 0.05
DRAWS: Final = 40
_MOST_DRAWS: Final = 400
_SURE: Final = 3.0  # standard errors from a threshold, until which more is drawn: no seed should decide
EXACT: Final = 4_000
_RESAMPLES: Final = 16
_MOST_RESAMPLES: Final = 160
_BEGINNINGS: Final = 5
_FEW_CELLS: Final = 400  # up to so many, beginning far more often costs nothing, and no seed decides what is found
_MANY_BEGINNINGS: Final = 25
_MOST_STEPS: Final = 300
_SAME_PLACE: Final = 1e-9


class Unclear(StrEnum):
    """Why there are no clear groups."""

    NOBODY = "nobody"  # nobody has voted enough to be placed
    FEW = "few"  # fewer than `FEWEST_PEOPLE` have
    ALIKE = "alike"  # all who are placed stand in one place
    UNSTABLE = "unstable"  # no number of groups is found again when people are drawn anew
    SMALL = "small"  # every number of groups has one that holds hardly anybody
    CLOUD = "cloud"  # one cloud of people without groups would look as divided


@dataclass(frozen=True, slots=True)
class Cells:
    """Places on the map with how many participants stand there.

    Attributes:
        points: (m, 2) where.
        weights: (m,) how many.
        member_of: (p,) the cell of each participant.
        exact: whether every different position has a cell of its own.
    """

    points: Points
    weights: Weights
    member_of: NDArray[np.intp]
    exact: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one number of groups would be like.

    Attributes:
        k: how many groups.
        silhouette: −1 … 1, how far apart they are.
        stability: 0 … 1, how much of them is found again; NaN where it was not asked.
        smallest: the smallest group's share of the participants, 0 … 1.
    """

    k: int
    silhouette: float
    stability: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups found, or that there are none to speak of.

    Attributes:
        k: how many; 1 where there are no clear groups, 0 where nobody could be placed.
        labels: (p,) of each participant given, 0 … k − 1. The largest group is 0 unless an order was asked for.
        centers: (k, 2) where each group has its middle.
        sizes: (k,) participants in each.
        clear: whether the groups passed every test above.
        reason: why there are no clear groups; None where there are.
        chance: the share of clouds without groups that look as divided as this; NaN where it was not asked.
        gap: 1 where nobody stands between neighbouring groups, 0 or less where as many stand there as in their middles
            (`measure_gap`); NaN where there are no two groups.
        candidates: what every k tried was like.
    """

    k: int
    labels: Labels
    centers: Points
    sizes: NDArray[np.int64]
    clear: bool
    reason: Unclear | None
    chance: float
    gap: float
    candidates: tuple[Candidate, ...]


def gather_cells(points: Points) -> Cells:
    """Return the cells of these participants' positions, (p, 2)."""
    reach = float(np.abs(points).max(initial=0.0))
    if not points.shape[0] or reach == 0:
        size = points.shape[0]
        places = np.zeros((min(1, size), 2))
        return Cells(places, np.full(min(1, size), float(size)), np.zeros(size, dtype=np.intp), exact=True)
    # Positions that differ by rounding are one place.
    rounded = np.round(points / (reach * _SAME_PLACE)).astype(np.int64)
    # The first few thousand tell whether there can be few enough places.
    if np.unique(rounded[: 4 * MOST_CELLS], axis=0).shape[0] <= MOST_CELLS:
        order = np.lexsort((rounded[:, 1], rounded[:, 0]))
        new = np.ones(order.size, dtype=bool)
        new[1:] = (rounded[order[1:]] != rounded[order[:-1]]).any(axis=1)
        if np.count_nonzero(new) <= MOST_CELLS:
            member_of = np.empty(order.size, dtype=np.intp)
            member_of[order] = np.cumsum(new) - 1
            weights = np.bincount(member_of).astype(np.float64)
            return Cells(points[order[new]], weights, member_of, exact=True)
    return _grid(points)


def _grid(points: Points) -> Cells:
    side = int(np.sqrt(MOST_CELLS))
    middle, spread = points.mean(axis=0), points.std(axis=0)
    low = np.maximum(points.min(axis=0), middle - 4 * spread)
    high = np.minimum(points.max(axis=0), middle + 4 * spread)
    width = np.where(high > low, high - low, 1.0)
    places = np.clip(((points - low) * (side / width)).astype(np.int64), 0, side - 1)
    key = places[:, 0] * side + places[:, 1]
    counts = np.bincount(key, minlength=side * side)
    used = counts > 0
    numbers = np.cumsum(used) - 1
    weights = counts[used].astype(np.float64)
    means = [np.bincount(key, weights=points[:, axis], minlength=side * side)[used] / weights for axis in (0, 1)]
    return Cells(np.stack(means, axis=1), weights, numbers[key], exact=False)


def nearest_center(points: Points, centers: Points) -> Labels:
    """Return (p,) the place of the nearest of `centers` for each of `points`; of two as near, the first."""
    # ‖p − c‖² without ‖p‖², which is the same for all centres.
    distances: Points = (centers**2).sum(axis=1) - 2.0 * (points @ centers.T)
    nearest: Labels = np.argmin(distances, axis=1).astype(np.int32)
    return nearest


def _first_centers(points: Points, weights: Weights, k: int, generator: np.random.Generator) -> Points:
    """Return k of the points by k-means++: each next one with a chance in proportion to its squared distance."""
    chosen = [int(np.searchsorted(np.cumsum(weights), generator.random() * weights.sum(), side="right"))]
    nearest = np.full(points.shape[0], np.inf)
    for _ in range(k - 1):
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        mass = np.cumsum(nearest * weights)
        chosen.append(min(int(np.searchsorted(mass, generator.random() * mass[-1], side="right")), points.shape[0] - 1))
    return points[chosen]


def weighted_kmeans(
    points: Points, weights: Weights, centers: Points, *, tolerance: float = 0.0
) -> tuple[Labels, Points, float]:
    """Return labels, centres and the weighted sum of squared distances after Lloyd's iteration from `centers`.

    Args:
        points: (m, 2).
        weights: (m,) positive.
        centers: (k, 2) where to begin. A centre left without points moves to the point farthest from its own.
        tolerance: ends when centres moved, squared and summed, by no more than this times the mean variance.
    """
    k = centers.shape[0]
    allowed = tolerance * float(points.var(axis=0).mean())
    labels = nearest_center(points, centers)
    for _ in range(_MOST_STEPS):
        mass = np.bincount(labels, weights=weights, minlength=k)
        if (mass == 0).any():
            labels = _fill_empty(points, weights, labels, centers, mass)
            mass = np.bincount(labels, weights=weights, minlength=k)
        sums = [np.bincount(labels, weights=weights * points[:, axis], minlength=k) for axis in (0, 1)]
        moved = np.stack(sums, axis=1) / np.maximum(mass, 1e-300)[:, None]
        shift = float(((moved - centers) ** 2).sum())
        centers, before = moved, labels
        labels = nearest_center(points, centers)
        if np.array_equal(labels, before) or shift <= allowed:
            break
    return labels, centers, float((weights * ((points - centers[labels]) ** 2).sum(axis=1)).sum())


def _fill_empty(points: Points, weights: Weights, labels: Labels, centers: Points, mass: NDArray[Any]) -> Labels:
    labels = labels.copy()
    far = np.argsort(-((points - centers[labels]) ** 2).sum(axis=1) * (weights > 0), kind="stable")
    for empty, point in zip(np.flatnonzero(mass == 0), far, strict=False):
        labels[point] = empty
    return labels


def _best_kmeans(
    points: Points, weights: Weights, k: int, generator: np.random.Generator, beginnings: int = _BEGINNINGS
) -> tuple[Labels, Points]:
    runs = [weighted_kmeans(points, weights, _first_centers(points, weights, k, generator)) for _ in range(beginnings)]
    labels, centers, _inertia = min(runs, key=lambda run: run[2])
    return labels, centers


def adjusted_rand(first: Labels, second: Labels, weights: Weights | None = None) -> float:
    """Return the adjusted Rand index of two partitions: 1 for the same, about 0 for unrelated ones.

    With `weights` every point stands for so many (Hubert, Arabie 1985, doi:10.1007/BF01908075).
    """
    given = np.ones(first.size) if weights is None else weights
    width = int(second.max(initial=0)) + 1
    table = np.bincount(
        first * np.int64(width) + second, weights=given, minlength=width * (int(first.max(initial=0)) + 1)
    )
    table = table.reshape(-1, width)
    total = table.sum()

    def pairs(counts: NDArray[Any]) -> float:
        return float((counts * np.maximum(counts - 1, 0)).sum() / 2)

    together, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    whole = total * (total - 1) / 2
    expected = rows * columns / whole if whole > 0 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _stability(cells: Cells, labels: Labels, k: int, generator: np.random.Generator) -> float:
    """Return how well groups of randomly reweighted cells agree with `labels`."""
    share = cells.weights / cells.weights.sum()
    # Weights are compared as if the cells were people, so that doubling everybody changes nothing.
    counted = share * cells.weights.size
    found: list[float] = []
    while len(found) < _MOST_RESAMPLES:
        for _ in range(_RESAMPLES):
            weights = share * generator.exponential(size=share.size)
            _labels, centers, _inertia = weighted_kmeans(
                cells.points, weights, _first_centers(cells.points, weights, k, generator), tolerance=1e-6
            )
            found.append(adjusted_rand(labels, nearest_center(cells.points, centers), counted))
        if abs(np.mean(found) - STABLE) > _SURE * np.std(found) / np.sqrt(len(found)):
            break
    return float(np.mean(found))


def _chance(cells: Cells, k: int, silhouette: float, generator: np.random.Generator) -> float:
    """Return how likely one normal distribution is to look as divided as this.

    The silhouettes of its draws are close to normal, so their mean and standard deviation tell more than counting
    the few that reach `silhouette`.
    """
    share = cells.weights / cells.weights.sum()
    middle = share @ cells.points
    spread = ((cells.points - middle) * share[:, None]).T @ (cells.points - middle)
    values, vectors = np.linalg.eigh(spread)
    shape = vectors * np.sqrt(np.maximum(values, 0.0))
    # A handful of places are many people of one mind: so few points of a cloud would always look divided.
    places = cells.points.shape[0]
    size = min(places, 250) if places >= 5 else 20
    drawn: list[float] = []
    excess = 0.0
    while len(drawn) < _MOST_DRAWS:
        for _ in range(DRAWS):
            points = generator.standard_normal((size, 2)) @ shape.T
            weights = np.ones(size)
            labels, _centers = _best_kmeans(points, weights, k, generator)
            drawn.append(mean_silhouettes(points, weights, [labels])[0])
        excess = (silhouette - float(np.mean(drawn))) / max(float(np.std(drawn)), 1e-9)
        error = np.sqrt((1 + excess**2 / 2) / len(drawn))
        if abs(excess - special.ndtri(1 - CHANCE)) > _SURE * error:
            break
    return float(special.ndtr(-excess))


def measure_gap(cells: Cells, centers: Points) -> float:
    """Return how empty it is between neighbouring groups, at the least empty place.

    Along the line from one centre (0) to the other (1) the people of both groups are counted in three bands as wide:
    around both centres and around the middle. The gap is 1 − middle / the smaller of the other two. Groups are
    neighbours where no third centre is as near to the middle of their line.
    """
    labels = nearest_center(cells.points, centers)
    gaps = []
    for first, second in combinations(range(centers.shape[0]), 2):
        middle, line = (centers[first] + centers[second]) / 2, centers[second] - centers[first]
        length = float(line @ line)
        if length == 0 or nearest_center(middle[None, :], centers)[0] not in {first, second}:
            continue
        ours = (labels == first) | (labels == second)
        along, weights = (cells.points[ours] - centers[first]) @ line / length, cells.weights[ours]
        bands = [float(weights[np.abs(along - at) <= 0.1].sum()) for at in (0.0, 0.5, 1.0)]
        gaps.append(1 - bands[1] / max(min(bands[0], bands[2]), 1e-300) if bands[1] > 0 else 1.0)
    return max(min(gaps, default=np.nan), -1.0)


def _relabel(labels: Labels, centers: Points, sizes: NDArray[np.int64]) -> tuple[Labels, Points, NDArray[np.int64]]:
    """Number groups from the largest to the smallest; of two as large, the one more to the left comes first."""
    order = np.lexsort((centers[:, 1], centers[:, 0], -sizes))
    number = np.empty(order.size, dtype=np.int32)
    number[order] = np.arange(order.size, dtype=np.int32)
    return number[labels], centers[order], sizes[order]


def _one_group(cells: Cells, reason: Unclear, chance: float, candidates: Sequence[Candidate]) -> Grouping:
    size = cells.member_of.size
    weights = cells.weights / max(1.0, cells.weights.sum())
    return Grouping(
        k=min(1, size),
        labels=np.zeros(size, dtype=np.int32),
        centers=(weights @ cells.points)[None, :] if size else np.zeros((0, 2)),
        sizes=np.array([size] if size else [], dtype=np.int64),
        clear=False,
        reason=reason,
        chance=chance,
        gap=np.nan,
        candidates=tuple(candidates),
    )


def find_groups(
    points: Points,
    *,
    seed: int,
    largest: int = LARGEST_K,
    k: int | None = None,
    start: Points | None = None,
) -> Grouping:
    """Return the groups of participants who stand at `points`, (p, 2).

    Args:
        points: positions of those who have voted enough to be placed.
        seed: of first centres, resampling and clouds without groups.
        largest: most groups to look for.
        k: take so many groups, whatever the tests say; `clear` still says what they say.
        start: (j, 2) centres of an earlier map: those groups are moved, without looking for another number and
            without new tests.
    """
    cells = gather_cells(points)
    if cells.points.shape[0] < 2:
        return _one_group(cells, Unclear.ALIKE if points.size else Unclear.NOBODY, np.nan, ())
    if points.shape[0] < FEWEST_PEOPLE and k is None:
        return _one_group(cells, Unclear.FEW, np.nan, ())
    if start is not None and start.shape[0] > 1:
        return _follow(points, cells, start)
    generator = np.random.default_rng(seed)
    numbers = [number for number in range(2, max(largest, k or 0) + 1) if number <= cells.points.shape[0]]
    beginnings = _MANY_BEGINNINGS if cells.points.shape[0] <= _FEW_CELLS else _BEGINNINGS
    found = {number: _best_kmeans(cells.points, cells.weights, number, generator, beginnings) for number in numbers}
    silhouettes = mean_silhouettes(cells.points, cells.weights, [found[number][0] for number in numbers])
    candidates = []
    for number, silhouette in zip(numbers, silhouettes, strict=True):
        mass = np.bincount(found[number][0], weights=cells.weights, minlength=number)
        candidates.append(Candidate(number, silhouette, np.nan, float(mass.min() / cells.weights.sum())))
    return _choose(points, cells, candidates, found, generator, k)


def _large_enough(cells: Cells, candidate: Candidate) -> bool:
    """Whether the smallest group is one to speak of, and nobody in it stands alone."""
    people = float(cells.weights.sum())
    return candidate.smallest >= SMALLEST_SHARE and candidate.smallest * people > SMALLEST_GROUP - 0.5


def _stable_one(
    cells: Cells,
    candidates: list[Candidate],
    found: dict[int, tuple[Labels, Points]],
    generator: np.random.Generator,
    wanted: int | None,
) -> Candidate | None:
    """Return the candidate with the best silhouette that is stable, or the one wanted; None where none is.

    The stability of those asked on the way is put into `candidates`.
    """
    order = sorted(range(len(candidates)), key=lambda place: -candidates[place].silhouette)
    order = [place for place in order if candidates[place].k == wanted or wanted is None]
    for place in order:
        each = candidates[place]
        if _large_enough(cells, each) or wanted is not None:
            labels = found[each.k][0]
            each = candidates[place] = replace(each, stability=_stability(cells, labels, each.k, generator))
            if each.stability >= STABLE or wanted is not None:
                return each
    return None


def _choose(
    points: Points,
    cells: Cells,
    candidates: list[Candidate],
    found: dict[int, tuple[Labels, Points]],
    generator: np.random.Generator,
    wanted: int | None,
) -> Grouping:
    best = _stable_one(cells, candidates, found, generator, min(wanted, candidates[-1].k) if wanted else None)
    if best is None:
        large = any(_large_enough(cells, each) for each in candidates)
        return _one_group(cells, Unclear.UNSTABLE if large else Unclear.SMALL, np.nan, candidates)
    chance = _chance(cells, best.k, best.silhouette, generator)
    reason: Unclear | None = None
    if not _large_enough(cells, best):
        reason = Unclear.SMALL
    elif best.stability < STABLE:
        reason = Unclear.UNSTABLE
    elif chance > CHANCE:
        reason = Unclear.CLOUD
    if reason and wanted is None:
        return _one_group(cells, reason, chance, candidates)
    centers = found[best.k][1]
    labels = nearest_center(points, centers)
    sizes = np.bincount(labels, minlength=best.k)
    labels, centers, sizes = _relabel(labels, centers, sizes)
    gap = measure_gap(cells, centers)
    return Grouping(best.k, labels, centers, sizes, reason is None, reason, chance, gap, tuple(candidates))


def _follow(points: Points, cells: Cells, start: Points) -> Grouping:
    cell_labels, centers, _inertia = weighted_kmeans(cells.points, cells.weights, start)
    labels = nearest_center(points, centers)
    k = centers.shape[0]
    sizes = np.bincount(labels, minlength=k)
    silhouette = mean_silhouettes(cells.points, cells.weights, [cell_labels])[0]
    candidate = Candidate(k, silhouette, np.nan, float(sizes.min() / max(1, sizes.sum())))
    gap = measure_gap(cells, centers)
    return Grouping(k, labels, centers, sizes, clear=True, reason=None, chance=np.nan, gap=gap, candidates=(candidate,))


def group_as_polis(points: Points, *, largest: int = 5) -> Grouping:
    """Return groups as Polis and red-dwarf make them: the best silhouette of k = 2 … 5, and no further question.

    k-means over participants begins at the first k different points, smallest x first. Polis' own server first
    gathers people in 100 base clusters and keeps k until another has won four times running; red-dwarf, the
    reference here, does neither. Silhouettes are those of single participants up to `EXACT` of them, and of cells
    beyond.
    """
    order = np.lexsort((points[:, 1], points[:, 0]))
    ordered = points[order]
    new = np.ones(order.size, dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    distinct = ordered[new]
    numbers = [k for k in range(2, largest + 1) if k <= distinct.shape[0] and k < points.shape[0]]
    if not numbers:
        return _one_group(gather_cells(points), Unclear.ALIKE if points.size else Unclear.NOBODY, np.nan, ())
    ones = np.ones(points.shape[0])
    found = [weighted_kmeans(points, ones, distinct[:k], tolerance=1e-4) for k in numbers]
    if points.shape[0] <= EXACT:
        silhouettes = mean_silhouettes(points, ones, [labels for labels, _centers, _inertia in found])
    else:
        cells = gather_cells(points)
        partitions = [nearest_center(cells.points, centers) for _labels, centers, _inertia in found]
        silhouettes = mean_silhouettes(cells.points, cells.weights, partitions)
    candidates = []
    for k, silhouette, (labels, _centers, _inertia) in zip(numbers, silhouettes, found, strict=True):
        smallest = float(np.bincount(labels, minlength=k).min() / points.shape[0])
        candidates.append(Candidate(k, silhouette, np.nan, smallest))
    best = int(np.argmax(silhouettes))
    labels, centers, _inertia = found[best]
    sizes = np.bincount(labels, minlength=numbers[best])
    gap = measure_gap(gather_cells(points), centers)
    return Grouping(numbers[best], labels, centers, sizes, True, None, np.nan, gap, tuple(candidates))
