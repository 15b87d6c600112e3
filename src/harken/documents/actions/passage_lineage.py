"""Carrying passages of earlier drafts into the text being written, and taking that back. Sources never change."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.lineage import CARRIED, NoSuchEdge, check_reason, connect_texts, disconnect_texts
from harken.documents.actions.locking import lock_document
from harken.documents.actions.saving import NoSuchRevision, Saved, save_revision
from harken.documents.carrying import clean_words, read_words
from harken.documents.drafts import DraftPassage
from harken.documents.models import Document, LineageKind, PassageEdge, PassageKind, Revision
from harken.documents.models.templates import SUMMARY_SECTION
from harken.documents.permissions import may_edit_document, may_see_document
from harken.documents.queries.synthesis import (
    SourcePassage,
    find_source_passages,
    represented_passages,
    standing_edges,
)
from harken.documents.queries.texts import find_revision, load_passages
from harken.documents.section_text import HEAD_KINDS, StoredPassage
from harken.processes.actions import mark_changed


class CannotCarry(Exception):
    """What was chosen cannot be carried to where it was to go."""


class CarryAs(StrEnum):
    """How passages arrive: each as its own, together as one, added to a passage, or said there already."""

    OWN = "own"
    ONE = "one"
    INTO = "into"
    SAID = "said"


# Their lines mean something by how they stand; words of others among them would change that.
_UNMIXED = frozenset({PassageKind.HEADING.value, PassageKind.CODE.value, PassageKind.RULE.value})
_PASSAGE, _SECTION = "p:", "s:"


def load_sources(actor: Actor, passages: Sequence[str], document: Document) -> list[SourcePassage]:
    """The passages to carry, all of earlier texts that `actor` sees. Raises `CannotCarry`."""
    found = find_source_passages(passages)
    if not found or len(found) < len(set(passages)):
        raise CannotCarry(_("Choose passages of the drafts beside the text; one may have gone meanwhile."))
    for source in {passage.document.pk: passage.document for passage in found}.values():
        require(may_see_document(actor, source))
        if source.iteration.process_id != document.iteration.process_id:
            raise NoSuchEdge(_("Choose documents of this process."))
        if source.iteration.number >= document.iteration.number:
            raise NoSuchEdge(_("An edge leads from an earlier iteration to a later one."))
    return found


def arriving(source: StoredPassage, section: str) -> DraftPassage:
    """A source's passage as it arrives in the body of another text."""
    if source.kind in HEAD_KINDS:
        return DraftPassage(PassageKind.PARAGRAPH, source.text, source.lang, section)
    return replace(source.to_draft(), passage_id=None, section=section, blank=None)


def joined(sources: Sequence[SourcePassage], section: str) -> DraftPassage:
    """Several passages as one, in the form of the first. Raises `CannotCarry`."""
    _check_mixing(sources)
    text = " ".join(source.stored.text for source in sources)
    return replace(arriving(sources[0].stored, section), text=text)


def _check_mixing(sources: Sequence[SourcePassage]) -> None:
    if len(sources) > 1 and any(source.stored.kind in _UNMIXED for source in sources):
        raise CannotCarry(_("Headings, code and rules stay passages of their own: carry them across alone."))


