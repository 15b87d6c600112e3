"""Hiding small figures in tables with totals, so that nobody can reckon them back from what is told.

A table counts people by one to three things (context, document, theme), with all its totals: by each two, by each one,
and of everybody. Figures of 1 to 9 are hidden. That is not enough: where one figure of a line is hidden, the total less
the others gives it away. So more is hidden (complementary suppression), in two steps that are repeated until nothing
changes:

1. **By line.** A line is a total and the figures it is made of. Where its total is told, the hidden figures in it leave
   room: each could be 1, or 10 and more. Smallest figures are hidden first, the total itself last. Where the total
   is hidden, one of its figures is as well.
2. **By all lines together.** What is told of several crossing lines can still pin a figure. All tables that agree with
   what is told form a polytope; a hidden figure is safe when it is not constant there: its feasibility interval is no
   single point (Willenborg, de Waal 2001, *Elements of statistical disclosure control*,
   doi:10.1007/978-1-4613-0121-9; Fischetti, Salazar 2001, doi:10.1287/mnsc.47.7.1008.9805). A figure that is pinned
   gets one more hidden figure beside it.

The reader is taken to know that a hidden figure is 1 or more, since a zero is told: nobody's words are given away by
saying that nobody spoke. People may be counted in several figures of a line (somebody speaks about two documents), so
that the total is less than the sum. Lines in which it is the sum are taken as known to be so; in the others a total is
known to lie between the largest figure and the sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import linalg

__all__ = ["SMALLEST_FIGURE", "find_exposed", "hide_small"]

SMALLEST_FIGURE: Final = 10
_NOTHING: Final = 1e-6
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Line:
    """Places, in the flat table, of a total that is not 0 and of the figures it is made of that are not 0."""

    total: int
    figures: tuple[int, ...]


def _lines(counts: Counts) -> Iterator[_Line]:
    places = np.arange(counts.size).reshape(counts.shape)
    flat = counts.ravel()
    for axis in range(counts.ndim):
        rows = np.moveaxis(places, axis, -1).reshape(-1, counts.shape[axis])
        for row in rows[flat[rows[:, -1]] > 0]:
            figures = row[:-1]
            yield _Line(int(row[-1]), tuple(figures[flat[figures] > 0].tolist()))


def _hide_in_line(line: _Line, counts: Counts, hidden: Flags, smallest: int) -> bool:
    """Hide what a line needs hidden by itself; return whether anything was."""
    figures = sorted(line.figures, key=lambda place: (counts[place], place))
    told = [place for place in figures if not hidden[place]]
    out = [place for place in figures if hidden[place]]
    if hidden[line.total]:
        if out or not told:
            return False
        hidden[told[0]] = True
        return True
    if not out:
        return False
    room = sum(int(counts[place]) - 1 for place in out)
    number, before = len(out), len(out)
    for place in told:
        if number > 1 and room >= smallest - 1:
            break
        hidden[place] = True
        room += int(counts[place]) - 1
        number += 1
    if number < 2 or room < smallest - 1:
        hidden[line.total] = True
        return True
    return number > before


class _Known:
    """What a reader knows of the hidden figures: a system of equations in what each has above 1, and in slacks."""

    def __init__(self, lines: list[_Line], counts: Counts, hidden: Flags) -> None:
        self.places = np.flatnonzero(hidden)
        self._column = np.full(counts.size, -1)
        self._column[self.places] = np.arange(self.places.size)
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._signs: list[float] = []
        self.slacks: list[int] = []  # of each equation, the place of its slack among the values; -1 where it has none
        self.values = (counts[self.places] - 1).tolist()
        for line in lines:
            if any(hidden[place] for place in (line.total, *line.figures)):
                self._add(line, counts)

    def _state(self, terms: list[tuple[int, float]], slack: int | None) -> None:
        """Add an equation: the sum of sign · figure, less a slack of this value where there is one, is known."""
        for place, sign in terms:
            if self._column[place] >= 0:
                self._rows.append(len(self.slacks))
                self._columns.append(int(self._column[place]))
                self._signs.append(sign)
        if slack is not None:
            self._rows.append(len(self.slacks))
            self._columns.append(len(self.values))
            self._signs.append(-1.0)
            self.values.append(slack)
        self.slacks.append(-1 if slack is None else len(self.values) - 1)

    def _add(self, line: _Line, counts: Counts) -> None:
        more = int(counts[list(line.figures)].sum() - counts[line.total])
        sums = [*((place, 1.0) for place in line.figures), (line.total, -1.0)]
        self._state(sums, None if more == 0 else more)
        if more:
            for place in line.figures:
                if self._column[place] >= 0 or self._column[line.total] >= 0:
                    less = int(counts[line.total] - counts[place])
                    self._state([(line.total, 1.0), (place, -1.0)], less)

    @property
    def matrix(self) -> "sparse.csr_array[np.float64]":
        entries = (np.array(self._signs), (self._rows, self._columns))
        return sparse.csr_array(entries, shape=(len(self.slacks), len(self.values)))


def find_exposed(counts: Counts, hidden: Flags) -> Flags:
    """Return which hidden figures have one possible value only, given all that are told.

    A table agrees with what is told when it differs from the true one by a z with A z = 0 that takes nothing below 1,
    and no slack below 0. One linear programme finds which of the values at that bound can rise at all; those that
    cannot are constant. Of the others, a figure is constant when it is 0 in every z that leaves those alone, which the
    projection of a generic vector onto all such z tells.

    Args:
        counts: the table; along every axis the last entry is the total.
        hidden: of the same shape; figures of 0 are never hidden.
    """
    flat = counts.ravel()
    return _find_exposed(list(_lines(counts)), flat, hidden.ravel()).reshape(counts.shape)


def _find_exposed(lines: list[_Line], counts: Counts, hidden: Flags) -> Flags:
    exposed = np.zeros(counts.size, dtype=bool)
    known = _Known(lines, counts, hidden)
    if not known.places.size:
        return exposed
    matrix, at_bound = known.matrix, np.array(known.values) == 0
    # The last place is that of no slack: an equation without one binds.
    fixed = np.zeros(at_bound.size + 1, dtype=bool)
    fixed[-1] = True
    if matrix.shape[0]:
        fixed[:-1][at_bound] = _cannot_rise(matrix, at_bound)
    # What a slack that can move takes up binds nothing.
    binding = np.flatnonzero(fixed[known.slacks])
    fixed = fixed[: known.places.size]
    free = np.flatnonzero(~fixed)
    # Any generic vector will do; the seed makes it the same one each time.
    generic = np.random.default_rng(0).standard_normal(free.size)
    moves = _project(matrix[binding][:, free], generic) if binding.size and free.size else generic
    fixed[free[np.abs(moves) < _NOTHING]] = True
    exposed[known.places[fixed]] = True
    return exposed


def _cannot_rise(matrix: "sparse.csr_array[np.float64]", at_bound: Flags) -> Flags:
    """Return which of the values at their bound stay there in every table that agrees with what is told."""
    if not at_bound.any():
        return np.zeros(0, dtype=bool)
    # Such a value is split into what counts, up to 1, and what is above. A z can be made as large as one likes, so that
    # in the best one each value that can rise at all counts in full.
    above = int(at_bound.sum())
    bounds = [*((0.0, 1.0) if stuck else (None, None) for stuck in at_bound.tolist()), *[(0.0, None)] * above]
    found: Any = optimize.linprog(
        np.concatenate([-at_bound.astype(float), np.zeros(above)]),
        A_eq=sparse.hstack([matrix, matrix[:, np.flatnonzero(at_bound)]]),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=bounds,
        method="highs",
    )
    return np.asarray(found.x[: at_bound.size][at_bound] < 0.5) if found.success else np.ones(above, dtype=bool)


def _project(matrix: "sparse.csr_array[np.float64]", vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the projection of a vector onto all z with A z = 0."""
    weights = linalg.lsmr(matrix.T, vector, atol=1e-14, btol=1e-14, conlim=0, maxiter=20 * max(matrix.shape))[0]
    return np.asarray(vector - matrix.T @ weights)


