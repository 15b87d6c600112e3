"""Soft clusters of points on a sphere: how many, how sure, and which points belong to none.

1. Up to 2,000 points are drawn. For each number k of a list, a mixture is fitted from the cut of Ward's tree in k, and
   again on eight bootstrap samples; its stability is the mean adjusted Rand index between what it and these say about
   all the points drawn, "none" being a class like others (after Lange, Roth, Braun, Buhmann 2004,
   doi:10.1162/089976604773717621).
2. The k is taken for which stability times the share of points in a cluster is largest: two clear clusters that leave
   three quarters of the texts alone are a poor picture. Below a stability of 0.5 there are no clusters.
3. The mixture of that k is fitted to all points.
4. Memberships are bagged: the mean, over twenty bootstrap fits whose clusters are matched to these, of the coarsened
   probability of each cluster and of none (after Dudoit, Fridlyand 2003, doi:10.1093/bioinformatics/btg038). Clusters
   that then hold fewer than five points are dropped, and their points belong to none. The stability of a cluster is
   the mean Jaccard index of its best match (Hennig 2007, doi:10.1016/j.csda.2006.11.025).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.grouping import adjusted_rand
from harken.core.sense.mixture import Labels, Mixture, Points, fit_mixture, grow_tree

__all__ = ["ClusterCandidate", "NoClusters", "SoftClusters", "find_soft_clusters"]

_NUMBERS: Final = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)
_SAMPLE: Final = 2_000
_FITTED: Final = 5_000  # of a bootstrap sample so many are fitted to
_TRIES: Final = 8
_BAGS: Final = 20
_STEPS: Final = 10  # towards the mixture of a bootstrap sample: its tree begins near
_STABLE: Final = 0.5
_FEWEST: Final = 10
_SMALLEST: Final = 5


class NoClusters(StrEnum):
    """Why there are no clusters."""

    FEW = "few"
    """Fewer than ten different texts."""
    UNSTABLE = "unstable"
    """Whatever the number of clusters, other samples of the same texts give others."""


@dataclass(frozen=True, slots=True)
class ClusterCandidate:
    """A number of clusters that was tried: its stability, and the share of texts that would be in one."""

    k: int
    stability: float
    placed: float


@dataclass(frozen=True, slots=True)
class SoftClusters:
    """Clusters of n points, the largest first.

    Attributes:
        memberships: (n, k + 1) bagged probabilities of each cluster and, last, of none.
        labels: (n,) the likeliest cluster, −1 for none.
        directions: (k, d) rows of length 1.
        stability: mean adjusted Rand index between bootstrap fits and the fit to all points.
        stabilities: (k,) mean Jaccard index of each cluster with its best match.
        candidates: the numbers of clusters that were tried.
        reason: why there are none, or None.
    """

    memberships: NDArray[np.float64]
    labels: Labels
    directions: Points
    stability: float
    stabilities: NDArray[np.float64]
    candidates: tuple[ClusterCandidate, ...] = ()
    reason: NoClusters | None = None


def find_soft_clusters(points: Points, *, seed: int, number: int | None = None) -> SoftClusters:
    """Return the clusters of (n, d) points of length 1.

    Args:
        points: one row for each text.
        seed: of all samples that are drawn.
        number: make so many, stable or not, as far as there are points for them.
    """
    distinct = np.unique(points.round(6), axis=0, return_index=True)[1]
    if distinct.size < _FEWEST:
        return _nothing(points, NoClusters.FEW, ())
    generator = np.random.default_rng(seed)
    drawn = np.sort(generator.permutation(distinct)[:_SAMPLE])
    sample = points[drawn]
    tree = grow_tree(sample)
    candidates: tuple[ClusterCandidate, ...] = ()
    if number is None:
        numbers = [k for k in _NUMBERS if k * _SMALLEST <= sample.shape[0]]
        candidates = _try_numbers(sample, numbers, generator)
        best = max(candidates, key=lambda each: each.stability * each.placed)
        if best.stability < _STABLE:
            return _nothing(points, NoClusters.UNSTABLE, candidates)
        number = best.k
    mixture = fit_mixture(points, tree.cut(min(number, sample.shape[0])))
    found = _bag(points, mixture, number, candidates, generator)
    return found if found.directions.shape[0] else _nothing(points, NoClusters.UNSTABLE, candidates)


def _nothing(points: Points, reason: NoClusters, candidates: tuple[ClusterCandidate, ...]) -> SoftClusters:
    number, dimensions = points.shape
    return SoftClusters(
        memberships=np.ones((number, 1)),
        labels=np.full(number, -1, np.int32),
        directions=np.zeros((0, dimensions)),
        stability=0.0,
        stabilities=np.zeros(0),
        candidates=candidates,
        reason=reason,
    )


def _classes(memberships: NDArray[np.float64]) -> Labels:
    classes: Labels = memberships.argmax(axis=1).astype(np.int32)
    return classes


def _try_numbers(
    sample: Points, numbers: Sequence[int], generator: np.random.Generator
) -> tuple[ClusterCandidate, ...]:
    """Return the stability of each number of clusters."""
    tree = grow_tree(sample)
    reference = [fit_mixture(sample, tree.cut(k), steps=_STEPS).memberships(sample) for k in numbers]
    agreements = np.zeros((len(numbers), _TRIES))
    for attempt in range(_TRIES):
        chosen = sample[np.unique(generator.integers(sample.shape[0], size=sample.shape[0]))]
        other = grow_tree(chosen)
        for place, k in enumerate(numbers):
            found = fit_mixture(chosen, other.cut(k), steps=_STEPS).memberships(sample)
            agreements[place, attempt] = adjusted_rand(_classes(reference[place]), _classes(found))
    return tuple(
        ClusterCandidate(k, float(agreements[place].mean()), float(np.mean(_classes(reference[place]) < k)))
        for place, k in enumerate(numbers)
    )


def _bag(
    points: Points,
    mixture: Mixture,
    number: int,
    candidates: tuple[ClusterCandidate, ...],
    generator: np.random.Generator,
) -> SoftClusters:
    """Return the clusters of `mixture` with memberships averaged over bootstrap fits."""
    k = mixture.directions.shape[0]
    reference = _classes(mixture.memberships(points))
    total = np.zeros((points.shape[0], k + 1))
    agreements, matches = np.zeros(_BAGS), np.zeros((_BAGS, k))
    for bag in range(_BAGS):
        chosen = np.unique(generator.integers(points.shape[0], size=points.shape[0]))
        chosen = np.sort(generator.permutation(chosen)[:_FITTED])
        planted = np.sort(generator.permutation(chosen)[:_SAMPLE])
        start = grow_tree(points[planted]).cut(min(number, planted.size))
        found = fit_mixture(points[chosen], start, steps=_STEPS).memberships(points, coarse=True)
        classes = _classes(found)
        agreements[bag] = adjusted_rand(reference, classes)
        overlap = np.zeros((found.shape[1], k + 1))
        np.add.at(overlap, (classes, reference), 1)
        union = overlap.sum(axis=1, keepdims=True) + overlap.sum(axis=0) - overlap
        likeness = overlap / np.maximum(union, 1)
        matches[bag] = likeness[:-1, :k].max(axis=0)
        # A cluster of the sample is the one of these that it is most like; none stays none.
        best = np.where(overlap[:-1, :k].any(axis=1), likeness[:-1, :k].argmax(axis=1), k)
        total += found @ np.vstack([np.eye(k + 1)[best], np.eye(k + 1)[k:]])
    memberships = total / _BAGS
    sizes = np.bincount(_classes(memberships), minlength=k + 1)[:k]
    order = [place for place in np.argsort(-sizes, kind="stable").tolist() if sizes[place] >= _SMALLEST]
    none = [k, *np.setdiff1d(np.arange(k), order).tolist()]
    memberships = np.column_stack([memberships[:, order], memberships[:, none].sum(axis=1)])
    labels = _classes(memberships)
    labels[labels == len(order)] = -1
    return SoftClusters(
        memberships=memberships,
        labels=labels,
        directions=mixture.directions[order],
        stability=float(agreements.mean()),
        stabilities=matches.mean(axis=0)[order],
        candidates=candidates,
    )
