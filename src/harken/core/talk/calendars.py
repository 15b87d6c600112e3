"""Days of the calendars people date by, as days of the Gregorian calendar. A day that does not exist is a ValueError.

Wikis compute the Islamic calendar (Language::sprintfDate of MediaWiki), people take it from tables: the two can differ
by a day, so there are two of it.
"""

from collections.abc import Callable
from datetime import date

from hijridate import Hijri

__all__ = ["WIKI_CALENDARS", "hijri_day", "likely_year", "persian_day", "tabular_hijri_day"]

_HIJRI_EPOCH = 227_015  # 1 Muharram 1 AH (16 July 622, Julian) as an ordinal of datetime.date
_PERSIAN_BASE_YEAR = 979
_PERSIAN_BASE = date(1600, 3, 19).toordinal()  # the day before 1 Farvardin 979


def gregorian_day(year: int, month: int, day: int) -> date:
    """Return the day of the Gregorian calendar.

    Raises:
        ValueError: there is no such day.
    """
    return date(year, month, day)


def buddhist_day(year: int, month: int, day: int) -> date:
    """Return the day of the Thai solar calendar since 1941: the Gregorian one, 543 years ahead."""
    return date(year - 543, month, day)


def minguo_day(year: int, month: int, day: int) -> date:
    """Return the day of the calendar of the Republic of China: the Gregorian one, 1911 years behind."""
    return date(year + 1911, month, day)


def persian_day(year: int, month: int, day: int) -> date:
    """Return the day of the Persian calendar (Solar Hijri), by its cycle of 33 years with 8 leap years.

    The cycle agrees with the calendar as it is kept for 1799 to 2256
    (https://en.wikipedia.org/wiki/Solar_Hijri_calendar#Leap_years).

    Raises:
        ValueError: there is no such day.
    """
    last = 31 if month <= 6 else 30 if month <= 11 or _is_persian_leap(year) else 29
    if not (979 <= year <= 1634 and 1 <= month <= 12 and 1 <= day <= last):
        raise ValueError(f"No day of the Persian calendar: {year}-{month}-{day}.")
    years = year - _PERSIAN_BASE_YEAR
    days = 365 * years + years // 33 * 8 + (years % 33 + 3) // 4
    days += 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date.fromordinal(_PERSIAN_BASE + days + day)


def _is_persian_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def tabular_hijri_day(year: int, month: int, day: int) -> date:
    """Return the day of the tabular Islamic calendar (civil epoch, 11 leap years in 30).

    Raises:
        ValueError: there is no such day.
    """
    if not (1 <= year <= 9_000 and 1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(f"No day of the Hijri calendar: {year}-{month}-{day}.")
    months = (59 * (month - 1) + 1) // 2
    return date.fromordinal(_HIJRI_EPOCH - 1 + 354 * (year - 1) + (3 + 11 * year) // 30 + months + day)


def hijri_day(year: int, month: int, day: int) -> date:
    """Return the day of the Islamic calendar by the tables of Umm al-Qura (1343 to 1500).

    Raises:
        ValueError: there is no such day, or no table for it.
    """
    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return date(found.year, found.month, found.day)


WIKI_CALENDARS: dict[str, Callable[[int, int, int], date]] = {
    "gregorian": gregorian_day,
    "buddhist": buddhist_day,
    "minguo": minguo_day,
    "persian": persian_day,
    "hijri": tabular_hijri_day,
}
"""Those in which wikis sign."""


def likely_year(year: int) -> int:
    """Return the Gregorian year of one written with Gregorian months: 2400 and later are Buddhist years."""
    return year - 543 if year >= 2_400 else year
