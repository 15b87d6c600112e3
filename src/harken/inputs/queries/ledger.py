"""What lists and conversations show of the ledger: pages by key, so that the last is as quick as the first."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, QuerySet

from harken.inputs.models import (
    Channel,
    Consent,
    Fault,
    Hiding,
    Input,
    InputState,
    QuestionResponse,
    Redaction,
    SpeakerKind,
    Stance,
    Standing,
    TextKind,
    Wording,
)

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list ended: the moment and the id of its last input."""

    at: datetime.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(datetime.UTC).isoformat()}_{self.pk}"


def read_cursor(text: str) -> Cursor | None:
    """The cursor that `str` made; None for anything else."""
    moment, _line, number = text.rpartition("_")
    try:
        at = datetime.datetime.fromisoformat(moment)
        pk = int(number)
        # At either end of the calendar some zones have days that UTC has not.
        return Cursor(at.astimezone(datetime.UTC), pk) if at.tzinfo is not None and 0 <= pk < 2**63 else None
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That words, or who said them, were taken away: when and why."""

    at: datetime.datetime
    reason: str
    words: bool
    speaker: bool


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """What was said to one guiding question, and the question as it was asked."""

    asked: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class HidingRow:
    """Why an input is hidden, and since when."""

    at: datetime.datetime
    fault: str
    reason: str
    lang: str

    @property
    def fault_name(self) -> str:
        """What is wrong with it, in the interface's language."""
        return str(Fault(self.fault).label)


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input as a page shows it, in its newest wording.

    `speaker` is a name to show, empty for one that is unknown or did not agree to it; `said_at` None if unknown.
    Of what may not be read only the place is here: `is_blank`. `passage` is the passage's public id. `is_detected` says
    that nobody told the language: a machine did.
    """

    pk: int
    thread: int
    parent: int | None
    depth: int
    at: datetime.datetime
    said_at: datetime.datetime | None
    channel: str
    source: str
    document: str
    state: str
    lang: str
    kind: str
    stance: str
    speaker_kind: str
    speaker: str
    headcount: int | None
    heading: str
    text: str
    html: str
    versions: int
    tombstones: tuple[Tombstone, ...]
    standing: str
    is_late: bool
    supports: int
    document_title: str
    document_lang: str
    iteration_slug: str
    passage: str
    order_key: str
    is_blank: bool
    is_detected: bool
    responses: tuple[ResponseRow, ...]
    hiding: HidingRow | None
    quote: str
    campaign: int | None
    recorded_at: datetime.datetime

    @property
    def channel_name(self) -> str:
        """The channel in the interface's language."""
        return str(Channel(self.channel).label)

    @property
    def stance_name(self) -> str:
        """The stance in the interface's language, or ""."""
        return str(Stance(self.stance).label) if self.stance else ""

    @property
    def state_name(self) -> str:
        """How far those who answer have come, in the interface's language."""
        return str(InputState(self.state).label)

    @property
    def kind_name(self) -> str:
        """What the text was in its place, or "" for an ordinary message."""
        return str(TextKind(self.kind).label) if self.kind != TextKind.MESSAGE else ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether its speaker took it back."""
        return self.standing == Standing.WITHDRAWN

    @property
    def is_held(self) -> bool:
        """Whether it waits for a moderator."""
        return self.standing == Standing.HELD

    @property
    def has_words(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.html or self.heading or any(response.html for response in self.responses))


@dataclass(frozen=True, slots=True)
class InputPage:
    """A page of a list, and where the next one goes on (None for the last)."""

    rows: tuple[InputRow, ...]
    next: Cursor | None


def list_inputs(
    inputs: QuerySet[Input],
    *,
    sees_speakers: bool = False,
    reader: int | None = None,
    after: Cursor | None = None,
    size: int = PAGE,
) -> InputPage:
    """A page of `inputs`, those said last in front, after the one that `after` names. At most five queries."""
    found = list(before_cursor(inputs, after).select_related(*PLACES).order_by("-at", "-pk")[: size + 1])
    more = Cursor(found[size - 1].at, found[size - 1].pk) if len(found) > size else None
    return InputPage(describe_inputs(found[:size], sees_speakers=sees_speakers, reader=reader), more)


def before_cursor(inputs: QuerySet[Input], after: Cursor | None) -> QuerySet[Input]:
    """Those of `inputs` that come after the cursor in a list with the newest in front."""
    if after is None:
        return inputs
    return inputs.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk), at__lte=after.at)


def read_thread(
    inputs: QuerySet[Input],
    thread: Input,
    *,
    sees_speakers: bool = False,
    reader: int | None = None,
    after: str = "",
    size: int = 200,
) -> tuple[InputRow, ...]:
    """The `inputs` of a conversation in reading order, replies below what they reply to. At most five queries.

    `after` is the order key of the last one that was shown.
    """
    found = inputs.filter(thread=thread.thread_id, order_key__gt=after).select_related(*PLACES)
    return describe_inputs(list(found.order_by("order_key")[:size]), sees_speakers=sees_speakers, reader=reader)


PLACES: Final = ("source", "document__iteration", "passage", "anchor")
"""What `describe_inputs` asks of each input besides itself."""


def describe_inputs(inputs: Sequence[Input], *, sees_speakers: bool, reader: int | None = None) -> tuple[InputRow, ...]:
    """What pages show of inputs whose `PLACES` are at hand. Three queries, and one more where some are hidden.

    `sees_speakers` is for those who work with the input; `reader` the account of whoever looks, who reads their own.
    """
    pks = [said.pk for said in inputs]
    newest = Wording.objects.filter(input__in=pks, number=F("input__versions")).select_related("participant")
    wordings = {wording.input_id: wording for wording in newest}
    tombstones: dict[int, list[Tombstone]] = {}
    for one in Redaction.objects.filter(input__in=pks):
        tombstones.setdefault(one.input_id, []).append(Tombstone(one.at, one.reason, one.words, one.speaker))
    responses: dict[int, list[ResponseRow]] = {}
    for response in QuestionResponse.objects.filter(wording__in=[wording.pk for wording in wordings.values()]):
        row = ResponseRow(response.asked, response.text, response.html)
        responses.setdefault(response.wording_id, []).append(row)
    hidings = _hidings_of([said.pk for said in inputs if said.standing == Standing.HIDDEN])
    rows = []
    for said in inputs:
        wording = wordings[said.pk]
        own = reader is not None and wording.participant_id == reader
        # Of what is hidden or withdrawn only the place is shown to those who neither said it nor work with the input.
        is_blank = said.standing is not None and not sees_speakers and not own
        rows.append(
            _describe(
                said,
                wording,
                tuple(tombstones.get(said.pk, ())),
                () if is_blank else tuple(responses.get(wording.pk, ())),
                hidings.get(said.pk),
                is_blank=is_blank,
                is_named=sees_speakers or own or said.source.consent == Consent.PUBLIC,
            )
        )
    return tuple(rows)


def _hidings_of(pks: Sequence[int]) -> dict[int, HidingRow]:
    if not pks:
        return {}
    found = Hiding.objects.filter(input__in=pks, lifted_at__isnull=True)
    return {one.input_id: HidingRow(one.at, one.fault, one.reason, one.lang) for one in found}


def _describe(
    said: Input,
    wording: Wording,
    tombstones: tuple[Tombstone, ...],
    responses: tuple[ResponseRow, ...],
    hiding: HidingRow | None,
    *,
    is_blank: bool,
    is_named: bool,
) -> InputRow:
    document = said.document
    return InputRow(
        pk=said.pk,
        thread=said.thread_id,
        parent=said.parent_id,
        depth=said.depth,
        at=said.at,
        said_at=wording.said_at,
        channel=said.source.channel,
        source=hide_addresses(said.source.title),
        document=document.code if document else "",
        state=said.state,
        lang=said.lang,
        kind=wording.kind,
        stance="" if is_blank else wording.stance,
        speaker_kind=wording.speaker_kind,
        speaker="" if is_blank or not (is_named or wording.speaker_kind == SpeakerKind.GROUP) else shown_name(wording),
        headcount=wording.headcount,
        heading="" if is_blank else wording.heading,
        text="" if is_blank else wording.text,
        html="" if is_blank else wording.html,
        versions=said.versions,
        tombstones=tombstones,
        standing=said.standing or "",
        is_late=bool(said.is_late),
        supports=said.supports or 0,
        document_title=document.title if document else "",
        document_lang=document.lang if document else "",
        iteration_slug=document.iteration.slug if document else "",
        passage=said.passage.public_id if said.passage else "",
        order_key=said.order_key,
        is_blank=is_blank,
        is_detected=bool(said.lang) and not wording.lang,
        responses=responses,
        hiding=hiding,
        quote=said.anchor.exact if said.anchor and not is_blank else "",
        campaign=said.campaign_id,
        recorded_at=said.recorded_at,
    )


_ADDRESS: Final = re.compile(r"([^\s@<>()\[\],;:\"]+)@[^\s@<>()\[\],;:\"]+")


def hide_addresses(words: str) -> str:
    """The words with only what stands before the `@` of each mail address."""
    return _ADDRESS.sub("\\1@…", words) if "@" in words else words


def shown_name(wording: Wording) -> str:
    """The name something was said under, an account's as it is now; of a mail address only the beginning."""
    name = wording.participant.name if wording.participant else wording.speaker_name
    return hide_addresses(name)
