"""The store of votes: what stands, what is refused, and that its order does not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.sense import Votes, VotesError
from tests.core.sense.conversations import cells, votes_of

rows = st.lists(
    st.tuples(st.integers(-3, 9), st.integers(0, 6), st.sampled_from([-1, 0, 1]), st.integers(0, 3)), max_size=40
)


def as_cells(votes: Votes) -> dict[tuple[int, int], int]:
    who, what, values, _times = votes.to_columns()
    return {(int(a), int(b)): int(value) for a, b, value in zip(who, what, values, strict=True)}


@given(rows)
def test_the_last_vote_in_time_stands_and_of_two_at_one_time_the_later_row(
    rows: list[tuple[int, int, int, int]],
) -> None:
    expected: dict[tuple[int, int], tuple[int, int]] = {}
    for who, what, value, time in rows:
        if (who, what) not in expected or expected[who, what][0] <= time:
            expected[who, what] = time, value
    votes = Votes.from_columns(*([row[place] for row in rows] for place in range(4)))
    assert as_cells(votes) == {cell: value for cell, (_time, value) in expected.items()}
    assert votes.replaced == len(rows) - len(expected)


@given(rows)
def test_without_times_the_last_row_stands(rows: list[tuple[int, int, int, int]]) -> None:
    votes = Votes.from_columns(*([row[place] for row in rows] for place in range(3)))
    assert as_cells(votes) == {(who, what): value for who, what, value, _time in rows}


@given(cells, cells)
def test_later_votes_can_be_added_one_batch_after_another(
    first: dict[tuple[int, int], int], later: dict[tuple[int, int], int]
) -> None:
    later = {cell: value for cell, value in later.items() if cell[1] in {what for _who, what in first}}
    added = votes_of(first).with_votes(
        [who for who, _what in later], [what for _who, what in later], list(later.values())
    )
    whole = votes_of({**first, **later})
    assert as_cells(added) == as_cells(whole)
    assert np.array_equal(added.first_vote, whole.first_vote)
    assert np.array_equal(added.participants, whole.participants)


def test_a_pass_is_a_vote_and_what_is_absent_was_not_seen() -> None:
    votes = Votes.from_columns([1, 2], [7, 8], [0, 1])
    assert votes.size == 2
    assert as_cells(votes) == {(1, 7): 0, (2, 8): 1}


def test_the_sign_of_agreement_is_declared() -> None:
    assert as_cells(Votes.from_columns([1, 1], [1, 2], [-1, 1], agree=-1)) == {(1, 1): 1, (1, 2): -1}
    with pytest.raises(VotesError, match="agree"):
        Votes.from_columns([1], [1], [1], agree=2)


def test_ids_may_be_wider_than_32_bits_than_64_bits_and_words() -> None:
    wide = Votes.from_columns([2**40, 5], [2**35, 1], [1, -1])
    assert wide.participants.tolist() == [5, 2**40]
    assert wide.statements.tolist() == [1, 2**35]
    huge = Votes.from_columns([2**70, 2**70 + 1], ["1", "2"], [1, -1])
    assert huge.participants.tolist() == [str(2**70), str(2**70 + 1)]
    assert huge.statements.tolist() == [1, 2]
    assert Votes.from_columns(["ada", "bob"], [1, 1], [1, 1]).participants.tolist() == ["ada", "bob"]


def test_ids_that_differ_only_in_zeros_before_them_stay_two() -> None:
    assert Votes.from_columns(["7", "007"], [1, 1], [1, -1]).participants.tolist() == ["007", "7"]


@pytest.mark.parametrize("values", [[2], [float("nan")], [0.5], ["agree"], [None], [True], [float("inf")], [-128]])
def test_what_is_no_vote_is_refused(values: list[object]) -> None:
    with pytest.raises(VotesError, match="-1, 0 and 1"):
        Votes.from_columns([1], [1], np.array(values))


@pytest.mark.parametrize("who", [[None], [float("nan")], [1.5], [""], np.array([np.nan]), np.array([1e300])])
def test_what_is_no_id_is_refused(who: Any) -> None:
    with pytest.raises(VotesError, match=r"[Ii]d"):
        Votes.from_columns(who, [1], [1])


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(VotesError, match="lengths"):
        Votes.from_columns([1, 2], [1], [1])
    with pytest.raises(VotesError, match="lengths"):
        Votes.from_columns([1], [1], [1], [1, 2])


@pytest.mark.parametrize("time", [[float("nan")], ["noon"]])
def test_what_is_no_time_is_refused(time: Any) -> None:
    with pytest.raises(VotesError):
        Votes.from_columns([1], [1], [1], time)


def test_votes_on_unknown_statements_are_refused_by_name() -> None:
    with pytest.raises(VotesError, match=r"unknown statements: 8, 9"):
        Votes.from_columns([1, 1, 1], [7, 8, 9], [1, 1, 1], statements=[7])


def test_statements_nobody_has_seen_are_kept() -> None:
    votes = Votes.from_columns([1], [7], [1], statements=[9, 7, 8], moderated=[9])
    assert votes.statements.tolist() == [7, 8, 9]
    assert votes.moderated.tolist() == [False, False, True]
    assert votes.moderate([7, "unknown"]).moderated.tolist() == [True, False, False]


def test_there_may_be_no_votes_at_all() -> None:
    votes = Votes.from_columns([], [], [])
    assert (votes.size, votes.participants.size, votes.statements.size) == (0, 0, 0)


@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(found: dict[tuple[int, int], int], random: object) -> None:
    items = list(found.items())
    random.shuffle(items)  # type: ignore[attr-defined]  # Hypothesis types its generator as object here
    first, second = votes_of(found), votes_of(dict(items))
    assert all(np.array_equal(a, b) for a, b in zip(first.to_columns()[:3], second.to_columns()[:3], strict=True))
