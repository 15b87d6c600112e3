"""Stems of words, for the languages that have a Snowball algorithm (https://snowballstem.org/)."""

import threading
from functools import lru_cache

import snowballstemmer

from harken.core.text.folding import fold_case, fold_word

__all__ = ["stem_word", "stemmer_name"]

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_OFFERED = frozenset(snowballstemmer.algorithms())
# A Snowball stemmer keeps the word it works on in itself, so threads must not share one.
_local = threading.local()


def stemmer_name(language: str) -> str:
    """Return the Snowball algorithm for a BCP 47 language tag such as `pt-BR`, or "" if there is none."""
    name = _ALGORITHMS.get(language.replace("_", "-").split("-", 1)[0].lower(), "")
    return name if name in _OFFERED else ""


@lru_cache(maxsize=1 << 16)
def stem_word(word: str, algorithm: str) -> str:
    """Return the folded stem of one word under a Snowball `algorithm` (from `stemmer_name`).

    The stemmer sees the word with its diacritics, because its rules need them; the stem is folded afterwards.
    """
    stemmers: dict[str, snowballstemmer.stemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = snowballstemmer.stemmer(algorithm)
    return fold_word(stemmers[algorithm].stemWord(fold_case(word))) or fold_word(word)
