"""Statistics of statements, by figures worked out by hand or by another library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from harken.core.sense.statistics import (
    FALSE_FINDS,
    StatementStatistics,
    describe_statements,
    priorities,
    significant,
    two_proportions,
)


def described(group_counts: list[list[list[int]]]) -> StatementStatistics:
    counts = np.array(group_counts, dtype=np.int64)
    statements = counts.shape[1]
    yes, no = np.ones(statements, dtype=bool), np.zeros(statements, dtype=bool)
    return describe_statements(counts.sum(axis=0), counts, np.zeros(statements), yes, yes, no)


def test_consensus_is_the_geometric_mean_over_groups() -> None:
    found = described([[[0, 0, 10]], [[4, 2, 4]]])
    first = 10.5 / 11 * (1 - 0.5 / 11)
    second = 4.5 / 11 * (1 - 4.5 / 11)
    assert np.isclose(found.consensus[0], np.sqrt(first * second))
    assert found.consensus_low[0] < found.consensus[0]


def test_more_groups_of_one_mind_do_not_shrink_consensus() -> None:
    two, six = described([[[1, 0, 9]]] * 2), described([[[1, 0, 9]]] * 6)
    assert np.isclose(two.consensus[0], six.consensus[0])


def test_two_friendly_votes_are_no_consensus() -> None:
    found = described([[[0, 0, 1], [8, 4, 88]], [[0, 0, 1], [8, 4, 88]]])
    assert found.consensus_low[0] < found.consensus_low[1]


def test_a_pass_is_no_disagreement() -> None:
    found = described([[[0, 50, 50], [50, 0, 50]], [[0, 50, 50], [50, 0, 50]]])
    assert found.consensus[0] > found.consensus[1]
    assert found.against[0] < found.against[1]


def test_what_divides_and_what_is_typical() -> None:
    found = described([[[5, 0, 95], [45, 10, 45]], [[95, 0, 5], [45, 10, 45]]])
    assert found.divides[0] > 0.85
    assert found.divides_low[1] == 0
    first, second = found.typical
    assert [(row.statement, row.side) for row in first] == [(0, 1)]
    assert [(row.statement, row.side) for row in second] == [(0, -1)]


def test_majorities_need_more_than_half_and_more_than_chance() -> None:
    found = described([[[10, 0, 90], [90, 0, 10], [49, 0, 51], [0, 0, 1]]])
    assert found.majority_agree == (0,)
    assert found.majority_disagree == (1,)


@given(st.lists(st.floats(-4, 6), min_size=1, max_size=30))
def test_finds_are_controlled_as_benjamini_and_hochberg_say(z: list[float]) -> None:
    values = np.array(z)
    expected = stats.false_discovery_control(stats.norm.sf(values)) <= FALSE_FINDS
    assert np.array_equal(significant(values, np.ones(values.size, dtype=bool)), expected)


def test_hardly_anything_is_found_among_votes_that_mean_nothing() -> None:
    """At 90 % for each test by itself, a tenth of a thousand would be."""
    generator = np.random.default_rng(7)
    agree = generator.binomial(60, 0.6, size=(2, 500))
    counts = np.stack([60 - agree, np.zeros_like(agree), agree], axis=2)
    assert sum(len(group) for group in described(counts.tolist()).typical) <= 5


def test_the_two_proportion_z_worked_out() -> None:
    z = two_proportions(*(np.array([number]) for number in (8, 10, 3, 12)))
    pooled = (9 + 4) / (11 + 13)
    assert np.isclose(z[0], (9 / 11 - 4 / 13) / np.sqrt(pooled * (1 - pooled) * (1 / 11 + 1 / 13)))
    assert two_proportions(*(np.array([number]) for number in (5, 5, 7, 7)))[0] == 0


@pytest.mark.parametrize(("seen", "expected"), [(0, (0.5 * 0.5 * 9) ** 2), (10, (11 / 12 * 11 / 12 * 3) ** 2)])
def test_new_statements_are_asked_first(seen: int, expected: float) -> None:
    counts = np.array([[0, 0, seen]])
    assert np.isclose(priorities(counts, np.zeros(1), np.zeros(1, dtype=bool))[0], expected)
