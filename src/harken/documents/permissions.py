"""Who may read and write texts, and say what became of them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.documents.models import Document
from harken.people.models import Role
from harken.people.queries import current_memberships
from harken.processes.models import Process
from harken.processes.permissions import (
    is_open,
    may_edit_process,
    may_see_iteration,
    may_see_process,
)


def documents_visible_to(actor: Actor, process: Process) -> QuerySet[Document]:
    """The documents of the iterations `actor` may see; none where the process itself is hidden."""
    if not may_see_process(actor, process):
        return Document.objects.none()
    documents = Document.objects.filter(iteration__process=process)
    return documents if may_edit_process(actor, process) else documents.filter(iteration__is_public=True)


def may_see_document(actor: Actor, document: Document) -> Permit:
    """The permit that pairs with `documents_visible_to`."""
    return may_see_process(actor, document.iteration.process) and may_see_iteration(actor, document.iteration)


def _is_writer(actor: Actor, process: Process) -> bool:
    if not actor.is_authenticated or actor.pk is None:
        return False
    return (
        current_memberships()
        .filter(user_id=actor.pk, role=Role.WRITER, group__path__startswith=process.body.path)
        .exists()
    )


def _may_write(actor: Actor, process: Process, action: str) -> Permit:
    """Organisers in every phase, since setting up is theirs; writers while a phase opens `action`."""
    if may_edit_process(actor, process):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if not _is_writer(actor, process):
        return refuse(_("Only organisers and writers of %(process)s can do this.") % {"process": process.name})
    return is_open(process, action)


def may_write_documents(actor: Actor, process: Process) -> Permit:
    """Bring texts in and change them (phase action `draft`)."""
    return _may_write(actor, process, "draft")


def may_import_outline(actor: Actor, process: Process) -> Permit:
    """An import makes groups and iterations besides texts, so it is for organisers."""
    return may_edit_process(actor, process)


def may_decide_lineage(actor: Actor, process: Process) -> Permit:
    """Accept, reject and draw edges between iterations (phase action `connect`)."""
    return _may_write(actor, process, "connect")
