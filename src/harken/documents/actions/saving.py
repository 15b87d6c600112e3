"""Saving words: new revisions in which passages keep their ids, and what two people wrote at once is merged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.following import follow_saved
from harken.documents.actions.locking import lock_document
from harken.documents.actions.texts import lede_of, make_revision, make_version, new_public_id, title_of
from harken.documents.drafts import DraftPassage
from harken.documents.identity import Branch, Identity, count_changed, identify_passages
from harken.documents.merging import Choice, MergedText, merge_texts
from harken.documents.models import (
    ChangeClass,
    Document,
    KeptText,
    LineageKind,
    Passage,
    PassageEdge,
    Revision,
    Version,
)
from harken.documents.permissions import may_edit_document
from harken.documents.queries.history import names_since
from harken.documents.queries.texts import find_revision, load_passages
from harken.documents.section_text import StoredPassage, check_document, check_size, check_text, draft_content
from harken.people.models import User


class EditConflict(Exception):
    """Two people changed the same passage; `merged` says where, and holds all that needs no decision."""

    def __init__(self, merged: MergedText) -> None:
        super().__init__(_("Somebody else changed the same passage meanwhile. Choose between the two."))
        self.merged = merged


class NoSuchRevision(Exception):
    """The document has no such revision."""

    @classmethod
    def of(cls, number: int) -> Self:
        """With the sentence about revision `number`."""
        return cls(_("This text has no revision %(number)s.") % {"number": number})


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: the new revision (None: it says this already), and what others wrote that is merged into it.

    `others` are the names of who saved since the words were begun, `merged_count` says how many passages they changed.
    """

    revision: Revision | None
    others: tuple[str, ...] = ()
    merged_count: int = 0


@transaction.atomic
def save_revision(
    *,
    actor: Actor,
    document: Document,
    passages: Sequence[DraftPassage],
    base: int | None = None,
    choices: Mapping[int, Choice] | None = None,
    note: str = "",
    change_class: ChangeClass | str = "",
    credit: Sequence[str] = (),
    returning: Sequence[StoredPassage] = (),
    loaded: Mapping[int, Sequence[StoredPassage]] | None = None,
) -> Saved:
    """Save new words as a revision of the draft; readers see them when it is published.

    Passages keep their ids where the text continues; what was split or merged gets edges. `base` is the number of the
    revision the words were written on (None: the current one): what others saved since is merged passage by passage,
    and only where both changed the same one `EditConflict` asks; `choices` answers by passage id with what shall
    stand there. `returning` are passages of an earlier revision that may come back with their ids. `loaded` are those
    of revisions that were loaded already, by the revision's key: they never change.

    Writes nothing when the document says exactly this already. Raises `NoTitle`, `CannotKeep`, `NoSuchRevision`.
    """
    require(may_edit_document(actor, document))
    locked = lock_document(document)
    check_document(passages)
    loaded = loaded or {}
    old = _find_loaded(loaded, locked.current)
    others: tuple[str, ...] = ()
    merged_count = 0
    splits: tuple[Branch, ...] = ()
    merges: tuple[Branch, ...] = ()
    if base is not None and (locked.current is None or base != locked.current.number):
        before = _find_loaded(loaded, _require_revision(locked, base))
        merged = merge_texts(base=before, theirs=old, mine=passages, choices=choices or {}, lang=locked.lang)
        if merged.conflicts:
            raise EditConflict(merged)
        passages, splits, merges = merged.passages, merged.splits, merged.merges
        # What they removed and mine changed comes back under its own id.
        returning = [*before, *returning]
        others, merged_count = names_since(locked, base), count_changed(before, old)
    title = title_of(passages)
    identity = identify_passages(old, passages).with_branches(splits, merges)
    new = _write_versions(locked, old, passages, identity, returning)
    versions, blanks = [passage.version_id for passage in new], [passage.blank for passage in new]
    if locked.current and versions == locked.current.version_ids and _same_blanks(blanks, locked.current.blanks):
        return Saved(None, others, merged_count)
    revision = make_revision(
        actor,
        locked,
        (locked.current.number if locked.current else 0) + 1,
        versions,
        note=note,
        change_class=change_class,
        blanks=blanks,
        credit=credit,
    )
    revision.save()
    locked.current = revision
    if locked.published_id is None:
        locked.title, locked.lede = title, lede_of(passages)
    locked.save(update_fields=["title", "lede", "current"])
    _write_edges(actor, revision, identity, new)
    follow_saved(revision=revision, old=old, new=new, identity=identity)
    document.current, document.title, document.lede = revision, locked.title, locked.lede
    detail = {"revision": revision.number, "note": note, "change_class": str(change_class)}
    record_event(actor=actor, verb="saved revision", subject=locked, detail=detail)
    return Saved(revision, others, merged_count)