@transaction.atomic
def carry_passage(
    *,
    actor: Actor,
    document: Document,
    passages: Sequence[str],
    reason: str,
    carry_as: CarryAs = CarryAs.OWN,
    place: str = "",
    base: int | None = None,
) -> list[PassageEdge]:
    """Carry passages of earlier texts, by their public ids, into the draft of `document`, with their lineage.

    `place` is `p:` and the public id of a passage of the draft (after it, or into it), `s:` and the key of a section
    (at its beginning), or "" for the end. What others saved since revision `base` is merged (`save_revision`). The
    documents are connected too, with the same reason. What was left out before is left out no more.

    Raises `CannotCarry`, `NoReason`, `NoSuchEdge`, `NoSuchRevision`, `EditConflict`, `CannotKeep`.
    """
    require(may_edit_document(actor, document))
    reason = check_reason(reason)
    sources = load_sources(actor, passages, document)
    locked = lock_document(document)
    base_revision = _base_of(locked, base)
    began, before = load_passages(base_revision), load_passages(locked.current)
    at, into, section = _find_place(locked, began, place)
    if carry_as in (CarryAs.INTO, CarryAs.SAID):
        if into is None:
            raise CannotCarry(_("Choose the passage that takes the words up."))
        revision = _add_words(actor, document, began, into, sources, base) if carry_as == CarryAs.INTO else None
        pairs = [(source, into.passage_id) for source in sources]
        if carry_as == CarryAs.SAID and into.passage_id not in {passage.passage_id for passage in before}:
            raise CannotCarry(_("That passage has been removed meanwhile. Choose another."))
    else:
        drafts = _arrivals(sources, section, carry_as, began)
        written = _insert(began, at, drafts)
        saved = save_revision(actor=actor, document=document, passages=written, base=base, note=_note_for(sources))
        revision = saved.revision
        fresh = _fresh(saved, {passage.passage_id for passage in (*began, *before)})
        places = fresh if len(drafts) == len(sources) else fresh * len(sources)
        pairs = list(zip(sources, places, strict=True))
    present = [passage.passage_id for passage in load_passages(revision or locked.current)]
    edges = _write_edges(actor, document, revision or locked.current, pairs, carry_as, reason, present)
    _connect(actor, document, sources, reason)
    detail = {"passages": [source.stored.public_id for source in sources], "as": carry_as, "reason": reason}
    record_event(actor=actor, verb="carried passages", subject=document, detail=detail)
    mark_changed(document.iteration.process)
    return edges


def _base_of(document: Document, base: int | None) -> Revision | None:
    if base is None or (document.current and document.current.number == base):
        return document.current
    found = find_revision(document, base)
    if found is None:
        raise NoSuchRevision.of(base)
    return found


def _find_place(
    document: Document, passages: Sequence[StoredPassage], place: str
) -> tuple[int, StoredPassage | None, str]:
    """The index at which to insert, the passage it names, and the section there."""
    known = [one.key for one in document.template.every_section] if document.template else []
    if not place:
        last = next((passage for passage in reversed(passages) if passage.kind not in HEAD_KINDS), None)
        return len(passages), None, last.section if last else _first_section(document)
    if place.startswith(_PASSAGE):
        public_id = place.removeprefix(_PASSAGE)
        found = [(at, passage) for at, passage in enumerate(passages) if passage.public_id == public_id]
        if not found:
            raise CannotCarry(_("That passage has been removed meanwhile. Choose another."))
        [(at, passage)] = found
        if passage.kind not in HEAD_KINDS:
            return at + 1, passage, passage.section
        section = _first_section(document)
        return _begin_of(section, passages, known), passage, section
    section = place.removeprefix(_SECTION)
    if section and section not in known and all(passage.section != section for passage in passages):
        raise CannotCarry(_("This text has no such section. Choose another place."))
    return _begin_of(section, passages, known), None, section


def _first_section(document: Document) -> str:
    keys = [one.key for one in document.template.sections] if document.template else []
    return next((key for key in keys if key != SUMMARY_SECTION), "")


def _begin_of(section: str, passages: Sequence[StoredPassage], known: Sequence[str]) -> int:
    """Where a section begins, or would: what is in none stands after all that are known."""
    body = [(at, passage) for at, passage in enumerate(passages) if passage.kind not in HEAD_KINDS]
    first = next((at for at, passage in body if passage.section == section), None)
    if first is not None:
        return first
    earlier = known[: known.index(section)] if section in known else known
    heads = [at + 1 for at, passage in enumerate(passages) if passage.kind in HEAD_KINDS]
    return max([0, *heads, *(at + 1 for at, passage in body if passage.section in earlier)])


def _arrivals(
    sources: Sequence[SourcePassage], section: str, carry_as: CarryAs, began: Sequence[StoredPassage]
) -> list[DraftPassage]:
    if section == SUMMARY_SECTION and not any(passage.kind == PassageKind.SUMMARY for passage in began):
        one = joined(sources, section)
        return [replace(one, kind=PassageKind.SUMMARY, marker="", level=0, text=one.text.replace("\n", " "))]
    if carry_as == CarryAs.ONE:
        return [joined(sources, section)]
    return [arriving(source.stored, section) for source in sources]


def _insert(passages: Sequence[StoredPassage], at: int, drafts: Sequence[DraftPassage]) -> list[DraftPassage]:
    written = [passage.to_draft() for passage in passages]
    return [*written[:at], *drafts, *_apart(written[at:])]


