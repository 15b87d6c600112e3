"""Showing a group's text to readers, after a look at what they will see and at what it lacks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from harken.base.permits import require
from harken.documents.actions.publication import NothingToPublish, NotReady, TextMovedOn, publish_revision
from harken.documents.forms.publishing import PublishForm
from harken.documents.models import Document
from harken.documents.permissions import may_edit_document, may_override_findings
from harken.documents.queries.publishing import publishing_page
from harken.documents.views.loading import load_draft
from harken.processes.page import process_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """What readers would see, what speaks against it, and the button."""
    document = load_draft(request, slug, iteration_slug, code)
    require(may_edit_document(request.user, document))
    if request.method != "POST":
        return _render(request, document)
    may_override = bool(may_override_findings(request.user, document))
    form = PublishForm(request.POST, with_reason=may_override and "reason" in request.POST)
    if not form.is_valid():
        return _render(request, document, form=form)
    data = form.cleaned_data
    try:
        publish_revision(
            actor=request.user, document=document, override_reason=data.get("reason", ""), seen=data["seen"]
        )
    except NothingToPublish as error:
        messages.info(request, str(error))
    except (NotReady, TextMovedOn) as error:
        return _render(request, document, refused=str(error))
    else:
        messages.success(request, _("Readers see this text now."))
    return redirect("document", slug, iteration_slug, code)


def _render(
    request: HttpRequest, document: Document, *, form: PublishForm | None = None, refused: str = ""
) -> HttpResponse:
    page = publishing_page(document)
    may_override = bool(may_override_findings(request.user, document))
    with_reason = bool(page.report.blocking) and may_override
    form = form or PublishForm(initial={"seen": page.number}, with_reason=with_reason)
    context = process_page(request, document.iteration.process, document=document, page=page, form=form)
    context |= {"report": page.report, "refused": refused, "may_override": may_override}
    context |= {"group": document.chapter.group, "iteration": document.iteration}
    return render(request, "documents/publish.html", context, status=422 if refused or form.errors else 200)
