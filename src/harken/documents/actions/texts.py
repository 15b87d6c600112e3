"""Writing documents: new ones, and new revisions of existing ones."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.markup import render_blocks, render_line
from harken.base.models import SearchEntry
from harken.base.permits import require
from harken.base.search import index_entries
from harken.core.text.align import align
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import ChangeClass, Chapter, Document, Passage, PassageKind, Revision, Version
from harken.documents.permissions import may_write_documents
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


def _new_public_id() -> str:
    number = secrets.randbelow(len(_ID_ALPHABET) ** _ID_LENGTH)
    letters = []
    for _place in range(_ID_LENGTH):
        number, letter = divmod(number, len(_ID_ALPHABET))
        letters.append(_ID_ALPHABET[letter])
    return "".join(letters)


def _render(kind: PassageKind, text: str) -> str:
    return render_blocks(text) if kind == PassageKind.PARAGRAPH else render_line(text)


def _title_of(passages: Sequence[DraftPassage]) -> str:
    titles = [passage.text.strip() for passage in passages if passage.kind == PassageKind.TITLE]
    if len(titles) != 1 or not titles[0]:
        raise NoTitle(_("A document needs exactly one title."))
    return titles[0]


def _lede_of(passages: Sequence[DraftPassage]) -> str:
    """The summary; without one the first paragraph."""
    for kind in (PassageKind.SUMMARY, PassageKind.PARAGRAPH):
        for passage in passages:
            if passage.kind == kind:
                return passage.text
    return ""


def _make_version(passage: Passage, draft: DraftPassage, lang: str) -> Version:
    return Version(
        passage=passage,
        kind=draft.kind,
        lang=draft.lang or lang,
        text=draft.text,
        html=_render(draft.kind, draft.text),
    )


def document_address(iteration: Iteration, code: str) -> str:
    """Where a document lies, below the interface language's root. Permanent."""
    return f"processes/{iteration.process.slug}/{iteration.slug}/{code}/"


def _search_entry(document: Document, iteration: Iteration, texts: Iterable[str]) -> SearchEntry:
    return SearchEntry(
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
    *, actor: Actor, chapter: Chapter, drafts: Sequence[DraftDocument], note: str = ""
) -> list[Document]:
    """Add documents to a group's chapter, each with its first revision.

    Raises `CodeUsed` when one of the codes was ever given in the iteration, `NoTitle` for a document without one.
    """
    iteration = chapter.iteration
    require(may_write_documents(actor, iteration.process))
    codes = [draft.code for draft in drafts]
    used = set(Document.objects.filter(iteration=iteration, code__in=codes).values_list("code", flat=True))
    twice = used | {code for code, times in Counter(codes).items() if times > 1}
    if twice:
        raise CodeUsed(_("%(codes)s: used already in this iteration.") % {"codes": ", ".join(sorted(twice))})
    made: list[Document] = []
    for start in range(0, len(drafts), _BATCH):
        made += _create_batch(actor=actor, chapter=chapter, drafts=drafts[start : start + _BATCH], note=note)
    Iteration.objects.filter(pk=iteration.pk).update(document_count=F("document_count") + len(made))
    mark_changed(iteration.process)
    record_event(actor=actor, verb="created documents", subject=chapter, detail={"codes": codes, "note": note})
    return made


def _create_batch(*, actor: Actor, chapter: Chapter, drafts: Sequence[DraftDocument], note: str) -> list[Document]:
    documents = Document.objects.bulk_create(
        Document(
            iteration=chapter.iteration,
            chapter=chapter,
            code=draft.code,
            number=draft.number,
            position=draft.position,
            heading=draft.heading,
            lang=draft.lang,
            title=_title_of(draft.passages),
            lede=_lede_of(draft.passages),
        )
        for draft in drafts
    )
    owners = [
        (document, passage) for document, draft in zip(documents, drafts, strict=True) for passage in draft.passages
    ]
    passages = Passage.objects.bulk_create(
        Passage(document=document, public_id=_new_public_id()) for document, _draft in owners
    )
    versions = Version.objects.bulk_create(
        _make_version(passage, draft, document.lang)
        for passage, (document, draft) in zip(passages, owners, strict=True)
    )
    of_document: dict[int, list[int]] = {document.pk: [] for document in documents}
    for version, (document, _draft) in zip(versions, owners, strict=True):
        of_document[document.pk].append(version.pk)
    revisions = Revision.objects.bulk_create(
        _make_revision(actor, document, 1, of_document[document.pk], note, "") for document in documents
    )
    for document, revision in zip(documents, revisions, strict=True):
        document.current = revision
    first = Revision.objects.filter(document=OuterRef("pk"), number=1).values("pk")
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(current=Subquery(first))
    index_entries(
        _search_entry(document, chapter.iteration, (passage.text for passage in draft.passages))
        for document, draft in zip(documents, drafts, strict=True)
    )
    return documents


