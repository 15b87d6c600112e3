"""Whoever stops the suite in the middle finds nothing of it left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.provisions import find_postgresql
from tools.suite import ROOT

PATIENCE = 60  # seconds; waited only when something is wrong


def processes_under(folder: Path) -> list[str]:
    """The command lines that name the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended while we looked
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other accounts may enter, as a machine's own for temporary files is."""
    with tempfile.TemporaryDirectory(prefix="harken-stopping-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks at processes where Linux shows them")
@pytest.mark.skipif(find_postgresql() is None, reason="PostgreSQL is not on this machine")
def test_a_suite_that_is_told_to_stop_leaves_no_server_and_no_folder(folder: Path) -> None:
    pytest_arguments = ["tests/none.py", "-p", "tests.tools.sleeper"]
    suite = subprocess.Popen(
        [sys.executable, "-m", "tools.suite", "--without", "browser", "--", *pytest_arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while not any("/postgres -D" in line for line in processes_under(folder)):
        assert suite.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    suite.send_signal(signal.SIGTERM)
    assert suite.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
    assert processes_under(folder) == []
    assert list(folder.iterdir()) == []
