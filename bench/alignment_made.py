"""Texts made and rewritten from a seed, each word with a number of its own: where a quote is now is known, not found.

Every revision edits words, sentences and passages, moves them, splits and merges passages, takes some away and adds
others. What is right is read off the numbers, so no comparison of texts can be wrong about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count, pairwise
from random import Random

from bench.alignment_peers import Placed
from bench.alignment_truth import Answer
from bench.material import make_sentence

REVISIONS = 12
# How often each thing happens to a passage in one revision.
EDITED, REPHRASED, SENTENCE_MOVED = 0.12, 0.04, 0.02
MOVED, SPLIT, MERGED, TAKEN_AWAY, ADDED = 0.02, 0.02, 0.02, 0.02, 0.03

_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
_HAN_SHARES = list(accumulate(1 / (rank + 20) for rank in range(len(_HAN))))


@dataclass(frozen=True)
class NumberedWord:
    """A word as it is written, with the sign after it, and a number that stays with it."""

    text: str
    number: int


Passage = list[list[NumberedWord]]
"""Sentences of words."""


def make_english(chance: Random) -> list[str]:
    """Return the words of a sentence in a script with spaces."""
    return make_sentence(chance).split(" ")


def make_han(chance: Random) -> list[str]:
    """Return the characters of a sentence in a script without spaces."""
    characters = chance.choices(_HAN, cum_weights=_HAN_SHARES, k=chance.randint(12, 30))
    return [*characters[:-1], characters[-1] + "\u3002"]


def make_phrases(chance: Random) -> list[str]:
    """Return the words of a sentence made of set phrases, as those of laws are: each occurs in many passages."""
    phrases = _phrases()
    return " ".join(chance.choice(phrases) for _ in range(chance.randint(2, 4))).split(" ")


def _phrases() -> list[str]:
    chance = Random(3)
    return [" ".join(make_english(chance)[: chance.randint(3, 7)]) for _ in range(400)]


@dataclass
class MadeText:
    """The revisions of one made text.

    Attributes:
        name: what it is called in the figures.
        passages: how many it begins with.
        make: makes the words of a sentence.
        between: what stands between two words.
        scale: how many of its words weigh as much as one word with spaces.
    """

    name: str
    passages: int
    make: Callable[[Random], list[str]]
    between: str = " "
    scale: int = 1
    _numbers: Iterator[int] = field(default_factory=count)
    _revisions: list[list[Passage]] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = Random(self.name)
        self._revisions.append([self._make_passage(chance) for _ in range(self.passages)])
        for _ in range(REVISIONS - 1):
            self._revisions.append(self._revise(chance, self._revisions[-1]))

    @property
    def revisions(self) -> list[list[str]]:
        """The texts of the passages of each revision."""
        return [[self._write(self._words(passage)) for passage in passages] for passages in self._revisions]

    def place_quotes(self, chance: Random, quotes: int, fewest: int, most: int) -> Iterator[tuple[Placed, Answer]]:
        """Yield quotes in the first revision, and what is right to say of each in the last one."""
        home: dict[int, int] = {}
        for place, passage in enumerate(self._revisions[-1]):
            home.update((word.number, place) for word in self._words(passage))
        long_enough = [
            place
            for place, passage in enumerate(self._revisions[0])
            if len(self._words(passage)) >= fewest * self.scale
        ]
        for _ in range(quotes):
            place = chance.choice(long_enough)
            words = self._words(self._revisions[0][place])
            first = chance.randrange(len(words) - fewest * self.scale + 1)
            last = min(len(words), first + chance.randint(fewest, most) * self.scale)
            start = len(self._write([*words[:first], NumberedWord("", 0)]))
            quoted = words[first:last]
            homes = Counter(home[word.number] for word in quoted if word.number in home)
            right = frozenset(passage for passage, held in homes.items() if held == max(homes.values()))
            answer = Answer(is_lost=2 * homes.total() < len(quoted), passages=right)
            yield Placed(place, start, start + len(self._write(quoted))), answer

    def _write(self, words: list[NumberedWord]) -> str:
        return self.between.join(word.text for word in words)

    @staticmethod
    def _words(passage: Passage) -> list[NumberedWord]:
        return [word for sentence in passage for word in sentence]

    def _make_sentence(self, chance: Random) -> list[NumberedWord]:
        return [NumberedWord(text, next(self._numbers)) for text in self.make(chance)]

    def _make_passage(self, chance: Random) -> Passage:
        return [self._make_sentence(chance) for _ in range(chance.randint(1, 5))]

    def _revise(self, chance: Random, passages: list[Passage]) -> list[Passage]:
        revised = [[list(sentence) for sentence in passage] for passage in passages]
        self._edit_words(chance, revised)
        self._move_sentences(chance, revised)
        revised = [passage for passage in revised if passage and chance.random() >= TAKEN_AWAY]
        revised = list(self._split_passages(chance, revised))
        for place in range(len(revised) - 1, 0, -1):
            if chance.random() < MERGED:
                revised[place - 1 : place + 1] = [revised[place - 1] + revised[place]]
        for place in range(len(revised)):
            if chance.random() < MOVED:
                revised.insert(chance.randrange(len(revised)), revised.pop(place))
            if chance.random() < ADDED:
                revised.insert(chance.randrange(len(revised)), self._make_passage(chance))
        return revised

    def _edit_words(self, chance: Random, passages: list[Passage]) -> None:
        for passage in passages:
            for place, sentence in enumerate(passage):
                fate = chance.random()
                if fate < EDITED:
                    for _ in range(1 + len(sentence) // 10):
                        position = chance.randrange(len(sentence))
                        sentence[position : position + chance.randrange(2)] = self._make_sentence(chance)[
                            : chance.choice((0, 1, 1, 3))
                        ]
                        if not sentence:
                            sentence.extend(self._make_sentence(chance))
                elif fate < EDITED + REPHRASED:
                    # Every other word stays, in its order, among others.
                    others = iter(self._make_sentence(chance))
                    passage[place] = [word if chance.random() < 0.5 else next(others, word) for word in sentence]

    def _move_sentences(self, chance: Random, passages: list[Passage]) -> None:
        for passage in passages:
            for place in range(len(passage) - 1, -1, -1):
                if chance.random() < SENTENCE_MOVED:
                    target = chance.choice(passages)
                    target.insert(chance.randrange(len(target) + 1), passage.pop(place))

    @staticmethod
    def _split_passages(chance: Random, passages: list[Passage]) -> Iterator[Passage]:
        for passage in passages:
            if len(passage) > 1 and chance.random() < SPLIT * len(passage):
                cuts = [0, chance.randrange(1, len(passage)), len(passage)]
                yield from (passage[start:end] for start, end in pairwise(cuts))
            else:
                yield passage


def make_texts(passages: int = 200) -> list[MadeText]:
    """Return the made texts, the longest with as many passages as said."""
    return [
        MadeText("made, short", passages // 8, make_english),
        MadeText("made, long", passages, make_english),
        MadeText("made, set phrases", passages // 2, make_phrases),
        MadeText("made, without spaces", passages // 2, make_han, between="", scale=2),
    ]
