"""The form by which the terms of a source are put right."""

import datetime
import zoneinfo
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harken.base.fetch import is_address
from harken.base.fields import ZonedDateTimeField
from harken.inputs.actions.sources import MEETING_SAYS, SourceTerms
from harken.inputs.consent import STRICTNESS
from harken.inputs.forms.source_fields import (
    SourceLanguageField,
    group_field,
    headcount_field,
    licence_field,
    title_field,
)
from harken.inputs.models import Consent, Source
from harken.inputs.queries.sources import name_speaking_group


def offer_stricter(field: forms.ChoiceField, agreed: Consent) -> None:
    """Let nothing looser be chosen than what those who spoke agreed to."""
    field.choices = [(one.value, one.label) for one in STRICTNESS[STRICTNESS.index(agreed) :]]
    field.help_text = _("It can be made stricter, which holds at once and cannot be taken back.")
    field.error_messages["invalid_choice"] = _("Those who spoke agreed to less. Only they can agree to more.")


class SourceForm(forms.Form):
    """What can be put right about a source; times are by the clock of its process."""

    title = title_field()
    address = forms.CharField(
        label=gettext_lazy("Where it can be looked at"),
        max_length=2000,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
    )
    speaks_for = group_field()
    headcount = headcount_field()
    collected_at = ZonedDateTimeField(label=gettext_lazy("When it was collected"))
    lang = SourceLanguageField()
    licence = licence_field()
    consent = forms.ChoiceField(
        label=gettext_lazy("What those who spoke agreed to"),
        choices=Consent.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, source: Source, sent: QueryDict | None, *, is_of_meeting: bool) -> None:
        # The form's clock has no seconds.
        self._collected_at = source.collected_at
        self._shown_at = source.collected_at.replace(second=0, microsecond=0)
        initial = {
            "title": source.title,
            "address": source.address,
            "speaks_for": name_speaking_group(source),
            "headcount": source.headcount,
            "collected_at": self._shown_at,
            "lang": source.lang,
            "licence": source.licence,
            "consent": source.consent,
        }
        super().__init__(sent, initial=initial)
        cast(ZonedDateTimeField, self.fields["collected_at"]).zone = zoneinfo.ZoneInfo(source.process.time_zone)
        offer_stricter(cast(forms.ChoiceField, self.fields["consent"]), Consent(source.consent))
        if is_of_meeting:
            # Their values stay, whatever is sent, and the page shows them above the form.
            for name in {*MEETING_SAYS, "speaks_for"} & self.fields.keys():
                self.fields[name].disabled = True
                self.fields[name].widget = forms.HiddenInput()

    def clean_address(self) -> str:
        """A web address, or what stood there before."""
        address = str(self.cleaned_data["address"]).strip()
        if address and address != self.initial["address"] and not is_address(address):
            raise forms.ValidationError(_("Write a web address that begins with https://."))
        return address

    def clean_collected_at(self) -> datetime.datetime:
        """The moment as it was, seconds and all, where nobody wrote another."""
        moment: datetime.datetime = self.cleaned_data["collected_at"]
        return self._collected_at if moment == self._shown_at else moment

    def terms(self) -> SourceTerms:
        """What was filled in."""
        data = {**self.cleaned_data, "consent": Consent(self.cleaned_data["consent"])}
        return SourceTerms(**data)
