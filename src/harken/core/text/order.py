"""The longest part of a sequence that is in order: what stayed in place when other things moved."""

from bisect import bisect_left
from collections.abc import Sequence

__all__ = ["longest_increasing"]


def longest_increasing(values: Sequence[int]) -> list[int]:
    """Return the positions of a longest strictly increasing subsequence of `values`, in O(n log n).

    Patience sorting: Fredman (1975), doi:10.1016/0012-365X(75)90103-X. Of several longest ones, that with the smallest
    values at its end.
    """
    tails: list[int] = []
    tail_values: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        place = bisect_left(tail_values, value)
        before.append(tails[place - 1] if place else -1)
        if place == len(tails):
            tails.append(position)
            tail_values.append(value)
        else:
            tails[place] = position
            tail_values[place] = value
    chain: list[int] = []
    position = tails[-1] if tails else -1
    while position >= 0:
        chain.append(position)
        position = before[position]
    return chain[::-1]
