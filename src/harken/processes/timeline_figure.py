"""The timeline as a figure: each phase's window as a bar on one scale of dates.

Places are percentages of the figure's width, counted from its left edge; in a page that reads from right to left
the scale runs from right to left too.
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date

from harken.processes.queries import PhaseRow, Timeline

# A scale of more days than this has ticks at years; of fewer, at quarters; of fewer still, at months.
_DAYS_FOR_YEARS: Final = 900
_DAYS_FOR_QUARTERS: Final = 130


@dataclass(frozen=True, slots=True)
class PhaseBar:
    """A phase and its bar: where the window begins, how wide it is, and the part of it that is gone."""

    row: PhaseRow
    start: str
    width: str
    gone_start: str
    gone_width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the scale: its place and its words."""

    place: str
    label: str


@dataclass(frozen=True, slots=True)
class TimelineFigure:
    """All bars and ticks, and the place of today where it lies on the scale."""

    bars: tuple[PhaseBar, ...]
    ticks: tuple[Tick, ...]
    now: str
    has_scale: bool


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _ends(timeline: Timeline) -> tuple[datetime.datetime, datetime.datetime] | None:
    """The first and the last moment any phase names; None where there are no two."""
    named = [moment for row in timeline.phases for moment in (row.phase.opens_at, row.phase.closes_at) if moment]
    return (min(named), max(named)) if named and min(named) < max(named) else None


def _tick_days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The firsts of years, quarters or months between two days."""
    days = (last - first).days
    months = range(1, 13) if days < _DAYS_FOR_QUARTERS else range(1, 13, 3) if days < _DAYS_FOR_YEARS else (1,)
    firsts = [datetime.date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
    return [day for day in firsts if first < day < last]


def draw_timeline(timeline: Timeline, *, zone: str, locale: str, mirrored: bool, still: bool) -> TimelineFigure:
    """The figure of `timeline` with its dates in `zone` and the words of `locale`.

    `mirrored` runs the scale from right to left; `still` leaves today out, for a copy that does not change.
    """
    ends = _ends(timeline)
    if ends is None:
        bars = tuple(PhaseBar(row, "", "", "", "") for row in timeline.phases)
        return TimelineFigure(bars, (), "", has_scale=False)
    first, last = ends

    def share(moment: datetime.datetime) -> float:
        return min(1.0, max(0.0, (moment - first) / (last - first)))

    def span(start: float, end: float) -> tuple[str, str]:
        return _percent(1 - end if mirrored else start), _percent(end - start)

    def bar(row: PhaseRow) -> PhaseBar:
        start, end = share(row.phase.opens_at or first), share(row.phase.closes_at or last)
        gone = ("", "")
        if row.state == "open" and not still:
            gone = span(start, max(start, min(end, share(timeline.now))))
        return PhaseBar(row, *span(start, end), *gone)

    local = zoneinfo.ZoneInfo(zone)
    ticks = []
    for day in _tick_days(first.astimezone(local).date(), last.astimezone(local).date()):
        place = share(datetime.datetime.combine(day, datetime.time(), local))
        words = format_date(day, "y" if day.month == 1 else "LLL", locale=locale)
        ticks.append(Tick(_percent(1 - place if mirrored else place), words))
    now = share(timeline.now)
    today = _percent(1 - now if mirrored else now) if not still and first <= timeline.now <= last else ""
    return TimelineFigure(tuple(bar(row) for row in timeline.phases), tuple(ticks), today, has_scale=True)
