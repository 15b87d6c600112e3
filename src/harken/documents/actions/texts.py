"""Beginning texts: chapters, and documents with their first revision."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.models import SearchEntry
from harken.base.permits import require
from harken.base.search import index_entries
from harken.documents.actions.locking import lock_iteration
from harken.documents.actions.ready import make_ready
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, Passage, PassageKind, Publication, Revision, Version
from harken.documents.permissions import may_write_documents, may_write_for
from harken.documents.version_html import render_passage
from harken.people.models import Group
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration

# Without vowels and look-alikes: an id is read aloud, typed from paper, and never spells a word.
_ID_ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH: Final = 9
_BATCH: Final = 1000
SEARCH_SOURCE: Final = "document"


class NoTitle(Exception):
    """A document needs exactly one title, and words in it."""


class CodeUsed(Exception):
    """A document of this iteration has, or had, the code; codes are never used again."""


def new_public_id() -> str:
    """A passage's permanent id."""
    number = secrets.randbelow(len(_ID_ALPHABET) ** _ID_LENGTH)
    letters = []
    for _place in range(_ID_LENGTH):
        number, letter = divmod(number, len(_ID_ALPHABET))
        letters.append(_ID_ALPHABET[letter])
    return "".join(letters)


def title_of(passages: Sequence[DraftPassage]) -> str:
    """The one title. Raises `NoTitle`."""
    titles = [passage.text.strip() for passage in passages if passage.kind == PassageKind.TITLE]
    if len(titles) != 1 or not titles[0]:
        raise NoTitle(_("A document needs exactly one title."))
    return titles[0]


def lede_of(passages: Sequence[DraftPassage]) -> str:
    """The summary; without one the first paragraph."""
    for kind in (PassageKind.SUMMARY, PassageKind.PARAGRAPH):
        for passage in passages:
            if passage.kind == kind:
                return passage.text
    return ""


def make_version(passage: Passage, draft: DraftPassage, lang: str) -> Version:
    """A version of `passage` that says what `draft` says; not saved."""
    return Version(
        passage=passage,
        kind=draft.kind,
        section=draft.section,
        lang=draft.lang or lang,
        marker=draft.marker,
        level=draft.level,
        text=draft.text,
        html=render_passage(draft.kind, draft.text),
    )


def make_revision(
    actor: Actor,
    document: Document,
    number: int,
    version_ids: list[int],
    *,
    note: str,
    change_class: str = "",
    blanks: Sequence[int | None] = (),
    credit: Sequence[str] = (),
) -> Revision:
    """A revision of `document`, by `actor`, now; not saved."""
    return Revision(
        document=document,
        number=number,
        version_ids=version_ids,
        blanks=list(blanks) if any(blank is not None for blank in blanks) else [],
        credits=list(credit),
        author_id=actor.pk if actor.is_authenticated else None,
        author_name=name_of(actor),
        at=timezone.now(),
        note=note,
        change_class=change_class,
    )


def document_address(iteration: Iteration, code: str) -> str:
    """Where a document lies, below the interface language's root. Permanent."""
    return f"processes/{iteration.process.slug}/{iteration.slug}/{code}/"


def index_documents(documents: Iterable[tuple[Document, Sequence[str]]], iteration: Iteration) -> None:
    """Let published documents be found by their words."""
    index_entries(
        SearchEntry(
            source=SEARCH_SOURCE,
            object_id=document.pk,
            process_id=iteration.process_id,
            code=document.code,
            title=document.title,
            text="\n".join(text for text in texts if text != document.title),
            lang=document.lang,
            address=document_address(iteration, document.code),
            shown=iteration.is_public,
        )
        for document, texts in documents
    )


@transaction.atomic
def write_chapter(
    *,
    actor: Actor,
    iteration: Iteration,
    group: Group,
    position: int,
    lang: str,
    notes: Sequence[str] = (),
    headings: Sequence[str] = (),
) -> Chapter:
    """Begin a group's part of an iteration, or change its notes and headings where it is there already."""
    require(may_write_documents(actor, iteration.process))
    words = {"position": position, "lang": lang, "notes": list(notes), "headings": list(headings)}
    chapter, created = Chapter.objects.update_or_create(iteration=iteration, group=group, defaults=words)
    entry = SearchEntry(
        source="chapter",
        object_id=chapter.pk,
        process_id=iteration.process_id,
        code=group.code,
        title=group.name,
        text="\n".join([*notes, *headings]),
        lang=lang,
        address=f"processes/{iteration.process.slug}/{iteration.slug}/#{group.code}",
        shown=iteration.is_public and bool(notes or headings),
    )
    index_entries([entry])
    mark_changed(iteration.process)
    verb = "began chapter" if created else "changed chapter"
    record_event(actor=actor, verb=verb, subject=chapter, detail=words)
    return chapter


