"""The dates wikis put behind signatures: their formats, names, digits, calendars and time zones.

Formats are those of MediaWiki's `{{#time:}}` (https://www.mediawiki.org/wiki/Help:Extension:ParserFunctions##time).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from harken.core.talk.calendars import WIKI_CALENDARS, likely_year

__all__ = ["BIDI_MARKS", "DateFormat", "Stamp", "find_stamp", "find_stamps", "load_zone"]

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

# Marks of writing direction that people copy along; they say nothing.
BIDI_MARKS = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_MARKS = f"[{BIDI_MARKS}]{{0,3}}"
_MARK = re.compile(f"[{BIDI_MARKS}]")
_MOST_REMEMBERED = 1_000
_GAP = rf"[\s{BIDI_MARKS}]{{1,4}}"
_OFFSET = r"(?:UTC|GMT)?[+\u2212-]\d{1,2}(?::?\d{2})?"
_OFFSET_PARTS = re.compile(r"(?:UTC|GMT)?(?P<sign>[+\u2212-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?\Z")

# What a zone is called where no wiki says what its own is: hours from UTC.
KNOWN_ZONES: Mapping[str, float] = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "BRT": -3, "BRST": -2, "ART": -3, "CLT": -4, "CLST": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "JST": 9, "KST": 9, "WIB": 7, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "SAST": 2,
    "ت ع م": 0, "ＵＴＣ": 0,
}  # fmt: skip

# Code → (how many digits, what it gives, its calendar).
_NUMBERS: Mapping[str, tuple[str, str, str]] = {
    "d": ("2", "day", ""), "j": ("1,2", "day", ""), "n": ("1,2", "month", ""), "m": ("2", "month", ""),
    "Y": ("4", "year", ""), "G": ("1,2", "hour", ""), "H": ("2", "hour", ""), "g": ("1,2", "hour", ""),
    "h": ("2", "hour", ""), "i": ("2", "minute", ""), "s": ("2", "second", ""),
    "xkY": ("4", "year", "buddhist"), "xoY": ("1,4", "year", "minguo"),
    "xij": ("1,2", "day", "persian"), "xin": ("1,2", "month", "persian"), "xiY": ("4", "year", "persian"),
    "xmj": ("1,2", "day", "hijri"), "xmn": ("1,2", "month", "hijri"), "xmY": ("4", "year", "hijri"),
}  # fmt: skip
_NAMES: Mapping[str, tuple[str, ...]] = {"F": ("", "-gen"), "xg": ("-gen", ""), "M": ("short", "")}
_HALVES = {"a": 0, "A": 0}
_CODE = re.compile(r"x[xnNrhgt]|x[kijmo][a-zA-Z]|\\.|\"[^\"]*\"|.", re.DOTALL)

_IRANIAN_MONTHS = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
)
_HIJRI_MONTHS = (
    "محرم,صفر,ربيع الأول,ربيع الآخر,جمادى الأولى,جمادى الآخرة,رجب,شعبان,رمضان,شوال,ذو القعدة,ذو الحجة",
    (
        "Muharram,Safar,Rabi' al-awwal,Rabi' al-thani,Jumada al-awwal,Jumada al-thani,Rajab,Sha'ban,Ramadan,Shawwal,"
        "Dhu al-Qi'dah,Dhu al-Hijjah"
    ),
    "محرم,صفر,ربيع الاول,ربيع الثاني,جمادى الاولى,جمادى الثانية,رجب,شعبان,رمضان,شوال,ذو القعدة,ذو الحجة",
)


def load_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name, UTC if there is none of that name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp found in a text, at `text[start:end]`; `at` is in UTC, None if there is no such day or hour."""

    start: int
    end: int
    at: datetime | None


