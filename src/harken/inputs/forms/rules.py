"""How organisers say how a process takes input."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from harken.base.languages import find_direction, name_in_itself
from harken.inputs.actions.rules import Rules
from harken.inputs.links import host_of
from harken.inputs.models import ContextKind, InputRules, LateInput, Moderation
from harken.processes.models import Process

_YEAR_OF_MINUTES: Final = 366 * 24 * 60


class HostsField(forms.CharField):
    """Addresses, one a line."""

    def prepare_value(self, value: Any) -> Any:
        """A list as the lines one types."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """The hosts, each once; what is no host is named."""
        hosts = str(super().clean(value) or "").replace(",", " ").split()
        for host in hosts:
            if "." not in host_of(host):
                raise forms.ValidationError(_("“%(host)s” is no address."), params={"host": host})
        return list(dict.fromkeys(hosts))


class RulesForm(forms.Form):
    """The rules of a process for input."""

    moderation = forms.ChoiceField(
        label=_("When moderators look"), choices=Moderation.choices, widget=forms.RadioSelect
    )
    late = forms.ChoiceField(
        label=_("What comes when no phase is open for it"), choices=LateInput.choices, widget=forms.RadioSelect
    )
    correction_minutes = forms.IntegerField(
        label=_("Minutes in which speakers can correct what they sent"),
        min_value=0,
        max_value=_YEAR_OF_MINUTES,
        help_text=_("1440 is a day. What was said first stays in the ledger."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    answer_days = forms.IntegerField(
        label=_("Days to answer"),
        min_value=1,
        max_value=3650,
        help_text=_("Counted from the end of the phase, or from when the input came where the phase has no end."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    posts_per_hour = forms.IntegerField(
        label=_("Inputs in an hour from one network"),
        min_value=0,
        max_value=1_000_000,
        help_text=_(
            "What comes beyond that waits for a moderator; twenty times as much is sent back to whoever wrote it. "
            "A whole town or campus can share a network. 0 sets no limit."
        ),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    most_links = forms.IntegerField(
        label=_("Links in one input"),
        min_value=0,
        max_value=1_000,
        help_text=_("An input with more waits for a moderator."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    refused_hosts = HostsField(
        label=_("Addresses not to link to"),
        required=False,
        max_length=50_000,
        help_text=_("One a line, such as pills.example. An input that names one waits for a moderator."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
    )
    contexts = forms.MultipleChoiceField(
        label=_("What people may tell of themselves"),
        required=False,
        choices=[(value, label.capitalize()) for value, label in ContextKind.choices],
        help_text=_("The form asks for it and says that it is voluntary. Ask for nothing that nobody will look at."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, lang: str, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(dict.fromkeys([lang, *languages]))
        for code in self.languages:
            self.fields[self.note_in(code)] = forms.CharField(
                label=_("What is done with it") if code == lang else name_in_itself(code),
                required=False,
                max_length=2_000,
                help_text=_(
                    "A plain sentence that stands beside these questions. The form itself says who sees the answers: "
                    "those who work with the input, and everybody as numbers of ten and more."
                )
                if code == lang
                else "",
                widget=forms.Textarea(attrs={"rows": 2, "lang": code, "dir": find_direction(code)}),
            )

    def note_in(self, code: str) -> str:
        """The name of a language's field for what is done with contexts."""
        return "context_note" if code == self.languages[0] else f"context_note-{code}"

    def rules(self) -> Rules:
        """What was decided."""
        data = {name: self.cleaned_data[name] for name in self.base_fields}
        return Rules(
            **{
                **data,
                "context_notes": {code: self.cleaned_data[self.note_in(code)] for code in self.languages},
                "moderation": Moderation(data["moderation"]),
                "late": LateInput(data["late"]),
                "contexts": [ContextKind(kind) for kind in data["contexts"]],
            }
        )


def rules_form(process: Process, rules: InputRules, sent: QueryDict | None) -> RulesForm:
    """The form with what was sent, or with the rules as they are; it asks for notes in the languages of the process."""
    notes: dict[str, str] = rules.context_notes
    form = RulesForm(sent, lang=process.lang, languages=[*process.languages, *notes], label_suffix="")
    initial = {name: getattr(rules, name) for name in form.base_fields}
    form.initial = initial | {form.note_in(code): notes.get(code, "") for code in form.languages}
    return form
