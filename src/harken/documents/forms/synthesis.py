"""Forms of the synthesis bench, and for beginning texts from earlier drafts."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harken.documents.actions.passage_lineage import CarryAs
from harken.documents.actions.synthesis import Part
from harken.documents.models import Document, Template
from harken.people.models import Group

_WHY = _("Say why, in a few words: readers will see it.")
_MOST_OF_A_REASON = 2000


class _ChosenPassages(forms.MultipleChoiceField):
    """Public ids of passages; whether they are there is the action's to say."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 12 and "\0" not in str(value)


class CarryForm(forms.Form):
    """Which passages of the sources, and why; and to where, unless they are left out."""

    passage = _ChosenPassages(error_messages={"required": _("Choose passages of the drafts first.")})
    reason = forms.CharField(max_length=_MOST_OF_A_REASON, error_messages={"required": _WHY})
    carry_as = forms.ChoiceField(
        choices=[
            (CarryAs.OWN, _("each as a passage of its own")),
            (CarryAs.ONE, _("together as one new passage")),
            (CarryAs.INTO, _("into the chosen passage, added to its words")),
            (CarryAs.SAID, _("the chosen passage says it already")),
        ],
        required=False,
    )
    place = forms.CharField(max_length=80, required=False)
    base = forms.IntegerField(min_value=0)

    def clean_carry_as(self) -> CarryAs:
        """Each as its own, unless something else is chosen."""
        return CarryAs(self.cleaned_data["carry_as"] or CarryAs.OWN)


class WithdrawForm(forms.Form):
    """What to take back."""

    edge = forms.IntegerField(min_value=1)


class WordsForm(forms.Form):
    """Other words for one passage of the text."""

    passage = forms.CharField(max_length=12)
    text = forms.CharField(label=_("Its words"), strip=False)
    base = forms.IntegerField(min_value=0)


class BeginForm(forms.Form):
    """A new draft, or several, from earlier ones."""

    how = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            ("merge", _("Several drafts become one")),
            ("derive", _("One draft is carried on")),
            ("split", _("One draft becomes several")),
        ],
        widget=forms.RadioSelect,
        initial="merge",
    )
    sources = forms.MultipleChoiceField(label=_("From these drafts"), widget=forms.CheckboxSelectMultiple)
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("For the group"), to_field_name="code", empty_label=None
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Permanent, such as AD-R2."),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "dir": "ltr"}),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=2000,
        required=False,
        help_text=_("When one draft is carried on, it keeps its title unless you give another."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    parts = forms.CharField(
        label=_("The texts it becomes"),
        required=False,
        help_text=_("When one draft becomes several: a line for each, its code and its title."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "placeholder": "AD-R2 …\nAD-R3 …"}),
    )
    template = forms.ModelChoiceField(
        Template.objects.none(), label=_("Template"), required=False, to_field_name="slug", empty_label=_("none")
    )
    carry = forms.BooleanField(
        label=_("Begin with all their passages"),
        required=False,
        help_text=_("Else the text begins empty, and the passages wait on the synthesis bench."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=_MOST_OF_A_REASON,
        help_text=_("In a few words: readers will see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self,
        drafts: Sequence[Document],
        groups: QuerySet[Group],
        templates: QuerySet[Template],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._drafts = {f"{draft.iteration.slug}/{draft.code}": draft for draft in drafts}
        choices = [(address, f"{draft.code} {draft.title}") for address, draft in self._drafts.items()]
        cast(forms.MultipleChoiceField, self.fields["sources"]).choices = choices
        cast("forms.ModelChoiceField[Group]", self.fields["group"]).queryset = groups
        cast("forms.ModelChoiceField[Template]", self.fields["template"]).queryset = templates

    def clean_sources(self) -> list[Document]:
        """The drafts themselves."""
        return [self._drafts[address] for address in self.cleaned_data["sources"]]

    def clean_code(self) -> str:
        """A code is part of an address."""
        return _check_code(self.cleaned_data["code"])

    def clean_parts(self) -> list[Part]:
        """A code and a title on each line."""
        parts = []
        for line in self.cleaned_data["parts"].splitlines():
            code, _space, title = line.strip().partition(" ")
            if not code:
                continue
            if not title.strip():
                raise forms.ValidationError(_("“%(line)s” has no title after its code."), params={"line": line.strip()})
            parts.append(Part(_check_code(code), title.strip()))
        return parts

    def clean(self) -> dict[str, Any]:
        """What each way needs."""
        data = super().clean() or {}
        how = data.get("how")
        if how in {"merge", "derive"} and "code" in data and not data["code"]:
            self.add_error("code", _("Give the new text a code."))
        if how == "merge" and "title" in data and not data["title"]:
            self.add_error("title", _("Give the new text a title."))
        if how in {"derive", "split"} and len(data.get("sources") or ()) > 1:
            self.add_error("sources", _("Choose one draft, or merge them."))
        return data


def _check_code(code: str) -> str:
    code = code.strip()
    if any(not (letter.isalnum() or letter in "-_.") for letter in code):
        raise forms.ValidationError(_("A code has letters, digits, hyphens and full stops, such as AD-R2."))
    return code
