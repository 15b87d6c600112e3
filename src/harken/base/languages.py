"""Languages by their BCP 47 codes: names, and the direction they are written in.

Names and directions come from the Unicode CLDR through Babel.
"""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


@lru_cache(maxsize=512)
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=512)
def find_direction(code: str) -> str:
    """`"rtl"` or `"ltr"` for a language code; unknown languages read left to right."""
    locale = _locale(code)
    return locale.text_direction if locale else "ltr"


@lru_cache(maxsize=512)
def name_in_itself(code: str) -> str:
    """The language's name in that language (`ar` → العربية); the code itself where it is unknown."""
    locale = _locale(code)
    name = locale.get_display_name(locale) if locale else None
    return name[:1].upper() + name[1:] if name else code


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
