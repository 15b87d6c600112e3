"""Which of the earlier texts each later text came from: one decision rule for lineage and alignment.

A later text L comes from an earlier text E if that is more likely than not: the prior odds, from how many texts there
are to confuse, times the likelihood ratio of the words (`measure.weigh_evidence`) exceed 1. So no similarity
threshold is set; how much has to be shared follows from how rare the shared words are among the texts at hand.

The constants are even-handed choices, not fitted to any text: a word survives a rewriting with probability one half
(`measure.SURVIVAL`), a text has a successor with probability one half, in its own group four times in five. The tests
hold them against texts with known answers: articles in four languages, shuffled and with half of their words replaced
by others of the same text, and two published rounds of real drafts.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from harken.core.text.measure import Profile, Rarity, Similarity, measure_similarity, weigh_evidence

__all__ = ["Entry", "MatchParameters", "Matcher", "Pair"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to be matched: the `group` is where its partner is expected (a working group, a gap in a document)."""

    group: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class MatchParameters:
    """What a match depends on besides the texts.

    `same_group` (0..1): how likely a text with a partner has it in its own group. `continues` (0..1): how likely a text
    has a partner at all. `candidates`: how many texts of the group, and of all, are compared closely with each text;
    `postings`: how many entries of the word index are read to choose them.
    """

    same_group: float = 0.8
    continues: float = 0.5
    candidates: int = 6
    postings: int = 1000


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier and a later text by number, what they share, and the log odds (nats) that one came of the other.

    `odds` reads the words of the text that speaks more for it (a text may be one part of a longer one), `reciprocal`
    those of the other. `fixed` pairs were known beforehand.
    """

    earlier: int
    later: int
    fixed: bool
    similarity: Similarity
    odds: float
    reciprocal: float

    @property
    def rank(self) -> tuple[bool, float, float, int, int, int]:
        """Sorts the most likely pair first; among equals, the one that keeps its place."""
        distance = abs(self.earlier - self.later)
        return (not self.fixed, -self.odds, -self.similarity.score, distance, self.earlier, self.later)


class _Side:
    """The texts of one side, with an index from features to texts, by group and overall."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        # A long text shares words with everything: the cosine divides by the square root of the length.
        self.norms = [1 / math.sqrt(max(1, len(entry.profile.terms))) for entry in entries]
        self.group_sizes: defaultdict[str, int] = defaultdict(int)
        self.index: defaultdict[tuple[str | None, str], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            self.group_sizes[entry.group] += 1
            for feature in _features(entry.profile):
                self.index[None, feature].append(number)
                self.index[entry.group, feature].append(number)

    def find_candidates(self, entry: Entry, parameters: MatchParameters) -> list[int]:
        """Return the texts that share most weight of rare features with `entry`, in its group and in all."""
        found: dict[int, None] = {}
        features = list(_features(entry.profile))
        for where in (entry.group, None):
            lists = [self.index[where, feature] for feature in features if (where, feature) in self.index]
            lists.sort(key=len)
            weights: defaultdict[int, float] = defaultdict(float)
            budget = parameters.postings
            for numbers in lists:
                weight = math.log1p(len(self.entries) / len(numbers)) ** 2
                for number in numbers[:budget]:
                    weights[number] += weight * self.norms[number]
                budget -= len(numbers)
                if budget <= 0:
                    break
            # Equal weights stay in the order they were met, so the result depends on the texts alone.
            best = heapq.nlargest(parameters.candidates, weights.items(), key=itemgetter(1))
            found.update(dict.fromkeys(number for number, _ in best))
        return list(found)


def _features(profile: Profile) -> Iterator[str]:
    """Yield what a text can be found by: its terms, and "~" with the first letters of longer words."""
    yield from profile.terms
    for words in profile.kin.values():
        yield from {f"~{word[:5]}": None for _, word in words}


class Matcher:
    """One matching of earlier with later texts. Deterministic."""

    def __init__(
        self,
        earlier: Sequence[Entry],
        later: Sequence[Entry],
        parameters: MatchParameters,
        *,
        fixed: Mapping[int, int] | None = None,
        background: Sequence[Profile] = (),
    ) -> None:
        """Prepare to match `earlier` with `later`.

        `fixed` maps numbers of earlier to numbers of later texts known to belong together. `background` are
        further texts of the same kind, for the rarity of words.
        """
        self.parameters = parameters
        self.fixed = fixed or {}
        self.earlier = _Side(earlier)
        self.later = _Side(later)
        members: defaultdict[str, list[Profile]] = defaultdict(list)
        for entry in (*earlier, *later):
            members[entry.group].append(entry.profile)
        self.rarity = Rarity([*(entry.profile for entry in earlier), *(entry.profile for entry in later), *background])
        self._rarity_within = {group: Rarity(profiles) for group, profiles in members.items()}

    def match(self) -> list[Pair]:
        """Return the pairs that belong together, the most likely first: each text's most likely partner, if any.

        Where the partner has a more likely one itself (a merge or a split), the pair stands if the words of either
        text alone speak for it, or if it explains enough of what the partner's own partner leaves unexplained.
        """
        pairs = self._compare_all()
        successor: dict[int, Pair] = {}
        predecessor: dict[int, Pair] = {}
        for pair in pairs:
            if pair.fixed or pair.odds > 0:
                successor.setdefault(pair.earlier, pair)
                predecessor.setdefault(pair.later, pair)
        matched = []
        for pair in pairs:
            forward = successor.get(pair.earlier) is pair
            backward = predecessor.get(pair.later) is pair
            if (forward and backward) or (
                (forward or backward)
                and (
                    pair.reciprocal > 0
                    or (forward and self._explains_rest(pair, predecessor[pair.later]))
                    or (backward and self._explains_rest(pair, successor[pair.earlier]))
                )
            ):
                matched.append(pair)
        return matched

    def _prior(self, earlier: int, later: int) -> float:
        """Return the log odds, before any word is read, that the `later` text comes from the `earlier` one."""
        parameters = self.parameters
        group = self.earlier.entries[earlier].group
        chance = (1 - parameters.same_group) / max(1, len(self.later.entries))
        if group == self.later.entries[later].group:
            chance += parameters.same_group / self.later.group_sizes[group]
        return math.log(chance * parameters.continues / (1 - parameters.continues))

    def _within(self, earlier: int, later: int) -> Rarity | None:
        """Return the word counts of the group both texts belong to, if they do."""
        group = self.earlier.entries[earlier].group
        return self._rarity_within[group] if group == self.later.entries[later].group else None

    def _compare(self, earlier: int, later: int, *, fixed: bool = False) -> Pair:
        similarity = measure_similarity(
            self.earlier.entries[earlier].profile,
            self.later.entries[later].profile,
            self.rarity,
            self._within(earlier, later),
        )
        prior = self._prior(earlier, later)
        evidence = (similarity.evidence_of_first, similarity.evidence_of_second)
        return Pair(earlier, later, fixed, similarity, max(evidence) + prior, min(evidence) + prior)

    def _compare_all(self) -> list[Pair]:
        """Return the pairs worth looking at, the most likely first."""
        pairs = {(earlier, later): self._compare(earlier, later, fixed=True) for earlier, later in self.fixed.items()}
        # A text of a fixed pair needs no search: where it was also merged or split, the other text finds it.
        fixed_later = set(self.fixed.values())
        for earlier, entry in enumerate(self.earlier.entries):
            if earlier not in self.fixed:
                for later in self.later.find_candidates(entry, self.parameters):
                    if (earlier, later) not in pairs:
                        pairs[earlier, later] = self._compare(earlier, later)
        for later, entry in enumerate(self.later.entries):
            if later not in fixed_later:
                for earlier in self.earlier.find_candidates(entry, self.parameters):
                    if (earlier, later) not in pairs:
                        pairs[earlier, later] = self._compare(earlier, later)
        return sorted(pairs.values(), key=attrgetter("rank"))

    def _explains_rest(self, pair: Pair, stronger: Pair) -> bool:
        """Return whether `pair` is borne out by what the `stronger` pair leaves over of the text they share.

        Of a merge they share the later text, of a split the earlier one. Either the rest of it speaks for the lone text
        (the one that has only this partner), or the lone text, read for the words of the rest, does.
        """
        earlier = self.earlier.entries[pair.earlier].profile
        later = self.later.entries[pair.later].profile
        matches = pair.similarity.matches
        explained: Collection[str]
        if pair.later == stronger.later:
            shared, lone = later, earlier
            explained = {term for term, _ in stronger.similarity.matches.values()}
            rest = [(other, term, strength) for term, (other, strength) in matches.items() if other not in explained]
        else:
            shared, lone = earlier, later
            explained = stronger.similarity.matches.keys()
            rest = [(term, other, strength) for term, (other, strength) in matches.items() if term not in explained]
        within = self._within(pair.earlier, pair.later)
        of_rest = weigh_evidence(
            shared.terms.keys() - explained,
            {in_shared: strength for in_shared, _, strength in rest},
            lone,
            self.rarity,
            within,
        )
        of_lone = weigh_evidence(
            lone.terms, {in_lone: strength for _, in_lone, strength in rest}, shared, self.rarity, within
        )
        return max(of_rest, of_lone) + self._prior(pair.earlier, pair.later) > 0
