"""By which words inputs are found: those of the newest wording, its heading and its answers to questions, no names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from harken.core.text.words import index_terms
from harken.inputs.models import Input, QuestionResponse, Wording
from harken.inputs.words import INPUT_WORDS


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that an input says in its newest wording, and its stance.

    `own` leaves the heading out: a reply stands under what others wrote, maybe in another language.
    """

    said: Input
    text: str
    own: str
    stance: str


def read_spoken(inputs: Sequence[Input]) -> list[Spoken]:
    """What inputs say now. Two queries."""
    pks = [said.pk for said in inputs]
    newest = Wording.objects.filter(input__in=pks, number=F("input__versions")).order_by()
    wordings = {row[0]: row[1:] for row in newest.values_list("input_id", "pk", "heading", "text", "stance")}
    answers: dict[int, list[str]] = {}
    responses = QuestionResponse.objects.filter(wording__in=[row[0] for row in wordings.values()]).order_by("pk")
    for wording, text in responses.values_list("wording_id", "text"):
        answers.setdefault(wording, []).append(text)
    found = []
    for said in inputs:
        wording, heading, text, stance = wordings[said.pk]
        own = "\n\n".join(part for part in (text, *answers.get(wording, ())) if part)
        found.append(Spoken(said, "\n\n".join(part for part in (heading, own) if part), own, stance))
    return found


def renew_words(pks: Iterable[int]) -> None:
    """Let inputs be found by what they say now: for whoever adds a wording or has words taken away.

    Part of the transaction that does. What waits to be prepared is left to that.
    """
    spoken = read_spoken(list(Input.objects.filter(pk__in=list(pks), is_prepared=True)))
    for one in spoken:
        if (one.said.stance or "") != one.stance:
            Input.objects.filter(pk=one.said.pk).update(stance=one.stance or None)
    INPUT_WORDS.write((one.said.pk, index_terms(one.text, one.said.lang)) for one in spoken)
