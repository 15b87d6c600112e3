"""Beginning texts from earlier drafts: several become one, one several, one is carried on, one is left behind.

Drafts never change: what came of them is said by edges, each with its reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.documents.actions.lineage import NoSuchEdge, check_reason, connect_texts, draw_edge
from harken.documents.actions.passage_lineage import arriving, make_edge
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import (
    Chapter,
    Document,
    DocumentKind,
    LineageEdge,
    LineageKind,
    PassageEdge,
    PassageKind,
    Template,
)
from harken.documents.permissions import may_see_document
from harken.documents.queries.synthesis import SourcePassage, source_revision
from harken.documents.queries.texts import load_passages, load_passages_of
from harken.documents.section_text import HEAD_KINDS


class WrongNumber(Exception):
    """Merging takes several drafts, splitting makes several texts."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the texts that a draft is split into: its code, its title, and the passages it begins with, by public id.

    `reason` is its own, where it has one.
    """

    code: str
    title: str
    passages: tuple[str, ...] = ()
    reason: str = ""


@transaction.atomic
def merge_documents(
    *,
    actor: Actor,
    sources: Sequence[Document],
    chapter: Chapter,
    code: str,
    title: str,
    reason: str,
    carry: bool = False,
    template: Template | None = None,
) -> Document:
    """Begin one private draft from several earlier ones; with `carry` it begins with all their passages.

    Raises `WrongNumber`, `NoReason`, `NoSuchEdge`, `NoTitle`, `CodeUsed`.
    """
    sources = list({source.pk: source for source in sources}.values())
    if len(sources) < 2:
        raise WrongNumber(_("Choose two drafts or more to merge."))
    carried = _body_of(sources) if carry else []
    return _begin(actor, sources, chapter, Part(code, title), carried, LineageKind.MERGED, reason, template)


@transaction.atomic
def derive_document(
    *,
    actor: Actor,
    source: Document,
    chapter: Chapter,
    code: str,
    reason: str,
    title: str = "",
    template: Template | None = None,
) -> Document:
    """Begin a private draft with the passages of an earlier one. Raises `NoReason`, `NoSuchEdge`, `CodeUsed`."""
    part = Part(code, title or source.title)
    carried = _body_of([source], with_head=True)
    kind = LineageKind.REVISED if title and title != source.title else LineageKind.KEPT
    return _begin(actor, [source], chapter, part, carried, kind, reason, template)


@transaction.atomic
def split_document(
    *,
    actor: Actor,
    source: Document,
    chapter: Chapter,
    parts: Sequence[Part],
    reason: str,
    template: Template | None = None,
) -> list[Document]:
    """Begin several private drafts from one earlier one, each with the passages its part names.

    Raises `WrongNumber`, `NoReason`, `NoSuchEdge`, `NoTitle`, `CodeUsed`.
    """
    if len(parts) < 2:
        raise WrongNumber(_("Name two texts or more to split it into."))
    body = {passage.stored.public_id: passage for passage in _body_of([source], with_head=True)}
    if any(public_id not in body for part in parts for public_id in part.passages):
        raise NoSuchEdge(_("Choose passages of the draft that is split."))
    return [
        _begin(
            actor,
            [source],
            chapter,
            part,
            [passage for public_id, passage in body.items() if public_id in part.passages],
            LineageKind.SPLIT,
            part.reason or reason,
            template,
        )
        for part in parts
    ]


@transaction.atomic
def drop_document(*, actor: Actor, document: Document, reason: str) -> LineageEdge:
    """Say that nothing came of a draft, and why; it stays where it is. Raises `NoReason`, `NoSuchEdge`."""
    require(may_see_document(actor, document))
    return draw_edge(
        actor=actor,
        process=document.iteration.process,
        earlier=document,
        later=None,
        kind=LineageKind.DROPPED,
        reason=reason,
    )


def _body_of(sources: Sequence[Document], *, with_head: bool = False) -> list[SourcePassage]:
    """The passages of `sources` but their titles; one source's alternatives and summary can stay what they are."""
    revisions = {source.pk: revision for source in sources if (revision := source_revision(source))}
    texts = load_passages_of(list(revisions.values()))
    kept_out = {PassageKind.TITLE} if with_head else {PassageKind.TITLE, PassageKind.ALTERNATIVE}
    return [
        SourcePassage(source, passage)
        for source in sources
        if source.pk in revisions
        for passage in texts[revisions[source.pk].pk]
        if passage.kind not in kept_out
    ]


