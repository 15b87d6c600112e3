"""Writes that come at the same moment last together, and each caller learns what became of its own."""

import fcntl
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from harken.base.group_commit import GroupCommit
from harken.base.models import AuditEvent


class Writer:
    """Writes names as audit events; holds the first group back until told, and refuses the name "bad"."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    @transaction.atomic
    def write(self, names: Sequence[str]) -> list[int]:
        self.groups.append(list(names))
        if len(self.groups) == 1:
            self.has_begun.set()
            assert self.may_go_on.wait(20)
        written = [note(name).pk for name in names]
        if "bad" in names:
            raise ValueError("bad is refused")
        return written


def note(name: str) -> AuditEvent:
    return AuditEvent.objects.create(
        at=timezone.now(), actor_name=name, verb="said", subject_kind="k", subject_id=1, subject_name=""
    )


def names_there() -> list[str]:
    return sorted(AuditEvent.objects.filter(verb="said").values_list("actor_name", flat=True))


def submit_together(writer: Writer, first: str, *others: str) -> list[int | Exception]:
    """Submit `first`, and the others while it is being written; what each got back, in this order."""
    group = GroupCommit(writer.write)

    def submit(name: str) -> int | Exception:
        try:
            return group.submit(name)
        except ValueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(others) + 1) as threads:
        waiting = [threads.submit(submit, first)]
        assert writer.has_begun.wait(20)
        waiting += [threads.submit(submit, name) for name in others]
        while len(group._queue) < len(others):
            assert not all(future.done() for future in waiting)
        writer.may_go_on.set()
        return [future.result(30) for future in waiting]


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_what_comes_while_one_writes_is_written_together_next() -> None:
    writer = Writer()
    outcomes = submit_together(writer, "a", "b", "c", "d")
    assert [sorted(group) for group in writer.groups] == [["a"], ["b", "c", "d"]]
    assert [AuditEvent.objects.get(pk=pk).actor_name for pk in outcomes if isinstance(pk, int)] == ["a", "b", "c", "d"]
    assert names_there() == ["a", "b", "c", "d"]


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_one_that_cannot_be_written_takes_no_other_with_it() -> None:
    outcomes = submit_together(Writer(), "a", "b", "bad", "c")
    assert [type(outcome) for outcome in outcomes] == [int, int, ValueError, int]
    assert names_there() == ["a", "b", "c"]


@pytest.mark.django_db
def test_inside_a_transaction_it_lasts_if_that_does() -> None:
    writer = Writer()
    writer.may_go_on.set()
    group = GroupCommit(writer.write)
    with transaction.atomic():
        group.submit("a")
        assert names_there() == ["a"]
        transaction.set_rollback(True)
    assert names_there() == []


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_many_threads_lose_nothing() -> None:
    group: GroupCommit[str, int] = GroupCommit(lambda names: [note(name).pk for name in names])
    names = [f"{number:03}" for number in range(100)]

    def submit(name: str) -> int:
        try:
            return group.submit(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(submit, names))
    assert [AuditEvent.objects.get(pk=pk).actor_name for pk in outcomes] == names


def test_on_sqlite_processes_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL wakes who waits by itself")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "ledger.sqlite3"))
    written: list[str] = []

    def write(names: Sequence[str]) -> list[int]:
        written.extend(names)
        return [len(written)] * len(names)

    group = GroupCommit(write)
    with (tmp_path / "ledger.sqlite3-turn").open("a", encoding="ascii") as turn, ThreadPoolExecutor(1) as threads:
        fcntl.flock(turn, fcntl.LOCK_EX)
        waiting = threads.submit(group.submit, "a")
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        assert written == []
        fcntl.flock(turn, fcntl.LOCK_UN)
        assert waiting.result(20) == 1
    assert written == ["a"]
