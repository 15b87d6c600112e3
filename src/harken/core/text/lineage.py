"""What became of each text of one iteration in the next: proposals that people accept, reject or draw anew."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from harken.core.text.matching import Entry, Matcher, MatchParameters, Pair
from harken.core.text.measure import profile_text, shared_words
from harken.core.text.words import split_words

__all__ = ["METHOD", "VERSION", "LineageParameters", "LineageText", "ProposedEdge", "propose_lineage"]

METHOD = "shared rare words: Bayesian mixture model"
VERSION = "1"

Kind = Literal["kept", "revised", "merged", "split", "dropped", "new"]


@dataclass(frozen=True, slots=True)
class LineageText:
    """One text of an iteration: `key` is unique in it; `group` may be ""; `language` is a BCP 47 tag or ""."""

    key: str
    group: str
    title: str
    text: str
    language: str = ""

    @property
    def content(self) -> str:
        """Title and text, once each."""
        if not self.text or self.text.startswith(self.title):
            return self.text or self.title
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class LineageParameters(MatchParameters):
    """What the proposals depend on besides the texts, to be kept with them; `words` is how many explain an edge."""

    words: int = 6


@dataclass(frozen=True, slots=True)
class ProposedEdge:
    """One proposal. `earlier` and `later` are keys; one of them is None for new and dropped.

    `score` in 0..1 is the similarity of the two texts (1 for kept, 0 for new and dropped); `odds` (nats) the
    logarithm of the odds for a common origin, above 0 in every proposal with two ends but those of kept texts, which
    need none. `words` are the shared words as the later text has them, rarest first. `share` in 0..1: for split,
    the part of the earlier text that this edge carries; else the part of the later text that comes along it.
    """

    earlier: str | None
    later: str | None
    kind: Kind
    score: float
    words: tuple[str, ...]
    share: float
    odds: float


def _kept_key(text: LineageText, *, with_title: bool, with_group: bool) -> tuple[str, str]:
    """Return what two texts must agree in to be the same; its second part is empty if there is nothing to go by."""
    body = text.content if with_title else text.text or text.title
    return (text.group if with_group else "", " ".join(word.folded for word in split_words(body)))


def _find_kept(earlier: Sequence[LineageText], later: Sequence[LineageText]) -> dict[int, int]:
    """Return earlier and later texts that are the same: by title and text, else by text alone; own group first."""
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for with_group in (True, False):
        for with_title in (True, False):
            waiting: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
            for number, text in enumerate(later):
                if number not in taken:
                    waiting[_kept_key(text, with_title=with_title, with_group=with_group)].append(number)
            for number, text in enumerate(earlier):
                if number in kept:
                    continue
                key = _kept_key(text, with_title=with_title, with_group=with_group)
                if key[1] and waiting.get(key):
                    kept[number] = waiting[key].popleft()
                    taken.add(kept[number])
    return kept


def propose_lineage(
    earlier: Sequence[LineageText],
    later: Sequence[LineageText],
    *,
    parameters: LineageParameters = LineageParameters(),
) -> list[ProposedEdge]:
    """Return the proposed edges between the texts of two iterations, in the order of `earlier`, then `later`.

    Texts of the same words are kept. For the others `matching` decides, with the texts' groups as the place where a
    partner is expected: a text with two predecessors is merged, one with two successors split. Every earlier and
    every later key is in at least one edge. Deterministic. Time grows with the number of texts times
    (`parameters.candidates` times the length of a text, plus `parameters.postings`).
    """
    matcher = Matcher(
        [Entry(text.group, profile_text(text.content, text.language)) for text in earlier],
        [Entry(text.group, profile_text(text.content, text.language)) for text in later],
        parameters,
        fixed=_find_kept(earlier, later),
    )
    return list(_describe_edges(earlier, later, matcher, parameters))


def _describe_edges(
    earlier: Sequence[LineageText],
    later: Sequence[LineageText],
    matcher: Matcher,
    parameters: LineageParameters,
) -> Iterator[ProposedEdge]:
    pairs: defaultdict[int, list[Pair]] = defaultdict(list)
    predecessors: Counter[int] = Counter()
    for pair in matcher.match():
        pairs[pair.earlier].append(pair)
        predecessors[pair.later] += 1
    for number, text in enumerate(earlier):
        for pair in pairs[number]:
            similarity = pair.similarity
            kind: Kind = "kept" if pair.fixed else "revised"
            if not pair.fixed and predecessors[pair.later] > 1:
                kind = "merged"
            elif not pair.fixed and len(pairs[number]) > 1:
                kind = "split"
            yield ProposedEdge(
                earlier=text.key,
                later=later[pair.later].key,
                kind=kind,
                score=1.0 if pair.fixed else round(similarity.score, 4),
                words=shared_words(
                    matcher.later.entries[pair.later].profile, similarity, matcher.rarity, parameters.words
                ),
                share=round(similarity.share_of_first if kind == "split" else similarity.share_of_second, 4),
                odds=round(pair.odds, 4),
            )
        if not pairs[number]:
            yield ProposedEdge(text.key, None, "dropped", 0.0, (), 0.0, 0.0)
    for number, text in enumerate(later):
        if not predecessors[number]:
            yield ProposedEdge(None, text.key, "new", 0.0, (), 0.0, 0.0)
