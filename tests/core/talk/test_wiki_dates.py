"""Dates of signatures: formats, scripts, calendars and time zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.calendars import persian_day, tabular_hijri_day
from harken.core.talk.wiki import assume_wiki, guess_wiki
from harken.core.talk.wiki.languages import LANGUAGES
from harken.core.talk.wiki.timestamps import DateFormat, find_stamp, find_stamps

ENGLISH = assume_wiki("en").formats[0].messages
POLISH = assume_wiki("pl").formats[0].messages


@pytest.mark.parametrize(
    ("language", "written", "at"),
    [
        ("en", "10:25, 21 April 2021 (UTC)", "2021-04-21T10:25"),
        ("ar", "10:25، 21 أبريل 2021 (ت ع م)", "2021-04-21T10:25"),
        ("de", "10:25, 21. Apr. 2021 (CEST)", "2021-04-21T08:25"),
        ("es", "10:25 21 abr 2021 (UTC-3)", "2021-04-21T13:25"),
        ("fr", "21 avril 2021 à 10:25 (CEST)", "2021-04-21T08:25"),
        ("hi", "१०:२५, २१ अप्रैल २०२१ (UTC)", "2021-04-21T10:25"),
        ("pt", "10h25min de 21 de abril de 2021 (UTC)", "2021-04-21T10:25"),
        ("ja", "2021年4月21日 (水) 10:25 (UTC)", "2021-04-21T10:25"),
        ("th", "10:25, 21 เมษายน 2564 (UTC)", "2021-04-21T10:25"),
        ("fa", "۲۱ آوریل ۲۰۲۱، ساعت ۱۰:۲۵ (UTC)", "2021-04-21T10:25"),
        ("ru", "10:25, 21 апреля 2021 (MSK)", "2021-04-21T07:25"),
        ("pl", "10:25, 21 kwi 2021 (+0530)", "2021-04-21T04:55"),
    ],
)
def test_a_wiki_of_each_language_writes_its_dates_as_mediawiki_does(language: str, written: str, at: str) -> None:
    stamp = find_stamp(assume_wiki(language).formats, f"So be it. {written} and more")

    assert stamp is not None
    assert stamp.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert guess_wiki(f"<p>{written}</p>").language == language


@pytest.mark.parametrize(
    ("pattern", "written", "at"),
    [
        ("H:i, j F xkY", "10:25, 21 April 2564 (UTC)", "2021-04-21T10:25"),
        ("H:i, j F xoY", "10:25, 21 April 110 (UTC)", "2021-04-21T10:25"),
        ("H:i، xij xiF xiY", "۱۰:۲۵، ۱ فروردین ۱۴۰۰ (UTC)", "2021-03-21T10:25"),
        ("H:i، xmj xmF xmY", "١٠:٢٥، ١ رمضان ١٤٤٥ (UTC)", "2024-03-11T10:25"),
        ("Y-m-d\\TH:i:s", "2021-04-21T10:25:00 (UTC)", "2021-04-21T10:25"),
        ('"at" g:i A, l, F j, Y', "at 10:25 PM, Wednesday, April 21, 2021 (UTC)", "2021-04-21T22:25"),
        ("j. n. Y, H:i", "21. 4. 2021, 10:25 (UTC)", "2021-04-21T10:25"),
    ],
)
def test_formats_and_calendars_of_mediawiki_are_understood(pattern: str, written: str, at: str) -> None:
    stamp = DateFormat(pattern, ENGLISH).find(f"x {written}")

    assert stamp is not None
    assert stamp.at == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("02:30, 28 paź 2018 (CEST)", "2018-10-28T00:30"),
        ("02:30, 28 paź 2018 (CET)", "2018-10-28T01:30"),
        ("12:00, 1 lip 2018 (CEST)", "2018-07-01T10:00"),
        ("12:00, 1 sty 2018 (CET)", "2018-01-01T11:00"),
    ],
)
def test_the_hour_that_comes_twice_is_told_apart_by_its_zone(written: str, at: str) -> None:
    polish = DateFormat("H:i, j M Y", POLISH, zones={"CET": "CET", "CEST": "CEST"}, zone_name="Europe/Warsaw")
    stamp = polish.find(written)

    assert stamp is not None
    assert stamp.at == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_a_day_that_does_not_exist_is_found_and_has_no_time() -> None:
    stamp = find_stamp(assume_wiki("en").formats, "10:25, 31 February 2021 (UTC)")

    assert stamp is not None
    assert stamp.at is None


def test_marks_of_direction_and_unbreakable_spaces_do_not_hide_a_date() -> None:
    stamp = find_stamp(assume_wiki("ar").formats, "\u200f10:25،\u00a021 أبريل\u202f2021\u200e (ت\u00a0ع\u00a0م)\u200f")

    assert stamp is not None
    assert stamp.at == datetime(2021, 4, 21, 10, 25, tzinfo=UTC)


def test_a_date_without_zone_or_zeros_was_typed_by_hand() -> None:
    wiki = assume_wiki("en")

    for written in ("9:05, 21 April 2021 (UTC)", "09:05, 21 April 2021"):
        assert find_stamp(wiki.formats, written) is None
        stamp = find_stamp(wiki.typed_formats, written)
        assert stamp is not None
        assert stamp.at == datetime(2021, 4, 21, 9, 5, tzinfo=UTC) if "(" in written else stamp.at is not None


@given(st.integers(0, 50_000_000), st.sampled_from(sorted(LANGUAGES)))
def test_what_a_wiki_writes_is_read_back(minutes: int, language: str) -> None:
    known = assume_wiki(language).formats[0]
    minute = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    stamp = known.find(_write(known, minute))

    assert stamp is not None
    assert stamp.at == minute


def _write(known: DateFormat, at: datetime) -> str:
    months = "january february march april may june july august september october november december".split()  # noqa: SIM905 - a list of words
    month = months[at.month - 1]
    long_name = known.messages.get("may_long", "May") if month == "may" else known.messages[month]
    values = {
        "xkY": str(at.year + 543),
        "xg": known.messages.get(f"{month}-gen", long_name),
        "F": long_name,
        "M": known.messages[month[:3]],
        "H": f"{at:%H}",
        "i": f"{at:%M}",
        "j": str(at.day),
        "n": str(at.month),
        "Y": str(at.year),
        "D": "Wed",
    }
    parts, quoted, place = [], False, 0
    while place < len(known.format):
        code = next((code for code in values if known.format.startswith(code, place)), "")
        if known.format[place] == '"':
            quoted = not quoted
            place += 1
        elif code and not quoted:
            parts.append(values[code])
            place += len(code)
        else:
            parts.append(known.format[place])
            place += 1
    return "".join(parts) + " (UTC)"


@given(st.integers(0, 60_000))
def test_days_of_other_calendars_follow_each_other(days: int) -> None:
    first = date(1930, 3, 21) + timedelta(days=days)
    persian, hijri = (
        _find_day(first, convert, around) for convert, around in ((persian_day, -621), (tabular_hijri_day, 0))
    )

    assert persian is not None
    assert hijri is not None


def _find_day(wanted: date, convert: object, shift: int) -> tuple[int, int, int] | None:
    assert callable(convert)
    year = wanted.year + shift if shift else int((wanted.year - 622) * 33 / 32)
    found = [
        (y, m, d)
        for y in range(year - 1, year + 2)
        for m in range(1, 13)
        for d in range(1, 32)
        if _convert(convert, y, m, d) == wanted
    ]
    return found[0] if found else None


def _convert(convert: object, year: int, month: int, day: int) -> date | None:
    assert callable(convert)
    try:
        found = convert(year, month, day)
    except ValueError:
        return None
    assert isinstance(found, date)
    return found


def test_new_years_of_other_calendars_fall_where_they_are_known_to() -> None:
    assert persian_day(1399, 1, 1) == date(2020, 3, 20)
    assert persian_day(1403, 12, 30) == date(2025, 3, 20)
    assert persian_day(1357, 11, 22) == date(1979, 2, 11)
    assert tabular_hijri_day(1442, 1, 1) == date(2020, 8, 20)


def test_all_dates_of_a_text_come_in_order_whatever_their_format() -> None:
    formats = (*assume_wiki("en").formats, *assume_wiki("fr").formats)
    text = "21 avril 2021 à 10:25 (UTC) x 10:26, 21 April 2021 (UTC) y 21 avril 2021 à 10:27 (UTC)"

    assert [stamp.at.minute for stamp in find_stamps(formats, text) if stamp.at] == [25, 26, 27]
