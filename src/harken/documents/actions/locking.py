"""What a write holds on to, so that two at the same moment do not undo each other.

Everybody locks in one order, so that nobody waits for somebody who waits: an iteration, a document, its suggestions,
then the process, whose row `mark_changed` takes, then edges and links. On SQLite one write waits for the other anyway.
"""

from typing import TypeVar

from django.db.models import Model, QuerySet

from harken.documents.models import Document
from harken.processes.models import Iteration

Row = TypeVar("Row", bound=Model)


def hold(rows: QuerySet[Row]) -> QuerySet[Row]:
    """`rows`, which nobody else changes until the transaction ends; rows that point to them may still be added.

    A stronger lock would have to wait, at the end of a transaction, for whoever adds such a row, and deadlock with it:
    foreign keys are checked there.
    """
    return rows.select_for_update(of=("self",), no_key=True)


def lock_document(document: Document) -> Document:
    """The document as it is now; nobody else saves it until the transaction ends.

    It is locked first and read then: one query for both would join, on PostgreSQL, the revision that was current
    before it waited for the lock.
    """
    hold(Document.objects.all()).values_list("pk").get(pk=document.pk)
    return Document.objects.select_related(
        "current", "published", "iteration__process__body", "chapter__group", "template"
    ).get(pk=document.pk)


def lock_iteration(iteration: Iteration) -> None:
    """Nobody else begins a text in the iteration until the transaction ends: codes are given once."""
    hold(Iteration.objects.all()).values_list("pk").get(pk=iteration.pk)
