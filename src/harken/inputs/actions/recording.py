"""What people say themselves, on this site or at a meeting."""

import datetime
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.documents.actions.anchors import place_anchor
from harken.documents.actions.remarks import NothingSaid
from harken.documents.models import Anchor, Document, Passage, Version
from harken.inputs.actions.sources import form_source
from harken.inputs.actions.writing import INPUTS_TO_WRITE, NewInput, NewWording, add_wording, write_inputs
from harken.inputs.models import Channel, Input, Source, SpeakerKind, Stance, Standing, TextKind, Wording
from harken.inputs.permissions import may_give_input, may_import_inputs, may_see_input
from harken.inputs.storable import fit_key, keep_storable
from harken.inputs.written_in import likely_languages, told_by_script
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

    `responses` holds guiding questions with what is said to them; `contexts` what the speaker chose to tell. Where they
    did not say the language, `page_lang` is that of the page they wrote on: words too few to tell it are taken for it.
    """

    text: str
    lang: str = ""
    page_lang: str = ""
    heading: str = ""
    kind: TextKind = TextKind.MESSAGE
    stance: Stance | None = None
    responses: Sequence[tuple[GuidingQuestion, str]] = ()
    contexts: Sequence[tuple[str, str]] = ()

    @property
    def length(self) -> int:
        """How many characters are said in all."""
        return len(self.text) + len(self.heading) + sum(len(text) for _question, text in self.responses)


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
    is_late: bool = False,
    standing: Standing | None = None,
    network: str = "",
    origin: str = "",
) -> Input:
    """Put into the ledger what somebody says: on this site, or, with a `source`, what a liaison collected from others.

    A `token` names one sending of a form: what comes again with the same one is the input that is there already.
    `is_late` marks what came after the phase for it had closed; `standing` is why it is not before everybody;
    `network` is where a form came from, see `Arrival`.

    What several people say at the same moment is written in one transaction. Raises `NothingSaid`, `TooLong`,
    `NotAboutThat`, `NotThere`.
    """
    about = about or About()
    document = about.document
    require(
        may_give_input(actor, process, document)
        if source is None or source.channel == Channel.FORM
        else may_import_inputs(actor, process)
    )
    _check(process, said, about, source)
    if reply_to is not None:
        require(may_see_input(actor, reply_to))
        if reply_to.process_id != process.pk:
            raise NotAboutThat(_("What this replies to does not lie in %(process)s.") % {"process": process.name})
    source = source or form_source(process)
    now = timezone.now()
    new = NewInput(
        source=source,
        external_id=fit_key(token) if token else uuid.uuid4().hex,
        once=bool(token),
        wording=word_what_is_said(actor, said, speaker or Speaker(), source),
        said_at=said_at or now,
        now=now,
        actor_id=actor.pk if actor.is_authenticated else None,
        actor_name=name_of(actor),
        origin=origin,
        document_id=document.pk if document else None,
        passage_id=about.passage.pk if about.passage else None,
        place=_placing(actor, document, about),
        reply_to=reply_to.pk if reply_to else None,
        along=reply_to is not None and reply_to.document_id == (document.pk if document else None),
        standing=standing,
        is_late=is_late,
        network=network,
    )
    if new.place is None:
        return INPUTS_TO_WRITE.submit(new)
    # Its document is locked while the anchor is placed: nobody who speaks of another waits for that.
    with transaction.atomic():
        return write_inputs([new])[0]


def check_words(said: Said) -> None:
    """Raise `NothingSaid` or `TooLong` for what cannot be an input."""
    if not said.text.strip() and not any(text.strip() for _question, text in said.responses):
        raise NothingSaid(_("Write what you want to say."))
    if said.length > LONGEST:
        sentence = _("This is %(length)d characters long; an input may have %(most)d. Say it in several.")
        raise TooLong(sentence % {"length": said.length, "most": LONGEST})


def _check(process: Process, said: Said, about: About, source: Source | None) -> None:
    check_words(said)
    document = about.document
    belongs = (document is None and about.passage is None and about.words is None) or (
        document is not None
        and document.iteration.process_id == process.pk
        and (about.passage is None or about.passage.document_id == document.pk)
    )
    if not belongs or (source is not None and source.process_id != process.pk):
        raise NotAboutThat(_("What this is about does not lie in %(process)s.") % {"process": process.name})


def _placing(actor: Actor, document: Document | None, about: About) -> Callable[[], Anchor] | None:
    words = about.words
    if document is None or words is None:
        return None
    return partial(
        place_anchor, actor=actor, document=document, version=words.version, start=words.start, end=words.end
    )


def name_speaker(actor: Actor, speaker: Speaker) -> tuple[SpeakerKind, str]:
    """Who is recorded as the speaker when `actor` says something: what kind of speaker, and under which name."""
    is_known = actor.is_authenticated and actor.pk is not None
    kind = speaker.kind
    if kind == SpeakerKind.PARTICIPANT and is_known:
        return kind, name_of(actor)
    if kind == SpeakerKind.PARTICIPANT:
        kind = SpeakerKind.PSEUDONYM if speaker.name else SpeakerKind.UNKNOWN
    return kind, keep_storable(speaker.name.strip())


def word_what_is_said(actor: Actor, said: Said, speaker: Speaker, source: Source) -> NewWording:
    """The wording that says this, storable and rendered. Reads and writes nothing."""
    text, heading = keep_storable(said.text.strip()), keep_storable(said.heading.strip())
    kind, name = name_speaker(actor, speaker)
    is_known = actor.is_authenticated and actor.pk is not None
    # A liaison who writes down what others said is none of the speakers.
    speaks = is_known and source.channel == Channel.FORM and kind != SpeakerKind.GROUP
    responses = [(question, keep_storable(response.strip())) for question, response in said.responses]
    is_asked = bool(said.page_lang) and not said.lang
    words = "\n".join((text, *(response for _question, response in responses)))
    return NewWording(
        kind=said.kind,
        heading=heading,
        text=text,
        html=render_blocks(text),
        lang=said.lang,
        told_lang=told_by_script(words, likely_languages(tuple(source.process.languages))) if is_asked else "",
        page_lang=said.page_lang if is_asked else "",
        stance=said.stance,
        speaker_kind=kind,
        speaker_name=name,
        participant_id=actor.pk if speaks else None,
        headcount=speaker.headcount,
        content_hash=hash_said(said, name),
        responses=[(question.pk, question.text, words, render_blocks(words)) for question, words in responses if words],
        contexts=[(name, keep_storable(value.strip())[:200]) for name, value in said.contexts if value.strip()],
    )


def write_wording(
    actor: Actor,
    recorded: Input,
    said: Said,
    speaker: Speaker,
    *,
    said_at: datetime.datetime,
    recorded_at: datetime.datetime,
    number: int,
) -> Wording:
    """Add a later wording to an input; part of the transaction that corrects it."""
    new = word_what_is_said(actor, said, speaker, recorded.source)
    return add_wording(recorded, number, new, said_at=said_at, now=recorded_at)


def hash_said(said: Said, name: str) -> str:
    """What tells the same words under the same name from others."""
    parts = [name, said.heading, said.text, *(f"{question.text}\0{text}" for question, text in said.responses)]
    return hashlib.sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
