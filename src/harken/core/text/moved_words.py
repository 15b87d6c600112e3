"""Runs of words that stand in other passages now: an index of passages by some words in a row."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from harken.core.text.word_map import word_spans

__all__ = ["MovedWords", "Run"]

# Fewer words in a row are no trace of a move: legal, technical and everyday phrases are as long.
WIDTH = 5
# Words that stand in more places than this say nothing about where they came from.
PLACES = 20


class Run(NamedTuple):
    """`words[first:last]` of those looked for, in a row in the passage: its words from number `place` on."""

    first: int
    last: int
    passage_id: str
    place: int


class MovedWords:
    """The words of some passages, to find runs of others in them. Linear in their length to make."""

    def __init__(self, passages: Mapping[str, str]) -> None:
        self.spans: dict[str, list[tuple[int, int]]] = {}
        self._words: dict[str, list[str]] = {}
        self._places: defaultdict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
        for passage_id, text in passages.items():
            spans = self.spans[passage_id] = word_spans(text)
            words = self._words[passage_id] = [text[start:end] for start, end in spans]
            for place in range(len(words) - WIDTH + 1):
                self._places[tuple(words[place : place + WIDTH])].append((passage_id, place))

    def find(self, words: Sequence[str], first: int, last: int) -> Iterator[Run]:
        """Yield the longest runs of `words` there are in the passages, of those that touch `words[first:last]`."""
        seen: set[tuple[str, int, int]] = set()
        for begin in range(max(0, first - WIDTH + 1), min(last, len(words) - WIDTH + 1)):
            places = self._places.get(tuple(words[begin : begin + WIDTH]), [])
            for passage_id, place in places if len(places) <= PLACES else ():
                others = self._words[passage_id]
                start, stop = begin, begin + WIDTH
                while start and place - (begin - start) and words[start - 1] == others[place - (begin - start) - 1]:
                    start -= 1
                while (
                    stop < len(words)
                    and place + stop - begin < len(others)
                    and words[stop] == others[place + stop - begin]
                ):
                    stop += 1
                run = Run(start, stop, passage_id, place - (begin - start))
                if (run.passage_id, run.first, run.place) not in seen:
                    seen.add((run.passage_id, run.first, run.place))
                    yield run
