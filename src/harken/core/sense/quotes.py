"""Quotes: whether words that are said to be quoted stand in the original, and where.

A quote is looked for to the letter; then in a form in which white space, quotation marks, dashes, characters that
cannot be seen and compatible Unicode forms (NFKC, UAX #15) are alike. What is found in that form is carried back to the
original: what is shown is always `original[start:end]`, never what was claimed. Everything else is no quote: words left
out, put in, in another order, in other case or in other spelling.

Nor is a part of a word a quote, or a part of a character: "we can" does not stand in "we can't", "violent" not in
"non-violent", and "e" not in "é". In scripts without spaces between words only characters are kept whole.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from harken.core.text.folding import INVISIBLE
from harken.core.text.words import APOSTROPHES, HYPHENS, is_spaceless

__all__ = ["FoundQuote", "find_quote"]

# More places of one quote are not looked at, and fewer of a long one: a text made to keep us busy must not.
_MOST_PLACES: Final = 1_000
_MOST_READ: Final = 10_000_000
_QUOTATION: Final = "\"'`´«»‘’‚‛“”„‟‹›′″‵‶「」『』〝〞〟＂＇"
_DASHES: Final = "‐‑‒–—―−﹘﹣－"
_JOINERS: Final = "\u00ad\u200c\u200d\u2060"
_TINTS: Final = "\U0001f3fb-\U0001f3ff"
# Vowels and final consonants of Hangul, which compose with what is before them though they are no marks.
_JAMO: Final = "\u1160-\u11ff"
_PLAIN: Final = f"[^\\s{INVISIBLE}{re.escape(_QUOTATION)}{_DASHES}]++"
_PIECE: Final = re.compile(
    # Words with one space between them stay as they are, if their letters do.
    f"(?P<words>{_PLAIN}(?: {_PLAIN})*+)"
    f"|(?P<gap>[\\s{INVISIBLE}]++)|(?P<quotation>[{re.escape(_QUOTATION)}])|(?P<dash>[{_DASHES}])"
)
_WORD: Final = re.compile("[^ ]++| ")
_TINT: Final = re.compile(f"[{_TINTS}]")
_HANGUL: Final = re.compile(f"[{_JAMO}]")


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A quote where it stands.

    Attributes:
        start: where it begins in the original.
        end: where it ends.
        words: `original[start:end]`.
        exact: whether it was claimed to the letter.
    """

    start: int
    end: int
    words: str
    exact: bool


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _cuts(text: str, place: int) -> bool:
    """Return whether a quote that begins or ends at `place` would cut a character or a word in two."""
    if place <= 0 or place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    if _is_mark(after) or before in _JOINERS or after in _JOINERS or _TINT.match(after) or _HANGUL.match(after):
        return True
    if _in_word(before) and _in_word(after):
        return not (is_spaceless(before) or is_spaceless(after))
    follows = text[place + 1 : place + 2]
    if after in APOSTROPHES or after in HYPHENS:
        return _in_word(before) and bool(follows) and _in_word(follows)
    leads = text[place - 2 : place - 1] if place > 1 else ""
    return before in HYPHENS and _in_word(after) and bool(leads) and _in_word(leads)


class _Folded:
    """A text in the form in which quotes are alike, with the way back."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._begins, self._ends = array("q"), array("q")  # of each character; -1 inside of what one of the text gave
        for start, end, folded in _fold_pieces(text):
            parts.append(folded)
            if end - start == len(folded):
                self._begins.extend(range(start, end))
                self._ends.extend(range(start + 1, end + 1))
            elif folded:
                inside = [-1] * (len(folded) - 1)
                self._begins.extend([start, *inside])
                self._ends.extend([*inside, end])
        self.text = "".join(parts)

    def places(self, quote: str) -> Iterator[tuple[int, int]]:
        """Yield where `quote` stands in the text, at whole characters of it."""
        for start in _find_all(self.text, quote):
            begin, end = self._begins[start], self._ends[start + len(quote) - 1]
            if begin >= 0 and end >= 0:
                yield begin, end


def _fold_pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, folded) for the successive pieces of a text."""
    for match in _PIECE.finditer(text):
        start, end, piece = match.start(), match.end(), match.group()
        if match.lastgroup == "gap":
            yield start, end, " " if any(sign.isspace() for sign in piece) else ""
        elif match.lastgroup != "words":
            yield start, end, '"' if match.lastgroup == "quotation" else "-"
        elif unicodedata.is_normalized("NFKC", piece):
            yield start, end, piece
        else:
            for word in _WORD.finditer(text, start, end):
                if unicodedata.is_normalized("NFKC", word.group()):
                    yield word.start(), word.end(), word.group()
                else:
                    yield from _fold_signs(word.group(), word.start())


def _fold_signs(words: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the same for each sign by itself, with the marks that belong to it."""
    begin = 0
    for place in range(1, len(words) + 1):
        if place < len(words) and (_is_mark(words[place]) or _HANGUL.match(words[place])):
            continue
        yield start + begin, start + place, unicodedata.normalize("NFKC", words[begin:place])
        begin = place


def _find_all(text: str, quote: str) -> Iterator[int]:
    start = text.find(quote)
    for _ in range(min(_MOST_PLACES, 1 + _MOST_READ // max(1, len(quote)))):
        if start < 0:
            return
        yield start
        start = text.find(quote, start + 1)


def _says_something(claimed: str) -> bool:
    return any(unicodedata.category(character)[0] not in "ZCP" for character in claimed)


def find_quote(original: str, claimed: str, *, near: int = 0) -> FoundQuote | None:
    """Return where a claimed quote stands in the original, or None where it does not.

    Args:
        original: what was said.
        claimed: what is said to stand in it. White space and quotation marks around it do not matter.
        near: of several places, the one that begins nearest to this is taken; by default the first.

    Of more than 1,000 places only that many are looked at, and fewer for quotes beyond 10,000 characters, so that the
    time is linear in the length of the original.
    """
    if not _says_something(claimed):
        return None
    exact = _nearest(original, ((start, start + len(claimed)) for start in _find_all(original, claimed)), near)
    if exact is not None:
        return FoundQuote(*exact, original[slice(*exact)], exact=True)
    folded = _Folded(original)
    sought = _Folded(claimed).text.strip()
    for quote in (sought, sought.strip('" ')):
        alike = _nearest(original, folded.places(quote), near)
        if alike is not None:
            return FoundQuote(*alike, original[slice(*alike)], exact=False)
    return None


def _nearest(original: str, places: Iterable[tuple[int, int]], near: int) -> tuple[int, int] | None:
    """Return the place nearest to `near` that cuts nothing in two."""
    whole = [place for place in places if not _cuts(original, place[0]) and not _cuts(original, place[1])]
    return min(whole, key=lambda place: (abs(place[0] - near), place), default=None)
