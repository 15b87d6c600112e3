"""Where each word of a text is in a later one: what an anchor is followed by.

Unlike `diff`, which marks changes for a reader's eye, this keeps every word that stayed, even one between two changes:
the words of a quote are counted one by one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from harken.core.text.order import longest_increasing
from harken.core.text.words import JOINERS, split_tokens

__all__ = ["WordMap", "match_words", "word_spans"]

# Stretches up to this product of lengths are matched by their longest runs (quadratic where words are repeated);
# longer ones are first cut at runs of so many words that occur once in either.
RUN_CELLS = 250_000
ANCHOR_WIDTHS = (8, 4, 2, 1)
# Without any, up to this product, by a longest common subsequence (bit-parallel); beyond it nothing is the same.
EXACT_CELLS = 4_000_000

_AROUND_JOINER = re.compile(f"([{JOINERS}])")


class _Token(NamedTuple):
    start: int
    end: int
    text: str


def _split(text: str, offset: int = 0) -> list[_Token]:
    """Return words, signs and runs of white space; a word with an apostrophe is two: "l'eau" may become "eau"."""
    tokens: list[_Token] = []
    for token in split_tokens(text):
        parts = (token,) if len(token) == 1 or token.isalpha() else _AROUND_JOINER.split(token)
        for part in parts:
            if part:
                tokens.append(_Token(offset, offset + len(part), part))
                offset += len(part)
    return tokens


def _is_word(token: _Token) -> bool:
    return token.text[0].isalnum() or any(character.isalnum() for character in token.text)


def word_spans(text: str, offset: int = 0) -> list[tuple[int, int]]:
    """Return where the words of `text` stand (or its signs, if it has no words), counted from `offset`."""
    words: list[tuple[int, int]] = []
    signs: list[tuple[int, int]] = []
    for token in split_tokens(text):
        end = offset + len(token)
        if token.isalnum():
            words.append((offset, end))
        elif not token.isspace():
            for part in _split(token, offset) if len(token) > 1 else (_Token(offset, end, token),):
                (words if _is_word(part) else signs).append((part.start, part.end))
        offset = end
    return words or signs


def match_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of words that stayed, in order: the longest run first, then before and after it.

    A longest common subsequence keeps more words, but scattered ones: of "the right to be heard" it takes any "the",
    "to" and "be" on the way. Words that stand together stayed together (Ratcliff and Metzener 1988, Pattern Matching:
    the Gestalt Approach).
    """
    matches: list[tuple[int, int]] = []
    stack = [(0, len(old), 0, len(new))]
    while stack:
        old_start, old_end, new_start, new_end = stack.pop()
        before, after = old[old_start:old_end], new[new_start:new_end]
        if len(before) * len(after) > RUN_CELLS and (fixed := _unique_runs(before, after)):
            matches.extend((old_start + i, new_start + j) for i, j in fixed)
            stack.extend(
                (old_start + i + 1, old_start + next_i, new_start + j + 1, new_start + next_j)
                for (i, j), (next_i, next_j) in pairwise([(-1, -1), *fixed, (len(before), len(after))])
            )
        elif before and after:
            matches.extend((old_start + i, new_start + j) for i, j in _match_stretch(before, after))
    matches.sort()
    return matches


def _match_stretch(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(old) * len(new) <= RUN_CELLS:
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            yield from zip(range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True)
    elif len(old) * len(new) <= EXACT_CELLS:
        for code in LCSseq.opcodes(old, new):
            if code.tag == "equal":
                yield from zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True)


