"""What a speaker does with what they said: correct it, or take it back."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.inputs.actions.arrivals import carry_out_verdict, judge_arrival
from harken.inputs.actions.indexing import renew_words
from harken.inputs.actions.languages import set_language
from harken.inputs.actions.recording import Said, check_words, hash_said
from harken.inputs.actions.writing import NewWording, add_wording
from harken.inputs.models import Input, SpeakerKind, Stance, Standing, TextKind, Wording
from harken.inputs.permissions import may_correct, may_withdraw
from harken.inputs.queries.rules import rules_of
from harken.inputs.storable import keep_storable
from harken.inputs.written_in import PAGE_LANG
from harken.processes.actions import mark_changed
from harken.processes.models import GuidingQuestion


@dataclass(frozen=True, slots=True)
class Correction:
    """The words as they shall be: what is said to each question by the id of the response it takes the place of.

    Without a `lang` they are in the language that they were in.
    """

    text: str
    lang: str
    stance: Stance | None = None
    responses: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def correct_input(
    *, actor: Actor, said: Input, correction: Correction, receipt: str = "", network: str = "", origin: str = "form"
) -> Wording:
    """Give an input a further wording; those before stay in the ledger. The same words again change nothing.

    What the process's moderators look at beforehand, they look at again. Raises `NothingSaid`, `TooLong`, `TooMany`.
    """
    locked = Input.objects.select_for_update(of=("self",), no_key=True).select_related("source").get(pk=said.pk)
    locked.process = said.process
    rules = rules_of(said.process)
    require(may_correct(actor, locked, receipt, rules=rules))
    before = Wording.objects.get(input=locked, number=locked.versions)
    responses = list(before.responses.select_related("question"))
    asked = [
        (row.question or GuidingQuestion(text=row.asked), correction.responses.get(row.pk, row.text))
        for row in responses
    ]
    lang = correction.lang or locked.lang
    # Where the words tell it, the form comes back with what they told: that is no word of the speaker's.
    own_lang = "" if not before.lang and lang == locked.lang else lang
    words = Said(text=correction.text, lang=own_lang, heading=before.heading, stance=correction.stance, responses=asked)
    check_words(words)
    text = keep_storable(words.text.strip())
    answers = [(row, keep_storable(answer.strip())) for row, (_question, answer) in zip(responses, asked, strict=True)]
    same_words = (text, words.stance or "") == (before.text, before.stance)
    if same_words and all(row.text == answer for row, answer in answers) and lang in {before.lang, locked.lang}:
        return before
    now = timezone.now()
    verdict = judge_arrival(said.process, rules, words, network, now, actor=actor)
    wording = NewWording(
        kind=TextKind(before.kind),
        heading=before.heading,
        text=text,
        html=render_blocks(text),
        lang=own_lang,
        page_lang="" if own_lang else before.extra.get(PAGE_LANG, ""),
        stance=words.stance,
        # Whoever holds the receipt need not be signed in: it is still said by who said it.
        speaker_kind=SpeakerKind(before.speaker_kind),
        speaker_name=before.speaker_name,
        participant_id=before.participant_id,
        headcount=before.headcount,
        content_hash=hash_said(words, before.speaker_name),
        responses=[(row.question_id, row.asked, answer, render_blocks(answer)) for row, answer in answers if answer],
        contexts=list(before.contexts.values_list("kind", "value")),
    )
    number = locked.versions + 1
    added = add_wording(locked, number, wording, said_at=now, now=now)
    locked.versions = number
    locked.save(update_fields=["versions"])
    set_language(locked, lang)
    renew_words([locked.pk])
    mark_changed(said.process)
    carry_out_verdict(actor=actor, recorded=locked, verdict=verdict, origin=origin)
    record_event(actor=actor, verb="corrected input", subject=locked, detail={"wording": number}, origin=origin)
    return added


@transaction.atomic
def withdraw_input(*, actor: Actor, said: Input, receipt: str = "", origin: str = "form") -> None:
    """Take back what one said: it stays in the ledger, its words are shown to nobody but those who work with it."""
    locked = Input.objects.select_for_update(of=("self",), no_key=True).select_related("source").get(pk=said.pk)
    locked.process = said.process
    require(may_withdraw(actor, locked, receipt))
    before = locked.standing
    locked.standing, locked.turn_at = Standing.WITHDRAWN, timezone.now()
    locked.save(update_fields=["standing", "turn_at"])
    said.standing, said.turn_at = locked.standing, locked.turn_at
    mark_changed(said.process)
    record_event(actor=actor, verb="withdrew input", subject=locked, detail={"before": before}, origin=origin)
