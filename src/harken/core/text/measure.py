"""How much two texts have in common, and which words say so.

Words count by their rarity in the texts at hand: "the" says little, and so does "partnership" where all speak of
partnerships, but "decentralise" says much. Two measures come of one comparison:

* the *score*, for people: the weighted share of words in common, from 0 (nothing) to 1 (the same words);
* the *evidence*, for decisions: how much more likely the words are if one text was written from the other than
  if both were written independently (a log likelihood ratio in nats; above 0 speaks for a common origin).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from harken.core.text.stemming import stem_word, stemmer_name
from harken.core.text.words import is_spaceless, split_words

__all__ = ["Profile", "Rarity", "Similarity", "measure_similarity", "profile_text", "shared_words", "weigh_evidence"]

# The chance that a word survives a rewriting. One half is the even-handed choice: for texts of one length a survived
# word of average rarity then weighs as much for a common origin as a lost one weighs against it.
SURVIVAL = 0.5
# Two words with different stems are taken as kin when they begin with the same letters and three quarters of their
# letters agree in order (decentralise, decentralization; a typing error in a long word).
KIN_PREFIX = 3
KIN_LENGTH = 5
KIN_RATIO = 0.75
# Overlapping pairs of a spaceless script say every character twice.
_PAIR_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Profile:
    """The different words of one text: `terms` maps a stem (or folded word, or pair) to its first place."""

    text: str
    terms: Mapping[str, tuple[int, int]]
    kin: Mapping[str, tuple[tuple[str, str], ...]] = field(repr=False)
    """By first letters, the longer words as (term, folded word): those that may match a kindred spelling."""


def profile_text(text: str, language: str = "") -> Profile:
    """Return the profile of `text` in `language` (a BCP 47 tag; "" where it is not known: then no stems)."""
    algorithm = stemmer_name(language)
    terms: dict[str, tuple[int, int]] = {}
    kin: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for word in split_words(text):
        spaceless = is_spaceless(word.surface)
        term = stem_word(word.surface, algorithm) if algorithm and not spaceless else word.folded
        if term not in terms:
            terms[term] = (word.start, word.end)
            if len(word.folded) >= KIN_LENGTH and not spaceless:
                kin[word.folded[:KIN_PREFIX]].append((term, word.folded))
    return Profile(text, terms, {prefix: tuple(words) for prefix, words in kin.items()})


class Rarity:
    """In how many of some texts each term occurs, and the weights that follow from it."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        """Count the terms of `profiles`: all texts that are being compared with each other."""
        self.counts: Counter[str] = Counter()
        self.size = 0
        for profile in profiles:
            self.counts.update(profile.terms.keys())
            self.size += 1
        # Laplace's rule over the words seen and as many unseen: a few texts show about half of their language.
        self.occurrences = self.counts.total() + 2 * len(self.counts)

    def weight(self, term: str) -> float:
        """Return the inverse document frequency ln((N + 1) / n) in nats; positive even if every text has `term`.

        Sparck Jones (1972), doi:10.1108/eb026526, smoothed by one text.
        """
        return math.log((self.size + 1) / self.counts.get(term, 1))

    def total_weight(self, profile: Profile) -> float:
        """Return the sum of the weights of the terms of `profile`."""
        counts = self.counts
        return len(profile.terms) * math.log(self.size + 1) - sum(
            math.log(counts.get(term, 1)) for term in profile.terms
        )

    def probability(self, term: str, within: "Rarity | None" = None) -> float:
        """Return how likely a word of some text is `term`, going by the other texts (the text itself is left out).

        `within` are the counts of a part of the texts (a group): its own words are then likelier, by as much as it
        has shown (Dirichlet smoothing with the weight of its vocabulary).
        """
        overall = self.counts.get(term, 1) / max(1, self.occurrences - 1)
        if within is None:
            return overall
        weight = len(within.counts)
        return (max(0, within.counts[term] - 1) + weight * overall) / max(1, within.occurrences - weight - 1)


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two texts have in common.

    `score` in 0..1 is the mean of the two readings people have of "similar": how much of both is shared (the
    geometric mean of the two shares, which for equal weights is the cosine), and how much of one lies within the
    other (the larger share). `share_of_first` and `share_of_second` in 0..1 are weighted by rarity.
    `evidence_of_first` (nats) takes the second text as the source of the first one's words; `evidence_of_second`
    the reverse. `matches` maps each shared term of the first text to (its term in the second, strength 0..1).
    """

    score: float
    share_of_first: float
    share_of_second: float
    evidence_of_first: float
    evidence_of_second: float
    matches: Mapping[str, tuple[str, float]]