def _unique_runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the longest runs that occur once in `old` and once in `new` begin, as many as keep their order."""
    for width in ANCHOR_WIDTHS:
        places: list[dict[tuple[str, ...], int]] = []
        for words in (old, new):
            seen: dict[tuple[str, ...], int] = {}
            for position in range(len(words) - width + 1):
                run = tuple(words[position : position + width])
                seen[run] = -1 if run in seen else position
            places.append(seen)
        pairs = [(i, j) for run, i in places[0].items() if i >= 0 and (j := places[1].get(run, -1)) >= 0]
        if pairs:
            pairs.sort()
            return [pairs[number] for number in longest_increasing([j for _, j in pairs])]
    return []


def _find_same(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[tuple[_Token, _Token]]:
    """Yield the tokens that stayed, in order: matched words, and the signs and spaces next to them."""
    old_words = [place for place, token in enumerate(old) if _is_word(token)]
    new_words = [place for place, token in enumerate(new) if _is_word(token)]
    if not old_words or not new_words:
        old_words, new_words = list(range(len(old))), list(range(len(new)))
    matches = match_words([old[place].text for place in old_words], [new[place].text for place in new_words])
    old_end = new_end = 0
    for i, j in [*((old_words[i], new_words[j]) for i, j in matches), (len(old), len(new))]:
        old_start, new_start = old_end, new_end
        while old_start < i and new_start < j and old[old_start].text == new[new_start].text:
            yield old[old_start], new[new_start]
            old_start, new_start = old_start + 1, new_start + 1
        size = 0
        while size < min(i - old_start, j - new_start) and old[i - size - 1].text == new[j - size - 1].text:
            size += 1
        yield from zip(old[i - size : i + 1], new[j - size : j + 1], strict=True)
        old_end, new_end = i + 1, j + 1


class WordMap:
    """Where each part of an old text is in a new one, by their difference word by word."""

    def __init__(self, old: str, new: str) -> None:
        self._old_length, self._new_length = len(old), len(new)
        # The stretches that stayed, in order: from where to where in the old text, and in the new one.
        self._old_starts: list[int] = []
        self._old_ends: list[int] = []
        self._new_starts: list[int] = []
        self._new_ends: list[int] = []
        for before, after in _find_same(_split(old), _split(new)):
            if self._old_ends and (self._old_ends[-1], self._new_ends[-1]) == (before.start, after.start):
                self._old_ends[-1], self._new_ends[-1] = before.end, after.end
            else:
                self._old_starts.append(before.start)
                self._old_ends.append(before.end)
                self._new_starts.append(after.start)
                self._new_ends.append(after.end)

    def map_word(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the word `old[start:end]` is in the new text, or None if it is not there any more."""
        number = bisect_right(self._old_starts, start) - 1
        if number < 0 or end > self._old_ends[number]:
            return None
        shift = self._new_starts[number] - self._old_starts[number]
        return start + shift, end + shift

    def replaced_before(self, new_start: int, old_start: int) -> int:
        """Return where in the new text the change before the surviving word at `new_start` begins.

        That is `new_start` itself if nothing changed there, or if the change reaches beyond `old_start`.
        """
        number = bisect_right(self._new_starts, new_start) - 1
        old_end, new_end = (self._old_ends[number - 1], self._new_ends[number - 1]) if number else (0, 0)
        if self._old_starts[number] <= old_start or old_end < old_start:
            return new_start
        return new_end

    def replaced_after(self, new_end: int, old_end: int) -> int:
        """Return where the change after the surviving word that ends at `new_end` ends, within `old_end`."""
        number = bisect_left(self._new_ends, new_end)
        last = number + 1 == len(self._new_ends)
        old_start, new_start = (
            (self._old_length, self._new_length)
            if last
            else (self._old_starts[number + 1], self._new_starts[number + 1])
        )
        if self._old_ends[number] >= old_end or old_start > old_end:
            return new_end
        return new_start

    def count_same(self, new_start: int, new_end: int) -> int:
        """Return how many characters of `new[new_start:new_end]` were in the old text."""
        total = 0
        for number in range(bisect_right(self._new_ends, new_start), len(self._new_starts)):
            if self._new_starts[number] >= new_end:
                break
            total += min(new_end, self._new_ends[number]) - max(new_start, self._new_starts[number])
        return total
