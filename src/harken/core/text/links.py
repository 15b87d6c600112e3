"""How the texts of one iteration hang together: links that people accept, reject or draw anew.

Two things make a proposal, and precision comes before completeness:

* one text names another (`mentions`): what the sentence says of it gives the kind;
* a sentence of one says what a sentence of another says: they overlap if that is more likely than not, by the words
  they share and how rare those are. Where one of the two sentences negates beside a shared word and the other does
  not, the proposal is a conflict; that is a hint and no more.

Texts in different languages share too few words to be compared; they are linked where one names the other.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Literal

from harken.core.text.measure import Profile, Rarity, Similarity, measure_similarity, profile_text, shared_words
from harken.core.text.mentions import Mention, Name, find_mentions
from harken.core.text.sentences import split_sentences
from harken.core.text.words import is_spaceless, split_words

__all__ = ["LinkParameters", "LinkText", "ProposedLink", "propose_links"]

VERSION = "1"
NAMED = f"named in the text {VERSION}"
ALIKE = f"sentences alike by shared rare words {VERSION}"

Kind = Literal["depends_on", "supports", "conflicts_with", "overlaps"]

# Shorter words of a spaced script are mostly grammar ("the", "for", "من", "के"): they do not show what a text is about.
CONTENT_LENGTH = 4
# How near a negation must stand to a shared word, in words.
NEGATION_REACH = 3
_NEGATIONS = frozenset(
    word.folded
    for word in split_words(
        "not no never without abolish abolishes stop stops "
        "nicht kein keine keinen nie niemals ohne "
        "nunca sin jamás tampoco ne pas jamais sans aucun aucune "
        "não nem sem jamais لا لم لن ليس ليست دون بدون नहीं मत बिना"
    )
)


@dataclass(frozen=True, slots=True)
class LinkText:
    """One text of an iteration: `key` is unique in it; `group` may be ""; `language` is a BCP 47 tag or ""."""

    key: str
    code: str
    title: str
    text: str
    group: str = ""
    group_name: str = ""
    number: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """What the proposals depend on besides the texts, to be kept with them.

    `linked` (0..1): how likely a text has a sentence in common with some other text; `in_title` (0..1): how likely
    that is a sentence of its title. `sentences`: how many of each text are compared; `shared`: the fewest words two
    sentences must share; `candidates`, `postings`: how many sentences are compared closely with each, and how many
    entries of the word index are read to choose them; `words`: how many explain a link.
    """

    linked: float = 0.7
    in_title: float = 0.5
    sentences: int = 60
    shared: int = 2
    candidates: int = 4
    postings: int = 200
    words: int = 6


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """One proposal; for the kinds that say the same both ways `source` is the key of the earlier of the two texts.

    `score` in 0..1 sorts the surest first: for what a text names 1 where the sentence says how it stands to the other,
    else one half; for overlaps and conflicts how similar the sentences are. `words` are what speaks for it.
    """

    source: str
    target: str
    kind: Kind
    score: float
    words: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: int
    log_chance: float
    """The logarithm of the chance that this sentence is the one its text shares with another, if it shares any."""
    profile: Profile


@dataclass(frozen=True, slots=True)
class _Alike:
    """Two sentences that say the same, with the log odds (nats) for it."""

    first: _Sentence
    second: _Sentence
    similarity: Similarity
    odds: float


def propose_links(texts: Sequence[LinkText], *, parameters: LinkParameters = LinkParameters()) -> list[ProposedLink]:
    """Return the proposed links among `texts`: at most one of each kind between two, in the order of the texts.

    What a text names is not proposed as an overlap too. Deterministic. Time grows with the number of sentences times
    (`parameters.candidates` times their length, plus `parameters.postings`).
    """
    order = {text.key: number for number, text in enumerate(texts)}
    proposals = _from_mentions(
        find_mentions(
            [Name(text.key, text.code, text.title, text.group_name, text.number) for text in texts],
            [text.text for text in texts],
        ),
        order,
    )
    named = {frozenset((link.source, link.target)) for link in proposals}
    by_language: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        by_language[text.language.split("-")[0].lower()].append(number)
    for numbers in by_language.values():
        for link in _from_likeness(texts, numbers, parameters):
            if frozenset((link.source, link.target)) not in named:
                proposals.append(link)
    return sorted(proposals, key=lambda link: (order[link.source], order[link.target], link.kind))


def _from_mentions(mentions: Iterable[Mention], order: dict[str, int]) -> list[ProposedLink]:
    """Return one link for each kind and pair; where several sentences speak for it, the clearest one's words.

    A text that only names another leans on it, which is what "depends on" says most often; a person decides.
    """
    found: dict[tuple[str, str, Kind], ProposedLink] = {}
    said = {(one.source, one.target) for one in mentions if one.stance}
    for one in mentions:
        if not one.stance and (one.source, one.target) in said:
            continue
        source, target = one.source, one.target
        kind: Kind = "depends_on"
        if one.stance == "needed_by":
            source, target = target, source
        elif one.stance:
            kind = one.stance
        if kind in {"conflicts_with", "overlaps"} and order[source] > order[target]:
            source, target = target, source
        link = ProposedLink(source, target, kind, 1.0 if one.stance else 0.5, one.words, NAMED)
        if (source, target, kind) not in found:
            found[source, target, kind] = link
    return list(found.values())


def _content_profile(sentence: str, language: str) -> Profile:
    """Return the profile of the words that can show what a sentence is about."""
    whole = profile_text(sentence, language)
    terms = {
        term: (start, end)
        for term, (start, end) in whole.terms.items()
        if end - start >= CONTENT_LENGTH or is_spaceless(sentence[start:end])
    }
    kin = ((prefix, tuple(word for word in words if word[0] in terms)) for prefix, words in whole.kin.items())
    return Profile(sentence, terms, {prefix: words for prefix, words in kin if words})


def _sentences_of(number: int, text: LinkText, parameters: LinkParameters) -> Iterator[_Sentence]:
    """Yield the sentences of a text that have enough words to be compared, those of the title first."""
    title, body = (
        [words[start:end] for start, end in split_sentences(words, text.language)] for words in (text.title, text.text)
    )
    body = [line for line in body if line not in title]
    sides = ((title, parameters.in_title if body else 1.0), (body, 1 - parameters.in_title if title else 1.0))
    pairs = ((line, math.log(chance / len(lines))) for lines, chance in sides for line in lines)
    for line, log_chance in islice(pairs, parameters.sentences):
        profile = _content_profile(line, text.language)
        if len(profile.terms) >= parameters.shared:
            yield _Sentence(number, log_chance, profile)


def _from_likeness(
    texts: Sequence[LinkText], numbers: Sequence[int], parameters: LinkParameters
) -> Iterator[ProposedLink]:
    """Yield an overlap, or perhaps a conflict, for each two texts of one language that share a sentence's matter."""
    sentences = [one for number in numbers for one in _sentences_of(number, texts[number], parameters)]
    best: dict[tuple[int, int], _Alike] = {}
    rarity = Rarity([one.profile for one in sentences])
    for pair in _compare(texts, len(numbers), sentences, rarity, parameters):
        ends = (pair.first.text, pair.second.text)
        if pair.odds > 0 and (ends not in best or pair.odds > best[ends].odds):
            best[ends] = pair
    for (first, second), pair in best.items():
        words = shared_words(pair.second.profile, pair.similarity, rarity, parameters.words)
        negation = _one_sided_negation(pair)
        yield ProposedLink(
            texts[first].key,
            texts[second].key,
            "conflicts_with" if negation else "overlaps",
            round(pair.similarity.score, 4),
            (*words, *negation),
            ALIKE,
        )


