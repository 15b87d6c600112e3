"""Showing a group's text to readers."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.following import follow_published
from harken.documents.actions.locking import lock_document
from harken.documents.actions.ready import make_ready
from harken.documents.actions.saving import save_revision
from harken.documents.actions.texts import index_documents, lede_of, title_of
from harken.documents.drafts import DraftPassage
from harken.documents.models import Document, Publication, Revision
from harken.documents.permissions import may_edit_document, may_override_findings
from harken.documents.queries.findings import FindingsReport, find_in_document
from harken.documents.queries.texts import load_passages
from harken.processes.actions import mark_changed
from harken.processes.models import Iteration


class NothingToPublish(Exception):
    """Readers see the newest revision already."""


class NotReady(Exception):
    """Something in the text speaks against showing it to readers; `report` says what."""

    def __init__(self, report: FindingsReport) -> None:
        number = report.blocking_count
        super().__init__(
            ngettext(
                "%(number)s thing has to be settled before readers see this text.",
                "%(number)s things have to be settled before readers see this text.",
                number,
            )
            % {"number": number}
        )
        self.report = report


class TextMovedOn(Exception):
    """Somebody saved the text after it was looked at."""


@transaction.atomic
def publish_revision(
    *, actor: Actor, document: Document, override_reason: str = "", seen: int | None = None
) -> Publication:
    """Show the document's current revision to readers.

    What blocks it raises `NotReady`, unless an organiser says why it is shown nevertheless: the reason and what
    blocked it stay with the publication. `seen` is the number of the revision that was looked at; where it is no
    longer the current one `TextMovedOn` asks to look again. Raises `NothingToPublish`.
    """
    require(may_edit_document(actor, document))
    locked = lock_document(document)
    if locked.current is None or locked.current_id == locked.published_id:
        raise NothingToPublish(_("Readers see the newest revision already."))
    if seen is not None and seen != locked.current.number:
        raise TextMovedOn(_("The text was changed since you looked at it. Look at it once more."))
    report = find_in_document(locked)
    if not report.blocking:
        override_reason = ""
    elif override_reason.strip():
        require(may_override_findings(actor, document))
    else:
        raise NotReady(report)
    made = _publish(actor, locked, locked.current, override_reason.strip(), report.to_json())
    document.published, document.title, document.lede = locked.current, locked.title, locked.lede
    return made


def _publish(
    actor: Actor, document: Document, revision: Revision, override_reason: str = "", blocking: Sequence[object] = ()
) -> Publication:
    iteration = document.iteration
    made = Publication.objects.create(
        document=document,
        revision=revision,
        by_id=actor.pk if actor.is_authenticated else None,
        by_name=name_of(actor),
        at=timezone.now(),
        override_reason=override_reason,
        blocking=list(blocking),
    )
    if document.published_id is None:
        Iteration.objects.filter(pk=iteration.pk).update(document_count=F("document_count") + 1)
    before, passages = document.published, load_passages(revision)
    drafts = [passage.to_draft() for passage in passages]
    document.published, document.title, document.lede = revision, title_of(drafts), lede_of(drafts)
    document.save(update_fields=["published", "title", "lede"])
    make_ready([document])
    follow_published(document=document, before=before, revision=revision, new=passages)
    index_documents([(document, [draft.text for draft in drafts])], iteration)
    mark_changed(iteration.process)
    detail = {"revision": revision.number, "override_reason": override_reason, "blocking": list(blocking)}
    record_event(actor=actor, verb="published revision", subject=document, detail=detail)
    return made


@transaction.atomic
def revise_document(
    *,
    actor: Actor,
    document: Document,
    passages: Sequence[DraftPassage],
    note: str = "",
) -> Revision | None:
    """Save new words and show them to readers at once, as what was published elsewhere is when it is brought in.

    Returns None, and writes nothing, when the document already says exactly this. Raises `NoTitle`, `CannotKeep`.
    """
    saved = save_revision(actor=actor, document=document, passages=passages, note=note)
    if saved.revision is not None:
        _publish(actor, lock_document(document), saved.revision)
    return saved.revision
