"""Writing the whole public site as files: the published page where the test data is, else a made one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from bench import site
from bench.figures import Figure, Result


def publish(folder: Path) -> tuple[float, str]:
    """Publish into a folder as an operator does; return the seconds it took and what the command said."""
    began = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-m", "harken", "publish", "static", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return time.perf_counter() - began, said


def measure() -> Result:
    site.prepare()
    real = site.find_real_page()
    if real:
        site.import_text(site.make_process("real"), real.read_bytes(), real.name)
    else:
        site.make_strategy("strategy")
    home = Path(os.environ["HARKEN_HOME"])
    seconds, said = publish(home / "copy")
    again, said_again = publish(home / "copy")
    pages = int(re.findall(r"\d+", said)[0])
    size = sum(path.stat().st_size for path in (home / "copy").rglob("*") if path.is_file()) / 1e6
    figures = (
        Figure("whole site", seconds, "s"),
        Figure("pages", pages, "pages"),
        Figure("pages a second", pages / seconds, "pages/s"),
        Figure("size", size, "MB"),
        Figure("again, nothing changed", again, "s"),
    )
    source = "the published page" if real else "a made page of 180 recommendations"
    return Result(figures, 1, (f"Of {source}, in every interface language. It said: {said_again.strip()}",))
