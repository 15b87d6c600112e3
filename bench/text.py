"""Comparing texts: words within a passage, and the passages of two versions of a long document."""

from __future__ import annotations

import difflib
from random import Random

from bench.figures import Figure, Result, median_seconds
from bench.material import make_passage, rewrite_passage

N = 3
PASSAGES = 10_000
PAIRS = 500


def make_versions(count: int) -> tuple[list[str], list[str]]:
    """Return a document and the same after editing: 60 % unchanged, the rest rewritten, moved or replaced."""
    chance = Random(2030)
    before = [make_passage(chance) for _ in range(count)]
    after = []
    for passage in before:
        fate = chance.random()
        if fate < 0.6:
            after.append(passage)
        elif fate < 0.85:
            after.append(rewrite_passage(chance, passage))
        elif fate < 0.9:
            after.insert(chance.randrange(len(after) + 1), passage)
        elif fate < 0.95:
            after.append(make_passage(chance))
    return before, after


def measure() -> Result:
    from harken.core.text.align import align
    from harken.core.text.diff import compare_words

    before, after = make_versions(PASSAGES)
    numbered = [(f"p{number}", passage) for number, passage in enumerate(before)]
    aligned = median_seconds(lambda: align(numbered, after), N)
    chance = Random(7)
    pairs = [(passage, rewrite_passage(chance, passage)) for passage in before[:PAIRS]]

    def compare_all() -> None:
        for first, second in pairs:
            compare_words(first, second)

    def compare_by_difflib() -> None:
        for first, second in pairs:
            difflib.SequenceMatcher(None, first.split(), second.split(), autojunk=False).get_opcodes()

    compared = median_seconds(compare_all, N) / PAIRS * 1000
    peer = median_seconds(compare_by_difflib, N) / PAIRS * 1000
    figures = (
        Figure(f"align {PASSAGES:,} passages with {len(after):,}", aligned, "s"),
        Figure("passages aligned", PASSAGES / aligned, "passages/s"),
        Figure("compare the words of a passage (50 words)", compared, "ms", "difflib", peer),
    )
    return Result(figures, N, ("difflib compares words between spaces; Harken's words follow the script.",))
