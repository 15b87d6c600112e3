"""Words of a text in any script: the one tokeniser behind search, similarity, difference and alignment.

Scripts written with spaces give words; Han, kana, Thai, Lao, Khmer, Burmese and their kin give overlapping pairs of
characters, which need no dictionary and find every word of two characters or more.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from harken.core.text.folding import INVISIBLE, fold, fold_word
from harken.core.text.stemming import stem_word, stemmer_name

__all__ = [
    "SPACELESS_CHARACTER",
    "QueryTerm",
    "Word",
    "fold",
    "highlight",
    "index_terms",
    "is_spaceless",
    "query_terms",
    "snippet",
    "split_clusters",
    "split_tokens",
    "split_words",
]


class Word(NamedTuple):
    """One word where it stands: `text[start:end] == surface`, and `folded` is what it is compared by."""

    start: int
    end: int
    surface: str
    folded: str


def _mark_class() -> str:
    """Return the body of a regular-expression class of all combining marks (categories Mn, Mc, Me).

    The word characters of `re` leave them out, which would cut "हिन्दी" in three.
    """
    spans: list[list[int]] = []
    last = 0
    for code in range(0x0300, 0x20000):
        category = unicodedata.category(chr(code))
        if category[0] == "M":
            if spans and last == code - 1:
                spans[-1][1] = code
            else:
                spans.append([code, code])
        if category[0] == "M" or (category == "Cn" and last == code - 1):
            last = code  # over unassigned code points a span goes on: there is nothing to keep out
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


_MARKS = _mark_class()
# Letters (digits excepted) of the scripts written without spaces between words.
_SPACELESS = (
    "\u0e01-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u1a20-\u1a7f\u1b00-\u1b4b\ua980-\ua9c0"  # Tai Tham, Balinese, Javanese
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"  # kana, bopomofo, Han
)
# Follow their base in one cluster: marks, Thai and Lao sara aa and am, half-width voicing marks.
_EXTENDERS = f"{_MARKS}{INVISIBLE}\u0e32\u0e33\u0eb2\u0eb3\uff9e\uff9f"
# Bind the next consonant under the one before: Burmese, Khmer, Tai Tham, Balinese, Javanese.
_STACKERS = "\u1039\u17d2\u1a60\u1b44\ua9c0"

APOSTROPHES = "'\u2019\u2018\uff07\u055a\ua78c"
JOINERS = f"{APOSTROPHES}\u00b7\u2027\u05f3\u05f4"  # with the Catalan middle dot, Hebrew geresh and gershayim
HYPHENS = "-\u2010\u2011"

_RUN = f"[\\w{_MARKS}{INVISIBLE}]+"
# A number with groups of thousands, a one-letter prefix with its hyphen (e-mail), or a run of letters and digits
# that may hold apostrophes.
_CHUNK = re.compile(
    f"(?<!\\w)\\d{{1,3}}(?:[.,\u066c\u202f{APOSTROPHES}]\\d{{3}})+(?!\\w)"
    f"|(?<![{HYPHENS}\\w])[^\\W\\d_][{HYPHENS}][^\\W\\d_]{{2,}}(?![{HYPHENS}{APOSTROPHES}\u0300-\u036f\u0900-\u0dff])"
    f"|{_RUN}(?:[{JOINERS}]{_RUN})*"
)
SPACELESS_CHARACTER = re.compile(f"[{_SPACELESS}]")
"""One letter of a script written without spaces between words."""
# Within a run, what is neither a word character nor a joiner is a mark or invisible.
_PART = re.compile(f"((?:[{_SPACELESS}][^\\w{JOINERS}]*)+)|([^{_SPACELESS}_]+)")
_CLUSTER = re.compile(f".(?:[{_STACKERS}].|[{_EXTENDERS}])*", re.DOTALL)
_JOINER = re.compile(f"[{JOINERS}]")

# Words that lose their vowel before another (French, Italian, Catalan, Portuguese): "l'eau" is two words.
ELISIONS = frozenset(
    (
        *("c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu", "quelqu"),
        *("all", "dall", "dell", "nell", "sull", "coll", "un", "gl", "quell", "bell", "quest", "sant"),
    )
)


def is_spaceless(text: str) -> bool:
    """Return whether `text` begins with a letter of a script written without spaces."""
    return text[:1] >= "\u0e01" and SPACELESS_CHARACTER.match(text) is not None


def split_clusters(text: str) -> list[str]:
    """Return `text` as characters with the marks that belong to them: `"".join` gives the text again."""
    return _CLUSTER.findall(text)


def _pairs(text: str, start: int) -> Iterator[Word]:
    """Yield the overlapping pairs of clusters of a spaceless `text` that begins at `start`."""
    bounds = [start, *(start + cluster.end() for cluster in _CLUSTER.finditer(text))]
    if len(bounds) == 2:
        yield Word(start, bounds[1], text, fold_word(text))
    for first, last in zip(bounds, bounds[2:], strict=False):
        surface = text[first - start : last - start]
        yield Word(first, last, surface, fold_word(surface))


@lru_cache(maxsize=1 << 14)
def _fold_joined(surface: str) -> str:
    """Return the folded form of a word with apostrophes: "movement's" → movement, "don't" → dont."""
    parts = _JOINER.split(surface)
    if len(parts) > 1 and parts[-1].lower() == "s" and len(parts[0]) > 1:
        parts.pop()
    return fold_word("".join(parts))


def _spaced(surface: str, start: int) -> Iterator[Word]:
    """Yield the word or, at elisions, the words of one run of a script written with spaces."""
    while (joiner := _JOINER.search(surface)) and surface[: joiner.start()].lower() in ELISIONS:
        elided = surface[: joiner.start()]
        yield Word(start, start + len(elided), elided, fold_word(elided))
        surface = surface[joiner.end() :]
        start += joiner.end()
    yield Word(start, start + len(surface), surface, _fold_joined(surface))


def split_words(text: str) -> list[Word]:
    """Return the words of `text` in order of their start.

    Spaced scripts: maximal runs of letters, marks and digits. Apostrophes stay inside a word ("O'Brien" folds to
    obrien) but divide at French and Italian elisions; a final 's is not folded in; hyphens divide, except after a
    single letter ("e-mail" folds to email); thousands separators are folded away. Spaceless scripts: overlapping
    pairs of characters, or the character that stands alone. Linear in the length of `text`.
    """
    words: list[Word] = []
    for chunk in _CHUNK.finditer(text):
        surface = chunk.group()
        start = chunk.start()
        if surface.isalnum() and (surface.isascii() or not SPACELESS_CHARACTER.search(surface)):
            words.append(Word(start, chunk.end(), surface, fold_word(surface)))
            continue
        for part in _PART.finditer(surface):
            piece = part.group()
            make = _pairs if part.group(1) else _spaced
            words.extend(word for word in make(piece, start + part.start()) if word.folded)
    return words


_TOKEN = re.compile(
    f"{_RUN}(?:[{JOINERS}]{_RUN})*"
    "|\\n|[^\\S\\n]+"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    f"|.(?:[{_MARKS}{INVISIBLE}\U0001f3fb-\U0001f3ff]|(?<=\u200d)[^\\w\\s])*",
    re.DOTALL,
)


def split_tokens(text: str) -> list[str]:
    """Return `text` cut into words, spaceless characters, white space and single signs: `"".join` gives it again.

    What `split_words` sees as one spaced word is one token (a line break, too, and an emoji with all its parts);
    a spaceless script gives one token for each character with its marks.
    """
    if "_" not in text and (text.isascii() or not SPACELESS_CHARACTER.search(text)):
        return _TOKEN.findall(text)  # nothing in it is cut any further: most texts, in half the time
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if "_" not in token and (token.isascii() or not SPACELESS_CHARACTER.search(token)):
            tokens.append(token)
            continue
        end = 0
        for part in _PART.finditer(token):
            tokens.extend(token[end : part.start()])
            end = part.end()
            if part.group(1):
                tokens.extend(split_clusters(part.group()))
            else:
                tokens.append(part.group())
        tokens.extend(token[end:])
    return tokens


# Longer terms are cut, in the index as in the query: 64 characters are at most 256 bytes, far below the 2,046 of a
# PostgreSQL lexeme.
TERM_LENGTH = 64


class QueryTerm(NamedTuple):
    """One thing a query asks for.

    A text answers it when its index holds any of `forms` exactly, or, where `prefix` is not empty, a term that
    begins with `prefix`. `languages` are the stemmers that the stems among `forms` come from.
    """

    forms: tuple[str, ...]
    prefix: str
    languages: tuple[str, ...] = ()


def _join_compounds(text: str, words: Sequence[Word]) -> Iterator[Word]:
    """Yield words joined by hyphens in `text` as one word, so that "decisionmaking" finds "decision-making"."""
    chain: list[Word] = []
    for word in [*words, None]:
        if word and chain and word.start == chain[-1].end + 1 and text[word.start - 1] in HYPHENS:
            chain.append(word)
            continue
        if len(chain) > 1:
            start, end = chain[0].start, chain[-1].end
            yield Word(start, end, text[start:end], "".join(part.folded for part in chain))
        chain = [word] if word else []


def index_terms(text: str, language: str = "") -> list[str]:
    """Return the terms under which a full-text index should hold `text`, in order, repeated as often as they occur.

    Each word gives its folded form and, if `language` (a BCP 47 tag, "" for unknown) has a stemmer, its stem where
    that differs; words joined by hyphens also give their compound; the last character of a spaceless run
    stands alone as well, so that a query of one character finds it by prefix. No stop words are dropped.

    Terms hold letters, marks and digits only (at most 64 characters), so nothing in them can be an operator of FTS5
    or tsquery. They are cut already: give them joined by spaces to an SQLite FTS5 table with the tokeniser `ascii`, or
    `unicode61 remove_diacritics 0 categories 'L* M* N* Co'` (by default it cuts at vowel signs), and to PostgreSQL by
    `array_to_tsvector`.
    """
    algorithm = stemmer_name(language)
    words = split_words(text)
    terms: list[str] = []
    for index, word in enumerate(words):
        folded = word.folded[:TERM_LENGTH]
        terms.append(folded)
        if is_spaceless(word.surface):
            # The next pair begins inside this one unless the run ends here.
            if index + 1 == len(words) or words[index + 1].start >= word.end:
                clusters = split_clusters(word.surface)
                if len(clusters) > 1:
                    terms.append(fold_word(clusters[-1])[:TERM_LENGTH])
        elif algorithm and (stem := stem_word(word.surface, algorithm)[:TERM_LENGTH]) != folded:
            terms.append(stem)
    terms.extend(compound.folded[:TERM_LENGTH] for compound in _join_compounds(text, words))
    return [term for term in terms if term]


def query_terms(query: str, languages: Sequence[str] = ()) -> list[QueryTerm]:
    """Return what `query` asks for, one `QueryTerm` for each different word; all of them should be answered.

    `languages` (BCP 47 tags) are those the texts may be in: each adds the stem of the word to the exact forms.
    The prefix is the word as typed, for words not yet finished; it is empty for spaced words under three letters
    (too many words begin so) and for pairs of a spaceless script (nothing in the index is longer).
    """
    algorithms = tuple(dict.fromkeys(name for tag in languages if (name := stemmer_name(tag))))
    terms: dict[tuple[str, ...], QueryTerm] = {}
    for word in split_words(query):
        folded = word.folded[:TERM_LENGTH]
        if is_spaceless(word.surface):
            term = QueryTerm((folded,), folded if len(split_clusters(word.surface)) == 1 else "")
        elif folded in ELISIONS and query[word.end : word.end + 1] in tuple(APOSTROPHES):
            continue  # "l'eau" asks for water, not for the article
        else:
            stems = (stem_word(word.surface, name)[:TERM_LENGTH] for name in algorithms)
            forms = tuple(dict.fromkeys((folded, *stems)))
            term = QueryTerm(forms, folded if len(folded) > 2 else "", algorithms)
        terms.setdefault(term.forms, term)
    return list(terms.values())


_MOST_ANSWERS = 4_000


class _Matcher:
    """Which of the terms a word answers. A page of what was found has thousands of words, most of them often."""

    def __init__(self, terms: Sequence[QueryTerm]) -> None:
        self.exact: dict[str, int] = {}
        for index, term in enumerate(terms):
            for form in term.forms:
                self.exact.setdefault(form, index)
        self._prefixes = [(term.prefix, index) for index, term in enumerate(terms) if term.prefix]
        self._algorithms = tuple(dict.fromkeys(name for term in terms for name in term.languages))
        self._answers: dict[tuple[str, str], int | None] = {}

    def find(self, word: Word) -> int | None:
        """Return the index of the first term that a word of a spaced script answers, or None."""
        key = (word.surface, word.folded)
        try:
            return self._answers[key]
        except KeyError:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            found = self._answers[key] = self._look(word)
            return found

    def _look(self, word: Word) -> int | None:
        folded = word.folded[:TERM_LENGTH]
        found = self.exact.get(folded)
        if found is None:
            found = next((index for prefix, index in self._prefixes if folded.startswith(prefix)), None)
        if found is None:
            stems = (stem_word(word.surface, name)[:TERM_LENGTH] for name in self._algorithms)
            found = next((self.exact[stem] for stem in stems if stem in self.exact), None)
        return found


_matcher_of = lru_cache(maxsize=8)(_Matcher)


def _answering_spans(text: str, terms: Sequence[QueryTerm]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, index of the term) for each place of `text` that answers one of `terms`, by start."""
    matcher = _matcher_of(tuple(terms))
    exact = matcher.exact
    words = split_words(text)
    for word in sorted([*words, *_join_compounds(text, words)]):
        if is_spaceless(word.surface):
            folded = word.folded[:TERM_LENGTH]
            if folded in exact:
                yield word.start, word.end, exact[folded]
                continue
            start = word.start
            for cluster in split_clusters(word.surface):
                if (single := exact.get(fold_word(cluster))) is not None:
                    yield start, start + len(cluster), single
                start += len(cluster)
            continue
        found = matcher.find(word)
        if found is not None:
            yield word.start, word.end, found


