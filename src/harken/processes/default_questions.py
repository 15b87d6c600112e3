"""Guiding questions that have served strategy processes, for organisers to begin with."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

DEFAULT_QUESTIONS: Final = (
    _("What do you like about this, what do you dislike, and why?"),
    _("What would it mean where you are: in your language, your project, your community?"),
    _("What should be kept whatever happens, and where is a red line for you?"),
    _("Does it serve the direction we agreed on?"),
)


def default_questions(languages: Iterable[str]) -> list[dict[str, str]]:
    """The default questions by language, in those of `languages` that the interface speaks; English for none."""
    spoken = dict(settings.LANGUAGES)
    known = [lang for lang in languages if lang in spoken] or ["en"]
    questions: list[dict[str, str]] = [{} for _question in DEFAULT_QUESTIONS]
    for lang in known:
        with override(lang):
            for texts, question in zip(questions, DEFAULT_QUESTIONS, strict=True):
                texts[lang] = str(question)
    return questions
