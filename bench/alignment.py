"""Quotes followed through the revisions of real texts: how many stay on the right passage, and how many others keep.

Every folder of `revisions` among the test data is one text, its files the revisions in order. Quotes of several words
are placed in the first revision, followed to the last one, and judged by `bench.alignment_truth`.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.alignment_peers import PEERS, Placed, Revisions
from bench.alignment_truth import Answer, Truth

ROOT = Path(__file__).resolve().parent.parent
QUOTES = 200
FEWEST_WORDS, MOST_WORDS = 3, 24
OUTCOMES = ("kept on the right passage", "correctly loose", "loose although it was there", "wrong")

# The anchors of one document, and the passages they are on.
ANCHORS = 10_000
PASSAGES = 1_000
N = 5


@dataclass
class Times:
    """Seconds that Harken took, an entry for each step from one revision to the next."""

    align: list[float] = field(default_factory=list)
    follow: list[float] = field(default_factory=list)


def find_texts() -> list[Path]:
    """Return the folders of the texts there are."""
    folder = Path(os.environ.get("HARKEN_TEST_DATA", ROOT.parent / "shared" / "data")) / "revisions"
    return sorted(path for path in folder.glob("*") if path.is_dir())


def read_revisions(folder: Path) -> list[list[str]]:
    """Return the texts of the passages of each revision."""
    from harken.core.text.segment import segment

    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [[passage.text for passage in segment(path.read_text(encoding="utf-8"))] for path in files]


def place_quotes(truth: Truth, chance: Random) -> Iterator[tuple[Placed, int, int]]:
    """Yield quotes of some words in a row within one passage, and the first and last word of each.

    A character of a script without spaces counts as half a word: three of them are no quote but an inflection.
    """
    words = truth.words[0]
    placed = 0
    while placed < QUOTES:
        first = last = chance.randrange(len(words))
        passage = truth.passage_of(0, first)
        wanted = chance.randint(FEWEST_WORDS, MOST_WORDS) - words[first].weight
        while wanted > 0 and last + 1 < len(words) and truth.passage_of(0, last + 1) == passage:
            last += 1
            wanted -= words[last].weight
        if sum(word.weight for word in words[first : last + 1]) >= FEWEST_WORDS:
            placed += 1
            yield Placed(*truth.place_of(0, first, last)), first, last


def follow_by_harken(revisions: Revisions, quotes: Sequence[Placed], times: Times) -> list[int | None]:
    """Give every passage an id from revision to revision, and follow the quotes by them."""
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
        began = time.perf_counter()
        alignment = align(old, texts)
        times.align.append(time.perf_counter() - began)
        ids = []
        for row in alignment.rows:
            made += row.old_id is None
            ids.append(row.old_id or f"p{made}")
        new = list(zip(ids, texts, strict=True))
        began = time.perf_counter()
        follower = Follower(old, new, heirs=find_heirs(alignment, ids))
        places = [
            follower.follow(place.passage_id, place.start, place.end, anchor)
            for place, anchor in zip(places, anchors, strict=True)
        ]
        times.follow.append(time.perf_counter() - began)
        old = new
    numbers = {passage_id: number for number, (passage_id, _) in enumerate(old)}
    return [None if place.passage_id is None else numbers[place.passage_id] for place in places]


def judge(answer: Answer, found: int | None) -> str:
    """Return the outcome of one quote."""
    kept, rightly_loose, loose, wrong = OUTCOMES
    if answer.is_lost:
        # To show it as changed, with old and new words, on the passage that has the rest of them is right, too.
        return rightly_loose if found is None or found in answer.passages else wrong
    if found is None:
        return loose
    return kept if found in answer.passages else wrong


def measure_text(folder: Path, times: Times) -> dict[str, Counter[str]]:
    """Return the outcomes of all quotes of one text, for Harken and for each peer."""
    revisions = read_revisions(folder)
    truth = Truth(revisions)
    placed = list(place_quotes(truth, Random(f"2030 {folder.name}")))
    quotes = [quote for quote, _, _ in placed]
    answers = [truth.follow(first, last) for _, first, last in placed]
    found = {"Harken": follow_by_harken(revisions, quotes, times)}
    found.update((name, follow(revisions, quotes)) for name, follow in PEERS.items())
    return {name: Counter(map(judge, answers, places)) for name, places in found.items()}
