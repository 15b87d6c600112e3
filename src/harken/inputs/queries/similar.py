"""Inputs that say what somebody is about to say: offered while they write, so that they can agree instead."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet

from harken.core.text.words import QueryTerm, index_terms, query_terms, split_words
from harken.inputs.models import Input
from harken.inputs.queries.ledger import InputRow, describe_rows
from harken.inputs.words import INPUT_WORDS

FEWEST_LETTERS: Final = 4
MOST_WORDS: Final = 6
CANDIDATES: Final = 200
LEAST_SHARE: Final = 0.3


def find_similar(
    inputs: QuerySet[Input],
    text: str,
    lang: str,
    limit: int = 3,
    *,
    likely: Sequence[str] = (),
    near: Q | None = None,
    least: float = LEAST_SHARE,
) -> tuple[InputRow, ...]:
    """Those of `inputs` that share most words with `text`, the most alike in front.

    At most five queries, and one more where some are hidden.

    Of the text's six longest words, which tell most, two have to be there; of the newest 200 such inputs those are kept
    that share `least` of all words (Dice's coefficient over the terms of the index, 0 to 1). Those that are `near` are
    looked for by themselves too, and stand before all others. Where `lang` is not known, the text is taken to be in one
    of the `likely` languages.
    """
    words = {word.folded: word.surface for word in split_words(text) if len(word.folded) >= FEWEST_LETTERS}
    longest = sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS]
    terms = query_terms(" ".join(words[word] for word in longest), [lang] if lang else likely)
    # Words are finished here: "farm" is not to find "farmers' markets" by its beginning.
    terms = [term._replace(prefix="") for term in terms]
    in_front = set(_find(terms, inputs.filter(near)) if near is not None else ())
    found = list(in_front.union(_find(terms, inputs)))
    if not found:
        return ()
    described = describe_rows(found, sees_speakers=False)
    own = {code: Counter(index_terms(text, code)) for code in {lang or row.lang for row in described}}
    shares = {
        row.pk: _share(own[lang or row.lang], Counter(index_terms(_words_of(row), row.lang))) for row in described
    }
    alike = [row for row in described if shares[row.pk] >= least and not row.is_blank]
    return tuple(
        sorted(alike, key=lambda row: (row.pk not in in_front, -shares[row.pk], -row.supports, row.pk))[:limit]
    )


def _find(terms: Sequence[QueryTerm], inputs: QuerySet[Input]) -> list[int]:
    return INPUT_WORDS.find(terms, inputs, below=None, limit=CANDIDATES, enough=2)


def _words_of(row: InputRow) -> str:
    return "\n".join((row.text, *(response.text for response in row.responses)))


def _share(first: Counter[str], second: Counter[str]) -> float:
    both = first.total() + second.total()
    return 2 * (first & second).total() / both if both else 0.0
