"""Soft clusters of directions: a mixture of von Mises–Fisher distributions, and a uniform one for what is alone.

Vectors of texts have length 1: what tells them apart is their direction. A cluster is a von Mises–Fisher distribution

    f(x) = c_d(κ) exp(κ μᵀx),   c_d(κ) = κ^(d/2−1) / ((2π)^(d/2) I_{d/2−1}(κ)),

with a direction μ of its own and one κ for all; what belongs to no cluster comes from the uniform distribution on the
sphere. Weights, directions and κ are found by expectation maximisation (Banerjee, Dhillon, Ghosh, Sra 2005, JMLR 6), κ
by their approximation κ = (r̄ d − r̄³) / (1 − r̄²). It begins at the clusters of Ward's method (Ward 1963,
doi:10.1080/01621459.1963.10500845), which needs no chance.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.special import gammaln, ive

__all__ = ["Mixture", "Tree", "fit_mixture", "grow_tree"]

Points = NDArray[np.float64]
Labels = NDArray[np.int32]

_STEPS: Final = 60
_TOLERANCE: Final = 1e-4
_COARSE: Final = 12.0
_LARGEST_MEAN: Final = 0.995  # mean resultant length: beyond it all texts of a cluster are one text


@dataclass(frozen=True, slots=True)
class Mixture:
    """What was fitted.

    Attributes:
        directions: (k, d) rows of length 1.
        weights: (k + 1,) shares of the clusters and, last, of what belongs to none.
        concentration: κ.
    """

    directions: Points
    weights: NDArray[np.float64]
    concentration: float

    def memberships(self, points: Points, *, coarse: bool = False) -> NDArray[np.float64]:
        """Return (n, k + 1) the probability of each cluster and, last, of none, for (n, d) points.

        Args:
            points: rows of length 1.
            coarse: as if κ were 12 at most: probabilities to the power 12 / κ, made to add up to 1. Texts are not drawn
                from these distributions, and taking them at their word is nearly always sure, even of a text half-way
                between two clusters (Miller, Dunson 2019, doi:10.1080/01621459.2018.1469995).
        """
        inside = _responsibilities(points, self)[0]
        if coarse and self.concentration > _COARSE:
            inside **= _COARSE / self.concentration
            inside /= inside.sum(axis=1, keepdims=True)
        return inside


@dataclass(frozen=True, slots=True)
class Tree:
    """Ward's tree over points; `cut` gives any number of clusters of it."""

    points: Points
    links: NDArray[np.float64]

    def cut(self, k: int) -> Points:
        """Return (k, d) the mean directions of k clusters, fewer where so many cannot be made."""
        labels = fcluster(self.links, k, "maxclust") - 1
        return _mean_directions(self.points, labels, int(labels.max()) + 1)


def grow_tree(points: Points) -> Tree:
    """Return the tree over (n, d) points, n ≥ 2; time and memory grow with n²."""
    return Tree(points, linkage(points, "ward"))


def _mean_directions(points: Points, labels: NDArray[np.integer[Any]], k: int) -> Points:
    sums = np.zeros((k, points.shape[1]))
    np.add.at(sums, labels, points)
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return sums


def _log_density(dimensions: int, concentration: float) -> float:
    """Return ln c_d(κ) + κ, so that exp(… + κ(μᵀx − 1)) is the density without overflow."""
    order = dimensions / 2 - 1
    bessel = float(ive(order, concentration))
    # For few texts in many dimensions κ can be so small that the Bessel function is 0: then it is nearly uniform.
    if bessel <= 0 or concentration <= 0:
        return _log_uniform(dimensions) + concentration
    return float(order * np.log(concentration) - dimensions / 2 * np.log(2 * np.pi) - np.log(bessel))


def _log_uniform(dimensions: int) -> float:
    """Return the logarithm of one over the surface of the unit sphere."""
    return float(gammaln(dimensions / 2) - np.log(2) - dimensions / 2 * np.log(np.pi))


def _responsibilities(points: Points, mixture: Mixture) -> tuple[NDArray[np.float64], float]:
    """Return (n, k + 1) probabilities, and the mean log-likelihood of a point."""
    dimensions = points.shape[1]
    with np.errstate(divide="ignore"):
        log_weights = np.log(mixture.weights)
    logs = np.empty((points.shape[0], mixture.weights.size))
    np.matmul(points, mixture.directions.T, out=logs[:, :-1])
    logs[:, :-1] -= 1.0
    logs[:, :-1] *= mixture.concentration
    logs[:, :-1] += log_weights[:-1] + _log_density(dimensions, mixture.concentration)
    logs[:, -1] = log_weights[-1] + _log_uniform(dimensions)
    most = logs.max(axis=1, keepdims=True)
    logs -= most
    np.exp(logs, out=logs)
    total = logs.sum(axis=1, keepdims=True)
    logs /= total
    return logs, float(np.mean(most + np.log(total)))


def _concentrate(mean: float, dimensions: int) -> float:
    mean = min(mean, _LARGEST_MEAN)
    return max((mean * dimensions - mean**3) / (1 - mean**2), 1.0)


def fit_mixture(points: Points, start: Points, *, steps: int = _STEPS) -> Mixture:
    """Return the mixture found from `start`.

    Args:
        points: (n, d) rows of length 1, n ≥ 1.
        start: (k, d) directions to begin with, k ≥ 1.
        steps: at most so many; fewer, once the mean log-likelihood gains less than 0.0001.
    """
    dimensions, k = points.shape[1], start.shape[0]
    nearest = (points @ start.T).max(axis=1)
    concentration = _concentrate(float(nearest.mean()), dimensions)
    mixture = Mixture(start, np.full(k + 1, 1 / (k + 1)), concentration)
    last = -np.inf
    for _ in range(steps):
        inside, likelihood = _responsibilities(points, mixture)
        if likelihood - last < _TOLERANCE:
            break
        last = likelihood
        sums = inside[:, :-1].T @ points
        lengths = np.linalg.norm(sums, axis=1)
        mass = float(inside[:, :-1].sum())
        directions = np.where(lengths[:, None] > 0, sums / np.maximum(lengths, 1e-12)[:, None], mixture.directions)
        concentration = _concentrate(float(lengths.sum()) / mass, dimensions) if mass > 0 else mixture.concentration
        mixture = Mixture(directions, inside.mean(axis=0), concentration)
    return mixture
