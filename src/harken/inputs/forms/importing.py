"""The forms by which what was said elsewhere is brought in."""

import zoneinfo
from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.clocks import time_zones
from harken.base.fields import clean_language, language_code, line
from harken.core.talk.tables.mapping import ROLES, TableMapping
from harken.inputs.brought import Format
from harken.inputs.forms.giving import context_label
from harken.inputs.models import Consent, ContextKind
from harken.inputs.queries.texts import LONGEST_NAME
from harken.processes.models import GuidingQuestion

LARGEST: Final = 200_000_000
ROLE_LABELS: Final = {
    "text": _("what somebody says"),
    "author": _("who says it"),
    "group": _("the group that says it"),
    "time": _("when"),
    "language": _("in which language"),
    "id": _("the row's own number"),
    "reply_to": _("the number of the row it answers"),
    "stance": _("the stance"),
    "headcount": _("how many they are"),
    "place": _("where"),
    "about": _("the text it is about"),
    "heading": _("a title"),
    "consent": _("what they agreed to"),
}


class BringForm(forms.Form):
    """What somebody brings, and on what terms."""

    format = forms.ChoiceField(label=_("What it is"), choices=Format.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("Up to 200 MB. Longer ones: the command “harken import”.")
    )
    address = forms.URLField(
        label=_("Or the address of a live talk page"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("A page of a wiki, or its api.php with titles=Talk:… All its revisions are asked for."),
    )
    title = forms.CharField(label=_("What the source is called here"), max_length=300, required=False, widget=line())
    source = forms.CharField(
        label=_("What it is known by when it comes again"),
        max_length=250,
        required=False,
        help_text=_("The file's name unless you write another: the same source brought again adds only what is new."),
        widget=line(),
    )
    code = forms.CharField(
        label=_("The text it is about"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Its code; empty for the process as a whole."),
        widget=forms.TextInput(attrs={"list": "texts", "autocomplete": "off", "class": "short"}),
    )
    lang = forms.CharField(
        label=_("Language where nothing says it"), max_length=35, required=False, widget=language_code()
    )
    zone = forms.CharField(
        label=_("Where clocks stood that do not say"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )
    consent = forms.ChoiceField(
        label=_("What those who spoke agreed to"), choices=Consent.choices, widget=forms.RadioSelect
    )
    licence = forms.CharField(label=_("Licence of the texts"), max_length=100, required=False, widget=line())

    def clean_zone(self) -> str:
        """A zone of the IANA database."""
        name = str(self.cleaned_data["zone"])
        if name not in time_zones():
            raise forms.ValidationError(_("Write a time zone such as UTC, Africa/Tunis or America/Lima."))
        return zoneinfo.ZoneInfo(name).key

    def clean_lang(self) -> str:
        """A known language, or none."""
        code = str(self.cleaned_data["lang"]).strip()
        return clean_language(code) if code else ""

    def clean(self) -> dict[str, Any]:
        """One thing is brought: a file, or an address of a wiki."""
        data = super().clean() or {}
        file, address = data.get("file"), data.get("address")
        if file and file.size > LARGEST:
            self.add_error("file", _("This file is larger than 200 MB. Bring it in with the command “harken import”."))
        elif bool(file) == bool(address) and not self.errors:
            self.add_error("file", _("Choose a file, or write an address: one of them."))
        if address and data.get("format") not in {Format.TALK, None}:
            self.add_error("address", _("Only talk pages are fetched; choose a file of what this is."))
        return data


class MappingForm(forms.Form):
    """Which column of a survey is what: a choice for each column, and a name to keep it under."""

    def __init__(
        self,
        columns: Sequence[str],
        mapping: TableMapping,
        questions: Sequence[GuidingQuestion],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        self._mapping = mapping
        known = {getattr(mapping, role): role for role in ROLES if getattr(mapping, role)}
        contexts = [(f"context:{kind}", context_label(kind)) for kind in ContextKind.values]
        own = sorted({name for name in mapping.contexts.values() if name not in ContextKind.values})
        contexts += [(f"context:{name}", name) for name in own]
        answers = [(f"answer:{question.text}", question.text[:80]) for question in questions]
        choices = [
            ("", _("left out")),
            (_("Of the row"), [(role, ROLE_LABELS[role]) for role in ROLES]),
            (_("An answer to"), [("answer", _("the question in the column's title")), *answers]),
            (_("Something they told of themselves"), [("context", _("what the column's title says")), *contexts]),
        ]
        for number, column in enumerate(columns):
            initial: str = known.get(column, "")
            if column in mapping.answers:
                asked = mapping.answers[column]
                initial = f"answer:{asked}" if any(key == f"answer:{asked}" for key, _label in answers) else "answer"
            elif column in mapping.contexts:
                initial = f"context:{mapping.contexts[column]}"
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=column, required=False, choices=choices, initial=initial
            )
        self.fields["save_as"] = forms.CharField(
            label=_("Keep this under a name"), max_length=100, required=False, widget=line()
        )

    def clean(self) -> dict[str, Any]:
        """Each role is one column's; something is said somewhere."""
        data = super().clean() or {}
        chosen = [data.get(f"column-{number}", "") for number in range(len(self._columns))]
        for number, role in enumerate(chosen):
            if role in ROLES and chosen.index(role) != number:
                self.add_error(f"column-{number}", _("Another column is this already."))
        if not any(role == "text" or role.startswith("answer") for role in chosen):
            self.add_error(None, _("Say which column holds what people say: a text, or an answer."))
        return data

    def mapping(self) -> TableMapping:
        """What was chosen; what no column says stays as it was."""
        roles: dict[str, str] = dict.fromkeys(ROLES, "")
        answers: dict[str, str] = {}
        contexts: dict[str, str] = {}
        for number, column in enumerate(self._columns):
            role = str(self.cleaned_data.get(f"column-{number}", ""))
            if role in roles:
                roles[role] = column
            elif role.startswith("answer"):
                answers[column] = role.partition(":")[2] or column
            elif role.startswith("context"):
                contexts[column] = role.partition(":")[2] or column
        before = self._mapping
        return TableMapping(
            **cast(dict[str, Any], roles),
            answers=answers,
            contexts=contexts,
            sheet=before.sheet,
            header_row=before.header_row,
            order=before.order,
            calendar=before.calendar,
            language_of_all=before.language_of_all,
        )
