"""Which passage of the old text each passage of the new one is, so that identity survives editing."""

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from harken.core.text.diff import compare_words
from harken.core.text.matching import Entry, Matcher, MatchParameters, Pair
from harken.core.text.measure import Profile, profile_text
from harken.core.text.order import longest_increasing
from harken.core.text.words import split_words

__all__ = ["Alignment", "Merge", "Row", "Split", "align"]

Relation = Literal["kept", "edited", "moved", "split", "added"]

PARAMETERS = MatchParameters(same_group=0.9)
"""An edited passage nearly always stays between its neighbours: nine times in ten."""

# Passages in one gap are first compared with those next in line: how many, and how alike (0..100, Indel) they must
# be to be the same without regard to the rest of the text.
NEXT_IN_LINE = 4
NEARLY_SAME = 75.0

# The exact measures of likeness grow with the product of the lengths: up to this one (characters) they take a fraction
# of a second; the texts beyond it are compared as `compare_words` does, which is bounded.
EXACT_PRODUCT = 4_000_000_000

# How many passages are read, at least, to learn which words are common in the text.
BACKGROUND = 200


@dataclass(frozen=True, slots=True)
class Row:
    """What one new passage is.

    kept: the same text at its place in the order. edited: `old_id` with other words. moved: `old_id` at another
    place, with other words too if `score` is below 1. split: a part of an old passage that lives on elsewhere; see
    `Alignment.splits`. added: new. `score` in 0..1 is the share of words in common, in order (normalised Indel
    similarity of the word sequences); 0 without an `old_id`.
    """

    new_index: int
    old_id: str | None
    relation: Relation
    score: float


@dataclass(frozen=True, slots=True)
class Split:
    """An old passage whose text is now in several: (new index, share 0..1 of its words, by rarity), heir first."""

    old_id: str
    parts: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A new passage with text of several old ones: (old id, share 0..1 of its words, by rarity), ancestor first."""

    new_index: int
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The outcome for all passages.

    `rows` has one row for each new passage, in order. Each old id is in exactly one of: one row; `removed`; one of
    `merges` as a part that is not the first (its text lives on, its id does not).
    """

    rows: tuple[Row, ...]
    removed: tuple[str, ...]
    splits: tuple[Split, ...]
    merges: tuple[Merge, ...]


