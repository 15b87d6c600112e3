"""Soft clusters: found where they are, not where there are none, and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from harken.core.sense.language_check import check_languages, normalised_mutual_information
from harken.core.sense.mixture import fit_mixture, grow_tree
from harken.core.sense.soft_clusters import NoClusters, find_soft_clusters


def unit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(points, axis=1, keepdims=True)
    return points / lengths


def make_bundles(k: int, size: int, *, alone: int = 0, spread: float = 0.12, seed: int = 5) -> NDArray[np.float64]:
    """`size` points around each of k directions, then `alone` in any direction."""
    generator = np.random.default_rng(seed)
    middles = np.repeat(unit(generator.standard_normal((k, 20))), size, axis=0)
    near = middles + spread * generator.standard_normal(middles.shape)
    return unit(np.vstack([near, generator.standard_normal((alone, 20))]))


def test_clusters_are_found_and_their_number_too() -> None:
    points = make_bundles(4, 25)
    found = find_soft_clusters(points, seed=1)
    assert found.directions.shape == (4, 20)
    assert adjusted_rand_score(np.repeat(range(4), 25), found.labels) == 1.0
    assert found.stability > 0.95
    assert found.stabilities.min() > 0.95
    assert found.reason is None


def test_what_is_near_nothing_belongs_to_none() -> None:
    found = find_soft_clusters(make_bundles(3, 30, alone=20), seed=1, number=3)
    assert np.all(found.labels[:90] >= 0)
    assert np.mean(found.labels[90:] == -1) >= 0.9


def test_memberships_are_shares_and_unsure_in_between() -> None:
    points = make_bundles(2, 40)
    between = unit(points[:40].mean(axis=0, keepdims=True) + points[40:].mean(axis=0, keepdims=True))
    found = find_soft_clusters(np.vstack([points, between]), seed=1, number=2)
    assert np.allclose(found.memberships.sum(axis=1), 1)
    assert found.memberships[:80, :2].max(axis=1).min() > 0.9
    assert found.memberships[-1].max() < 0.8


def test_chance_makes_no_clusters() -> None:
    noise = unit(np.random.default_rng(2).standard_normal((150, 20)))
    found = find_soft_clusters(noise, seed=1)
    assert found.reason is NoClusters.UNSTABLE
    assert found.labels.max() == -1
    assert max(candidate.stability for candidate in found.candidates) < 0.5


@pytest.mark.parametrize("number", [0, 1, 9])
def test_few_points_make_no_clusters(number: int) -> None:
    found = find_soft_clusters(make_bundles(1, number), seed=1)
    assert found.reason is NoClusters.FEW
    assert found.memberships.shape == (number, 1)


def test_a_thousand_copies_of_one_text_are_few() -> None:
    assert find_soft_clusters(np.repeat(make_bundles(1, 1), 1000, axis=0), seed=1).reason is NoClusters.FEW


def test_the_same_seed_gives_the_same_clusters() -> None:
    points = make_bundles(3, 20, alone=10)
    first, second = (find_soft_clusters(points, seed=7, number=3) for _ in range(2))
    assert np.array_equal(first.memberships, second.memberships)


def test_the_order_of_texts_changes_no_cluster() -> None:
    points = make_bundles(3, 30)
    order = np.random.default_rng(3).permutation(90)
    first, second = find_soft_clusters(points, seed=1, number=3), find_soft_clusters(points[order], seed=1, number=3)
    assert adjusted_rand_score(first.labels[order], second.labels) == 1.0


def test_a_mixture_finds_directions_weights_and_how_close() -> None:
    points = make_bundles(2, 200, alone=100)
    mixture = fit_mixture(points, grow_tree(points).cut(2))
    middles = unit(np.stack([points[:200].mean(axis=0), points[200:400].mean(axis=0)]))
    assert np.allclose((mixture.directions @ middles.T).max(axis=1), 1, atol=1e-3)
    assert mixture.weights == pytest.approx([0.4, 0.4, 0.2], abs=0.03)
    assert mixture.memberships(points).sum(axis=1) == pytest.approx(np.ones(500))


def test_copies_do_not_make_a_mixture_infinitely_sure() -> None:
    points = np.repeat(make_bundles(2, 1), 50, axis=0)
    mixture = fit_mixture(points, grow_tree(points).cut(2))
    assert np.isfinite(mixture.concentration)
    assert np.isfinite(mixture.memberships(points)).all()


def test_information_is_what_scikit_learn_reckons() -> None:
    generator = np.random.default_rng(1)
    rows, columns = generator.integers(0, 4, 200), generator.integers(0, 3, 200)
    columns[:100] = rows[:100] % 3
    table = np.zeros((4, 3))
    np.add.at(table, (rows, columns), 1)
    theirs = normalized_mutual_info_score(rows, columns, average_method="geometric")
    assert normalised_mutual_information(table) == pytest.approx(theirs)
    assert normalised_mutual_information(np.zeros((2, 2))) == 0.0
    assert normalised_mutual_information(np.diag([3, 5, 7])) == pytest.approx(1)


def test_clusters_that_are_languages_are_called_so() -> None:
    labels = np.repeat(np.arange(3, dtype=np.int32), 30)
    told = check_languages(labels, [("en", "fr", "ar")[label] for label in labels], seed=1)
    assert told is not None
    assert told.merely_languages
    assert told.p_value == pytest.approx(1 / 200)


def test_clusters_across_languages_are_not() -> None:
    labels = np.repeat(np.arange(3, dtype=np.int32), 30)
    told = check_languages(labels, ["en", "fr", "ar"] * 30, seed=1)
    assert told is not None
    assert not told.merely_languages
    assert told.p_value > 0.05
    assert told.expected > 0


@pytest.mark.parametrize(
    ("labels", "languages"),
    [([], []), ([-1, -1], ["en", "fr"]), ([0, 1], ["", ""]), ([0, 1], ["en", "en"]), ([0, 0], ["en", "fr"])],
)
def test_without_two_clusters_and_two_languages_there_is_nothing_to_check(
    labels: list[int], languages: list[str]
) -> None:
    assert check_languages(np.array(labels, np.int32), languages, seed=1) is None
