"""Votes for the tests of `harken.core.sense`: real conversations, and small ones made from a seed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from harken.core.sense import Votes

_ROOT = Path(__file__).resolve().parents[3]
POLIS = Path(os.environ.get("HARKEN_TEST_DATA", _ROOT.parent / "shared" / "data")) / "polis"
EXPORTS = sorted(path for path in POLIS.iterdir() if path.is_dir()) if POLIS.is_dir() else []
real_conversations = pytest.mark.parametrize(
    "folder",
    EXPORTS or [pytest.param(None, marks=pytest.mark.skip(reason="no real conversations in HARKEN_TEST_DATA"))],
    ids=lambda folder: folder.name if folder else "none",
)


def make_camps(
    people: int = 120, statements: int = 30, *, camps: int = 2, seen: float = 0.6, loyal: float = 0.9, seed: int = 3
) -> Votes:
    """Two or more camps of equal size that answer each by its own line, and keep to it with a chance of `loyal`."""
    generator = np.random.default_rng(seed)
    lines = generator.choice([-1, 1], size=(camps, statements))
    lines[:, 0] = 1  # all camps agree with the first statement
    camp = np.arange(people) % camps
    kept = generator.random((people, statements)) < loyal
    values = np.where(kept, lines[camp], generator.choice([-1, 0, 1], size=(people, statements)))
    who, what = np.nonzero(generator.random((people, statements)) < seen)
    return Votes.from_columns(who, what, values[who, what])


cells = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 7)), st.sampled_from([-1, 0, 1]), min_size=1, max_size=80
)


def votes_of(cells: dict[tuple[int, int], int], *, moderated: tuple[int, ...] = ()) -> Votes:
    """The votes in a dictionary of cells."""
    who, what = zip(*cells, strict=True) if cells else ((), ())
    return Votes.from_columns(list(who), list(what), list(cells.values()), moderated=moderated)
