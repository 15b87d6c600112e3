"""Distances between weighted points of the plane, a few rows at a time, and silhouettes made of them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_silhouettes"]

_ROWS: Final = 512


def _distances(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = (first[:, 0, None] - second[None, :, 0]) ** 2
    squares += (first[:, 1, None] - second[None, :, 1]) ** 2
    return np.sqrt(squares, out=squares)


def mean_silhouettes(
    points: NDArray[np.float64], weights: NDArray[np.float64], partitions: Sequence[NDArray[np.int32]]
) -> list[float]:
    """Return the weighted mean silhouette of each partition; distances are reckoned once for all of them.

    For a point in group C, a is the weighted mean distance to the *other* points of C and b the smallest weighted mean
    distance to another group; its silhouette is (b − a) / max(a, b). A point alone in its group has 0, unless it
    stands for `ALONE` of all the weight: then a = 0, as for the many people it stands for.

    Args:
        points: (m, 2).
        weights: (m,) positive; all alike give the plain silhouette.
        partitions: labels (m,) from 0, each with two groups or more.

    Returns:
        −1 … 1 for each; 0 where a partition has one group only.
    """
    number = points.shape[0]
    widths = [int(labels.max(initial=0)) + 1 for labels in partitions]
    starts = np.concatenate(([0], np.cumsum(widths)))
    member = np.zeros((number, int(starts[-1])))
    for labels, start in zip(partitions, starts, strict=False):
        member[np.arange(number), start + labels] = weights
    mass = member.sum(axis=0)
    sums = np.zeros(len(partitions))
    for low in range(0, number, _ROWS):
        high = min(number, low + _ROWS)
        reach = _distances(points[low:high], points) @ member
        for place, (labels, start, width) in enumerate(zip(partitions, starts, widths, strict=False)):
            own = _silhouettes(
                reach[:, start : start + width], mass[start : start + width], labels[low:high], weights[low:high]
            )
            sums[place] += float(own @ weights[low:high])
    total = float(weights.sum())
    return [float(value) / total for value in sums]


ALONE: Final = 0.03


def _silhouettes(
    reach: NDArray[np.float64], mass: NDArray[np.float64], labels: NDArray[np.int32], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the silhouettes of some points, given the weighted sums of their distances to every group."""
    if mass.size < 2:
        return np.zeros(labels.size)
    rows = np.arange(labels.size)
    rest = mass[labels] - weights
    alone = rest <= 1e-12 * mass[labels]
    inner = np.where(alone, 0.0, reach[rows, labels] / np.where(alone, 1.0, rest))
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.where(mass > 0, reach / mass, np.inf)
    others[rows, labels] = np.inf
    outer = others.min(axis=1)
    larger = np.maximum(inner, outer)
    known = (larger > 0) & np.isfinite(larger)
    value = np.where(known, (outer - inner) / np.where(known, larger, 1.0), 0.0)
    return np.where(alone & (weights < ALONE * mass.sum()), 0.0, value)
