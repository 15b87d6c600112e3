"""What the web server and the worker load at once: it weighs on each of their processes, whatever they are asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What pages of people who read and write need nothing of, with the MB that each takes.
OF_FEW = {
    "charset_normalizer",  # 2: files that are not UTF-8
    "httpx",  # 5, with rich, click and pygments: fetching
    "icalendar",  # 3: calendars of meetings
    "markdown_it",  # 4: words with marks in them, when they are written
    "rich",
    "snowballstemmer",  # 3: searching
    "xlsxwriter",  # 2: sheets of meetings
}
OF_SENSE = {"lingua", "numpy", "rensa", "scipy"}
PROGRAMS = {
    "the web server": ("import harken.wsgi", OF_FEW | OF_SENSE),
    # lingua, numpy and rensa are what it prepares inputs with.
    "the worker": (
        "import harken.base.commands; import harken.inputs.actions.preparing",
        {"httpx", "icalendar", "lxml", "markdown_it", "rich", "scipy", "xlsxwriter"},
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_loads_nothing_heavy_before_that_is_needed(name: str, tmp_path: Path) -> None:
    loads, heavy = PROGRAMS[name]
    program = f"import sys, django; django.setup(); {loads}; print(*sorted({heavy!r} & set(sys.modules)))"
    environment = {**os.environ, "HARKEN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "harken.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
