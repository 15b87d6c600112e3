"""What people say themselves, on this site or at a meeting."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.bulk import reserve_ids
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.documents.actions.anchors import place_anchor
from harken.documents.actions.remarks import NothingSaid
from harken.documents.models import Anchor, Document, Passage, Version
from harken.inputs.actions.counting import count_inputs
from harken.inputs.actions.sources import FORM_KEY, form_source
from harken.inputs.models import (
    ContextFact,
    Input,
    QuestionResponse,
    Source,
    SpeakerKind,
    Stance,
    TextKind,
    Wording,
)
from harken.inputs.permissions import may_give_input, may_import_inputs, may_see_input
from harken.inputs.storable import fit_key, keep_storable
from harken.inputs.threads import key_below
from harken.processes.models import GuidingQuestion, Process

LONGEST: Final = 50_000
"""Characters that one input may have: twenty pages."""


class TooLong(Exception):
    """An input has more characters than one may have."""


class NotAboutThat(Exception):
    """The document, passage or input that something is about does not belong to the process or to each other."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: whoever acts unless a name, a group with its headcount, or nobody is named."""

    kind: SpeakerKind = SpeakerKind.PARTICIPANT
    name: str = ""
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text that something is about: `version.text[start:end]`, in code points."""

    version: Version
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class About:
    """What is spoken about: a document, a passage of it, words of it; none of these for the whole process."""

    document: Document | None = None
    passage: Passage | None = None
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said: the text in a language, and what goes with it.

    `responses` holds guiding questions with what is said to them; `contexts` what the speaker chose to tell.
    """

    text: str
    lang: str = ""
    heading: str = ""
    kind: TextKind = TextKind.MESSAGE
    stance: Stance | None = None
    responses: Sequence[tuple[GuidingQuestion, str]] = ()
    contexts: Sequence[tuple[str, str]] = ()

    @property
    def length(self) -> int:
        """How many characters are said in all."""
        return len(self.text) + len(self.heading) + sum(len(text) for _question, text in self.responses)


@transaction.atomic
def record_input(
    *,
    actor: Actor,
    process: Process,
    said: Said,
    about: About | None = None,
    speaker: Speaker | None = None,
    reply_to: Input | None = None,
    source: Source | None = None,
    token: str = "",
    said_at: datetime.datetime | None = None,
    origin: str = "",
) -> Input:
    """Put into the ledger what somebody says: on this site, or, with a `source`, what a liaison collected from others.

    A `token` names one sending of a form: what comes again with the same one is the input that is there already.
    Raises `NothingSaid`, `TooLong`, `NotAboutThat`, `NotThere`.
    """
    about = about or About()
    document = about.document
    require(
        may_give_input(actor, process, document)
        if source is None or source.key == FORM_KEY
        else may_import_inputs(actor, process)
    )
    _check(process, said, about, source)
    if reply_to is not None:
        require(may_see_input(actor, reply_to))
        reply_to = Input.objects.select_for_update(of=("self",), no_key=True).get(pk=reply_to.pk, process=process)
    source = source or form_source(process)
    external_id = fit_key(token) if token else uuid.uuid4().hex
    if token and (there := Input.objects.filter(source=source, external_id=external_id).first()):
        return there
    now = timezone.now()
    [pk] = reserve_ids(Input, 1)
    anchor = _place(actor, document, about)
    passage = about.passage or (anchor.passage if anchor else None)
    recorded = Input.objects.create(
        pk=pk,
        process=process,
        source=source,
        external_id=external_id,
        document=document,
        passage=passage,
        anchor=anchor,
        thread_id=reply_to.thread_id if reply_to else pk,
        parent=reply_to,
        # What it replies to may lie in another source, whose ids mean nothing here.
        reply_to=reply_to.external_id if reply_to and reply_to.source_id == source.pk else None,
        depth=reply_to.depth + 1 if reply_to else 1,
        order_key=key_below(reply_to.order_key if reply_to else "", pk),
        lang=said.lang,
        at=said_at or now,
        recorded_at=now,
    )
    _write_wording(actor, recorded, said, speaker or Speaker(), said_at or now)
    count_inputs(source=source, document_id=recorded.document_id, inputs=1, first_id=pk)
    record_event(actor=actor, verb="gave input", subject=recorded, origin=origin)
    return recorded


def _check(process: Process, said: Said, about: About, source: Source | None) -> None:
    if not said.text.strip() and not any(text.strip() for _question, text in said.responses):
        raise NothingSaid(_("Write what you want to say."))
    if said.length > LONGEST:
        sentence = _("This is %(length)d characters long; an input may have %(most)d. Say it in several.")
        raise TooLong(sentence % {"length": said.length, "most": LONGEST})
    document = about.document
    belongs = (document is None and about.passage is None and about.words is None) or (
        document is not None
        and document.iteration.process_id == process.pk
        and (about.passage is None or about.passage.document_id == document.pk)
    )
    if not belongs or (source is not None and source.process_id != process.pk):
        raise NotAboutThat(_("What this is about does not lie in %(process)s.") % {"process": process.name})


def _place(actor: Actor, document: Document | None, about: About) -> Anchor | None:
    if document is None or about.words is None:
        return None
    words = about.words
    return place_anchor(actor=actor, document=document, version=words.version, start=words.start, end=words.end)


def _write_wording(
    actor: Actor, recorded: Input, said: Said, speaker: Speaker, said_at: datetime.datetime, number: int = 1
) -> Wording:
    text, heading = keep_storable(said.text.strip()), keep_storable(said.heading.strip())
    is_known = actor.is_authenticated and actor.pk is not None
    kind = speaker.kind
    if kind == SpeakerKind.PARTICIPANT and not is_known:
        kind = SpeakerKind.PSEUDONYM if speaker.name else SpeakerKind.UNKNOWN
    name = keep_storable(speaker.name.strip())
    if kind == SpeakerKind.PARTICIPANT:
        name = name_of(actor)
    # A liaison who writes down what others said is none of the speakers.
    speaks = is_known and recorded.source.key == FORM_KEY and kind != SpeakerKind.GROUP
    wording = Wording.objects.create(
        input=recorded,
        number=number,
        kind=said.kind,
        heading=heading,
        text=text,
        html=render_blocks(text),
        lang=said.lang,
        stance=said.stance or "",
        speaker_kind=kind,
        speaker_name=name,
        participant_id=actor.pk if speaks else None,
        headcount=speaker.headcount,
        said_at=said_at,
        recorded_at=recorded.recorded_at,
        content_hash=_hash(said, name),
    )
    for question, response in said.responses:
        words = keep_storable(response.strip())
        if words:
            QuestionResponse.objects.create(
                wording=wording, question=question, asked=question.text, text=words, html=render_blocks(words)
            )
    ContextFact.objects.bulk_create(
        ContextFact(wording=wording, kind=kind, value=keep_storable(value.strip())[:200])
        for kind, value in said.contexts
        if value.strip()
    )
    return wording


def _hash(said: Said, name: str) -> str:
    parts = [name, said.heading, said.text, *(f"{question.text}\0{text}" for question, text in said.responses)]
    return hashlib.sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
