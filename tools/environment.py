"""Make `.venv` hold what the locks name, and do nothing when it already does.

Run by whatever `python3` the machine has, before anything is installed: standard library only, and no syntax
that an older Python would stumble over before it is told that it is too old.

    python3 -m tools.environment base    what it takes to install and run Harken
    python3 -m tools.environment dev     that, and what checks, suite, benches and documentation need
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "harken-environment.json"
LOCKS = {"base": ROOT / "requirements" / "base.txt", "dev": ROOT / "requirements" / "dev.txt"}
# Every pin of the base lock is also in the dev lock, so installing the larger one settles both.
COVERS = {"base": ("base",), "dev": ("base", "dev")}


class EnvironmentNotMade(Exception):
    """The environment cannot be made; the message says what is missing and how to get it."""


def venv_python() -> Path:
    """Return the interpreter inside `.venv`."""
    return VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


def run_quietly(command: list[str]) -> None:
    """Run a command, and show what it said only when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write("".join(done.stdout.splitlines(keepends=True)[-12:]))
        raise EnvironmentNotMade(f"`{' '.join(command)}` failed (above are the last lines it said).")


def find_python() -> str:
    """Return a Python new enough: the one running this, else the newest on PATH."""
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    for minor in range(19, OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    here = ".".join(str(part) for part in sys.version_info[:3])
    raise EnvironmentNotMade(
        f"Harken needs Python 3.11 or newer, and `python3` here is {here}. "
        "Install a newer one (Debian: apt install python3 python3-venv; macOS: brew install python), "
        "or name one: make PYTHON=/path/to/python3 setup"
    )


def make_venv() -> None:
    """Make `.venv` unless it is there, works and lies where it was made (its scripts name their folder)."""
    works = (
        venv_python().exists()
        and subprocess.run(
            [str(venv_python()), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
        == 0
    )
    if works and read_stamp().get("folder", str(VENV)) == str(VENV):
        return
    python = find_python()
    has_venv = subprocess.run(
        [python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL, check=False
    ).returncode
    if has_venv != 0:
        raise EnvironmentNotMade(
            f"{python} cannot make virtual environments. Install its venv package (Debian: apt install python3-venv)."
        )
    print("Making .venv", file=sys.stderr, flush=True)
    run_quietly([python, "-m", "venv", "--clear", str(VENV)])


def read_stamp() -> dict[str, str]:
    """Return what was installed last: hashes of "base", "dev" and "project", and the "folder"; {} if none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict[str, str]) -> None:
    STAMP.write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def hash_lock(level: str) -> str:
    return hashlib.sha256(LOCKS[level].read_bytes()).hexdigest()


def hash_project() -> str:
    """Hash what an editable install depends on: metadata, commands and build settings."""
    import tomllib

    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [document["project"], document["build-system"], document["tool"]["hatch"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def find_outdated(level: str, stamp: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Return what has to be installed: the level, "project", both or nothing.

    Args:
        level: "base" or "dev".
        stamp: what was installed last, as `read_stamp` returns it.
        wanted: what there should be: hashes of "base", "dev" and "project".
    """
    return [part for part in (level, "project") if stamp.get(part) != wanted[part]]


def stamp_after(part: str, stamp: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    """Return the stamp after a part was installed; a level that it may have disturbed is no longer in it."""
    kept = {"project"} if part in LOCKS else set(stamp)
    return {name: stamp[name] for name in kept if name in stamp} | {
        name: wanted[name] for name in COVERS.get(part, (part,))
    }


def install(level: str) -> None:
    """Bring `.venv` to a level ("base" or "dev"); the second time in a row this takes no time.

    Raises:
        EnvironmentNotMade: no suitable Python, or pip failed.
    """
    make_venv()
    wanted = {**{name: hash_lock(name) for name in LOCKS}, "project": hash_project()}
    stamp = read_stamp()
    pip = [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    for part in find_outdated(level, stamp, wanted):
        began = time.monotonic()
        if part == "project":
            # hatchling comes from the lock, so nothing is downloaded to build what is only a pointer to src/.
            run_quietly([*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)])
        else:
            lock = LOCKS[part]
            count = len(re.findall(r"^[\w.-]+==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
            print(f"Installing {count} packages from {lock.name}", file=sys.stderr, flush=True)
            # Without a stamp an install that breaks off is begun again.
            STAMP.unlink(missing_ok=True)
            # Wheels only: a source package would run its own build, with tools that no lock names.
            run_quietly([*pip, "--only-binary=:all:", "--require-hashes", "-r", str(lock)])
            print(f"Installed in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        stamp = stamp_after(part, stamp, wanted)
        write_stamp({**stamp, "folder": str(VENV)})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools.environment", description=__doc__.splitlines()[0])
    parser.add_argument("level", choices=sorted(LOCKS))
    level = parser.parse_args().level
    if sys.version_info < OLDEST_PYTHON:
        try:
            python = find_python()
        except EnvironmentNotMade as missing:
            print(missing, file=sys.stderr)
            return 1
        return subprocess.run([python, "-m", "tools.environment", level], cwd=ROOT, check=False).returncode
    try:
        install(level)
    except EnvironmentNotMade as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
