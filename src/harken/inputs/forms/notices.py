"""The form by which a correspondent chooses how mail comes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from harken.base.clocks import time_zones
from harken.base.languages import name_in_itself
from harken.inputs.models import Frequency


class MailForm(forms.Form):
    """How often, in which language, by which clock."""

    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices, widget=forms.RadioSelect)
    lang = forms.ChoiceField(label=_("In which language"))
    time_zone = forms.ChoiceField(label=_("By which clock"), help_text=_("Digests come at eight in the morning."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = self.fields["lang"]
        zones = self.fields["time_zone"]
        assert isinstance(languages, forms.ChoiceField)  # noqa: S101 - tells the type checker
        assert isinstance(zones, forms.ChoiceField)  # noqa: S101 - as above
        languages.choices = [(code, name_in_itself(code)) for code, _name in settings.LANGUAGES]
        zones.choices = [(zone, zone.replace("_", " ")) for zone in sorted(time_zones())]
