"""Groups as stars: a centre, and texts that are each similar to it.

Connected components chain: a text is like the next, the next like a third, until a group holds what has nothing in
common (at a million texts the precision of pairs was measured to fall to 0.53). In a star every member was compared
with the centre.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["make_stars"]

_HOPS: Final = 4

Places = NDArray[np.int64]
Similarities = NDArray[np.float64]


def make_stars(
    rank: Places,
    pairs: tuple[Places, Places, Similarities],
    threshold: float,
    compare: Callable[[Places, Places], Similarities],
) -> Places:
    """Return (n,) the centre of each text's star; a text that is alone is its own.

    Centres are those that rank before everything similar to them that is not yet in a star: the greedy choice, one
    after the other by rank, made for all parts of the graph at once. What is known to be similar to a member only is
    compared with the member's centre itself, and joins if it is similar enough.

    Args:
        rank: (n,) 0 … n − 1, each once; the best is 0.
        pairs: known pairs and their similarity.
        threshold: from which similarity on.
        compare: gives the similarity of pairs that are not known.
    """
    kept = pairs[2] >= threshold
    source = np.concatenate([pairs[0][kept], pairs[1][kept]])
    target = np.concatenate([pairs[1][kept], pairs[0][kept]])
    similarity = np.concatenate([pairs[2][kept], pairs[2][kept]])
    centre = np.full(rank.size, -1, dtype=np.int64)
    while source.size:
        best = np.full(rank.size, rank.size, dtype=np.int64)
        np.minimum.at(best, source, rank[target])
        leads = (best < rank.size) & (rank < best)
        centre[leads] = np.flatnonzero(leads)
        to_leader = leads[target]
        joined = _join(centre, rank, source[to_leader], target[to_leader], similarity[to_leader])
        for _hop in range(_HOPS):
            newly = np.zeros(rank.size, dtype=bool)
            newly[joined] = True
            beside = newly[target] & (centre[source] < 0)
            asked = np.unique(source[beside] * rank.size + centre[target[beside]])
            if not asked.size:
                break
            left, right = asked // rank.size, asked % rank.size
            figures = compare(left, right)
            near = figures >= threshold
            joined = _join(centre, rank, left[near], right[near], figures[near])
        active = (centre[source] < 0) & (centre[target] < 0)
        source, target, similarity = source[active], target[active], similarity[active]
    alone = centre < 0
    centre[alone] = np.flatnonzero(alone)
    return centre


def _join(centre: Places, rank: Places, who: Places, whom: Places, similarity: Similarities) -> Places:
    """Give each of `who` the most similar centre among its own of `whom`; return who has got one."""
    order = np.lexsort((rank[whom], -similarity, who))
    who, whom = who[order], whom[order]
    first = np.ones(who.size, dtype=bool)
    first[1:] = who[1:] != who[:-1]
    centre[who[first]] = whom[first]
    return who[first]
