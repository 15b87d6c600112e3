"""MinHash signatures of texts, and the exact similarity they stand for.

For a job that keeps a table, one text at a time:

* `text_signature` gives a text's 24 keys. Store them, with `SIGNATURE_VERSION`, in a table of (key, text) with an index
  on the key. Texts that share a key with a new one are its candidates.
* `is_copy` decides, from the two texts themselves. Keys never do.

A key stands for four slots of a MinHash signature of 96, so that a text with Jaccard similarity s to the new one is
among the candidates with the chance 1 − (1 − s⁴)²⁴: 0.79 at s = 0.5, 0.96 at 0.6, 0.998 at 0.7.

Broder 1997, doi:10.1109/SEQUEN.1997.666900. Leskovec, Rajaraman, Ullman 2020, Mining of massive datasets, chapter 3.
Dahlgaard, Knudsen, Thorup 2017, Fast similarity sketching, arXiv:1704.04370 (what rensa's slots are made by).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from harken.core.sense.duplicates.shingles import Hashes, mix, shingle_texts

__all__ = [
    "BANDS",
    "COPY_THRESHOLD",
    "FEWEST_SHARED",
    "SIGNATURE_VERSION",
    "is_copy",
    "text_signature",
    "text_similarity",
]

BANDS: Final = 24
_ROWS: Final = 4

COPY_THRESHOLD: Final = 0.5
"""From this similarity on, a text is a copy of another."""
FEWEST_SHARED: Final = 8
"""Texts that share fewer shingles than this say too little: they are copies only if they have all in common."""

SIGNATURE_VERSION: Final = f"1.{RMinHash.ALGORITHM_VERSION}"
"""Keys can be compared with keys of the same version and seed only; where it has changed, make them anew."""


def sign_shingles(shingles: Hashes, first: NDArray[np.int64], *, seed: int) -> NDArray[np.int64]:
    """Return (n, BANDS) the keys of n sets of shingles, set i being `shingles[first[i]:first[i + 1]]`."""
    slots = RMinHash.digest_matrix_from_flat_token_hashes(shingles, first.astype(np.uint64), BANDS * _ROWS, seed)
    rows = np.array(slots.to_rows(), dtype=np.uint64).reshape(-1, BANDS, _ROWS)
    keys = np.arange(BANDS, dtype=np.uint64)
    for row in range(0, _ROWS, 2):
        keys = mix(keys ^ (rows[:, :, row] << np.uint64(32) | rows[:, :, row + 1]))
    return keys.reshape(-1, BANDS).view(np.int64)


def text_signature(text: str, *, seed: int = 0) -> tuple[int, ...]:
    """Return the keys under which a text's near-duplicates are found: 24 numbers that fit 64 bits with their sign.

    They depend on the text, the seed (0 … 2⁶⁴ − 1) and `SIGNATURE_VERSION`, on nothing else. A text without any letter,
    digit or symbol has none.
    """
    made = shingle_texts([text])
    if not made.keys[0]:
        return ()
    return tuple(sign_shingles(made.shingles, made.first, seed=seed)[0].tolist())


def _compare(first: str, second: str) -> tuple[int, int]:
    """Return how many shingles two texts share, and how many they have together."""
    a, b = (set(shingle_texts([text]).shingles.tolist()) for text in (first, second))
    return len(a & b), len(a | b)


def text_similarity(first: str, second: str) -> float:
    """Return the Jaccard similarity of two texts' shingles, 0 … 1, exactly; 0 where neither has any."""
    shared, together = _compare(first, second)
    return shared / together if together else 0.0


def is_copy(first: str, second: str, *, threshold: float = COPY_THRESHOLD) -> bool:
    """Return whether one of two texts is a copy of the other, changed a little or not at all."""
    shared, together = _compare(first, second)
    return together > 0 and (shared == together or (shared >= FEWEST_SHARED and shared >= threshold * together))
