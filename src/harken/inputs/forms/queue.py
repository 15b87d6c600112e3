"""Forms of the queue: the filter, what becomes of inputs, notes, saved filters."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.fields import PlainSelect, ZonedDateTimeField, line, words
from harken.inputs.actions.working import LONGEST_NOTE, Change
from harken.inputs.forms.moderation import PicksField
from harken.inputs.models import Channel, InputState
from harken.inputs.queries.queue import DUE_SOON, MINE, NOBODYS, OVERDUE, QueueChoices, QueueFilter
from harken.people.models import User

NOBODY: Final = "nobody"
UNDATED: Final = "none"
_ANY: Final = ("", _("any"))


def _choice(*, label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=PlainSelect)


class FilterForm(forms.Form):
    """What of the queue is looked at; an address with nonsense in it is about nothing."""

    state = _choice(label=_("State"), choices=[_ANY, *InputState.choices])
    owner = forms.CharField(label=_("Who has it"), required=False, max_length=150)
    due = _choice(
        label=_("Due"),
        choices=[("", _("any time")), (OVERDUE, _("overdue")), (DUE_SOON, _("within a week"))],
    )
    lang = forms.CharField(label=_("Language"), required=False, max_length=35)
    channel = _choice(label=_("Channel"), choices=[_ANY, *Channel.choices])
    document = forms.CharField(label=_("Text"), required=False, max_length=60)
    group = forms.CharField(label=_("Texts of"), required=False, max_length=12)
    late = forms.BooleanField(label=_("came late"), required=False)
    campaign = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def chosen(self) -> QueueFilter:
        """The filter. One with a wrong part is misread: it would be about more than anybody asked for."""
        misread = " ".join(str(error) for errors in self.errors.values() for error in errors)
        known = {name: value for name, value in self.cleaned_data.items() if value}
        return QueueFilter(**known, misread=misread)

    def offer(self, known: "Filtering") -> None:
        """Lists to choose from in place of the fields in which anything can be typed."""
        self._offer("owner", [_ANY, (MINE, _("I")), (NOBODYS, _("nobody")), *known.people])
        self._offer("lang", [_ANY, *((lang, lang) for lang in known.langs)])
        self._offer("document", [_ANY, *((code, code) for code in known.documents)])
        self._offer("group", [("", _("any group")), *known.groups])

    def _offer(self, name: str, options: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        chosen = self.data.get(name, "")
        if chosen and chosen not in {value for value, _label in options}:
            options = [*options, (chosen, chosen)]
        field.widget = PlainSelect(choices=options)


@dataclass(frozen=True, slots=True)
class Filtering:
    """All that the filter's form is made from: where that is the same, the form's HTML is kept.

    `people` and `groups` are names and what they are called; `own` is the name of whoever looks.
    """

    chosen: QueueFilter
    own: str
    people: tuple[tuple[str, str], ...]
    langs: tuple[str, ...]
    documents: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]

    @property
    def form(self) -> FilterForm:
        """The form."""
        form = FilterForm(asdict(self.chosen), auto_id="filter_%s", label_suffix="")
        form.offer(self)
        return form


def filtering(chosen: QueueFilter, choices: QueueChoices, *, own: str) -> Filtering:
    """What the filter's form is made from. A campaign is not asked for in it."""
    return Filtering(
        chosen.with_(campaign=None),
        own,
        tuple((person.username, person.name) for person in choices.people if person.username != own),
        choices.langs,
        choices.documents,
        tuple((group.code, group.name) for group in choices.groups),
    )


class ChangeForm(forms.Form):
    """What becomes of the chosen inputs; what is left at "as it is" stays."""

    pick = PicksField(required=False)
    all = forms.BooleanField(required=False)
    state = _choice(label=_("State"), choices=[("", _("as it is")), *InputState.choices])
    waiting_on = forms.CharField(label=_("Waits for"), required=False, max_length=200, widget=line(autocomplete="off"))
    owner = forms.CharField(label=_("Who has it"), required=False, max_length=20)
    due = _choice(label=_("Due"), choices=[("", _("as it is, or on this day")), (UNDATED, _("on no day"))])
    due_at = ZonedDateTimeField(label=_("Day"), required=False)

    def __init__(self, *args: Any, people: list[User], zone: datetime.tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        due_at = self.fields["due_at"]
        if isinstance(due_at, ZonedDateTimeField):
            due_at.zone = zone
        options = [("", _("as it is")), (NOBODY, _("nobody")), *((str(one.pk), one.name) for one in people)]
        self.fields["owner"] = _choice(label=_("Who has it"), choices=options)

    def change(self) -> Change:
        """What is to become of them."""
        data = self.cleaned_data
        owner = data["owner"]
        due_at = data["due_at"] if data["due"] != UNDATED else None
        return Change(
            state=InputState(data["state"]) if data["state"] else None,
            waiting_on=data["waiting_on"],
            owner=int(owner) if owner and owner != NOBODY else None,
            releases=owner == NOBODY,
            due_at=due_at,
            undated=data["due"] == UNDATED,
        )


class NoteForm(forms.Form):
    """A note for those who work with the input."""

    text = forms.CharField(label=_("A note"), max_length=LONGEST_NOTE, widget=words(2))


class SaveFilterForm(forms.Form):
    """A name for the filter one looks through."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=line(autocomplete="off"))
    is_shared = forms.BooleanField(label=_("for all who work with the input"), required=False)