def _require_revision(document: Document, number: int) -> Revision:
    found = find_revision(document, number)
    if found is None:
        raise NoSuchRevision.of(number)
    return found


def _same_blanks(new: Sequence[int | None], stored: Sequence[int | None]) -> bool:
    return list(new) == list(stored) or (not stored and not any(blank is not None for blank in new))


def _find_loaded(loaded: Mapping[int, Sequence[StoredPassage]], revision: Revision | None) -> Sequence[StoredPassage]:
    """The passages of a revision. No query where they were loaded already."""
    return loaded[revision.pk] if revision and revision.pk in loaded else load_passages(revision)


def _write_versions(
    document: Document,
    old: Sequence[StoredPassage],
    drafts: Sequence[DraftPassage],
    identity: Identity,
    returning: Sequence[StoredPassage],
) -> list[StoredPassage]:
    """The passages that say what `drafts` say, in order; versions that are not there yet are written."""
    known = {passage.passage_id: passage for passage in (*returning, *old)}
    as_stored = {passage.passage_id: passage for passage in returning}
    found: list[StoredPassage | None] = []
    waiting: list[tuple[DraftPassage, StoredPassage | None]] = []
    for draft, passage_id in zip(drafts, identity.passage_ids, strict=True):
        content = draft_content(draft, document.lang)
        same = next(
            (
                stored[passage_id]
                for stored in (known, as_stored)
                if passage_id in stored and stored[passage_id].content == content
            ),
            None,
        )
        found.append(same)
        if same is None:
            waiting.append((draft, known.get(passage_id) if passage_id is not None else None))
    fresh = iter(
        Passage.objects.bulk_create(
            Passage(document=document, public_id=new_public_id()) for _draft, before in waiting if before is None
        )
    )
    passages = [
        Passage(pk=before.passage_id, public_id=before.public_id) if before else next(fresh)
        for _draft, before in waiting
    ]
    written = iter(
        Version.objects.bulk_create(
            make_version(passage, draft, document.lang)
            for passage, (draft, _before) in zip(passages, waiting, strict=True)
        )
    )
    return [
        _stored(next(written), draft)
        if same is None
        else same
        if same.blank == draft.blank
        else replace(same, blank=draft.blank)
        for same, draft in zip(found, drafts, strict=True)
    ]


def _stored(version: Version, draft: DraftPassage) -> StoredPassage:
    """The passage as `load_passages` would give it."""
    return StoredPassage(
        version.pk,
        version.passage_id,
        version.passage.public_id,
        str(version.kind),
        version.section,
        version.lang,
        version.marker,
        version.level,
        version.text,
        version.html,
        draft.blank,
    )


def _write_edges(actor: Actor, revision: Revision, identity: Identity, new: Sequence[StoredPassage]) -> None:
    """What was split and merged within the document. No reason is asked: the revision's note is it."""
    kinds = ((LineageKind.SPLIT, identity.splits), (LineageKind.MERGED, identity.merges))
    PassageEdge.objects.bulk_create(
        PassageEdge(
            document_id=revision.document_id,
            earlier_id=branch.earlier,
            later_id=new[branch.place].passage_id,
            kind=kind,
            revision=revision,
            share=round(branch.share, 4),
            reason=revision.note,
            by_id=revision.author_id,
            by_name=name_of(actor),
            at=revision.at,
        )
        for kind, branches in kinds
        for branch in branches
    )


@transaction.atomic
def restore_revision(*, actor: Actor, document: Document, number: int) -> Saved:
    """Save what revision `number` said as a new revision, with its passages' own ids. Raises `NoSuchRevision`."""
    require(may_edit_document(actor, document))
    stored = load_passages(_require_revision(document, number))
    return save_revision(
        actor=actor,
        document=document,
        passages=[passage.to_draft() for passage in stored],
        note=_("Restored revision %(number)s.") % {"number": number},
        returning=stored,
    )


def _texts_in(value: object) -> Iterator[str]:
    """Every text in a value that is stored as JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts_in(inner)


@transaction.atomic
def keep_text(*, actor: User, document: Document, base: int, fields: Mapping[str, object]) -> KeptText:
    """Keep what somebody typed and has not saved, in place of what was kept before.

    Raises `NoSuchRevision`, `CannotKeep`.
    """
    require(may_edit_document(actor, document))
    texts = list(_texts_in(fields))
    check_size(sum(len(text) for text in texts))
    for text in texts:
        check_text(text)
    values = {"base": _require_revision(document, base), "fields": dict(fields), "at": timezone.now()}
    kept, _created = KeptText.objects.update_or_create(document=document, user=actor, defaults=values)
    return kept


@transaction.atomic
def discard_kept_text(*, actor: User, document: Document) -> None:
    """Forget what was typed: it was saved, or its author let it go."""
    KeptText.objects.filter(document=document, user=actor).delete()
