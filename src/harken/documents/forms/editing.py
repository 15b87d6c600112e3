"""What the editor sends: the text, how much it changes, and the answers where two people changed one passage."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from harken.core.text.segment import normalise
from harken.documents.drafts import DraftPassage
from harken.documents.merging import Choice, Pick
from harken.documents.models import ChangeClass, PassageKind
from harken.documents.section_text import HEAD_KINDS, StoredPassage, check_text, read_section
from harken.documents.typed_text import TypedText

_SECTION: Final = "section-"
_ANSWER: Final = re.compile(r"(?:pick|on|place|words)-(\d{1,18})")
_PICK: Final = re.compile(r"pick-(\d{1,18})")
_PICKS: Final[Mapping[str, Pick]] = {"theirs": "theirs", "mine": "mine", "words": "words"}


def read_typed_text(data: QueryDict) -> TypedText:
    """The text as it stood in the fields; line feeds end its lines, whatever the browser sent."""

    def lines(text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")

    return TypedText(
        title=lines(data.get("title", "")),
        alternatives=tuple(lines(text) for text in data.getlist("alternative")),
        summary=lines(data.get("summary", "")),
        sections={name.removeprefix(_SECTION): lines(data.get(name, "")) for name in data if name.startswith(_SECTION)},
    )


def read_choices(data: QueryDict, base: Sequence[StoredPassage], known_sections: Sequence[str]) -> dict[int, Choice]:
    """The answers by passage id, of passages of `base`. Raises `CannotKeep`."""
    passages = {passage.passage_id: passage for passage in base}
    choices: dict[int, Choice] = {}
    for name in data:
        match = _PICK.fullmatch(name)
        passage = passages.get(int(match[1])) if match else None
        pick = _PICKS.get(data.get(name, ""))
        if passage is None or pick is None:
            continue
        on = data.get(f"on-{passage.passage_id}", "")
        section = data.get(f"place-{passage.passage_id}", passage.section)
        words = data.get(f"words-{passage.passage_id}", "")
        choices[passage.passage_id] = Choice(
            on=int(on) if on.isascii() and on.isdigit() else None,
            pick=pick,
            passages=_read_words(words, passage, section if section in known_sections else passage.section)
            if pick == "words"
            else (),
        )
    return choices


def answers_besides(data: QueryDict, asked: Collection[int]) -> list[tuple[str, str]]:
    """The answers that were sent about other passages than those `asked` about now, to be sent again."""
    found = [(name, _ANSWER.fullmatch(name)) for name in data]
    return [(name, data.get(name, "")) for name, match in found if match and int(match[1]) not in asked]


def _read_words(words: str, passage: StoredPassage, section: str) -> tuple[DraftPassage, ...]:
    """What was written in place of a passage; nothing removes it."""
    if passage.kind not in HEAD_KINDS:
        return tuple(read_section(words, section, passage.lang))
    text = normalise(check_text(words))
    return (DraftPassage(PassageKind(passage.kind), text, passage.lang, passage.section),) if text else ()


class SaveForm(forms.Form):
    """What a revision is saved with."""

    change_class = forms.ChoiceField(
        label=_("How much does it change?"),
        choices=ChangeClass.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: whoever translates or reads this again goes by it.")},
    )
    note = forms.CharField(
        label=_("What did you change, and why?"),
        required=False,
        max_length=2000,
        help_text=_("In a few words, for the history."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def propose(self, proposed: ChangeClass) -> None:
        """Name the class that the difference speaks for, and have it chosen unless another is."""
        field = self.fields["change_class"]
        field.initial = proposed
        field.help_text = _("Proposed from the difference: %(name)s.") % {"name": proposed.label}


class BaseForm(forms.Form):
    """The key of the revision that words were written on."""

    base = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class RestoreForm(forms.Form):
    """The number of the revision to bring back."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class CompareForm(forms.Form):
    """Which two revisions, and how."""

    old = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    new = forms.IntegerField(min_value=1, max_value=2**31 - 1)
