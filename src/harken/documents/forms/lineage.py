"""Forms for saying what became of each text."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harken.documents.models import Document, EdgeState, LineageEdge, LineageKind
from harken.documents.queries.lineage_bench import possible_kinds


class EdgeDecisionForm(forms.Form):
    """A person's word on an edge, and the place in the list it was said at."""

    state = forms.ChoiceField(choices=[(EdgeState.ACCEPTED, _("Accept")), (EdgeState.REJECTED, _("Reject"))])
    kind = forms.ChoiceField(label=_("What happened"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        error_messages={"required": _("Say why, in a few words: readers will see it.")},
    )
    list_state = forms.ChoiceField(choices=EdgeState.choices, required=False)
    list_page = forms.IntegerField(required=False, min_value=1)
    following = forms.IntegerField(required=False, min_value=1)

    def __init__(self, edge: LineageEdge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            (kind.value, kind.label) for kind in possible_kinds(edge)
        ]


class DrawEdgeForm(forms.Form):
    """An edge that a person knows of, between two documents named by their codes."""

    earlier = forms.CharField(
        label=_("From"),
        required=False,
        help_text=_("Such as iteration-1/AD-R2. Left empty for what is new."),
        widget=forms.TextInput(attrs={"list": "documents", "autocomplete": "off"}),
    )
    later = forms.CharField(
        label=_("To"),
        required=False,
        help_text=_("Such as iteration-2/AD-R3. Left empty for what was dropped."),
        widget=forms.TextInput(attrs={"list": "documents", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("What happened"), choices=LineageKind.choices, initial=LineageKind.REVISED)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("In a few words: readers will see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "list": "reasons", "autocomplete": "off"}),
    )

    def __init__(self, documents: QuerySet[Document], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "draw_%s")
        super().__init__(*args, **kwargs)
        self.documents = documents

    def _find(self, name: str) -> Document | None:
        """A document by `iteration-2/AD-R2`; nothing for an empty field."""
        address = str(self.cleaned_data[name]).strip()
        if not address:
            return None
        slug, _slash, code = address.partition("/")
        document = (
            self.documents.filter(iteration__slug=slug.strip(), code__iexact=code.strip())
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
