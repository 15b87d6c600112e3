"""Which column of a survey is what is told by its heading and by what stands in it."""

from pathlib import Path

import pytest

from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.proposing import propose_mapping
from harken.core.talk.tables.reading import open_table


def propose(folder: Path, table: str) -> TableMapping:
    path = folder / "survey.csv"
    path.write_text(table, encoding="utf-8")
    return propose_mapping(open_table(path))


@pytest.mark.parametrize("heading", ["When", "Wann?", "Quand ?", "¿Cuándo?", "Quando", "متى", "कब"])
def test_a_column_that_asks_when_is_the_time(tmp_path: Path, heading: str) -> None:
    rows = "Amal,03/04/2026,The tea and the host\nBo,04/03/2026,Quiet hours after eight\n"
    assert propose(tmp_path, f"Name,{heading},Comment\n{rows}").time == heading


@pytest.mark.parametrize("heading", ["Who", "Wer?", "Qui ?", "¿Quién?", "Quem", "من", "कौन"])
def test_a_column_that_asks_who_is_the_author(tmp_path: Path, heading: str) -> None:
    rows = "Amal,The tea and the host\nBo,Quiet hours after eight\n"
    assert propose(tmp_path, f"{heading},Comment\n{rows}").author == heading


@pytest.mark.parametrize(
    "heading",
    ["Who is missing?", "Wer fehlt?", "Qui manque ?", "¿Quién falta?", "Quem falta?", "من الغائب؟", "कौन नहीं आया?"],
)
def test_a_question_about_somebody_is_answered_and_names_no_author(tmp_path: Path, heading: str) -> None:
    mapping = propose(tmp_path, f"{heading},Comment\nNight owls,The tea and the host\nCooks,Quiet hours after eight\n")
    assert (mapping.author, list(mapping.answers)) == ("", [heading])


@pytest.mark.parametrize("other", ["31/02/2026", "soon"])
def test_one_bad_date_of_two_leaves_the_column_a_column_of_dates(tmp_path: Path, other: str) -> None:
    assert propose(tmp_path, f"Date,Comment\n2026-11-20,More tea\n{other},More tools\n").time == "Date"


def test_a_column_of_words_is_no_column_of_dates_whatever_it_is_called(tmp_path: Path) -> None:
    mapping = propose(tmp_path, "When,Comment\nafter lunch,More tea\n2026-11-20,More tools\nbefore dark,Less tea\n")
    assert (mapping.time, list(mapping.answers)) == ("", ["When"])


def test_brief_answers_are_taken_beside_long_ones(tmp_path: Path) -> None:
    rows = "2026-11-20,Ada,More tools,The night owls and those who come late\n2026-11-20,Ben,More tea,\n"
    mapping = propose(tmp_path, f"Timestamp,Your name,What should change?,Who is missing?\n{rows}")
    assert (mapping.time, mapping.author, mapping.text) == ("Timestamp", "Your name", "")
    assert list(mapping.answers) == ["What should change?", "Who is missing?"]


def test_every_column_that_people_wrote_in_is_taken(tmp_path: Path) -> None:
    rows = "Ada,More tea in the yard,Less noise,Red tools\nBen,A bench,No leaf blowers,Longer hoses\n"
    mapping = propose(tmp_path, f"Name,Comment,Annoyances,Wishes\n{rows}")
    assert (mapping.text, list(mapping.answers)) == ("Comment", ["Annoyances", "Wishes"])


def test_a_question_that_few_answered_late_is_taken(tmp_path: Path) -> None:
    rows = "Water at night please,\n" * 1_000 + "Water at noon please,Thank you all\n"
    assert list(propose(tmp_path, f"Comment,What else?\n{rows}").answers) == ["What else?"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("What is your e-mail?", ("ada@garden.example", "ben@garden.example")),
        ("Reach me at", ("ada@garden.example", "ben@garden.example")),
        ("What is your postal address?", ("12 Rose Lane in Old Town", "3 Mill Street by the river")),
        ("Page?", ("https://garden.example/a-page-with-a-long-name/1", "https://garden.example/a-page-of-another/2")),
        ("How often?", ("3", "12")),
        ("Name of a parent", ("Ada Lovelace", "Ben Nevis")),
        ("Finished on date", ("3 March 2026", "4 March 2026")),
        ("Status", ("open", "closed")),
    ],
)
def test_what_nobody_says_to_be_read_is_no_answer(tmp_path: Path, heading: str, cells: tuple[str, str]) -> None:
    first, second = cells
    rows = f"2026-11-20,Amal,{first},More tea for everybody here\n2026-11-21,Bo,{second},Quiet hours after eight\n"
    mapping = propose(tmp_path, f"Date,Name,{heading},Comment\n{rows}")
    assert heading not in mapping.columns()


def test_words_under_a_heading_of_stances_are_no_stances(tmp_path: Path) -> None:
    rows = "Ada,More tools\nBen,More tea\n"
    mapping = propose(tmp_path, f"Name,What is your opinion?\n{rows}")
    assert (mapping.stance, list(mapping.answers)) == ("", ["What is your opinion?"])


@pytest.mark.parametrize(
    "heading", ["May we publish?", "Dürfen wir das veröffentlichen?", "Can we publish what you wrote?"]
)
def test_a_column_of_consent_is_proposed_also_where_people_wrote_sentences(tmp_path: Path, heading: str) -> None:
    rows = 'Ada,More benches,yes\nBen,Fewer talks,"no, do not publish"\nDi,Less paper,"yes, but without my name"\n'
    mapping = propose(tmp_path, f"Name,Comment,{heading}\n{rows}")
    assert (mapping.consent, mapping.text, mapping.answers) == (heading, "Comment", {})
