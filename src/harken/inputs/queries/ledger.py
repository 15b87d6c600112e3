"""What lists and conversations show of the ledger: pages by key, so that the last is as quick as the first."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, When

from harken.base.frozen_query import FrozenQuery
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
    that nobody told the language: a machine did. `versions` is how many wordings there are, `corrected_at` when the
    newest was recorded, None for the first. `source_group` is whom the source speaks for: a group of the tree by
    its code, another body by its name; `source_headcount` how many these are.
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
    corrected_at: datetime.datetime | None
    source_pk: int
    source_group: str
    source_headcount: int | None
    licence: str

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
    def changed_at(self) -> datetime.datetime:
        """When the words became what they are: recorded, corrected, or taken away."""
        return max([self.corrected_at or self.recorded_at, *(one.at for one in self.tombstones)])

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
    pks = list(before_cursor(inputs, after).order_by("-at", "-pk").values_list("pk", flat=True)[: size + 1])
    return make_page(pks, size, sees_speakers=sees_speakers, reader=reader)


def make_page(pks: Sequence[int], size: int, *, sees_speakers: bool, reader: int | None) -> InputPage:
    """A page of the first `size` of these inputs; one more says that there is a next. At most four queries."""
    rows = describe_rows(pks[:size], sees_speakers=sees_speakers, reader=reader)
    return InputPage(rows, Cursor(rows[-1].at, rows[-1].pk) if len(pks) > size else None)


def before_cursor(inputs: QuerySet[Input], after: Cursor | None) -> QuerySet[Input]:
    """Those of `inputs` that come after the cursor in a list with the newest in front."""
    if after is None:
        return inputs
    return inputs.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.pk), at__lte=after.at)


PLACES: Final = ("source", "document__iteration", "passage")
"""What pages that open one input ask of it besides itself; to describe inputs their ids are enough."""


_FIELDS: Final = (
    *("pk", "input", "input__thread", "input__parent", "input__depth", "input__at", "said_at"),
    *("input__source", "input__source__channel", "input__source__title", "input__source__consent"),
    *("input__source__group__code", "input__source__group_name", "input__source__headcount", "input__source__licence"),
    *("input__document__code", "input__document__title", "input__document__lang"),
    *("input__document__iteration__slug", "input__state", "input__lang", "kind", "stance"),
    *("speaker_kind", "speaker_name", "participant", "participant__display_name", "participant__username"),
    *("headcount", "heading", "text", "html", "lang", "input__versions", "input__standing", "input__is_late"),
    *("input__supports", "input__passage__public_id", "input__order_key", "input__anchor__exact", "input__campaign"),
    "input__recorded_at",
)
# A moment is dear to read where a database keeps it as text: of most inputs there is none.
_CORRECTED_AT: Final = Case(When(input__versions__gt=1, then="recorded_at"))
# Fifty objects of each of eight models take ten times as long as the rows they are made from.
_NEWEST: Final = FrozenQuery(
    lambda pks: (
        Wording.objects.filter(input__in=pks, number=F("input__versions"))
        .order_by()
        .values_list(*_FIELDS, _CORRECTED_AT)
    ),
    lists=("pks",),
)
_REDACTIONS: Final = FrozenQuery(
    lambda pks: Redaction.objects.filter(input__in=pks).values_list("input", "at", "reason", "words", "speaker"),
    lists=("pks",),
)
_RESPONSES: Final = FrozenQuery(
    lambda wordings: QuestionResponse.objects.filter(wording__in=wordings).values_list(
        "wording", "asked", "text", "html"
    ),
    lists=("wordings",),
)
_HIDINGS: Final = FrozenQuery(
    lambda pks: Hiding.objects.filter(input__in=pks, lifted_at__isnull=True).values_list(
        "input", "at", "fault", "reason", "lang"
    ),
    lists=("pks",),
)


def describe_inputs(inputs: Sequence[Input], *, sees_speakers: bool, reader: int | None = None) -> tuple[InputRow, ...]:
    """What pages show of inputs, see `describe_rows`."""
    return describe_rows([said.pk for said in inputs], sees_speakers=sees_speakers, reader=reader)


def describe_rows(pks: Sequence[int], *, sees_speakers: bool, reader: int | None = None) -> tuple[InputRow, ...]:
    """What pages show of inputs, by their ids. Three queries, and one more where some are hidden.

    `sees_speakers` is for those who work with the input; `reader` the account of whoever looks, who reads their own.
    """
    found = {row[1]: row for row in _NEWEST.rows(pks=pks)}
    tombstones: dict[int, list[Tombstone]] = {}
    for pk, *told in _REDACTIONS.rows(pks=pks):
        tombstones.setdefault(pk, []).append(Tombstone(*told))
    responses: dict[int, list[ResponseRow]] = {}
    for wording, *answer in _RESPONSES.rows(wordings=[row[0] for row in found.values()]):
        responses.setdefault(wording, []).append(ResponseRow(*answer))
    hidden = [pk for pk, row in found.items() if row[_STANDING] == Standing.HIDDEN]
    hidings = {pk: HidingRow(*told) for pk, *told in _HIDINGS.rows(pks=hidden)}
    return tuple(
        _describe(
            found[pk],
            tuple(tombstones.get(pk, ())),
            tuple(responses.get(found[pk][0], ())),
            hidings.get(pk),
            sees_speakers=sees_speakers,
            reader=reader,
        )
        for pk in pks
    )


_STANDING: Final = _FIELDS.index("input__standing")


def _describe(
    found: tuple[Any, ...],
    tombstones: tuple[Tombstone, ...],
    responses: tuple[ResponseRow, ...],
    hiding: HidingRow | None,
    *,
    sees_speakers: bool,
    reader: int | None,
) -> InputRow:
    """A row of `_FIELDS` as pages show it."""
    (_wording, pk, thread, parent, depth, at, said_at, source_pk, channel, source, consent, group, *rest) = found
    (group_name, source_headcount, licence, document, title, document_lang, iteration, state, lang, *rest) = rest
    (kind, stance, speaker_kind, speaker_name, participant, display_name, username, headcount, heading, *rest) = rest
    (text, html, own_lang, versions, standing, is_late, supports, passage, order_key, quote, campaign, *rest) = rest
    recorded, corrected = rest
    own = reader is not None and participant == reader
    # Of what is hidden or withdrawn only the place is shown to those who neither said it nor work with the input.
    is_blank = standing is not None and not sees_speakers and not own
    is_named = sees_speakers or own or consent == Consent.PUBLIC or speaker_kind == SpeakerKind.GROUP
    name = (display_name or username) if participant is not None else speaker_name
    return InputRow(
        pk=pk,
        thread=thread,
        parent=parent,
        depth=depth,
        at=at,
        said_at=said_at,
        channel=channel,
        source=hide_addresses(source),
        document=document or "",
        state=state,
        lang=lang,
        kind=kind,
        stance="" if is_blank else stance,
        speaker_kind=speaker_kind,
        speaker=hide_addresses(name) if is_named and not is_blank else "",
        headcount=headcount,
        heading="" if is_blank else heading,
        text="" if is_blank else text,
        html="" if is_blank else html,
        versions=versions,
        tombstones=tombstones,
        standing=standing or "",
        is_late=bool(is_late),
        supports=supports or 0,
        document_title=title or "",
        document_lang=document_lang or "",
        iteration_slug=iteration or "",
        passage=passage or "",
        order_key=order_key,
        is_blank=is_blank,
        is_detected=bool(lang) and not own_lang,
        responses=() if is_blank else responses,
        hiding=hiding,
        quote="" if is_blank else quote or "",
        campaign=campaign,
        recorded_at=recorded,
        corrected_at=corrected,
        source_pk=source_pk,
        source_group=group or group_name,
        source_headcount=source_headcount,
        licence=licence,
    )


_ADDRESS: Final = re.compile(r"([^\s@<>()\[\],;:\"]+)@[^\s@<>()\[\],;:\"]+")


def hide_addresses(words: str) -> str:
    """The words with only what stands before the `@` of each mail address."""
    return _ADDRESS.sub("\\1@…", words) if "@" in words else words


def shown_name(wording: Wording) -> str:
    """The name something was said under, an account's as it is now; of a mail address only the beginning."""
    name = wording.participant.name if wording.participant else wording.speaker_name
    return hide_addresses(name)
