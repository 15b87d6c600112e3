"""Languages by their BCP 47 codes: names, and the direction they are written in.

Names and directions come from the Unicode CLDR through Babel.
"""

from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata
from django.utils.translation import get_language


def _parse(code: str) -> Locale | None:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


_locale = lru_cache(maxsize=512)(_parse)


@lru_cache(maxsize=512)
def _in_itself(code: str) -> tuple[str, str]:
    """A language's name in that language, and its direction.

    Babel keeps all that CLDR says in a language, a megabyte, once it was asked anything; a site has texts in hundreds.
    For these two words it forgets it again, unless it had it before: dates and names are written with that.
    """
    kept = set(localedata._cache)  # noqa: SLF001 - Babel has no other way to let go of anything
    locale = _parse(code)
    name = locale.get_display_name(locale) if locale else None
    direction = locale.text_direction if locale else "ltr"
    for read in set(localedata._cache) - kept:  # noqa: SLF001 - as above
        localedata._cache.pop(read, None)  # noqa: SLF001 - as above
    return name[:1].upper() + name[1:] if name else code, direction


def find_direction(code: str) -> str:
    """`"rtl"` or `"ltr"` for a language code; unknown languages read left to right."""
    return _in_itself(code)[1]


def name_in_itself(code: str) -> str:
    """The language's name in that language (`ar` → العربية); the code itself where it is unknown."""
    return _in_itself(code)[0]


@lru_cache(maxsize=2048)
def _name_in(code: str, interface: str) -> str:
    locale, shown_in = _locale(code), _locale(interface)
    return (locale.get_display_name(shown_in) if locale and shown_in else None) or code


def name_in_interface(code: str) -> str:
    """The language's name in the interface's current language."""
    return _name_in(code, get_language() or "en")


def is_known(code: str) -> bool:
    """Whether CLDR knows the code."""
    return _locale(code) is not None