class _Aligner:
    """One alignment; `partner` maps old to new positions as they are found."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old = old
        self.new = new
        self.partner: dict[int, int] = {}
        self.taken: set[int] = set()

    def link(self, old: int, new: int) -> None:
        self.partner[old] = new
        self.taken.add(new)

    def anchor(self) -> None:
        """Match equal texts: unique ones that keep their order, what surrounds them, then the moved and repeated."""
        stack = [(0, len(self.old), 0, len(self.new))]
        while stack:
            old_start, old_end, new_start, new_end = stack.pop()
            while old_start < old_end and new_start < new_end and self.old[old_start] == self.new[new_start]:
                self.link(old_start, new_start)
                old_start += 1
                new_start += 1
            while old_start < old_end and new_start < new_end and self.old[old_end - 1] == self.new[new_end - 1]:
                old_end -= 1
                new_end -= 1
                self.link(old_end, new_end)
            if old_start == old_end or new_start == new_end:
                continue
            anchors = self._unique_in_order(range(old_start, old_end), range(new_start, new_end))
            if not anchors:
                self._link_in_order(range(old_start, old_end), range(new_start, new_end))
                continue
            for old, new in anchors:
                self.link(old, new)
                stack.append((old_start, old, new_start, new))
                old_start, new_start = old + 1, new + 1
            stack.append((old_start, old_end, new_start, new_end))

    def _unique_in_order(self, old: range, new: range) -> list[tuple[int, int]]:
        """Return pairs of texts that occur once in `old` and once in `new`, as many as keep their order."""
        counts = Counter(self.old[position] for position in old)
        places: dict[str, int] = {}
        for position in new:
            text = self.new[position]
            places[text] = -1 if text in places else position
        pairs = [
            (position, place)
            for position in old
            if counts[text := self.old[position]] == 1 and (place := places.get(text, -1)) >= 0
        ]
        return [pairs[number] for number in longest_increasing([new for _, new in pairs])]

    def _link_in_order(self, old: range, new: range) -> None:
        """Match equal texts of a stretch where each is repeated: greedily, from the front."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for position in old:
            places[self.old[position]].append(position)
        last = -1
        for position in new:
            candidates = places.get(self.new[position], [])
            place = bisect_right(candidates, last)
            if place < len(candidates):
                last = candidates[place]
                self.link(last, position)

    def link_moved(self) -> None:
        """Match the equal texts that are left, in order of occurrence."""
        waiting: defaultdict[str, deque[int]] = defaultdict(deque)
        for position, text in enumerate(self.new):
            if position not in self.taken and text.strip():
                waiting[text].append(position)
        for position, text in enumerate(self.old):
            if position not in self.partner and waiting.get(text):
                self.link(position, waiting[text].popleft())

    def gaps(self) -> tuple[list[str], list[str]]:
        """Return for each old and each new position the gap it lies in: between which unmoved passages."""
        matched = sorted(self.partner.items())
        chain = [matched[number] for number in longest_increasing([new for _, new in matched])]
        old_gaps, new_gaps = [""] * len(self.old), [""] * len(self.new)
        old_start = new_start = 0
        for number, (old, new) in enumerate([*chain, (len(self.old), len(self.new))]):
            old_gaps[old_start:old] = [str(number)] * (old - old_start)
            new_gaps[new_start:new] = [str(number)] * (new - new_start)
            old_start, new_start = old + 1, new + 1
        return old_gaps, new_gaps

    def link_nearly_same(self, old_gaps: Sequence[str], new_gaps: Sequence[str]) -> dict[int, int]:
        """Match passages that changed a little with those next in line in their gap; return the matches."""
        found: dict[int, int] = {}
        lines: defaultdict[str, list[int]] = defaultdict(list)
        for position, gap in enumerate(new_gaps):
            if position not in self.taken:
                lines[gap].append(position)
        reached: defaultdict[str, int] = defaultdict(int)
        for position, gap in enumerate(old_gaps):
            if position in self.partner:
                continue
            line, start = lines[gap], reached[gap]
            text = self.old[position]
            best, best_ratio = -1, NEARLY_SAME
            for place in range(start, min(start + NEXT_IN_LINE, len(line))):
                ratio = _ratio(text, self.new[line[place]], best_ratio)
                if ratio > best_ratio:
                    best, best_ratio = place, ratio
            if best >= 0:
                found[position] = line[best]
                reached[gap] = best + 1
        for old, new in found.items():
            self.link(old, new)
        return found

    def match_rest(self, edited: Mapping[int, int], old_gaps: Sequence[str], new_gaps: Sequence[str]) -> list[Pair]:
        """Return the pairs of passages that share text, among those without an equal; positions as numbers."""
        old = [position for position in range(len(self.old)) if position not in self.partner or position in edited]
        edited_new = set(edited.values())
        new = [position for position in range(len(self.new)) if position not in self.taken or position in edited_new]
        if not old or not new or len(old) == len(new) == len(edited):
            return []
        old_numbers = {position: number for number, position in enumerate(old)}
        new_numbers = {position: number for number, position in enumerate(new)}
        matcher = Matcher(
            [Entry(old_gaps[position], profile_text(self.old[position])) for position in old],
            [Entry(new_gaps[position], profile_text(self.new[position])) for position in new],
            PARAMETERS,
            fixed={old_numbers[position]: new_numbers[partner] for position, partner in edited.items()},
            background=self._background(BACKGROUND - len(old)),
        )
        return [
            Pair(old[pair.earlier], new[pair.later], pair.fixed, pair.similarity, pair.odds, pair.reciprocal)
            for pair in matcher.match()
        ]

    def _background(self, size: int) -> list[Profile]:
        """Return the profiles of about `size` unchanged passages, evenly spread over the text."""
        if size <= 0:
            return []
        unchanged = sorted(position for position, new in self.partner.items() if self.old[position] == self.new[new])
        step = max(1, len(unchanged) // size)
        return [profile_text(self.old[position]) for position in unchanged[::step]]

    def resolve(self, pairs: Sequence[Pair]) -> tuple[dict[int, list[Pair]], dict[int, list[Pair]]]:
        """Give each old passage its heir, then return the pairs of splits by old and of merges by new position."""
        by_score = sorted(pairs, key=lambda pair: (not pair.fixed, -pair.similarity.score, *pair.rank))
        for pair in by_score:
            if pair.earlier not in self.partner and pair.later not in self.taken:
                self.link(pair.earlier, pair.later)
        splits: defaultdict[int, list[Pair]] = defaultdict(list)
        merges: defaultdict[int, list[Pair]] = defaultdict(list)
        heirs = {(pair.earlier, pair.later): pair for pair in pairs if self.partner.get(pair.earlier) == pair.later}
        heir_of_old = {pair.earlier: pair for pair in heirs.values()}
        heir_of_new = {pair.later: pair for pair in heirs.values()}
        absorbed: set[int] = set()
        for pair in by_score:
            if pair.later not in self.taken and pair.earlier in heir_of_old:
                splits.setdefault(pair.earlier, [heir_of_old[pair.earlier]]).append(pair)
            elif pair.earlier not in self.partner and pair.earlier not in absorbed and pair.later in heir_of_new:
                merges.setdefault(pair.later, [heir_of_new[pair.later]]).append(pair)
                absorbed.add(pair.earlier)
        return splits, merges


def _ratio(old: str, new: str, cutoff: float) -> float:
    """Return the likeness (0..100, Indel) of two texts, or 0 below `cutoff`; of long texts one that is no higher."""
    if len(old) * len(new) <= EXACT_PRODUCT:
        return fuzz.ratio(old, new, score_cutoff=cutoff)
    likeness = 100 * _compared_similarity(old, new)
    return likeness if likeness >= cutoff else 0.0


def _compared_similarity(old: str, new: str) -> float:
    same = sum(len(piece.text) for piece in compare_words(old, new) if piece.kind == "same")
    return 2 * same / (len(old) + len(new))


def _word_order_similarity(old: str, new: str) -> float:
    """Return the normalised Indel similarity (0..1) of the word sequences of two texts."""
    if len(old) * len(new) > EXACT_PRODUCT:
        return _compared_similarity(old, new)
    old_words: list[Hashable] = [word.folded for word in split_words(old)] or list(old)
    new_words: list[Hashable] = [word.folded for word in split_words(new)] or list(new)
    return Indel.normalized_similarity(old_words, new_words)


def align(old: Sequence[tuple[str, str]], new: Sequence[str]) -> Alignment:
    """Return which of the `old` passages, as (id, text), each of the `new` texts is.

    In order: equal texts (unique ones first, as in patience diff; then by their surroundings; then moved ones);
    passages nearly the same as one next in line between the same unchanged neighbours; and for the rest the words
    they share, judged by rarity (see `matching`) anywhere in the text. Moved are those outside a longest common
    order. Deterministic; an old id is given to at most one new passage. Near-linear in the number of passages when
    most are unchanged.

    Raises:
        ValueError: If an id occurs twice in `old`.
    """
    ids = [passage_id for passage_id, _ in old]
    if len(set(ids)) < len(ids):
        twice = next(passage_id for passage_id, count in Counter(ids).items() if count > 1)
        raise ValueError(f"The passage id {twice!r} occurs more than once in the old text.")
    aligner = _Aligner([text for _, text in old], new)
    aligner.anchor()
    aligner.link_moved()
    old_gaps, new_gaps = aligner.gaps()
    edited = aligner.link_nearly_same(old_gaps, new_gaps)
    splits, merges = aligner.resolve(aligner.match_rest(edited, old_gaps, new_gaps))
    ancestor = {position: number for number, position in aligner.partner.items()}
    absorbed = {pair.earlier for pairs in merges.values() for pair in pairs}
    return Alignment(
        rows=tuple(_describe_rows(aligner, ids, ancestor, splits)),
        removed=tuple(
            passage_id
            for position, passage_id in enumerate(ids)
            if position not in aligner.partner and position not in absorbed
        ),
        splits=tuple(
            Split(ids[position], tuple((pair.later, round(pair.similarity.share_of_first, 4)) for pair in pairs))
            for position, pairs in sorted(splits.items())
        ),
        merges=tuple(
            Merge(position, tuple((ids[pair.earlier], round(pair.similarity.share_of_second, 4)) for pair in pairs))
            for position, pairs in sorted(merges.items())
        ),
    )


def _describe_rows(
    aligner: _Aligner, ids: Sequence[str], ancestor: Mapping[int, int], splits: Mapping[int, Sequence[Pair]]
) -> Iterator[Row]:
    split_off = {pair.later for pairs in splits.values() for pair in pairs[1:]}
    inherited = sorted(ancestor)
    in_order = {inherited[number] for number in longest_increasing([ancestor[position] for position in inherited])}
    for position, text in enumerate(aligner.new):
        if position not in ancestor:
            yield Row(position, None, "split" if position in split_off else "added", 0.0)
            continue
        before = aligner.old[ancestor[position]]
        same = before == text
        score = 1.0 if same else round(_word_order_similarity(before, text), 4)
        relation: Relation = "moved" if position not in in_order else "kept" if same else "edited"
        yield Row(position, ids[ancestor[position]], relation, score)
