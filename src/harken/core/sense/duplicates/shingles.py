"""Texts as sets of shingles, in any script: what near-duplicates are compared by.

A text is folded (`harken.core.text.folding`: NFKC, case, diacritics, the forms of Arabic letters, digits of all
scripts) and cut into tokens: words where a script puts spaces between them, single characters where it does not.
Punctuation, symbols and apostrophes fall away; a text that has nothing else is made of its symbols. A shingle is

* each word, and each word with the one after it;
* each Han character with the one after it, each kana with the two after it, each Thai, Lao, Khmer or Burmese
  character with the three after it, as far as the stretch without spaced words goes.

All of it is worked out in columns for thousands of texts at a time. Tokens and shingles are numbers of 64 bits, by
fixed formulas: the same text gives the same numbers on every machine, in every run and whatever stands beside it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from harken.core.text.folding import fold
from harken.core.text.words import APOSTROPHES, SPACELESS_CHARACTER

__all__ = ["Hashes", "ShingledTexts", "mix", "shingle_chunks", "shingle_texts"]

Hashes = NDArray[np.uint64]

# What a character is to a text. Those of spaceless scripts carry how many make a shingle.
_NOTHING: Final = 0
_WORD: Final = 1
_HAN: Final = 2
_KANA: Final = 3
_CLUSTERED: Final = 4
_SYMBOL: Final = 5
_DROPPED: Final = 6

_CHUNK_TEXTS: Final = 8_192
_CHUNK_CHARACTERS: Final = 1_000_000


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Return what each code point is."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for first, last in [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x20000, 0x3347F)]:
        kinds[first : last + 1] = _WORD  # the large blocks: Han and Hangul
    for code in (*range(0x20, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x19000), *range(0x1AFF0, 0x1FC00)):
        character = chr(code)
        category = unicodedata.category(character)
        if category[0] in "LMN":
            kinds[code] = _WORD
        elif category[0] in "PS":
            kinds[code] = _SYMBOL
    for code in range(0x0E01, 0x20000):
        if kinds[code] == _WORD and SPACELESS_CHARACTER.match(chr(code)):
            kinds[code] = _CLUSTERED
    kana = [(0x3031, 0x3035), (0x3041, 0x309F), (0x30A1, 0x30FF), (0x3105, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF)]
    for first, last in [*kana, (0xFF66, 0xFF9F), (0x1B000, 0x1B16F)]:
        kinds[first : last + 1][kinds[first : last + 1] == _CLUSTERED] = _KANA
    for first, last in [(0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303C), (0x3400, 0x9FFF), (0xF900, 0xFAFF)]:
        kinds[first : last + 1][kinds[first : last + 1] == _CLUSTERED] = _HAN
    kinds[0x20000:0x33480] = _HAN
    kinds[[ord(each) for each in APOSTROPHES]] = _DROPPED
    return kinds


def mix(values: Hashes) -> Hashes:
    """Return 64 well-mixed bits for each value.

    The finaliser of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
    """
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


_STEP: Final = np.uint64(0xD1B54A32D192ED03)


def _places_in(starts: NDArray[np.int64], size: int) -> Hashes:
    """Return for each of `size` elements how far it stands from the last of `starts`, which begin with 0."""
    lengths = np.diff(np.append(starts, size))
    return (np.arange(size) - np.repeat(starts, lengths)).astype(np.uint64)


@dataclass(frozen=True, slots=True)
class ShingledTexts:
    """Some texts as numbers.

    Attributes:
        keys: (n,) one number for each text: equal where the tokens are equal, and 0 for a text without any.
        first: (n + 1,) where the shingles of each text begin.
        shingles: those of all texts, one text after the other; one that occurs twice stands there twice.
        tokens: (n,) how many tokens each text has.
    """

    keys: Hashes
    first: NDArray[np.int64]
    shingles: Hashes
    tokens: NDArray[np.int32]


def shingle_texts(texts: Sequence[str]) -> ShingledTexts:
    """Return the shingles of `texts`; linear in their length. Take not too many at a time: see `shingle_chunks`."""
    n = len(texts)
    joined = "\x00".join(texts)
    if joined.count("\x00") != n - 1:
        joined = "\x00".join(text.replace("\x00", " ") for text in texts)
    codes = np.frombuffer(fold(joined).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[codes]
    kept = kinds != _DROPPED
    codes, kinds = codes[kept], kinds[kept]
    owners = np.cumsum(codes == 0, dtype=np.int64)
    wordless = np.bincount(owners[(kinds > _NOTHING) & (kinds < _SYMBOL)], minlength=n) == 0
    if wordless.any():
        kinds[(kinds == _SYMBOL) & wordless[owners]] = _HAN
    hashes, sizes, owner = _cut_tokens(codes, kinds, owners)
    tokens = np.bincount(owner, minlength=n)
    begins = np.concatenate([[0], np.cumsum(tokens)])
    order = np.arange(hashes.size, dtype=np.int64) - begins[owner]
    keys = np.zeros(n, dtype=np.uint64)
    held = tokens > 0
    if held.any():
        keys[held] = np.add.reduceat(mix(hashes + order.astype(np.uint64) * _STEP), begins[:-1][held])
    shingles, counts = _make_shingles(hashes, sizes, owner, n)
    return ShingledTexts(keys, np.concatenate([[0], np.cumsum(counts)]), shingles, tokens.astype(np.int32))


def _cut_tokens(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], owners: NDArray[np.int64]
) -> tuple[Hashes, NDArray[np.uint8], NDArray[np.int64]]:
    """Return of each token its number, its kind, and whose it is."""
    in_word = kinds == _WORD
    starts_word = in_word.copy()
    starts_word[1:] &= ~in_word[:-1]
    letters = np.flatnonzero(in_word)
    word_starts = np.flatnonzero(starts_word[letters])
    places = np.flatnonzero(starts_word | ((kinds >= _HAN) & (kinds <= _CLUSTERED)))
    hashes = codes[places].astype(np.uint64)
    if letters.size:
        mixed = mix(codes[letters] + _places_in(word_starts, letters.size) * _STEP)
        hashes[kinds[places] == _WORD] = np.add.reduceat(mixed, word_starts)
    return mix(hashes), kinds[places], owners[places]


def _make_shingles(
    tokens: Hashes, kinds: NDArray[np.uint8], owner: NDArray[np.int64], n: int
) -> tuple[Hashes, NDArray[np.int64]]:
    """Return all shingles, text by text, and how many each text has."""
    spaced = kinds == _WORD
    sizes = np.where(spaced, 2, kinds)
    shingles = tokens.copy()
    going = np.ones(tokens.size, dtype=bool)
    for step in range(1, min(_CLUSTERED, tokens.size)):
        going[tokens.size - step :] = False
        going[: tokens.size - step] &= (
            (sizes[: tokens.size - step] > step)
            & (owner[: tokens.size - step] == owner[step:])
            & (spaced[: tokens.size - step] == spaced[step:])
        )
        places = np.flatnonzero(going)
        shingles[places] = mix(shingles[places] * _STEP + tokens[places + step])
    # A last word has no pair: its shingle is itself already.
    pairs = np.flatnonzero(spaced & (shingles != tokens))
    both = np.concatenate([shingles, tokens[pairs]])
    whose = np.concatenate([owner, owner[pairs]])
    order = np.argsort(whose, kind="stable")
    return both[order], np.bincount(whose, minlength=n)


def shingle_chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield `texts` in their order, a few thousand at a time, or fewer where they are long."""
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))
    start, before = 0, 0
    while start < len(texts):
        fitting = int(np.searchsorted(ends, before + _CHUNK_CHARACTERS, side="right"))
        stop = max(start + 1, min(start + _CHUNK_TEXTS, fitting))
        yield texts[start:stop]
        start, before = stop, int(ends[stop - 1])
