"""`harken sense language` and `harken sense themes`: a file in, figures out, one line for what is wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harken.__main__ import cli
from tests.core.sense.test_themes import make_texts


def run(command: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["sense", command, *arguments], env={"COLUMNS": "200"})


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    path = tmp_path / "voices.csv"
    texts, tags, _things = make_texts(("en", "fr"))
    mixed = f"{texts[0]} {next(text for text, tag in zip(texts, tags, strict=True) if tag == 'fr')}"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "said", "lang"])
        table.writerows((f"v{place}", text, tag) for place, (text, tag) in enumerate(zip(texts, tags, strict=True)))
        table.writerows([("v54", mixed, ""), ("v55", "👍", "")])
    return path


def test_languages_are_told_in_words(voices: Path) -> None:
    told = run("language", str(voices), "--text", "said", "--id", "id")
    assert told.exit_code == 0, told.output
    for part in ("56 texts", "en", "fr", "cannot be told", "1 texts in several languages", "v54"):
        assert part in told.output


@pytest.mark.parametrize("more", [(), ("--quick",)])
def test_languages_as_json_name_every_text(voices: Path, more: tuple[str, ...]) -> None:
    told = json.loads(run("language", str(voices), "--text", "said", "--id", "id", "--json", *more).output)
    assert len(told["texts"]) == 56
    assert told["texts"][-1] == {"id": "v55", "language": "", "confidence": 0.0, "mixed": []}
    assert {part["language"] for part in told["texts"][-2]["mixed"]} == {"en", "fr"}
    right = sum(row["language"] == tag for row, tag in zip(told["texts"], make_texts(("en", "fr"))[1], strict=False))
    assert right >= 50
    assert sum(told["languages"].values()) == 56


def test_only_the_languages_named_are_told(voices: Path) -> None:
    told = json.loads(run("language", str(voices), "--text", "said", "--among", "fr hi", "--json").output)
    assert set(told["languages"]) <= {"fr", ""}


def test_themes_are_told_in_words(voices: Path, tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    arguments = (str(voices), "--text", "said", "--id", "id", "--clusters", "3", "--cache", str(cache))
    told = run("themes", *arguments)
    assert told.exit_code == 0, told.output
    for part in ("56 texts:", "in 3 clusters", "stability", "en: ", "fr: "):
        assert part in told.output
    assert cache.is_file()
    assert run("themes", *arguments).output == told.output


def test_themes_as_json_name_every_text(voices: Path) -> None:
    arguments = (str(voices), "--text", "said", "--id", "id", "--language", "lang", "--clusters", "3", "--by", "words")
    told = json.loads(run("themes", *arguments, "--json").output)
    assert [row["id"] for row in told["texts"]] == [f"v{place}" for place in range(56)]
    assert [row["language"] for row in told["texts"]][-3:] == ["fr", "", ""]
    assert told["texts"][-1]["cluster"] is None
    assert "by-words" in told["cautions"]
    assert {layout["by"] for layout in told["layouts"]} == {"words"}


def test_texts_too_few_for_themes_are_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text('{"said": "Only this"}\n{"said": ""}\n', encoding="utf-8")
    told = run("themes", str(path), "--text", "said", "--by", "words")
    assert told.exit_code == 0
    assert "2 texts: 0 in 0 clusters, 2 by themselves" in told.output
    assert "no clear clusters" in told.output


@pytest.mark.parametrize("command", ["language", "themes"])
def test_what_is_wrong_is_told_in_one_line(voices: Path, command: str) -> None:
    for arguments, said in (
        ((str(voices), "--text", "body"), "has no column “body”"),
        ((str(voices.with_name("none.csv")), "--text", "said"), "none.csv"),
        ((str(voices), "--text", "said", "--among", "en,klingonese"), "“klingonese” is no language tag"),
        ((str(voices),), "--text"),
    ):
        refused = run(command, *arguments)
        assert refused.exit_code == 2
        assert said in refused.output


def test_vectors_that_cannot_be_kept_are_told(voices: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "vectors.npz"
    refused = run("themes", str(voices), "--text", "said", "--clusters", "3", "--cache", str(nowhere))
    assert refused.exit_code == 2
    assert "vectors.npz" in refused.output
