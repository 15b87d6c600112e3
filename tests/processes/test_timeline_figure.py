"""The timeline's figure: bars on one scale, mirrored where reading runs from right to left."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.processes.models import Phase
from harken.processes.phase_actions import find_phase_action
from harken.processes.queries import PhaseRow, Timeline
from harken.processes.templatetags.timeline import next_action
from harken.processes.timeline_figure import PhaseBar, draw_timeline

NOW = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
moments = st.none() | st.integers(-2000, 2000).map(lambda days: NOW + days * DAY)


def row(opens: datetime.datetime | None, closes: datetime.datetime | None, *actions: str) -> PhaseRow:
    state = "coming" if opens and opens > NOW else "past" if closes and closes <= NOW else "open"
    opened = tuple(action for name in actions if (action := find_phase_action(name)))
    return PhaseRow(Phase(name="Phase", opens_at=opens, closes_at=closes), state, opened, 0.0)


def edges(bar: PhaseBar) -> tuple[float, float]:
    start = float(bar.start.removesuffix("%"))
    return start, start + float(bar.width.removesuffix("%"))


def test_bars_lie_where_their_dates_are_and_today_between_them() -> None:
    timeline = Timeline((row(NOW - 100 * DAY, NOW - 50 * DAY), row(NOW - 50 * DAY, NOW + 100 * DAY)), NOW)
    figure = draw_timeline(timeline, zone="UTC", locale="en", mirrored=False, still=False)
    assert [edges(bar) for bar in figure.bars] == [(0, 25), (25, 100)]
    assert figure.now == "50.00%"
    assert [bar.gone_width for bar in figure.bars] == ["", "25.00%"]


def test_the_scale_runs_the_other_way_where_reading_does() -> None:
    timeline = Timeline((row(NOW - 100 * DAY, NOW - 50 * DAY), row(NOW - 50 * DAY, NOW + 100 * DAY)), NOW)
    figure = draw_timeline(timeline, zone="UTC", locale="ar", mirrored=True, still=False)
    assert [edges(bar) for bar in figure.bars] == [(75, 100), (0, 75)]


def test_a_still_figure_does_not_depend_on_the_day() -> None:
    rows = (row(NOW - 100 * DAY, NOW + 50 * DAY),)
    figures = [
        draw_timeline(Timeline(rows, now), zone="UTC", locale="en", mirrored=False, still=True)
        for now in (NOW, NOW + 7 * DAY)
    ]
    assert figures[0] == figures[1]
    assert figures[0].now == ""


@pytest.mark.parametrize("rows", [(), (row(None, None),), (row(NOW, None),)])
def test_without_two_dates_there_is_no_scale(rows: tuple[PhaseRow, ...]) -> None:
    figure = draw_timeline(Timeline(rows, NOW), zone="UTC", locale="en", mirrored=False, still=False)
    assert not figure.has_scale
    assert [bar.row for bar in figure.bars] == list(rows)


@given(st.lists(st.tuples(moments, moments), max_size=8), st.booleans())
def test_no_bar_leaves_the_figure(
    windows: list[tuple[datetime.datetime | None, datetime.datetime | None]], mirrored: bool
) -> None:
    rows = tuple(row(opens, closes) for opens, closes in windows if opens is None or closes is None or opens < closes)
    figure = draw_timeline(Timeline(rows, NOW), zone="Africa/Tunis", locale="fr", mirrored=mirrored, still=False)
    assert len(figure.bars) == len(rows)
    for bar in figure.bars if figure.has_scale else ():
        start, end = edges(bar)
        assert -0.02 <= start <= end <= 100.02


def test_readers_are_invited_to_speak_where_they_may_else_to_read_else_to_nothing() -> None:
    window = (NOW - DAY, NOW + DAY)
    speaking = Timeline((row(*window, "read"), row(*window, "draft", "give_input")), NOW)
    reading = Timeline((row(*window, "read", "draft"),), NOW)
    writing = Timeline((row(*window, "draft"), row(NOW + DAY, NOW + 2 * DAY, "give_input")), NOW)
    found = [next_action(timeline) for timeline in (speaking, reading, writing)]
    assert [action.name if action else None for action in found] == ["give_input", "read", None]
