"""Tags and filters every page template knows.

Text that people wrote carries its own language and direction: `{% said lang %}` writes the two attributes.
"""

import datetime
import zoneinfo
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time, get_timezone_location
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from harken.base.furniture import parse_keep
from harken.base.languages import find_direction, name_in_interface, name_in_itself

register = template.Library()
register.tag("keep", parse_keep)


def _interface_locale() -> str:
    return (get_language() or "en").replace("-", "_")


@register.simple_tag
@lru_cache(maxsize=512)
def said(lang: str) -> SafeString:
    """The `lang` and `dir` attributes of a text in `lang`."""
    return format_html('lang="{}" dir="{}"', lang, find_direction(lang))


@register.filter
def language_in_words(code: str) -> str:
    """A language's name in the interface's language."""
    return name_in_interface(code)


@register.filter
def own_name(code: str) -> str:
    """A language's name in that language."""
    return name_in_itself(code)


@register.filter
def stored_html(html: str) -> SafeString:
    """HTML that was made safe when the text was written: by `harken.base.markup`, or of escaped words alone."""
    return mark_safe(html)  # noqa: S308 - only ever given what such functions made


@register.filter
def partial_date(date: str) -> str:
    """A date known to the year, month or day (`2019`, `2019-09`, `2019-09-15`) in words of the interface's language."""
    parts = date.split("-")
    if len(parts) == 1:
        return date
    day = datetime.date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
    if len(parts) == 2:
        return format_date(day, "LLLL y", locale=_interface_locale())
    return format_date(day, "long", locale=_interface_locale())


@lru_cache(maxsize=2048)
def _name_day(day: datetime.date, locale: str) -> str:
    """A day in words. Pages name the same few days over and over, and Babel takes its time."""
    return format_date(day, "long", locale=locale)


@register.filter
def in_zone(moment: datetime.datetime, zone: str) -> str:
    """A moment in words, in a named time zone, with the zone's name: "15 September 2026, 23:59 UTC"."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    locale = _interface_locale()
    return f"{_name_day(local.date(), locale)}{comma()}{format_time(local, 'HH:mm z', locale=locale)}"


@register.filter
def day_in_zone(moment: datetime.datetime, zone: str) -> str:
    """The day of a moment in words, in a named time zone."""
    return _name_day(moment.astimezone(zoneinfo.ZoneInfo(zone)).date(), _interface_locale())


@lru_cache(maxsize=2048)
def _clock_of(zone: str, locale: str) -> str:
    """Whose clock a zone is, in words: "Tunis" for Africa/Tunis; UTC has no place."""
    if zone == "UTC":
        return zone
    return get_timezone_location(zone, locale=locale, return_city=True)


@register.simple_tag
def span_in_zone(begins: datetime.datetime, ends: datetime.datetime, zone: str) -> str:
    """From when to when, in words, by a named clock: "4 December 2026, 18:00–21:00 (Tunis)"."""
    clock, locale = zoneinfo.ZoneInfo(zone), _interface_locale()
    first, last = begins.astimezone(clock), ends.astimezone(clock)
    words = [f"{format_date(day.date(), 'long', locale=locale)}{comma()}" for day in (first, last)]
    times = [format_time(moment, "HH:mm", locale=locale) for moment in (first, last)]
    until = times[1] if first.date() == last.date() else f" {words[1]}{times[1]}"
    dash = "–" if first.date() == last.date() else " –"
    return f"{words[0]}{times[0]}{dash}{until} ({_clock_of(zone, locale)})"


@register.filter
def end_in_zone(moment: datetime.datetime, zone: str) -> str:
    """When something closes, in words: what closes as a day begins is said to close at 23:59 of the day before."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    if (local.hour, local.minute) == (0, 0):
        moment -= datetime.timedelta(minutes=1)
    return in_zone(moment, zone)


@register.filter
def last_day_in_zone(moment: datetime.datetime, zone: str) -> str:
    """The last day of something that closes at `moment`, in words, in a named time zone."""
    return day_in_zone(moment - datetime.timedelta(microseconds=1), zone)


@register.filter
def days_until(moment: datetime.datetime) -> int:
    """Whole days from now until `moment`, never less than none."""
    return max(0, (moment - timezone.now()).days)


@lru_cache(maxsize=64)
def _begin_language_link(language: str, here: str) -> tuple[str, str]:
    """What stands before a page's address in the link to it in `language`, and after it."""
    root = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    current = " aria-current=true" if language == here else ""
    return (
        f'<li><a href="{root}',
        f'" {said(language)} hreflang="{language}"{current}>{escape(own_name(language))}</a></li>',
    )


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> SafeString:
    """The items of the menu of languages, each a link to this very page; joined here since every page has them all.

    Every address is the same but for the language it begins with (docs/decisions/0006), so none is looked up.
    """
    here = context["interface_language"]
    address = context["request"].get_full_path()
    if here != settings.LANGUAGE_CODE:
        address = address.removeprefix(f"/{here}")
    page = escape(address)
    pieces = [_begin_language_link(code, here) for code in context["interface_languages"]]
    return mark_safe("".join(f"{before}{page}{after}" for before, after in pieces))  # noqa: S308 - of escaped values


@register.simple_tag
def comma() -> str:
    """What stands between the members of a list, with its blank, in the interface's language."""
    return "، " if find_direction(get_language() or "en") == "rtl" else ", "


@register.simple_tag
def language_root() -> str:
    """What addresses begin with in the interface's language: `/` or `/ar/`."""
    return reverse("home")
