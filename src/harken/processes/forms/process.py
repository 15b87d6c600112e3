"""Forms for what a process says of itself: its words, its direction, its calendar, its iterations."""

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, ClassVar, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from harken.base.clocks import time_zones
from harken.base.fields import ZonedDateTimeField, clean_language, language_code, line, words
from harken.base.languages import find_direction, name_in_itself
from harken.processes.actions import PARTIAL_DATE
from harken.processes.models import Iteration, Phase, Process
from harken.processes.phase_actions import phase_actions


class LanguageListField(forms.CharField):
    """Several language codes, separated by spaces or commas."""

    def prepare_value(self, value: Any) -> Any:
        """A list as the words one types."""
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The codes, each once, in their order."""
        codes = str(super().clean(value) or "").replace(",", " ").split()
        return list(dict.fromkeys(clean_language(code) for code in codes))


class ProcessForm(forms.ModelForm):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """What a process says of itself and who sees it."""

    languages = LanguageListField(
        label=_("Languages offered"),
        required=False,
        help_text=_("Codes in the order readers should find them, such as: en ar de es fr hi pt"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Process
        fields = ("name", "summary", "direction", "lang", "languages", "time_zone", "accent", "is_public")
        labels: ClassVar = {
            "name": _("Name"),
            "summary": _("In a sentence or two"),
            "direction": _("Direction"),
            "lang": _("Language it is written in"),
            "time_zone": _("Time zone"),
            "accent": _("Colour"),
            "is_public": _("Everybody can see this process"),
        }
        help_texts: ClassVar = {
            "direction": _("Where the movement wants to be, in a few paragraphs. An empty line begins a new one."),
            "lang": _("A code such as en, ar or pt-BR."),
            "time_zone": _("Phases open and close by its clocks. Such as UTC, Africa/Tunis or America/Lima."),
            "is_public": _("Until then only people with a role in it see its pages."),
        }
        widgets: ClassVar = {
            "name": line(),
            "summary": words(),
            "direction": words(6),
            "lang": language_code(),
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
        }

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean_time_zone(self) -> str:
        """A zone of the IANA database."""
        name = self.cleaned_data["time_zone"]
        if name not in time_zones():
            raise forms.ValidationError(_("Write a time zone such as UTC, Africa/Tunis or America/Lima."))
        return str(name)


class PillarForm(forms.Form):
    """One pillar; an empty name takes it away, `ORDER` (of the form set) puts it in its place."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False, widget=line())
    text = forms.CharField(label=_("Text"), required=False, widget=words(3))
    lang = forms.CharField(label=_("Language"), max_length=35, required=False, widget=language_code())

    def clean_lang(self) -> str:
        """A known language, or none for the process's own."""
        code = str(self.cleaned_data["lang"])
        return clean_language(code) if code else ""

    def clean(self) -> dict[str, Any]:
        """Words need a name to stand under."""
        data = super().clean() or {}
        if data.get("text") and not data.get("name"):
            self.add_error("name", _("Name this pillar, or empty its text to take it away."))
        return data


PillarFormSet = forms.formset_factory(PillarForm, extra=2, max_num=12, can_order=True)


class GuidingQuestionsForm(forms.Form):
    """The guiding questions, one a line; the same line of another language's field says the same question in it."""

    def __init__(self, *args: Any, lang: str, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(dict.fromkeys([lang, *languages]))
        for code in self.languages:
            self.fields[self.field_of(code)] = forms.CharField(
                label=_("Guiding questions") if code == lang else name_in_itself(code),
                help_text=_("One a line, in the order they should be read.")
                if code == lang
                else _("The same questions in the same lines; leave a line empty where there is no translation."),
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 6, "lang": code, "dir": find_direction(code)}),
            )

    def field_of(self, code: str) -> str:
        """The name of a language's field."""
        return "questions" if code == self.languages[0] else f"questions-{code}"

    @classmethod
    def write_down(
        cls, questions: Sequence[Mapping[str, str]], *, lang: str, languages: Iterable[str]
    ) -> dict[str, str]:
        """What the fields hold for these questions."""
        empty = cls(lang=lang, languages=languages)
        return {
            empty.field_of(code): "\n".join(" ".join(texts.get(code, "").split()) for texts in questions).rstrip("\n")
            for code in empty.languages
        }

    def clean(self) -> dict[str, Any]:
        """`questions` become texts by language: lines that say something in any language, each question once."""
        data = super().clean() or {}
        lines = {code: str(data.get(self.field_of(code), "")).splitlines() for code in self.languages}
        rows = zip_longest(*lines.values(), fillvalue="")
        asked: list[dict[str, str]] = []
        for row in rows:
            texts = {code: text.strip() for code, text in zip(self.languages, row, strict=True) if text.strip()}
            if texts and texts not in asked:
                asked.append(texts)
        return data | {"questions": asked}


class PhaseForm(forms.ModelForm):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """A phase: its words, its window on the clocks of the process, and what it opens."""

    opens_at = ZonedDateTimeField(label=_("Opens"), required=False)
    closes_at = ZonedDateTimeField(label=_("Closes"), required=False)
    actions = forms.MultipleChoiceField(
        label=_("What it opens"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What no open phase opens is closed, except to organisers."),
    )

    class Meta:
        model = Phase
        fields = ("name", "description", "lang", "opens_at", "closes_at", "actions")
        labels: ClassVar = {"name": _("Name"), "description": _("What happens"), "lang": _("Language")}
        widgets: ClassVar = {"name": line(), "description": words(3), "lang": language_code()}

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_its_clocks = _("In the time zone %(zone)s.") % {"zone": process.time_zone}
        for name, help_text in (
            ("opens_at", _("Left empty: it has always been open.")),
            ("closes_at", _("Left empty: it stays open.")),
        ):
            field = cast(ZonedDateTimeField, self.fields[name])
            field.zone = zoneinfo.ZoneInfo(process.time_zone)
            field.help_text = format_html("{} {}", on_its_clocks, help_text)
        actions = cast(forms.MultipleChoiceField, self.fields["actions"])
        actions.choices = [
            (action.name, format_html('{}<span class="helptext">{}</span>', action.label, action.description))
            for action in phase_actions()
        ]

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean(self) -> dict[str, Any]:
        """A window that ends after it begins."""
        data = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("A phase closes after it opens."))
        return data


class IterationForm(forms.ModelForm):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """An iteration's title, date, languages and publication."""

    languages = LanguageListField(
        label=_("Languages offered"),
        required=False,
        help_text=_("Codes such as: en ar de"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Iteration
        fields = ("title", "date", "lang", "languages", "is_public")
        labels: ClassVar = {
            "title": _("Title"),
            "date": _("Date"),
            "lang": _("Language"),
            "is_public": _("Published"),
        }
        help_texts: ClassVar = {
            "date": _("As much as is known: 2019, 2019-09 or 2019-09-15."),
            "is_public": _("Until then only organisers see its texts."),
        }
        widgets: ClassVar = {
            "title": line(),
            "lang": language_code(),
            "date": forms.TextInput(attrs={"class": "short"}),
        }

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean_date(self) -> str:
        """A year, a month or a day."""
        date = str(self.cleaned_data["date"])
        if date and not PARTIAL_DATE.fullmatch(date):
            raise forms.ValidationError(_("Write the date as 2019, 2019-09 or 2019-09-15."))
        return date
