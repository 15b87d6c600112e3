"""The forms of meetings: to announce one, to register, to report."""

import zoneinfo
from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harken.base.clocks import time_zones
from harken.base.fields import ZonedDateTimeField, clean_language, language_code, line, words
from harken.inputs.actions.meetings import MOST_POINTS, MeetingPlan, Point
from harken.inputs.actions.recording import LONGEST
from harken.inputs.forms.sources import offer_stricter
from harken.inputs.meeting_sheet import SheetReport
from harken.inputs.models import Consent, Meeting, Stance
from harken.inputs.queries.texts import LONGEST_NAME, TextsToSpeakOf
from harken.people.fields import GroupField
from harken.people.models import Group
from harken.processes.models import Process

ROWS_MORE: Final = 5


class MeetingForm(forms.Form):
    """What an announcement says. Times are by the clock of `time_zone`."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=line())
    lang = forms.CharField(label=_("Language"), max_length=35, widget=language_code())
    group = GroupField(
        label=_("Who meets"),
        queryset=Group.objects.none(),
        required=False,
        empty_label=_("Others, named below"),
        help_text=_("What is said there is recorded as theirs, with how many they were."),
    )
    group_name = forms.CharField(label=_("Name of those who meet"), max_length=200, required=False, widget=line())
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        help_text=_("Such as UTC, Africa/Tunis or America/Lima."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )
    starts_at = ZonedDateTimeField(label=_("Begins"))
    ends_at = ZonedDateTimeField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=300, required=False, widget=line())
    online = forms.URLField(label=_("Address online"), max_length=500, required=False, assume_scheme="https")
    description = forms.CharField(label=_("What it is about"), required=False, max_length=LONGEST, widget=words(5))
    takes_registrations = forms.BooleanField(label=_("People register"), required=False)
    seats = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty where they are not counted. Whoever comes later is put on a waiting list."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, process: Process, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = cast(GroupField, self.fields["group"])
        groups.queryset = Group.objects.filter(path__startswith=process.body.path).order_by("path")
        said = self.data.get("time_zone") or self.initial.get("time_zone") or process.time_zone
        zone = zoneinfo.ZoneInfo(said) if said in time_zones() else zoneinfo.ZoneInfo("UTC")
        for name in ("starts_at", "ends_at"):
            cast(ZonedDateTimeField, self.fields[name]).zone = zone

    def clean_lang(self) -> str:
        """A known language."""
        return clean_language(self.cleaned_data["lang"])

    def clean_time_zone(self) -> str:
        """A zone of the IANA database."""
        name = str(self.cleaned_data["time_zone"])
        if name not in time_zones():
            raise forms.ValidationError(_("Write a time zone such as UTC, Africa/Tunis or America/Lima."))
        return name

    def clean(self) -> dict[str, Any]:
        """It ends after it begins, and somebody meets somewhere."""
        data = super().clean() or {}
        if data.get("starts_at") and data.get("ends_at") and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        if not data.get("group") and not data.get("group_name"):
            self.add_error("group_name", _("Say who meets: choose a group, or name them here."))
        if "online" not in self.errors and not data.get("place") and not data.get("online"):
            self.add_error("place", _("Say where: a place, or an address online."))
        return data

    def plan(self) -> MeetingPlan:
        """What was filled in."""
        return MeetingPlan(**self.cleaned_data)


def plan_as_initial(meeting: Meeting) -> dict[str, Any]:
    """What a form that changes `meeting` begins with."""
    names = [name for name in MeetingForm.base_fields if name != "group"]
    return {**{name: getattr(meeting, name) for name in names}, "group": meeting.group_id}


class RegisterForm(forms.Form):
    """Somebody wants to come. `website` is a field that people do not see."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Your own or one you choose."),
        widget=line(autocomplete="nickname"),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("To hear of changes. Only those who prepare the meeting see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    needs = forms.CharField(
        label=_("What would help you take part"),
        required=False,
        max_length=2000,
        help_text=_("Interpretation, access for a wheelchair, a line to dial in. Only those who prepare it see this."),
        widget=words(2),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


class ReportForm(forms.Form):
    """How a meeting went."""

    headcount = forms.IntegerField(
        label=_("How many took part"),
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    summary = forms.CharField(
        label=_("How it went"), required=False, max_length=LONGEST, widget=words(5), help_text=_("In a few sentences.")
    )
    consent = forms.ChoiceField(
        label=_("What those who spoke agreed to"), choices=Consent.choices, widget=forms.RadioSelect
    )

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting.source is not None:
            offer_stricter(cast(forms.ChoiceField, self.fields["consent"]), Consent(meeting.source.consent))


class PointForm(forms.Form):
    """One point of the discussion; an empty text leaves it out. `corrects` is what an earlier report made of it."""

    corrects = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Its code; empty for the process as a whole."),
        widget=forms.TextInput(attrs={"list": "texts", "autocomplete": "off", "class": "short"}),
    )
    stance = forms.ChoiceField(
        label=_("It is"), required=False, choices=[("", pgettext_lazy("stance", "none of these")), *Stance.choices]
    )
    lang = forms.CharField(label=_("Language"), required=False, max_length=35, widget=language_code())
    text = forms.CharField(label=_("What was said"), required=False, max_length=LONGEST, widget=words(2))

    def __init__(self, *args: Any, texts: TextsToSpeakOf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._texts = texts

    def clean_code(self) -> str:
        """The code of a text that is there."""
        code = str(self.cleaned_data["code"]).strip()
        if code and self._texts.find(code) is None:
            raise forms.ValidationError(_("There is no text with this code. The list shows those there are."))
        return code

    def clean_lang(self) -> str:
        """A known language, or none for the meeting's."""
        code = str(self.cleaned_data["lang"]).strip()
        return clean_language(code) if code else ""

    def as_typed(self) -> dict[str, Any]:
        """What was typed, for a form that begins with it."""
        return {name: self[name].value() or "" for name in self.fields}

    def point(self) -> Point:
        """What was filled in; a row that was left as it is has nothing in it."""
        data = self.cleaned_data
        if not data:
            return Point("")
        stance = Stance(data["stance"]) if data["stance"] else None
        return Point(
            data["text"],
            self._texts.find(data["code"]),
            lang=data["lang"],
            stance=stance,
            corrects=data["corrects"],
        )


PointFormSet = forms.formset_factory(
    PointForm, extra=ROWS_MORE, max_num=MOST_POINTS, absolute_max=MOST_POINTS + ROWS_MORE
)


class SheetForm(forms.Form):
    """The sheet that was filled in offline."""

    sheet = forms.FileField(
        label=_("The sheet you filled in"),
        help_text=_("XLSX, ODS or CSV. You see it here before anything is recorded."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )


def stance_of(said: str) -> str:
    """The stance that a cell names: by its key or in the interface's language; "" for anything else."""
    folded = said.strip().casefold()
    labels: list[tuple[str, str | Promise]] = list(Stance.choices)
    return next((key for key, label in labels if folded and folded in {key.casefold(), str(label).casefold()}), "")


def sheet_as_initial(report: SheetReport) -> tuple[dict[str, Any], Sequence[dict[str, str]]]:
    """What the report's form and its points begin with after a sheet was read."""
    about = {"headcount": report.headcount.removesuffix(".0"), "summary": report.summary}
    points = [
        {"code": point.code, "stance": stance_of(point.stance), "lang": point.lang, "text": point.text}
        for point in report.points[:MOST_POINTS]
    ]
    return about, points
