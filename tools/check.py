"""Everything that can be said about the code without running it; prints nothing when all is well.

Each check is one line of `CHECKS`: a name and a command, or a function that returns complaints. Two run at a
time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import tracked_files

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DJANGO = [sys.executable, "-m", "django"]
# An address with TLS, since `check --deploy` looks at what a public site has to have.
DEPLOYED = {"HARKEN_ADDRESS": "https://strategy.example.org", "DJANGO_SETTINGS_MODULE": "harken.settings"}

# The slowest first, so that the others run beside it.
CHECKS: dict[str, Sequence[str] | Callable[[], list[str]]] = {
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "docs": [
        str(BIN / "sphinx-build"),
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        "build/doctrees",
        "docs",
        "build/docs",
    ],
    "rooms": [str(BIN / "lint-imports")],
    "settings": [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"],
    "migrations": [*DJANGO, "makemigrations", "--check", "--dry-run"],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "--diff", "."],
    "files": tracked_files.find_complaints,
}


def run_check(name: str, home: str) -> str:
    """Run one check and return what it complains about, or "" when it is content.

    Args:
        name: a key of `CHECKS`.
        home: an empty folder to use as `HARKEN_HOME`.
    """
    check = CHECKS[name]
    if callable(check):
        return "\n".join(check())
    outside = {key: value for key, value in os.environ.items() if not key.startswith("HARKEN_")}
    environment = {**outside, **DEPLOYED, "HARKEN_HOME": home, "PYTHONWARNINGS": "default"}
    done = subprocess.run(
        check,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    return done.stdout.strip() or f"`{' '.join(check)}` ended with {done.returncode} and said nothing."


def main() -> int:
    parser = argparse.ArgumentParser(prog="make check", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *CHECKS], help="which checks (default: all)")
    names = parser.parse_args().names or list(CHECKS)
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="harken-check-") as home,
        ThreadPoolExecutor(max_workers=2) as pool,
    ):
        for name, complaint in zip(names, pool.map(lambda name: run_check(name, home), names), strict=True):
            if complaint:
                failed += 1
                print(f"--- {name}\n{complaint}\n", flush=True)
    if failed:
        print(f"{failed} of {len(names)} checks failed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