@transaction.atomic
def create_documents(
    *, actor: Actor, chapter: Chapter, drafts: Sequence[DraftDocument], note: str = "", publish: bool = True
) -> list[Document]:
    """Add documents to a group's chapter, each with its first revision.

    `publish` shows them to readers at once, as what was published elsewhere is when it is brought in; otherwise they
    are private drafts. Raises `CodeUsed` when one of the codes was ever given in the iteration, `NoTitle` for a
    document without one.
    """
    iteration = chapter.iteration
    require(may_write_for(actor, chapter.group, iteration.process))
    lock_iteration(iteration)
    codes = [draft.code for draft in drafts]
    used = set(Document.objects.filter(iteration=iteration, code__in=codes).values_list("code", flat=True))
    twice = used | {code for code, times in Counter(codes).items() if times > 1}
    if twice:
        raise CodeUsed(_("%(codes)s: used already in this iteration.") % {"codes": ", ".join(sorted(twice))})
    made: list[Document] = []
    for start in range(0, len(drafts), _BATCH):
        batch = drafts[start : start + _BATCH]
        documents = _create_batch(actor=actor, chapter=chapter, drafts=batch, note=note)
        made += documents
        if publish:
            _publish_first(actor, documents)
            texts = ([passage.text for passage in draft.passages] for draft in batch)
            index_documents(zip(documents, texts, strict=True), iteration)
    if publish:
        Iteration.objects.filter(pk=iteration.pk).update(document_count=F("document_count") + len(made))
        mark_changed(iteration.process)
    detail = {"codes": codes, "note": note, "published": publish}
    record_event(actor=actor, verb="created documents", subject=chapter, detail=detail)
    return made


def _create_batch(*, actor: Actor, chapter: Chapter, drafts: Sequence[DraftDocument], note: str) -> list[Document]:
    documents = Document.objects.bulk_create(
        Document(
            iteration=chapter.iteration,
            chapter=chapter,
            kind=draft.kind,
            template=draft.template,
            code=draft.code,
            number=draft.number,
            position=draft.position,
            heading=draft.heading,
            lang=draft.lang,
            title=title_of(draft.passages),
            lede=lede_of(draft.passages),
        )
        for draft in drafts
    )
    owners = [
        (document, passage) for document, draft in zip(documents, drafts, strict=True) for passage in draft.passages
    ]
    passages = Passage.objects.bulk_create(
        Passage(document=document, public_id=new_public_id()) for document, _draft in owners
    )
    versions = Version.objects.bulk_create(
        make_version(passage, draft, document.lang) for passage, (document, draft) in zip(passages, owners, strict=True)
    )
    of_document: dict[int, list[int]] = {document.pk: [] for document in documents}
    for version, (document, _draft) in zip(versions, owners, strict=True):
        of_document[document.pk].append(version.pk)
    revisions = Revision.objects.bulk_create(
        make_revision(
            actor,
            document,
            1,
            of_document[document.pk],
            note=note,
            blanks=[passage.blank for passage in draft.passages],
        )
        for document, draft in zip(documents, drafts, strict=True)
    )
    for document, revision in zip(documents, revisions, strict=True):
        document.current = revision
    first = Revision.objects.filter(document=OuterRef("pk"), number=1).values("pk")
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(current=Subquery(first))
    return documents


def _publish_first(actor: Actor, documents: Sequence[Document]) -> None:
    Publication.objects.bulk_create(
        Publication(
            document=document,
            revision=document.current,
            by_id=actor.pk if actor.is_authenticated else None,
            by_name=name_of(actor),
            at=timezone.now(),
        )
        for document in documents
        if document.current
    )
    for document in documents:
        document.published = document.current
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(published=F("current"))
    make_ready(documents)
