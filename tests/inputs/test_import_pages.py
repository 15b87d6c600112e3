"""Bringing in with the browser: one looks first, and the same thing brought again adds nothing."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from harken.inputs.actions import drafts, forgetting
from harken.inputs.actions.drafts import (
    AlreadyImported,
    goes_on,
    import_draft,
    keep_draft,
    stands_still,
    start_import,
)
from harken.inputs.actions.forgetting import KEPT, STANDS_STILL, forget_drafts, put_files_away
from harken.inputs.brought import Format
from harken.inputs.foreign import CannotRead
from harken.inputs.models import ImportDraft, ImportFile, Input, TableMapping, Wording
from tests.cast import Cast, add_round, text_of
from tests.inputs.bringing import ADDRESS, TERMS, put_into_ledger, send, talk

pytestmark = pytest.mark.usefixtures("_files_of_their_own")

SURVEY = (
    "When,Who are you?,What do you like?,Your region\n"
    "2019-09-01,Noor,The hubs,Maghreb\n2019-09-02,<b>Sami</b>,=1+1 is my answer,Sahel\n"
)


class WhenSure(Protocol):
    """What catches what is to be done when a transaction is sure."""

    def __call__(self, *, execute: bool = False) -> AbstractContextManager[list[Callable[[], object]]]:
        """In a block of statements; it is done after it if `execute`."""


@pytest.fixture
def when_sure(django_capture_on_commit_callbacks: WhenSure) -> WhenSure:
    return django_capture_on_commit_callbacks


def test_only_liaisons_and_organisers_bring_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.dalia)
    assert client.get(ADDRESS).status_code == 403


def test_a_survey_is_looked_at_mapped_and_brought_in_once(chen: Client) -> None:
    address = send(chen, "table", [("survey.csv", SURVEY)])
    shown = text_of(chen, address)
    assert "The hubs" in shown
    chosen = {"column-0": "time", "column-1": "author", "column-2": "answer", "column-3": "context:region"}
    assert chen.post(address, {**chosen, "save_as": "Autumn survey"}).status_code == 302
    assert "&lt;b&gt;Sami&lt;/b&gt;" in text_of(chen, address)
    assert not Input.objects.exists()
    draft = put_into_ledger(chen, address)
    assert (draft.report["added"], bool(draft.files.get().file)) == (2, False)
    assert {wording.speaker_name for wording in Wording.objects.all()} == {"Noor", "<b>Sami</b>"}
    assert "2 inputs are new" in text_of(chen, address)
    again = send(chen, "table", [("survey.csv", SURVEY)])
    assert "Autumn survey" in text_of(chen, again)
    assert "The hubs" in text_of(chen, f"{again}?mapping=Autumn+survey")
    chen.post(again, chosen)
    report = put_into_ledger(chen, again).report
    assert (report["added"], report["same"], TableMapping.objects.count()) == (0, 2, 1)


def test_nothing_is_put_in_twice_by_a_second_click(chen: Client) -> None:
    address = send(chen, "lines", [("lines.txt", "One\nTwo\n")])
    chen.post(f"{address}confirm/")
    second = chen.post(f"{address}confirm/")
    assert second["Location"] == address


def test_what_it_is_about_and_its_terms_are_kept(cast: Cast, chen: Client) -> None:
    document = add_round(cast.process, cast.advocacy, "One hub")[1][0]
    address = send(
        chen,
        "talk",
        [("talk.wiki", talk("Noor", "Yes."))],
        code=document.code,
        title="The talk page",
        consent="nameless",
        licence="CC0",
    )
    put_into_ledger(chen, address)
    said = Input.objects.select_related("source").get()
    assert (said.document_id, said.source.title) == (document.pk, "The talk page")
    assert (said.source.consent, said.source.licence) == ("nameless", "CC0")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("polis.csv", "nothing,here\n1,2\n", "polis"),
        ("decidim.csv", "\x00\x01", "decidim"),
        ("forum.json", "{", "discourse"),
        ("forum.json", json.dumps([1, 2]), "discourse"),
        ("survey.xlsx", "PK\x03\x04broken", "table"),
    ],
)
def test_a_file_that_is_something_else_is_told_in_a_sentence_and_forgotten(
    chen: Client, name: str, content: str, kind: str
) -> None:
    address = send(chen, kind, [(name, content)])
    page = chen.get(address)
    assert page.status_code in {200, 422}
    assert "Traceback" not in page.content.decode()
    assert chen.post(f"{address}drop/").status_code == 302
    assert not ImportDraft.objects.exists()


def test_one_thing_is_brought_at_a_time(chen: Client) -> None:
    assert chen.post(ADDRESS, {"format": "talk", **TERMS}).status_code == 422
    mixed = {"format": "mail", "address": "https://wiki.example.org/wiki/Talk:Hubs", **TERMS}
    assert chen.post(ADDRESS, mixed).status_code == 422


def test_a_long_file_shows_its_beginning(chen: Client) -> None:
    address = send(chen, "lines", [("lines.txt", "\n".join(f"Line {number}" for number in range(1000)))])
    assert "The first 300 of more" in text_of(chen, address)


def test_a_file_name_reaches_no_path(chen: Client) -> None:
    send(chen, "table", [("..%2f..%2fevil.php.csv", SURVEY)])
    assert Path(str(ImportFile.objects.get().file.name)).parent.name == "imports"


def test_what_was_killed_half_way_goes_on_and_adds_nothing_twice(chen: Client) -> None:
    address = send(chen, "lines", [("lines.txt", "One.\nTwo.\n")])
    draft = ImportDraft.objects.get()
    start_import(actor=draft.by, draft=draft)
    assert "on its way into the ledger" in text_of(chen, address)
    with pytest.raises(AlreadyImported):
        start_import(actor=draft.by, draft=draft)
    ImportDraft.objects.update(started_at=timezone.now() - 2 * STANDS_STILL)
    assert "It stopped half way" in text_of(chen, address)
    assert put_into_ledger(chen, address).report["added"] == 2
    draft.refresh_from_db()
    assert not stands_still(draft)
    with pytest.raises(AlreadyImported):
        start_import(actor=draft.by, draft=draft)


def test_an_import_that_goes_on_does_not_stand_still(chen: Client) -> None:
    send(chen, "lines", [("lines.txt", "One.\n")])
    ImportDraft.objects.update(started_at=timezone.now() - 2 * STANDS_STILL)
    draft = ImportDraft.objects.get()
    assert stands_still(draft)
    goes_on(draft)
    draft.refresh_from_db()
    assert not stands_still(draft)


def test_what_nobody_puts_into_the_ledger_is_forgotten_with_its_file(chen: Client, when_sure: WhenSure) -> None:
    send(chen, "lines", [("lines.txt", "One.\n")])
    path = Path(ImportFile.objects.get().file.path)
    assert (forget_drafts(), path.exists()) == (0, True)
    ImportDraft.objects.update(at=timezone.now() - 2 * KEPT, started_at=timezone.now())
    assert (forget_drafts(), path.exists()) == (0, True)  # it is on its way
    ImportDraft.objects.update(started_at=None)
    with when_sure(execute=True):
        assert forget_drafts() == 1
    assert (path.exists(), ImportDraft.objects.count()) == (False, 0)


def test_who_dies_right_before_the_files_go_leaves_nothing_that_is_missed(
    chen: Client, monkeypatch: pytest.MonkeyPatch, when_sure: WhenSure
) -> None:
    """The files went first: the draft was never done, and its page an error for ever."""

    def die(_draft: ImportDraft) -> None:
        raise KeyboardInterrupt

    address = send(chen, "lines", [("lines.txt", "One.\n")])
    path = Path(ImportFile.objects.get().file.path)
    monkeypatch.setattr(drafts, "put_files_away", die)
    with pytest.raises(KeyboardInterrupt):
        put_into_ledger(chen, address)
    assert "1 input is new" in text_of(chen, address)
    assert path.exists()
    with when_sure(execute=True):
        assert forget_drafts() == 0
    assert (path.exists(), ImportFile.objects.get().file.name, ImportDraft.objects.count()) == (False, "", 1)


def test_a_file_that_is_gone_is_told(chen: Client) -> None:
    address = send(chen, "lines", [("lines.txt", "One.\n")])
    Path(ImportFile.objects.get().file.path).unlink()
    answer = chen.get(address)
    assert answer.status_code == 422
    assert "lines.txt is not here any more" in answer.content.decode()
    with pytest.raises(CannotRead):
        put_into_ledger(chen, address)
    ImportFile.objects.update(file="")
    assert chen.get(address).status_code == 422


def test_what_is_on_its_way_is_not_forgotten(chen: Client, when_sure: WhenSure) -> None:
    address = send(chen, "lines", [("lines.txt", "One.\n")])
    path = Path(ImportFile.objects.get().file.path)
    ImportDraft.objects.update(started_at=timezone.now())
    assert chen.post(f"{address}drop/")["Location"] == address
    assert "on its way there" in text_of(chen, address)
    ImportDraft.objects.update(started_at=timezone.now() - 2 * STANDS_STILL)
    with when_sure() as waiting:
        assert chen.post(f"{address}drop/")["Location"] == ADDRESS
    assert (ImportDraft.objects.exists(), path.exists()) == (False, True)
    for delete in waiting:
        delete()
    assert not path.exists()


def test_a_file_whose_draft_goes_at_the_same_moment_stays_gone(
    chen: Client, monkeypatch: pytest.MonkeyPatch, when_sure: WhenSure
) -> None:
    """Saving it without its file wrote its row anew."""

    def delete(_storage: FileSystemStorage, _name: str) -> None:
        ImportFile.objects.all().delete()

    send(chen, "lines", [("lines.txt", "One.\n")])
    monkeypatch.setattr(FileSystemStorage, "delete", delete)
    with when_sure(execute=True):
        put_files_away(ImportDraft.objects.get())
    assert not ImportFile.objects.exists()


def test_a_job_that_waited_long_leaves_alone_what_a_second_one_has_done(chen: Client) -> None:
    """It found the files gone, and wrote that over what the other had told: both pages were errors from then on."""
    address = send(chen, "lines", [("lines.txt", "One.\n")])
    chen.post(f"{address}confirm/")
    waiting = ImportDraft.objects.get()
    ImportDraft.objects.update(started_at=timezone.now() - 2 * STANDS_STILL)
    report = put_into_ledger(chen, address).report
    done = import_draft(actor=waiting.by, draft=waiting, progress=lambda _step: None)
    assert done.report == report
    assert "1 input is new" in text_of(chen, address)
    assert "1 input added" in text_of(chen, ADDRESS)


@pytest.mark.parametrize("failure", [CannotRead("It is gone."), KeyboardInterrupt()])
def test_what_fails_leaves_alone_what_was_done_meanwhile(
    chen: Client, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    send(chen, "lines", [("lines.txt", "One.\n")])
    draft = ImportDraft.objects.get()
    now = timezone.now()

    def fail(**_asked: object) -> None:
        ImportDraft.objects.update(started_at=now, imported_at=now, report={"added": 3})
        raise failure

    monkeypatch.setattr(drafts, "bring_in", fail)
    with pytest.raises(type(failure)):
        import_draft(actor=draft.by, draft=draft, progress=lambda _step: None)
    draft.refresh_from_db()
    assert (draft.report, draft.started_at) == ({"added": 3}, now)


def test_pages_hold_whatever_a_report_says(chen: Client) -> None:
    address = send(chen, "lines", [("lines.txt", "One.\n")])
    now = timezone.now()
    ImportDraft.objects.update(started_at=now, imported_at=now, report={"failure": "It is gone."})
    assert chen.get(address).status_code == 200
    assert chen.get(ADDRESS).status_code == 200


def test_where_the_disk_is_full_nothing_is_left_of_what_was_brought(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = FileSystemStorage.save

    def fill(storage: FileSystemStorage, name: str, content: File[Any]) -> str:
        saved: str = save(storage, name, content)
        if content.name == "two.txt":
            raise OSError(28, "No space left on device")
        return saved

    monkeypatch.setattr(FileSystemStorage, "save", fill)
    files = [SimpleUploadedFile(name, b"One.") for name in ("one.txt", "two.txt")]
    with pytest.raises(OSError, match="No space"):
        keep_draft(actor=cast.chen, process=cast.process, kind=Format.LINES, files=files, terms={})
    assert not ImportDraft.objects.exists()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_an_import_that_starts_while_others_are_forgotten_keeps_its_files(
    chen: Client, monkeypatch: pytest.MonkeyPatch, when_sure: WhenSure
) -> None:
    for name in ("a.txt", "b.txt"):
        send(chen, "lines", [(name, "One.\n")])
    ImportDraft.objects.update(at=timezone.now() - 2 * KEPT)
    away = forgetting.put_files_away

    def start_another(draft: ImportDraft) -> None:
        ImportDraft.objects.exclude(pk=draft.pk).update(started_at=timezone.now())
        away(draft)

    monkeypatch.setattr(forgetting, "put_files_away", start_another)
    with when_sure(execute=True):
        assert forget_drafts() == 1
    assert Path(ImportFile.objects.get().file.path).exists()
