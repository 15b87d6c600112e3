"""Extracts: what was said, in verbatim spans; and the few that stand for many.

A summary here is a list of quotes. There is nothing in it that nobody said: every extract carries the place of its text
and its offsets, and `verify_extracts` holds it against the original, letter by letter.

**Sentences** are those of `harken.core.text.sentences` (UAX #29, tailored by language). What is longer than 400
characters is cut at a line break, a sign between clauses or a space: in Thai and Lao, which have no sign for the end of
a sentence, a space stands there.

**Candidate claims** are the sentences in which somebody makes a point of their own: no questions, no lines quoted from
others, no addresses, greetings or lists of signs, and long enough to say something. The rules look at signs and lengths
and know no words, so they are the same in every language.

**Central quotes** cover a cluster. With s_ij the cosine of two vectors, 0 where it is negative, they maximise the
facility location function

    F(A) = Σ_i w_i max_{j ∈ A} s_ij

greedily, which comes to at least 1 − 1/e of the best there is (Nemhauser, Wolsey, Fisher 1978,
doi:10.1007/BF01588971; for summaries Lin, Bilmes 2011, *A class of submodular functions for document summarization*).
`coverage` is F(A) / Σ w_i: how near, on average, something said is to the quote that stands for it.

**Dissenting quotes** are the farthest that still belong: one after the other, the one with the largest distance 1 − s
to the cluster's middle, to the central quotes and to the dissenting ones before it (farthest-first traversal: Gonzalez
1985, doi:10.1016/0304-3975(85)90224-5). Far from the middle means unlike it in what is said, which is not the same as
against it. What belongs is nearer to this middle than to any other, and no outlier: not farther than the third quartile
of distances and one and a half times their interquartile range (Tukey 1977, *Exploratory data analysis*).
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harken.core.text.sentences import split_sentences
from harken.core.text.words import SPACELESS_CHARACTER

__all__ = [
    "Extract",
    "ExtractError",
    "Summary",
    "choose_central",
    "choose_dissenting",
    "find_claims",
    "split_extracts",
    "summarise_cluster",
    "verify_extracts",
]

LONGEST: Final = 400
_FEWEST_WORDS: Final = 4
_FEWEST_SIGNS: Final = 8  # in scripts without spaces
_MOST_CELLS: Final = 20_000_000
_LEAST_GAIN: Final = 1e-9
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


class ExtractError(ValueError):
    """An extract does not stand in its text, or vectors do not belong to extracts; the message says which."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A verbatim span of a text.

    Attributes:
        text: place of the text among those given.
        start: where it begins there, in characters.
        end: where it ends.
        words: exactly what stands there.
    """

    text: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands for a cluster: quotes, and nothing else.

    Attributes:
        central: what covers it best, the one that covers most first.
        dissenting: what is farthest from the middle and still belongs, farthest first.
        coverage: 0 … 1, how well the central quotes cover it.
    """

    central: tuple[Extract, ...]
    dissenting: tuple[Extract, ...]
    coverage: float


def verify_extracts(extracts: Sequence[Extract], texts: Sequence[str]) -> None:
    """Hold extracts against the originals.

    Raises:
        ExtractError: one names no text, or its words do not stand at its offsets.
    """
    for extract in extracts:
        if not 0 <= extract.text < len(texts):
            raise ExtractError(f"There is no text {extract.text} for “{extract.words[:60]}”.")
        text = texts[extract.text]
        stands = 0 <= extract.start < extract.end <= len(text)
        if not stands or text[extract.start : extract.end] != extract.words:
            raise ExtractError(f"“{extract.words[:60]}” does not stand in text {extract.text} at {extract.start}.")


# --- Sentences and claims ---

