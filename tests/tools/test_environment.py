"""The environment: installed once, and installed again exactly when a lock or the project's metadata changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import environment


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A project folder of its own, with the commands that would be run instead of their running."""
    run: list[list[str]] = []
    locks = {level: tmp_path / f"{level}.txt" for level in environment.LOCKS}
    for level, path in locks.items():
        path.write_text(f"{level}==1.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "harken"\n[build-system]\nrequires = []\n[tool.hatch]\n[tool.ruff]\nline-length = 1\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(environment, "LOCKS", locks)
    monkeypatch.setattr(environment, "make_venv", lambda: None)
    monkeypatch.setattr(environment, "run_quietly", run.append)
    return run


def installed(commands: list[list[str]]) -> list[str]:
    """What the commands install, in words, and forget them."""
    said = [Path(command[-1]).name if "-r" in command else "harken" for command in commands]
    commands.clear()
    return said


def test_nothing_is_done_the_second_time(commands: list[list[str]]) -> None:
    environment.install("base")
    assert installed(commands) == ["base.txt", "harken"]
    environment.install("base")
    assert installed(commands) == []


def test_the_larger_environment_serves_where_the_smaller_is_asked_for(commands: list[list[str]]) -> None:
    environment.install("dev")
    assert installed(commands) == ["dev.txt", "harken"]
    environment.install("base")
    assert installed(commands) == []


def test_a_changed_lock_is_installed_again_and_nothing_else(commands: list[list[str]]) -> None:
    environment.install("dev")
    installed(commands)
    environment.LOCKS["base"].write_text("base==2.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    environment.install("base")
    assert installed(commands) == ["base.txt"]
    environment.install("dev")
    assert installed(commands) == ["dev.txt"]


def test_new_metadata_installs_the_project_again_and_a_new_lint_rule_does_not(
    commands: list[list[str]],
) -> None:
    environment.install("base")
    installed(commands)
    project = environment.ROOT / "pyproject.toml"
    project.write_text(project.read_text().replace("line-length = 1", "line-length = 2"), encoding="utf-8")
    environment.install("base")
    assert installed(commands) == []
    project.write_text(project.read_text().replace('"harken"', '"harken"\nversion = "2"'), encoding="utf-8")
    environment.install("base")
    assert installed(commands) == ["harken"]


def test_an_install_that_failed_is_tried_again(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str]) -> None:
        raise environment.EnvironmentNotMade("no network")

    environment.install("base")
    installed(commands)
    environment.LOCKS["base"].write_text("base==2.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "run_quietly", fail)
        with pytest.raises(environment.EnvironmentNotMade, match="no network"):
            environment.install("base")
    environment.install("base")
    assert installed(commands) == ["base.txt", "harken"]


def test_a_stamp_that_cannot_be_read_counts_as_none(commands: list[list[str]]) -> None:
    environment.install("base")
    installed(commands)
    environment.STAMP.write_text("[not a stamp", encoding="utf-8")
    environment.install("base")
    assert installed(commands) == ["base.txt", "harken"]
