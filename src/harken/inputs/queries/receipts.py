"""What a receipt tells a speaker: what they said in every wording, where it stands, and what others said to it."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from harken.base.actions import Actor
from harken.inputs.models import Hiding, Input, Redaction, Standing, Wording
from harken.inputs.queries.ledger import InputRow, describe_rows
from harken.inputs.queries.waiting import Turn, turn_of
from harken.inputs.queries.wordings import WordingRow, read_wordings

MOST_REPLIES = 100
"""So many replies a receipt shows; the conversation's own page has them all."""


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt: the wordings, the newest first; `hiding` is why it is hidden, if it is."""

    said: Input
    wordings: tuple[WordingRow, ...]
    turn: Turn
    replies: tuple[InputRow, ...]
    hiding: Hiding | None
    redactions: tuple[Redaction, ...]

    @property
    def newest(self) -> WordingRow:
        """What it says now."""
        return self.wordings[0]

    @property
    def earlier(self) -> tuple[WordingRow, ...]:
        """What it said before, the latest first."""
        return self.wordings[1:]


def find_said(pk: int) -> Input | None:
    """An input with all its receipt names. One query."""
    related = ("process__body", "source", "document__iteration", "passage", "anchor")
    return Input.objects.filter(pk=pk).select_related(*related).first()


def receipt_page(said: Input, now: datetime.datetime, *, inputs: QuerySet[Input]) -> ReceiptPage:
    """What its receipt shows of an input, with the replies that are among `inputs`. At most nine queries."""
    below = inputs.filter(thread=said.thread_id, order_key__startswith=said.order_key)
    replies = below.exclude(pk=said.pk).order_by("order_key").values_list("pk", flat=True)
    is_hidden = said.standing == Standing.HIDDEN
    return ReceiptPage(
        said=said,
        wordings=read_wordings(said)[::-1],
        turn=turn_of(said, now),
        replies=describe_rows(list(replies[:MOST_REPLIES]), sees_speakers=False),
        hiding=Hiding.objects.filter(input=said, lifted_at__isnull=True).first() if is_hidden else None,
        redactions=tuple(Redaction.objects.filter(input=said)),
    )


def said_by(actor: Actor) -> QuerySet[Input]:
    """What somebody said under their account, the newest first."""
    if not actor.is_authenticated or actor.pk is None:
        return Input.objects.none()
    own = Wording.objects.filter(participant_id=actor.pk).values("input_id")
    return Input.objects.filter(pk__in=own).order_by("-recorded_at", "-pk")
