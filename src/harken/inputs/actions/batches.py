"""One batch of an import: what is new, what changed, and where everything hangs."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from django.db.models import QuerySet
from django.utils import timezone

from harken.base.bulk import BulkInsert, Statements, reserve_ids
from harken.base.markup import render_blocks
from harken.core.talk.model import Finding, Post, hash_post
from harken.documents.models import Document
from harken.inputs.actions.counting import count_inputs
from harken.inputs.actions.indexing import renew_words
from harken.inputs.models import (
    Attachment,
    ContextFact,
    Input,
    InputState,
    QuestionResponse,
    Redaction,
    Source,
    SpeakerKind,
    Stance,
    TextKind,
    Wording,
)
from harken.inputs.storable import fit_key, keep_storable
from harken.inputs.threads import key_below, move_key

_SPEAKERS: Final = {
    "account": SpeakerKind.PSEUDONYM,
    "mailbox": SpeakerKind.PSEUDONYM,
    "address": SpeakerKind.UNKNOWN,
    "group": SpeakerKind.GROUP,
    "unknown": SpeakerKind.UNKNOWN,
}
_STANCES: Final = frozenset(Stance.values)
_KINDS: Final = frozenset(TextKind.values)
_SHOWN: Final = 120
# SQLite takes 32,766 values in a statement, where nobody built it for more (https://www.sqlite.org/limits.html).
_MOST_ASKED: Final = 10_000

_INPUTS: Final = BulkInsert(
    Input,
    *("id", "process", "source", "external_id", "document", "passage", "anchor", "thread", "thread_key", "parent"),
    *("reply_to", "depth", "order_key", "lang", "state", "versions", "at", "recorded_at"),
)
_WORDINGS: Final = BulkInsert(
    Wording,
    *("id", "input", "number", "kind", "heading", "text", "html", "lang", "stance", "speaker_kind", "speaker_name"),
    *("speaker_account", "participant", "headcount", "said_at", "recorded_at", "content_hash", "extra"),
)


class SaidThere(NamedTuple):
    """A post, the foreign id of its conversation, its heading, and the foreign id of what it replies to.

    `above` are the ids of what that replied to in its turn, the nearest first: where the post it replies to is
    missing, they still tell the conversation.
    """

    post: Post
    thread_key: str
    heading: str
    reply_to: str
    above: tuple[str, ...] = ()


_PLACE: Final = ("pk", "thread_id", "depth", "order_key", "versions", "recorded_at")


class _Place(NamedTuple):
    """Where an input hangs."""

    pk: int
    thread: int
    depth: int
    order_key: str
    versions: int
    recorded_at: datetime.datetime


@dataclass(slots=True)
class BatchCounts:
    """What became of posts."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def __iadd__(self, other: "BatchCounts") -> Self:
        self.added += other.added
        self.changed += other.changed
        self.same += other.same
        return self


def order_parents_first(batch: Sequence[SaidThere]) -> Iterator[SaidThere]:
    """The posts of a batch in their order, but each after what it replies to, where that is in the batch too."""
    places: dict[str, int] = {}
    for place, said in enumerate(batch):
        places.setdefault(said.post.id, place)
    done: set[int] = set()
    for first in range(len(batch)):
        chain: list[int] = []
        waiting: int | None = first
        while waiting is not None and waiting not in done:
            done.add(waiting)
            chain.append(waiting)
            waiting = places.get(batch[waiting].reply_to)
        for place in reversed(chain):
            yield batch[place]


class BatchWriter:
    """Writes batches of posts of one source; each call of `write` is part of a transaction of its own."""

    def __init__(
        self,
        *,
        source: Source,
        document: Document | None,
        kind: TextKind,
        is_fixed: bool,
        findings: Callable[[Finding], None],
    ) -> None:
        self._source = source
        self._document = document
        self._kind = kind
        self._is_fixed = is_fixed
        self._find = findings
        self._began = timezone.now()
        self._questions = dict(source.process.guiding_questions.values_list("text", "pk"))

    def write(self, batch: Sequence[SaidThere]) -> BatchCounts:
        """Put a batch into the ledger."""
        # Two imports of one source take turns; whoever speaks meanwhile does not wait.
        Source.objects.select_for_update(no_key=True).get(pk=self._source.pk)
        began, questions = self._began, self._questions
        written = _Batch(self._source, self._document, self._kind, self._find, began, questions, batch)
        return written.write(is_fixed=self._is_fixed)


