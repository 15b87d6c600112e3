"""What people in the sample tell of themselves: some nothing, some one thing, few everything they are asked for."""

from typing import Final

from harken.inputs.models import ContextKind

_COMMUNITIES: Final = {
    "en": "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "pt": "Português",
}
_WHO_MOSTLY_TELL: Final = frozenset({"es", "hi", "pt"})
_ROLES: Final = ("mends", "mends", "brings things", "mends", "brings things", "keeps the door", "mends", "teaches")


def community_of(lang: str, number: int) -> str:
    """The language community that the speaker of a comment names, "" where they leave it out."""
    return _COMMUNITIES[lang] if lang in _WHO_MOSTLY_TELL or number % 4 == 0 else ""


def role_of(number: int) -> str:
    """What somebody is at a bench, as the survey offers it; "" for who does not say."""
    return _ROLES[number % len(_ROLES)] if number % 5 else ""


def told_with(lang: str, place: str, number: int) -> list[tuple[str, str]]:
    """What goes with a comment by the form."""
    region = place if number % 6 == 1 else ""
    told = [(ContextKind.LANGUAGE.value, community_of(lang, number)), (ContextKind.REGION.value, region)]
    return [(kind, value) for kind, value in told if value]
