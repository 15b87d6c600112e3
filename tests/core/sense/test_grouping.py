"""Groups on the map: the same figures as the reference library's, and no groups where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from harken.core.sense import Unclear
from harken.core.sense.distances import mean_silhouettes
from harken.core.sense.grouping import (
    MOST_CELLS,
    adjusted_rand,
    find_groups,
    gather_cells,
    group_as_polis,
    weighted_kmeans,
)


@pytest.mark.parametrize("seed", range(4))
def test_silhouettes_and_rand_indices_are_those_of_scikit_learn(seed: int) -> None:
    generator = np.random.default_rng(seed)
    points = generator.standard_normal((700, 2))
    labels = [generator.integers(0, k, 700).astype(np.int32) for k in (2, 5)]
    found = mean_silhouettes(points, np.ones(700), labels)
    assert np.allclose(found, [silhouette_score(points, each) for each in labels])
    assert np.isclose(adjusted_rand(labels[0], labels[1]), adjusted_rand_score(labels[0], labels[1]))
    assert adjusted_rand(labels[0], labels[0]) == 1.0


def test_a_weight_counts_like_as_many_points() -> None:
    generator = np.random.default_rng(2)
    points, weights = generator.standard_normal((40, 2)), generator.integers(1, 5, 40)
    repeated = np.repeat(points, weights, axis=0)
    _labels, few, inertia = weighted_kmeans(points, weights.astype(float), points[:3])
    _labels, many, whole = weighted_kmeans(repeated, np.ones(repeated.shape[0]), points[:3])
    assert np.allclose(few, many)
    assert np.isclose(inertia, whole)


def test_many_places_become_a_grid_that_keeps_everybody() -> None:
    points = np.random.default_rng(3).standard_normal((30_000, 2))
    cells = gather_cells(points)
    assert not cells.exact
    assert cells.points.shape[0] <= MOST_CELLS
    assert cells.weights.sum() == 30_000
    assert np.allclose(cells.weights @ cells.points, points.sum(axis=0))
    assert gather_cells(points[:500]).exact


@pytest.mark.parametrize("size", [40, 300, 20_000])
def test_three_clouds_are_three_groups_and_one_is_none(size: int) -> None:
    generator = np.random.default_rng(size)
    cloud = generator.standard_normal((size, 2)) * [3.0, 1.0]
    alone = find_groups(cloud, seed=1)
    assert (alone.k, alone.clear) == (1, False)
    camp = np.arange(size) % 3
    apart = generator.standard_normal((size, 2)) + np.array([[0, 0], [9, 0], [0, 9]])[camp]
    found = find_groups(apart, seed=1)
    assert (found.k, found.clear, found.reason) == (3, True, None)
    assert adjusted_rand(found.labels, camp.astype(np.int32)) > 0.99
    assert found.sizes.tolist() == sorted(found.sizes.tolist(), reverse=True)


def test_evenly_spread_people_have_no_gap_between_them_and_camps_have() -> None:
    generator = np.random.default_rng(6)
    spread = find_groups(generator.uniform(-1, 1, (600, 2)) * [3, 1], seed=1, k=2)
    camps = generator.standard_normal((600, 2)) + np.array([[0, 0], [8, 0], [0, 8]])[np.arange(600) % 3]
    assert spread.gap < 0.25
    assert find_groups(camps, seed=1).gap > 0.9
    assert np.isnan(find_groups(generator.standard_normal((400, 2)) * [3, 1], seed=1).gap)


def test_a_handful_far_away_is_no_group() -> None:
    generator = np.random.default_rng(1)
    points = np.concatenate([generator.standard_normal((300, 2)), generator.standard_normal((3, 2)) * 0.1 + 50])
    found = find_groups(points, seed=1)
    assert found.k == 1
    assert found.reason in {Unclear.SMALL, Unclear.UNSTABLE, Unclear.CLOUD}


def test_fewer_than_ten_people_are_not_divided() -> None:
    points = np.array([[0.0, 0.0]] * 4 + [[9.0, 9.0]] * 5)
    assert find_groups(points, seed=1).reason == Unclear.FEW
    assert find_groups(np.concatenate([points, points]), seed=1).sizes.tolist() == [10, 8]


def test_an_empty_group_takes_the_farthest_point() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0]])
    labels, centers, _inertia = weighted_kmeans(points, np.ones(3), np.array([[0.5, 0.0], [0.5, 0.0]]))
    assert labels.tolist() in ([0, 0, 1], [1, 1, 0])
    assert sorted(centers[:, 0].tolist()) == [0.5, 10.0]


def test_the_published_way_ends_defined_on_too_few_points() -> None:
    assert group_as_polis(np.zeros((0, 2))).k == 0
    assert group_as_polis(np.zeros((5, 2))).k == 1
    assert group_as_polis(np.array([[0.0, 0.0], [1.0, 1.0]])).k == 1
    assert group_as_polis(np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 1.1]])).k == 2


@pytest.mark.large
def test_beyond_some_thousand_people_the_published_way_asks_cells_for_silhouettes() -> None:
    generator = np.random.default_rng(4)
    points = generator.standard_normal((6_000, 2)) + np.array([[0, 0], [7, 0], [0, 7]])[np.arange(6_000) % 3]
    found = group_as_polis(points)
    assert found.k == 3
    exact = silhouette_score(points, found.labels)
    assert abs(next(each.silhouette for each in found.candidates if each.k == 3) - exact) < 0.01
