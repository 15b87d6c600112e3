"""Forms of readers' pages: what a list shows, which language an input is in, and what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harken.base.fields import PlainSelect
from harken.base.languages import name_in_interface
from harken.inputs.facets import Facet, FacetChoice
from harken.inputs.listing import UNKNOWN_LANGUAGE
from harken.inputs.models import Channel, Stance
from harken.inputs.queries.reading import ListChoices
from harken.inputs.queries.texts import LONGEST_NAME

_LONGEST_VALUE = 400
# These have no fields of the form: whoever writes or follows them writes or follows others each time.
_BESIDE = {"q", "passage", "campaign", "source"}
# Browsers show blanks at the beginning of an option as none.
_INDENT = "\u2003"


def _choice(label: Any) -> forms.CharField:
    # What is not among the choices is answered by no input, as any other that nothing was said about.
    return forms.CharField(label=label, required=False, max_length=_LONGEST_VALUE, widget=PlainSelect)


class FilterForm(forms.Form):
    """What a list of inputs can be narrowed to, as its address says it: without JavaScript a form that is sent.

    Words stand beside it, since they are others each time (`Narrowing`).
    """

    document = _choice(gettext_lazy("About"))
    group = _choice(gettext_lazy("About texts of"))
    lang = _choice(gettext_lazy("Language"))
    channel = _choice(gettext_lazy("Channel"))
    by = _choice(gettext_lazy("Said by"))
    stance = _choice(gettext_lazy("Stance"))
    late = forms.BooleanField(label=gettext_lazy("Only what came late"), required=False)

    def __init__(
        self,
        *args: Any,
        choices: ListChoices,
        offered: Sequence[tuple[Facet, Sequence[FacetChoice]]] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("auto_id", "filter_%s")
        super().__init__(*args, **kwargs)
        documents = [
            (title, [(f"{one.iteration}/{one.code}", f"{one.code} {one.title[:60]}") for one in several])
            for title, several in groupby(choices.documents, key=lambda one: one.iteration_title)
        ]
        groups = dict.fromkeys((one.group, one.group_name) for one in choices.documents)
        languages = [
            (code or UNKNOWN_LANGUAGE, name_in_interface(code) if code else _("unknown"))
            for code, _n in choices.languages
        ]
        self._offer("document", _("everything"), documents)
        self._offer("group", _("all groups"), list(groups))
        self._offer("lang", _("all languages"), languages)
        self._offer("channel", _("all channels"), [(code, Channel(code).label) for code, _n in choices.channels])
        self._offer("by", _("everybody"), list(choices.speaking))
        if not choices.speaking:
            del self.fields["by"]
        self._offer("stance", _("all stances"), list(Stance.choices))
        for facet, values in offered:
            self.fields[facet.name] = _choice(facet.label)
            named = [(one.value, f"{_INDENT * one.depth}{one.name} ({one.number})") for one in values]
            self._offer(facet.name, str(facet.everything), named)
        self.order_fields(["document", "group", *(facet.name for facet, _values in offered)])

    def _offer(self, name: str, everything: str, choices: list[Any]) -> None:
        widget = self.fields[name].widget
        if isinstance(widget, forms.Select):
            widget.choices = [("", everything), *choices]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """All that the form above a list is made from: where that is the same, the form's HTML is kept."""

    asked: tuple[tuple[str, str], ...]
    choices: ListChoices
    offered: tuple[tuple[Facet, tuple[FacetChoice, ...]], ...]

    @property
    def form(self) -> FilterForm:
        """The form."""
        return FilterForm(dict(self.asked), choices=self.choices, offered=self.offered)


def narrow(
    asked: Mapping[str, str], choices: ListChoices, offered: Iterable[tuple[Facet, Sequence[FacetChoice]]]
) -> Narrowing:
    """What the form is made from: of the choices only what it shows, which stays the same while people speak."""
    shown = replace(
        choices,
        languages=tuple((code, 0) for code, _number in choices.languages),
        channels=tuple((code, 0) for code, _number in choices.channels),
    )
    values = tuple((name, value) for name, value in asked.items() if name not in _BESIDE)
    return Narrowing(values, *_known(shown, tuple((facet, tuple(one)) for facet, one in offered)))


@lru_cache(maxsize=128)
def _known(
    choices: ListChoices, offered: tuple[tuple[Facet, tuple[FacetChoice, ...]], ...]
) -> tuple[ListChoices, tuple[tuple[Facet, tuple[FacetChoice, ...]], ...]]:
    """The same choices as before where they are equal, so that a hundred kept forms hold them once."""
    return choices, offered


class LanguageForm(forms.Form):
    """Which language an input is in."""

    lang = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=35,
        help_text=gettext_lazy("A code such as en, pt-BR or zh-Hant."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "class": "short"}),
    )


class MoveForm(forms.Form):
    """The text that an input is about."""

    code = forms.CharField(
        label=gettext_lazy("The text it is about"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Its code; empty for the process as a whole."),
        widget=forms.TextInput(attrs={"list": "texts", "autocomplete": "off", "class": "short"}),
    )
