"""Comparing texts: words within a passage, and the passages of two versions of a long document."""

from __future__ import annotations

import difflib
from functools import partial
from random import Random

from bench.figures import Figure, Result, median_seconds
from bench.material import make_passage, rewrite_passage

N = 3
PASSAGES = 10_000
PAIRS = 500


def make_versions(count: int, *, unchanged: float) -> tuple[list[str], list[str]]:
    """Return a document and the same after editing: a share unchanged, the rest rewritten, moved, replaced or gone."""
    chance = Random(2030)
    before = [make_passage(chance) for _ in range(count)]
    after = []
    for passage in before:
        fate = chance.random()
        edited = (fate - unchanged) / (1 - unchanged)
        if edited < 0:
            after.append(passage)
        elif edited < 0.64:
            after.append(rewrite_passage(chance, passage))
        elif edited < 0.76:
            after.insert(chance.randrange(len(after) + 1), passage)
        elif edited < 0.88:
            after.append(make_passage(chance))
    return before, after


def measure() -> Result:
    from harken.core.text.align import align
    from harken.core.text.diff import compare_words

    aligned = {}
    before: list[str] = []
    for share in (0.99, 0.6):
        before, after = make_versions(PASSAGES, unchanged=share)
        numbered = [(f"p{number}", passage) for number, passage in enumerate(before)]
        aligned[share] = median_seconds(partial(align, numbered, after), N)
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
        Figure(f"align {PASSAGES:,} passages, 1 % changed", aligned[0.99], "s"),
        Figure(f"align {PASSAGES:,} passages, 40 % changed", aligned[0.6], "s"),
        Figure("compare the words of a passage (50 words)", compared, "ms", "difflib", peer),
    )
    return Result(figures, N, ("difflib compares words between spaces; Harken's words follow the script.",))