def _match_terms(first: Profile, second: Profile) -> dict[str, tuple[str, float]]:
    """Return the terms of `first` found in `second`: equal ones, then kindred ones, each used once."""
    matches = {term: (term, 1.0) for term in first.terms if term in second.terms}
    if first.kin and second.kin:
        taken = set(matches)
        for prefix, words in first.kin.items():
            others = second.kin.get(prefix)
            if not others:
                continue
            for term, word in words:
                if term in matches:
                    continue
                best, best_ratio = "", KIN_RATIO
                for other, other_word in others:
                    if other not in taken and other not in first.terms:
                        ratio = fuzz.ratio(word, other_word) / 100
                        if ratio > best_ratio:
                            best, best_ratio = other, ratio
                if best:
                    taken.add(best)
                    matches[term] = (best, 2 * best_ratio - 1)
    return matches


def weigh_evidence(
    terms: Collection[str],
    strengths: Mapping[str, float],
    source: Profile,
    rarity: Rarity,
    within: Rarity | None = None,
) -> float:
    """Return the log likelihood ratio (nats) of `terms`: written from `source` against written without it.

    `strengths` maps the terms that `source` has, in some spelling, to how alike the two are (0..1).

    A word comes from the source with probability s (each of its words equally likely) and else from the common stock
    with probability p(w); without a source always from the stock. The ratio for one word is
    ln(1 - s + s / (m p(w))), m the number of words of the source, and ln(1 - s) for a word that is not there. This
    is the query likelihood with Jelinek-Mercer smoothing of Zhai and Lafferty (2004), doi:10.1145/984321.984322,
    against the collection model. A pair of a spaceless script counts half.
    """
    lost = math.log(1 - SURVIVAL)
    size = max(1, len(source.terms))
    total = lost * sum(_PAIR_WEIGHT if is_spaceless(term) else 1.0 for term in terms)
    for term, strength in strengths.items():
        if term in terms:
            found = math.log(1 - SURVIVAL + SURVIVAL / (size * rarity.probability(term, within)))
            total += strength * (found - lost) * (_PAIR_WEIGHT if is_spaceless(term) else 1.0)
    return total


def measure_similarity(
    first: Profile, second: Profile, rarity: Rarity | None = None, within: Rarity | None = None
) -> Similarity:
    """Return what `first` and `second` have in common, by the `rarity` of words in the texts they come from.

    `rarity` counts the words of all texts they come from (without it: of these two alone), `within` those of the
    part they both belong to. Swapping the texts swaps the sides of the result, but for the choice among several
    kindred words.
    """
    if rarity is None:
        rarity = Rarity((first, second))
    matches = _match_terms(first, second)
    weight = rarity.weight
    shared_first = sum(weight(term) * strength for term, (_, strength) in matches.items())
    shared_second = sum(weight(term) * strength for term, strength in matches.values())
    total_first = rarity.total_weight(first)
    total_second = rarity.total_weight(second)
    share_first = min(1.0, shared_first / total_first) if total_first else 0.0
    share_second = min(1.0, shared_second / total_second) if total_second else 0.0
    strengths_first = {term: strength for term, (_, strength) in matches.items()}
    strengths_second = dict(matches.values())
    return Similarity(
        score=(math.sqrt(share_first * share_second) + max(share_first, share_second)) / 2,
        share_of_first=share_first,
        share_of_second=share_second,
        evidence_of_first=weigh_evidence(first.terms, strengths_first, second, rarity, within),
        evidence_of_second=weigh_evidence(second.terms, strengths_second, first, rarity, within),
        matches=matches,
    )


def shared_words(second: Profile, similarity: Similarity, rarity: Rarity, limit: int = 6) -> tuple[str, ...]:
    """Return the words behind `similarity` as `second` spells them, the rarest first, at most `limit`.

    Neighbouring pairs of a spaceless script are joined to the longer word they come from.
    """
    places: dict[tuple[int, int], float] = {}
    for term, strength in similarity.matches.values():
        places[second.terms[term]] = rarity.weight(term) * strength
    joined: list[tuple[int, int, float]] = []
    for (start, end), weight in sorted(places.items()):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], end, joined[-1][2] + weight)
        else:
            joined.append((start, end, weight))
    joined.sort(key=lambda place: (-place[2], place[0]))
    return tuple(second.text[start:end] for start, end, _ in joined[:limit])
