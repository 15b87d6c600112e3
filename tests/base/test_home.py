"""The folder everything lies in: made when something is to be kept, and told about in one line where it cannot be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from harken.base.home import CannotMakeHome, prepare_home
from harken.inputs.commands import EX_TEMPFAIL

PAGE = "== Water ==\nAt night. [[User:Ann|Ann]] ([[User talk:Ann|talk]]) 10:00, 9 August 2019 (UTC)\n"


def harken(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HARKEN_", "DJANGO_"))}
    command = [sys.executable, "-m", "harken", *map(str, arguments)]
    environment = {**kept, "HARKEN_HOME": str(home)}
    return subprocess.run(command, env=environment, input="", capture_output=True, text=True, check=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_preview_writes_nothing(tmp_path: Path, page: Path) -> None:
    home = tmp_path / "home"
    for form in ((), ("--json",)):
        done = harken(home, "import", "talk", page, "--preview", *form)
        assert (done.returncode, done.stderr) == (0, "")
        assert "At night." in done.stdout
    assert not home.exists()


def test_a_preview_needs_no_place_to_write(tmp_path: Path, page: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="ascii")
    assert harken(taken, "import", "talk", page, "--preview").returncode == 0
    assert taken.read_text(encoding="ascii") == "a file"


def tell(done: subprocess.CompletedProcess[str], home: Path) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"HARKEN_HOME is {home}, where nothing can be written" in done.stderr


def test_where_a_file_lies_in_its_place_one_line_says_so(tmp_path: Path, page: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="ascii")
    for home in (taken, taken / "below"):
        tell(harken(home, "import", "talk", page, "--process", "garden"), home)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_where_the_folder_is_read_only_one_line_says_so(tmp_path: Path, page: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    assert harken(home, "import", "talk", page, "--preview").returncode == 0
    tell(harken(home, "import", "talk", page, "--process", "garden"), home)


def test_a_mail_that_comes_where_nothing_can_be_kept_is_not_lost(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="ascii")
    done = harken(taken, "import", "mail", "-", "--process", "garden")
    assert done.returncode == EX_TEMPFAIL
    assert "nothing can be written" in done.stderr


def test_whoever_finds_the_key_of_another_starts_again(tmp_path: Path, settings: Settings) -> None:
    settings.HOME, settings.SECRET_KEY_FILE = tmp_path, tmp_path / "secret-key"
    settings.SECRET_KEY_FILE.write_text("made by another", encoding="ascii")
    with pytest.raises(CannotMakeHome, match="Start this one again"):
        prepare_home()
    assert settings.SECRET_KEY_FILE.read_text(encoding="ascii") == "made by another"


def test_the_key_is_made_with_the_folder_and_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert harken(home, "process", "create", "garden", "--name", "Garden").returncode == 0
    key = (home / "secret-key").read_text(encoding="ascii")
    assert len(key) > 50
    assert (home / "secret-key").stat().st_mode & 0o077 == 0
    assert harken(home, "process", "create", "hedge", "--name", "Hedge").returncode == 0
    assert (home / "secret-key").read_text(encoding="ascii") == key
