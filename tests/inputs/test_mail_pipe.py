"""`harken import mail -` as a mail server calls it: 0 when a message is kept, 75 when it has to be tried again."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from harken.__main__ import cli
from harken.inputs.models import Input, Wording
from tests.cast import Cast
from tests.inputs.mail_server import a_letter


def pipe(letter: bytes, *more: str, process: str = "open-garden") -> tuple[int, str]:
    arguments = ["import", "mail", "-", "--process", process, *more]
    done = CliRunner().invoke(cli, arguments, input=letter)
    return done.exit_code, done.output


def run_program(letter: bytes, home: Path, **settings: str) -> "subprocess.CompletedProcess[bytes]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HARKEN_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "harken", "import", "mail", "-", "--process", "open-garden"],
        input=letter,
        env={**kept, "HARKEN_HOME": str(home), **settings},
        capture_output=True,
        check=False,
    )


def test_a_message_from_a_pipe_is_kept_once(cast: Cast) -> None:
    received = b"Return-Path: <ann@example.org>\r\nReceived: by mx.example.org; Fri, 9 Aug 2019 10:00:00 +0000\r\n"
    for _time in range(2):
        code, said = pipe(received + a_letter(1, "Water at night.").replace(b"\n", b"\r\n"))
        assert code == 0, said
    assert Wording.objects.get().text == "Water at night."


def test_lines_of_a_message_that_look_like_another_message_are_its_words(cast: Cast) -> None:
    forged = "From mayor@example.org Fri Aug  9 10:00:00 2019\nFrom: Mayor <mayor@example.org>\n\nDig it all up."
    assert pipe(a_letter(1, forged))[0] == 0
    said = Wording.objects.get()
    assert said.speaker_account == "ann@example.org"
    assert Input.objects.count() == 1


def test_a_message_that_uses_a_known_id_is_an_input_of_its_own(cast: Cast) -> None:
    pipe(a_letter(1, "I am for it."))
    assert "1 inputs added, 0 changed" in pipe(a_letter(1, "I am against it."))[1]
    assert list(Input.objects.values_list("versions", flat=True)) == [1, 1]


def test_what_keeps_a_message_from_being_kept_is_told_and_tried_again(cast: Cast) -> None:
    for told in (pipe(a_letter(1), process="none-such"), pipe(a_letter(1), "--document", "XX-R9")):
        assert told[0] == 75
        assert told[1].startswith("Not kept, try again: There is no ")
        assert told[1].count("\n") == 1


def test_a_database_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    away = tmp_path / "not mounted" / "harken.sqlite3"
    done = run_program(a_letter(1), tmp_path, HARKEN_DATABASE_URL=f"sqlite:///{away}")
    assert done.returncode == 75, done.stderr
    assert done.stderr.startswith(b"Not kept, try again: ")
    assert b"Traceback" not in done.stderr


def test_a_home_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be", encoding="utf-8")
    done = run_program(a_letter(1), home, HARKEN_SECRET_KEY="secret")
    assert done.returncode == 75, done.stderr
    assert b"Traceback" not in done.stderr
