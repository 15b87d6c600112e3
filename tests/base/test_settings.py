"""Settings come from the environment or a file; a mistake is a check with an id and a hint, not a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def check(home: Path, **settings: str) -> tuple[int, str]:
    """Run the system checks of a fresh program with these settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HARKEN_", "DJANGO_"))}
    environment = {**kept, "HARKEN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "harken.settings", **settings}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check"], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("HARKEN_DATABASE_URL", "mysql://localhost/x", "postgres://"),
        ("HARKEN_DATABASE_URL", "nonsense", "postgres://"),
        ("HARKEN_DEBUG", "perhaps", "yes or no"),
        ("HARKEN_ADDRESS", "strategy.example.org", "https://"),
        ("HARKEN_MAIL_URL", "pigeon://coop", "smtp://"),
        ("HARKEN_MODEL_ADDRESS", "localhost:11434", "/chat/completions"),
        ("HARKEN_MODEL_ADDRESS", "https://user:word@example.org/v1", "HARKEN_MODEL_KEY"),
        ("HARKEN_MODEL_ADDRESS", "http://localhost:11434/v1", "HARKEN_MODEL_NAME"),
        ("HARKEN_MAILBOXES", "imaps://ann:secret@mail.example.org/INBOX", "process=slug"),
        ("HARKEN_MAILBOXES", "pop3://ann:secret@mail.example.org/?process=x", "imaps://"),
    ],
)
def test_a_mistake_is_told_with_a_hint(tmp_path: Path, name: str, value: str, hint: str) -> None:
    code, told = check(tmp_path, **{name: value})
    assert code != 0
    assert "harken.E001" in told
    assert hint in told
    assert "secret" not in told
    assert "Traceback" not in told


def test_a_line_of_the_file_that_says_nothing_is_told_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "harken.env").write_text("# ours\nHARKEN_SITE_NAME=Ours\n\nnonsense\n", encoding="utf-8")
    code, told = check(tmp_path)
    assert code != 0
    assert "line 4" in told


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "harken.env").write_text('HARKEN_SITE_NAME="From the file"\nHARKEN_DEBUG=perhaps\n', encoding="utf-8")
    assert check(tmp_path, HARKEN_DEBUG="no")[0] == 0
    assert check(tmp_path)[0] != 0
