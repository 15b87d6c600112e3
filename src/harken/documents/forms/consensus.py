"""Forms for taking a position, and for how much readers see of it."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known
from harken.documents.models import PositionKind, PositionsShown

_MEANINGS = {
    PositionKind.CONSENT: _("I stand behind this text."),
    PositionKind.RESERVATIONS: _("I can live with it; what troubles me is on record."),
    PositionKind.STAND_ASIDE: _("I do not support it, and I do not stand in its way."),
    PositionKind.OBJECT: _("It should not go forward as it is."),
}


def _kinds() -> list[tuple[str, SafeString]]:
    return [
        (kind.value, format_html('<span><b>{}</b> <span class="soft">{}</span></span>', kind.label, _MEANINGS[kind]))
        for kind in PositionKind
    ]


class PositionForm(forms.Form):
    """Where a member stands on the revision they have read, and why."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    kind = forms.ChoiceField(
        label=_("Where do you stand?"),
        choices=_kinds,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the four.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        help_text=_("Needed unless you simply consent: the group can only answer what it knows."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        strip=False,
    )
    lang = forms.CharField(
        label=_("Language of your words"),
        max_length=35,
        widget=forms.TextInput(attrs={"list": "language-codes", "autocomplete": "off", "class": "short"}),
    )

    def clean_lang(self) -> str:
        """A language code the CLDR knows, so that the words get their direction."""
        lang = str(self.cleaned_data["lang"]).strip()
        if not is_known(lang):
            raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
        return lang


class PositionsShownForm(forms.Form):
    """How much readers see of where members stand."""

    shown = forms.ChoiceField(
        label=_("Readers see"),
        choices=PositionsShown.choices,
        widget=forms.RadioSelect,
        help_text=_("What members said before is shown no further than it was when they said it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "readers_%s")
        super().__init__(*args, **kwargs)


class AcceptForm(forms.Form):
    """The revision somebody read and accepts."""

    revision = forms.IntegerField(min_value=1)