def hide_small(counts: Counts, *, smallest: int = SMALLEST_FIGURE) -> Flags:
    """Return which figures of a table must not be told, of the same shape.

    Args:
        counts: people, with one to three axes; along every axis the last entry is the total over the others: the number
            of different people, so at least the largest and at most the sum.
        smallest: figures from 1 to one less are hidden.

    Raises:
        ValueError: there are no totals, a figure is negative, or a total does not lie where it must.
    """
    _check(counts)
    flat = counts.ravel()
    hidden = (flat > 0) & (flat < smallest)
    lines = list(_lines(counts))
    of_place: dict[int, list[_Line]] = {}
    for line in lines:
        for place in (line.total, *line.figures):
            of_place.setdefault(place, []).append(line)
    while True:
        _hide_by_line(lines, flat, hidden, smallest)
        exposed = np.flatnonzero(_find_exposed(lines, flat, hidden))
        told = [place for place in of_place if not hidden[place]]
        if not exposed.size or not told:
            return hidden.reshape(counts.shape)
        for place in exposed.tolist():
            beside = [at for line in of_place[place] for at in (*line.figures, line.total) if not hidden[at]]
            # Where all beside it are hidden already, it is pinned from farther away.
            hidden[min(beside or told, key=lambda at: (flat[at], at))] = True


def _hide_by_line(lines: list[_Line], counts: Counts, hidden: Flags, smallest: int) -> None:
    """Hide what each line needs hidden, until none needs more."""
    changed = True
    while changed:
        changed = False
        for line in lines:
            changed |= _hide_in_line(line, counts, hidden, smallest)


def _check(counts: Counts) -> None:
    if counts.ndim not in {1, 2, 3} or min(counts.shape) < 1:
        raise ValueError("A table has one to three axes, each with a total at its end.")
    if (counts < 0).any():
        raise ValueError("A number of people is 0 or more.")
    for axis in range(counts.ndim):
        rows = np.moveaxis(counts, axis, -1)
        largest = rows[..., :-1].max(axis=-1, initial=0)
        if ((rows[..., -1] < largest) | (rows[..., -1] > rows[..., :-1].sum(axis=-1))).any():
            raise ValueError("A total lies between the largest of its figures and their sum.")
