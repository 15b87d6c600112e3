"""Near-duplicates and campaigns among short comments of which it is known: 50,000, with `BENCH_FULL=1` a million.

The work has a process of its own (`python -m bench.sense_duplicates TEXTS LABELS TOLD WORKERS`), whose memory is looked
at twice a second, its workers' included. What is timed begins with a list of texts in memory and ends with all groups,
their members' similarities and the templates of campaigns. Times are given by the clock and, since other work on the
machine lengthens these, by the processor, all processes together.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Result
from bench.sense_comments import MadeComments, make_comments
from bench.served import memory_of
from harken.core.sense.duplicates import find_duplicates

ROOT = Path(__file__).resolve().parent.parent
SMALL, FULL = 50_000, 1_000_000
WORKERS = 2

Labels = NDArray[np.int64]


def count_pairs(labels: Labels) -> float:
    """Return how many pairs have the same label."""
    counts = np.unique(labels, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


def judge(made: MadeComments, labels: Labels) -> dict[str, float]:
    """Return precision and recall of pairs: all of them, and the recall of copies and of campaigns."""
    known, found = made.family >= 0, labels >= 0
    both = known & found
    together = labels * (made.family.max() + 1) + made.family
    right = count_pairs(together[both])
    shares = {"precision": right / count_pairs(labels[found]), "recall": right / count_pairs(made.family[known])}
    for name, kind in (("copies", ~made.in_campaign), ("campaigns", made.in_campaign)):
        shares[name] = count_pairs(together[both & kind]) / count_pairs(made.family[known & kind])
    return shares


def run(made: MadeComments, folder: Path) -> tuple[dict[str, Any], Labels]:
    """Return what the process told of its work, with the memory of all its processes, and the label of each text."""
    texts, labels, told = folder / "texts.json", folder / "labels.npy", folder / "told.json"
    texts.write_text(json.dumps(made.texts), encoding="utf-8")
    command = [sys.executable, "-m", "bench.sense_duplicates", str(texts), str(labels), str(told), str(WORKERS)]
    process = subprocess.Popen(command, cwd=ROOT)
    peak = 0.0
    while process.poll() is None:
        with suppress(OSError):  # a process may end while it is looked at
            peak = max(peak, memory_of(process.pid))
        time.sleep(0.5)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {**json.loads(told.read_text(encoding="utf-8")), "memory": peak}, np.load(labels)


def measure() -> Result:
    """Measure one size."""
    n = FULL if os.environ.get("BENCH_FULL") else SMALL
    made = make_comments(n)
    with tempfile.TemporaryDirectory() as name:
        told, labels = run(made, Path(name))
    shares = judge(made, labels)
    title = f"{n:,} comments"
    figures = (
        Figure(f"{title}: groups and templates", told["seconds"], "s"),
        Figure(f"{title}: processor time", told["processor"], "s"),
        Figure(f"{title}: peak memory of all processes", told["memory"], "MB"),
        Figure(f"{title}: precision of pairs", shares["precision"], ""),
        Figure(f"{title}: recall of pairs", shares["recall"], ""),
        Figure(f"{title}: recall of pairs of copies", shares["copies"], ""),
        Figure(f"{title}: recall of pairs of campaigns", shares["campaigns"], ""),
        Figure(f"{title}: campaigns found, of {np.unique(made.family[made.in_campaign]).size}", told["campaigns"], ""),
    )
    average = sum(map(len, made.texts)) / n
    notes = (
        f"numpy {np.__version__}, rensa {version('rensa')}. {WORKERS} workers read the texts.",
        f"{len(set(made.language))} languages, {average:.0f} characters on average.",
        f"{np.count_nonzero(made.family >= 0):,} of the comments are copies or in campaigns.",
    )
    return Result(figures, 1, notes)


def main() -> int:
    source, labels, told, workers = sys.argv[1:]
    texts: list[str] = json.loads(Path(source).read_text(encoding="utf-8"))
    began, before = time.perf_counter(), processor_time()
    found = find_duplicates(texts, workers=int(workers))
    seconds, processor = time.perf_counter() - began, processor_time() - before
    np.save(labels, found.labels)
    campaigns = sum(group.kind == "campaign" for group in found.groups)
    Path(told).write_text(json.dumps({"seconds": seconds, "processor": processor, "campaigns": campaigns}))
    return 0


def processor_time() -> float:
    """Return the seconds of processor time that this process and those it has waited for have had."""
    uses = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in uses)


if __name__ == "__main__":
    sys.exit(main())
