"""Forms beside a text: remarks, suggestions, and decisions about these."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.core.text.segment import normalise
from harken.documents.models import SuggestionState

MOST_CHARACTERS = 100_000


def _words(label: Any, *, rows: int, required: bool = True, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": rows}),
        **options,
    )


class SuggestForm(forms.Form):
    """New words for a passage, and why; `version` is what the author was reading."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = _words(
        _("The passage in your words"),
        rows=5,
        required=False,
        help_text=_("Change what you would say differently. Leave nothing to propose striking the passage."),
    )
    reason = _words(
        _("Why"), rows=2, error_messages={"required": _("Say why, in a few words: whoever decides will read it.")}
    )
    is_private = forms.BooleanField(label=_("For the group alone, on its draft"), required=False)

    def __init__(self, *args: Any, may_choose: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "suggest_%s")
        super().__init__(*args, **kwargs)
        if not may_choose:
            del self.fields["is_private"]


class RemarkForm(forms.Form):
    """Something to say about words of a passage; `before` is what stood before them where they were selected."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    before = forms.CharField(required=False, strip=False, max_length=200, widget=forms.HiddenInput)
    quote = _words(
        _("About these words"),
        rows=2,
        required=False,
        help_text=_("Copy them from the passage. Left empty, the remark is about the whole passage."),
    )
    text = _words(_("Your remark"), rows=3, error_messages={"required": _("Write what you want to say.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "remark_%s")
        super().__init__(*args, **kwargs)

    def clean_quote(self) -> str:
        """The words as texts are kept: NFC, line feeds."""
        return normalise(self.cleaned_data["quote"])


class DiscussForm(forms.Form):
    """Something to say about a suggestion."""

    text = _words(_("What you want to say"), rows=3, error_messages={"required": _("Write what you want to say.")})


class DecisionForm(forms.Form):
    """A decision about a suggestion: which, the changes taken or the words to save instead, and why."""

    decision = forms.ChoiceField(
        choices=[
            ("accept", _("Accept")),
            ("some", _("Accept the chosen changes")),
            ("words", _("Accept in these words")),
            ("decline", _("Decline")),
        ]
    )
    on = forms.IntegerField(required=False)
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)
    words = _words(_("What the draft shall say"), rows=5, required=False)
    reason = _words(_("Why"), rows=2, required=False)
    from_passage = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "decide_%s")
        super().__init__(*args, **kwargs)
        numbers = self.data.getlist("chosen") if hasattr(self.data, "getlist") else []
        # Whether there is such a change is for the action to say: it knows the suggestion as it is by then.
        chosen = cast(forms.ChoiceField, self.fields["chosen"])
        chosen.choices = [(number, number) for number in numbers if number.isdecimal()]


class RenewForm(forms.Form):
    """What a suggestion proposes for what its passage says now."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = _words(_("The passage in your words"), rows=5, required=False)


class SuggestionFilterForm(forms.Form):
    """Which suggestions a list shows."""

    state = forms.ChoiceField(required=False, choices=[("", _("Waiting")), *SuggestionState.choices])
    passage = forms.CharField(required=False, max_length=12)
    author = forms.CharField(required=False, max_length=150, label=_("By"))
    before = forms.IntegerField(required=False, min_value=1)
