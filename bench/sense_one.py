"""One piece of work on votes, in this process: `python -m bench.sense_one WORK FOLDER`, WORK being a key of `WORK`."""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harken.core.sense import Votes, find_bridges, opinion_map

Columns = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def peak_memory() -> float:
    """Return the largest size this process has had, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size / 1e3


def make_map(columns: Columns) -> dict[str, float]:
    began = time.perf_counter()
    votes = Votes.from_columns(*columns)
    stored = time.perf_counter()
    found = opinion_map(votes, seed=1)
    ended = time.perf_counter()
    return {"seconds": ended - began, "store": stored - began, "groups": found.grouping.k}


def make_published(columns: Columns) -> dict[str, float]:
    began = time.perf_counter()
    found = opinion_map(Votes.from_columns(*columns), compat="polis")
    return {"seconds": time.perf_counter() - began, "groups": found.grouping.k}


def follow_votes(columns: Columns) -> dict[str, float]:
    votes = Votes.from_columns(*columns)
    found = opinion_map(votes, seed=1)
    generator = np.random.default_rng(2)
    people, statements = generator.choice(votes.participants, 1_000), generator.choice(votes.statements, 1_000)
    new = generator.integers(-1, 2, 1_000)
    began = time.perf_counter()
    followed = opinion_map(votes.with_votes(people, statements, new), seed=1, earlier=found)
    return {"seconds": time.perf_counter() - began, "groups": followed.grouping.k}


def bridge(columns: Columns) -> dict[str, float]:
    votes = Votes.from_columns(*columns)
    began = time.perf_counter()
    found = find_bridges(votes)
    return {"seconds": time.perf_counter() - began, "steps": found.steps}


def run_red_dwarf(columns: Columns) -> dict[str, float]:
    """Time red-dwarf's whole pipeline, and within it the step that looks for groups."""
    from reddwarf.implementations import base

    warnings.simplefilter("ignore")
    rows = [
        {"participant_id": who, "statement_id": what, "vote": value}
        for who, what, value in zip(*(column.tolist() for column in columns), strict=True)
    ]
    spent: list[float] = []
    cluster = base.run_clusterer

    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        found = cluster(*args, **kwargs)
        spent.append(time.perf_counter() - start)
        return found

    base.run_clusterer = timed
    began = time.perf_counter()
    found = base.run_pipeline(votes=rows, random_state=1)
    seconds = time.perf_counter() - began
    groups = found.participants_df["cluster_id"].dropna().nunique()
    return {"seconds": seconds, "outside": seconds - sum(spent), "groups": int(groups)}


WORK: dict[str, Callable[[Columns], dict[str, float]]] = {
    "map": make_map,
    "published": make_published,
    "live": follow_votes,
    "bridges": bridge,
    "red-dwarf": run_red_dwarf,
}


def main() -> int:
    work, folder = sys.argv[1], Path(sys.argv[2])
    participant, statement, value = (np.load(folder / f"{name}.npy") for name in ("participant", "statement", "value"))
    told = WORK[work]((participant, statement, value))
    print(json.dumps({**told, "memory": peak_memory()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
