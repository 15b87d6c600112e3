"""Where what was said came from: the sources of a process, the page of each, and its terms put right."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from harken.base.caching import answer_for_everybody
from harken.base.permits import require
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.sources import LooserConsent, ToldByMeeting, change_source_terms
from harken.inputs.forms.sources import SourceForm
from harken.inputs.models import Meeting, Source
from harken.inputs.permissions import may_change_source, may_see_terms, may_work_with_inputs, sources_visible_to
from harken.inputs.queries.sources import RELATED, count_by_sources, describe_source, list_sources
from harken.people.queries import groups_from
from harken.processes.models import Process
from harken.processes.page import load_process, process_page, process_stamp
from harken.processes.permissions import may_edit_process


def _counted(request: HttpRequest, process: Process) -> QuerySet[Document] | None:
    """The documents whose inputs are counted for the visitor; None: all there is."""
    if may_edit_process(request.user, process):
        return None
    return documents_visible_to(request.user, process)


@require_safe
def sources(request: HttpRequest, slug: str) -> HttpResponse:
    """The sources of a process, the newest in front: `?before=` goes on with older ones."""
    process = load_process(request, slug)
    before = request.GET.get("before", "")
    page = list_sources(
        sources_visible_to(request.user, process),
        sees_terms=bool(may_work_with_inputs(request.user, process)),
        documents=_counted(request, process),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
    )

    def make() -> HttpResponse:
        return render(request, "inputs/sources.html", process_page(request, process, page=page))

    return answer_for_everybody(request, content=lambda: f"{process_stamp(process)} {page}", make=make)


@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The terms of one source; whoever may put them right does so here."""
    process = load_process(request, slug)
    found = get_object_or_404(sources_visible_to(request.user, process).select_related(*RELATED), pk=pk)
    found.process = process
    may_change = may_change_source(request.user, found)
    form = None
    if request.method == "POST":
        require(may_change)
        form = _form(found, request.POST)
        if form.is_valid() and _change(request, found, form):
            return redirect("source", slug, pk)
    row = describe_source(found, sees_terms=bool(may_see_terms(request.user, found)))
    number = count_by_sources([pk], documents=_counted(request, process)).get(pk, 0)

    def make() -> HttpResponse:
        shown = form or (_form(found, None) if may_change else None)
        groups = groups_from(process.body) if shown else []
        context = process_page(request, process, source=row, number=number, form=shown, groups=groups)
        return render(request, "inputs/source.html", context, status=422 if form else 200)

    return answer_for_everybody(request, content=lambda: f"{process_stamp(process)} {row} {number}", make=make)


def _form(found: Source, sent: QueryDict | None) -> SourceForm:
    return SourceForm(found, sent, is_of_meeting=Meeting.objects.filter(source=found).exists())


def _change(request: HttpRequest, found: Source, form: SourceForm) -> bool:
    try:
        change_source_terms(actor=request.user, source=found, terms=form.terms(), origin="form")
    except (LooserConsent, ToldByMeeting) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved."))
    return True
