"""Forms of the documents room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.languages import is_known
from harken.documents.models import Document, EdgeState, LineageKind
from harken.processes.models import Process


class OutlineUploadForm(forms.Form):
    """Where an outline comes from: a file, an address, or pasted text; exactly one of them."""

    file = forms.FileField(label=_("A file"), required=False)
    address = forms.URLField(label=_("or the address of a public page"), required=False, assume_scheme="https")
    text = forms.CharField(
        label=_("or the text itself, as you would paste it"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    lang = forms.CharField(label=_("Language of the texts"), max_length=35)

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


class EdgeDecisionForm(forms.Form):
    """A person's word on an edge."""

    state = forms.ChoiceField(choices=[(EdgeState.ACCEPTED, _("Accept")), (EdgeState.REJECTED, _("Reject"))])
    kind = forms.ChoiceField(label=_("Kind"), choices=LineageKind.choices)
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.TextInput(attrs={"dir": "auto"}))


class DrawEdgeForm(forms.Form):
    """An edge that a person knows of, between two documents named by their codes."""

    earlier = forms.CharField(label=_("From"), required=False)
    later = forms.CharField(label=_("To"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=LineageKind.choices)
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.TextInput(attrs={"dir": "auto"}))

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.process = process

    def _find(self, name: str) -> Document | None:
        """A document by `iteration-2/AD-R2`; nothing for an empty field."""
        address = str(self.cleaned_data[name]).strip()
        if not address:
            return None
        slug, _slash, code = address.partition("/")
        document = (
            Document.objects.filter(iteration__process=self.process, iteration__slug=slug, code=code.strip())
            .select_related("iteration")
            .first()
        )
        if document is None:
            raise forms.ValidationError(_("There is no %(address)s here."), params={"address": address})
        return document

    def clean_earlier(self) -> Document | None:
        """The earlier end."""
        return self._find("earlier")

    def clean_later(self) -> Document | None:
        """The later end."""
        return self._find("later")