_BREAKS: Final = tuple(re.compile(pattern) for pattern in ("\n", "[;；؛·:：—]|、|[,，،](?=\\s)|[。！？]", "\\s"))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence, none longer than `LONGEST`."""
    while end - start > LONGEST:
        middle = start + LONGEST
        for sign in _BREAKS:
            places = [match.end() for match in sign.finditer(text, start + LONGEST // 4, middle)]
            if places:
                middle = places[-1]
                break
        else:
            # A mark belongs to the letter before it; nobody writes a dozen on one.
            middle = next((at for at in range(middle, middle - 12, -1) if not _is_mark(text[at])), middle)
        yield from _trim(text, start, middle)
        start = middle
    yield from _trim(text, start, end)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end


def split_extracts(texts: Sequence[str], languages: Sequence[str] = ()) -> list[Extract]:
    """Return the sentences of texts as extracts, in order; those longer than 400 characters in parts.

    Args:
        texts: the originals.
        languages: of each, BCP 47, "" where it is not known; none at all where none is.

    Raises:
        ValueError: there are languages, but not one for each text.
    """
    found = []
    for place, (text, language) in enumerate(zip(texts, languages or repeat("", len(texts)), strict=True)):
        for sentence in split_sentences(text, language):
            found += [Extract(place, start, end, text[start:end]) for start, end in _cut(text, *sentence)]
    return found


_QUESTION: Final = re.compile("[?？؟⁇⁈\u037e՞፧⸮][\\s\"'”’»›)\\]*_]*$")
_OF_OTHERS: Final = re.compile("^[ \\t]*+[>|].*$", re.MULTILINE)  # quoted in mail and forums; a row of a table
_LINK: Final = re.compile("(?<!\\w)(?:https?://|www\\.)\\S+|(?<!\\S)[^\\s@]++@\\S+")
_WORD: Final = re.compile("[^\\W\\d_]\\S*+")
_LETTER: Final = re.compile("[^\\W\\d_]")


def _makes_point(sentence: str) -> bool:
    if _QUESTION.search(sentence[-40:]):
        return False
    words = _LINK.sub("", sentence)
    signs = sum(not sign.isspace() for sign in words)
    # Marks are neither letters nor other signs here: "हिन्दी" is all letters.
    if not signs or 2 * len(_LETTER.findall(words)) < signs - sum(map(_is_mark, words)):
        return False
    spaceless = len(SPACELESS_CHARACTER.findall(words))
    return spaceless >= _FEWEST_SIGNS if 2 * spaceless > signs else len(_WORD.findall(words)) >= _FEWEST_WORDS


def find_claims(texts: Sequence[str], languages: Sequence[str] = ()) -> list[Extract]:
    """Return the sentences that make a point, by the rules of this module; arguments as in `split_extracts`."""
    of_others = [[match.span() for match in _OF_OTHERS.finditer(text)] for text in texts]
    return [
        extract
        for extract in split_extracts(texts, languages)
        if _makes_point(extract.words) and not _lies_in(of_others[extract.text], extract.start)
    ]


def _lies_in(spans: Sequence[tuple[int, int]], place: int) -> bool:
    at = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return at >= 0 and place < spans[at][1]


# --- Quotes that stand for a cluster ---


def _unit(vectors: ArrayLike) -> NDArray[np.float32]:
    """Return vectors of length 1; those of length 0 stay so.

    Raises:
        ExtractError: they are no table of finite numbers.
    """
    given = np.asarray(vectors, dtype=np.float64)
    if given.ndim != 2 or not np.isfinite(given).all():
        raise ExtractError("Vectors are a table with a row of finite numbers for each extract.")
    # By the largest number first, so that no square is too large or too small.
    given = given / np.maximum(np.abs(given).max(axis=1, keepdims=True, initial=0.0), 1e-300)
    length = np.linalg.norm(given, axis=1, keepdims=True)
    unit: NDArray[np.float32] = (given / np.where(length > 0, length, 1.0)).astype(np.float32)
    return unit


def _of_all(values: ArrayLike | None, size: int, what: str) -> Numbers:
    given = np.ones(size) if values is None else np.asarray(values, dtype=np.float64)
    if given.shape != (size,) or not np.isfinite(given).all() or (given < 0).any():
        raise ExtractError(f"There is one number, 0 or more, for each extract as its {what}.")
    return given


def _take(taken: list[int], usable: Flags, place: int, speakers: Sequence[Any] | None) -> None:
    """Put a quote on the list, and everything its speaker said off it."""
    taken.append(place)
    usable[place] = False
    if speakers is not None:
        usable &= np.array([speaker != speakers[place] for speaker in speakers])


def choose_central(
    vectors: ArrayLike,
    number: int,
    *,
    weights: ArrayLike | None = None,
    usable: Flags | None = None,
    speakers: Sequence[Any] | None = None,
) -> tuple[list[int], float]:
    """Return the places of the quotes that cover a cluster best, and their coverage, 0 … 1.

    Fewer than `number` come back when one more would cover nothing better. Beyond 20 million cells of n × n, quotes are
    chosen among so many as fit, spread evenly from the middle outwards; all count in what is to be covered.

    Args:
        vectors: (n, d) one for each extract, of any length.
        number: how many quotes, at most.
        weights: (n,) how much each extract is to count in the coverage; all alike by default.
        usable: (n,) which may be quoted; all by default.
        speakers: of each, who said it; then nobody is quoted twice.

    Raises:
        ExtractError: there are not as many of everything as vectors, or vectors are not finite.
    """
    unit = _unit(vectors)
    size = unit.shape[0]
    weight = _of_all(weights, size, "weight")
    open_ = _flags(usable, size)
    _check_speakers(speakers, size)
    total = float(weight.sum())
    if not open_.any() or total == 0:
        return [], 0.0
    candidates = _spread(unit, weight, np.flatnonzero(open_), max(1, _MOST_CELLS // size))
    near = np.maximum(unit[candidates] @ unit.T, 0.0)
    best = np.zeros(size, dtype=np.float32)
    taken: list[int] = []
    while len(taken) < number and open_[candidates].any():
        gains = np.array([float(np.maximum(row - best, 0.0) @ weight) for row in near])
        gains[~open_[candidates]] = -1.0
        at = int(np.argmax(gains))
        if gains[at] <= _LEAST_GAIN * total:
            break
        best = np.maximum(best, near[at])
        _take(taken, open_, int(candidates[at]), speakers)
    return taken, min(1.0, float(best @ weight) / total)


def _flags(usable: Flags | None, size: int) -> Flags:
    flags = np.ones(size, dtype=bool) if usable is None else np.array(usable, dtype=bool)
    if flags.shape != (size,):
        raise ExtractError("There is one yes or no for each extract.")
    return flags


def _check_speakers(speakers: Sequence[Any] | None, size: int) -> None:
    if speakers is not None and len(speakers) != size:
        raise ExtractError(f"There are {len(speakers)} speakers for {size} extracts.")


def _middle(unit: NDArray[np.float32], weight: Numbers) -> NDArray[np.float32]:
    middle: NDArray[np.float32] = _unit((weight @ unit)[None])[0]
    return middle


def _spread(unit: NDArray[np.float32], weight: Numbers, places: Places, most: int) -> Places:
    """Return at most so many of the places, evenly from the nearest to the middle to the farthest."""
    if places.size <= most:
        return places
    order = places[np.argsort(-(unit[places] @ _middle(unit, weight)), kind="stable")]
    return np.sort(order[np.linspace(0, order.size - 1, most).astype(np.int64)])


def choose_dissenting(
    vectors: ArrayLike,
    number: int,
    *,
    central: Sequence[int] = (),
    others: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    usable: Flags | None = None,
    speakers: Sequence[Any] | None = None,
) -> list[int]:
    """Return the places of the quotes that are farthest from the middle of a cluster and still belong to it.

    Args:
        vectors: (n, d) one for each extract.
        number: how many quotes, at most.
        central: places of quotes that stand for the middle; these are kept away from.
        others: (k, d) middles of other clusters; what is nearer to one of them does not belong.
        weights: (n,) how much each extract counts in the middle.
        usable: (n,) which may be quoted.
        speakers: of each, who said it; then nobody is quoted twice, nor those who are in `central`.

    Raises:
        ExtractError: as in `choose_central`.
    """
    unit = _unit(vectors)
    size = unit.shape[0]
    _check_speakers(speakers, size)
    open_ = _flags(usable, size)
    if not size:
        return []
    middle = _middle(unit, _of_all(weights, size, "weight"))
    distance = 1.0 - unit @ middle
    quarter, three_quarters = np.quantile(distance, [0.25, 0.75])
    open_ &= distance <= three_quarters + 1.5 * (three_quarters - quarter) + 1e-6
    open_ &= np.linalg.norm(unit, axis=1) > 0
    if others is not None and len(np.asarray(others)):
        open_ &= distance <= 1.0 - (unit @ _unit(others).T).max(axis=1)
    taken: list[int] = []
    for place in central:
        _take([], open_, place, speakers)
        distance = np.minimum(distance, 1.0 - unit @ unit[place])
    while len(taken) < number and open_.any():
        at = int(np.argmax(np.where(open_, distance, -1.0)))
        if distance[at] <= 1e-6:
            break
        distance = np.minimum(distance, 1.0 - unit @ unit[at])
        _take(taken, open_, at, speakers)
    return taken


def summarise_cluster(
    texts: Sequence[str],
    extracts: Sequence[Extract],
    vectors: ArrayLike,
    *,
    central: int = 3,
    dissenting: int = 2,
    others: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    speakers: Sequence[Any] | None = None,
) -> Summary:
    """Return the quotes that stand for a cluster, each verified against its original.

    Args:
        texts: the originals.
        extracts: n extracts of them, such as `find_claims` gives.
        vectors: (n, d) one for each extract.
        central: how many central quotes, at most.
        dissenting: how many dissenting quotes, at most.
        others: (k, d) middles of other clusters.
        weights: (n,) how much each extract counts.
        speakers: of each extract, who said it; then nobody is quoted twice.

    Raises:
        ExtractError: an extract does not stand in its text, or there are not as many of everything as extracts.
    """
    given = np.asarray(vectors, dtype=np.float64)
    if given.shape[:1] != (len(extracts),):
        raise ExtractError(f"There are {given.shape[:1]} vectors for {len(extracts)} extracts.")
    verify_extracts(extracts, texts)
    if not extracts:
        return Summary((), (), 0.0)
    middle, coverage = choose_central(given, central, weights=weights, speakers=speakers)
    far = choose_dissenting(given, dissenting, central=middle, others=others, weights=weights, speakers=speakers)
    return Summary(
        tuple(extracts[place] for place in middle), tuple(extracts[place] for place in far), round(coverage, 6)
    )