def _apart(following: Sequence[DraftPassage]) -> list[DraftPassage]:
    """What follows, with an empty line before it again where it had none: it stands after other words now."""
    if following and following[0].blank == 0:
        return [replace(following[0], blank=None), *following[1:]]
    return list(following)


def _fresh(saved: Saved, known: Collection[int]) -> list[int]:
    """The passages that a save added, in order."""
    return [passage.passage_id for passage in load_passages(saved.revision) if passage.passage_id not in known]


def _add_words(
    actor: Actor,
    document: Document,
    began: Sequence[StoredPassage],
    into: StoredPassage,
    sources: Sequence[SourcePassage],
    base: int | None,
) -> Revision | None:
    if into.kind in _UNMIXED or any(source.stored.kind in _UNMIXED for source in sources):
        raise CannotCarry(_("Headings, code and rules stay passages of their own: carry them across alone."))
    text = " ".join([into.text, *(source.stored.text for source in sources)])
    if into.kind in HEAD_KINDS:
        text = text.replace("\n", " ")
    written = [
        replace(passage.to_draft(), text=text if passage.passage_id == into.passage_id else passage.text)
        for passage in began
    ]
    saved = save_revision(actor=actor, document=document, passages=written, base=base, note=_note_for(sources))
    return saved.revision


def _note_for(sources: Sequence[SourcePassage]) -> str:
    codes = ", ".join(dict.fromkeys(source.document.code for source in sources))
    return _("Carried across from %(codes)s.") % {"codes": codes}


def _write_edges(
    actor: Actor,
    document: Document,
    revision: Revision | None,
    pairs: Sequence[tuple[SourcePassage, int]],
    carry_as: CarryAs,
    reason: str,
    present: Sequence[int],
) -> list[PassageEdge]:
    """The edges, of what kind they are; those that say a source is left out are withdrawn, and none is drawn twice."""
    if revision is None:
        raise CannotCarry(_("This text has no words yet."))
    held = represented_passages(document, set(present))
    ids = [source.stored.passage_id for source, _place in pairs]
    earlier = list(standing_edges(document).filter(earlier__in=ids))
    known = {(edge.earlier_id, edge.later_id) for edge in earlier}
    _withdraw(actor, [edge for edge in earlier if edge.later_id is None], revision, reason)
    together = carry_as in (CarryAs.INTO, CarryAs.SAID) or len({place for _source, place in pairs}) < len(pairs)
    edges = []
    for source, place in pairs:
        if (source.stored.passage_id, place) in known:
            continue
        kind = LineageKind.KEPT
        if together:
            kind = LineageKind.MERGED
        elif held.get(source.stored.passage_id):
            kind = LineageKind.SPLIT
        edges.append(make_edge(actor, source.stored.passage_id, place, kind, revision, reason))
    return PassageEdge.objects.bulk_create(edges)


def make_edge(
    actor: Actor, earlier: int, later: int | None, kind: LineageKind, revision: Revision, reason: str
) -> PassageEdge:
    """An edge between passages, by `actor`, now; not saved."""
    return PassageEdge(
        document_id=revision.document_id,
        earlier_id=earlier,
        later_id=later,
        kind=kind,
        revision=revision,
        reason=reason,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
    )


def _withdraw(actor: Actor, edges: Sequence[PassageEdge], revision: Revision, reason: str) -> None:
    answers = []
    for edge in edges:
        answer = make_edge(actor, edge.earlier_id, edge.later_id, LineageKind(edge.kind), revision, reason)
        answer.withdraws = edge
        answers.append(answer)
    PassageEdge.objects.bulk_create(answers)


def _connect(actor: Actor, document: Document, sources: Sequence[SourcePassage], reason: str) -> None:
    for source in {passage.document.pk: passage.document for passage in sources}.values():
        connect_texts(
            actor=actor, earlier=source, later=document, kind=LineageKind.REVISED, reason=reason, method=CARRIED
        )