def _compare(
    texts: Sequence[LinkText],
    count: int,
    sentences: Sequence[_Sentence],
    rarity: Rarity,
    parameters: LinkParameters,
) -> Iterator[_Alike]:
    """Yield the pairs of sentences of different texts that are worth looking at, each once."""
    members: defaultdict[str, list[Profile]] = defaultdict(list)
    for one in sentences:
        members[texts[one.text].group].append(one.profile)
    within = {group: Rarity(profiles) for group, profiles in members.items()}
    prior = math.log(parameters.linked / (1 - parameters.linked) / max(1, count - 1))
    seen: set[tuple[int, int]] = set()
    for number, others in _candidates(sentences, parameters):
        for other in others:
            ends = (min(number, other), max(number, other))
            if ends in seen:
                continue
            seen.add(ends)
            first, second = sentences[ends[0]], sentences[ends[1]]
            group = texts[first.text].group
            similarity = measure_similarity(
                first.profile, second.profile, rarity, within[group] if group == texts[second.text].group else None
            )
            if len(similarity.matches) >= parameters.shared:
                # Neither sentence is the source of the other, so both readings count alike.
                evidence = (similarity.evidence_of_first + similarity.evidence_of_second) / 2
                yield _Alike(first, second, similarity, evidence + prior + first.log_chance + second.log_chance)


def _candidates(sentences: Sequence[_Sentence], parameters: LinkParameters) -> Iterator[tuple[int, list[int]]]:
    """Yield for each sentence those of other texts that share most weight of rare words with it."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(sentences):
        for term in one.profile.terms:
            index[term].append(number)
    for number, one in enumerate(sentences):
        lists = sorted((index[term] for term in one.profile.terms), key=len)
        weights: defaultdict[int, float] = defaultdict(float)
        shared: defaultdict[int, int] = defaultdict(int)
        budget = parameters.postings
        for numbers in lists:
            weight = math.log1p(len(sentences) / len(numbers)) ** 2
            for other in numbers[:budget]:
                if sentences[other].text != one.text:
                    # A long sentence shares words with everything, as in `matching`.
                    weights[other] += weight / math.sqrt(len(sentences[other].profile.terms))
                    shared[other] += 1
            budget -= len(numbers)
            if budget <= 0:
                break
        likely = ((other, weight) for other, weight in weights.items() if shared[other] >= parameters.shared)
        yield number, [other for other, _ in heapq.nlargest(parameters.candidates, likely, key=itemgetter(1))]


def _one_sided_negation(pair: _Alike) -> tuple[str, ...]:
    """Return the word by which one sentence negates beside a shared word, if the other negates nothing at all."""
    first, second = pair.first.profile, pair.second.profile
    beside = (
        _negation_beside(first, {first.terms[term][0] for term in pair.similarity.matches}),
        _negation_beside(second, {second.terms[term][0] for term, _ in pair.similarity.matches.values()}),
    )
    for near, other in (beside, beside[::-1]):
        if near.beside and not other.any:
            return (near.beside,)
    return ()


@dataclass(frozen=True, slots=True)
class _Negation:
    beside: str
    any: bool


def _negation_beside(profile: Profile, starts: set[int]) -> _Negation:
    words = split_words(profile.text)
    negations = [number for number, word in enumerate(words) if word.folded in _NEGATIONS]
    shared = [number for number, word in enumerate(words) if word.start in starts]
    near = (no for no in negations if any(abs(no - number) <= NEGATION_REACH for number in shared))
    first = next(near, None)
    return _Negation("" if first is None else words[first].surface, bool(negations))
