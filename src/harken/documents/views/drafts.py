"""A draft as its group sees it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.drafting import follow_template
from harken.documents.forms.drafting import FollowTemplateForm
from harken.documents.margin_html import render_spokes
from harken.documents.models import Document
from harken.documents.permissions import may_edit_document, remarks_visible_to
from harken.documents.queries.draft_page import draft_page
from harken.documents.queries.templates import templates_of
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
    edit_permit = may_edit_document(request.user, document)
    context |= {
        "body": page.text.html(notes),
        "edit_permit": edit_permit,
        "template_form": _template_form(document) if edit_permit else None,
    }
    return render(request, "documents/draft.html", context)


def _template_form(document: Document, data: QueryDict | None = None) -> FollowTemplateForm:
    initial = {"template": document.template.slug} if document.template else None
    return FollowTemplateForm(templates_of(document.iteration.process), data, initial=initial)


@login_required
@require_POST
def follow(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Let a text follow another template."""
    document = load_draft(request, slug, iteration_slug, code)
    require(may_edit_document(request.user, document))
    form = _template_form(document, request.POST)
    if form.is_valid():
        follow_template(actor=request.user, document=document, template=form.cleaned_data["template"])
        messages.success(request, _("The text follows “%(template)s” now.") % {"template": document.template})
    else:
        messages.error(request, _("Choose one of the templates."))
    return redirect("document-draft", slug, iteration_slug, code)
