"""How others keep a quote on its passage while a text is rewritten: what Harken's alignment is held against.

Each peer is given all revisions, each a list of passages, and quotes in the first; it says for each on which passage of
the last revision it is, or None where it holds the quote for lost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

Revisions = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Placed:
    """A quote in the first revision: the number of its passage, and from where to where in it."""

    passage: int
    start: int
    end: int


Peer = Callable[[Revisions, Sequence[Placed]], list[int | None]]


def follow_by_position(revisions: Revisions, quotes: Sequence[Placed]) -> list[int | None]:
    """The passage with the same number, as long as there are so many."""
    return [quote.passage if quote.passage < len(revisions[-1]) else None for quote in quotes]


def _follow_passages(
    revisions: Revisions, quotes: Sequence[Placed], match: Callable[[Sequence[str], Sequence[str]], dict[int, int]]
) -> list[int | None]:
    """Follow whole passages from each revision to the next."""
    places: dict[int, int] = {number: number for number in range(len(revisions[0]))}
    for old, new in pairwise(revisions):
        matched = match(old, new)
        places = {first: matched[last] for first, last in places.items() if last in matched}
    return [places.get(quote.passage) for quote in quotes]


def _match_blocks(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    matched: dict[int, int] = {}
    for _, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if new_end - new_start == old_end - old_start:
            matched.update(zip(range(old_start, old_end), range(new_start, new_end), strict=True))
    return matched


def follow_by_blocks(revisions: Revisions, quotes: Sequence[Placed]) -> list[int | None]:
    """Difflib's blocks of equal passages, and one by one those that were replaced by as many others."""
    return _follow_passages(revisions, quotes, _match_blocks)


def _match_equal(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    waiting: defaultdict[str, deque[int]] = defaultdict(deque)
    for number, text in enumerate(new):
        waiting[text].append(number)
    return {number: waiting[text].popleft() for number, text in enumerate(old) if waiting[text]}


def follow_by_units(revisions: Revisions, quotes: Sequence[Placed]) -> list[int | None]:
    """A unit of MediaWiki Translate: the passage with the same text, wherever it is, as long as there is one."""
    return _follow_passages(revisions, quotes, _match_equal)


# The client of Hypothesis (src/annotator/anchoring/match-quote.ts): what counts how much, and how much may differ.
_CONTEXT = 32
_WEIGHTS = {"quote": 50, "prefix": 20, "suffix": 20, "position": 2}
_MOST_ERRORS = 256


def _find_ends(text: str, pattern: str, errors: int) -> tuple[int, list[int]]:
    """Return the fewest errors `pattern` is found with, at most `errors`, and all ends of such places in `text`.

    Myers (1999), doi:10.1145/316542.316550, on integers without a limit: the column of the edit distance
    as differences.
    """
    masks: defaultdict[str, int] = defaultdict(int)
    for number, character in enumerate(pattern):
        masks[character] |= 1 << number
    last = 1 << (len(pattern) - 1)
    everything = (1 << len(pattern)) - 1
    rises, falls, score = everything, 0, len(pattern)
    ends: list[int] = []
    for end, character in enumerate(text, start=1):
        equal = masks.get(character, 0)
        vertical = equal | falls
        horizontal = (((equal & rises) + rises) ^ rises) | equal
        up = falls | (everything & ~(horizontal | rises))
        down = rises & horizontal
        score += bool(up & last) - bool(down & last)
        up, down = (up << 1) & everything, (down << 1) & everything
        rises = down | (everything & ~(vertical | up))
        falls = up & vertical
        if score < errors:
            errors, ends = score, [end]
        elif score == errors:
            ends.append(end)
    return errors, ends


def _search(text: str, pattern: str, errors: int) -> list[tuple[int, int, int]]:
    """Return the best places of `pattern` as (start, end, errors); the longest where an end has several starts."""
    found: list[tuple[int, int, int]] = []
    start = text.find(pattern)
    while start >= 0:
        found.append((start, start + len(pattern), 0))
        start = text.find(pattern, start + 1)
    if found:
        return found
    fewest, ends = _find_ends(text, pattern, errors)
    for end in ends:
        before = text[max(0, end - len(pattern) - fewest) : end][::-1]
        _, sizes = _find_ends(before, pattern[::-1], fewest)
        found.append((end - max(sizes, default=0), end, fewest))
    return found


def _likeness(text: str, pattern: str) -> float:
    """Return how much of `pattern` is in `text`, from 0 to 1."""
    if not text or not pattern:
        return 0.0
    return 1 - _search(text, pattern, len(pattern))[0][2] / len(pattern)


def _find_approximately(text: str, quote: str, prefix: str, suffix: str, hint: int) -> tuple[int, int] | None:
    """Return the place in `text` that is most like the quote in its context, or None."""
    candidates = _search(text, quote, min(_MOST_ERRORS, len(quote) // 2))

    def value(candidate: tuple[int, int, int]) -> float:
        start, end, errors = candidate
        before = _likeness(text[max(0, start - len(prefix)) : start], prefix) if prefix else 1.0
        after = _likeness(text[end : end + len(suffix)], suffix) if suffix else 1.0
        return (
            _WEIGHTS["quote"] * (1 - errors / len(quote))
            + _WEIGHTS["prefix"] * before
            + _WEIGHTS["suffix"] * after
            + _WEIGHTS["position"] * (1 - abs(start - hint) / len(text))
        )

    return max(candidates, key=value)[:2] if candidates else None


def follow_by_search(revisions: Revisions, quotes: Sequence[Placed]) -> list[int | None]:
    """Approximate search for the quote in the whole last text, as Hypothesis does; the passage that has most of it."""
    first, last = "\n".join(revisions[0]), "\n".join(revisions[-1])
    first_starts, last_starts = (
        list(accumulate((len(text) + 1 for text in texts), initial=0)) for texts in (revisions[0], revisions[-1])
    )
    found: list[int | None] = []
    for quote in quotes:
        start, end = first_starts[quote.passage] + quote.start, first_starts[quote.passage] + quote.end
        place = _find_approximately(
            last, first[start:end], first[max(0, start - _CONTEXT) : start], first[end : end + _CONTEXT], start
        )
        found.append(None if place is None else _passage_with_most(last_starts, *place))
    return found


def _passage_with_most(starts: Sequence[int], start: int, end: int) -> int:
    """Return which of the passages that begin at `starts` holds most of what is between two places."""
    touched = range(bisect_right(starts, start) - 1, min(bisect_right(starts, max(start, end - 1)), len(starts) - 1))
    return max(touched, key=lambda number: min(end, starts[number + 1]) - max(start, starts[number]))


PEERS: dict[str, Peer] = {
    "position-based ids": follow_by_position,
    "difflib blocks": follow_by_blocks,
    "unit markers": follow_by_units,
    "approximate search": follow_by_search,
}
