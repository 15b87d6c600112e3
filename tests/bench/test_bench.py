"""The benches' frame: what is printed, and that what is measured is the same everywhere."""

from __future__ import annotations

import importlib
import io

import pytest
from rich.console import Console

from bench.__main__ import format_number, print_table
from bench.figures import Figure, Result
from bench.machine import describe_machine, describe_versions
from bench.material import make_outline
from bench.registry import BENCHES
from bench.run_one import result_to_json

RESULT = Result((Figure("a thing", 12.5, "ms", "a peer", 50.0), Figure("another", 1234.0, "pages/s")), 3, ("A note.",))


def test_a_ratio_is_told_where_there_is_a_peer_and_only_there() -> None:
    first, second = result_to_json("name", RESULT)["figures"]
    assert first["peer"] == {"name": "a peer", "value": 50.0}
    assert first["ratio"] == 0.25
    assert "peer" not in second
    assert "ratio" not in second


def test_the_table_shows_every_figure_with_its_unit() -> None:
    console = Console(file=io.StringIO(), width=120)
    print_table(result_to_json("name", RESULT), console)
    assert isinstance(console.file, io.StringIO)
    said = console.file.getvalue()
    for part in ("name (n = 3)", "a thing", "12.5", "ms", "a peer", "0.25", "1,234", "pages/s", "A note."):
        assert part in said


@pytest.mark.parametrize(("number", "text"), [(0.01234, "0.0123"), (3.0, "3"), (99.94, "99.9"), (1234.5, "1,234")])
def test_numbers_have_three_digits_that_mean_something(number: float, text: str) -> None:
    assert format_number(number) == text


def test_a_page_to_measure_is_the_same_for_one_seed_and_another_for_another() -> None:
    page = make_outline(iterations=2, groups=3, recommendations=4)
    assert page == make_outline(iterations=2, groups=3, recommendations=4)
    assert page != make_outline(iterations=2, groups=3, recommendations=4, seed=1)
    assert page.count("\n## ") == 6


@pytest.mark.parametrize("module", BENCHES.values())
def test_a_bench_has_one_function_that_measures(module: str) -> None:
    assert callable(importlib.import_module(module).measure)


def test_figures_come_with_the_machine_and_the_versions() -> None:
    assert {"processor", "cores", "memory_gb", "system"} <= describe_machine().keys()
    assert {"python", "harken", "django", "sqlite"} <= describe_versions().keys()
