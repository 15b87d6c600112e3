"""The history of a text: its revisions, one as it was, two compared, and one brought back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.documents.actions.saving import NoSuchRevision, restore_revision
from harken.documents.forms.editing import CompareForm, RestoreForm
from harken.documents.models import Document, Revision
from harken.documents.passage_html import assemble_text
from harken.documents.permissions import may_edit_document, may_read_draft
from harken.documents.queries.history import compare_revisions, find_shown_revision, history_page
from harken.documents.queries.texts import load_passages
from harken.documents.views.loading import load_document
from harken.processes.page import process_page


def _load(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> tuple[Document, bool, dict[str, Any]]:
    """The document, whether the visitor may see all of its revisions, and what its pages need."""
    document = load_document(request, slug, iteration_slug, code)
    sees_all = bool(may_read_draft(request.user, document))
    context = process_page(request, document.iteration.process, document=document, sees_all=sees_all)
    context["may_write"] = bool(may_edit_document(request.user, document))
    return document, sees_all, context


def _find(document: Document, number: int, *, sees_all: bool) -> Revision:
    found = find_shown_revision(document, number, only_published=not sees_all)
    if found is None:
        raise Http404
    return found


@require_safe
def history(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """All revisions, the newest first; `?before=` leads to older ones."""
    document, sees_all, context = _load(request, slug, iteration_slug, code)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None
    context["page"] = history_page(document, only_published=not sees_all, before=number)
    return render(request, "documents/history.html", context)


@require_safe
def compare(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """What changed between two revisions, by word: `?old=3&new=7&as=sides`."""
    document, sees_all, context = _load(request, slug, iteration_slug, code)
    form = CompareForm(request.GET)
    if not form.is_valid():
        messages.info(request, _("Choose the two revisions you want to compare."))
        return redirect("document-history", slug, iteration_slug, code)
    numbers = sorted((form.cleaned_data["old"], form.cleaned_data["new"]))
    old, new = (_find(document, number, sees_all=sees_all) for number in numbers)
    shown = {
        "side_by_side": request.GET.get("as") == "sides",
        "show_unchanged": request.GET.get("unchanged") == "shown",
    }
    context |= {"old": old, "new": new, **shown, "comparison": compare_revisions(document, old, new, **shown)}
    return render(request, "documents/compare.html", context)


@require_safe
def revision(request: HttpRequest, slug: str, iteration_slug: str, code: str, number: int) -> HttpResponse:
    """The text as it was in one revision."""
    document, sees_all, context = _load(request, slug, iteration_slug, code)
    shown = _find(document, number, sees_all=sees_all)
    text = assemble_text(
        load_passages(shown), lang=document.lang, template=document.template, passage_pages="../../passages/"
    )
    context |= {"revision": shown, "text": text, "body": text.html()}
    context["is_current"] = shown.pk == (document.current_id if sees_all else document.published_id)
    return render(request, "documents/revision.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """Save what a revision said as a new one."""
    document = load_document(request, slug, iteration_slug, code)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        raise Http404
    number = form.cleaned_data["number"]
    try:
        saved = restore_revision(actor=request.user, document=document, number=number)
    except NoSuchRevision as error:
        messages.error(request, str(error))
        return redirect("document-history", slug, iteration_slug, code)
    if saved.revision:
        said = {"number": number, "new": saved.revision.number}
        messages.success(request, _("The text of revision %(number)s is here again, as revision %(new)s.") % said)
    else:
        messages.info(request, _("The text says exactly this already."))
    return redirect("document-draft", slug, iteration_slug, code)
