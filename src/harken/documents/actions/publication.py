"""Showing a group's text to readers."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.saving import lock_document, save_revision
from harken.documents.actions.texts import index_documents, lede_of, title_of
from harken.documents.drafts import DraftPassage
from harken.documents.models import ChangeClass, Document, Publication, Revision
from harken.documents.permissions import may_edit_document
from harken.documents.queries.texts import load_passages
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration


class NothingToPublish(Exception):
    """Readers see the newest revision already."""


@transaction.atomic
def publish_revision(*, actor: Actor, document: Document, override_reason: str = "") -> Publication:
    """Show the document's current revision to readers. Raises `NothingToPublish`."""
    require(may_edit_document(actor, document))
    locked = lock_document(document)
    if locked.current is None or locked.current_id == locked.published_id:
        raise NothingToPublish(_("Readers see the newest revision already."))
    made = _publish(actor, locked, locked.current, override_reason)
    document.published, document.title, document.lede = locked.current, locked.title, locked.lede
    return made


def _publish(actor: Actor, document: Document, revision: Revision, override_reason: str) -> Publication:
    iteration = document.iteration
    made = Publication.objects.create(
        document=document,
        revision=revision,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
        override_reason=override_reason,
    )
    if document.published_id is None:
        Iteration.objects.filter(pk=iteration.pk).update(document_count=F("document_count") + 1)
    drafts = [passage.to_draft() for passage in load_passages(revision)]
    document.published, document.title, document.lede = revision, title_of(drafts), lede_of(drafts)
    document.save(update_fields=["published", "title", "lede"])
    index_documents([(document, [draft.text for draft in drafts])], iteration)
    mark_changed(iteration.process)
    detail = {"revision": revision.number, "override_reason": override_reason}
    record_event(actor=actor, verb="published revision", subject=document, detail=detail)
    return made


@transaction.atomic
def revise_document(
    *,
    actor: Actor,
    document: Document,
    passages: Sequence[DraftPassage],
    note: str = "",
    change_class: ChangeClass | str = "",
) -> Revision | None:
    """Save new words and show them to readers at once, as what was published elsewhere is when it is brought in.

    Returns None, and writes nothing, when the document already says exactly this. Raises `NoTitle`, `CannotKeep`.
    """
    saved = save_revision(actor=actor, document=document, passages=passages, note=note, change_class=change_class)
    if saved.revision is not None:
        _publish(actor, lock_document(document), saved.revision, "")
    return saved.revision
