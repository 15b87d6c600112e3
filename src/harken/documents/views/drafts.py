"""A draft as its group sees it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from harken.documents.margin_html import render_spokes
from harken.documents.permissions import may_edit_document, may_remark, remarks_visible_to
from harken.documents.queries.draft_page import draft_page
from harken.documents.views.loading import load_draft
from harken.processes.page import process_page


@login_required
@require_safe
def draft(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """The current revision of a text, with what its group has to see and to do."""
    document = load_draft(request, slug, iteration_slug, code)
    page = draft_page(document, request.user, remarks_visible_to(request.user, document))
    notes = render_spokes(
        page.counts,
        page.origins,
        process_root=reverse("process", args=[slug]),
        passage_pages="../passages/",
    )
    context = process_page(request, document.iteration.process, document=document, page=page)
    context |= {
        "body": page.text.html(notes),
        "edit_permit": may_edit_document(request.user, document),
        "may_remark": bool(may_remark(request.user, document)),
    }
    return render(request, "documents/draft.html", context)
