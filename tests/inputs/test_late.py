"""What was said when the phase for input had closed is late, by whichever way it came, and never lost."""

import datetime
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR
from harken.inputs.actions.meetings import Point, report_meeting
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.models import Input, InputRules, LateInput, Meeting
from harken.inputs.queries.rules import GIVE_INPUT, input_window, phases_for_input, was_late
from harken.processes.actions import add_phase
from harken.processes.models import Phase, Process
from tests.cast import Cast
from tests.inputs.mail_server import Post, a_letter, serve
from tests.inputs.saying import NOON, a_post, a_source, bring_in
from tests.inputs.test_mail_pipe import pipe
from tests.inputs.test_mailboxes import poll
from tests.inputs.test_meetings import announce

DAY = datetime.timedelta(days=1)


@pytest.fixture
def post() -> Iterator[Post]:
    with serve(Post()) as post:
        yield post


def take_input(process: Process, begins: datetime.datetime | None, ends: datetime.datetime | None) -> None:
    add_phase(actor=OPERATOR, process=process, name="Listen", opens_at=begins, closes_at=ends, actions=["give_input"])


def late() -> dict[str, bool | None]:
    return dict(Input.objects.values_list("external_id", "is_late"))


def test_posts_are_late_by_when_they_were_said(cast: Cast) -> None:
    take_input(cast.process, NOON - DAY, NOON)
    take_input(cast.process, NOON + 2 * DAY, NOON + 3 * DAY)
    add_phase(actor=OPERATOR, process=cast.process, name="Draft", opens_at=None, closes_at=None, actions=["draft"])
    report = bring_in(
        a_source(cast.process),
        a_post("before all", at=NOON - 2 * DAY),
        a_post("in time", at=NOON - DAY),
        a_post("as it closed", at=NOON),
        a_post("between", at=NOON + DAY),
        a_post("in the second", at=NOON + 2 * DAY),
        a_post("after all", at=NOON + 9 * DAY),
        a_post("nobody knows when", at=None),
        a_post("by a clock that is ahead", at=NOON + 100_000 * DAY),
    )
    is_late = {"as it closed", "between", "after all", "nobody knows when", "by a clock that is ahead"}
    assert late() == {key: True if key in is_late else None for key in late()}
    assert (report.added, report.late) == (8, 5)
    assert AuditEvent.objects.get(verb="imported inputs").detail["late"] == 5


def test_a_clock_that_is_ahead_makes_nothing_late(cast: Cast) -> None:
    take_input(cast.process, None, datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC))
    bring_in(a_source(cast.process), a_post("ahead", at=datetime.datetime(2300, 1, 1, tzinfo=datetime.UTC)))
    assert late() == {"ahead": None}


def test_without_phases_for_input_nothing_is_late(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("1"))
    add_phase(
        actor=OPERATOR, process=cast.process, name="Draft", opens_at=None, closes_at=NOON - DAY, actions=["draft"]
    )
    bring_in(a_source(cast.process, "other"), a_post("2"))
    assert late() == {"1": None, "2": None}


def test_coming_again_late_makes_nothing_late(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("1"))
    take_input(cast.process, None, NOON)
    report = bring_in(a_source(cast.process), a_post("1"), a_post("2"))
    assert late() == {"1": None, "2": True}
    assert (report.same, report.late) == (1, 1)


@pytest.mark.parametrize("rule", LateInput)
def test_mail_that_is_late_is_kept_where_the_form_would_refuse_it(cast: Cast, post: Post, rule: LateInput) -> None:
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(late=rule))
    take_input(cast.process, None, NOON - 9 * DAY)
    post.add(a_letter(1))
    assert poll(post) == (1, 0, 0)
    code, said = pipe(a_letter(2))
    assert (code, "1 inputs added (1 of them late)" in said) == (0, True)
    assert late() == {"1@example.org": True, "2@example.org": True}


def test_mail_in_time_is_not_late_however_late_it_is_fetched(cast: Cast, post: Post) -> None:
    take_input(cast.process, None, NOON + 9 * DAY)
    post.add(a_letter(1))
    assert poll(post) == (1, 0, 0)
    assert late() == {"1@example.org": None}


@pytest.mark.parametrize("is_late", [True, None])
def test_points_of_a_meeting_are_late_by_when_it_ended(cast: Cast, is_late: bool | None) -> None:
    meeting = announce(cast, days=-2)
    minute = datetime.timedelta(minutes=1)
    take_input(cast.process, None, meeting.ends_at if is_late else meeting.ends_at + minute)
    report_meeting(actor=cast.chen, meeting=meeting, headcount=3, summary="", points=[Point("One"), Point("Two")])
    assert set(late().values()) == {is_late}
    assert AuditEvent.objects.get(verb="reported meeting").detail["late"] == (2 if is_late else 0)
    # The report made again adds a point, which was said at the same meeting, and what was there stays as it was.
    points = [Point("One"), Point("Two"), Point("Three")]
    report_meeting(actor=cast.chen, meeting=Meeting.objects.get(), headcount=3, summary="", points=points)
    assert list(late().values()) == [is_late] * 3


@pytest.mark.parametrize("posts", [1, 5])
def test_marking_costs_no_query_for_each_post(
    cast: Cast, posts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_input(cast.process, None, NOON)
    source = a_source(cast.process)
    process = Process.objects.select_related("body").get()
    with django_assert_num_queries(1):
        giving = phases_for_input(process)
    with django_assert_num_queries(0):
        assert all(was_late(giving, NOON) for _post in range(posts))
    assert bring_in(source, *(a_post(str(number)) for number in range(posts))).late == posts


_MOMENTS = st.one_of(st.none(), st.integers(0, 9))


@given(spans=st.lists(st.tuples(_MOMENTS, _MOMENTS), max_size=4), hour=st.integers(-1, 10))
def test_the_form_and_every_other_way_agree_on_what_is_late(
    spans: list[tuple[int | None, int | None]], hour: int
) -> None:
    def moment(at: int | None) -> datetime.datetime | None:
        return None if at is None else NOON + at * DAY

    phases = [
        Phase(opens_at=moment(begins), closes_at=moment(ends), actions=[GIVE_INPUT])
        for begins, ends in spans
        if begins is None or ends is None or begins < ends
    ]
    process = Process()
    process._prefetched_objects_cache = {"phases": phases}  # type: ignore[attr-defined] # as prefetch_related leaves it
    window = input_window(process, InputRules(late=LateInput.ACCEPTED), NOON + hour * DAY)
    assert window.is_late == was_late(phases, NOON + hour * DAY)
    assert window.is_late == (window.opened is None and window.closed is not None)
