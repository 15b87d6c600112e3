"""What people say about the sample, coded by one of those who answer."""

from dataclasses import dataclass
from typing import Final

from django.db.models import F

from harken.analysis.actions.coding import code_input, code_inputs
from harken.analysis.actions.themes import create_theme
from harken.analysis.models import Theme
from harken.inputs.models import Input, Wording
from harken.pages.sample.content import read_toml
from harken.pages.sample.story.told import Told
from harken.people.models import User

_RESPONDER: Final = "henrique"


@dataclass(frozen=True, slots=True)
class SampleTheme:
    """A theme below the one with the key `below` ("": at the top), and what belongs to it.

    `quotes` are words that were said, in any language; `wholes` the keys of texts all input on which belongs to it.
    """

    key: str
    name: str
    description: str = ""
    below: str = ""
    quotes: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()


def read_themes() -> tuple[SampleTheme, ...]:
    """Every theme, those above before those below."""
    lists = ("quotes", "wholes")
    return tuple(
        SampleTheme(**{**raw, **{name: tuple(raw.get(name, ())) for name in lists}})
        for raw in read_toml("inputs", "themes.toml")["themes"]
    )


def code_by_theme(told: Told) -> None:
    """Set up the themes, and say of what was said which of them it belongs to."""
    actor, made = told.people[_RESPONDER], dict[str, Theme]()
    for each in read_themes():
        made[each.key] = create_theme(
            actor=actor,
            process=told.process,
            name=each.name,
            description=each.description,
            parent=made[each.below] if each.below else None,
        )
        _code(told, actor, each, made[each.key])


def _code(told: Told, actor: User, each: SampleTheme, theme: Theme) -> None:
    for quote in each.quotes:
        newest = Wording.objects.filter(input__process=told.process, number=F("input__versions"), text__contains=quote)
        for wording in newest.select_related("input__process__body", "input__source").order_by("pk"):
            code_input(actor=actor, said=wording.input, theme=theme, quote=quote)
    for key in each.wholes:
        about = Input.objects.filter(document=told.find_text(key), standing__isnull=True)
        code_inputs(actor=actor, process=told.process, inputs=about, theme=theme)
