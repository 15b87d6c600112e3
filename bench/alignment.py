"""Quotes followed through the revisions of texts: how many stay on the right passage, and how many others keep.

Every folder of `revisions` among the test data is one text, its files the revisions in order; `bench.alignment_made`
makes others from a seed. Quotes are placed in the first revision and followed to the last one. What is right is known
from `bench.alignment_truth` for real texts, from how they were made for the others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.alignment_made import make_texts
from bench.alignment_peers import PEERS, Placed, Revisions
from bench.alignment_truth import Answer, Truth
from bench.figures import Figure, Result, median_seconds
from bench.text import make_versions

if TYPE_CHECKING:
    from harken.core.text.anchor import Place

ROOT = Path(__file__).resolve().parent.parent
QUOTES = 200
FEWEST_WORDS, MOST_WORDS = 3, 24
OUTCOMES = ("kept on the right passage", "correctly loose", "loose although it was there", "wrong")
HARKEN = "Harken"
# The peer that comes closest stands beside Harken in the table of a text; the others are in a note below.
CLOSEST = "approximate search"

# For the times: passages of a text, and anchors on them.
PASSAGES = 10_000
ANCHORS = 10_000
N = 3


@dataclass
class Case:
    """One text with its revisions, quotes in the first, and what is right to say of each in the last."""

    name: str
    revisions: Revisions
    quotes: list[Placed]
    answers: list[Answer]


@dataclass
class Tally:
    """What became of the quotes of some texts, for each way to follow them.

    Attributes:
        outcomes: how often each of `OUTCOMES`, by the name of who followed.
        shown: of Harken's wrong ones, those shown as changed, with the old words and the new, where fewer than half
            of the words survive.
    """

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    shown: int = 0

    def add(self, other: Tally) -> None:
        for name, counted in other.outcomes.items():
            self.outcomes.setdefault(name, Counter()).update(counted)
        self.shown += other.shown


def find_texts() -> list[Path]:
    """Return the folders of the real texts there are."""
    folder = Path(os.environ.get("HARKEN_TEST_DATA", ROOT.parent / "shared" / "data")) / "revisions"
    return sorted(path for path in folder.glob("*") if path.is_dir())


def read_revisions(folder: Path) -> list[list[str]]:
    """Return the texts of the passages of each revision."""
    from harken.core.text.segment import segment

    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [[passage.text for passage in segment(path.read_text(encoding="utf-8"))] for path in files]


def place_quotes(truth: Truth, chance: Random, quotes: int) -> Iterator[tuple[Placed, int, int]]:
    """Yield quotes of some words in a row within one passage, and the first and last word of each.

    A character of a script without spaces counts as half a word: three of them are no quote but an inflection.
    """
    words = truth.words[0]
    placed = 0
    while placed < quotes:
        first = last = chance.randrange(len(words))
        passage = truth.passage_of(0, first)
        wanted = chance.randint(FEWEST_WORDS, MOST_WORDS) - words[first].weight
        while wanted > 0 and last + 1 < len(words) and truth.passage_of(0, last + 1) == passage:
            last += 1
            wanted -= words[last].weight
        if sum(word.weight for word in words[first : last + 1]) >= FEWEST_WORDS:
            placed += 1
            yield Placed(*truth.place_of(0, first, last)), first, last


def read_case(folder: Path, quotes: int = QUOTES) -> Case:
    """Return a real text, with the truth found by following its words."""
    revisions = read_revisions(folder)
    truth = Truth(revisions)
    placed = list(place_quotes(truth, Random(f"2030 {folder.name}"), quotes))
    answers = [truth.follow(first, last) for _, first, last in placed]
    return Case(folder.name, revisions, [quote for quote, _, _ in placed], answers)


def make_cases(passages: int, quotes: int = QUOTES) -> Iterator[Case]:
    """Yield the made texts, with the truth known from their making."""
    for made in make_texts(passages):
        placed = list(made.place_quotes(Random(f"2030 {made.name}"), quotes, FEWEST_WORDS, MOST_WORDS))
        yield Case(made.name, made.revisions, [quote for quote, _ in placed], [answer for _, answer in placed])


def follow_by_harken(revisions: Revisions, quotes: Sequence[Placed]) -> tuple[list[Place], list[int | None]]:
    """Give every passage an id from revision to revision and follow the quotes by them.

    Return where each is at last, and the number of its passage.
    """
    from harken.core.text.align import align
    from harken.core.text.anchor import Follower, Place, find_heirs, make_quote

    old = [(f"p{number}", text) for number, text in enumerate(revisions[0])]
    made = len(old)
    anchors = [make_quote(revisions[0][quote.passage], quote.start, quote.end) for quote in quotes]
    places = [
        Place("current", f"p{quote.passage}", quote.start, quote.end, anchor.exact)
        for quote, anchor in zip(quotes, anchors, strict=True)
    ]
    for texts in revisions[1:]:
        alignment = align(old, texts)
        ids = []
        for row in alignment.rows:
            made += row.old_id is None
            ids.append(row.old_id or f"p{made}")
        new = list(zip(ids, texts, strict=True))
        follower = Follower(old, new, heirs=find_heirs(alignment, ids))
        places = [
            follower.follow(place.passage_id, place.start, place.end, anchor)
            for place, anchor in zip(places, anchors, strict=True)
        ]
        old = new
    numbers = {passage_id: number for number, (passage_id, _) in enumerate(old)}
    return places, [None if place.passage_id is None else numbers[place.passage_id] for place in places]


def judge(answer: Answer, found: int | None) -> str:
    """Return the outcome of one quote.

    Where fewer than half of its words survive, to show it on the passage that has the rest of them is right, too.
    """
    kept, rightly_loose, loose, wrong = OUTCOMES
    if answer.is_lost:
        return rightly_loose if found is None or found in answer.passages else wrong
    if found is None:
        return loose
    return kept if found in answer.passages else wrong


def measure_case(case: Case) -> Tally:
    """Return the outcomes of all quotes of one text, for Harken and for each peer."""
    places, found = follow_by_harken(case.revisions, case.quotes)
    by_name = {HARKEN: found, **{name: follow(case.revisions, case.quotes) for name, follow in PEERS.items()}}
    return Tally(
        {name: Counter(map(judge, case.answers, numbers)) for name, numbers in by_name.items()},
        sum(
            answer.is_lost and place.state == "changed" and judge(answer, number) == OUTCOMES[-1]
            for answer, place, number in zip(case.answers, places, found, strict=True)
        ),
    )


def describe_case(name: str, tally: Tally) -> Iterator[Figure]:
    """Yield the figures of one text, Harken's beside the closest peer's."""
    for outcome in OUTCOMES:
        closest = tally.outcomes[CLOSEST][outcome]
        yield Figure(f"{name}: {outcome}", tally.outcomes[HARKEN][outcome], "quotes", CLOSEST, closest)


def describe_total(name: str, tally: Tally) -> Iterator[Figure]:
    """Yield the figures of several texts together, Harken's beside those of every peer."""
    for outcome in OUTCOMES:
        for peer in PEERS:
            value = tally.outcomes[HARKEN][outcome]
            yield Figure(f"{name}: {outcome}", value, "quotes", peer, tally.outcomes[peer][outcome])
    counted = tally.outcomes[HARKEN]
    yield Figure(f"{name}: wrong", 100 * counted[OUTCOMES[-1]] / counted.total(), "% of quotes")
    silently = counted[OUTCOMES[-1]] - tally.shown
    yield Figure(f"{name}: wrong, and not shown as changed", 100 * silently / counted.total(), "% of quotes")


