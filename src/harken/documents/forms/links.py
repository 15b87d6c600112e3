"""Forms for saying how the texts of an iteration hang together."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harken.documents.models import Document, EdgeState, LinkKind
from harken.documents.queries.link_bench import TURNED, LinkBenchRow


class LinkDecisionForm(forms.Form):
    """A person's word on a link, whose groups it counts for, and the place in the list it was said at."""

    state = forms.ChoiceField(choices=[(EdgeState.ACCEPTED, _("Accept")), (EdgeState.REJECTED, _("Reject"))])
    choice = forms.ChoiceField(label=_("How they stand to each other"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        error_messages={"required": _("Say why, in a few words: readers will see it.")},
    )
    said_by = forms.TypedMultipleChoiceField(label=_("Who says so"), required=False, coerce=int)
    list_state = forms.ChoiceField(choices=EdgeState.choices, required=False)
    list_page = forms.IntegerField(required=False, min_value=1)
    following = forms.IntegerField(required=False, min_value=1)

    def __init__(self, row: LinkBenchRow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["choice"]).choices = list(row.choices)
        groups = cast(forms.ChoiceField, self.fields["said_by"])
        groups.choices = [(str(group.pk), group.name) for group in row.groups]

    @property
    def kind(self) -> LinkKind:
        """The kind that was chosen."""
        return LinkKind(str(self.cleaned_data["choice"]).removesuffix(TURNED))

    @property
    def is_turned(self) -> bool:
        """Whether the choice reads the link from its target to its source."""
        return str(self.cleaned_data["choice"]).endswith(TURNED)


class DrawLinkForm(forms.Form):
    """A link that a person knows of, between two documents named by their codes."""

    source = forms.CharField(
        label=_("This text"),
        help_text=_("Its code, such as AD-R2."),
        widget=forms.TextInput(attrs={"list": "documents", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("How it stands to the other"), choices=LinkKind.choices)
    target = forms.CharField(
        label=_("The other text"),
        help_text=_("Its code."),
        widget=forms.TextInput(attrs={"list": "documents", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("In a few words: readers will see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "list": "reasons", "autocomplete": "off"}),
    )
    both_say_so = forms.BooleanField(label=_("Both groups say so"), required=False)

    def __init__(self, documents: QuerySet[Document], *args: Any, for_groups: bool = False, **kwargs: Any) -> None:
        """With `for_groups`, whoever fills it in may say that both groups stand behind the link."""
        kwargs.setdefault("auto_id", "draw_%s")
        super().__init__(*args, **kwargs)
        self.documents = documents
        if not for_groups:
            del self.fields["both_say_so"]

    def _find(self, name: str) -> Document:
        code = str(self.cleaned_data[name]).strip()
        found = (
            self.documents.filter(code__iexact=code)
            .select_related("iteration__process__body", "chapter__group")
            .first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no %(code)s in this iteration."), params={"code": code})
        return found

    def clean_source(self) -> Document:
        """The text the link begins at."""
        return self._find("source")

    def clean_target(self) -> Document:
        """The text it leads to."""
        return self._find("target")