def _merge_spans(spans: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return spans sorted by start with overlapping and touching ones joined."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def highlight(text: str, terms: Sequence[QueryTerm]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it answers one of `terms`; the pieces joined are `text`."""
    return _mark(text, _answering_spans(text, terms))


def _mark(text: str, spans: Iterable[tuple[int, int, int]]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, stop in _merge_spans(spans):
        if start > end:
            pieces.append((text[end:start], False))
        pieces.append((text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def snippet(text: str, terms: Sequence[QueryTerm], length: int = 200) -> list[tuple[str, bool]]:
    """Return the stretch of `text` that answers most of `terms`, as pieces like `highlight`.

    At most `length` characters (and never within a word, unless one word alone is longer) of `text` with its white
    space made single; "…" stands where something was left out. Among equal stretches the one with more answers wins,
    then the earliest; one without any answer is the beginning of the text.
    """
    text = " ".join(text.split())
    if len(text) <= length:
        return highlight(text, terms)
    spans = list(_answering_spans(text, terms))
    start = 0
    if spans:
        first, last = _densest_window(spans, length)
        room = length - (spans[last][1] - spans[first][0])
        # A third of the remaining room goes before the first answer: what follows says more than what led to it.
        start = max(0, min(spans[first][0] - room // 3, len(text) - length))
    stop = min(len(text), start + length)
    bounds = [0, *accumulate(len(token) for token in split_tokens(text))]
    start = bounds[bisect_left(bounds, start)] if start else 0
    inner = bounds[bisect_right(bounds, stop) - 1]
    stop = inner if inner > start else stop
    pieces = _mark_within(text, spans, terms, start, stop)
    return [*([("…", False)] if start else []), *pieces, *([("…", False)] if stop < len(text) else [])]


def _mark_within(
    text: str, spans: Sequence[tuple[int, int, int]], terms: Sequence[QueryTerm], start: int, stop: int
) -> list[tuple[str, bool]]:
    """Return `highlight` of `text[start:stop]` without blanks at its ends; `spans` are those of the whole text."""
    shown = text[start:stop]
    if any(first < edge < last for first, last, _ in spans for edge in (start, stop)):
        return highlight(shown.strip(), terms)  # what is cut may answer no more
    begins = start + len(shown) - len(shown.lstrip())
    within = ((first - begins, last - begins, term) for first, last, term in spans if start <= first and last <= stop)
    return _mark(shown.strip(), within)


def _densest_window(spans: Sequence[tuple[int, int, int]], length: int) -> tuple[int, int]:
    """Return the first and last index of the spans within `length` that answer most different terms."""
    best = (0, 0)
    best_value = (0, 0)
    counts: dict[int, int] = {}
    first = 0
    for last, (_, end, term) in enumerate(spans):
        counts[term] = counts.get(term, 0) + 1
        while end - spans[first][0] > length and first < last:
            gone = spans[first][2]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            first += 1
        value = (len(counts), last - first + 1)
        if value > best_value:
            best, best_value = (first, last), value
    return best
