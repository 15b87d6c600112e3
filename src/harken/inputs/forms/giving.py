"""The forms that people speak through, correct and agree with."""

import copy
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from harken.base.clocks import time_zones
from harken.base.fields import PlainSelect, join_options
from harken.base.language_names import OWN_NAMES
from harken.base.languages import is_known, name_in_itself
from harken.inputs.actions.recording import LONGEST
from harken.inputs.form_tokens import new_form_token
from harken.inputs.models import Consent, ContextKind, Frequency, Stance, Wording
from harken.processes.models import GuidingQuestion

LONGEST_NAME: Final = 100
_STANCES: Final = [("", pgettext_lazy("stance", "none of these")), *Stance.choices]
_FREQUENCIES: Final = [choice for choice in Frequency.choices if choice[0] != Frequency.NONE]
_CONTEXT_LABELS: Final = {
    ContextKind.LANGUAGE: _("Language community"),
    ContextKind.PROJECT: _("Project"),
    ContextKind.REGION: _("Region"),
    ContextKind.AFFILIATE: _("Affiliate"),
    ContextKind.ROLE: _("Role"),
    ContextKind.IDENTITY: _("Identity"),
}


def context_label(kind: str) -> Any:
    """What a kind of context is called where it is asked for."""
    return _CONTEXT_LABELS[ContextKind(kind)] if kind in ContextKind.values else kind


def key_of_question(question: GuidingQuestion) -> str:
    """The name of a question's field: it stays the same when organisers save their questions again."""
    return f"q-{hashlib.blake2b(question.text.encode(), digest_size=6).hexdigest()}"


@lru_cache(maxsize=256)
def language_choices(offered: tuple[str, ...]) -> tuple[tuple[Any, Any], ...]:
    """Languages to choose from, those that are offered first, each by its own name."""
    first = dict.fromkeys(code for code in offered if is_known(code))
    others = [(code, name) for code, name in OWN_NAMES.items() if code not in first]
    return (*((code, name_in_itself(code)) for code in first), (_("Other languages"), tuple(others)))


@lru_cache(maxsize=256)
def _language_options(offered: tuple[str, ...], interface: str | None, *, untold: bool) -> str:
    # `interface` because its words are among them.
    first = [("", _("told by the words"))] if untold else []
    return join_options([*first, *language_choices(offered)])


class _LanguageSelect(PlainSelect):
    """A select of some two hundred languages, whose options are made once for those that are offered first."""

    offered: tuple[str, ...] = ()
    untold = False

    def join(self) -> str:
        """The options, none of them chosen."""
        return _language_options(self.offered, get_language(), untold=self.untold)


