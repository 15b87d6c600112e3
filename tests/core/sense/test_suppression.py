"""Small figures stay hidden, whatever is reckoned from the totals; the reckoner here is a solver of its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize

from harken.core.sense.suppression import find_exposed, hide_small

Counts = NDArray[np.int64]


def count_people(rows: Sequence[tuple[int, tuple[int, ...]]], sizes: tuple[int, ...]) -> Counts:
    """The table of different people, with every total, from (person, place along each axis)."""
    people: dict[tuple[int, ...], set[int]] = {}
    for person, places in rows:
        for kept in itertools.product([True, False], repeat=len(sizes)):
            key = tuple(place if keep else size for place, size, keep in zip(places, sizes, kept, strict=True))
            people.setdefault(key, set()).add(person)
    counts = np.zeros(tuple(size + 1 for size in sizes), dtype=np.int64)
    for key, found in people.items():
        counts[key] = len(found)
    return counts


def ranges_of_hidden(counts: Counts, hidden: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The least and the most each hidden figure can be in whole numbers, for somebody who sees all others.

    A line is known to add up where it does; elsewhere its total is known to lie between the largest and the sum.
    """
    index = np.arange(counts.size).reshape(counts.shape)
    flat = counts.ravel()
    rows: list[NDArray[np.float64]] = []
    low: list[float] = []
    high: list[float] = []

    def say(terms: dict[int, int], least: float, most: float) -> None:
        row = np.zeros(counts.size)
        for place, sign in terms.items():
            row[place] = sign
        rows.append(row)
        low.append(least)
        high.append(most)

    for axis in range(counts.ndim):
        for line in np.moveaxis(index, axis, -1).reshape(-1, counts.shape[axis]).tolist():
            *parts, total = line
            more = flat[parts].sum() - flat[total]
            say({**dict.fromkeys(parts, 1), total: -1}, 0, 0 if more == 0 else np.inf)
            for part in parts:
                say({total: 1, part: -1}, 0, np.inf)
    told = ~hidden.ravel()
    bounds = optimize.Bounds(np.where(told, flat, 1), np.where(told, flat, 10_000))
    known = optimize.LinearConstraint(np.array(rows), np.array(low), np.array(high))
    found = []
    for place in np.flatnonzero(~told).tolist():
        aim = np.zeros(counts.size)
        aim[place] = 1
        ends = [
            optimize.milp(sign * aim, constraints=known, bounds=bounds, integrality=np.ones(counts.size))
            for sign in (1, -1)
        ]
        found.append((round(ends[0].fun), round(-ends[1].fun)))
    return found


def check(counts: Counts) -> None:
    hidden = hide_small(counts)
    assert hidden[(counts > 0) & (counts < 10)].all()
    assert not hidden[counts == 0].any()
    for least, most in ranges_of_hidden(counts, hidden):
        assert least < most


sizes = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)


@given(data=st.data(), shape=sizes)
@settings(max_examples=30)
def test_no_hidden_figure_can_be_reckoned_from_all_totals_where_everybody_is_in_one_place(
    data: st.DataObject, shape: tuple[int, ...]
) -> None:
    cells = [tuple(places) for places in itertools.product(*(range(size) for size in shape))]
    sometimes = st.one_of(st.just(0), st.integers(1, 2), st.integers(1, 40))
    numbers = data.draw(st.lists(sometimes, min_size=len(cells), max_size=len(cells)))
    rows = [
        (person, cell) for person, cell in enumerate(c for c, n in zip(cells, numbers, strict=True) for _ in range(n))
    ]
    check(count_people(rows, shape))


@given(
    shape=st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 3)),
    seed=st.integers(0, 10_000),
    people=st.integers(1, 60),
    said=st.integers(1, 4),
)
@settings(max_examples=20)
def test_nor_where_people_speak_about_several_things(
    shape: tuple[int, int, int], seed: int, people: int, said: int
) -> None:
    generator = np.random.default_rng(seed)
    context = generator.integers(0, shape[0], people)
    rows = [
        (person, (int(context[person]), int(generator.integers(0, shape[1])), int(generator.integers(0, shape[2]))))
        for person in range(people)
        for _ in range(int(generator.integers(1, said + 1)))
    ]
    check(count_people(rows, shape))


def test_a_figure_alone_in_its_line_takes_the_smallest_other_with_it() -> None:
    counts = np.array([3, 50, 20, 73])
    assert hide_small(counts).tolist() == [True, False, True, False]


def test_many_single_people_are_not_hidden_by_their_sum() -> None:
    # Ten figures that are at least 1 and add up to 10 are all 1: the total is hidden as well.
    counts = np.array([*[1] * 10, 10])
    assert hide_small(counts).all()


def test_two_small_figures_that_add_up_to_two_are_not_left_to_themselves() -> None:
    counts = np.array([1, 1, 0, 60, 40, 102])
    assert hide_small(counts).tolist() == [True, True, False, False, True, False]


def test_what_crossing_lines_pin_is_found_and_hidden() -> None:
    # Every line holds two hidden figures or none, and yet one of them follows from the others.
    inner = np.full((5, 5), 20)
    hidden = np.zeros((6, 6), dtype=bool)
    for row, column in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 2), (4, 3), (2, 3)]:
        hidden[row, column] = True
    hidden[2, 3] = False
    counts = np.zeros((6, 6), dtype=np.int64)
    counts[:5, :5] = inner
    counts[5, :5], counts[:5, 5], counts[5, 5] = inner.sum(axis=0), inner.sum(axis=1), inner.sum()
    exposed = find_exposed(counts, hidden)
    assert np.argwhere(exposed).tolist() == [[2, 1], [2, 2]]


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert not hide_small(count_people([(p, (p % 3, p % 2)) for p in range(120)], (3, 2))).any()


def test_where_everything_is_small_everything_is_hidden_but_what_is_nought() -> None:
    counts = count_people([(1, (0, 0)), (2, (0, 1))], (2, 2))
    assert np.array_equal(hide_small(counts), counts > 0)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (np.array([5, 5, 11]), "between the largest"),
        (np.array([5, 5, 4]), "between the largest"),
        (np.array([-1, 5, 4]), "0 or more"),
        (np.array(3), "one to three axes"),
    ],
)
def test_what_is_no_table_with_totals_is_refused(counts: Counts, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        hide_small(counts)
