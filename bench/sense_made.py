"""Votes to measure with: made from a seed, and shaped like those of real conversations.

Participants belong to one of a few camps and stand somewhere around its middle in a plane; statements have a direction
in that plane and a readiness with which everybody agrees. How many statements a participant sees is very uneven, and
early statements are seen by more people than late ones, as in conversations that grow while they run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CHUNK = 50_000


@dataclass(frozen=True)
class MadeVotes:
    """Columns of votes, participant by participant, each cell once; `camps` tells near whom each was made."""

    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    value: NDArray[np.int8]
    camps: NDArray[np.int32]


def make_votes(
    participants: int, statements: int, votes: int, *, camps: int = 3, apart: float = 2.0, seed: int = 20301
) -> MadeVotes:
    """Return about so many votes (repeated draws of one cell fall away, a few per cent).

    `apart` is the distance of a camp's middle from the middle of all, in standard deviations of a camp.
    """
    random = np.random.default_rng(seed)
    angle = 2 * np.pi * (np.arange(camps) / camps) + 0.3
    middles = apart * np.stack([np.cos(angle), 0.7 * np.sin(angle)], axis=1)
    shares = random.dirichlet(np.full(camps, 20.0))
    loadings = random.standard_normal((statements, 2)) * 0.8
    ease = random.normal(0.4, 0.8, statements)
    passing = random.beta(2, 10, statements)
    seen_more = np.linspace(1.6, 0.4, statements)
    popularity = np.cumsum(seen_more / seen_more.sum())
    mean = votes / participants * 1.04
    columns: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]] = []
    whose = random.choice(camps, size=participants, p=shares).astype(np.int32)
    for start in range(0, participants, _CHUNK):
        size = min(_CHUNK, participants - start)
        amounts = np.clip(random.gamma(1.2, mean / 1.2, size), 1, statements * 0.9).astype(np.int64)
        who = np.repeat(np.arange(size), amounts)
        what = np.minimum(np.searchsorted(popularity, random.random(who.size)), statements - 1)
        cells = np.unique(who * statements + what)
        who, what = (cells // statements).astype(np.int32), (cells % statements).astype(np.int32)
        places = middles[whose[start : start + size]] + random.standard_normal((size, 2))
        lean = ease[what] + (places[who] * loadings[what]).sum(axis=1)
        agrees = random.random(who.size) < 1 / (1 + np.exp(-lean))
        value = np.where(random.random(who.size) < passing[what], 0, np.where(agrees, 1, -1)).astype(np.int8)
        columns.append((who + np.int32(start), what, value))
    return MadeVotes(
        np.concatenate([each[0] for each in columns]),
        np.concatenate([each[1] for each in columns]),
        np.concatenate([each[2] for each in columns]),
        whose,
    )
