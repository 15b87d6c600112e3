"""Requests a second and the time they take, through the real server, with 16 connections kept open.

Server and asker share the machine: on two cores, the asker takes up to half of what there is.
"""

from __future__ import annotations

import json
import subprocess
import sys

from bench import site
from bench.figures import Figure, Result
from bench.pages import list_pages
from bench.served import serve

CONNECTIONS = 16
SECONDS = 6


def measure() -> Result:
    site.prepare()
    site.make_strategy("strategy")
    figures, asked = [], []
    with serve() as served:
        for name, address in list_pages("strategy"):
            said = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "bench.asker",
                    str(served.port),
                    address,
                    str(CONNECTIONS),
                    str(SECONDS),
                ],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
            told = json.loads(said)
            asked.append(told["n"])
            figures.append(Figure(name, told["rate"], "requests/s"))
            figures.append(Figure(f"{name}, median", told["median_ms"], "ms"))
            figures.append(Figure(f"{name}, 95th of a hundred", told["p95_ms"], "ms"))
    return Result(tuple(figures), min(asked), (f"{CONNECTIONS} connections, {SECONDS} s for each page.",))
