"""What import-linter's contracts cannot see of the plan of the house (docs/developer/architecture.md)."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "src" / "harken"
ABOVE_ALL = {"__main__", "settings", "urls", "wsgi"}

# Parts of modules that core may otherwise import, and that would bring in a clock, chance or the network.
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.date.today",
}
NETWORK = {"urllib.request", "urllib.error", "ftplib", "webbrowser", "xmlrpc"}
SEEDED = {"Random"}


def contract(name: str) -> dict[str, list[str]]:
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = next(
        entry for entry in document["tool"]["importlinter"]["contracts"] if entry["id"] == name
    )
    return found


def names_in(layers: list[str]) -> list[str]:
    return [name for layer in layers for name in re.findall(r"\w+", layer)]


def impurities(source: str) -> Iterator[str]:
    """Yield what in a module of core depends on the time, on chance or on the network."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            called = ast.unparse(node)
            if called in CLOCKS:
                yield f"line {node.lineno}: {called}"
            if isinstance(node.value, ast.Name) and node.value.id == "random" and node.attr not in SEEDED:
                yield f"line {node.lineno}: {called} is chance without a seed"
        elif isinstance(node, ast.Import):
            yield from (f"line {node.lineno}: {name.name}" for name in node.names if name.name in NETWORK)
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{name.name}" for name in node.names} | {node.module or ""}
            yield from (f"line {node.lineno}: {name}" for name in sorted(names & NETWORK))
            if node.module == "random":
                chance = sorted({name.name for name in node.names} - SEEDED)
                yield from (f"line {node.lineno}: random.{name} is chance without a seed" for name in chance)


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\nnow = datetime.datetime.now()",
        "from datetime import date\ntoday = date.today()",
        "import random\nrandom.shuffle(rows)",
        "from random import choice",
        "import urllib.request",
        "from urllib import request",
    ],
)
def test_an_impure_module_is_recognised(source: str) -> None:
    assert list(impurities(source))


def test_a_seeded_generator_and_parsed_addresses_are_pure() -> None:
    assert list(impurities("import random\nfrom urllib.parse import urlsplit\nnumbers = random.Random(7)")) == []


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_core_knows_no_clock_no_chance_and_no_network(path: Path) -> None:
    assert list(impurities(path.read_text(encoding="utf-8"))) == []


def test_the_plan_of_the_house_names_the_rooms_in_the_order_that_is_enforced() -> None:
    page = (REPOSITORY / "docs" / "developer" / "architecture.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(\w+)` \|", page.split("## Inside a room")[0], flags=re.MULTILINE)
    enforced = [name for name in names_in(contract("rooms")["layers"]) if name not in ABOVE_ALL]
    assert table == enforced[::-1]


def imported_packages() -> dict[str, str]:
    """Every top-level package that src/harken imports and that is neither Python's nor ours, with a file that does."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.partition(".")[0], str(path.relative_to(PACKAGE)))
    return {name: path for name, path in found.items() if name != "harken" and name not in sys.stdlib_module_names}


def test_what_the_program_imports_is_among_its_own_dependencies() -> None:
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    entries = [
        *project["dependencies"],
        *(entry for extra in project["optional-dependencies"].values() for entry in extra),
    ]
    declared = {re.split(r"[\[<>=~! ]", entry)[0] for entry in entries}
    brought_by = packages_distributions()
    undeclared = {
        name: path
        for name, path in imported_packages().items()
        if not declared & {brought.lower().replace("_", "-") for brought in brought_by.get(name, [])}
    }
    assert undeclared == {}
