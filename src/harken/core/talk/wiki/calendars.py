"""Days of the calendars in which wikis sign, as days of the Gregorian calendar.

All are arithmetic, as MediaWiki's own are (Language::sprintfDate): a tabular Hijri calendar can differ by a day from
the one that is seen in the sky.
"""

from collections.abc import Callable
from datetime import date

__all__ = ["CALENDARS", "hijri_day", "iranian_day", "likely_year"]

_HIJRI_EPOCH = 227_015  # 1 Muharram 1 AH (16 July 622, Julian) as an ordinal of datetime.date
_IRANIAN_BASE_YEAR = 979
_IRANIAN_BASE = date(1600, 3, 19).toordinal()  # the day before 1 Farvardin 979


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


def iranian_day(year: int, month: int, day: int) -> date:
    """Return the day of the Solar Hijri calendar, by its cycle of 33 years with 8 leap years (right for 1799 to 2256).

    Raises:
        ValueError: there is no such day.
    """
    if not (979 <= year <= 1634 and 1 <= month <= 12 and 1 <= day <= (31 if month <= 6 else 30)):
        raise ValueError(f"No day of the Iranian calendar: {year}-{month}-{day}.")
    years = year - _IRANIAN_BASE_YEAR
    days = 365 * years + years // 33 * 8 + (years % 33 + 3) // 4
    days += 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date.fromordinal(_IRANIAN_BASE + days + day)


def hijri_day(year: int, month: int, day: int) -> date:
    """Return the day of the tabular Islamic calendar (civil epoch, 11 leap years in 30).

    Raises:
        ValueError: there is no such day.
    """
    if not (1 <= year <= 9_000 and 1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(f"No day of the Hijri calendar: {year}-{month}-{day}.")
    months = (59 * (month - 1) + 1) // 2
    return date.fromordinal(_HIJRI_EPOCH - 1 + 354 * (year - 1) + (3 + 11 * year) // 30 + months + day)


CALENDARS: dict[str, Callable[[int, int, int], date]] = {
    "gregorian": gregorian_day,
    "buddhist": buddhist_day,
    "minguo": minguo_day,
    "iranian": iranian_day,
    "hijri": hijri_day,
}


def likely_year(year: int) -> int:
    """Return the Gregorian year of one written with Gregorian months: 2400 and later are Buddhist years."""
    return year - 543 if year >= 2_400 else year
