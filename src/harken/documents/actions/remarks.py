"""Remarks of those who draft and review: on words of the draft, and on suggestions."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.documents.actions.anchors import place_anchor
from harken.documents.actions.locking import hold
from harken.documents.carrying import clean_words
from harken.documents.models import Anchor, Document, Remark, Suggestion, Version
from harken.documents.permissions import may_discuss_suggestion, may_remark, may_resolve_remark
from harken.processes.actions import mark_changed


class NothingSaid(Exception):
    """A remark needs words."""


@transaction.atomic
def remark_on_words(
    *, actor: Actor, document: Document, version: Version, start: int, end: int, text: str, lang: str
) -> Remark:
    """Say something about `version.text[start:end]`, words of the draft.

    Raises `NotThere`, `NothingSaid`, `CannotKeep`.
    """
    require(may_remark(actor, document))
    anchor = place_anchor(actor=actor, document=document, version=version, start=start, end=end)
    return _remark(actor, document, text, lang, anchor=anchor)


@transaction.atomic
def remark_on_suggestion(*, actor: Actor, suggestion: Suggestion, text: str, lang: str) -> Remark:
    """Say something about a suggestion. Raises `NothingSaid`, `CannotKeep`."""
    require(may_discuss_suggestion(actor, suggestion))
    remark = _remark(actor, suggestion.document, text, lang, suggestion=suggestion)
    if not suggestion.is_private:
        mark_changed(suggestion.document.iteration.process)
    return remark


def _remark(
    actor: Actor,
    document: Document,
    text: str,
    lang: str,
    *,
    anchor: Anchor | None = None,
    suggestion: Suggestion | None = None,
) -> Remark:
    said = clean_words(text)
    if not said:
        raise NothingSaid(_("Write what you want to say."))
    remark = Remark.objects.create(
        document=document,
        anchor=anchor,
        suggestion=suggestion,
        author_id=actor.pk if actor.is_authenticated else None,
        author_name=name_of(actor),
        lang=lang,
        text=said,
        html=render_blocks(said),
        at=timezone.now(),
    )
    detail = {"text": said, "quote": anchor.exact if anchor else "", "suggestion": suggestion and suggestion.pk}
    record_event(actor=actor, verb="remarked", subject=remark, detail=detail)
    return remark


@transaction.atomic
def resolve_remark(*, actor: Actor, remark: Remark, is_resolved: bool = True) -> Remark:
    """Say that a remark is dealt with, or take that back; nothing is written where it is so already."""
    require(may_resolve_remark(actor, remark))
    fresh = hold(Remark.objects.select_related("suggestion")).get(pk=remark.pk)
    if bool(fresh.resolved_at) is is_resolved:
        return fresh
    fresh.resolved_at = timezone.now() if is_resolved else None
    fresh.resolved_by_name = name_of(actor) if is_resolved else ""
    fresh.save(update_fields=["resolved_at", "resolved_by_name"])
    if fresh.suggestion and not fresh.suggestion.is_private:
        mark_changed(remark.document.iteration.process)
    record_event(actor=actor, verb="resolved remark" if is_resolved else "reopened remark", subject=fresh)
    return fresh
