"""Dates as people write them, in seven languages: month names from the CLDR through Babel, digits of any script."""

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale

from harken.core.outline.lexicon import fold_word

__all__ = ["FoundDate", "find_dates", "is_month"]

# Arabic has more than one set of month names; each of these locales carries one.
_LOCALES = ("en", "ar", "ar_EG", "ar_LB", "ar_DZ", "ar_MA", "de", "es", "fr", "hi", "pt", "pt_PT")
# What may stand between a day and its month, and between a month and its year.
_OF = r"(?:\s*\.?\s*(?:(?:de|du|of|den|من)\s+)?)"
_LINK = r"(?:\s*[.,،]?\s*(?:(?:del?|du|of|den|من|عام|سنة)\s+)?)"
_DIGIT = re.compile(r"\d")
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.|日)?"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: where it stands, and its year, month and day as far as they are said (0 where they are not)."""

    start: int
    end: int
    year: int
    month: int
    day: int

    @property
    def iso(self) -> str:
        """The date in ISO 8601: `2019-09-15`, `2019-09`, `2019`, or `--09-15` and `--09` without a year."""
        year = f"{self.year:04d}" if self.year else "-"
        if not self.month:
            return year
        return f"{year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


@cache
def _months() -> dict[str, int]:
    months: dict[str, int] = {"sept": 9}
    for name in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, word in Locale.parse(name).months[context][width].items():
                    if len(word.rstrip(".")) >= 3 or not word.isascii():
                        months.setdefault(fold_word(word.rstrip(".")), month)
    # Spellings of Hindi and Arabic months that are common beside the CLDR's.
    months.update({fold_word(word): month for word, month in _SPELLINGS.items()})
    return months


# Short names of months that are words of their own; they need a year beside them.
_WORDS_TOO = frozenset(("set", "out", "ago", "mar", "dez", "abr", "fev", "lug"))
_SPELLINGS = {
    "सितम्बर": 9,
    "सितंबर": 9,
    "अक्टूबर": 10,
    "नवम्बर": 11,
    "दिसम्बर": 12,
    "أغسطس": 8,
    "آب": 8,
    "ايلول": 9,
    "اكتوبر": 10,
}


@cache
def _pattern() -> re.Pattern[str]:
    # Names are matched in the text as it stands, so both the folded and the accented spellings are listed.
    names: set[str] = set(_months()) | set(_SPELLINGS)
    for name in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names |= {
                    word.rstrip(".")
                    for word in Locale.parse(name).months[context][width].values()
                    if len(word.rstrip(".")) >= 3 or not word.isascii()
                }
    month = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(
        rf"""(?<![^\W_]) (?:
            (?P<y1>\d{{4}})-(?P<m1>\d{{2}})(?:-(?P<d1>\d{{2}}))?(?!\d)
          | (?P<y2>\d{{4}})\s*年\s*(?P<m2>\d{{1,2}})\s*月(?:\s*(?P<d2>\d{{1,2}})\s*日)?
          | (?P<d3>\d{{1,2}})\.\s?(?P<m3>\d{{1,2}})\.\s?(?P<y3>\d{{4}})(?!\d)
          | (?P<a4>\d{{1,2}})/(?P<b4>\d{{1,2}})/(?P<y4>\d{{4}})(?!\d)
          | (?:(?P<d5>\d{{1,2}}){_ORDINAL}{_OF})?(?P<m5>{month})(?![^\W\d_])\.?
            (?:\s*(?P<d6>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\.\d)(?!\s*(?:{month})(?![^\W\d_])))?
            (?:{_LINK}(?P<y5>\d{{4}})(?!\d))?
        )""",
        re.IGNORECASE | re.VERBOSE,
    )


def is_month(word: str) -> bool:
    """Return whether `word` names a month in one of the seven languages."""
    return fold_word(word) in _months()


def find_dates(text: str) -> list[FoundDate]:
    """Return the dates in `text` that name a month beside a day or a year, in order.

    `15/09/2019` is read with the day first unless only the other order makes a date; where both orders would, it is
    left alone.
    """
    if _DIGIT.search(text) is None:
        return []
    found = []
    for match in _pattern().finditer(text):
        date = _read_match(match)
        if date is not None:
            found.append(date)
    return found


def _read_match(match: re.Match[str]) -> FoundDate | None:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    year = int(next((groups[name] for name in ("y1", "y2", "y3", "y4", "y5") if name in groups), "0"))
    if "a4" in groups:
        first, second = int(groups["a4"]), int(groups["b4"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if second <= 12 else (second, first)
    elif "m5" in groups:
        month = _months().get(fold_word(groups["m5"].rstrip(".")), 0)
        day = int(groups.get("d5") or groups.get("d6") or "0")
        if not year and (not day or fold_word(groups["m5"]) in _WORDS_TOO):
            return None
    else:
        month = int(next(groups[name] for name in ("m1", "m2", "m3") if name in groups))
        day = int(next((groups[name] for name in ("d1", "d2", "d3") if name in groups), "0"))
    if not 1 <= month <= 12 or day > 31 or (year and not 1000 <= year <= 2999):
        return None
    start = match.start()
    end = match.start() + len(match.group().rstrip())
    return FoundDate(start, end, year, month, day)