def describe_others(name: str, tally: Tally) -> str:
    """Return a sentence with what the other peers came to."""
    told = [
        f"{peer} " + "/".join(str(counted[outcome]) for outcome in OUTCOMES)
        for peer, counted in tally.outcomes.items()
        if peer not in {HARKEN, CLOSEST}
    ]
    return f"{name}, kept/correctly loose/loose although it was there/wrong: {', '.join(told)}."


def measure_times(passages: int = PASSAGES, anchors: int = ANCHORS) -> Iterator[Figure]:
    """Yield how long it takes to align a long text after an edit, and to follow the anchors on it."""
    from harken.core.text.align import align
    from harken.core.text.anchor import Follower, find_heirs, make_quote

    for changed in (1, 40):
        before, after = make_versions(passages, unchanged=1 - changed / 100)
        old = [(f"p{number}", text) for number, text in enumerate(before)]
        alignment = align(old, after)
        ids = [row.old_id or f"n{row.new_index}" for row in alignment.rows]
        new = list(zip(ids, after, strict=True))
        heirs = find_heirs(alignment, ids)
        chance = Random(10)
        placed = []
        for _ in range(anchors):
            number = chance.randrange(len(before))
            start = before[number].index(" ", chance.randrange(len(before[number]) // 2)) + 1
            end = start + 40
            placed.append((f"p{number}", start, end, make_quote(before[number], start, end)))

        def follow_all() -> None:
            follower = Follower(old, new, heirs=heirs)  # noqa: B023 - called before the next round
            for anchor in placed:  # noqa: B023 - called before the next round
                follower.follow(*anchor)

        text = f"{passages:,} passages, {changed} % changed"
        yield Figure(f"align {text}", median_seconds(partial(align, old, after), N), "s")
        yield Figure(f"follow {anchors:,} anchors, {text}", median_seconds(follow_all, N), "s")


def measure() -> Result:
    figures: list[Figure] = []
    notes = [
        f"{QUOTES} quotes of {FEWEST_WORDS} to {MOST_WORDS} words in each text; times are medians of {N}.",
        "Not shown as changed: without those shown with the old words and the new, fewer than half of which survive.",
    ]
    groups = {
        "all real texts": [read_case(folder) for folder in find_texts()],
        "all made texts": list(make_cases(120)),
    }
    for name, cases in groups.items():
        total = Tally()
        for case in cases:
            tally = measure_case(case)
            total.add(tally)
            figures += describe_case(case.name, tally)
            notes.append(describe_others(case.name, tally))
        if cases:
            figures += describe_total(name, total)
        else:
            notes.append(f"{name}: there are none here (HARKEN_TEST_DATA).")
    return Result((*figures, *measure_times()), QUOTES, tuple(notes))
