"""Which language words may be in that nobody named one for, as far as that can be known without reading them."""

from functools import lru_cache
from typing import Final

from django.conf import settings

from harken.core.sense.scripts import scripts_of_language, scripts_of_text

PAGE_LANG: Final = "page_lang"
"""Where a wording keeps the language of the page it was written on (`Wording.extra`)."""


@lru_cache(maxsize=256)
def likely_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a process and those of the interface: whoever reads the form in one may write in it."""
    wanted = dict.fromkeys((*languages, *(code for code, _name in settings.LANGUAGES)))
    return tuple(tag for tag in wanted if scripts_of_language(tag))


def told_by_script(text: str, languages: tuple[str, ...]) -> str:
    """The only one of `languages` that is written as the text is, or ""."""
    if text.isascii():
        # Nothing but Latin, which many share: most of what is said is told here.
        return _only_in("LATIN", languages)
    scripts = scripts_of_text(text)
    return _only_in(scripts.pop(), languages) if len(scripts) == 1 else ""


@lru_cache(maxsize=1024)
def _only_in(script: str, languages: tuple[str, ...]) -> str:
    found = [tag for tag in languages if script in scripts_of_language(tag)]
    return found[0] if len(found) == 1 else ""


def is_written_as(text: str, lang: str) -> bool:
    """Whether all letters of a text are of the scripts that a language is written in."""
    return scripts_of_text(text) <= scripts_of_language(lang)


def count_letters(text: str) -> int:
    """How many letters there are."""
    return sum(map(str.isalpha, text))
