"""Anchors: a quote on a passage, followed through the revisions of a document for as long as its words are there.

A quote is the TextQuoteSelector of the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/,
section 4.2.4): the words, and what stands before and after them. A place that was found is never *current* or *moved*
unless the quote stands there to the letter.

How an anchor is followed from one revision to the next:

1. Its words are mapped by the difference, word by word, of its passage to the same passage and to the passage's heirs
   (after a split or a merge). Where that leads, the quote is looked for to the letter.
2. A quote of which fewer than half of the words are there is looked for, to the letter, in words that are new in this
   revision: words that were moved stand where nothing stood before. A phrase that occurs again in words that were there
   all the time is another one. Then runs of its words, as they stood just before, are looked for in the same way: a
   sentence may be moved after it was edited, or move away from the other half of the quote.
3. What is still lost is mapped by the difference of the changed stretch of the document its passage lies in.

Beyond its own passage and the heirs, words count by how rare they are: they have to name one passage among all.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from harken.core.text.align import Alignment
from harken.core.text.folding import INVISIBLE
from harken.core.text.moved_words import MovedWords, Run
from harken.core.text.stretches import Stretches
from harken.core.text.word_map import WordMap, word_spans
from harken.core.text.words import split_clusters, split_tokens

__all__ = ["Follower", "Place", "Quote", "State", "find_heirs", "locate_quote", "make_quote"]

State = Literal["current", "moved", "changed", "loose"]

# Characters of context on either side: what Hypothesis and Apache Annotator keep, too.
CONTEXT = 32
# How far back characters are read to know where one ends and the next begins.
CONTEXT_READ = 8 * CONTEXT
# At most this many places of one quote in one passage are weighed by their context.
OCCURRENCES = 1_000
# An anchor stays while this share of the words of its quote survives.
SURVIVING = 0.5
# How sure it has to be that words which stand elsewhere now are those of the quote: wrong once in a hundred times.
ODDS = 100.0
# And within their own passage, where a mistake leads to the right passage all the same.
ODDS_AT_HOME = 10.0
# How many passages are read to learn which words are common in the text.
BACKGROUND = 100


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage: `exact` as they stand there, after `prefix` and before `suffix` (each 0 to 32 characters)."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Place(NamedTuple):
    """Where an anchor is in a revision.

    current: the quote stands, to the letter, in the passage the anchor was on; moved: in another one; changed: at least
    half of the words of the quote survive, and `words` are what stands there now; loose: they are gone. For all but
    loose ones `words` is `text[start:end]` of the passage with `passage_id`; loose ones have neither (None, 0, 0, "").
    """

    state: State
    passage_id: str | None
    start: int
    end: int
    words: str


LOOSE = Place("loose", None, 0, 0, "")

# Emoji are joined by U+200D and tinted by modifiers, two regional indicators make a flag; what `split_clusters` does
# not know of the grapheme clusters of UAX #29, because it is no part of a word.
_JOINED = re.compile(f"[{INVISIBLE}\U0001f3fb-\U0001f3ff]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


def _split_characters(text: str) -> list[str]:
    """Return `text` as the characters people see: letters with their marks, joined emoji, flags, CR LF."""
    characters: list[str] = []
    flag_is_open = False
    for cluster in split_clusters(text):
        is_flag_letter = _FLAG_LETTER.match(cluster) is not None
        closes_flag = is_flag_letter and flag_is_open
        flag_is_open = is_flag_letter and not closes_flag
        before = characters[-1] if characters else ""
        if (
            closes_flag
            or before.endswith("\u200d")
            or (before == "\r" and cluster == "\n")
            or (before and _JOINED.match(cluster))
        ):
            characters[-1] += cluster
        else:
            characters.append(cluster)
    return characters


def _take(characters: Iterable[str]) -> list[str]:
    """Return as many of `characters` from the front as fit in the context."""
    taken: list[str] = []
    size = 0
    for character in characters:
        size += len(character)
        if size > CONTEXT:
            break
        taken.append(character)
    return taken


def make_quote(text: str, start: int, end: int) -> Quote:
    """Return the quote of `text[start:end]` with up to 32 characters of context, none of them cut in two.

    Raises:
        ValueError: If the range is empty or not within the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"A quote needs at least one character of its passage: {start} to {end} of {len(text)}.")
    before = _split_characters(text[max(0, start - CONTEXT_READ) : start])
    after = _split_characters(text[end : end + CONTEXT_READ])
    return Quote(text[start:end], "".join(reversed(_take(reversed(before)))), "".join(_take(after)))


