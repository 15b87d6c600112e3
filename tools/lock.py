"""Make the locks anew: `requirements/base.txt` and `requirements/dev.txt` from pyproject.toml.

The locks name versions and the hashes of every file of them (all platforms), and nothing of the machine they
were made
on: no index address, no folder. Pins stay as they are unless `--upgrade` is given or pyproject.toml asks for
another.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `make lock` from pyproject.toml: do not edit.\n"


def compile_lock(name: str, groups: list[str], extra: list[str]) -> None:
    """Write `requirements/NAME.txt` for the project's dependencies and these dependency groups."""
    output = Path("requirements") / f"{name}.txt"
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--no-config"]
    command += ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    # Addresses of indexes are left out as long as nobody asks for them.
    command += ["--generate-hashes", "--no-header"]
    command += ["--constraints", "requirements/constraints.txt"]
    command += [option for group in groups for option in ("--group", group)]
    command += [*extra, "--output-file", str(output)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    path = ROOT / output
    path.write_text(HEADER + path.read_text(encoding="utf-8"), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make lock", description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions pyproject.toml allows")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    compile_lock("base", ["build"], upgrade)
    compile_lock("dev", ["dev"], [*upgrade, "--constraints", "requirements/base.txt"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
