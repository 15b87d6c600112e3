"""Times as they stand in the cells of one column, in any of the forms people and programs write.

Whether `03/04/2021` is in March or April is decided by the column as a whole: one `25/04/2021` in it tells. Where none
does and nobody says, the cell has no time and a finding, rather than a wrong one.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final, Literal

from harken.core.outline.dates import find_dates
from harken.core.talk.calendars import hijri_day, persian_day
from harken.core.talk.tables.months import fold_name, month_of, month_pattern
from harken.core.talk.tables.reading import Value

__all__ = ["Calendar", "DateColumn", "ReadTime", "survey_dates"]

Calendar = Literal["", "gregorian", "hijri", "persian"]
Order = Literal["", "day", "month"]

_MARKS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})[:.hH](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?|ص\b|م\b|صباحا|مساء|पूर्वाह्न|अपराह्न)?\s*"
    r"(?P<zone>Z\b|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?\b|[A-Z]{2,5}\b)?",
    re.IGNORECASE,
)
_AFTERNOON: Final = ("p", "م", "अ")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(Z)?)?\Z")
_NUMERIC: Final = re.compile(r"(?:\D{0,12}\s)?(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_CTIME: Final = re.compile(
    r"(?:[A-Z][a-z]{2},? )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?: ([A-Z]{2,5}|[+-]\d{4}))? (\d{4})\Z"
)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?\Z")
_OTHER_CALENDAR: Final = re.compile(rf"(?<!\w)({month_pattern()})(?!\w)")
_HIJRI_MARK: Final = re.compile(r"هـ|هجري|\bA\.?H\.?\b", re.IGNORECASE)
_PERSIAN_MARK: Final = re.compile(r"ه\.?\s?ش|شمسی|\b(?:A\.?P\.?|S\.?H\.?)\b", re.IGNORECASE)
_SERIAL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zones
_SERIALS: Final = (20_000, 80_000)  # 1954 to 2119
_SECONDS: Final = (100_000_000, 7_000_000_000)  # 1973 to 2191
_YEARS: Final = range(1900, 2200)
_OTHER_YEARS: Final = range(1300, 1501)
# Before this hardly anything was collected in tables; it tells which of two calendars a year is of.
_EARLIEST: Final = date(1990, 1, 1)
_ZONES: Final = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "UT": 0,
    "WET": 0,
    "CET": 60,
    "CEST": 120,
    "EET": 120,
    "EEST": 180,
    "BST": 60,
}
_ZONES_AMERICA: Final = {
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
}
_LARGEST_OFFSET: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class ReadTime:
    """What a cell says: the moment in UTC, or None and why (`no_date`, `ambiguous_date`, `impossible_date`).

    `note` tells what was taken for granted though there is a moment: `unknown_zone`, `guessed_calendar`.
    """

    at: datetime | None
    trouble: str = ""
    note: str = ""


@dataclass(slots=True)
class DateColumn:
    """How the dates of one column are written.

    `zone` is where its clocks stood. `order` says whether the day or the month comes first in `03/04/2021`; `calendar`
    of which calendar years such as 1404 and 1447 are; both are found by `survey_dates` where the column shows them.
    `latest` is a day after which nothing in it was said.
    """

    zone: tzinfo = UTC
    order: Order = ""
    calendar: Calendar = ""
    latest: date | None = None
    day_first: int = 0
    month_first: int = 0
    seen: dict[Calendar, int] = field(default_factory=dict)

    def read(self, value: Value) -> ReadTime:
        """Return the moment that a cell names."""
        if isinstance(value, datetime):
            return self._moment(value.date(), value.hour, value.minute, value.second, value.tzinfo)
        text = _plain(value)
        if not text:
            return ReadTime(None, "no_date")
        number = _read_number(text)
        if number is not None:
            if number.tzinfo is None:
                return self._moment(number.date(), number.hour, number.minute, number.second, None)
            return ReadTime(number)
        found = self._read_day(text)
        if isinstance(found, str):
            return ReadTime(None, found)
        day, rest, note = found
        return self._with_time(day, rest, note)

    def _with_time(self, day: date, rest: str, note: str) -> ReadTime:
        clock = _TIME.search(rest)
        if clock is None:
            return self._moment(day, 0, 0, 0, None, note)
        hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
        half = clock["half"]
        if half and hour <= 12:
            hour = hour % 12 + (12 if half.lower().startswith(_AFTERNOON) else 0)
        zone, is_known = _read_zone(clock["zone"])
        return self._moment(day, hour, minute, second, zone, note if is_known else "unknown_zone")

    def _moment(self, day: date, hour: int, minute: int, second: int, zone: tzinfo | None, note: str = "") -> ReadTime:
        try:
            local = datetime(day.year, day.month, day.day, tzinfo=zone or self.zone)
            if hour == 24 and minute == 0:
                local, hour = local + timedelta(days=1), 0
            local = local.replace(hour=hour, minute=minute, second=min(second, 59))
            return ReadTime(local.astimezone(UTC), note=note)
        except (ValueError, OverflowError):
            return ReadTime(None, "impossible_date")

    def _read_day(self, text: str) -> tuple[date, str, str] | str:
        """The day that a text names, what is left of the text, and a note; or why there is none."""
        found = _ISO.search(text)
        if found is not None:
            return self._day_of(int(found[1]), int(found[2]), int(found[3]), text, text[found.end() :])
        found = _COMPACT.match(text)
        if found is not None:
            rest = f"{found[4]}:{found[5]}:{found[6] or '00'}{found[7] or ''}" if found[4] else ""
            return self._day_of(int(found[1]), int(found[2]), int(found[3]), text, rest)
        found = _NUMERIC.match(text)
        if found is not None:
            return self._read_numeric(found, text)
        return self._read_named(text)

    def _read_numeric(self, found: re.Match[str], text: str) -> tuple[date, str, str] | str:
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 2:
            year += 2000 if year < 70 else 1900
        order = self._order_of(found[2], first, second)
        if not order:
            return "ambiguous_date"
        day, month = (first, second) if order == "day" else (second, first)
        return self._day_of(year, month, day, text, text[found.end() :])

    def _order_of(self, separator: str, first: int, second: int) -> Order:
        if first > 12 or first == second:
            return "day"
        if second > 12:
            return "month"
        if self.order:
            return self.order
        # With points the day comes first wherever people write so.
        return "day" if separator == "." else ""

    def _read_named(self, text: str) -> tuple[date, str, str] | str:
        found = _CTIME.match(text)
        if found is not None:
            text = f"{found[2]} {found[1]} {found[5]} {found[3]} {found[4] or ''}"
        folded = fold_name(text)
        other = _OTHER_CALENDAR.search(folded)
        if other is not None:
            return self._read_other(folded, other)
        for named in find_dates(text):
            if named.year and named.month and named.day:
                rest = f"{text[: named.start]} {text[named.end :]}"
                return self._day_of(named.year, named.month, named.day, text, rest)
        return "no_date"

    def _read_other(self, folded: str, month: re.Match[str]) -> tuple[date, str, str] | str:
        calendar, number = month_of(month[1])
        before = re.search(r"(\d{1,2})\D{0,6}\Z", folded[: month.start()])
        after = re.match(r"\D{0,8}(\d{4})", folded[month.end() :])
        if before is None or after is None:
            return "no_date"
        day = _convert(calendar, int(after[1]), number, int(before[1]))
        return "impossible_date" if day is None else (day, folded[month.end() + after.end() :], "")

    def _day_of(self, year: int, month: int, day: int, text: str, rest: str) -> tuple[date, str, str] | str:
        if year in _OTHER_YEARS:
            calendar, is_said = self._calendar_of(year, text)
            found = _convert(calendar, year, month, day)
            note = "" if is_said else "guessed_calendar"
            return "impossible_date" if found is None else (found, rest, note)
        if year not in _YEARS:
            return "impossible_date"
        try:
            return date(year, month, day), rest, ""
        except ValueError:
            return "impossible_date"

    def _calendar_of(self, year: int, text: str) -> tuple[str, bool]:
        """The calendar of a year that is not Gregorian, and whether it was said rather than inferred."""
        if _PERSIAN_MARK.search(text):
            return "persian", True
        if _HIJRI_MARK.search(text):
            return "hijri", True
        if self.calendar in ("hijri", "persian"):
            return self.calendar, True
        # 1404 is 1984 or 2025: what nobody can have collected yet, or in a table, is of the other calendar.
        hijri, persian = _convert("hijri", year, 1, 1), _convert("persian", year, 1, 1)
        latest = self.latest or date(2070, 1, 1)
        if persian is not None and _EARLIEST <= persian <= latest:
            is_either = hijri is not None and _EARLIEST <= hijri <= latest
            return ("hijri", False) if is_either and self.latest is None else ("persian", False)
        return "hijri", False


def survey_dates(values: Iterable[Value], column: DateColumn) -> DateColumn:
    """Look through all values of a column, and set the order of day and month where they show it.

    If some show one order and some the other, none is set: each of those cells still says its own.
    """
    for value in values:
        if isinstance(value, datetime):
            continue
        found = _NUMERIC.match(_plain(value))
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            column.day_first += 1
        elif second > 12 >= first:
            column.month_first += 1
    if not column.order and bool(column.day_first) != bool(column.month_first):
        column.order = "day" if column.day_first else "month"
    return column


def _plain(value: str) -> str:
    """Text with the digits of all scripts as 0 to 9, without marks of direction."""
    text = _MARKS.sub("", value).replace("\xa0", " ").replace("\u202f", " ").replace("،", ",").strip()[:100]
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _read_number(text: str) -> datetime | None:
    """Unix times in seconds, milli- and microseconds, and the serial days of spreadsheets, which have no zone."""
    if not _NUMBER.match(text) or _COMPACT.match(text):
        return None
    number = float(text)
    if _SERIALS[0] <= number < _SERIALS[1]:
        return _SERIAL_EPOCH + timedelta(seconds=round(number * 86_400))
    for divisor in (1, 1_000, 1_000_000):
        if _SECONDS[0] <= number / divisor < _SECONDS[1]:
            whole = int(text.partition(".")[0])
            return datetime.fromtimestamp(whole // divisor, UTC)
    return None


def _convert(calendar: str, year: int, month: int, day: int) -> date | None:
    try:
        return (persian_day if calendar == "persian" else hijri_day)(year, month, day)
    except ValueError:
        return None


def _read_zone(said: str | None) -> tuple[tzinfo | None, bool]:
    if not said:
        return None, True
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?", said)
    if found is not None:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes > _LARGEST_OFFSET:
            return None, False
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)), True
    minutes_of = _ZONES | _ZONES_AMERICA
    name = said.strip().upper()
    return (timezone(timedelta(minutes=minutes_of[name])), True) if name in minutes_of else (None, False)
