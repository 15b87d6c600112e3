"""A draft as its group sees it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from harken.documents.queries.draft_page import draft_page
from harken.documents.views.loading import load_draft
from harken.processes.page import process_page


@login_required
@require_safe
def draft(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """The current revision of a text, with what its group has to see and to do."""
    document = load_draft(request, slug, iteration_slug, code)
    page = draft_page(document)
    context = process_page(request, document.iteration.process, document=document, page=page, body=page.text.html())
    return render(request, "documents/draft.html", context)
