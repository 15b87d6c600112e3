"""`harken sense duplicates`: a file in, groups out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harken.__main__ import cli
from tests.core.sense.test_duplicates_templates import FORMS, fill

COPIES = ["Thank you all so much for this", "thank you all so much for this!", "Something else"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sense", "duplicates", *arguments], env={"COLUMNS": "160"})


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    path = tmp_path / "comments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "comment"])
        table.writerows((f"c{place}", text) for place, text in enumerate([*fill(FORMS["en"]), *COPIES]))
    return path


def test_groups_are_told_in_words(comments: Path) -> None:
    told = run(str(comments), "--text", "comment", "--id", "id")
    assert told.exit_code == 0, told.output
    for part in (
        "13 texts: 1 groups of copies with 2 texts, 1 campaigns with 10",
        "My name is […] and I live in […]",
        "Leeds (4)",
        "Thank you all",
        "c10",
    ):
        assert part in told.output
    assert "Something else" not in told.output


def test_json_holds_every_group_and_text(comments: Path) -> None:
    told = json.loads(run(str(comments), "--text", "comment", "--json", "--threshold", "0.9").output)
    assert told["settings"] == {"threshold": 0.9, "seed": 0}
    assert [group["texts"] for group in told["groups"]] == [10, 2]
    assert [member["id"] for member in told["groups"][1]["members"]] == ["12", "13"]


def test_workers_are_taken(comments: Path) -> None:
    told = run(str(comments), "--text", "comment", "--json", "--workers", "2")
    assert len(json.loads(told.output)["groups"]) == 2


def test_what_is_wrong_is_told_in_one_line(comments: Path) -> None:
    for arguments, said in (
        ((str(comments), "--text", "body"), "has no column “body”"),
        ((str(comments.with_name("none.csv")), "--text", "body"), "none.csv"),
        ((str(comments), "--text", "comment", "--threshold", "0.1"), "0.1"),
        ((str(comments),), "--text"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 2
        assert said in refused.output