@transaction.atomic
def drop_passage(*, actor: Actor, document: Document, passages: Sequence[str], reason: str) -> list[PassageEdge]:
    """Say that a text leaves passages of earlier ones out, and why. Said again, the newer reason counts.

    Raises `CannotCarry` where the text holds one of them, `NoReason`, `NoSuchEdge`.
    """
    require(may_edit_document(actor, document))
    reason = check_reason(reason)
    sources = load_sources(actor, passages, document)
    locked = lock_document(document)
    if locked.current is None:
        raise CannotCarry(_("This text has no words yet."))
    ids = [source.stored.passage_id for source in sources]
    held = represented_passages(locked, {passage.passage_id for passage in load_passages(locked.current)})
    if any(held.get(pk) for pk in ids):
        raise CannotCarry(_("A passage that the text holds cannot be left out. Take it back first."))
    former = standing_edges(document).filter(earlier__in=ids, later=None)
    _withdraw(actor, list(former), locked.current, reason)
    edges = PassageEdge.objects.bulk_create(
        make_edge(actor, pk, None, LineageKind.DROPPED, locked.current, reason) for pk in ids
    )
    detail = {"passages": [source.stored.public_id for source in sources], "reason": reason}
    record_event(actor=actor, verb="left passages out", subject=document, detail=detail)
    mark_changed(document.iteration.process)
    return edges


@transaction.atomic
def withdraw_edge(*, actor: Actor, document: Document, edge_id: int, reason: str = "") -> bool:
    """Take back that a passage was carried across or left out; both stay on record.

    A passage that came from this source alone and still says just that goes too; returns whether it did. Raises
    `NoSuchEdge`.
    """
    require(may_edit_document(actor, document))
    locked = lock_document(document)
    edge = standing_edges(locked).filter(pk=edge_id).select_related("earlier__document__iteration__process").first()
    if edge is None or locked.current is None or edge.earlier.document_id == locked.pk:
        raise NoSuchEdge(_("This was taken back already."))
    reason = reason.strip() or _("Taken back.")
    is_gone = edge.later_id is not None and _take_out(actor, document, locked, edge)
    _withdraw(actor, [edge], document.current if is_gone and document.current else locked.current, reason)
    source = edge.earlier.document
    if not standing_edges(locked).filter(earlier__document=source, later__isnull=False).exists():
        disconnect_texts(actor=actor, earlier=source, later=document, reason=reason)
    detail = {"edge": edge.pk, "reason": reason, "removed": is_gone}
    record_event(actor=actor, verb="withdrew passage edge", subject=document, detail=detail)
    mark_changed(document.iteration.process)
    return is_gone


def _take_out(actor: Actor, document: Document, locked: Document, edge: PassageEdge) -> bool:
    """Remove the passage an edge leads to, where it holds the source's words and nothing else."""
    passages = load_passages(locked.current)
    at = next((index for index, one in enumerate(passages) if one.passage_id == edge.later_id), None)
    source = find_source_passages([edge.earlier.public_id])
    if at is None or not source or passages[at].text != source[0].stored.text or passages[at].kind in HEAD_KINDS:
        return False
    if standing_edges(locked).filter(later=edge.later_id).exclude(pk=edge.pk).exists():
        return False
    if not _arrived_with(edge):
        return False
    drafts = [passage.to_draft() for passage in passages]
    note = _("Took back what was carried across from %(codes)s.") % {"codes": edge.earlier.document.code}
    save_revision(actor=actor, document=document, passages=[*drafts[:at], *_apart(drafts[at + 1 :])], note=note)
    return True


def _arrived_with(edge: PassageEdge) -> bool:
    """Whether the passage came into being with the edge, and was not there before."""
    before = Revision.objects.filter(document=edge.document_id, number__lt=edge.revision.number).order_by("-number")
    former = before.first()
    return former is None or edge.later_id not in {passage.passage_id for passage in load_passages(former)}


@transaction.atomic
def reword_passage(*, actor: Actor, document: Document, passage: str, text: str, base: int | None = None) -> Saved:
    """Change the words of one passage of the draft; two paragraphs make two passages.

    Where it comes from stays. Raises `CannotCarry`, `NoSuchRevision`, `EditConflict`, `CannotKeep`.
    """
    require(may_edit_document(actor, document))
    if not text.strip():
        raise CannotCarry(_("Write its words. To take a passage out, edit the whole text."))
    began = load_passages(_base_of(document, base))
    if all(one.public_id != passage for one in began):
        raise CannotCarry(_("That passage has been removed meanwhile. Choose another."))
    written: list[DraftPassage] = []
    for one in began:
        written += read_words(one, clean_words(text)) if one.public_id == passage else [one.to_draft()]
    return save_revision(actor=actor, document=document, passages=written, base=base)
