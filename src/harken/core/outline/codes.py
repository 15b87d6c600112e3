"""Readable codes of groups: `AD` for Advocacy, `CB` for Capacity Building, `PT` for Product & Technology."""

import unicodedata
from collections.abc import Iterable, Iterator

from anyascii import anyascii

from harken.core.outline.lexicon import MINOR_WORDS, fold_word, fold_words, split_words

__all__ = ["assign_codes", "group_key"]


# Ways to write "and" between two words of a name.
_AND = fold_words("and und y e et ou और एवं तथा व و")


def group_key(name: str) -> str:
    """Return what makes two names the same group: their words without case, accents, punctuation and inner "and".

    "Product & Technology" and "product and technology" are one group; "Circle A" and "Circle E" are two.
    """
    words = [fold_word(word) for word in split_words(unicodedata.normalize("NFKC", name))]
    inner = [word for place, word in enumerate(words) if word not in _AND or place in (0, len(words) - 1)]
    return " ".join(inner) or name.strip()


def assign_codes(names: Iterable[str]) -> dict[str, str]:
    """Return a code of Latin capitals and digits for each name, by its `group_key`, in order of first appearance.

    A name of several significant words gives their initials, a single word its first two letters; other scripts are
    transliterated first. A code that is taken grows by letters of the name (`CH`, `COH`, `COMH`), then by a digit.
    """
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        key = group_key(name)
        if key in codes:
            continue
        code = next(candidate for candidate in _code_candidates(name) if candidate not in taken)
        taken.add(code)
        codes[key] = code
    return codes


def _code_candidates(name: str) -> Iterator[str]:
    words = _latin_words(name)
    first, rest = words[0], "".join(word[0] for word in words[1:5])
    shortest = 1 if rest else min(2, len(first))
    for length in range(shortest, min(len(first), 6) + 1):
        yield first[:length] + rest
    base = first[:shortest] + rest
    number = 2
    while True:
        yield f"{base}{number}"
        number += 1


def _latin_words(name: str) -> list[str]:
    words = split_words(unicodedata.normalize("NFKC", name))
    # The last word is never minor: it tells "Circle A" from "Circle E".
    significant = [word for word in words[:-1] if fold_word(word) not in MINOR_WORDS] + words[-1:]
    latin = ("".join(c for c in anyascii(_without_article(word)).upper() if c.isalnum()) for word in significant)
    kept = [word for word in latin if word]
    # A code starts with a letter, so that it cannot be taken for a number.
    while len(kept) > 1 and not kept[0][0].isalpha():
        kept.append(kept.pop(0)) if any(word[0].isalpha() for word in kept) else kept.clear()
    if not kept:
        return ["G" + "".join(c for c in anyascii(name) if c.isdigit())[:3]]
    return kept if kept[0][0].isalpha() else [f"G{kept[0]}", *kept[1:]]


def _without_article(word: str) -> str:
    # Every Arabic noun would begin with the same letter otherwise.
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
