"""What stands at an address, for whoever asks: else there is nothing there, or a reason why not."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from harken.base.permits import require
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to, may_read_draft, with_draft_permit
from harken.documents.queries.document_page import find_published
from harken.documents.queries.reading import find_document
from harken.processes.models import Iteration, Process
from harken.processes.page import load_process
from harken.processes.permissions import iterations_visible_to


def load_iteration(request: HttpRequest, process: Process, slug: str) -> Iteration:
    """The iteration of `process` at `slug` if the visitor may see it, else 404. One query beyond the permit's."""
    found = get_object_or_404(iterations_visible_to(request.user, process), slug=slug)
    found.process = process
    return found


def document_of(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> Document:
    """The document of `process` at this address if the visitor may see it, else 404."""
    found = find_document(documents_visible_to(request.user, process), iteration_slug, code)
    if found is None:
        raise Http404
    found.iteration.process = process
    found.chapter.iteration = found.iteration
    return found


def reading_of(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> tuple[Document, bool]:
    """The document of `process` at this address as readers get it, and whether the visitor may read its draft.

    For a stranger one query whose SQL is made once; what it selects is what `documents_visible_to` gives strangers.
    """
    if not request.user.is_authenticated:
        found = find_published(process.pk, iteration_slug, code)
        reads_draft = False
    else:
        visible = documents_visible_to(request.user, process)
        found = find_document(with_draft_permit(request.user, process, visible), iteration_slug, code)
        reads_draft = bool(getattr(found, "reads_draft", False))
    if found is None:
        raise Http404
    found.iteration.process = process
    found.chapter.iteration = found.iteration
    return found, reads_draft


def load_document(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> Document:
    """The document at this address if the visitor may see it, with its process loaded, else 404."""
    return document_of(request, load_process(request, slug), iteration_slug, code)


def load_draft(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> Document:
    """The same for whoever may read its draft; others are told why not."""
    document = load_document(request, slug, iteration_slug, code)
    require(may_read_draft(request.user, document))
    return document