@dataclass(frozen=True)
class DateFormat:
    """One way in which a wiki writes the time of a signature.

    `messages` are names by MediaWiki's message keys (`january`, `january-gen`, `jan`, `iranian-calendar-m1`, …);
    `digits` the ten digits the wiki writes; `zones` what it calls its zone → the name in the IANA database (`CEST`), or
    None: any known zone or offset in brackets; `zone_name` the IANA name of its zone.
    With `by_hand` hours and days may lack their zero, and the zone may be missing: nothing a wiki writes itself.
    """

    format: str
    messages: Mapping[str, str]
    digits: Sequence[str] = tuple("0123456789")
    zones: Mapping[str, str] | None = None
    zone_name: str = "UTC"
    by_hand: bool = False
    _months: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def find(self, text: str, start: int = 0) -> Stamp | None:
        """Return the first timestamp of this format at or behind `start`."""
        match = self._pattern.search(text, start)
        return Stamp(match.start(), match.end(), self._read(match)) if match is not None else None

    @cached_property
    def _zone(self) -> ZoneInfo:
        return load_zone(self.zone_name)

    @cached_property
    def _number(self) -> str:
        others = "".join(digit for digit in self.digits if len(digit) == 1 and not digit.isdecimal())
        return f"[\\d{re.escape(others)}]" if others else r"\d"

    @cached_property
    def _plain_digits(self) -> dict[int, str]:
        return {ord(digit): str(value) for value, digit in enumerate(self.digits[:10]) if len(digit) == 1}

    @cached_property
    def _parts(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The regular expression and, for each of its groups, what it gives and in which calendar."""
        expression, groups = "", []
        for sign in _CODE.findall(self.format):
            number = _NUMBERS.get(sign)
            names = self._names_of(sign)
            if number is not None:
                count = (
                    "1,2" if self.by_hand and number[0] == "2" and number[1] in ("day", "month", "hour") else number[0]
                )
                expression += f"({self._number}{{{count}}})"
                groups.append((number[1], number[2]))
            elif names is not None:
                expression += "(" + _any_of(names) + ")"
                groups.append(("month", {"xiF": "persian", "xmF": "hijri"}.get(sign, "")))
            elif sign in ("D", "l"):
                expression += r"[^\W\d_][^\d()]{0,20}?"
            elif sign in _HALVES:
                expression += r"([AaPp][Mm])"
                groups.append(("half", ""))
            elif sign not in ("xn", "xN", "xr", "xh", "xg"):
                expression += _literal(sign)
        return expression, tuple(groups)

    def _names_of(self, sign: str) -> list[str] | None:
        if sign in _NAMES:
            found = [(self._message(month, kind), number) for kind in _NAMES[sign] for number, month in _MONTH_NUMBERS]
        elif sign in ("xiF", "xmF"):
            kind, known = ("iranian", _IRANIAN_MONTHS) if sign == "xiF" else ("hijri", _HIJRI_MONTHS)
            separator = " " if sign == "xiF" else ","
            found = [(self.messages.get(f"{kind}-calendar-m{number}", ""), number) for number in range(1, 13)]
            found += [(name, number) for names in known for number, name in enumerate(names.split(separator), 1)]
        else:
            return None
        names = []
        for name, number in found:
            if name.strip():
                names.append(name.strip())
                self._months.setdefault(_fold(name), number)
        return names

    def _message(self, month: str, kind: str) -> str:
        if kind == "short":
            return self.messages.get(month[:3], "")
        long_name = self.messages.get("may_long", "") if month == "may" and not kind else ""
        return long_name or self.messages.get(month + kind, "")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        expression, _ = self._parts
        if self.zones is None:
            zones = f"{_any_of(KNOWN_ZONES)}|{_OFFSET}"
        else:
            zones = f"{_any_of(self.zones)}|{_OFFSET}" if self.zones else _OFFSET
        zone = rf"{_MARKS}\s?{_MARKS}\({_MARKS}({zones}){_MARKS}\)"
        return re.compile(rf"(?<!\d){expression}{f'(?:{zone})?' if self.by_hand else zone}", re.IGNORECASE)

    def _read(self, match: re.Match[str]) -> datetime | None:
        found = {"year": 0, "month": 0, "day": 0, "hour": 0, "minute": 0, "second": 0}
        calendar, half = "gregorian", ""
        _, groups = self._parts
        for place, (what, its_calendar) in enumerate(groups, 1):
            words = match[place]
            calendar = its_calendar or calendar
            if what == "half":
                half = words.lower()
            elif what == "month" and _fold(words) in self._months:
                found["month"] = self._months[_fold(words)]
            else:
                plain = words.translate(self._plain_digits)
                found[what] = int(plain) if plain.isdecimal() else 0
        if half:
            found["hour"] = found["hour"] % 12 + (12 if half == "pm" else 0)
        year = likely_year(found["year"]) if calendar == "gregorian" else found["year"]
        try:
            day = WIKI_CALENDARS[calendar](year, found["month"], found["day"])
            local = datetime.combine(day, time(found["hour"], found["minute"], found["second"]))
            return self._to_utc(local, match[len(groups) + 1] or "")
        except (ValueError, OverflowError):
            return None

    def _to_utc(self, local: datetime, zone: str) -> datetime:
        offset, wanted = self._zone_of(zone)
        if offset is not None:
            return local.replace(tzinfo=offset).astimezone(UTC)
        first = local.replace(tzinfo=self._zone)
        # The hour that comes twice when the clocks go back is told apart by the name of the zone.
        second = first.replace(fold=1)
        chosen = second if first.tzname() != wanted and second.tzname() == wanted else first
        return chosen.astimezone(UTC)

    def _zone_of(self, name: str) -> tuple[timezone | None, str]:
        """Return the offset a zone's name gives by itself, and else the name in the IANA database."""
        known = self._known_zones.get(name)
        if known is None:
            tidy = _tidy(name)
            offset = _read_offset(tidy)
            if offset is None and self.zones is None and tidy in _ZONES:
                offset = timedelta(hours=_ZONES[tidy])
            wanted = next((to for own, to in (self.zones or {}).items() if _tidy(own) == tidy), tidy)
            known = (timezone(offset) if offset is not None else None), wanted
            if len(self._known_zones) < _MOST_REMEMBERED:
                self._known_zones[name] = known
        return known

    @cached_property
    def _known_zones(self) -> dict[str, tuple[timezone | None, str]]:
        return {}


_MONTH_NUMBERS = tuple((number, month) for number, month in enumerate(MONTHS, 1))


@lru_cache(maxsize=1_024)
def _fold(name: str) -> str:
    return _tidy(name).rstrip(".").casefold()


def _tidy(name: str) -> str:
    return " ".join(_MARK.sub("", name).split())


_ZONES = {_tidy(name): hours for name, hours in KNOWN_ZONES.items()}


def _read_offset(zone: str) -> timedelta | None:
    parts = _OFFSET_PARTS.match(zone.upper())
    if parts is None or int(parts["hours"]) > 14:
        return None
    size = timedelta(hours=int(parts["hours"]), minutes=int(parts["minutes"] or 0))
    return size if parts["sign"] == "+" else -size


def _literal(sign: str) -> str:
    if sign == "xx":
        return "x"
    words = sign[1:] if sign[0] == "\\" and len(sign) > 1 else sign
    if len(sign) > 1 and sign[0] == sign[-1] == '"':
        words = sign[1:-1]
    return _flexible(words)


def _flexible(words: str) -> str:
    """Return an expression for words in which any space stands for a space and marks of direction may be missing."""
    words = re.sub(f"[{BIDI_MARKS}]+", "", words)
    parts = re.split(r"(\s+)", words)
    return "".join((_GAP if part.isspace() else re.escape(part)) for part in parts if part) or _MARKS


def _any_of(names: Iterable[str]) -> str:
    unique = sorted(dict.fromkeys(names), key=lambda name: (-len(name), name))
    # Abbreviations come with and without their full stop.
    return "|".join(_flexible(name.rstrip(".")) + (r"\.?" if name.endswith(".") else "") for name in unique) or r"(?!)"


def find_stamp(formats: Iterable[DateFormat], text: str, start: int = 0) -> Stamp | None:
    """Return the first timestamp in any of the formats at or behind `start`, the longest of those that begin there."""
    best: Stamp | None = None
    for known in formats:
        found = known.find(text, start)
        if found is not None and (best is None or (found.start, -found.end) < (best.start, -best.end)):
            best = found
    return best


def find_stamps(formats: Iterable[DateFormat], text: str) -> Iterator[Stamp]:
    """Yield the timestamps of a text in order, each as `find_stamp` finds it; every format is looked for once."""
    following = [(known, known.find(text)) for known in formats]
    while True:
        following = [(known, found) for known, found in following if found is not None]
        if not following:
            return
        best = min((found for _, found in following if found is not None), key=lambda found: (found.start, -found.end))
        yield best
        following = [
            (known, known.find(text, best.end) if found is not None and found.start < best.end else found)
            for known, found in following
        ]
