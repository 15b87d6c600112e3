"""The suite's counts are pytest's, and a part that breaks down is never a success."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.suite import NOTHING_SELECTED, ROOT, Outcome, print_summary, read_report

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="9" failures="1" errors="2" skipped="3" time="1.0"/></testsuites>
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.xml"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_counts_come_from_the_report(report: Path) -> None:
    assert read_report("sqlite", report, 1, 2.0) == Outcome("sqlite", 3, 3, 3, 2.0)


def test_a_part_that_ends_badly_without_a_report_has_failed(tmp_path: Path) -> None:
    assert read_report("browser", tmp_path / "none.xml", 3, 2.0).failed == 1


def test_a_narrowed_part_in_which_nothing_was_selected_has_not_failed(tmp_path: Path) -> None:
    assert read_report("browser", tmp_path / "none.xml", NOTHING_SELECTED, 0.1).failed == 0


def test_the_last_line_is_the_sum_alone_and_left_out_parts_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_summary([Outcome("sqlite", 10, 1, 2, 5.0), Outcome("postgres", 4, 0, 0, 5.0)], ["browser"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "14 passed, 1 failed, 2 skipped"
    assert any(re.match(r"browser\s+left out", line) for line in lines)


def test_a_part_that_does_not_exist_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.suite", "--without", "mysql"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "mysql" in done.stderr
