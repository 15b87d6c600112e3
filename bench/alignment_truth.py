"""Where the words of a quote are after some revisions, found without any of Harken's own code.

The words are followed by a difference of the whole text, word by word, from each revision to the next: first the runs
of eight words that occur once in both, as many as keep their order, then difflib's longest matching blocks between
them; such runs out of order were moved. White space and signs are no words, so a text that is only wrapped anew has not
changed.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

_RUN = 8
# Scripts written without spaces, as Unicode names their characters: each character is a word.
_SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True)
class Word:
    """A word of a text, and where it stands."""

    start: int
    end: int
    text: str

    @property
    def weight(self) -> float:
        """One; half of that for a character of a script without spaces."""
        return 0.5 if _stands_alone(self.text[0]) else 1.0


@dataclass(frozen=True)
class Answer:
    """What is right to say of one quote in the last revision.

    Attributes:
        is_lost: fewer than half of its words survive; to call the quote loose is right.
        passages: the passages it is right to show it on; where it is lost, only as changed.
    """

    is_lost: bool
    passages: frozenset[int]


def split_words(text: str) -> list[Word]:
    """Return the runs of letters, marks and digits, and each character of a script without spaces."""
    words: list[Word] = []
    start, begun = 0, False
    for place, character in enumerate(text):
        category = unicodedata.category(character)[0]
        if category == "M" and begun:
            continue
        alone = category == "L" and character > "\u0e00" and unicodedata.name(character, "").startswith(_SPACELESS)
        if begun and (alone or category not in "LN" or _stands_alone(text[start])):
            words.append(Word(start, place, text[start:place]))
            begun = False
        if category in "LN" and not begun:
            start, begun = place, True
    if begun:
        words.append(Word(start, len(text), text[start:]))
    return words


def _stands_alone(character: str) -> bool:
    return character > "\u0e00" and unicodedata.name(character, "").startswith(_SPACELESS)


def match_words(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """Return for each old word the place of the same word in the new text, or -1."""
    matched = [-1] * len(old)
    pairs = _unique_runs(old, new)
    fixed = [(-1, -1), *_spread(_longest_in_order(pairs)), (len(old), len(new))]
    for (old_before, new_before), (old_after, new_after) in pairwise(fixed):
        if old_after < len(old):
            matched[old_after] = new_after
        between_old, between_new = old[old_before + 1 : old_after], new[new_before + 1 : new_after]
        if between_old and between_new:
            for block in SequenceMatcher(None, between_old, between_new, autojunk=False).get_matching_blocks():
                for number in range(block.size):
                    matched[old_before + 1 + block.a + number] = new_before + 1 + block.b + number
    _match_moved(old, new, pairs, matched)
    return matched


def _match_moved(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]], matched: list[int]) -> None:
    """Match what was moved: unique runs out of order of which nothing is matched, and the equal words around them."""
    taken = set(matched)
    for old_start, new_start in pairs:
        if any(matched[old_start + n] >= 0 or new_start + n in taken for n in range(_RUN)):
            continue
        for step, first in ((1, 0), (-1, -1)):
            i, j = old_start + first, new_start + first
            while 0 <= i < len(old) and 0 <= j < len(new) and old[i] == new[j] and matched[i] < 0 and j not in taken:
                matched[i] = j
                taken.add(j)
                i, j = i + step, j + step


def _unique_runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return where runs of eight words begin which occur once in either text, in the order of the old one."""
    places = []
    for words in (old, new):
        runs = [tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)]
        counts = Counter(runs)
        places.append({run: place for place, run in enumerate(runs) if counts[run] == 1})
    return [(place, places[1][run]) for run, place in places[0].items() if run in places[1]]


def _spread(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield in order the pairs of words that lie in the runs which begin at `pairs`."""
    last_old = last_new = -1
    for old_start, new_start in pairs:
        for number in range(_RUN):
            if old_start + number > last_old and new_start + number > last_new:
                last_old, last_new = old_start + number, new_start + number
                yield last_old, last_new


def _longest_in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return a longest selection of `pairs`, sorted by their first number, that is sorted by the second, too."""
    ends: list[int] = []
    numbers: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        place = bisect_left(ends, value)
        before.append(numbers[place - 1] if place else -1)
        if place == len(ends):
            ends.append(value)
            numbers.append(number)
        else:
            ends[place], numbers[place] = value, number
    chain: list[tuple[int, int]] = []
    number = numbers[-1] if numbers else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


class Truth:
    """The revisions of one text, each a list of passages, and where every word of one is in the next."""

    def __init__(self, revisions: Sequence[Sequence[str]]) -> None:
        self._starts = [list(accumulate((len(text) + 1 for text in texts), initial=0)) for texts in revisions]
        self.words = [split_words("\n".join(texts)) for texts in revisions]
        self._spelled = [[word.text for word in words] for words in self.words]
        self._matched = [match_words(old, new) for old, new in pairwise(self._spelled)]

    def passage_of(self, revision: int, word: int) -> int:
        """Return the number of the passage a word stands in."""
        return bisect_right(self._starts[revision], self.words[revision][word].start) - 1

    def place_of(self, revision: int, first: int, last: int) -> tuple[int, int, int]:
        """Return the passage of a word, and from where to where in it the words from `first` to `last` stand."""
        passage = self.passage_of(revision, first)
        shift = self._starts[revision][passage]
        return passage, self.words[revision][first].start - shift, self.words[revision][last].end - shift

    def follow(self, first: int, last: int) -> Answer:
        """Return what is right to say, in the last revision, of the words from `first` to `last` of the first one.

        Besides the words themselves, their copies are followed: where all of them stand again, one after the other, and
        most of that stretch is new in its revision.
        """
        quote = self._spelled[0][first : last + 1]
        traces = [list(range(first, last + 1))]
        for revision, matched in enumerate(self._matched, start=1):
            traces = [[matched[word] for word in trace if matched[word] >= 0] for trace in traces]
            traces[1:] = [trace for trace in traces[1:] if 2 * len(trace) >= len(quote)]
            if len(traces[0]) < len(quote):
                kept = set(matched)
                for place in self._find(revision, quote):
                    run = range(place, place + len(quote))
                    if 2 * sum(word not in kept for word in run) > len(quote):
                        traces.append(list(run))
        surviving = [trace for trace in traces if 2 * len(trace) >= len(quote)]
        right: set[int] = set()
        for trace in surviving or traces:
            by_passage = Counter(self.passage_of(len(self.words) - 1, word) for word in trace)
            right.update(passage for passage, count in by_passage.items() if count == max(by_passage.values()))
        return Answer(not surviving, frozenset(right))

    def _find(self, revision: int, quote: Sequence[str]) -> Iterator[int]:
        """Yield where the words stand one after the other, within one passage."""
        words = self._spelled[revision]
        size = len(quote)
        for place in range(len(words) - size + 1):
            stands_here = words[place] == quote[0] and words[place : place + size] == quote
            if stands_here and self.passage_of(revision, place) == self.passage_of(revision, place + size - 1):
                yield place