def _make_revision(
    actor: Actor, document: Document, number: int, version_ids: list[int], note: str, change_class: str
) -> Revision:
    return Revision(
        document=document,
        number=number,
        version_ids=version_ids,
        author_id=actor.pk if actor.is_authenticated else None,
        author_name=str(getattr(actor, "name", None) or actor)[:150],
        at=timezone.now(),
        note=note,
        change_class=change_class,
    )


def current_versions(document: Document) -> list[Version]:
    """The versions of the current revision in order, with their passages. One query beyond the document's."""
    if document.current is None:
        return []
    found = Version.objects.select_related("passage").in_bulk(document.current.version_ids)
    return [found[pk] for pk in document.current.version_ids]


def _match_passages(old: Sequence[Version], new: Sequence[DraftPassage]) -> list[Version | None]:
    """For each new passage the old version it continues, or None. A title continues the title."""
    by_id = {str(version.passage_id): version for version in old}
    matched: list[Version | None] = [None] * len(new)
    for is_title in (True, False):
        before = [version for version in old if (version.kind == PassageKind.TITLE) is is_title]
        places = [place for place, draft in enumerate(new) if (draft.kind == PassageKind.TITLE) is is_title]
        if is_title and before and places:
            matched[places[0]] = before[0]
            continue
        alignment = align(
            [(str(version.passage_id), version.text) for version in before], [new[p].text for p in places]
        )
        for row in alignment.rows:
            if row.old_id is not None:
                matched[places[row.new_index]] = by_id[row.old_id]
    return matched


@transaction.atomic
def revise_document(
    *,
    actor: Actor,
    document: Document,
    passages: Sequence[DraftPassage],
    note: str = "",
    change_class: ChangeClass | str = "",
) -> Revision | None:
    """Save new words: passages keep their ids where the text continues, and a new revision lists the versions.

    Returns None, and writes nothing, when the document already says exactly this. Raises `NoTitle`.
    """
    process = document.iteration.process
    require(may_write_documents(actor, process))
    title = _title_of(passages)
    locked = Document.objects.select_for_update(of=("self",)).select_related("current").get(pk=document.pk)
    old = current_versions(locked)
    wanted = [(draft.kind.value, draft.lang or locked.lang, draft.text) for draft in passages]
    if [(version.kind, version.lang, version.text) for version in old] == wanted:
        return None
    version_ids: list[int] = []
    for draft, before in zip(passages, _match_passages(old, passages), strict=True):
        same = before and (before.kind, before.lang, before.text) == (
            draft.kind.value,
            draft.lang or locked.lang,
            draft.text,
        )
        if before and same:
            version_ids.append(before.pk)
            continue
        passage = before.passage if before else Passage.objects.create(document=locked, public_id=_new_public_id())
        version = _make_version(passage, draft, locked.lang)
        version.save()
        version_ids.append(version.pk)
    number = (locked.current.number if locked.current else 0) + 1
    revision = _make_revision(actor, locked, number, version_ids, note, change_class)
    revision.save()
    locked.title, locked.lede, locked.current = title, _lede_of(passages), revision
    locked.save(update_fields=["title", "lede", "current"])
    index_entries([_search_entry(locked, document.iteration, (draft.text for draft in passages))])
    mark_changed(process)
    detail = {"revision": number, "note": note, "change_class": str(change_class)}
    record_event(actor=actor, verb="revised document", subject=locked, detail=detail)
    return revision
