"""What is open is data: permits, pages and the timeline read it from the phases."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.permissions import may_write_documents
from harken.processes.actions import UnknownPhaseAction, add_phase, change_phase, remove_phase
from harken.processes.models import Phase, Process
from harken.processes.permissions import is_open, may_edit_process, may_see_process, processes_visible_to
from harken.processes.phase_actions import phase_actions
from harken.processes.queries import Timeline, describe_phase, timeline_of
from tests.cast import Cast, open_phase

HOUR = datetime.timedelta(hours=1)


def test_without_any_phase_everything_is_open(cast: Cast) -> None:
    assert is_open(cast.process, "draft")


def test_only_what_the_open_phase_lists_is_open(cast: Cast) -> None:
    open_phase(cast.process, "draft")
    assert is_open(cast.process, "draft")
    refusal = is_open(cast.process, "give_input")
    assert not refusal
    assert "No phase" in str(refusal.reason)


def test_a_refusal_says_when_it_will_open(cast: Cast) -> None:
    opens = datetime.datetime(timezone.now().year + 1, 5, 9, 12, tzinfo=datetime.UTC)
    add_phase(
        actor=OPERATOR, process=cast.process, name="Reading", opens_at=opens, closes_at=None, actions=["give_input"]
    )
    reason = str(is_open(cast.process, "give_input").reason)
    assert "Reading" in reason
    clock = f"May 9, {opens.year}, 12:00 UTC"
    assert clock in reason, "in words, with the hour and whose clock it is"


def test_a_phase_is_open_from_its_first_moment_to_just_before_its_last(cast: Cast) -> None:
    noon = datetime.datetime(2030, 5, 1, 12, tzinfo=datetime.UTC)
    add_phase(
        actor=OPERATOR, process=cast.process, name="Noon", opens_at=noon, closes_at=noon + HOUR, actions=["draft"]
    )
    moment = datetime.timedelta(microseconds=1)
    assert not is_open(cast.process, "draft", noon - moment)
    assert is_open(cast.process, "draft", noon)
    assert is_open(cast.process, "draft", noon + HOUR - moment)
    assert not is_open(cast.process, "draft", noon + HOUR)


def test_writers_write_while_a_phase_opens_it_and_organisers_always(cast: Cast) -> None:
    open_phase(cast.process, "give_input")
    assert not may_write_documents(cast.bruno, cast.process)
    assert may_write_documents(cast.amina, cast.process)
    open_phase(cast.process, "draft")
    assert may_write_documents(cast.bruno, cast.process)
    assert not may_write_documents(cast.dalia, cast.process)
    assert may_write_documents(AnonymousUser(), cast.process).sign_in_helps


def test_a_phase_opens_only_what_a_room_offers(cast: Cast) -> None:
    with pytest.raises(UnknownPhaseAction, match="fly"):
        add_phase(actor=OPERATOR, process=cast.process, name="Up", opens_at=None, closes_at=None, actions=["fly"])
    assert not Phase.objects.exists()


def test_only_organisers_set_phases_and_every_change_is_on_record(cast: Cast) -> None:
    now = timezone.now()
    words = {"description": "", "lang": "en", "opens_at": now, "closes_at": None, "actions": ["draft"]}
    with pytest.raises(Refused, match="Open Garden"):
        add_phase(actor=cast.bruno, process=cast.process, name="Mine", **words)  # type: ignore[arg-type] # one dict
    phase = add_phase(actor=cast.amina, process=cast.process, name="Writing", **words)  # type: ignore[arg-type] # one dict
    change_phase(actor=cast.amina, phase=phase, name="Drafting", **words)  # type: ignore[arg-type] # one dict
    remove_phase(actor=cast.amina, phase=phase)
    events = AuditEvent.objects.filter(subject_kind="processes.process", actor=cast.amina).order_by("id")
    assert [event.verb for event in events] == ["added phase", "changed phase", "removed phase"]
    assert events[1].detail["before"]["name"] == "Writing"


@given(
    st.lists(st.tuples(st.integers(-50, 50) | st.none(), st.integers(1, 50) | st.none()), min_size=1, max_size=6),
    st.integers(-120, 120),
)
def test_the_timeline_and_the_windows_agree(windows: list[tuple[int | None, int | None]], hour: int) -> None:
    start = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    now = start + hour * HOUR
    process = Process(name="Any")
    phases = [
        Phase(
            process=process,
            name=str(number),
            opens_at=start + opens * HOUR if opens is not None else None,
            closes_at=start + ((opens or 0) + lasts) * HOUR if lasts is not None else None,
        )
        for number, (opens, lasts) in enumerate(windows)
    ]
    timeline = Timeline(tuple(describe_phase(phase, now) for phase in phases), now)
    for row in timeline.phases:
        begun = row.phase.opens_at is None or row.phase.opens_at <= now
        ended = row.phase.closes_at is not None and row.phase.closes_at <= now
        assert (row.state == "open") == (begun and not ended)
        assert 0.0 <= row.share <= 1.0
    closing = [row.phase.closes_at for row in timeline.open_now if row.phase.closes_at]
    assert closing == sorted(closing)


def test_every_phase_action_has_words_for_people(cast: Cast) -> None:
    names = [action.name for action in phase_actions()]
    assert {"read", "give_input", "draft", "connect"} <= set(names)
    assert len(names) == len(set(names))
    assert all(str(action.label) and str(action.description) for action in phase_actions())


def test_visible_processes_and_the_permit_agree(cast: Cast) -> None:
    hidden = Process.objects.get(pk=cast.process.pk)
    for is_public in (True, False):
        Process.objects.filter(pk=hidden.pk).update(is_public=is_public)
        hidden.refresh_from_db()
        for actor in (cast.amina, cast.bruno, cast.chen, cast.dalia, cast.esra, cast.farid, AnonymousUser(), OPERATOR):
            listed = processes_visible_to(actor).filter(pk=hidden.pk).exists()
            assert bool(may_see_process(actor, hidden)) is listed
    assert not may_see_process(cast.farid, hidden)
    assert may_see_process(cast.bruno, hidden)
    assert not may_edit_process(cast.bruno, hidden)


def test_the_timeline_takes_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    for count in (1, 3):
        for _each in range(count):
            open_phase(cast.process, "read")
        with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django's fixture has no public type
            timeline_of(cast.process, timezone.now())
