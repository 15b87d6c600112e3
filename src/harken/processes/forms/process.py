"""Forms of the processes room."""

import zoneinfo
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known
from harken.processes.actions import PARTIAL_DATE
from harken.processes.models import Iteration, Phase, Process
from harken.processes.phase_actions import phase_actions


def clean_language(code: str) -> str:
    """A language code the CLDR knows, so that every text gets its direction."""
    if not is_known(code.strip()):
        raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
    return code.strip()


class LanguageListField(forms.CharField):
    """Several language codes, separated by spaces or commas."""

    def prepare_value(self, value: Any) -> Any:
        """A list as the words one types."""
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The codes, each once, in their order."""
        words = str(super().clean(value) or "").replace(",", " ").split()
        return list(dict.fromkeys(clean_language(word) for word in words))


class ProcessForm(forms.ModelForm):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """What a process says of itself and who sees it."""

    languages = LanguageListField(
        label=_("Languages offered"), required=False, help_text=_("Codes such as: en ar de es fr hi pt")
    )

    class Meta:
        model = Process
        fields = ("name", "summary", "direction", "lang", "languages", "time_zone", "accent", "is_public")
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "direction": forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        }

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean_time_zone(self) -> str:
        """A zone of the IANA database."""
        name = self.cleaned_data["time_zone"]
        if name not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("Write a time zone such as UTC, Africa/Tunis or America/Lima."))
        return str(name)


class PillarForm(forms.Form):
    """One pillar; an empty name takes it away."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


PillarFormSet = forms.formset_factory(PillarForm, extra=1, max_num=12)


class GuidingQuestionsForm(forms.Form):
    """The guiding questions, one a line."""

    questions = forms.CharField(
        label=_("Guiding questions, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_questions(self) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip()]


class PhaseForm(forms.ModelForm):  # type: ignore[type-arg] # django-stubs' generic needs its runtime patch
    """A phase: its words, its window in the process's time zone, and what it opens."""

    opens_at = forms.DateTimeField(label=_("Opens"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    closes_at = forms.DateTimeField(label=_("Closes"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    actions = forms.MultipleChoiceField(label=_("What it opens"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Phase
        fields = ("name", "description", "lang", "opens_at", "closes_at", "actions")
        widgets = {"description": forms.Textarea(attrs={"rows": 2, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["actions"])
        field.choices = [(action.name, action.label) for action in phase_actions()]

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

    languages = LanguageListField(label=_("Languages offered"), required=False)

    class Meta:
        model = Iteration
        fields = ("title", "date", "lang", "languages", "is_public")
        help_texts = {"date": _("2019, 2019-09 or 2019-09-15")}

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean_date(self) -> str:
        """A year, a month or a day."""
        date = str(self.cleaned_data["date"])
        if date and not PARTIAL_DATE.fullmatch(date):
            raise forms.ValidationError(_("Write the date as 2019, 2019-09 or 2019-09-15."))
        return date

