"""Run benches one after the other, each in a process of its own; print a table or a line of JSON each."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.machine import describe_machine, describe_versions
from bench.registry import BENCHES

ROOT = Path(__file__).resolve().parent.parent


class BenchFailed(Exception):
    """A bench ended without a result; the message carries the end of what it said."""


def run_bench(name: str) -> dict[str, Any]:
    """Run one bench and return its result as `bench.run_one` writes it.

    Raises:
        BenchFailed: it ended without a result.
    """
    with tempfile.TemporaryDirectory(prefix=f"harken-bench-{name}-") as folder:
        home, path = Path(folder) / "home", Path(folder) / "result.json"
        home.mkdir()
        outside = {key: value for key, value in os.environ.items() if not key.startswith(("HARKEN_", "DJANGO_"))}
        data = {key: os.environ[key] for key in ("HARKEN_TEST_DATA",) if key in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "bench.run_one", name, str(path)],
            cwd=ROOT,
            env={**outside, **data, "HARKEN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "harken.settings"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0 or not path.exists():
            raise BenchFailed(f"bench {name} failed:\n{done.stdout.strip()[-4000:]}")
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def format_number(value: float) -> str:
    """Return a number with three significant digits, and without decimals from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def print_table(result: dict[str, Any], console: Console) -> None:
    """Print one bench's figures, numbers aligned."""
    table = Table(title=f"{result['name']} (n = {result['n']})", title_justify="left", show_edge=False)
    table.add_column("figure")
    for heading in ("value", "unit", "peer", "peer's", "ratio"):
        table.add_column(heading, justify="right" if heading in {"value", "peer's", "ratio"} else "left")
    for figure in result["figures"]:
        peer = figure.get("peer")
        ratio = figure.get("ratio")
        compared = [peer["name"], format_number(peer["value"]), f"{ratio:.2f}" if ratio else ""] if peer else [""] * 3
        table.add_row(figure["name"], format_number(figure["value"]), figure["unit"], *compared)
    console.print(table)
    for note in result["notes"]:
        console.print(note, markup=False, style="dim")
    console.print()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=list(BENCHES), metavar="NAME")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each bench, and nothing else")
    options = parser.parse_args()
    console = Console(width=120)
    machine, versions = describe_machine(), describe_versions()
    failed = False
    for name in options.only:
        try:
            result = run_bench(name)
        except BenchFailed as failure:
            print(failure, file=sys.stderr)
            failed = True
            continue
        if options.json:
            print(json.dumps({**result, "machine": machine, "versions": versions}), flush=True)
        else:
            print_table(result, console)
    if not options.json:
        size = f"{machine['cores']} cores, {machine['memory_gb']} GB"
        speed = f"a million additions in {machine['million_additions_ms']} ms"
        told = f"{machine['processor']}, {size}, {machine['system']}, {speed}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
        console.print(
            ", ".join(f"{name} {number}" for name, number in versions.items()),
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
