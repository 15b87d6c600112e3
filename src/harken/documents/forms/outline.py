"""Forms for bringing texts in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known
from harken.core.outline import FORMATS

_SUFFIXES = ",".join(suffix for known in FORMATS.values() for suffix in known.suffixes)


class OutlineUploadForm(forms.Form):
    """Where an outline comes from: a file, an address, or pasted text; exactly one of them."""

    file = forms.FileField(label=_("A file"), required=False, widget=forms.FileInput(attrs={"accept": _SUFFIXES}))
    address = forms.URLField(
        label=_("The address of a public page"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off", "dir": "ltr"}),
    )
    text = forms.CharField(
        label=_("The text itself"),
        help_text=_("As you would copy it from a page, headings and numbers and all."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "class": "source"}),
    )
    lang = forms.CharField(
        label=_("Language of the texts"),
        max_length=35,
        help_text=_("A code such as en, ar or pt-BR."),
        widget=forms.TextInput(attrs={"list": "language-codes", "autocomplete": "off", "class": "short"}),
    )

    def clean_lang(self) -> str:
        """Only languages the CLDR knows, so that every text gets its direction."""
        code = str(self.cleaned_data["lang"]).strip()
        if not is_known(code):
            raise forms.ValidationError(_("Write a language code such as en, ar or pt-BR."))
        return code

    def clean(self) -> dict[str, Any]:
        """Exactly one source."""
        data = super().clean() or {}
        given = [name for name in ("file", "address", "text") if data.get(name)]
        if len(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Give one of the three: a file, an address, or the text."))
        return data

    def refuse(self, sentence: str) -> None:
        """Say beside the one source that was given why it cannot be read."""
        self.add_error(next(name for name in ("file", "address", "text") if self.cleaned_data.get(name)), sentence)
