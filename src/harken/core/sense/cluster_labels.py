"""Words that say what a cluster is about, in each language that is spoken in it.

Class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794), within each language by itself and with texts counted, not
words, so that nobody is louder for saying a word often:

    score(t, c) = n(t, c) / n(c) · ln(1 + A / n(t))

n(t, c) is how many texts of cluster c have the term t, n(c) how many texts of the language it holds, n(t) how many
texts have it anywhere, and A the mean over clusters of Σ_t n(t, c). Terms are words and pairs of neighbouring words, by
their stems; they are shown as they were written most often. Stop words (stopwords-iso), numbers and single letters
are no terms.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from stopwordsiso import stopwords

from harken.core.sense.mixture import Labels
from harken.core.text.stemming import stem_word, stemmer_name
from harken.core.text.words import is_spaceless, split_words

__all__ = ["label_clusters"]

_LONGEST: Final = 2_000
_SHOWN: Final = 5
_SHORTEST: Final = 2
_FEWEST_TEXTS: Final = 2  # that have a term, before it says anything about a cluster
_MOST_TERMS: Final = 60  # of the best are looked at, until enough are found that do not repeat each other
_HIRAGANA: Final = re.compile("[\u3041-\u309f]")


@lru_cache(maxsize=64)
def _stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of a primary subtag; none for a language without a list."""
    code = {"nb": "no", "nn": "no", "ckb": "ku"}.get(language, language)
    # Entries such as "l'on" are cut as the words of a text are.
    return frozenset(word.folded for entry in stopwords(code) for word in split_words(entry))


@lru_cache(maxsize=1 << 16)
def _find_stem(surface: str, folded: str, language: str) -> str:
    """Return what a word is counted under, or "" where it cannot say what a text is about."""
    if len(folded) < _SHORTEST or folded in _stop_words(language) or any(map(str.isdigit, folded)):
        return ""
    # Of pairs of characters, those with hiragana are grammar, or half of each is.
    if not any(map(str.isalpha, folded)) or _HIRAGANA.search(surface):
        return ""
    stemmer = stemmer_name(language)
    return folded if is_spaceless(surface) or not stemmer else stem_word(surface, stemmer)


def _find_terms(text: str, language: str, spelled: dict[str, Counter[str]]) -> set[str]:
    """Return the terms of a text, and count in `spelled` how each is written."""
    terms: set[str] = set()
    before, start, end = "", 0, 0
    for word in split_words(text[:_LONGEST]):
        stem = _find_stem(word.surface, word.folded, language)
        if stem:
            terms.add(stem)
            spelled[stem][word.surface] += 1
            if before and text[end : word.start] == " ":
                pair = f"{before} {stem}"
                terms.add(pair)
                spelled[pair][text[start : word.end]] += 1
        before, start, end = stem, word.start, word.end
    return terms


def label_clusters(
    texts: Sequence[str], languages: Sequence[str], labels: Labels, k: int
) -> list[dict[str, tuple[str, ...]]]:
    """Return for each of k clusters the terms that set it apart, by language tag, the best first.

    Args:
        texts: all of them, those in no cluster too.
        languages: the tag of each, "" where it is unknown; those give no labels.
        labels: (n,) the cluster of each, −1 for none.
        k: how many clusters there are.

    Returns:
        up to five terms for each language that at least two texts of a cluster share a term in.
    """
    found: list[dict[str, tuple[str, ...]]] = [{} for _ in range(k)]
    for tag, places in _by_language(languages).items():
        spelled: dict[str, Counter[str]] = defaultdict(Counter)
        language = tag.replace("_", "-").partition("-")[0].lower()
        counts: list[Counter[str]] = [Counter() for _ in range(k + 1)]  # the last: of texts in no cluster
        for place in places:
            counts[labels[place]].update(_find_terms(texts[place], language, spelled))
        sizes = np.bincount(labels[places] + 1, minlength=k + 1)[1:]
        overall = sum(counts, Counter())
        average = sum(map(Counter.total, counts[:k])) / max(1, k)
        for cluster in range(k):
            scores = {
                term: count / int(sizes[cluster]) * float(np.log1p(average / overall[term]))
                for term, count in counts[cluster].items()
                if count >= _FEWEST_TEXTS
            }
            best = sorted(scores, key=lambda term: (-scores[term], term))[:_MOST_TERMS]
            # The commonest spelling; of equally common ones the first in the alphabet.
            shown = [min(spelled[term].items(), key=lambda item: (-item[1], item[0]))[0] for term in _distinct(best)]
            if shown:
                found[cluster][tag] = tuple(shown)
    return found


def _by_language(languages: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, tag in enumerate(languages):
        if tag:
            places.setdefault(tag, []).append(place)
    return places


def _distinct(terms: Iterable[str]) -> list[str]:
    """Return the first terms that do not repeat a word of one before."""
    kept: list[str] = []
    words: set[str] = set()
    for term in terms:
        parts = term.split()
        if words.isdisjoint(parts) and len(kept) < _SHOWN:
            kept.append(term)
            words.update(parts)
    return kept
