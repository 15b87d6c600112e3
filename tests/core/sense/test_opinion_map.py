"""The opinion map: that it is what the formulas say, what must not change it, and what little it can be made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from harken.core.sense import Caution, OpinionMap, Unclear, Votes, opinion_map, read_conversation
from harken.core.sense.grouping import adjusted_rand
from tests.core.sense.conversations import cells, make_camps, real_conversations, votes_of


def dense(votes: Votes) -> NDArray[np.float64]:
    matrix = np.full((votes.participants.size, votes.statements.size), np.nan)
    rows = np.repeat(np.arange(votes.participants.size), votes.votes_of_participants)
    matrix[rows, votes.statement] = votes.value
    return matrix


def same_up_to_sign(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return all(
        np.allclose(first[:, axis], sign * second[:, axis], atol=1e-6)
        for axis in range(2)
        for sign in [np.sign((first[:, axis] * second[:, axis]).sum()) or 1.0]
    )


def partition(found: OpinionMap) -> NDArray[np.int32]:
    return found.groups + np.int32(1)


@pytest.mark.parametrize("statements", [12, 90])
def test_positions_are_those_of_the_imputed_matrix_written_out(statements: int) -> None:
    votes = make_camps(80, statements, camps=3, seen=0.4, loyal=0.7)
    matrix = dense(votes)
    means = np.nanmean(matrix, axis=0)
    centred = np.where(np.isnan(matrix), means, matrix) - means
    _left, strengths, axes = np.linalg.svd(centred, full_matrices=False)
    seen = (~np.isnan(matrix)).sum(axis=1)
    expected = centred @ axes[:2].T * np.sqrt(statements / seen)[:, None]
    found = opinion_map(votes, seed=1)
    assert same_up_to_sign(found.positions, expected)
    assert np.allclose(found.components.eigenvalues[:2], strengths[:2] ** 2)
    assert np.isclose(found.components.eigenvalues[2], strengths[2] ** 2, rtol=0.02)
    assert np.isclose(found.components.total, (strengths**2).sum())


def test_camps_are_found_and_what_all_agree_on_comes_first() -> None:
    votes = make_camps(300, 40, camps=3, seen=0.5)
    found = opinion_map(votes, seed=2)
    assert (found.grouping.k, found.grouping.clear) == (3, True)
    assert adjusted_rand(found.groups, (np.arange(300) % 3).astype(np.int32)) > 0.95
    best = int(np.nanargmax(found.statistics.consensus_low))
    shares = found.statistics.group_counts[:, best, 2] / found.statistics.group_counts[:, best].sum(axis=1)
    assert shares.min() > 0.85
    assert found.statistics.consensus_low[0] > 0.7
    assert all(found.statistics.typical)
    assert 0 not in {row.statement for group in found.statistics.typical for row in group}


def test_one_cloud_of_people_is_not_cut_into_groups() -> None:
    generator = np.random.default_rng(5)
    people, statements = 400, 60
    lean = generator.standard_normal((people, 2)) @ generator.standard_normal((2, statements)) * 0.4
    values = np.where(generator.random((people, statements)) < 1 / (1 + np.exp(-lean)), 1, -1)
    who, what = np.nonzero(generator.random((people, statements)) < 0.7)
    found = opinion_map(Votes.from_columns(who, what, values[who, what]), seed=1)
    assert not found.grouping.clear
    assert found.grouping.k == 1
    assert found.grouping.reason in {Unclear.CLOUD, Unclear.UNSTABLE}
    assert set(found.groups.tolist()) == {0}
    forced = opinion_map(Votes.from_columns(who, what, values[who, what]), seed=1, k=3)
    assert (forced.grouping.k, forced.grouping.clear) == (3, False)


@real_conversations
def test_no_seed_decides_whether_there_are_groups(folder: Path) -> None:
    votes = read_conversation(folder).votes
    found = [opinion_map(votes, seed=seed).grouping for seed in range(4)]
    assert len({(each.k, each.clear) for each in found}) == 1


def test_the_same_votes_and_seed_give_the_same_map() -> None:
    votes = make_camps(200, 80, camps=3)
    first, second = (opinion_map(votes, seed=9) for _ in range(2))
    assert np.array_equal(first.positions, second.positions)
    assert np.array_equal(first.groups, second.groups)
    assert first.grouping.candidates == second.grouping.candidates


@pytest.mark.parametrize("seed", range(3))
def test_renaming_and_reordering_participants_and_statements_changes_nothing(seed: int) -> None:
    votes = make_camps(150, 30, camps=3, seed=seed)
    generator = np.random.default_rng(seed)
    people, statements = generator.permutation(150), generator.permutation(30)
    who, what, values, _times = votes.to_columns()
    order = generator.permutation(values.size)
    renamed = Votes.from_columns(people[who[order]], statements[what[order]], values[order])
    first, second = opinion_map(votes, seed=1), opinion_map(renamed, seed=1)
    assert same_up_to_sign(first.positions, second.positions[people])
    assert adjusted_rand(partition(first), partition(second)[people]) == 1.0
    assert np.allclose(first.statistics.consensus, second.statistics.consensus[statements])


@given(cells, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing_whatever_the_votes(
    found: dict[tuple[int, int], int], random: object
) -> None:
    items = list(found.items())
    random.shuffle(items)  # type: ignore[attr-defined]  # Hypothesis types its generator as object here
    first, second = opinion_map(votes_of(found), seed=1), opinion_map(votes_of(dict(items)), seed=1)
    assert np.array_equal(first.positions, second.positions)
    assert np.array_equal(first.groups, second.groups)


def doubled(votes: Votes) -> Votes:
    who, what, values, _times = votes.to_columns()
    return Votes.from_columns(np.concatenate([who, who + 1000]), np.tile(what, 2), np.tile(values, 2))


@given(cells)
@settings(max_examples=25)
def test_two_of_everybody_are_in_the_groups_of_one_of_everybody(found: dict[tuple[int, int], int]) -> None:
    # Fewer than ten people are not divided, so each stands here ten times to begin with.
    votes = votes_of({(who + 20 * times, what): vote for (who, what), vote in found.items() for times in range(10)})
    once, twice = opinion_map(votes, seed=1), opinion_map(doubled(votes), seed=1)
    people = once.participants.size
    assert once.grouping.k == twice.grouping.k
    assert once.grouping.clear == twice.grouping.clear
    assert adjusted_rand(partition(once), partition(twice)[:people]) == 1.0
    assert np.array_equal(twice.groups[:people], twice.groups[people:])


@pytest.mark.parametrize("camps", [2, 3, 4])
def test_two_of_everybody_in_clear_camps_change_no_group(camps: int) -> None:
    votes = make_camps(240, 40, camps=camps)
    once, twice = opinion_map(votes, seed=1), opinion_map(doubled(votes), seed=1)
    assert once.grouping.k == twice.grouping.k
    assert adjusted_rand(partition(once), partition(twice)[:240]) == 1.0


@given(cells, st.lists(st.sampled_from([-1, 0, 1]), min_size=12, max_size=12))
@settings(max_examples=25)
def test_a_moderated_statement_has_no_influence(found: dict[tuple[int, int], int], votes: list[int]) -> None:
    """Whoever votes on it, and however: the map of the others is the same to the last bit."""
    without = opinion_map(votes_of(found), seed=1)
    people = sorted({who for who, _what in found})
    added = {**found, **{(who, 99): vote for who, vote in zip(people, votes, strict=False)}}
    moderated = opinion_map(votes_of(added, moderated=(99,)), seed=1)
    assert np.array_equal(without.positions, moderated.positions)
    assert np.array_equal(without.groups, moderated.groups)
    assert np.array_equal(without.statistics.consensus, moderated.statistics.consensus[:-1], equal_nan=True)
    assert np.isnan(moderated.statistics.priority[-1])


def test_in_compat_a_moderated_statement_counts_as_cast_by_everybody() -> None:
    votes = make_camps(60, 20)
    plain = opinion_map(votes, compat="polis")
    with_one = opinion_map(votes.moderate([3]), compat="polis")
    without = opinion_map(votes.moderate([3]))
    assert with_one.seen.tolist() == (without.seen + 1).tolist()
    assert not np.allclose(plain.positions, with_one.positions)


def test_nobody_is_hidden_by_too_few_votes_they_are_only_in_no_group() -> None:
    votes = make_camps(100, 30).with_votes([500, 500], [0, 1], [1, 1])
    found = opinion_map(votes, seed=1)
    assert found.groups[-1] == -1
    assert np.isfinite(found.positions[-1]).all()


def test_statements_about_the_process_are_always_worth_asking_and_place_nobody() -> None:
    votes = make_camps(60, 20)
    found = opinion_map(replace(votes, about_process=votes.mask([4])), seed=1)
    assert found.statistics.priority[4] == 49
    assert found.components.loadings[4].tolist() == [0, 0]


@pytest.mark.parametrize("compat", ["", "polis"])
@pytest.mark.parametrize(
    "votes",
    [
        Votes.from_columns([], [], []),
        Votes.from_columns([], [], [], statements=[1, 2]),
        Votes.from_columns([1], [1], [1]),
        Votes.from_columns([1] * 9, range(9), [1, -1, 0] * 3),
        Votes.from_columns(np.repeat(range(20), 8), np.tile(range(8), 20), np.zeros(160)),
        Votes.from_columns(np.repeat(range(20), 8), np.tile(range(8), 20), np.tile([1, -1, 1, 0], 40)),
        Votes.from_columns([1, 2], [1, 2], [1, -1], moderated=[1, 2]),
    ],
    ids=["none", "none-of-two", "one-vote", "one-participant", "all-pass", "identical", "all-moderated"],
)
def test_too_little_to_map_is_a_defined_result(votes: Votes, compat: str) -> None:
    found = opinion_map(votes, seed=1, compat="polis" if compat else "")
    assert found.grouping.k <= 1
    assert not found.grouping.clear
    assert found.grouping.reason in {Unclear.NOBODY, Unclear.ALIKE}
    assert np.array_equal(found.positions, np.zeros((votes.participants.size, 2)))
    assert {Caution.NO_VOTES, Caution.NOTHING_DIFFERS} & set(found.cautions)
    assert found.statistics.typical in {(), ((),)}


def test_two_camps_of_one_mind_each_are_two_groups_along_one_axis() -> None:
    values = np.concatenate([np.tile([1, -1], 40), np.tile([-1, 1], 40)])
    votes = Votes.from_columns(np.repeat(range(20), 8), np.tile(range(8), 20), values)
    found = opinion_map(votes, seed=1)
    assert found.cautions == (Caution.ONE_AXIS,)
    assert (found.grouping.k, found.grouping.clear) == (2, True)
    assert found.grouping.sizes.tolist() == [10, 10]


def test_eigenvalues_that_lie_close_are_told() -> None:
    generator = np.random.default_rng(1)
    who, what = np.nonzero(generator.random((200, 30)) < 0.9)
    found = opinion_map(Votes.from_columns(who, what, generator.choice([-1, 1], who.size)), seed=1)
    assert Caution.SECOND_AXIS in found.cautions


@pytest.mark.parametrize("wrong", [{"compat": "pol.is"}, {"k": 1}, {"largest_k": 1}])
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"polis|two groups"):
        opinion_map(make_camps(20, 10), **wrong)  # type: ignore[arg-type]  # that is what is tested


def test_a_map_follows_new_votes_without_turning_over() -> None:
    votes = make_camps(300, 80, camps=3)
    first = opinion_map(votes, seed=1)
    generator = np.random.default_rng(8)
    later = votes.with_votes(
        generator.integers(0, 310, 60), generator.integers(0, 80, 60), generator.integers(-1, 2, 60)
    )
    followed, anew = opinion_map(later, seed=1, earlier=first), opinion_map(later, seed=1)
    assert Caution.FOLLOWED in followed.cautions
    assert followed.grouping.k == first.grouping.k
    assert (followed.groups[:300] == first.groups).mean() > 0.97
    assert adjusted_rand(partition(followed), partition(anew)) > 0.97
    assert np.abs(np.abs(followed.positions) - np.abs(anew.positions)).max() < 0.05
    assert np.median(np.abs(followed.positions[:300] - first.positions)) < 0.1


def test_a_map_follows_when_statements_are_added_and_taken_out() -> None:
    votes = make_camps(200, 80, camps=2)
    first = opinion_map(votes.moderate(range(70, 80)), seed=1)
    followed = opinion_map(votes.moderate([0]), seed=1, earlier=first)
    assert followed.grouping.k == 2
    assert adjusted_rand(partition(first), partition(followed)) > 0.9
