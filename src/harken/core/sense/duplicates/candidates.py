"""Which texts may be copies of each other, and how similar they really are."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.duplicates.signatures import FEWEST_SHARED

__all__ = ["ShingleSets", "find_candidates"]

_PAIRS_AT_A_TIME: Final = 200_000
_BANDS_AT_A_TIME: Final = 4

Places = NDArray[np.int64]


def find_candidates(bands: NDArray[np.int64], rank: Places, threads: int = 1) -> tuple[Places, Places]:
    """Return pairs of texts (places, the smaller first) that share a key, at most two for each text and band.

    Within a bucket, each text is paired with the one of best rank, and with its neighbour in the order of the next
    band's keys, which brings like to like where a bucket holds texts of many kinds. So there are never more pairs than
    two for each text and band, even if all texts share all keys.

    Args:
        bands: (n, b) keys of n texts.
        rank: (n,) 0 … n − 1, each once.
        threads: how many bands are sorted at a time.
    """
    n, width = bands.shape
    by_rank = np.argsort(rank)
    found = np.zeros(0, dtype=np.int64)
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, width, _BANDS_AT_A_TIME):
            those = range(start, min(start + _BANDS_AT_A_TIME, width))
            fresh = pool.map(lambda band: _pair_in_band(bands, band, rank, by_rank), those)
            found = np.unique(np.concatenate([found, *fresh]))
    return found // n, found % n


def _pair_in_band(bands: NDArray[np.int64], band: int, rank: Places, by_rank: Places) -> Places:
    """Return the pairs of one band, each as a number: its smaller place times n, and its larger."""
    n, width = bands.shape
    held = _held_by_several(bands[:, band])
    order = held[np.lexsort((rank[held], bands[held, (band + 1) % width], bands[held, band]))]
    key = bands[order, band]
    alike = key[1:] == key[:-1]
    starts = np.flatnonzero(np.diff(key, prepend=key[:1] - 1))
    head = by_rank[np.minimum.reduceat(rank[order], starts)] if order.size else order
    heads = np.repeat(head, np.diff(np.append(starts, order.size)))
    left, right = np.concatenate([heads, order[:-1][alike]]), np.concatenate([order, order[1:][alike]])
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs: Places = (low * n + high)[low != high]
    return pairs


def _held_by_several(keys: NDArray[np.int64]) -> Places:
    """Return the places of keys that occur more than once, equal ones side by side."""
    order = np.argsort(keys)
    same = np.diff(keys[order]) == 0
    several = np.zeros(keys.size, dtype=bool)
    several[1:] |= same
    several[:-1] |= same
    return order[several]


class ShingleSets:
    """Sets of shingles, a sparse row for each text, which makes a hundred thousand intersections one call."""

    def __init__(self, shingles: NDArray[np.int64], first: Places) -> None:
        """Take the sets `shingles[first[i]:first[i + 1]]`, each sorted and without repetition, of numbers ≥ 0."""
        # Many texts at once need it; those that come one by one are compared without.
        from scipy import sparse  # noqa: PLC0415 - see above

        ones = np.ones(shingles.size, dtype=np.int8)
        rows = first.size - 1
        self._rows = sparse.csr_array((ones, shingles, first), shape=(rows, np.iinfo(np.int64).max))
        self._rows.has_canonical_format = True
        self._sizes = np.diff(first)

    def similarities(self, left: Places, right: Places) -> NDArray[np.float64]:
        """Return (p,) the exact Jaccard similarity of pairs."""
        shared, together = self._count(left, right)
        return shared / together

    def telling_similarities(self, left: Places, right: Places) -> NDArray[np.float64]:
        """Return (p,) the same, but 0 for pairs that share too few shingles to say anything."""
        shared, together = self._count(left, right)
        return np.where((shared >= FEWEST_SHARED) | (shared == together), shared / together, 0.0)

    def _count(self, left: Places, right: Places) -> tuple[Places, Places]:
        """Return (p,) how many shingles pairs share, and how many they have together."""
        shared = np.zeros(left.size, dtype=np.int64)
        for start in range(0, left.size, _PAIRS_AT_A_TIME):
            those = slice(start, start + _PAIRS_AT_A_TIME)
            shared[those] = np.diff(self._rows[left[those]].multiply(self._rows[right[those]]).indptr)
        return shared, self._sizes[left] + self._sizes[right] - shared
