"""What the program offers is written down: settings, commands, dependencies, decisions."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from harken.__main__ import cli
from tools.command_help import PAGES, render_pages

REPOSITORY = Path(__file__).resolve().parent.parent
DOCS = REPOSITORY / "docs"


def first_cells(page: Path) -> set[str]:
    """The names in backticks that begin the rows of a page's tables."""
    return set(re.findall(r"^\| `([^`]+)`", page.read_text(encoding="utf-8"), flags=re.MULTILINE))


def settings_read() -> set[str]:
    """Every HARKEN_* name that settings.py passes to a function, or looks up, as a whole string."""
    tree = ast.parse((REPOSITORY / "src" / "harken" / "settings.py").read_text(encoding="utf-8"))
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in strings if isinstance(text, str) and re.fullmatch(r"HARKEN_[A-Z_]*[A-Z]", text)}


def dependencies() -> set[str]:
    """Every package that pyproject.toml asks for, by name."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [entry for group in document["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    return {re.split(r"[\[<>=~! ]", entry)[0] for entry in [*document["project"]["dependencies"], *groups]}


def test_every_setting_is_documented_and_no_other() -> None:
    assert first_cells(DOCS / "operator" / "settings.md") == settings_read()


def test_every_dependency_is_documented_and_no_other() -> None:
    assert first_cells(DOCS / "developer" / "dependencies.md") == dependencies()


def test_the_page_of_commands_says_what_the_program_says() -> None:
    written = {page.name: page.read_text(encoding="utf-8") for page in PAGES.glob("*.md")}
    assert written == render_pages(cli), "make docs writes them anew"


def test_every_test_that_the_page_of_importers_names_is_there() -> None:
    named = re.findall(
        r"`([\w/.]+\.py|…)::(test_\w+)`", (DOCS / "developer" / "importers.md").read_text(encoding="utf-8")
    )
    assert len(named) > 30
    path = ""
    for said, test in named:
        path = path if said == "…" else said
        assert f"\ndef {test}(" in (REPOSITORY / "tests" / path).read_text(encoding="utf-8"), f"{path}::{test}"


@pytest.mark.parametrize("decision", sorted(DOCS.glob("decisions/[0-9]*.md")), ids=lambda path: path.stem)
def test_a_decision_says_why_what_and_what_follows(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.match(rf"# {decision.stem[:4]}\. \S", text)
    assert re.search(r"^- Status: (accepted|replaced by \d{4})$", text, flags=re.MULTILINE)
    for heading in ("Context", "Decision", "Consequences"):
        assert f"\n## {heading}\n" in text


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in DOCS.glob("decisions/[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
