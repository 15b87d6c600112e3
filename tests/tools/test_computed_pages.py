"""Pages whose figures are computed when they are built: from real files, from made-up ones, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harken.core.sense import opinion_map, read_conversation
from tools.computed_pages import CONVERSATION, REPOSITORY, Html, bars, find_conversation, run, table, write_styles
from tools.sample_conversation import PEOPLE, STATEMENTS, write_sample

WALKTHROUGH = REPOSITORY / "docs" / "developer" / "walkthrough.md"


def build(folder: Path, page: str, data: Path) -> tuple[int, str]:
    """Build a documentation of one page, with warnings as errors; its exit code, and the page or what was said."""
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "conf.py").write_text(
        'extensions = ["myst_parser", "tools.computed_pages"]\nmyst_enable_extensions = ["colon_fence"]\n'
    )
    (source / "index.md").write_text("# Pages\n\n:::{toctree}\npage\nsense\n:::\n")
    (source / "sense.md").write_text("# Sense\n")
    (source / "page.md").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(source), str(folder / "built")],
        cwd=REPOSITORY,
        env={**os.environ, "HARKEN_TEST_DATA": str(data), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    made = folder / "built" / "page.html"
    return done.returncode, made.read_text(encoding="utf-8") if not done.returncode else done.stderr


def test_without_real_data_the_walkthrough_is_made_of_a_sample_and_says_so(tmp_path: Path) -> None:
    code, page = build(tmp_path, WALKTHROUGH.read_text(encoding="utf-8"), tmp_path)
    assert code == 0, page
    assert "are those of a small made-up one" in page
    assert f"{PEOPLE} people cast" in page
    assert '<svg class="map"' in page
    assert "{computed}" not in page
    assert page.count('id="hatching"') == 1
    assert "2 groups" in page


def test_with_real_data_it_is_made_of_that(tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (data_folder / CONVERSATION).is_dir():
        pytest.skip("no brexit-consensus in HARKEN_TEST_DATA")
    monkeypatch.setenv("HARKEN_TEST_DATA", str(data_folder))
    folder, note = find_conversation(tmp_path / "made")
    assert folder == data_folder / CONVERSATION
    assert "a real conversation" in note
    assert not (tmp_path / "made").exists()


def test_a_mistake_in_a_page_ends_the_build(tmp_path: Path) -> None:
    code, said = build(tmp_path, "# A page\n\nOne is {computed}`1 / 0`.\n", tmp_path)
    assert code != 0
    assert "ZeroDivisionError" in said


def test_the_last_expression_is_what_is_shown_and_names_stay() -> None:
    names: dict[str, object] = {}
    assert run("a = 2\na + 1", names) == 3
    assert run("a = a + 1", names) is None
    assert run("def twice(x):\n    return 2 * x\ntwice(a)", names) == 6
    assert run("", names) is None


def test_the_made_up_conversation_is_the_same_each_time_and_has_groups(tmp_path: Path) -> None:
    first, second = write_sample(tmp_path / "one"), write_sample(tmp_path / "two")
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    conversation = read_conversation(first)
    assert (conversation.votes.participants.size, conversation.votes.statements.size) == (PEOPLE, len(STATEMENTS))
    found = opinion_map(conversation.votes, seed=1)
    assert (found.grouping.k, found.grouping.clear) == (2, True)


def test_tables_escape_what_people_said_and_bars_tell_nothing_of_few() -> None:
    made = table(["<a>"], [("<b>",), (Html("<i>"),), (1234,), (0.256,), (float("nan"),), (None,)])
    assert "&lt;a&gt;" in made
    assert '<span lang="" dir="auto">&lt;b&gt;</span>' in made
    assert "<td><i></td>" in made
    assert ">1,234<" in made
    assert ">0.26<" in made
    assert made.count("<td></td>") == 2
    told = bars([(2, 0, 8), (3, 0, 6)])
    assert "80% / 20%" in told
    assert told.count("fewer than 10 saw it") == 1
    assert told.count('<svg class="bar"') == 1


def test_styles_hold_both_schemes_of_the_report(tmp_path: Path) -> None:
    style = write_styles(tmp_path).read_text(encoding="utf-8")
    for part in (
        "body[data-theme=dark] .computed { --paper",
        "@media (prefers-color-scheme: dark)",
        ".people {",
        "--g7:",
    ):
        assert part in style
    assert "h1 {" not in style
