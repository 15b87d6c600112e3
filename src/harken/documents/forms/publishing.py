"""The form with which a group shows its text to readers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.fields import words


class PublishForm(forms.Form):
    """Which revision was looked at; and for an organiser why a text is shown that something speaks against."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is shown nevertheless"),
        max_length=2000,
        help_text=_("Readers find it in the history of the text, with what was not settled."),
        widget=words(2),
    )

    def __init__(self, *args: Any, with_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_reason:
            del self.fields["reason"]
