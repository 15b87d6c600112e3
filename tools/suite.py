"""The whole suite, in parts, with one table at the end.

    make test                                 everything
    make test WITHOUT="browser postgres"      the one way to leave parts out
    make test ARGS="-k lineage"               pytest's own arguments, for every part

    make test-mediawiki                       one of the parts that need more than everybody has

Parts: `sqlite` (unit, property and database tests), `postgres` (the database tests again, on a server of
its own), `core` (the tests of harken.core, which need no database), `browser` (a real Chromium), `coverage` (what the
parts reached, when the whole suite runs). Run by their own names only: `mediawiki` (imports from a real wiki), `imap`
(polls a real mail server).
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from tools import postgresql, provisions

ROOT = Path(__file__).resolve().parent.parent
NEEDS = {
    "sqlite": (provisions.GETTEXT,),
    "postgres": (provisions.POSTGRESQL,),
    "core": (),
    "browser": (provisions.CHROMIUM, provisions.FONTS),
    "mediawiki": (provisions.PHP, provisions.MEDIAWIKI),
    "imap": (provisions.DOVECOT,),
}
_APART = ["--ignore=tests/core", "--ignore=tests/browser", "--ignore=tests/live"]
SELECTS = {
    "sqlite": ["tests", *_APART],
    "postgres": ["tests", *_APART, "--only-database"],
    "core": ["tests/core"],
    "browser": ["tests/browser"],
}
ALONE = {
    "mediawiki": ["tests/live/test_mediawiki.py"],
    "imap": ["tests/live/test_imap.py"],
}
PARTS = (*SELECTS, "coverage")
# Tracing doubles the time of a part, and the others reach little that these do not.
TRACED = {"sqlite", "core"}
LANES = 2  # parts that run at a time
NOTHING_SELECTED = 5  # pytest's exit code when no test was left to run


@dataclass(frozen=True)
class Outcome:
    """What one part came to: counts of tests, and the seconds it took."""

    part: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def read_report(part: str, report: Path, code: int, seconds: float) -> Outcome:
    """Read pytest's JUnit report; a part that ended badly without a failed test counts as one failure.

    Args:
        part: the name for the table.
        report: where pytest wrote its report; may be absent when it did not get that far.
        code: pytest's exit code.
        seconds: how long the part took.
    """
    total = failed = skipped = 0
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 - pytest wrote it just now
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    passed = max(total - failed - skipped, 0)
    if code not in (0, NOTHING_SELECTED) and failed == 0:
        failed = 1
    return Outcome(part, passed, failed, skipped, seconds)


@contextmanager
def database_for(part: str) -> Iterator[dict[str, str]]:
    """Yield the settings that name the database of a part, and take the database away afterwards."""
    if part != "postgres":
        yield {}
        return
    programs = provisions.find_postgresql()
    if programs is None:
        raise provisions.ProvisionMissing("PostgreSQL went away while the suite ran.")
    with postgresql.temporary_server(programs) as address:
        yield {"HARKEN_DATABASE_URL": address}


class Run:
    """One run of the suite: two parts at a time, and nothing left behind when it is stopped.

    The first part speaks as it goes; what the others say is kept and shown when it is their turn.
    """

    def __init__(self, work: Path, arguments: Sequence[str], *, measured: bool) -> None:
        """Prepare a run.

        Args:
            work: a folder for this run alone.
            arguments: further arguments for pytest.
            measured: whether to trace which lines and branches are reached.
        """
        self.work = work
        self.arguments = arguments
        self.measured = measured
        self._running: set[subprocess.Popen[bytes]] = set()
        self._is_stopped = threading.Event()

    def run_parts(self, parts: Sequence[str]) -> list[Outcome]:
        """Run parts (keys of `SELECTS` or `ALONE`) and return what each came to, in the same order."""
        if not parts:
            return []
        first, *others = parts
        with ThreadPoolExecutor(max_workers=LANES) as lanes:
            try:
                print(f"\n=== {first}", flush=True)
                speaking = lanes.submit(self.run_part, first)
                waiting = [(part, lanes.submit(self.run_part, part, self._log(part))) for part in others]
                outcomes = [speaking.result()]
                for part, future in waiting:
                    outcomes.append(future.result())
                    print(f"\n=== {part}\n{self._log(part).read_text(errors='replace')}", flush=True)
            except BaseException:
                self._stop()
                lanes.shutdown(cancel_futures=True)
                raise
        return outcomes

    def run_part(self, part: str, log: Path | None = None) -> Outcome:
        """Run one part and return what it came to; it speaks into `log`, or as it goes."""
        report, home = self.work / f"{part}.xml", self.work / f"home-{part}"
        home.mkdir()
        tracer = (
            ["-m", "coverage", "run", f"--data-file={self.work / 'coverage'}"]
            if self.measured and part in TRACED
            else []
        )
        selected = (SELECTS | ALONE)[part]
        command = [sys.executable, *tracer, "-m", "pytest", *selected, f"--junit-xml={report}", *self.arguments]
        # Nothing of the caller's settings may decide what the suite finds.
        outside = {
            key: value
            for key, value in os.environ.items()
            if key == "HARKEN_TEST_DATA" or not key.startswith(("HARKEN_", "DJANGO_", "PYTEST_", "COVERAGE_"))
        }
        began = time.monotonic()
        with database_for(part) as database, log.open("wb") if log else nullcontext() as output:
            code = self._call(command, {**outside, **database, "HARKEN_HOME": str(home)}, output)
        return read_report(part, report, code, time.monotonic() - began)

    def _call(self, command: Sequence[str], environment: dict[str, str], output: BinaryIO | None) -> int:
        if self._is_stopped.is_set():
            return NOTHING_SELECTED
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        self._running.add(process)
        if self._is_stopped.is_set():  # meanwhile
            process.terminate()
        try:
            return process.wait()
        finally:
            self._running.discard(process)

    def _stop(self) -> None:
        self._is_stopped.set()
        for process in list(self._running):
            process.terminate()

    def _log(self, part: str) -> Path:
        return self.work / f"{part}.log"


def report_coverage(work: Path) -> Outcome:
    """Add up what the parts reached; to fall under the limit in pyproject.toml is a failure."""
    print("\n=== coverage", flush=True)
    began = time.monotonic()
    tool = [sys.executable, "-m", "coverage"]
    data = f"--data-file={work / 'coverage'}"
    subprocess.run([*tool, "combine", "--quiet", data, str(work)], cwd=ROOT, check=True)
    code = subprocess.run([*tool, "report", data], cwd=ROOT, check=False).returncode
    return Outcome("coverage", 0, int(code != 0), 0, time.monotonic() - began)


def print_summary(outcomes: Sequence[Outcome], left_out: Sequence[str]) -> None:
    """Print the table of parts and, last and alone on its line, the sum."""
    print(f"\n{'part':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'time':>9}")
    for outcome in outcomes:
        counts = f"{outcome.passed:>8}{outcome.failed:>8}{outcome.skipped:>9}"
        print(f"{outcome.part:<10}{counts}{outcome.seconds:>7.0f} s")
    for part in left_out:
        print(f"{part:<10}left out by WITHOUT")
    passed, failed, skipped = (
        sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "skipped")
    )
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)


def end_on_signal(number: int, _frame: FrameType | None) -> None:
    """Turn a request to stop into an exception: on its way out servers are stopped and folders removed."""
    raise SystemExit(128 + number)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make test", description=__doc__.splitlines()[0])
    parser.add_argument("--without", default="", help=f"parts to leave out, of: {', '.join(PARTS)}")
    parser.add_argument("--only", choices=sorted(ALONE), help="run this part and no other")
    parser.add_argument("arguments", nargs="*", help="further arguments for pytest")
    options = parser.parse_args()
    left_out = options.without.replace(",", " ").split()
    unknown = sorted(set(left_out) - set(PARTS))
    if unknown:
        parser.error(f"WITHOUT names no such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    signal.signal(signal.SIGTERM, end_on_signal)
    parts = [options.only] if options.only else [part for part in SELECTS if part not in left_out]
    try:
        provisions.provide([provision for part in parts for provision in NEEDS[part]])
    except provisions.ProvisionMissing as missing:
        print(f"{missing}", file=sys.stderr)
        return 1
    # A narrowed run reaches what it reaches: only the whole suite can be held to a limit.
    measured = not options.arguments and not left_out and not options.only
    with tempfile.TemporaryDirectory(prefix="harken-suite-") as folder:
        work = Path(folder)
        outcomes = Run(work, options.arguments, measured=measured).run_parts(parts)
        if measured:
            outcomes.append(report_coverage(work))
    print_summary(outcomes, left_out)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Stopped.")
