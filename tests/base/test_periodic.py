"""What is done again and again: when it is due, by one worker at a time, whatever else fails."""

import datetime

import pytest
from django.utils import timezone

from harken.base import periodic
from harken.base.models import PeriodicRun
from harken.base.periodic import register_periodic, run_due

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, db: None) -> list[str]:
    """What was done, of what this test registers alone."""
    monkeypatch.setattr(periodic, "_REGISTERED", {})
    return []


def become_due(name: str) -> None:
    PeriodicRun.objects.filter(name=name).update(due_at=timezone.now() - HOUR)


def test_what_is_new_is_done_at_once_and_then_when_it_is_due(done: list[str]) -> None:
    register_periodic("sweep", every=HOUR, run=lambda: done.append("sweep"))
    assert run_due("one") == ["sweep"]
    assert run_due("one") == []
    become_due("sweep")
    assert run_due("another") == ["sweep"]
    assert done == ["sweep", "sweep"]
    row = PeriodicRun.objects.get()
    assert (row.holder, row.held_until, row.failure) == ("", None, "")
    assert row.due_at > timezone.now() + HOUR - datetime.timedelta(minutes=1)


def test_while_one_worker_does_it_another_leaves_it_alone(done: list[str]) -> None:
    register_periodic("sweep", every=HOUR, run=lambda: done.append(f"inner {run_due('two')}"))
    assert run_due("one") == ["sweep"]
    assert done == ["inner []"]


def test_what_a_worker_took_along_when_it_was_killed_is_done_by_another_in_the_end(done: list[str]) -> None:
    register_periodic("sweep", every=HOUR, run=lambda: done.append("sweep"))
    now = timezone.now()
    PeriodicRun.objects.create(name="sweep", due_at=now - HOUR, holder="killed", held_until=now + HOUR)
    assert run_due("one") == []
    PeriodicRun.objects.update(held_until=now - datetime.timedelta(seconds=1))
    assert run_due("one") == ["sweep"]


def test_what_fails_is_told_and_keeps_nothing_else_from_being_done(done: list[str]) -> None:
    def fail() -> None:
        raise RuntimeError("no broom")

    register_periodic("fall", every=HOUR, run=fail)
    register_periodic("sweep", every=HOUR, run=lambda: done.append("sweep"))
    assert sorted(run_due("one")) == ["fall", "sweep"]
    assert done == ["sweep"]
    row = PeriodicRun.objects.get(name="fall")
    assert (row.failure, row.held_until) == ("RuntimeError: no broom", None)


def test_a_name_is_registered_once(done: list[str]) -> None:
    register_periodic("sweep", every=HOUR, run=lambda: None)
    with pytest.raises(ValueError, match="sweep"):
        register_periodic("sweep", every=HOUR, run=lambda: None)
