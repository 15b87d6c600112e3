"""Run one bench in this process and write its result to a file: `python -m bench.run_one NAME FILE`."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from bench.figures import Figure, Result
from bench.registry import BENCHES


def figure_to_json(figure: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {"name": figure.name, "value": figure.value, "unit": figure.unit}
    if figure.peer:
        told["peer"] = {"name": figure.peer, "value": figure.peer_value}
        told["ratio"] = figure.ratio
    return told


def result_to_json(name: str, result: Result) -> dict[str, Any]:
    figures = [figure_to_json(figure) for figure in result.figures]
    return {"name": name, "figures": figures, "n": result.n, "notes": list(result.notes)}


def main() -> int:
    name, path = sys.argv[1:]
    result: Result = importlib.import_module(BENCHES[name]).measure()
    Path(path).write_text(json.dumps(result_to_json(name, result)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
