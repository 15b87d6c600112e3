"""The command line: each noun does what it says, and says in one line what it cannot do."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harken.__main__ import cli
from harken.documents.models import LineageEdge
from harken.people.models import User
from harken.processes.models import Process
from tests.cast import Cast, add_round


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.mark.django_db
def test_a_process_is_begun_once_at_its_address() -> None:
    first = run("process", "create", "our-garden", "--name", "Our garden", "--hidden")
    assert (first.exit_code, first.output) == (0, "/processes/our-garden/\n")
    assert not Process.objects.get(slug="our-garden").is_public
    again = run("process", "create", "our-garden", "--name", "Another")
    assert again.exit_code == 2
    assert "our-garden" in again.output
    assert Process.objects.get(slug="our-garden").name == "Our garden"


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["Our garden", "a/b", "ü"])
def test_an_address_that_cannot_be_one_is_refused(slug: str) -> None:
    refused = run("process", "create", slug, "--name", "Our garden")
    assert refused.exit_code == 2
    assert not Process.objects.exists()


@pytest.mark.django_db
def test_an_account_is_opened_once() -> None:
    words = ("--password", "long enough to keep", "--operator")
    assert run("account", "create", "amina", *words).exit_code == 0
    amina = User.objects.get(username="amina")
    assert amina.check_password("long enough to keep")
    assert amina.is_superuser
    again = run("account", "create", "amina", *words)
    assert again.exit_code == 2
    assert "amina" in again.output


def test_lineage_is_proposed_between_the_iterations(cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds", number=1)
    alone = run("lineage", "propose", "--process", "open-garden")
    assert alone.exit_code == 2
    assert "fewer than two" in alone.output
    add_round(cast.process, cast.advocacy, "Water the beds", "Dig", number=2)
    told = run("lineage", "propose", "--process", "open-garden")
    assert (told.exit_code, told.output) == (0, "Iteration 1 → Iteration 2: 2 new proposals\n")
    assert LineageEdge.objects.count() == 2
    assert run("lineage", "propose", "--process", "none-such").exit_code == 2


def test_the_site_is_published_and_a_foreign_folder_left_alone(cast: Cast, tmp_path: Path) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    told = run("publish", "static", str(tmp_path / "copy"), "--language", "en")
    assert told.exit_code == 0
    assert (tmp_path / "copy" / "index.html").is_file()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    refused = run("publish", "static", str(tmp_path / "thesis"))
    assert refused.exit_code == 2
    assert "something else" in refused.output


def test_what_no_room_offers_is_refused() -> None:
    refused = run("levitate")
    assert refused.exit_code == 2
    assert "levitate" in refused.output


def test_the_preview_in_words_shows_what_would_change(cast: Cast, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Iteration 1 (May 2026)\nSoil\n  1. Dig deep\nTools\n", encoding="utf-8")
    assert run("import", "outline", str(page), "--process", "open-garden").exit_code == 0
    page.write_text("Iteration 1 (May 2026)\nSoil\n  1. Dig very deep\nTools\n", encoding="utf-8")
    told = run("import", "outline", str(page), "--process", "open-garden", "--preview")
    assert "Tools is empty." in told.output
    assert "{+very" in told.output
    assert "Nothing was written" in told.output
