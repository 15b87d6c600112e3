"""Stems of words: by Snowball (https://snowballstem.org/) where it knows the language, for Arabic by light stemming."""

import threading
from functools import lru_cache

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
# A Snowball stemmer keeps the word it works on in itself, so threads must not share one.
_local = threading.local()


# Light10 of Larkey, Ballesteros and Connell (2007), doi:10.1007/978-1-4020-6046-5_12, on folded letters. Snowball's
# Arabic leaves "and the" (waw, alef, lam) in place, so "والتوصيات" and "التوصيات" would not meet.
_ARABIC_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _stem_arabic(word: str) -> str:
    """Return a folded Arabic word without article, conjunction and endings, at least two letters of it."""
    article = next((article for article in _ARABIC_ARTICLES if word.startswith(article)), "")
    if article and len(word) - len(article) >= 2:
        word = word[len(article) :]
    elif word.startswith("و") and len(word) > 3:
        word = word[1:]
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[: -len(ending)]
    return word


@lru_cache(maxsize=1)
def _offered() -> frozenset[str]:
    # 3 MB, which a server does without until somebody searches.
    import snowballstemmer  # noqa: PLC0415 - see above

    return frozenset(snowballstemmer.algorithms())


def stemmer_name(language: str) -> str:
    """Return the name of the stemmer for a BCP 47 language tag such as `pt-BR`, or "" if there is none."""
    name = _ALGORITHMS.get(language.replace("_", "-").split("-", 1)[0].lower(), "")
    return name if name and name in _offered() else ""


@lru_cache(maxsize=1 << 16)
def stem_word(word: str, algorithm: str) -> str:
    """Return the folded stem of one word by the stemmer called `algorithm` (from `stemmer_name`).

    A Snowball stemmer sees the word with its diacritics, because its rules need them; the stem is folded afterwards.
    """
    if algorithm == "arabic":
        return _stem_arabic(fold_word(word))
    import snowballstemmer  # noqa: PLC0415 - as above

    stemmers: dict[str, snowballstemmer.stemmer] = _local.__dict__.setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmers[algorithm] = snowballstemmer.stemmer(algorithm)
    return fold_word(stemmers[algorithm].stemWord(fold_case(word))) or fold_word(word)
