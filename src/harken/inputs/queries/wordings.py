"""Every wording of an input, the first in front: for its speaker, and for those who work with it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from harken.base.models import AuditEvent
from harken.inputs.models import Channel, Input, QuestionResponse, Wording
from harken.inputs.queries.ledger import ResponseRow, shown_name


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One wording; `by` is who corrected the one before, as far as it is known and anybody's to tell."""

    wording: Wording
    responses: tuple[ResponseRow, ...]
    by: str = ""

    @property
    def speaker(self) -> str:
        """The name it was said under."""
        return shown_name(self.wording)


def read_wordings(said: Input) -> tuple[WordingRow, ...]:
    """What an input said in every wording. Two queries."""
    wordings = list(Wording.objects.filter(input=said).select_related("participant").order_by("number"))
    responses: dict[int, list[ResponseRow]] = {}
    for row in QuestionResponse.objects.filter(wording__in=wordings).order_by("pk"):
        responses.setdefault(row.wording_id, []).append(ResponseRow(row.asked, row.text, row.html))
    return tuple(WordingRow(wording, tuple(responses.get(wording.pk, ()))) for wording in wordings)


def add_who_corrected(said: Input, rows: tuple[WordingRow, ...]) -> tuple[WordingRow, ...]:
    """The wordings with who made the later ones. One query for a point of a meeting, else none."""
    later = rows[1:]
    if said.source.channel == Channel.FORM:
        # Only who said it corrects it here, perhaps without an account: one that the audit event names tells who.
        names = [_("the speaker")] * len(later)
    elif said.source.channel == Channel.MEETING:
        names = _names_of_correctors(said)
    else:
        names = []
    # Where some were made otherwise, the names do not tell which.
    if len(names) != len(later):
        return rows
    return (*rows[:1], *(replace(row, by=name) for row, name in zip(later, names, strict=True)))


def _names_of_correctors(said: Input) -> list[str]:
    about = AuditEvent.objects.filter(subject_kind=Input._meta.label_lower, subject_id=said.pk, verb="corrected input")
    return list(about.order_by("pk").values_list("actor_name", flat=True))
