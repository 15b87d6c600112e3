"""Taking words away that the law does not let stand, and leaving a tombstone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.inputs.actions.indexing import renew_words
from harken.inputs.models import Attachment, ContextFact, Input, QuestionResponse, Redaction, Wording
from harken.inputs.permissions import may_redact
from harken.processes.actions import mark_changed


class NoReason(Exception):
    """What is taken away leaves a reason behind."""


class NothingToRedact(Exception):
    """Neither the words nor the speaker were to be taken away."""


@transaction.atomic
def redact_input(
    *, actor: Actor, said: Input, reason: str, words: bool = True, speaker: bool = False, origin: str = ""
) -> Redaction:
    """Take away the words of an input in all its wordings, or who said it, or both; the reason stays for all to see.

    The database lets these columns be blanked only because the redaction is on record. Raises `NoReason`,
    `NothingToRedact`.
    """
    require(may_redact(actor, said.process))
    if not reason.strip():
        raise NoReason(_("Say why the law has this taken away: the reason stays in its place."))
    if not words and not speaker:
        raise NothingToRedact(_("Choose what is to be taken away: the words, who said them, or both."))
    # Whoever corrects, prepares or imports it at the same time comes first, or sees that it was redacted.
    said = (
        Input.objects.select_for_update(of=("self",), no_key=True).select_related("source", "process").get(pk=said.pk)
    )
    redaction = Redaction.objects.create(
        input=said,
        words=words,
        speaker=speaker,
        reason=reason.strip(),
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )
    wordings = Wording.objects.filter(input=said)
    if words:
        wordings.update(heading="", text="", html="", extra={})
        QuestionResponse.objects.filter(wording__in=wordings).update(text="", html="")
        Attachment.objects.filter(wording__in=wordings).update(name="")
        from harken.inputs.actions.grouping import forget_words  # noqa: PLC0415 - loads numpy, rarely wanted here

        forget_words(said)
    if speaker:
        wordings.update(speaker_name="", speaker_account="", participant=None, extra={})
        ContextFact.objects.filter(wording__in=wordings).update(value="")
    renew_words([said.pk])
    mark_changed(said.process)
    detail = {"reason": redaction.reason, "words": words, "speaker": speaker}
    record_event(actor=actor, verb="redacted input", subject=said, detail=detail, origin=origin)
    return redaction
