"""Whether clusters are about something, or are only the languages over again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.mixture import Labels

__all__ = ["LanguageCheck", "check_languages", "normalised_mutual_information"]

_DRAWS: Final = 199
_MERELY: Final = 0.5


@dataclass(frozen=True, slots=True)
class LanguageCheck:
    """How much knowing the language of a text tells of its cluster.

    Attributes:
        information: normalised mutual information of clusters and languages, 0 (nothing) to 1 (the same).
        expected: its mean where languages are dealt out by chance: above 0, the more so the fewer texts there are.
        p_value: the chance of so much with languages dealt out by chance, of 199 permutations: at least 1/200.
    """

    information: float
    expected: float
    p_value: float

    @property
    def beyond_chance(self) -> float:
        """(information − expected) / (1 − expected)."""
        return (self.information - self.expected) / (1 - self.expected) if self.expected < 1 else 0.0

    @property
    def merely_languages(self) -> bool:
        """Whether clusters say more about the language than about anything else: half of what could be, or more."""
        return self.p_value <= 0.05 and self.beyond_chance >= _MERELY


def normalised_mutual_information(table: NDArray[Any]) -> float:
    """Return I(R; C) / √(H(R) H(C)) of a table of counts, 0 where rows or columns do not vary.

    Source: Strehl, Ghosh 2002, JMLR 3, 583–617.
    """
    shares = table / max(1, table.sum())
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    entropy_of_rows, entropy_of_columns, joint = (_entropy(each) for each in (rows, columns, shares.ravel()))
    if min(entropy_of_rows, entropy_of_columns) < 1e-12:
        return 0.0
    shared = entropy_of_rows + entropy_of_columns - joint
    return min(1.0, max(0.0, shared / float(np.sqrt(entropy_of_rows * entropy_of_columns))))


def _entropy(shares: NDArray[np.float64]) -> float:
    inside = shares[shares > 0]
    return float(-(inside * np.log(inside)).sum())


def check_languages(labels: Labels, languages: Sequence[str], *, seed: int) -> LanguageCheck | None:
    """Return how far clusters are languages, over the texts that are in a cluster and in a known language.

    Args:
        labels: (n,) the cluster of each text, −1 for none.
        languages: the tag of each, "" where it is unknown.
        seed: of the permutations.

    Returns:
        None where there are fewer than two clusters or two languages to compare.
    """
    tags, spoken = np.unique(np.asarray(languages, dtype=np.str_), return_inverse=True)
    counted = (labels >= 0) & (tags[spoken] != "")
    cluster = np.unique(labels[counted], return_inverse=True)[1]
    spoken = np.unique(spoken[counted], return_inverse=True)[1]
    if not cluster.size or not cluster.max() or not spoken.max():
        return None
    rows, columns = int(cluster.max()) + 1, int(spoken.max()) + 1

    def measure(dealt: NDArray[np.int64]) -> float:
        table = np.bincount(cluster * columns + dealt, minlength=rows * columns).reshape(rows, columns)
        return normalised_mutual_information(table)

    generator = np.random.default_rng(seed)
    found = measure(spoken)
    drawn = np.array([measure(generator.permutation(spoken)) for _ in range(_DRAWS)])
    p_value = (1 + int(np.count_nonzero(drawn >= found - 1e-12))) / (1 + _DRAWS)
    return LanguageCheck(found, float(drawn.mean()), p_value)
