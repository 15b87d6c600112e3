"""Days of the Islamic and the Persian calendar as days of the Gregorian one."""

import re
from datetime import date, timedelta
from typing import Final

from hijridate import Hijri

from harken.core.outline.lexicon import fold_word

__all__ = ["HIJRI_MONTHS", "PERSIAN_MONTHS", "from_hijri", "from_persian", "month_of"]

_HIJRI: Final = """
    محرم|المحرم|muharram|muharrem
    صفر|safar|safer
    ربيع الأول|ربيع أول|rabi al-awwal|rabi i|rabi' al-awwal|rabiʻ i
    ربيع الآخر|ربيع الثاني|rabi al-thani|rabi ii|rabi' al-thani|rabiʻ ii|rabi al-akhir
    جمادى الأولى|جمادى الاولى|jumada al-awwal|jumada al-ula|jumada i
    جمادى الآخرة|جمادى الثانية|jumada al-thani|jumada al-akhirah|jumada ii
    رجب|rajab
    شعبان|shaban|sha'ban|shaʻban
    رمضان|ramadan|ramadhan|ramazan
    شوال|shawwal
    ذو القعدة|ذي القعدة|dhu al-qadah|dhu al-qi'dah|dhul qadah|dhuʻl-qiʻdah
    ذو الحجة|ذي الحجة|dhu al-hijjah|dhul hijjah|dhuʻl-hijjah
"""
_PERSIAN: Final = """
    فروردین|farvardin
    اردیبهشت|ordibehesht
    خرداد|khordad
    تیر|tir
    مرداد|امرداد|mordad
    شهریور|shahrivar
    مهر|mehr
    آبان|aban
    آذر|azar
    دی|dey
    بهمن|bahman
    اسفند|esfand
"""
# The rule of 33 years agrees with the calendar as it is kept in Iran for these years.
# https://en.wikipedia.org/wiki/Solar_Hijri_calendar#Leap_years
_PERSIAN_YEARS: Final = range(1178, 1501)
_PERSIAN_EPOCH: Final = date(1799, 3, 21)  # 1 Farvardin 1178


def _names(table: str) -> dict[str, int]:
    lines = [line.strip() for line in table.strip().splitlines()]
    return {fold_name(name): number for number, line in enumerate(lines, start=1) for name in line.split("|")}


def fold_name(name: str) -> str:
    """Return a month's name so that its spellings meet: Arabic and Persian letters, hamza, marks."""
    return " ".join(fold_word(name).translate(_LETTERS).split())


_LETTERS: Final = str.maketrans(
    {"ي": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ی", "ة": "ه", "-": " ", "’": "'"}
)

HIJRI_MONTHS: Final = _names(_HIJRI)
PERSIAN_MONTHS: Final = _names(_PERSIAN)


def month_of(name: str) -> tuple[str, int]:
    """Return the calendar ("hijri", "persian" or "") and the number of the month of that name."""
    folded = fold_name(name)
    if folded in HIJRI_MONTHS:
        return "hijri", HIJRI_MONTHS[folded]
    return ("persian", PERSIAN_MONTHS[folded]) if folded in PERSIAN_MONTHS else ("", 0)


def month_pattern() -> str:
    """Return a pattern that finds names of months of both calendars in text folded by `fold_name`."""
    names = sorted({*HIJRI_MONTHS, *PERSIAN_MONTHS}, key=lambda name: (-len(name), name))
    return "|".join(re.escape(name) for name in names)


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the day in the Gregorian calendar (Umm al-Qura, 1343 to 1500), or None if there is no such day."""
    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def from_persian(year: int, month: int, day: int) -> date | None:
    """Return the day in the Gregorian calendar (1178 to 1500), or None if there is no such day."""
    if year not in _PERSIAN_YEARS or not 1 <= month <= 12:
        return None
    length = 31 if month <= 6 else 30 if month <= 11 or _is_persian_leap(year) else 29
    if not 1 <= day <= length:
        return None
    years = range(_PERSIAN_YEARS.start, year)
    days = 365 * len(years) + sum(1 for before in years if _is_persian_leap(before))
    return _PERSIAN_EPOCH + timedelta(days=days + 31 * min(month - 1, 6) + 30 * max(0, month - 7) + day - 1)


def _is_persian_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8
