"""One batch of an import: what is new, what changed, and where everything hangs."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.bulk import BulkInsert, Statements, reserve_ids
from harken.base.markup import render_blocks
from harken.core.talk.model import Finding, Post, hash_post
from harken.core.talk.tables.posts import text_beside_answers
from harken.inputs.actions.counting import Counted, count_all
from harken.inputs.actions.hanging import hang_below, hold_inputs
from harken.inputs.actions.indexing import renew_words
from harken.inputs.actions.sources import ConsentSources
from harken.inputs.actions.withholding import withhold_inputs
from harken.inputs.consent import consent_to, strictest
from harken.inputs.foreign import place_of
from harken.inputs.models import (
    Attachment,
    Consent,
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
from harken.inputs.queries.named import NamedTexts, has_marks
from harken.inputs.queries.rules import was_late
from harken.inputs.storable import fit_key, keep_storable
from harken.inputs.threads import key_below
from harken.processes.actions import mark_changed
from harken.processes.models import Phase

_SPEAKERS: Final = {
    "account": SpeakerKind.PSEUDONYM,
    "mailbox": SpeakerKind.PSEUDONYM,
    "address": SpeakerKind.UNKNOWN,
    "group": SpeakerKind.GROUP,
    "unknown": SpeakerKind.UNKNOWN,
}
_STANCES: Final = frozenset(Stance.values)
_KINDS: Final = frozenset(TextKind.values)
_OF_ONE_PERSON: Final = frozenset({TextKind.RESPONSE.value, TextKind.STATEMENT.value})
_SHOWN: Final = 120
# SQLite takes 32,766 values in a statement, where nobody built it for more (https://www.sqlite.org/limits.html).
_MOST_ASKED: Final = 10_000

_INPUTS: Final = BulkInsert(
    Input,
    *("id", "process", "source", "external_id", "document", "passage", "anchor", "thread", "thread_key", "parent"),
    *("reply_to", "depth", "order_key", "lang", "state", "is_late", "versions", "at", "recorded_at"),
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


_PLACE: Final = ("pk", "thread_id", "depth", "order_key", "versions", "recorded_at", "source_id", "document_id")


class _Place(NamedTuple):
    """Where an input hangs."""

    pk: int
    thread: int
    depth: int
    order_key: str
    versions: int
    recorded_at: datetime.datetime
    source: int
    document: int | None


@dataclass(slots=True)
class BatchCounts:
    """What became of posts."""

    added: int = 0
    changed: int = 0
    same: int = 0
    late: int = 0

    def __iadd__(self, other: "BatchCounts") -> Self:
        self.added += other.added
        self.changed += other.changed
        self.same += other.same
        self.late += other.late
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


@dataclass(frozen=True, slots=True)
class ImportTask:
    """What holds for every batch of an import.

    `document` is the id of what something is about that names no text of its own; `texts` looks up those it may name,
    when the first does. `questions` are the process's guiding questions, their ids by their words; `giving` its phases
    that take input.
    """

    actor: Actor
    origin: str
    source: Source
    sources: ConsentSources
    document: int | None
    texts: Callable[[], NamedTexts]
    kind: TextKind
    is_fixed: bool
    find: Callable[[Finding], None]
    began: datetime.datetime
    questions: Mapping[str, int]
    giving: Sequence[Phase]


def write_batch(task: ImportTask, batch: Sequence[SaidThere]) -> BatchCounts:
    """Put a batch into the ledger, in a transaction of its own that whoever calls this began."""
    # Two imports of one source take turns; whoever speaks meanwhile does not wait.
    Source.objects.select_for_update(no_key=True).get(pk=task.source.pk)
    task.sources.look()
    return _Batch(task, batch).write()


class _Batch:
    def __init__(self, task: ImportTask, batch: Sequence[SaidThere]) -> None:
        self.task = task
        self.source = task.source
        self.find = task.find
        self.of_sources = Input.objects.filter(source__in=list(task.sources.sources))
        self.batch = list(order_parents_first(batch))
        self.now = timezone.now()
        self.places: dict[str, _Place] = {}
        self.hashes: dict[int, set[str]] = {}
        self.threads: dict[str, int] = {}
        self.input_ids, self.wording_ids = map(iter, reserve_ids(len(batch), Input, Wording))
        self.inputs: list[tuple[object, ...]] = []
        self.counted: list[Counted] = []
        self.wordings: list[tuple[object, ...]] = []
        self.attachments: list[Attachment] = []
        self.responses: list[QuestionResponse] = []
        self.contexts: list[ContextFact] = []
        self.late = 0
        self.refused: dict[int, tuple[Consent, SaidThere]] = {}
        self.are_marked: dict[int, bool] = {}
        self.new: dict[str, int] = {}
        self.versions: dict[int, int] = {}

    def write(self) -> BatchCounts:
        counts = BatchCounts()
        keyed = [(key_of(said.post), said) for said in self.batch]
        self._load([key for key, _said in keyed])
        if self.task.is_fixed:
            keyed = self._set_apart(keyed)
        changed: list[tuple[_Place, SaidThere, str]] = []
        for key, said in keyed:
            digest = hash_post(said.post)
            place = self.places.get(key)
            if place is None:
                self._add(key, said, digest)
                counts.added += 1
                continue
            self._compare_consent(place, said)
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
        counts.late = self.late
        self._insert()
        self._join_waiting()
        self._withhold()
        return counts

    def _compare_consent(self, place: _Place, said: SaidThere) -> None:
        """Remember what its speaker agrees to less than the source says that it lies in."""
        agreed = consent_to(said.post)
        if agreed is not None:
            there = self.task.sources.consent_of(place.source)
            if strictest(there, agreed) != there:
                self.refused[place.pk] = (agreed, said)

    def _withhold(self) -> None:
        if not self.refused:
            return
        agreed = {pk: consent for pk, (consent, _said) in self.refused.items()}
        held = withhold_inputs(actor=self.task.actor, agreed=agreed, origin=self.task.origin)
        todo = _("It was open to more people and now waits for a moderator: hide it, or have name or words redacted.")
        for pk in sorted(held):
            _consent, said = self.refused[pk]
            word = said.post.extra.get("consent_said", "")[:_SHOWN]
            self.find(Finding(place_of(said.post), "stricter_consent", f"{word}: {todo}" if word else todo))

    def _load(self, keys: Sequence[str]) -> None:
        """Look up what of this batch, of what it replies to and of its conversations is in the ledger."""
        keys_there = {*keys, *(fit_key(said.reply_to) for said in self.batch if said.reply_to)}
        keys_there.update(fit_key(key) for said in self.batch for key in said.above)
        self._load_places(list(keys_there))
        self._load_hashes(keys)
        conversations = {fit_key(said.thread_key) for said in self.batch if said.thread_key}
        if conversations:
            begun = self.of_sources.filter(thread_key__in=conversations)
            rows = begun.order_by("-pk").values_list("thread_key", "thread_id")
            self.threads = {key: thread for key, thread in rows if key is not None}

    def _load_places(self, wanted: Sequence[str]) -> None:
        for start in range(0, len(wanted), _MOST_ASKED):
            found = self.of_sources.filter(external_id__in=wanted[start : start + _MOST_ASKED])
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
        source = self.task.sources.for_consent(consent_to(post))
        document = self._find_document(said, parent or known)
        if thread == pk:
            self.are_marked[thread] = has_marks(said.heading)
        row = (pk, source.process_id, source.pk, key, document, None, None, thread, begins, parent_id)
        # A clock that is ahead makes nothing late: what is here was said by now.
        is_late = was_late(self.task.giving, min(at, self.now))
        self.late += is_late
        state = InputState.NEW.value
        self.inputs.append((*row, reply_to, depth, order_key, lang, state, is_late or None, 1, at, self.now))
        self.counted.append(Counted(source, document, pk))
        self.places[key] = _Place(pk, thread, depth, order_key, 1, self.now, source.pk, document)
        self.hashes[pk] = {digest}
        self.new[key] = pk
        self._word(pk, 1, said, lang, digest)

    def _find_document(self, said: SaidThere, above: _Place | None) -> int | None:
        """What it is about: what it names itself, else what its conversation does under whose heading that began."""
        about = said.post.extra.get("about", "")
        if about:
            named = self.task.texts().find(about)
            if named is None:
                self.find(Finding(place_of(said.post), "no_such_text", about[:_SHOWN]))
                return self.task.document
            return named.pk
        marked = self.task.texts().find_marked(said.heading) if has_marks(said.heading) else None
        if marked is not None:
            return marked.pk
        if above is not None and above.document != self.task.document and self._is_marked(above.thread):
            return above.document
        return self.task.document

    def _is_marked(self, thread: int) -> bool:
        """Whether a conversation began under a heading that names a text: its later headings may be others."""
        if thread not in self.are_marked:
            heading = Wording.objects.filter(input=thread, number=1).values_list("heading", flat=True).first() or ""
            self.are_marked[thread] = has_marks(heading) and self.task.texts().find_marked(heading) is not None
        return self.are_marked[thread]

    def _word(self, pk: int, number: int, said: SaidThere, lang: str, digest: str) -> None:
        post = said.post
        text = keep_storable(text_beside_answers(post))
        heading = keep_storable(said.heading)
        extra = {keep_storable(name): keep_storable(value) for name, value in post.extra.items()}
        stance, kind = extra.get("stance", ""), extra.get("kind", "")
        kind = kind if kind in _KINDS else self.task.kind.value
        wording_id = next(self.wording_ids)
        self.wordings.append(
            (
                wording_id,
                pk,
                number,
                kind,
                heading,
                text,
                render_blocks(text),
                lang,
                stance if stance in _STANCES else "",
                *self._speaker(post, extra, kind),
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

    def _speaker(self, post: Post, extra: Mapping[str, str], kind: str) -> tuple[str, str, str, None, int | None]:
        """Who said it: kind, name, account, participant, headcount; the group its source speaks for if it says none.

        A response to a survey or a statement is one person's, known or not, unless it says that several gave it.
        """
        author, told = keep_storable(post.author), extra.get("headcount", "")
        headcount = int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else None
        source = self.task.sources.first
        group = source.group.name if source.group else source.group_name
        alone = post.author_kind == "address" or (kind in _OF_ONE_PERSON and post.author_kind != "group")
        if group and not alone and not author.strip():
            return SpeakerKind.GROUP.value, group, "", None, source.headcount if headcount is None else headcount
        speaker = _SPEAKERS[post.author_kind]
        # An address of the network is no name that somebody goes by.
        name = "" if post.author_kind == "address" else author
        account = "" if speaker is SpeakerKind.GROUP else extra.get("address") or author
        return speaker.value, name, account, None, headcount

    def _tell(self, wording_id: int, name: str, value: str) -> None:
        """What was said to a question, and what somebody told of themselves."""
        what, colon, about = name.partition(":")
        if not colon or not value.strip():
            return
        if what == "answer":
            asked = self.task.questions.get(about)
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
        hold_inputs(Input.objects.filter(pk__in=pks))
        redacted = set(Redaction.objects.filter(input__in=pks).values_list("input_id", flat=True))
        written = 0
        for place, said, digest in changed:
            if place.pk in redacted:
                self._report(said, "redacted")
                continue
            if place.recorded_at >= self.task.began:
                self._report(said, "id used twice")
            number = self.versions.get(place.pk, place.versions) + 1
            self.versions[place.pk] = number
            self._word(place.pk, number, said, (said.post.lang or self.source.lang)[:35], digest)
            written += 1
        return written

    def _insert(self) -> None:
        if self.inputs:
            _INPUTS.insert(self.inputs)
            statements = Statements()
            count_all(statements, self.counted)
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
            # What is new is counted, and pages are made anew for another number: other words have none.
            mark_changed(self.source.process)

    def _join_waiting(self) -> None:
        """Hang what waited for a post of this batch below it, with all that hangs below that."""
        if not self.new:
            return
        found = self.of_sources.filter(parent__isnull=True, reply_to__in=list(self.new))
        waiting = list(found.order_by("pk").values_list("pk", "reply_to", "thread_id"))
        if waiting:
            # Whoever replies in one of these conversations meanwhile came first and moves along, or waits for this.
            hold_inputs(Input.objects.filter(thread__in={thread for _pk, _key, thread in waiting}))
        for pk, key, _thread in waiting:
            if key is not None and not hang_below(pk, self.new[key]):
                self.find(Finding(key, "replies in a circle", ""))

    def _report(self, said: SaidThere, reason: str) -> None:
        self.find(Finding(said.post.id[:_SHOWN], reason, said.post.text[:_SHOWN]))


def key_of(post: Post) -> str:
    """What tells a post from the others of its source: its id, or what it says where it has none."""
    return fit_key(post.id) if post.id else f"content:{hash_post(post)}"
