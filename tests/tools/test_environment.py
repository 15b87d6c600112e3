"""The environment is installed once, and again exactly when a lock or the project's metadata changes."""

from __future__ import annotations

import pytest

from tools.environment import find_outdated, hash_project, stamp_after

WANTED = {"base": "b1", "dev": "d1", "project": "p1"}


def installed(level: str, stamp: dict[str, str], wanted: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """What is installed to reach a level, and the stamp after it."""
    parts = find_outdated(level, stamp, wanted)
    for part in parts:
        stamp = stamp_after(part, stamp, wanted)
    return parts, stamp


@pytest.mark.parametrize("level", ["base", "dev"])
def test_nothing_is_installed_the_second_time(level: str) -> None:
    parts, stamp = installed(level, {}, WANTED)
    assert parts == [level, "project"]
    assert installed(level, stamp, WANTED) == ([], stamp)


def test_the_larger_environment_serves_where_the_smaller_is_asked_for() -> None:
    _parts, stamp = installed("dev", {}, WANTED)
    assert installed("base", stamp, WANTED)[0] == []


def test_the_smaller_environment_does_not_serve_where_the_larger_is_asked_for() -> None:
    _parts, stamp = installed("base", {}, WANTED)
    assert installed("dev", stamp, WANTED)[0] == ["dev"]


def test_a_changed_lock_is_installed_again_and_the_project_is_not() -> None:
    _parts, stamp = installed("dev", {}, WANTED)
    changed = {**WANTED, "base": "b2"}
    parts, stamp = installed("base", stamp, changed)
    assert parts == ["base"]
    assert installed("dev", stamp, changed)[0] == ["dev"]


def test_new_metadata_installs_the_project_alone() -> None:
    _parts, stamp = installed("dev", {}, WANTED)
    parts, stamp = installed("dev", stamp, {**WANTED, "project": "p2"})
    assert parts == ["project"]
    assert stamp == {**WANTED, "project": "p2"}


def test_what_an_editable_install_depends_on_has_one_hash() -> None:
    assert hash_project() == hash_project()
    assert len(hash_project()) == 64
