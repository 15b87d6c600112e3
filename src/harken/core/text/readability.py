"""How hard a text is to read, by the measure that was published for its language.

All of them weigh the mean length of sentences against that of words, and were fitted on running prose: they say nothing
about lists of names, and little about fewer than a hundred words (the size of Flesch's samples).

======== =========================================================================================================
language measure and source
======== =========================================================================================================
en       Flesch reading ease, 206.835 - 1.015 L - 84.6 S: R. Flesch (1948), doi:10.1037/h0057532
de       Amstad, 180 - L - 58.5 S: T. Amstad, Wie verständlich sind unsere Zeitungen? (Zürich 1978)
fr       Kandel-Moles, 207 - 1.015 L - 73.6 S: L. Kandel, A. Moles, Application de l'indice de Flesch à la langue
         française, Cahiers d'études de radio-télévision 19 (1958)
es       Szigriszt-Pazos, 206.835 - L - 62.3 S: F. Szigriszt Pazos (thesis, Madrid 1993); with the INFLESZ scale of
         I. Barrio-Cantalejo et al. (2008), doi:10.4321/S1137-66272008000300004
pt       Martins et al., 248.835 - 1.015 L - 84.6 S: T. Martins, C. Ghiraldelo, M. Nunes, O. de Oliveira, Readability
         formulas applied to textbooks in Brazilian Portuguese (São Carlos 1996)
it       Gulpease, 89 - 10 C + 300 / L: P. Lucisano, M. E. Piemontese, GULPEASE, Scuola e città 3 (1988)
nl       Douma, 206.84 - 0.93 L - 77 S: W. H. Douma, De leesbaarheid van landbouwbladen (Wageningen 1960)
ru       Oborneva, 206.835 - 1.3 L - 60.1 S: I. V. Oborneva (thesis, Moscow 2006)
tr       Ateşman, 198.825 - 2.61 L - 40.175 S: E. Ateşman, Türkçede okunabilirliğin ölçülmesi, Dil Dergisi 58 (1997)
others   LIX, L + 100 W: C. H. Björnsson, Läsbarhet (Stockholm 1968)
======== =========================================================================================================

L: words per sentence. S: syllables per word. C: letters per word. W: share of the words with more than six letters. LIX
was made for Swedish and serves the languages that have no measure of their own and build their words alike; it is not
claimed for scripts without capitals (where letters leave out vowels, or words have no spaces), nor for languages whose
grammar is in long words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harken.core.text.syllables import count_syllables

__all__ = ["FEWEST_WORDS", "Readability", "measure_readability"]

FEWEST_WORDS = 100
"""Shorter texts are not measured."""

Level = Literal["hard", "very_hard"]


@dataclass(frozen=True, slots=True)
class Readability:
    """The result of one measure; `level` is None for what is not hard, `syllables` where they are not counted.

    `score` is on the scale of the `measure`: for LIX higher is harder, for all others lower is.
    """

    measure: str
    score: float
    level: Level | None
    words: int
    sentences: int
    syllables: int | None = None


class _Formula(NamedTuple):
    """A measure after Flesch: constant, weights of L and S, and below which scores a text is hard or very hard."""

    measure: str
    constant: float
    per_word: float
    per_syllable: float
    hard: float
    very_hard: float


# Where a text begins to be hard: the two lowest steps of each published scale, which Flesch calls "difficult" and "very
# difficult" (below 50 and 30); Amstad, Kandel and Moles, Douma and Oborneva fitted theirs to that scale.
_FORMULAS = {
    "en": _Formula("Flesch reading ease", 206.835, 1.015, 84.6, 50, 30),
    "de": _Formula("Amstad", 180, 1, 58.5, 50, 30),
    "fr": _Formula("Kandel-Moles", 207, 1.015, 73.6, 50, 30),
    "es": _Formula("Szigriszt-Pazos (INFLESZ)", 206.835, 1, 62.3, 55, 40),
    "pt": _Formula("Martins et al.", 248.835, 1.015, 84.6, 50, 25),
    "nl": _Formula("Douma", 206.84, 0.93, 77, 50, 30),
    "ru": _Formula("Oborneva", 206.835, 1.3, 60.1, 50, 30),
    "tr": _Formula("Ateşman", 198.825, 2.61, 40.175, 50, 30),
}
# Gulpease below 40: hard even for people with a school-leaving certificate. It has no step below that.
GULPEASE_HARD = 40
# LIX above 50: hard, as official texts are; above 60: very hard.
LIX_HARD, LIX_VERY_HARD = 50, 60
LIX_LONG_WORD = 6
# Basque, Estonian, Finnish, Greenlandic, Hungarian, Georgian: a word there is what a phrase is elsewhere.
_LONG_WORDED = frozenset(("et", "eu", "fi", "hu", "ka", "kl", "se"))

_WORD = re.compile(r"[^\W_]")
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def measure_readability(sentences: Sequence[str], language: str) -> Readability | None:
    """Return how hard `sentences` are to read by the measure of `language` (BCP 47), or None if nothing can be said.

    Nothing can be said about fewer than a hundred words, an unknown language, and languages without a measure.
    """
    language = language.replace("_", "-").split("-", 1)[0].lower()
    words = [token for sentence in sentences for token in sentence.split() if _WORD.search(token)]
    if not language or len(words) < FEWEST_WORDS:
        return None
    count = sum(1 for sentence in sentences if _WORD.search(sentence))
    if language in _FORMULAS:
        return _measure_by_syllables(words, count, language)
    if language == "it":
        letters = sum(1 for word in words for sign in word if sign.isalnum())
        score = 89 + (300 * count - 10 * letters) / len(words)
        return Readability("Gulpease", round(score, 1), "hard" if score < GULPEASE_HARD else None, len(words), count)
    if language in _LONG_WORDED or not _is_cased("".join(words[: 10 * FEWEST_WORDS])):
        return None
    long_words = sum(1 for word in words if sum(map(str.isalpha, word)) > LIX_LONG_WORD)
    score = len(words) / count + 100 * long_words / len(words)
    level: Level | None = "very_hard" if score > LIX_VERY_HARD else "hard" if score > LIX_HARD else None
    return Readability("LIX", round(score, 1), level, len(words), count)


def _measure_by_syllables(words: Sequence[str], sentences: int, language: str) -> Readability:
    formula = _FORMULAS[language]
    # Parts joined by hyphens are spoken each for itself; a number or a sign counts as one syllable.
    syllables = sum(sum(count_syllables(part, language) for part in _PART.findall(word)) or 1 for word in words)
    per_word = syllables / len(words)
    score = formula.constant - formula.per_word * len(words) / sentences - formula.per_syllable * per_word
    level: Level | None = "very_hard" if score < formula.very_hard else "hard" if score < formula.hard else None
    return Readability(formula.measure, round(score, 1), level, len(words), sentences, syllables)


def _is_cased(text: str) -> bool:
    """Return whether most letters of `text` have a capital."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(letter.lower() != letter.upper() for letter in letters) > len(letters)
