"""`harken sense map`: files in, figures out, one line for what is wrong, and no settings needed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harken.__main__ import cli
from harken.analysis import commands
from harken.core.sense import Votes
from tests.core.sense.conversations import make_camps


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sense", "map", *arguments])


def write_table(path: Path, votes: Votes) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["participant", "statement", "vote"])
        table.writerows(zip(*(column.tolist() for column in votes.to_columns()[:3]), strict=True))
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_table(tmp_path / "votes.csv", make_camps(120, 20))


def test_the_map_is_told_in_words(table: Path) -> None:
    told = run(str(table))
    assert told.exit_code == 0
    for part in ("120 participants, 20 statements", "Group A", "Group B", "Agreed across groups", "What bridges"):
        assert part in told.output


@pytest.mark.parametrize("more", [(), ("--compat", "polis"), ("--groups", "3"), ("--workers", "2")])
def test_json_is_one_object_whatever_is_asked(table: Path, more: tuple[str, ...]) -> None:
    told = json.loads(run(str(table), "--json", *more).output)
    assert told["k"] == (3 if "3" in more else 2)
    assert told["settings"]["compat"] == ("polis" if "polis" in more else None)
    assert len(told["participants"]) == 120
    assert len(told["statements"]) == 20


def test_the_report_is_written_to_its_file(table: Path, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    told = run(str(table), "--html", str(page))
    assert (told.exit_code, told.output) == (0, "")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    refused = run(str(table), "--html", str(tmp_path / "none" / "map.html"))
    assert refused.exit_code == 2
    assert "none" in refused.output


def test_agreement_may_be_minus_one(table: Path) -> None:
    first, second = (json.loads(run(str(table), "--json", "--agree", sign).output) for sign in ("1", "-1"))
    assert [row["votes"]["agree"] for row in first["statements"]] == [
        row["votes"]["disagree"] for row in second["statements"]
    ]


def test_what_is_wrong_is_told_in_one_line(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "none.csv"))
    assert missing.exit_code == 2
    assert "none.csv" in missing.output
    (tmp_path / "votes.csv").write_text("participant,statement,vote\n1,1,7\n", encoding="utf-8")
    wrong = run(str(tmp_path))
    assert wrong.exit_code == 2
    assert "-1, 0 and 1" in wrong.output


@pytest.mark.filterwarnings("ignore")  # what distributed warns of while it fails to connect is its own
def test_a_scheduler_that_does_not_answer_is_told(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_LONGEST_WAIT", 1)
    refused = run(str(table), "--dask", "tcp://127.0.0.1:1")
    assert refused.exit_code == 2
    assert "does not answer" in refused.output


def test_the_library_and_the_command_need_no_settings(table: Path) -> None:
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "HARKEN_"))}
    program = (
        "import sys; from harken.core.sense import opinion_map; assert 'django' not in sys.modules; "
        "from harken.__main__ import cli; cli(['sense', 'map', sys.argv[1], '--json'], standalone_mode=False); "
        "from django.conf import settings; assert not settings.configured"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(table)], env=outside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["k"] == 2