def _begin(
    actor: Actor,
    sources: Sequence[Document],
    chapter: Chapter,
    part: Part,
    carried: Sequence[SourcePassage],
    kind: LineageKind,
    reason: str,
    template: Template | None,
) -> Document:
    """Write the draft, and the edges of texts, titles and passages."""
    reason = check_reason(reason)
    for source in sources:
        require(may_see_document(actor, source))
        if source.iteration.process_id != chapter.iteration.process_id:
            raise NoSuchEdge(_("Choose documents of this process."))
        if source.iteration.number >= chapter.iteration.number:
            raise NoSuchEdge(_("An edge leads from an earlier iteration to a later one."))
    carried = _in_order(carried, template)
    is_one = kind in (LineageKind.KEPT, LineageKind.REVISED)
    drafts = [DraftPassage(PassageKind.TITLE, part.title.strip())]
    drafts += [_arrive(passage, template, with_head=is_one) for passage in carried]
    last = Document.objects.filter(chapter=chapter).aggregate(last=Max("position"))["last"]
    draft = DraftDocument(
        code=part.code,
        passages=tuple(drafts),
        position=0 if last is None else last + 1,
        lang=sources[0].lang,
        kind=DocumentKind(template.kind if template else sources[0].kind),
        template=template,
    )
    codes = ", ".join(source.code for source in sources)
    note = _("Begun from %(codes)s.") % {"codes": codes}
    [made] = create_documents(actor=actor, chapter=chapter, drafts=[draft], note=note, publish=False)
    for source in sources:
        connect_texts(actor=actor, earlier=source, later=made, kind=kind, reason=reason)
    _write_edges(actor, made, sources, carried, kind, reason)
    detail = {"from": [source.code for source in sources], "kind": kind, "reason": reason, "carried": len(carried)}
    record_event(actor=actor, verb="began document from drafts", subject=made, detail=detail)
    return made


def _in_order(carried: Sequence[SourcePassage], template: Template | None) -> list[SourcePassage]:
    """The passages under the sections of the new text, each source's together within one."""
    if template is None:
        return list(carried)
    order = {section.key: place for place, section in enumerate(template.every_section)}
    return sorted(carried, key=lambda passage: order.get(passage.stored.section, -1))


def _arrive(passage: SourcePassage, template: Template | None, *, with_head: bool) -> DraftPassage:
    stored = passage.stored
    known = {section.key for section in template.every_section} if template else {stored.section}
    section = stored.section if stored.section in known else ""
    if stored.kind not in HEAD_KINDS:
        return arriving(stored, section)
    return replace(stored.to_draft(), passage_id=None, blank=None) if with_head else arriving(stored, "")


def _write_edges(
    actor: Actor,
    document: Document,
    sources: Sequence[Document],
    carried: Sequence[SourcePassage],
    kind: LineageKind,
    reason: str,
) -> None:
    """The new title comes from the old ones, each carried passage from its own."""
    if document.current is None:
        return
    title, *body = load_passages(document.current)
    revisions = {source.pk: revision for source in sources if (revision := source_revision(source))}
    titles = [
        passage
        for text in load_passages_of(list(revisions.values())).values()
        for passage in text
        if passage.kind == PassageKind.TITLE
    ]
    edges = [
        make_edge(
            actor,
            old.passage_id,
            title.passage_id,
            LineageKind.KEPT if kind == LineageKind.REVISED and old.text == title.text else kind,
            document.current,
            reason,
        )
        for old in titles
    ]
    edges += [
        make_edge(actor, source.stored.passage_id, new.passage_id, LineageKind.KEPT, document.current, reason)
        for source, new in zip(carried, body, strict=True)
    ]
    PassageEdge.objects.bulk_create(edges)
