"""Forms of complaints, hiding, appeals and of the moderators' page."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from harken.base.fields import line, words
from harken.inputs.actions.moderating import MOST_OF_A_REASON
from harken.inputs.models import Fault

MOST_PICKED: Final = 500

SHOW: Final = "show"
HIDE: Final = "hide"
DISMISS: Final = "dismiss"
COUNT: Final = "count"
LEAVE_OUT: Final = "leave out"


class ComplaintForm(forms.Form):
    """What is wrong with an input, for whoever reads it."""

    fault = forms.ChoiceField(label=_("What is wrong with it"), choices=Fault.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=MOST_OF_A_REASON,
        help_text=_("Moderators read it, nobody else."),
        widget=words(3),
    )


class HideForm(forms.Form):
    """Why an input is hidden."""

    fault = forms.ChoiceField(label=_("What is wrong with it"), choices=Fault.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=MOST_OF_A_REASON,
        help_text=_("The speaker is told, and it stands in the place of the words."),
        widget=words(3),
        error_messages={"required": _("Say why: the speaker is told, and can appeal.")},
    )


class RedactForm(forms.Form):
    """What the law has taken away of an input, and why."""

    what = forms.ChoiceField(
        label=_("What is taken away"),
        choices=[
            ("words", _("the words, in every wording")),
            ("speaker", _("who said it, and what they told of themselves")),
            ("both", _("both")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=MOST_OF_A_REASON,
        help_text=_("It stands in the place for everybody to read: repeat nothing of what is taken away."),
        widget=words(3),
        error_messages={"required": _("Say why the law has this taken away: the reason stays in its place.")},
    )


class AppealForm(forms.Form):
    """Why what one said should be read."""

    text = forms.CharField(
        label=_("Why it should be read"),
        max_length=MOST_OF_A_REASON,
        widget=words(4),
        error_messages={"required": _("Write why it should be read.")},
    )


class DecisionForm(forms.Form):
    """What becomes of an appeal."""

    outcome = forms.ChoiceField(choices=[("shown", ""), ("hidden", "")])
    decision = forms.CharField(
        label=_("Why"),
        max_length=MOST_OF_A_REASON,
        widget=words(2),
        error_messages={"required": _("Say why: the speaker reads it.")},
    )


class PicksField(forms.MultipleChoiceField):
    """What was chosen on a list; whether it is there is the query's to say."""

    def valid_value(self, value: Any) -> bool:
        """Whether this can be a choice at all."""
        return (
            len(str(value)) < 20 and str(value).removeprefix("c").isascii() and str(value).removeprefix("c").isdigit()
        )


class ModerateForm(forms.Form):
    """What becomes of the chosen inputs; hiding asks for a fault and a reason."""

    pick = PicksField(error_messages={"required": _("Choose inputs first.")})
    act = forms.ChoiceField(choices=[(act, "") for act in (SHOW, HIDE, DISMISS, COUNT, LEAVE_OUT)])
    fault = forms.ChoiceField(label=_("What is wrong"), required=False, choices=Fault.choices)
    reason = forms.CharField(label=_("Why"), required=False, max_length=MOST_OF_A_REASON, widget=line())

    def clean_pick(self) -> list[int]:
        """The inputs' ids."""
        return [int(pick) for pick in self.cleaned_data["pick"][:MOST_PICKED] if pick.isdigit()]


class JudgeForm(forms.Form):
    """Whether inputs that were put together are a campaign, and what it is called."""

    verdict = forms.ChoiceField(choices=[("campaign", ""), ("none", "")])
    title = forms.CharField(label=_("Name"), required=False, max_length=200, widget=line())
