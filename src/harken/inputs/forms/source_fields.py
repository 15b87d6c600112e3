"""Fields about a source, for the form that brings one in and the one that puts its terms right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.fields import clean_language, language_code, line
from harken.inputs.queries.sources import MOST_PEOPLE


def title_field(*, required: bool = True) -> forms.CharField:
    """What pages call it."""
    return forms.CharField(label=_("What the source is called here"), max_length=300, required=required, widget=line())


def group_field() -> forms.CharField:
    """For whom it speaks; pages offer the groups of the process in the list `groups`."""
    return forms.CharField(
        label=_("For whom it speaks"),
        max_length=200,
        required=False,
        help_text=_("The code of a group, or the name of a body outside of this process."),
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off", "dir": "auto"}),
    )


def headcount_field() -> forms.IntegerField:
    """How many people are in whom it speaks for."""
    return forms.IntegerField(
        label=_("How many people that are"),
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )


def licence_field() -> forms.CharField:
    """On what terms its texts may be used elsewhere."""
    return forms.CharField(label=_("Licence of the texts"), max_length=100, required=False, widget=line())


class SourceLanguageField(forms.CharField):
    """The language of what does not say its own: a known one, or none."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Language where nothing says it"), max_length=35, required=False, widget=language_code()
        )

    def clean(self, value: object) -> str:
        """The code, without what stands around it."""
        code = str(super().clean(value)).strip()
        return clean_language(code) if code else ""