class _Batch:
    def __init__(
        self,
        source: Source,
        document: Document | None,
        kind: TextKind,
        find: Callable[[Finding], None],
        began: datetime.datetime,
        questions: Mapping[str, int],
        batch: Sequence[SaidThere],
    ) -> None:
        self.source = source
        self.document_id = document.pk if document else None
        self.kind = kind
        self.find = find
        self.began = began
        self.batch = list(order_parents_first(batch))
        self.now = timezone.now()
        self.places: dict[str, _Place] = {}
        self.hashes: dict[int, set[str]] = {}
        self.threads: dict[str, int] = {}
        self.input_ids, self.wording_ids = map(iter, reserve_ids(len(batch), Input, Wording))
        self.inputs: list[tuple[object, ...]] = []
        self.wordings: list[tuple[object, ...]] = []
        self.attachments: list[Attachment] = []
        self.responses: list[QuestionResponse] = []
        self.contexts: list[ContextFact] = []
        self.questions = questions
        self.new: dict[str, int] = {}
        self.versions: dict[int, int] = {}

    def write(self, *, is_fixed: bool) -> BatchCounts:
        counts = BatchCounts()
        keyed = [(key_of(said.post), said) for said in self.batch]
        self._load([key for key, _said in keyed])
        if is_fixed:
            keyed = self._set_apart(keyed)
        changed: list[tuple[_Place, SaidThere, str]] = []
        for key, said in keyed:
            digest = hash_post(said.post)
            place = self.places.get(key)
            if place is None:
                self._add(key, said, digest)
                counts.added += 1
                continue
            if said.thread_key:
                # What follows under a heading that was renamed stays in the conversation of what stood there before.
                self.threads.setdefault(fit_key(said.thread_key), place.thread)
            if digest in self.hashes[place.pk]:
                counts.same += 1
            else:
                self.hashes[place.pk].add(digest)
                changed.append((place, said, digest))
        counts.changed = self._change(changed)
        counts.same += len(changed) - counts.changed
        self._insert()
        self._join_waiting()
        return counts

    def _load(self, keys: Sequence[str]) -> None:
        """Look up what of this batch, of what it replies to and of its conversations is in the ledger."""
        keys_there = {*keys, *(fit_key(said.reply_to) for said in self.batch if said.reply_to)}
        keys_there.update(fit_key(key) for said in self.batch for key in said.above)
        self._load_places(list(keys_there))
        self._load_hashes(keys)
        conversations = {fit_key(said.thread_key) for said in self.batch if said.thread_key}
        if conversations:
            begun = Input.objects.filter(source=self.source, thread_key__in=conversations)
            rows = begun.order_by("-pk").values_list("thread_key", "thread_id")
            self.threads = {key: thread for key, thread in rows if key is not None}

    def _load_places(self, wanted: Sequence[str]) -> None:
        of_source = Input.objects.filter(source=self.source)
        for start in range(0, len(wanted), _MOST_ASKED):
            found = of_source.filter(external_id__in=wanted[start : start + _MOST_ASKED])
            for key, *place in found.values_list("external_id", *_PLACE):
                self.places[key] = _Place(*place)

    def _load_hashes(self, keys: Sequence[str]) -> None:
        said_again = [self.places[key].pk for key in keys if key in self.places]
        for pk in said_again:
            self.hashes[pk] = set()
        if said_again:
            wordings = Wording.objects.filter(input__in=said_again).order_by()
            for pk, digest in wordings.values_list("input_id", "content_hash"):
                self.hashes[pk].add(digest)

    def _set_apart(self, keyed: Sequence[tuple[str, SaidThere]]) -> list[tuple[str, SaidThere]]:
        """Keys of their own for what comes with other words under a known id, made as `nesting.Seen` makes them."""
        kept: list[tuple[str, SaidThere]] = []
        apart: list[str] = []
        for known, said in keyed:
            place, digest, key = self.places.get(known), hash_post(said.post), known
            if place is not None and digest not in self.hashes[place.pk]:
                key = fit_key(f"{said.post.id}~{digest[:16]}")
                apart.append(key)
                self._report(said, "same_id_other_content")
            kept.append((key, said))
        self._load_places(apart)
        self._load_hashes(apart)
        return kept

    def _add(self, key: str, said: SaidThere, digest: str) -> None:
        post = said.post
        pk = next(self.input_ids)
        reply_to = fit_key(said.reply_to) if said.reply_to else None
        parent = self.places.get(reply_to) if reply_to else None
        thread_key = fit_key(said.thread_key) if said.thread_key else ""
        begins: str | None = None
        known = next((place for key in said.above if (place := self.places.get(fit_key(key)))), None)
        if parent is not None:
            thread = parent.thread
        elif known is not None:
            thread = known.thread
        elif thread_key and thread_key in self.threads:
            thread = self.threads[thread_key]
        else:
            thread, begins = pk, thread_key or None
        if thread_key:
            self.threads.setdefault(thread_key, thread)
        depth = parent.depth + 1 if parent else 1
        order_key = key_below(parent.order_key if parent else "", pk)
        at = post.at or self.now
        lang = (post.lang or self.source.lang)[:35]
        parent_id = parent.pk if parent else None
        row = (pk, self.source.process_id, self.source.pk, key, self.document_id, None, None, thread, begins, parent_id)
        self.inputs.append((*row, reply_to, depth, order_key, lang, InputState.NEW.value, 1, at, self.now))
        self.places[key] = _Place(pk, thread, depth, order_key, 1, self.now)
        self.hashes[pk] = {digest}
        self.new[key] = pk
        self._word(pk, 1, said, lang, digest)

    def _word(self, pk: int, number: int, said: SaidThere, lang: str, digest: str) -> None:
        post = said.post
        text, heading, author = keep_storable(post.text), keep_storable(said.heading), keep_storable(post.author)
        speaker = _SPEAKERS[post.author_kind]
        extra = {keep_storable(name): keep_storable(value) for name, value in post.extra.items()}
        stance, kind = extra.get("stance", ""), extra.get("kind", "")
        headcount = extra.get("headcount", "")
        wording_id = next(self.wording_ids)
        self.wordings.append(
            (
                wording_id,
                pk,
                number,
                kind if kind in _KINDS else self.kind.value,
                heading,
                text,
                render_blocks(text),
                lang,
                stance if stance in _STANCES else "",
                speaker.value,
                # An address of the network is no name that somebody goes by.
                "" if post.author_kind == "address" else author,
                "" if speaker is SpeakerKind.GROUP else extra.get("address") or author,
                None,
                int(headcount) if headcount.isascii() and headcount.isdecimal() and len(headcount) < 9 else None,
                post.at,
                self.now,
                digest,
                extra,
            )
        )
        for name, value in extra.items():
            self._tell(wording_id, name, value)
        for file in post.attachments:
            name, media_type = keep_storable(file.name), keep_storable(file.media_type)[:150]
            row = Attachment(name=name, media_type=media_type, size=file.size, sha256=file.sha256[:64])
            row.wording_id = wording_id
            self.attachments.append(row)

    def _tell(self, wording_id: int, name: str, value: str) -> None:
        """What was said to a question, and what somebody told of themselves."""
        what, colon, about = name.partition(":")
        if not colon or not value.strip():
            return
        if what == "answer":
            asked = self.questions.get(about)
            self.responses.append(
                QuestionResponse(
                    wording_id=wording_id, question_id=asked, asked=about, text=value, html=render_blocks(value)
                )
            )
        elif what == "context":
            self.contexts.append(ContextFact(wording_id=wording_id, kind=about[:60], value=value[:200]))

    def _change(self, changed: Sequence[tuple[_Place, SaidThere, str]]) -> int:
        """Further wordings for what was said otherwise before; none for what the law had taken away."""
        if not changed:
            return 0
        pks = {place.pk for place, _said, _digest in changed}
        # Whoever redacts one of them at the same time came first, or waits for this.
        _hold(Input.objects.filter(pk__in=pks))
        redacted = set(Redaction.objects.filter(input__in=pks).values_list("input_id", flat=True))
        written = 0
        for place, said, digest in changed:
            if place.pk in redacted:
                self._report(said, "redacted")
                continue
            if place.recorded_at >= self.began:
                self._report(said, "id used twice")
            number = self.versions.get(place.pk, place.versions) + 1
            self.versions[place.pk] = number
            self._word(place.pk, number, said, (said.post.lang or self.source.lang)[:35], digest)
            written += 1
        return written

    def _insert(self) -> None:
        if self.inputs:
            _INPUTS.insert(self.inputs)
            first = min(self.new.values())
            statements = Statements()
            count_inputs(
                statements,
                source=self.source,
                document_id=self.document_id,
                inputs=len(self.inputs),
                first_id=first,
            )
            statements.run()
        if self.wordings:
            _WORDINGS.insert(self.wordings)
        Attachment.objects.bulk_create(self.attachments)
        QuestionResponse.objects.bulk_create(self.responses)
        ContextFact.objects.bulk_create(self.contexts)
        by_number: dict[int, list[int]] = {}
        for pk, number in self.versions.items():
            by_number.setdefault(number, []).append(pk)
        for number, pks in by_number.items():
            Input.objects.filter(pk__in=pks).update(versions=number)
        if self.versions:
            renew_words(self.versions)

    def _join_waiting(self) -> None:
        """Hang what waited for a post of this batch below it, with all that hangs below that."""
        if not self.new:
            return
        found = Input.objects.filter(source=self.source, parent__isnull=True, reply_to__in=list(self.new))
        waiting = list(found.order_by("pk").values_list("pk", "reply_to", "thread_id"))
        if waiting:
            # Whoever replies in one of these conversations meanwhile came first and moves along, or waits for this.
            _hold(Input.objects.filter(thread__in={thread for _pk, _key, thread in waiting}))
        for pk, key, _thread in waiting:
            if key is not None and not hang_below(pk, self.new[key]):
                self.find(Finding(key, "replies in a circle", ""))

    def _report(self, said: SaidThere, reason: str) -> None:
        self.find(Finding(said.post.id[:_SHOWN], reason, said.post.text[:_SHOWN]))


