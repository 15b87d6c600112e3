"""What could not be placed is told in a sentence, whatever it is, under the name that its owner knows the file by."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from django.test import Client

import harken
from harken.core.talk.charsets import CharsetTrouble
from harken.core.talk.mail.automatic import Automatic
from harken.core.talk.model import Finding
from harken.inputs.findings import SENTENCES, tell_findings
from harken.inputs.models import ImportFile
from tests.cast import Cast, text_of
from tests.inputs.bringing import put_into_ledger, send
from tests.inputs.test_commands import run

PACKAGE = Path(harken.__file__).parent
ROOMS = (PACKAGE / "core" / "talk", PACKAGE / "inputs")
REASON = re.compile(r"[a-z]+([_ ][a-z]+)*")
ANSWERING = {"_differences", "_left_out"}
"""What answers with a reason, for somebody else to find."""


def constants(node: ast.AST) -> Iterator[str]:
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and REASON.fullmatch(found.value):
            yield found.value


def reasons_of(node: ast.AST) -> Iterator[str]:
    """The reasons that a part of a program gives: the second of what a finding is made of, or of what finds one."""
    if isinstance(node, ast.FunctionDef) and node.name in ANSWERING:
        answers = [part for part in ast.walk(node) if isinstance(part, ast.Return | ast.Yield) and part.value]
        for answer in answers:
            value = answer.value.elts[0] if isinstance(answer.value, ast.Tuple) else answer.value
            yield from constants(value) if value is not None else ()
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if (name == "Finding" and len(node.args) == 3) or (name in {"_report", "ReadTime"} and len(node.args) > 1):
        yield from constants(node.args[1])
    elif name in {"find", "_find"} and len(node.args) in {2, 3}:
        yield from constants(node.args[len(node.args) - 2])


def every_reason() -> set[str]:
    found = {"unknown_zone", "guessed_calendar"}  # notes of a date, which stand for themselves in dates.py
    for room in ROOMS:
        for path in room.rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update(reason for node in ast.walk(tree) for reason in reasons_of(node))
    dates = ast.parse((PACKAGE / "core" / "talk" / "tables" / "dates.py").read_text(encoding="utf-8"))
    found.update(text for text in constants(dates) if text.endswith("_date"))
    found.update(trouble for trouble in get_args(CharsetTrouble) if trouble)
    found.update(f"automatic_{kind}" for kind in get_args(Automatic) if kind)
    return found


def test_there_is_a_sentence_for_every_reason_and_no_other() -> None:
    assert every_reason() == set(SENTENCES)


def test_a_reason_that_is_given_no_more_says_itself() -> None:
    assert tell_findings([Finding("row 1", "of old", "")])[0].sentence == "of old"


@pytest.mark.usefixtures("_files_of_their_own")
def test_the_browser_tells_findings_before_and_after(amina: Client) -> None:
    posts = [{"id": 1, "username": "ann", "cooked": "<p>Yes.</p>", "created_at": "2019-08-09T10:00:00Z"}]
    topic = {"id": 7, "title": "Water", "post_stream": {"posts": posts, "stream": [1, 2, 3]}}
    address = send(amina, "discourse", [("forum.json", json.dumps(topic))])
    stored = Path(str(ImportFile.objects.get().file.name)).name
    assert stored != "forum.json"
    before = text_of(amina, address)
    put_into_ledger(amina, address)
    for page in (before, text_of(amina, address)):
        assert "so many posts of this conversation are not in the file: <bdi>2</bdi>" in page
        assert "posts_not_in_file" not in page
        assert stored not in page


def test_the_command_line_tells_findings_before_and_after(cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text("Name,What would you keep?,Date\nAnn,The roses and all of the beds,03/04/2021\n", encoding="utf-8")
    for arguments in (("--preview",), ("--process", "open-garden")):
        told = run("import", "table", table, *arguments).output
        assert "day or month may come first in this date: it has no time: 03/04/2021\n" in told, told
        assert "ambiguous_date" not in told
    told = run("import", "table", table, "--preview", "--json").output
    assert json.loads(told)["findings"][0]["reason"] == "ambiguous_date"
