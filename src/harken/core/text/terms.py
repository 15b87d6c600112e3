"""Terms of a glossary found in running text, in any of their inflected forms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from harken.core.text.folding import fold_word
from harken.core.text.stemming import stem_word, stemmer_name
from harken.core.text.words import Word, is_spaceless, split_words

__all__ = ["TermFinder", "is_capitals"]

# In an abbreviation capitals are the spelling: "IT" is not "it".
LONGEST_CAPITALS = 6


def is_capitals(term: str) -> bool:
    """Return whether `term` is one short word in capitals."""
    return 1 < len(term) <= LONGEST_CAPITALS and term.isalpha() and term.isupper()


class _Pattern(NamedTuple):
    """The words of a term; `term` is None for words that are only to be passed over."""

    words: tuple[str, ...]
    spelling: str
    term: str | None


class TermFinder:
    """Finds `terms` in texts of one language (BCP 47, "" if unknown) by stems where it has a stemmer."""

    def __init__(self, terms: Iterable[str], *, apart_from: Iterable[str] = (), language: str = "") -> None:
        """Prepare to find `terms`, but not where they are part of a longer one of `apart_from`."""
        self._algorithm = stemmer_name(language)
        self._patterns: Mapping[str, list[_Pattern]]
        patterns: defaultdict[str, list[_Pattern]] = defaultdict(list)
        for term, found in [*((term, term) for term in terms), *((words, None) for words in apart_from)]:
            words = tuple(self._stem(word) for word in split_words(term))
            if words:
                patterns[words[0]].append(_Pattern(words, term.strip() if is_capitals(term.strip()) else "", found))
        for found_patterns in patterns.values():
            # Longer terms first; where both lists have the same words it is a term.
            found_patterns.sort(key=lambda pattern: (-len(pattern.words), pattern.term is None))
        self._patterns = dict(patterns)

    def _stem(self, word: Word) -> str:
        if self._algorithm and not is_spaceless(word.surface):
            return stem_word(word.surface, self._algorithm)
        return fold_word(word.surface) if is_spaceless(word.surface) else word.folded

    def find(self, words: Sequence[Word]) -> list[tuple[int, int, str]]:
        """Return (start, end, term) for each place of a term among the `words` of a text, in order, none twice."""
        if not self._patterns:
            return []
        stems = [self._stem(word) for word in words]
        found: list[tuple[int, int, str]] = []
        number = 0
        while number < len(words):
            pattern = self._match(words, stems, number)
            if pattern is None:
                number += 1
                continue
            last = number + len(pattern.words) - 1
            if pattern.term is not None:
                found.append((words[number].start, words[last].end, pattern.term))
            number = last + 1
        return found

    def _match(self, words: Sequence[Word], stems: Sequence[str], number: int) -> _Pattern | None:
        for pattern in self._patterns.get(stems[number], ()):
            if tuple(stems[number : number + len(pattern.words)]) == pattern.words and (
                not pattern.spelling or words[number].surface == pattern.spelling
            ):
                return pattern
        return None