def _hold(inputs: QuerySet[Input]) -> None:
    """Hold rows until the transaction ends; in one order, so that nobody deadlocks."""
    list(inputs.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def key_of(post: Post) -> str:
    """What tells a post from the others of its source: its id, or what it says where it has none."""
    return fit_key(post.id) if post.id else f"content:{hash_post(post)}"


def hang_below(pk: int, parent_pk: int) -> bool:
    """Let input `pk`, which replied to none, reply to `parent_pk`, and their conversations become one.

    False where the parent hangs below the input itself, so that there is no way to read it. Part of a transaction.
    """
    places = {
        found: (thread, depth, key)
        for found, thread, depth, key in Input.objects.filter(pk__in=[pk, parent_pk]).values_list(
            "pk", "thread_id", "depth", "order_key"
        )
    }
    thread, _depth, key = places[pk]
    to_thread, above, parent_key = places[parent_pk]
    if thread == to_thread and parent_key.startswith(key):
        return False
    below = list(Input.objects.filter(thread=thread, order_key__startswith=key).only("pk", "depth", "order_key"))
    for said in below:
        said.depth += above
        said.order_key = move_key(said.order_key, parent_key)
    if len(below) == 1:
        Input.objects.filter(pk=pk).update(depth=below[0].depth, order_key=below[0].order_key, parent=parent_pk)
    else:
        Input.objects.bulk_update(below, ["depth", "order_key"], batch_size=200)
        Input.objects.filter(pk=pk).update(parent=parent_pk)
    if thread != to_thread:
        Input.objects.filter(thread=thread).update(thread=to_thread)
    return True
