"""A field that forms about texts share: a language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known


class LanguageField(forms.CharField):
    """A language code the CLDR knows, so that every text gets its direction; pages offer the list `language-codes`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "language-codes", "autocomplete": "off", "class": "short"})
        super().__init__(max_length=35, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """The code without blanks around it."""
        code = str(super().clean(value) or "")
        if code and not is_known(code):
            raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
        return code
