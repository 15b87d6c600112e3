"""What is kept in memory for strangers' pages is never older than the process they see."""

import datetime
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.inputs.models import InputRules
from harken.inputs.queries.rules import rules_of
from harken.processes.actions import add_phase, mark_changed
from harken.processes.keeping import MOST_KEPT, forget_kept, keep_with, mark_as_read
from harken.processes.models import Phase, Process
from harken.processes.queries import find_public_process, phases_of
from tests.cast import Cast, text_of


def as_strangers_find_it() -> Process:
    process = find_public_process("open-garden")
    assert process is not None
    return process


def open_phase(process: Process, name: str) -> Phase:
    begins = timezone.now() - datetime.timedelta(days=1)
    return add_phase(
        actor=OPERATOR, process=process, name=name, opens_at=begins, closes_at=None, actions=["give_input"]
    )


def test_a_second_look_asks_for_the_process_alone(cast: Cast, django_assert_num_queries: object) -> None:
    open_phase(cast.process, "Listen")
    with django_assert_num_queries(4):  # type: ignore[operator] # pytest-django's fixture
        rules_of(as_strangers_find_it())
    with django_assert_num_queries(1):  # type: ignore[operator] # as above
        rules_of(as_strangers_find_it())


def test_a_change_is_seen_at_once(cast: Cast, client: Client) -> None:
    assert phases_of(as_strangers_find_it()) == []
    phase = open_phase(cast.process, "Listen")
    assert [one.pk for one in phases_of(as_strangers_find_it())] == [phase.pk]
    open_phase(cast.process, "Write")
    assert "Write" in text_of(client, "/processes/open-garden/timeline/")


def test_what_lay_about_is_not_believed(cast: Cast) -> None:
    rules_of(as_strangers_find_it())
    InputRules.objects.create(process=cast.process, answer_days=3)
    assert rules_of(cast.process).answer_days == 3


class Undone(Exception):
    """A transaction is given up."""


def test_what_a_transaction_saw_of_itself_is_not_kept_when_it_is_rolled_back(cast: Cast) -> None:
    def give_up() -> None:
        with transaction.atomic():
            open_phase(cast.process, "Never")
            assert [one.name for one in phases_of(as_strangers_find_it())] == ["Never"]
            raise Undone

    with pytest.raises(Undone):
        give_up()
    # This takes the version that was given back.
    open_phase(cast.process, "Listen")
    assert [one.name for one in phases_of(as_strangers_find_it())] == ["Listen"]


def test_nothing_empty_is_kept_and_memory_has_an_end(cast: Cast) -> None:
    process = as_strangers_find_it()
    assert keep_with(process, "made later", list) == []
    assert keep_with(process, "made later", lambda: [1]) == [1]
    for number in range(MOST_KEPT + 1):
        keep_with(process, number, lambda number=number: [number])  # type: ignore[misc] # mypy sees no default here
    assert keep_with(process, "made later", lambda: [2]) == [2]
    forget_kept()
    mark_as_read(process)
    assert keep_with(process, 0, lambda: ["anew"]) == ["anew"]


def test_what_was_kept_for_an_earlier_version_goes_when_something_is_kept_for_a_newer_one(cast: Cast) -> None:
    class Tree:
        """Something that says when it is gone."""

    def keep_one() -> weakref.ref[Tree]:
        return weakref.ref(keep_with(as_strangers_find_it(), "tree", Tree))

    first = keep_one()
    assert first() is not None
    mark_changed(cast.process)
    second = keep_one()
    assert first() is None
    assert second() is not None


def test_whoever_still_has_an_earlier_version_puts_nothing_in_the_place_of_the_newer(cast: Cast) -> None:
    earlier = as_strangers_find_it()
    assert keep_with(earlier, "tree", lambda: "old") == "old"
    mark_changed(cast.process)
    newer = as_strangers_find_it()
    assert keep_with(newer, "tree", lambda: "new") == "new"
    assert keep_with(earlier, "tree", lambda: "old again") == "old again"
    assert keep_with(newer, "tree", lambda: "newer") == "new"


def test_threads_that_see_different_versions_get_what_belongs_to_theirs() -> None:
    def look(number: int) -> bool:
        process = Process(pk=1, content_version=number // 50)
        mark_as_read(process)
        version = process.content_version
        return keep_with(process, number % 7, lambda: (version, number % 7)) == (version, number % 7)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(look, range(20_000)))