class LanguageField(forms.CharField):
    """The language of what somebody wrote: any that has a name, chosen from a list that is made when it is shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=35, widget=_LanguageSelect, **kwargs)

    def offer(self, *offered: str, untold: bool = False) -> None:
        """Put these in front of all others; where it may be `untold`, that the words shall tell it before them."""
        widget = cast(_LanguageSelect, self.widget)
        widget.offered = (*filter(None, offered), *(code for code, _name in settings.LANGUAGES))
        widget.untold = untold

    def validate(self, value: Any) -> None:
        """A language that has a name."""
        super().validate(value)
        if value and not is_known(value):
            raise forms.ValidationError(_("Choose a language from the list."))


class WordsField(forms.CharField):
    """Words as they were typed; browsers send the ends of lines as CR LF."""

    def to_python(self, value: Any) -> str:
        """The words with LF between their lines."""
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


def _words(label: Any, *, rows: int, **options: Any) -> WordsField:
    return WordsField(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": rows}),
        **options,
    )


def _line(label: Any, *, longest: int, **options: Any) -> forms.CharField:
    attributes = {"dir": "auto", **options.pop("attributes", {})}
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=attributes), **options
    )


class _SharedFields(dict[str, forms.Field]):
    """Fields that every form of a class uses as they are, but for those that it changes (`own`).

    Django copies all of them deeply for each form, which takes as long as reading what was sent.
    """

    own: Final = frozenset({"lang"})

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: copy.deepcopy(field, memo) if name in self.own else field for name, field in self.items()}


class SayForm(forms.Form):
    """What somebody says, and what they choose to tell with it.

    `website` is a field that people do not see. `seen` says that what others said already was shown.
    """

    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)
    time_zone = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    text = _words(_("What you want to say"), rows=5)
    stance = forms.ChoiceField(label=_("It is"), required=False, choices=_STANCES, widget=forms.RadioSelect)
    lang = LanguageField(label=_("Language you write in"), required=False)
    name = _line(
        _("Name"),
        longest=LONGEST_NAME,
        help_text=_("Your own or one you choose. It can stay empty."),
        attributes={"autocomplete": "nickname"},
    )
    consent = forms.ChoiceField(label=_("Who may read it"), choices=Consent.choices, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("For the address of your receipt, and to hear what becomes of it. Nobody sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(label=_("How often"), required=False, choices=_FREQUENCIES, widget=PlainSelect)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        questions: Sequence[GuidingQuestion],
        every_question: Sequence[GuidingQuestion],
        contexts: Sequence[str],
        languages: Sequence[str],
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("auto_id", "say_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        cast(LanguageField, self.fields["lang"]).offer(*languages, untold=True)
        self.known = {key_of_question(question): question for question in every_question}
        self.questions = {key_of_question(question): question for question in questions}
        # What was answered in another language of the interface is still an answer.
        self.questions |= {key: self.known[key] for key in self.data if key in self.known and self.data[key].strip()}
        for key, question in self.questions.items():
            self.fields[key] = _words(question.text, rows=2)
        self.contexts = {f"c-{number}": kind for number, kind in enumerate(contexts)}
        for key, kind in self.contexts.items():
            self.fields[key] = _line(context_label(kind), longest=200, attributes={"autocomplete": "off"})

    def clean_time_zone(self) -> str:
        """A zone of the IANA database, or none."""
        name = str(self.cleaned_data["time_zone"])
        return name if name in time_zones() else ""

    def clean(self) -> dict[str, Any]:
        """Something is said, in the text or to a question; nothing is lost of questions that are asked no more."""
        data = super().clean() or {}
        answers = [self.data[key] for key in self.data if key.startswith("q-") and key not in self.known]
        left_over = [answer.strip() for answer in answers if answer.strip()]
        if left_over:
            text = "\n\n".join([str(data.get("text", "")), *left_over]).strip()
            kept = cast(QueryDict, self.data).copy()
            kept["text"] = text
            for key in [key for key in kept if key.startswith("q-") and key not in self.known]:
                del kept[key]
            self.data = kept
            message = _("The questions changed while you wrote. What you answered stands here now: look it over.")
            self.add_error("text", message)
        elif "text" in data and not data["text"].strip() and not any(self.answers):
            self.add_error("text", _("Write what you want to say."))
        return data

    @property
    def answers(self) -> list[tuple[GuidingQuestion, str]]:
        """What is said to the questions."""
        found = ((question, self.cleaned_data.get(key, "")) for key, question in self.questions.items())
        return [(question, words) for question, words in found if words.strip()]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What the speaker tells of themselves: kind and words."""
        found = ((kind, self.cleaned_data.get(key, "")) for key, kind in self.contexts.items())
        return [(kind, words) for kind, words in found if words.strip()]

    @property
    def question_fields(self) -> list[tuple[GuidingQuestion, forms.BoundField]]:
        """The questions with their fields."""
        return [(question, self[key]) for key, question in self.questions.items()]

    @property
    def context_fields(self) -> list[forms.BoundField]:
        """The fields for what one tells of oneself."""
        return [self[key] for key in self.contexts]

    @property
    def is_answering(self) -> bool:
        """Whether a question holds words or an error, so that they are to be seen."""
        return any(field.value() or field.errors for _question, field in self.question_fields)

    @property
    def is_telling(self) -> bool:
        """Whether a field about oneself holds words or an error."""
        return any(field.value() or field.errors for field in self.context_fields)


def renew_token(form: forms.Form) -> None:
    """Let a form that was sent be sent again, with all that stands in it."""
    data = cast(QueryDict, form.data).copy()
    data["token"] = str(new_form_token())
    form.data = data


SayForm.base_fields = _SharedFields(SayForm.base_fields)


class CorrectForm(forms.Form):
    """An input in other words."""

    text = _words(_("What you want to say"), rows=5)
    stance = forms.ChoiceField(label=_("It is"), required=False, choices=_STANCES, widget=forms.RadioSelect)
    lang = LanguageField(label=_("Language you write in"), required=False)

    def __init__(self, wording: Wording, lang: str, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "correct_%s")
        kwargs.setdefault("label_suffix", "")
        kwargs["initial"] = {"text": wording.text, "stance": wording.stance, "lang": lang}
        super().__init__(*args, **kwargs)
        language = cast(LanguageField, self.fields["lang"])
        language.offer(lang, untold=not lang)
        responses = list(wording.responses.all())
        self._responses = {f"r-{number}": row.pk for number, row in enumerate(responses)}
        for key, row in zip(self._responses, responses, strict=True):
            self.fields[key] = _words(row.asked, rows=2)
            self.initial[key] = row.text

    @property
    def responses(self) -> Mapping[int, str]:
        """What is said to the questions now, by the ids of the responses that it takes the place of."""
        return {pk: self.cleaned_data.get(key, "") for key, pk in self._responses.items()}


class LanguageForm(forms.Form):
    """The language an input is in."""

    lang = LanguageField(label=_("Language it is in"))

    def __init__(self, lang: str, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "language_%s")
        kwargs["initial"] = {"lang": lang}
        super().__init__(*args, **kwargs)
        cast(LanguageField, self.fields["lang"]).offer(lang, untold=not lang)


class AgreeForm(forms.Form):
    """Why somebody agrees, if they want to say it."""

    token = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    text = _words(_("I agree, because"), rows=3, help_text=_("A reason helps those who answer."))
    lang = LanguageField(label=_("Language you write in"), required=False)
    name = _line(_("Name"), longest=LONGEST_NAME, attributes={"autocomplete": "nickname"})

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "agree_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        cast(LanguageField, self.fields["lang"]).offer(*languages, untold=True)
