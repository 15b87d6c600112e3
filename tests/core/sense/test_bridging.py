"""Bridging scores: a minimum of the published loss, and above all what both sides support."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harken.core.sense import Bridging, Votes, find_bridges
from harken.core.sense.bridging import FACTORS, INTERCEPTS
from tests.core.sense.conversations import make_camps


def loss_of(votes: Votes, mean: float, parts: list[NDArray[np.float64]]) -> float:
    people, sides, scores, factors = parts
    rows = np.repeat(np.arange(votes.participants.size), votes.votes_of_participants)
    rest = (
        (votes.value + 1) / 2 - mean - people[rows] - scores[votes.statement] - sides[rows] * factors[votes.statement]
    )
    held = INTERCEPTS * ((people**2).mean() + (scores**2).mean() + mean**2)
    return float((rest**2).mean() + held + FACTORS * ((sides**2).mean() + (factors**2).mean()))


def parts(found: Bridging) -> list[NDArray[np.float64]]:
    return [found.participant_intercepts, found.participant_factors, found.scores, found.factors]


def test_no_small_step_lowers_the_published_loss() -> None:
    votes = make_camps(60, 20, seen=0.7)
    found = find_bridges(votes, tolerance=1e-13, most_steps=5_000)
    least = loss_of(votes, found.mean, parts(found))
    assert np.isclose(least, found.loss)
    generator = np.random.default_rng(1)
    for _ in range(50):
        moved = [each + generator.standard_normal(each.size) * 1e-3 for each in parts(found)]
        assert loss_of(votes, found.mean + generator.standard_normal() * 1e-3, moved) >= least


def test_what_both_sides_support_comes_before_what_the_larger_side_wants() -> None:
    generator = np.random.default_rng(2)
    people = 300
    larger = np.arange(people) < 200
    values = np.where(generator.random((people, 12)) < 0.93, np.where(larger, 1, -1)[:, None], 0)
    values[:, 6:] *= -1
    values[:, 0] = np.where(generator.random(people) < 0.75, 1, -1)  # both sides, by 75 %
    who, what = np.nonzero(generator.random((people, 12)) < 0.8)
    votes = Votes.from_columns(who, what, values[who, what])
    found = find_bridges(votes)
    assert found.settled
    assert np.argmax(found.scores) == 0
    agreed = [(votes.value[votes.statement == place] == 1).mean() for place in range(12)]
    assert max(agreed[1:6]) > 0.55
    assert abs(found.factors[0]) < 0.3 * np.abs(found.factors[1:]).min()
    assert np.array_equal(np.sign(found.participant_factors[:200]), np.full(200, np.sign(found.participant_factors[0])))


def test_a_moderated_statement_has_no_influence_and_no_score() -> None:
    votes = make_camps(50, 12)
    who, what, values, _times = votes.to_columns()
    kept = what != 5
    without = find_bridges(Votes.from_columns(who[kept], what[kept], values[kept]))
    found = find_bridges(votes.moderate([5]))
    assert np.isnan(found.scores[5])
    assert np.allclose(np.delete(found.scores, 5), without.scores)


def test_too_little_is_a_defined_result() -> None:
    assert find_bridges(Votes.from_columns([], [], [])).scores.size == 0
    assert np.isnan(find_bridges(Votes.from_columns([], [], [], statements=[1])).scores).all()
    one = find_bridges(Votes.from_columns([1], [1], [1]))
    assert np.isfinite(one.scores).all()
    assert np.isfinite(find_bridges(Votes.from_columns([1, 1], [1, 2], [0, 0])).scores).all()
