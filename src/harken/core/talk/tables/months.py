"""Names of the months of the Islamic and the Persian calendar."""

import re
from typing import Final

from harken.core.outline.lexicon import fold_word

__all__ = ["HIJRI_MONTHS", "PERSIAN_MONTHS", "fold_name", "month_of", "month_pattern"]

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