def locate_quote(text: str, quote: Quote) -> tuple[int, int] | None:
    """Return where `quote` stands in `text` to the letter, or None.

    Of several places it is the one with most of the context, then the first. Of more than 1,000 places without
    the whole context on either side, the first thousand are looked at.
    """
    if not quote.exact:
        return None
    for before, after in ((quote.prefix, quote.suffix), (quote.prefix, ""), ("", quote.suffix)):
        around = before + quote.exact + after
        start = text.find(around)
        if start >= 0 and text.find(around, start + 1) < 0:
            return start + len(before), start + len(before) + len(quote.exact)
    best, most = -1, -1
    for start in _find_all(text, quote.exact):
        agreeing = sum(_agreeing_context(text, start, quote))
        if agreeing > most:
            best, most = start, agreeing
    return None if best < 0 else (best, best + len(quote.exact))


def _find_all(text: str, words: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield the first thousand places of `words` in `text[start:end]`."""
    found = text.find(words, start, end)
    for _ in range(OCCURRENCES):
        if found < 0:
            return
        yield found
        found = text.find(words, found + 1, end)


def _agreeing_context(text: str, start: int, quote: Quote) -> tuple[int, int]:
    """Return how many characters before and after the quote at `start` are those of its context."""
    before = after = 0
    end = start + len(quote.exact)
    while before < min(start, len(quote.prefix)) and text[start - before - 1] == quote.prefix[-before - 1]:
        before += 1
    while after < min(len(text) - end, len(quote.suffix)) and text[end + after] == quote.suffix[after]:
        after += 1
    return before, after


def find_heirs(alignment: Alignment, new_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each old passage that was split or merged the other passages that hold words of it.

    `new_ids` are the ids of the new passages in order: inherited ones as `alignment` has them, and new ones.
    """
    heirs: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for split in alignment.splits:
        heirs[split.old_id].update((new_ids[index], None) for index, _ in split.parts)
    for merge in alignment.merges:
        for old_id, _ in merge.parts:
            heirs[old_id][new_ids[merge.new_index]] = None
    return {old_id: tuple(new for new in found if new != old_id) for old_id, found in heirs.items()}


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without white space at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


class _Trace(NamedTuple):
    """What survives of an anchor's words in one new passage."""

    passage_id: str
    survivors: frozenset[int]
    start: int
    end: int


def _enclose(passage_id: str, mapped: Mapping[int, tuple[int, int]]) -> _Trace:
    """Return the trace of words by number, each at its place, in one passage: from the first to the last of them."""
    starts, ends = zip(*mapped.values(), strict=True)
    return _Trace(passage_id, frozenset(mapped), min(starts), max(ends))


class Follower:
    """Follows the anchors of one revision of a document to the next one. Deterministic.

    Near-linear in the number of passages to make, and cheap for each anchor on a passage that did not change; the
    differences of those that did are taken when an anchor asks for them, once.
    """

    def __init__(
        self,
        old: Sequence[tuple[str, str]],
        new: Sequence[tuple[str, str]],
        *,
        heirs: Mapping[str, Sequence[str]],
    ) -> None:
        """Prepare to follow anchors from `old` to `new`, each passages as (id, text) in order.

        A passage that continues has one id in both. `heirs` maps the id of an old passage to those of the new ones that
        hold words of it, besides the one that continues it (see `find_heirs`).

        Raises:
            ValueError: If an id occurs twice in a revision.
        """
        self._old = dict(old)
        self._new = dict(new)
        if len(self._old) < len(old) or len(self._new) < len(new):
            raise ValueError("A passage id occurs more than once in a revision.")
        self._heirs = heirs
        self._unchanged = {
            passage_id: text for passage_id, text in self._new.items() if self._old.get(passage_id) == text
        }
        self._changed = [passage_id for passage_id in self._new if passage_id not in self._unchanged]
        self._mappings: dict[tuple[str, str], WordMap] = {}
        self._stretches = Stretches(self._old, self._new)
        self._found: dict[tuple[Quote, str | None], tuple[str, int] | None] = {}

    def follow(self, passage_id: str | None, start: int, end: int, quote: Quote) -> Place:
        """Return where the anchor of `quote`, until now at `[start:end]` of the passage, is in the new revision.

        `passage_id` None is a loose anchor: it is looked for to the letter.

        Raises:
            ValueError: If the old revision has no such place.
        """
        if passage_id is None:
            return self._search(quote, None) or LOOSE
        text = self._unchanged.get(passage_id)
        if text is not None and 0 <= start < end <= len(text):
            words = text[start:end]
            return Place("current" if words == quote.exact else "changed", passage_id, start, end, words)
        old_text = self._old.get(passage_id)
        if old_text is None or not 0 <= start < end <= len(old_text):
            raise ValueError(f"The old text has no place {start} to {end} in a passage {passage_id!r}.")
        return self._follow_words(passage_id, start, end, quote)

    def _follow_words(self, passage_id: str, start: int, end: int, quote: Quote) -> Place:
        words, total = self._original_words(passage_id, start, end, quote)
        candidates = dict.fromkeys((passage_id, *self._heirs.get(passage_id, ())))
        traces = [
            self._trace(passage_id, candidate, (start, end), words)
            for candidate in candidates
            if candidate in self._new
        ]
        best = self._choose(traces, total, quote, passage_id)
        if best is not None:
            return best
        found = self._search(quote, passage_id)
        if found is not None:
            return found
        moved = self._trace_moved(passage_id, words, {word for trace in traces for word in trace.survivors})
        best = self._choose([*traces, *moved], total, quote, passage_id)
        if best is not None:
            return best
        return self._choose(self._trace_stretch(passage_id, (start, end), words), total, quote, passage_id) or LOOSE

    def _original_words(self, passage_id: str, start: int, end: int, quote: Quote) -> tuple[list[tuple[int, int]], int]:
        """Return where in the old passage words of the quote stand, and how many the quote has."""
        present = self._old[passage_id][start:end]
        if present == quote.exact:
            words = word_spans(present, start)
            return words, len(words)
        mapping = WordMap(quote.exact, present)
        spans = word_spans(quote.exact)
        mapped = (mapping.map_word(*span) for span in spans)
        return [(start + span[0], start + span[1]) for span in mapped if span], len(spans)

    def _trace(
        self, passage_id: str, candidate: str, span: tuple[int, int], words: Sequence[tuple[int, int]]
    ) -> _Trace:
        """Return what survives of `words` of the old passage within the passage `candidate`."""
        mapping = self._map(passage_id, candidate)
        mapped = {number: place for number, word in enumerate(words) if (place := mapping.map_word(*word))}
        if not mapped:
            return _Trace(candidate, frozenset(), 0, 0)
        places = list(mapped.values())
        text = self._new[candidate]
        start = mapping.replaced_before(places[0][0], span[0])
        end = mapping.replaced_after(places[-1][1], span[1])
        return _Trace(candidate, frozenset(mapped), *_strip(text, start, end))

    def _map(self, old_id: str, new_id: str) -> WordMap:
        mapping = self._mappings.get((old_id, new_id))
        if mapping is None:
            mapping = self._mappings[old_id, new_id] = WordMap(self._old[old_id], self._new[new_id])
        return mapping

    def _choose(self, traces: Sequence[_Trace], total: int, quote: Quote, passage_id: str) -> Place | None:
        """Return the place that most of the words lead to, if at least half of the quote's `total` survive."""
        survivors: set[int] = set()
        for trace in traces:
            survivors |= trace.survivors
        if not survivors or len(survivors) < SURVIVING * total:
            return None
        for trace in sorted(traces, key=lambda trace: -len(trace.survivors)):
            if trace.survivors and (place := self._stands_at(trace, quote, passage_id)):
                return place
        best = max(traces, key=lambda trace: len(trace.survivors))
        words = self._new[best.passage_id][best.start : best.end]
        return Place("changed", best.passage_id, best.start, best.end, words)

    def _stands_at(self, trace: _Trace, quote: Quote, passage_id: str) -> Place | None:
        """Return the place of the quote, to the letter, that overlaps a traced one, if there is one."""
        text = self._new[trace.passage_id]
        size = len(quote.exact)
        found = list(_find_all(text, quote.exact, max(0, trace.start - size + 1), trace.end + size - 1))
        if not found:
            return None
        overlap = [min(start + size, trace.end) - max(start, trace.start) for start in found]
        start = found[overlap.index(max(overlap))]
        return self._place(trace.passage_id, start, quote, passage_id)

    def _place(self, found_in: str, start: int, quote: Quote, passage_id: str | None) -> Place:
        state: State = "current" if found_in == passage_id else "moved"
        return Place(state, found_in, start, start + len(quote.exact), quote.exact)

    def _trace_moved(self, passage_id: str, words: Sequence[tuple[int, int]], stayed: Collection[int]) -> list[_Trace]:
        """Return what of `words`, but for those that `stayed`, was moved to new words of some passage, in runs.

        Of runs that overlap, the one that says most stands.
        """
        text = self._old[passage_id]
        numbers = {start: number for number, (start, _) in enumerate(words)}
        spans = word_spans(text)
        touching = [place for place, (start, _) in enumerate(spans) if start in numbers]
        if not touching:
            return []
        present = [text[start:end] for start, end in spans]
        weighed = [
            (self._weigh(present[run.first : run.last]), run)
            for run in self._moved_words.find(present, touching[0], touching[-1] + 1)
            if self._was_moved(run, text[spans[run.first][0] : spans[run.last - 1][1]], passage_id)
        ]
        repeated = Counter(weight for weight, _ in weighed)
        places: defaultdict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
        taken = set(stayed)
        for weight, run in sorted(weighed, key=lambda found: -found[0]):
            held = {
                numbers[start]: shift
                for shift, (start, _) in enumerate(spans[run.first : run.last])
                if start in numbers
            }
            if weight > self._required(run.passage_id, passage_id) and taken.isdisjoint(held):
                taken.update(held)
                if repeated[weight] == 1:
                    there = self._moved_words.spans[run.passage_id][run.place :]
                    places[run.passage_id].update((number, there[shift]) for number, shift in held.items())
        return [_enclose(found_in, mapped) for found_in, mapped in places.items() if mapped]

    def _was_moved(self, run: Run, words: str, passage_id: str) -> bool:
        """Return whether a run found in a new passage is new there, and stood in the old passage alone."""
        there = self._moved_words.spans[run.passage_id][run.place : run.place + run.last - run.first]
        is_new = self._is_new(run.passage_id, there[0][0], there[-1][1])
        return is_new and not self._stands_elsewhere(words, passage_id)

    @cached_property
    def _moved_words(self) -> MovedWords:
        return MovedWords({passage_id: self._new[passage_id] for passage_id in self._changed})

    def _trace_stretch(self, passage_id: str, span: tuple[int, int], words: Sequence[tuple[int, int]]) -> list[_Trace]:
        """Return what survives of `words` in the changed passages between the same unchanged ones.

        Nothing else says that these passages continue the old one, so the words have to: "of the" is in many.
        """
        stretch = self._stretches.find(passage_id)
        if stretch is None:
            return []
        places: defaultdict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
        for index, word in enumerate(words):
            if place := stretch.map_word(passage_id, *word):
                places[place[0]][index] = place[1:]
        traces = []
        for found_in, mapped in places.items():
            text = self._new[found_in]
            if self._weigh(text[a:b] for a, b in mapped.values()) > math.log(len(stretch.new_ids)):
                traces.append(_enclose(found_in, mapped))
        return traces

    def _search(self, quote: Quote, passage_id: str | None) -> Place | None:
        """Return where the quote stands in new words, if it cannot be another occurrence of the same phrase."""
        key = (quote, passage_id)
        if key not in self._found:
            self._found[key] = self._find_in_new_words(quote, passage_id)
        found = self._found[key]
        return found and self._place(*found, quote, passage_id)

    def _find_in_new_words(self, quote: Quote, passage_id: str | None) -> tuple[str, int] | None:
        ranked: list[tuple[float, str, int]] = []
        for candidate in self._holding(quote):
            text = self._new[candidate]
            for start in _find_all(text, quote.exact):
                if self._is_new(candidate, start, start + len(quote.exact)):
                    before, after = _agreeing_context(text, start, quote)
                    run = text[start - before : start + len(quote.exact) + after]
                    if not self._stands_elsewhere(run, passage_id):
                        ranked.append((self._weigh(run[a:b] for a, b in word_spans(run)), candidate, start))
        ranked.sort(key=lambda found: -found[0])
        if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
            return None
        weight, found_in, start = ranked[0]
        return (found_in, start) if weight > self._required(found_in, passage_id) else None

    def _required(self, found_in: str, passage_id: str | None) -> float:
        """Return how much words found in a passage have to say.

        Where the passage continues the old one, they need not name it among all.
        """
        family = (passage_id, *self._heirs.get(passage_id or "", ()))
        return math.log(ODDS_AT_HOME) if found_in in family else math.log(ODDS * len(self._new))

    def _weigh(self, words: Iterable[str]) -> float:
        """Return how much `words` say about the passage they are from: -ln(how likely some passage has them all).

        Each word counts by the share of passages it is in, as if they came independently.
        """
        counts, size = self._word_counts
        return sum(math.log((size + 1) / (counts[word] + 0.5)) for word in dict.fromkeys(words))

    @cached_property
    def _word_counts(self) -> tuple[Counter[str], int]:
        """In how many of the passages that were read each word is, and how many those are."""
        texts = list(self._new.values())
        read = texts[:: max(1, len(texts) // BACKGROUND)]
        return Counter(word for text in read for word in {text[a:b] for a, b in word_spans(text)}), len(read)

    def _stands_elsewhere(self, run: str, passage_id: str | None) -> bool:
        """Return whether `run` stood in another old passage, too: then it is a set phrase, and tells no move."""
        return any(run in text for other, text in self._old.items() if other != passage_id)

    def _is_new(self, passage_id: str, start: int, end: int) -> bool:
        """Return whether at least half of `[start:end]` of a changed passage was not there before."""
        if passage_id not in self._old:
            return True
        return 2 * self._map(passage_id, passage_id).count_same(start, end) <= end - start

    def _holding(self, quote: Quote) -> list[str]:
        """Return the changed and new passages that hold the quote."""
        # The first and the last token may be parts of words.
        inner = split_tokens(quote.exact)[1:-1]
        holding: Sequence[str] = self._changed
        if inner:
            holding = min((self._postings.get(token, []) for token in inner), key=len)
        return [passage_id for passage_id in holding if quote.exact in self._new[passage_id]]

    @cached_property
    def _postings(self) -> dict[str, list[str]]:
        """For each token, the changed and new passages it occurs in."""
        postings: defaultdict[str, list[str]] = defaultdict(list)
        for passage_id in self._changed:
            for token in dict.fromkeys(split_tokens(self._new[passage_id])):
                postings[token].append(passage_id)
        return postings
