"""When a message was sent, from the many forms the `Date` header has in practice."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_tz
from typing import Final

__all__ = ["read_mail_date"]

_ISO: Final = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]+"
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_COMMENT: Final = re.compile(r"\([^()]*\)")
_GMT_OFFSET: Final = re.compile(r"\b(?:GMT|UTC|UT)\s*([+-])(\d{1,2}):?(\d{2})?")
_OFFSET_COLON: Final = re.compile(r"([+-]\d{2}):(\d{2})\s*$")
_HALF_DAY: Final = re.compile(r"(\d{1,2})(:\d{2}(?::\d{2})?)\s*([AaPp])\.?[Mm]\.?")
# A time with nothing behind it, or the year alone: the library takes that for UTC.
_NO_ZONE: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s+\d{4})?\s*\Z")
# Nobody sent mail before 1969, nor will Harken be read then.
_FIRST_YEAR: Final = 1969
_LAST_YEAR: Final = 2199
_LARGEST_OFFSET: Final = 15 * 3600


def read_mail_date(value: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment in UTC that `value` names, or None if it names none that can be.

    `zone` is where the clock stood if the header does not say.
    """
    value = _COMMENT.sub(" ", value[:500]).strip().strip("\"'")[:200]
    at = _read_iso(value, zone) if value[:4].isdecimal() else None
    return at if at is not None else _read_rfc(value, zone)


def _read_iso(value: str, zone: tzinfo) -> datetime | None:
    found = _ISO.match(value)
    if found is None:
        return None
    year, month, day, hour, minute = (int(found[place]) for place in range(1, 6))
    offset = found[7] or ""
    seconds: int | None = None
    if offset[:1] in ("+", "-"):
        seconds = int(offset[1:3]) * 3600 + int(offset[-2:]) * 60
        seconds = -seconds if offset[0] == "-" else seconds
    elif offset:
        seconds = 0
    return _moment((year, month, day, hour, minute, int(found[6] or 0)), seconds, zone)


def _read_rfc(value: str, zone: tzinfo) -> datetime | None:
    value = _GMT_OFFSET.sub(lambda found: f"{found[1]}{int(found[2]):02d}{found[3] or '00'}", value)
    value = _OFFSET_COLON.sub(r"\1\2", value)
    value = _HALF_DAY.sub(_to_whole_day, value)
    try:
        parsed = parsedate_tz(value)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    offset = None if _NO_ZONE.search(value) else parsed[9]
    return _moment((year, month, day, hour, minute, second), offset, zone)


def _to_whole_day(found: re.Match[str]) -> str:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return f"{found[1]}{found[2]}"
    return f"{hour % 12 + (12 if found[3] in 'Pp' else 0)}{found[2]}"


def _moment(parts: tuple[int, int, int, int, int, int], offset: int | None, zone: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second = parts
    if not _FIRST_YEAR <= year <= _LAST_YEAR or (offset is not None and abs(offset) > _LARGEST_OFFSET):
        return None
    try:
        # A leap second has no place of its own in UTC as computers count it.
        local = datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second)  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None
    if offset is None:
        return local.replace(tzinfo=zone).astimezone(UTC)
    return (local - timedelta(seconds=offset)).replace(tzinfo=UTC)
