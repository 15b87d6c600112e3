"""A published page comes in whole, comes in once, and keeps its codes when it changes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from harken.__main__ import cli
from harken.base.permits import OPERATOR, Refused
from harken.core.outline import Outline, read_outline
from harken.documents.actions.outline import NothingToImport, import_outline
from harken.documents.models import Chapter, Document, Revision, Version
from harken.documents.queries.outline_plan import OutlinePlan, plan_outline
from harken.people.models import Group
from harken.processes.actions import add_group
from harken.processes.models import Iteration, Phase, Process
from tests.cast import Cast
from tests.documents.strategy_page import PAGE


def read(text: str) -> Outline:
    return read_outline(text.encode(), name="page.txt")


def plan(process: Process, text: str) -> OutlinePlan:
    return plan_outline(process, read(text))


def bring_in(process: Process, text: str) -> dict[str, int]:
    return import_outline(actor=OPERATOR, plan=plan(process, text), source="page.txt")


def titles(process: Process, number: int) -> dict[str, str]:
    documents = Document.objects.filter(iteration__process=process, iteration__number=number)
    return dict(documents.order_by("chapter__position", "position").values_list("code", "title"))


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Chapter, Document, Group, Iteration, Phase, Revision)
    ]


@pytest.fixture
def process(cast: Cast) -> Process:
    return cast.process


def test_iterations_groups_and_recommendations_come_in(process: Process) -> None:
    bring_in(process, PAGE)
    assert titles(process, 2) == {
        "SW-R1": "Barrels",
        "SW-R2": "Nobody waters at noon",
        "SW-R3": "Compost is collected on Mondays",
        "TS-R1": "A shed in every street",
        "TS-R2": "A book in every shed",
    }
    assert titles(process, 1) == {"SW-R1": "Rain is kept in barrels"}
    assert list(process.iterations.values_list("number", "date")) == [(1, "2026-08"), (2, "2026-09")]
    empty = Chapter.objects.get(iteration__number=1, group__code="TS")
    assert not empty.documents.exists()
    assert "did not agree" in Chapter.objects.get(iteration__number=2, group__code="TS").notes[0]
    alternative = Version.objects.get(kind="alternative", passage__document__code="SW-R2")
    assert alternative.text == "Watering before sunrise"
    process.refresh_from_db()
    assert {"en", "ar", "hi"} <= set(process.languages)


def test_a_window_becomes_a_phase_that_closes_as_its_last_day_ends(process: Process) -> None:
    bring_in(process, PAGE)
    phase = Phase.objects.get(process=process)
    assert phase.closes_at is not None
    assert phase.closes_at.isoformat() == "2026-10-05T00:00:00+00:00"
    assert "give_input" in phase.actions


def test_the_same_file_again_changes_nothing(process: Process) -> None:
    bring_in(process, PAGE)
    before = everything()
    again = plan(process, PAGE)
    assert again.changes_nothing
    import_outline(actor=OPERATOR, plan=again, source="page.txt")
    assert everything() == before


def test_a_changed_file_makes_new_revisions_of_what_changed_and_keeps_codes(process: Process) -> None:
    bring_in(process, PAGE)
    changed = PAGE.replace("  1. Barrels: Rain is kept at every house that has a roof\n", "").replace(
        "  3. Compost is collected on Mondays\n",
        "  1. Compost is collected on Mondays and Fridays\n  3. Worms are welcome in every garden bed\n"
        "  4. Barrels: Rain is kept at every house that has a roof and a gutter\n",
    )
    previewed = plan(process, changed)
    rows = {row.draft.code: row for row in previewed.iterations[0].chapters[0].documents}
    assert {code: row.status for code, row in rows.items()} == {
        "SW-R2": "moved",
        "SW-R3": "changed",
        "SW-R4": "new",
        "SW-R1": "changed",
    }
    words = {(piece.kind, piece.text.strip()) for piece in rows["SW-R3"].changes}
    assert ("inserted", "and Fridays") in words
    import_outline(actor=OPERATOR, plan=previewed, source="page.txt")
    assert titles(process, 2)["SW-R4"] == "Worms are welcome in every garden bed"
    assert titles(process, 2)["SW-R3"] == "Compost is collected on Mondays and Fridays"
    numbers = dict(Document.objects.filter(iteration__number=2).values_list("code", "current__number"))
    assert numbers == {"SW-R1": 2, "SW-R2": 1, "SW-R3": 2, "SW-R4": 1, "TS-R1": 1, "TS-R2": 1}


def test_what_the_file_no_longer_has_stays_and_is_named(process: Process) -> None:
    bring_in(process, PAGE)
    shorter = PAGE.replace("  2. A book in every shed\n", "")
    previewed = plan(process, shorter)
    assert [document.code for document in previewed.iterations[0].chapters[1].absent] == ["TS-R2"]
    import_outline(actor=OPERATOR, plan=previewed, source="page.txt")
    assert "TS-R2" in titles(process, 2)
    longer = shorter.replace("  1. A shed in every street\n", "  1. A shed in every street\n  3. Nails are free\n")
    bring_in(process, longer)
    assert titles(process, 2)["TS-R3"] == "Nails are free"


def test_a_recommendation_rewritten_from_the_ground_up_keeps_the_code_of_its_number(process: Process) -> None:
    bring_in(process, PAGE)
    bring_in(process, PAGE.replace("A book in every shed", "Whoever borrows, writes it down"))
    assert titles(process, 2)["TS-R2"] == "Whoever borrows, writes it down"
    assert Document.objects.get(iteration__number=2, code="TS-R2").revisions.count() == 2


def test_the_same_group_has_the_same_code_in_every_iteration(process: Process) -> None:
    bring_in(process, PAGE)
    assert sorted(Group.objects.filter(root=process.body).values_list("code", flat=True)) == ["AD", "SW", "TS"]


def test_nothing_is_written_for_a_page_without_groups(process: Process) -> None:
    before = everything()
    with pytest.raises(NothingToImport, match=r"page\.txt"):
        bring_in(process, "Only a letter to my aunt, with nothing to number in it.\n")
    assert everything() == before


def test_only_organisers_import(cast: Cast) -> None:
    previewed = plan(cast.process, PAGE)
    for actor in (cast.bruno, cast.farid):
        with pytest.raises(Refused):
            import_outline(actor=actor, plan=previewed, source="page.txt")
    assert import_outline(actor=cast.amina, plan=previewed, source="page.txt")["new"] == 6


def test_a_failure_half_way_leaves_nothing_behind(process: Process) -> None:
    previewed = plan(process, PAGE)
    before = everything()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE documents_revision RENAME TO elsewhere")
        with pytest.raises(DatabaseError, match="documents_revision"), transaction.atomic():
            import_outline(actor=OPERATOR, plan=previewed, source="page.txt")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO documents_revision")
    assert everything() == before


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["import", "outline", *arguments])
    return result.exit_code, result.output


def test_the_preview_prints_the_promised_shape_and_writes_nothing(process: Process, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    before = everything()
    code, output = run(str(page), "--process", process.slug, "--preview", "--json")
    assert code == 0
    printed = json.loads(output)
    assert {"iterations", "languages", "windows", "guidance", "announced", "unplaced"} <= set(printed)
    group = printed["iterations"][0]["groups"][0]
    assert {"name", "code", "notes", "recommendations"} <= set(group)
    assert {"number", "code", "title", "text", "alternatives", "heading"} <= set(group["recommendations"][0])
    assert everything() == before


def test_the_command_imports_and_says_so(process: Process, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    assert run(str(page), "--process", process.slug)[0] == 0
    assert len(titles(process, 2)) == 5
    code, output = run(str(page), "--process", process.slug)
    assert code == 0
    assert "Nothing changes." in output


BAD_FILES = {
    "broken-utf-8.txt": PAGE.encode().replace(b"Barrels", b"Barr\xff\xfels"),
    "not-a-document.docx": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "web-page.odt": b"<html><body><p>Hello</p></body></html>",
    "empty.txt": b"",
    "binary.txt": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_clear_line_and_exit_code_2(process: Process, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BAD_FILES[name])
    before = everything()
    code, output = run(str(path), "--process", process.slug)
    assert code == 2
    errors = [line for line in output.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert everything() == before


@pytest.mark.parametrize(
    ("source", "slug", "words"),
    [
        ("no-such-file.txt", "open-garden", "no-such-file.txt"),
        ("http://127.0.0.1:1/", "open-garden", "private address"),
        ("http://no-such-host.invalid/", "open-garden", "no-such-host.invalid"),
        ("page.txt", "no-such-process", "no-such-process"),
    ],
)
@pytest.mark.usefixtures("process")
def test_a_bad_place_gets_one_clear_line_and_exit_code_2(source: str, slug: str, words: str) -> None:
    code, output = run(source, "--process", slug)
    assert code == 2
    assert words in output
    assert "Traceback" not in output


def test_the_real_page(process: Process, data_folder: Path) -> None:
    """The hub page of a real process; the counts are those of its public record."""
    path = data_folder / "wikimedia-2030" / "page.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    found = read_outline(path.read_bytes(), name=path.name)
    import_outline(actor=OPERATOR, plan=plan_outline(process, found), source=path.name)
    counts = {
        number: [
            Document.objects.filter(chapter=chapter).count()
            for chapter in Chapter.objects.filter(iteration__process=process, iteration__number=number)
        ]
        for number in (2, 1)
    }
    assert counts == {2: [10, 10, 12, 8, 13, 9, 9, 7, 0], 1: [6, 10, 0, 13, 15, 9, 9, 9, 7]}
    again = plan_outline(process, found)
    assert again.changes_nothing


def test_a_code_that_belongs_to_another_group_is_not_taken_over(process: Process) -> None:
    """Two groups whose names have the same initials were taken for one."""
    theirs = add_group(actor=OPERATOR, process=process, name="Salt Works", code="SW")
    bring_in(process, PAGE)
    assert not Chapter.objects.filter(group=theirs).exists()
    ours = Group.objects.get(root=process.body, name="Soil & Water")
    assert ours.code == "SW2"
    assert list(titles(process, 2))[:3] == ["SW2-R1", "SW2-R2", "SW2-R3"]
    assert plan(process, PAGE).changes_nothing


def test_a_group_under_a_code_of_its_own_keeps_it_for_what_is_new(process: Process) -> None:
    """New recommendations of a group whose code had been corrected came under the code of the file."""
    add_group(actor=OPERATOR, process=process, name="Soil & Water", code="EARTH")
    bring_in(process, PAGE)
    assert list(titles(process, 2))[:3] == ["EARTH-R1", "EARTH-R2", "EARTH-R3"]


def test_a_group_that_was_renamed_is_still_the_same(process: Process) -> None:
    bring_in(process, PAGE)
    again = plan(process, PAGE.replace("Tool Sharing", "Tools for Sharing"))
    renamed = again.iterations[0].chapters[1]
    assert (renamed.outline.name, renamed.outline.code) == ("Tools for Sharing", "TS")
    assert renamed.group is not None
    assert renamed.group.name == "Tool Sharing"


def test_a_file_about_something_else_rewrites_nothing_under_the_same_number(process: Process) -> None:
    """One unrelated recommendation numbered 1 was taken for a rewriting of the first on record."""
    bring_in(process, PAGE)
    bring_in(process, "Iteration 2 (September 2026)\nSoil & Water\n  1. Hedgehogs have the right of way\n")
    assert titles(process, 2)["SW-R1"] == "Barrels"
    assert titles(process, 2)["SW-R4"] == "Hedgehogs have the right of way"
