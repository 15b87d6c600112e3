"""Posting by the form through the real server, every post durable: 8 connections, on their own documents and on one.

On SQLite and on PostgreSQL (with its own settings for what lasts, where it is installed). Then the server is killed in
the middle of 5,000 posts, and every post that got its receipt has to be in the ledger with the words that were sent.
What others said already is offered while one writes, before the form is sent: that is not part of these figures.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import mediawiki_edits
from bench.figures import Figure, Result
from bench.served import kill, processor_seconds, serve
from tools import postgresql, provisions

CONNECTIONS = 8
# Two for each core: which process takes a connection is chance, and stays so while it is kept open.
SERVER = ("--no-worker", "--processes", "4", "--threads", "4")
POSTS = 1_500
ROUNDS = 5
POSTS_UNTIL_KILLED = 5_000
WARM_UP = 200
ON_THEIR_OWN = "each on its own document"
ON_ONE = "all on one document"


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    """Settings for the programs started in the block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run(module: str, *arguments: object) -> dict[str, float]:
    """Run a module of this folder and return the JSON that its last line is."""
    command = [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1]) if said.strip() else {}
    return found


def post_until_killed(folder: Path, every: Path) -> dict[str, float]:
    """Kill the server while posts come in; what became of those that had their receipt by then."""
    receipts = folder / "killed.jsonl"
    receipts.touch()
    with serve(*SERVER) as served:
        command = ["bench.poster", served.port, every, CONNECTIONS, POSTS_UNTIL_KILLED, receipts]
        poster = subprocess.Popen(
            [sys.executable, "-m", *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while poster.poll() is None and receipts.read_bytes().count(b"\n") < POSTS_UNTIL_KILLED // 3:
            time.sleep(0.01)
        kill(served.pid)
        poster.wait(timeout=60)
    return run("posting_site", "verify", receipts)


def measure_database(name: str, folder: Path, peers: dict[str, float]) -> list[Figure]:
    """The figures of the database that the settings name, held against what `peers` took of the same."""
    every, one = folder / "every.json", folder / "one.json"
    run("posting_site", "prepare", every)
    one.write_text(json.dumps(json.loads(every.read_text(encoding="utf-8"))[:1]), encoding="utf-8")
    figures = []
    receipts = folder / "receipts.jsonl"
    with serve(*SERVER) as served:
        run("poster", served.port, every, CONNECTIONS, WARM_UP, folder / "warm.jsonl")
        for what, addresses in ((ON_THEIR_OWN, every), (ON_ONE, one)):
            before = processor_seconds(served.pid)
            told = [run("poster", served.port, addresses, CONNECTIONS, POSTS, receipts) for _ in range(ROUNDS)]
            busy = (processor_seconds(served.pid) - before) / POSTS / ROUNDS * 1000
            rates = sorted(one["rate"] for one in told)
            peer = peers.get(what)
            figures += [
                Figure(f"{name}, {what}", rates[ROUNDS // 2], "posts/s", "MediaWiki" if peer else "", peer),
                Figure(f"{name}, {what}, slowest round", rates[0], "posts/s"),
                Figure(f"{name}, {what}, fastest round", rates[-1], "posts/s"),
                Figure(f"{name}, {what}, 95th of a hundred", statistics.median(one["p95_ms"] for one in told), "ms"),
                Figure(f"{name}, {what}, processor time of the server", busy, "ms/post"),
                Figure(f"{name}, {what}, refused", sum(one["refused"] for one in told), "posts"),
            ]
    kept = run("posting_site", "verify", receipts)
    figures.append(Figure(f"{name}, receipts without their input", kept["receipts"] - kept["kept"], "posts"))
    killed = post_until_killed(folder, every)
    figures.append(Figure(f"{name}, receipts before the kill", killed["receipts"], "posts"))
    figures.append(Figure(f"{name}, lost by the kill", killed["receipts"] - killed["kept"], "posts"))
    return figures


def measure_mediawiki() -> dict[str, float]:
    """Return the posts a second that MediaWiki keeps, by what they are about; nothing where it is not installed."""
    kept = {figure.name: figure.value for figure in mediawiki_edits.measure().figures}
    names = {ON_THEIR_OWN: "posts kept, separate pages", ON_ONE: "posts kept, one page, sections"}
    return {what: kept[name] for what, name in names.items() if name in kept}


def measure() -> Result:
    notes = [
        f"{CONNECTIONS} connections that are kept open, {ROUNDS} rounds of {POSTS:,} posts, the median round.",
        "Four web processes of four threads; poster, server and database share the machine.",
        "The server's processor time leaves out PostgreSQL's own.",
    ]
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="harken-posting-") as work:
        folder = Path(work)
        peers = measure_mediawiki()
        figures += measure_database("SQLite", folder, peers)
        programs = provisions.find_postgresql()
        if programs is None:
            notes.append("PostgreSQL is not on this machine.")
        else:
            (folder / "postgresql").mkdir()
            with postgresql.temporary_server(programs, durable=True) as address:
                home = str(folder / "postgresql-home")
                with environment(HARKEN_DATABASE_URL=address, HARKEN_HOME=home):
                    figures += measure_database("PostgreSQL", folder / "postgresql", peers)
    return Result(tuple(figures), POSTS * ROUNDS, tuple(notes))
