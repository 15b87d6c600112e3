"""Opinion maps: ours at three sizes, and red-dwarf's on the same votes, with `BENCH_FULL=1` also for 100,000 people.

Every run has a process of its own, so that its peak of memory is its own. What is timed begins with columns of votes
in memory and ends with the whole result: groups, their tests, and all statistics.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figure, Result
from bench.sense_made import make_votes

ROOT = Path(__file__).resolve().parent.parent
N = 3
LARGE = (100_000, 1_000, 2_800_000)
SMALL = (10_000, 500, 280_000)
HUGE = (1_000_000, 5_000, 51_000_000)


def run(work: str, folder: Path) -> dict[str, Any]:
    """Return what `bench.sense_one` says of this work on the votes in `folder`."""
    command = [sys.executable, "-m", "bench.sense_one", work, str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def run_often(work: str, folder: Path, n: int) -> dict[str, Any]:
    """Return the medians of `n` runs."""
    runs = [run(work, folder) for _ in range(n)]
    return {key: statistics.median(each[key] for each in runs) for key in runs[0]}


def make_folder(parent: Path, size: tuple[int, int, int]) -> Path:
    """Write votes of this size for other processes to read, in an order that says nothing; return their folder."""
    people, statements, wanted = size
    made = make_votes(people, statements, wanted)
    folder = parent / str(people)
    folder.mkdir()
    # As votes come in: not sorted by participant.
    order = np.random.default_rng(1).permutation(made.value.size)
    for name in ("participant", "statement", "value"):
        np.save(folder / f"{name}.npy", getattr(made, name)[order])
    return folder


def compare(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> list[Figure]:
    """Return figures of both, ours in the two ways it can be made."""
    peer = "red-dwarf"
    return [
        Figure(f"{name}: map with statistics", ours["seconds"], "s", peer, theirs["seconds"]),
        Figure(f"{name}: against red-dwarf without its clustering", ours["seconds"], "s", peer, theirs["outside"]),
        Figure(f"{name}: peak memory", ours["memory"], "MB", peer, theirs["memory"]),
    ]


def measure() -> Result:
    """Measure all sizes; the largest takes a few minutes to make."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = make_folder(Path(name), SMALL)
        theirs = run("red-dwarf", folder)
        figures += compare("10,000 × 500", run_often("map", folder, N), theirs)
        published = run_often("published", folder, N)
        figures.append(Figure("10,000 × 500: compat=polis", published["seconds"], "s", "red-dwarf", theirs["seconds"]))
        folder = make_folder(Path(name), LARGE)
        ours = run_often("map", folder, N)
        if os.environ.get("BENCH_FULL"):
            figures += compare("100,000 × 1,000", ours, run("red-dwarf", folder))
        else:
            figures.append(Figure("100,000 × 1,000: map with statistics", ours["seconds"], "s"))
            figures.append(Figure("100,000 × 1,000: peak memory", ours["memory"], "MB"))
        live = run_often("live", folder, N)
        figures.append(Figure("100,000 × 1,000: 1,000 new votes", live["seconds"], "s"))
        bridges = run("bridges", folder)
        figures.append(Figure("100,000 × 1,000: bridging scores", bridges["seconds"], "s"))
        huge = run("map", make_folder(Path(name), HUGE))
        figures.append(Figure("1,000,000 × 5,000: map with statistics", huge["seconds"], "s"))
        figures.append(Figure("1,000,000 × 5,000: of it, sorting votes", huge["store"], "s"))
        figures.append(Figure("1,000,000 × 5,000: peak memory", huge["memory"], "MB"))
    notes = (
        f"Ours: numpy {np.__version__}. n = {N} for ours up to 100,000 people, 1 for the rest and for red-dwarf.",
        "Votes are given in no order; red-dwarf gets the dictionaries it asks for, made before the clock starts.",
        "Memory is the peak of the process, Python and the votes themselves included.",
    )
    return Result(tuple(figures), N, notes)
