"""Writing what people say: all that came at the same moment in one transaction, with few statements."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection, transaction

from harken.base.actions import Event, record_events_with
from harken.base.bulk import BulkInsert, Lookup, Statements, look_and_reserve, reserve_ids
from harken.base.group_commit import GroupCommit
from harken.documents.models import Anchor
from harken.inputs.actions.counting import Counted, count_all
from harken.inputs.models import (
    Arrival,
    Channel,
    ContextFact,
    Input,
    InputState,
    QuestionResponse,
    Source,
    SpeakerKind,
    Stance,
    Standing,
    TextKind,
    Wording,
)
from harken.inputs.threads import key_below
from harken.inputs.written_in import PAGE_LANG

_INPUTS: Final = BulkInsert(
    Input,
    *("id", "process", "source", "external_id", "document", "passage", "anchor", "thread", "parent", "reply_to"),
    *("depth", "order_key", "lang", "state", "standing", "is_late", "versions", "at", "recorded_at"),
)
_WORDINGS: Final = BulkInsert(
    Wording,
    *("id", "input", "number", "kind", "heading", "text", "html", "lang", "stance", "speaker_kind", "speaker_name"),
    *("speaker_account", "participant", "headcount", "said_at", "recorded_at", "content_hash", "extra"),
)
_RESPONSES: Final = BulkInsert(QuestionResponse, "wording", "question", "asked", "text", "html")
_CONTEXTS: Final = BulkInsert(ContextFact, "wording", "kind", "value")
_ARRIVALS: Final = BulkInsert(Arrival, "process", "network", "token", "input", "at")

# The list is a table, so that its length is not part of the statement, and each of its entries is looked for by itself
# in the index of source and id: left to choose, PostgreSQL without statistics reads all inputs of the source. Whatever
# it was sent with: the sources of a process's form, one for each consent, are looked through together.
_SENT: Final = {
    "postgresql": (
        "SELECT input.id FROM json_to_recordset(%s::json) AS sent(process bigint, key text) CROSS JOIN LATERAL "
        "(SELECT id FROM inputs_source WHERE process_id = sent.process AND channel = %s OFFSET 0) AS source "
        "CROSS JOIN LATERAL "
        "(SELECT id FROM inputs_input WHERE source_id = source.id AND external_id = sent.key LIMIT 1) AS input"
    ),
    "sqlite": (
        "SELECT input.id FROM json_each(%s) AS sent CROSS JOIN inputs_source AS source "
        "ON source.process_id = json_extract(sent.value, '$.process') AND source.channel = %s "
        "CROSS JOIN inputs_input AS input "
        "ON input.source_id = source.id AND input.external_id = json_extract(sent.value, '$.key')"
    ),
}


@dataclass(frozen=True, slots=True)
class NewWording:
    """A wording to be written, its texts already storable and rendered.

    `responses` are (id of the question, the question as asked, text, HTML); `contexts` (kind, value). Where nobody said
    the language, `told_lang` is what the script alone tells, and `page_lang` that of the page it was written on.
    """

    kind: TextKind
    heading: str
    text: str
    html: str
    lang: str
    stance: Stance | None
    speaker_kind: SpeakerKind
    speaker_name: str
    participant_id: int | None
    headcount: int | None
    content_hash: str
    responses: Sequence[tuple[int | None, str, str, str]] = ()
    contexts: Sequence[tuple[str, str]] = ()
    told_lang: str = ""
    page_lang: str = ""


@dataclass(frozen=True, slots=True)
class NewInput:
    """An input to be written with its first wording, and who is recorded to have given it.

    What comes `once` is not written again where the process's form took something with its `external_id`. `place` puts
    an anchor on the words it is about. What is about the same text as what it `reply_to`s goes `along` with that, where
    that was moved to another text meanwhile. `network` is kept for the limits, see `Arrival`; "" keeps nothing.
    """

    source: Source
    external_id: str
    wording: NewWording
    said_at: datetime.datetime
    now: datetime.datetime
    actor_id: int | None
    actor_name: str
    origin: str
    once: bool = False
    document_id: int | None = None
    passage_id: int | None = None
    place: Callable[[], Anchor] | None = None
    reply_to: int | None = None
    along: bool = False
    standing: Standing | None = None
    is_late: bool = False
    network: str = ""


def write_inputs(news: Sequence[NewInput]) -> list[Input]:
    """Write inputs, all or none, and return them in their order; what is there already as it is."""
    if connection.in_atomic_block:
        return _write(news)
    # PostgreSQL carries out what comes in one query as one transaction, which saves two trips. What is replied to is
    # locked before, and SQLite gets its statements one by one.
    if connection.vendor == "postgresql" and all(new.reply_to is None and new.place is None for new in news):
        return _write(news)
    with transaction.atomic():
        return _write(news)


def _write(news: Sequence[NewInput]) -> list[Input]:
    parents = _lock_parents(news)
    sent, (pks_of_inputs, pks_of_wordings) = look_and_reserve(_look_for_sent(news), len(news), Input, Wording)
    there = _read_sent(sent)
    pks, wording_pks = iter(pks_of_inputs), iter(pks_of_wordings)
    written: list[Input] = []
    fresh: list[tuple[Input, NewInput, int]] = []
    for new in news:
        key = (new.source.process_id, new.external_id)
        if new.once and key in there:
            written.append(there[key])
            continue
        said = _make_input(new, next(pks), parents)
        there[key] = said
        written.append(said)
        fresh.append((said, new, next(wording_pks)))
    _insert(fresh)
    return written


def _look_for_sent(news: Sequence[NewInput]) -> Lookup | None:
    """What finds those that are there already of what is written once."""
    once = [{"process": new.source.process_id, "key": new.external_id} for new in news if new.once]
    return Lookup(_SENT[connection.vendor], [json.dumps(once), Channel.FORM.value]) if once else None


def _read_sent(pks: Sequence[int]) -> dict[tuple[int, str], Input]:
    """What was found, by process and form; nearly always nothing, which has to cost nearly nothing."""
    found = Input.objects.filter(pk__in=pks).select_related("source") if pks else ()
    return {(said.process_id, said.external_id): said for said in found}


def _lock_parents(news: Sequence[NewInput]) -> dict[int, Input]:
    """What is replied to, held where it is in its conversation until the replies hang there too."""
    pks = {new.reply_to for new in news if new.reply_to is not None}
    if not pks:
        return {}
    held = Input.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {said.pk: said for said in held}


def _make_input(new: NewInput, pk: int, parents: Mapping[int, Input]) -> Input:
    parent = parents[new.reply_to] if new.reply_to is not None else None
    if parent is not None and new.along and parent.document_id != new.document_id:
        # The passage and the words lie in the text that the conversation has left, as `moving` has it.
        new = replace(new, document_id=parent.document_id, passage_id=None, place=None)
    anchor = new.place() if new.place else None
    return Input(
        pk=pk,
        process_id=new.source.process_id,
        source=new.source,
        external_id=new.external_id,
        document_id=new.document_id,
        passage_id=new.passage_id or (anchor.passage_id if anchor else None),
        anchor=anchor,
        thread_id=parent.thread_id if parent else pk,
        parent=parent,
        # What it replies to may lie in another source, whose ids mean nothing here.
        reply_to=parent.external_id if parent and parent.source_id == new.source.pk else None,
        depth=parent.depth + 1 if parent else 1,
        order_key=key_below(parent.order_key if parent else "", pk),
        lang=new.wording.lang or new.wording.told_lang,
        state=InputState.NEW,
        standing=new.standing,
        is_late=new.is_late or None,
        versions=1,
        at=new.said_at,
        recorded_at=new.now,
    )


def _insert(fresh: Sequence[tuple[Input, NewInput, int]]) -> None:
    statements = Statements()
    inputs = (
        (
            *(said.pk, said.process_id, said.source_id, said.external_id, said.document_id, said.passage_id),
            *(said.anchor_id, said.thread_id, said.parent_id, said.reply_to, said.depth, said.order_key, said.lang),
            *(said.state, said.standing, said.is_late, 1, said.at, said.recorded_at),
        )
        for said, _new, _wording in fresh
    )
    _INPUTS.insert_with(statements, inputs)
    for said, _new, _wording in fresh:
        said._state.adding = False  # noqa: SLF001 - it was added in bulk
        said._state.db = "default"  # noqa: SLF001 - as above
    wordings = [(wording_pk, said.pk, 1, new.wording, new.said_at, new.now) for said, new, wording_pk in fresh]
    _insert_wordings(statements, wordings)
    count_all(statements, (Counted(new.source, said.document_id, said.pk) for said, new, _wording in fresh))
    events = (
        Event(new.now, new.actor_id, new.actor_name, "gave input", "inputs.input", said.pk, str(said), {}, new.origin)
        for said, new, _wording in fresh
    )
    record_events_with(statements, events)
    arrivals = (
        (said.process_id, new.network, said.external_id[:64], said.pk, new.now)
        for said, new, _wording in fresh
        if new.network
    )
    _ARRIVALS.insert_with(statements, arrivals)
    statements.run()


def _insert_wordings(
    statements: Statements,
    rows: Sequence[tuple[int, int, int, NewWording, datetime.datetime, datetime.datetime]],
) -> None:
    """Add wordings with their responses and contexts: (id, id of the input, number, wording, said, recorded) each."""
    wordings: Iterator[tuple[object, ...]] = (
        (
            *(pk, input_id, number, new.kind, new.heading, new.text, new.html, new.lang, new.stance or ""),
            *(new.speaker_kind, new.speaker_name, "", new.participant_id, new.headcount, said_at, now),
            *(new.content_hash, {PAGE_LANG: new.page_lang} if new.page_lang else {}),
        )
        for pk, input_id, number, new, said_at, now in rows
    )
    _WORDINGS.insert_with(statements, wordings)
    responses = ((pk, *response) for pk, _input, _number, new, _said, _now in rows for response in new.responses)
    _RESPONSES.insert_with(statements, responses)
    contexts = ((pk, *context) for pk, _input, _number, new, _said, _now in rows for context in new.contexts)
    _CONTEXTS.insert_with(statements, contexts)


def add_wording(
    said: Input, number: int, new: NewWording, *, said_at: datetime.datetime, now: datetime.datetime
) -> Wording:
    """Give an input another wording, with its responses and contexts. Part of a transaction."""
    [[pk]] = reserve_ids(1, Wording)
    statements = Statements()
    _insert_wordings(statements, [(pk, said.pk, number, new, said_at, now)])
    statements.run()
    return Wording.objects.get(pk=pk)


INPUTS_TO_WRITE: Final = GroupCommit(write_inputs)
