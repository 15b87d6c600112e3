"""What each thing brought in is about: the text its row, its subject or its heading names, else that of the terms."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from harken.__main__ import cli
from harken.base.permits import OPERATOR
from harken.core.talk.model import Thread
from harken.documents.models import Document
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.moving import move_inputs
from harken.inputs.models import Input
from harken.inputs.queries.counts import count_by_document
from harken.inputs.queries.named import NamedTexts
from harken.inputs.queries.texts import TextsToSpeakOf
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in


@pytest.fixture
def texts(cast: Cast) -> dict[str, Document]:
    """AD-R1 Water the beds, AD-R2 Keep the gate, AD-R3 Plant roses."""
    documents = add_round(cast.process, cast.advocacy, "Water the beds", "Keep the gate", "Plant roses")[1]
    return {document.code: document for document in documents}


def run(*arguments: str | Path) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["import", *map(str, arguments), "--process", "open-garden", "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def places() -> dict[str, str]:
    """By each external id the code of what it is about, "" for the process."""
    said = Input.objects.select_related("document")
    return {one.external_id.partition("@")[0]: one.document.code if one.document else "" for one in said}


# --- tables ---

ROWS = """id,text,about
1,The roses need water,AD-R1
2,البوابة القديمة يجب أن تبقى,#ad-r2
3,Mehr Rosen bitte am Zaun,  ad r3
4,Deep and early in the day,water the beds
5,The gate of the garden,AD-R2: Keep the gate
6,What about the compost,AD-R9
7,Everything is fine here,
8,Keep it as it is now,Keep the gat
"""


def test_a_row_is_about_the_text_it_names(cast: Cast, texts: dict[str, Document], tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(ROWS, encoding="utf-8")
    told = run("table", path, "--document", "AD-R3")
    assert places() == {
        "1": "AD-R1",
        "2": "AD-R2",
        "3": "AD-R3",
        "4": "AD-R1",
        "5": "AD-R2",
        "6": "AD-R3",
        "7": "AD-R3",
        "8": "AD-R3",
    }
    missing = [(one["place"], one["text"]) for one in told["examples"] if one["reason"] == "no_such_text"]
    assert missing == [("row 7", "AD-R9"), ("row 9", "Keep the gat")]
    counts = {texts["AD-R1"].pk: 2, texts["AD-R2"].pk: 2, texts["AD-R3"].pk: 4}
    assert count_by_document(cast.process) == counts
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0
    assert run("table", path, "--document", "AD-R3")["same"] == 8
    assert count_by_document(cast.process) == counts


def test_a_row_that_was_moved_by_hand_stays_where_it_is(cast: Cast, texts: dict[str, Document], tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(ROWS, encoding="utf-8")
    run("table", path)
    first = Input.objects.filter(external_id="1")
    move_inputs(actor=cast.amina, process=cast.process, inputs=first, document=texts["AD-R2"])
    run("table", path)
    assert places()["1"] == "AD-R2"


def test_a_text_that_cannot_be_read_is_none_to_speak_of(cast: Cast, texts: dict[str, Document], tmp_path: Path) -> None:
    Iteration.objects.update(is_public=False)
    path = tmp_path / "survey.csv"
    path.write_text("id,text,about\n1,The roses need water,AD-R1\n", encoding="utf-8")
    assert run("table", path)["findings"]["no_such_text"] == 1
    assert places() == {"1": ""}


def test_the_newest_text_of_a_code_is_meant_unless_the_terms_name_one(cast: Cast, texts: dict[str, Document]) -> None:
    newer = add_round(cast.process, cast.advocacy, "Water at night", "Open the gate", number=2)[1]
    row = a_post("free", extra={"about": "ad-r2"})
    bring_in(a_source(cast.process), row)
    bring_in(a_source(cast.process, "older"), a_post("near", extra={"about": "AD-R2"}), document=texts["AD-R1"])
    older = a_post("named", extra={"about": "iteration-1/AD-R2"})
    bring_in(a_source(cast.process), older, a_post("title", extra={"about": "Keep the gate"}))
    found = dict(Input.objects.values_list("external_id", "document"))
    before = texts["AD-R2"].pk
    assert found == {"free": newer[1].pk, "near": before, "named": before, "title": before}


@pytest.mark.usefixtures("_files_of_their_own")
def test_the_browser_tells_which_rows_name_no_text(texts: dict[str, Document], amina: Client) -> None:
    terms = {"format": "table", "zone": "UTC", "consent": "public", "file": SimpleUploadedFile("s.csv", ROWS.encode())}
    page = text_of(amina, amina.post("/processes/open-garden/inputs/import/", terms)["Location"])
    assert "names a text that is not there: it came in as if it named none: <bdi>AD-R9</bdi>" in page
    assert "AD-R1</bdi>" not in page


# --- mail, forums, talk pages ---


def mail(number: int, subject: str, text: str, reply_to: int = 0) -> str:
    answer = f"In-Reply-To: <{reply_to}@example.org>\n" if reply_to else ""
    return (
        f"From ann@example.org Fri Aug  9 10:0{number}:00 2019\nFrom: Ann <ann@example.org>\n"
        f"Date: Fri, 9 Aug 2019 10:0{number}:00 +0000\nMessage-ID: <{number}@example.org>\n{answer}"
        f"List-Id: <garden.example.org>\nSubject: {subject}\n\n{text}\n\n"
    )


def test_mail_of_a_list_is_about_the_text_its_subject_names(
    cast: Cast, texts: dict[str, Document], tmp_path: Path
) -> None:
    box = tmp_path / "list.mbox"
    first = [
        mail(1, "[garden] [AD-R2] The gate", "It should stay."),
        mail(2, "Re: [garden] [AD-R2] The gate", "It should go.", 1),
        mail(3, "[garden] Hinges (was: the gate)", "They squeak.", 2),
        mail(4, "[garden] About #ad-r3", "Red ones."),
        mail(5, "[garden] [AD-R2] and [AD-R3] at once", "Both."),
        mail(6, "[garden] Hello", "I am new."),
    ]
    box.write_text("".join(first), encoding="utf-8")
    run("mail", box, "--document", "AD-R1")
    expected = {"1": "AD-R2", "2": "AD-R2", "3": "AD-R2", "4": "AD-R3", "5": "AD-R1", "6": "AD-R1"}
    assert places() == expected
    # What comes later belongs to its conversation, whatever its subject is by then.
    box.write_text("".join([*first, mail(7, "[garden] Oil for hinges", "Here is some.", 3)]), encoding="utf-8")
    run("mail", box, "--document", "AD-R1")
    assert places() == {**expected, "7": "AD-R2"}
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0


def test_a_section_of_a_talk_page_is_about_the_text_its_heading_names(
    texts: dict[str, Document], tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    signed = "[[User:Ann|Ann]] ([[User talk:Ann|talk]]) 10:0{}, 9 August 2019 (UTC)"
    page.write_text(
        f"== [AD-R2] The gate ==\nKeep it. {signed.format(1)}\n: No. {signed.format(2)}\n"
        f"== Something else ==\nHello. {signed.format(3)}\n",
        encoding="utf-8",
    )
    run("talk", page)
    assert sorted(places().values()) == ["", "AD-R2", "AD-R2"]


def test_a_topic_of_a_forum_is_about_the_text_its_title_names(texts: dict[str, Document], tmp_path: Path) -> None:
    posts = [
        {"id": n, "post_number": n, "username": "ann", "created_at": "2019-08-09T10:00:00Z", "cooked": "<p>Hm.</p>"}
        for n in (1, 2)
    ]
    path = tmp_path / "topic.json"
    topic = {"id": 1, "title": "#AD-R3: which roses?", "post_stream": {"posts": [{**p, "topic_id": 1} for p in posts]}}
    path.write_text(json.dumps(topic), encoding="utf-8")
    run("forum", path, "--platform", "discourse", "--document", "AD-R1")
    assert set(places().values()) == {"AD-R3"}


def test_a_conversation_that_names_no_text_follows_the_terms(cast: Cast, texts: dict[str, Document]) -> None:
    source = a_source(cast.process)
    bring_in(source, Thread("t", "Water", 2, (a_post("a"),)), document=texts["AD-R1"])
    bring_in(source, Thread("t", "Water", 2, (a_post("b", reply_to="a"),)), document=texts["AD-R3"])
    assert places() == {"a": "AD-R1", "b": "AD-R3"}


# --- names ---


@given(
    code=st.sampled_from(["AD-R1", "AD-R2", "AD-R10"]),
    before=st.sampled_from(["", "#", " # ", "[", "("]),
    gap=st.sampled_from(["-", " ", " - ", "–", "_", ""]),
    is_lower=st.booleans(),
)
def test_a_code_is_known_however_it_is_written(code: str, before: str, gap: str, is_lower: bool) -> None:
    iteration = Iteration(pk=1, number=1, slug="one")
    known = [
        Document(pk=number, iteration=iteration, code=name, title=f"Title {number}")
        for number, name in enumerate(("AD-R1", "AD-R2", "AD-R10"), start=1)
    ]
    named = NamedTexts(TextsToSpeakOf(known))
    written = before + code.replace("-", gap)
    found = named.find(written.lower() if is_lower else written)
    assert found is not None
    assert found.code == code
    assert named.find(f"{code}1") is None


def test_a_title_of_two_texts_names_neither() -> None:
    iteration = Iteration(pk=1, number=1, slug="one")
    known = [Document(pk=number, iteration=iteration, code=f"AD-R{number}", title="Roses") for number in (1, 2)]
    named = NamedTexts(TextsToSpeakOf(known))
    assert named.find("Roses") is None
    assert named.find("AD-R2 Roses") == known[1]
    assert named.find_marked("[AD-R1] [ad-r1] Roses") == known[0]
    assert named.find_marked("AD-R1 Roses") is None
