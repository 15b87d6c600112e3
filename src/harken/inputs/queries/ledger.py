"""What lists and conversations show of the ledger: pages by key, so that the last is as quick as the first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, QuerySet

from harken.inputs.models import Consent, Input, Redaction, SpeakerKind, Wording

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
    except ValueError:
        return None
    return Cursor(at, pk) if at.tzinfo is not None and 0 <= pk < 2**63 else None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That words, or who said them, were taken away: when and why."""

    at: datetime.datetime
    reason: str
    words: bool
    speaker: bool


@dataclass(frozen=True, slots=True)
class InputRow:
    """An input as a page shows it, in its newest wording.

    `speaker` is a name to show, empty for one that is unknown or did not agree to it; `said_at` None if unknown.
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


@dataclass(frozen=True, slots=True)
class InputPage:
    """A page of a list, and where the next one goes on (None for the last)."""

    rows: tuple[InputRow, ...]
    next: Cursor | None


def list_inputs(
    inputs: QuerySet[Input], *, sees_speakers: bool = False, after: Cursor | None = None, size: int = PAGE
) -> InputPage:
    """A page of `inputs`, those said last in front, after the one that `after` names. Three queries."""
    if after is not None:
        inputs = inputs.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk), at__lte=after.at)
    found = list(inputs.select_related("source", "document").order_by("-at", "-pk")[: size + 1])
    more = Cursor(found[size - 1].at, found[size - 1].pk) if len(found) > size else None
    return InputPage(describe_inputs(found[:size], sees_speakers=sees_speakers), more)


def read_thread(
    inputs: QuerySet[Input], thread: Input, *, sees_speakers: bool = False, after: str = "", size: int = 200
) -> tuple[InputRow, ...]:
    """The `inputs` of a conversation in reading order, replies below what they reply to. Three queries.

    `after` is the order key of the last one that was shown.
    """
    found = inputs.filter(thread=thread.thread_id, order_key__gt=after).select_related("source", "document")
    return describe_inputs(list(found.order_by("order_key")[:size]), sees_speakers=sees_speakers)


def describe_inputs(inputs: Sequence[Input], *, sees_speakers: bool) -> tuple[InputRow, ...]:
    """What pages show of inputs whose source and document are at hand. Two queries."""
    pks = [said.pk for said in inputs]
    newest = Wording.objects.filter(input__in=pks, number=F("input__versions"))
    wordings = {wording.input_id: wording for wording in newest}
    tombstones: dict[int, list[Tombstone]] = {}
    for one in Redaction.objects.filter(input__in=pks):
        tombstones.setdefault(one.input_id, []).append(Tombstone(one.at, one.reason, one.words, one.speaker))
    return tuple(
        _describe(said, wordings[said.pk], tuple(tombstones.get(said.pk, ())), sees_speakers=sees_speakers)
        for said in inputs
    )


def _describe(said: Input, wording: Wording, tombstones: tuple[Tombstone, ...], *, sees_speakers: bool) -> InputRow:
    # Of what is hidden or withdrawn only the place is shown to those who do not work with the input.
    is_blank = said.standing is not None and not sees_speakers
    nameless = said.source.consent != Consent.PUBLIC and not sees_speakers
    return InputRow(
        pk=said.pk,
        thread=said.thread_id,
        parent=said.parent_id,
        depth=said.depth,
        at=said.at,
        said_at=wording.said_at,
        channel=said.source.channel,
        source=said.source.title,
        document=said.document.code if said.document else "",
        state=said.state,
        lang=said.lang,
        kind=wording.kind,
        stance="" if is_blank else wording.stance,
        speaker_kind=wording.speaker_kind,
        speaker="" if is_blank or (nameless and wording.speaker_kind != SpeakerKind.GROUP) else shown_name(wording),
        headcount=wording.headcount,
        heading="" if is_blank else wording.heading,
        text="" if is_blank else wording.text,
        html="" if is_blank else wording.html,
        versions=said.versions,
        tombstones=tombstones,
        standing=said.standing or "",
        is_late=bool(said.is_late),
        supports=said.supports or 0,
    )


def shown_name(wording: Wording) -> str:
    """The name something was said under; of a mail address only what stands before the `@`."""
    name, at_sign, _host = wording.speaker_name.partition("@")
    return f"{name}@…" if at_sign and name and " " not in wording.speaker_name else wording.speaker_name
