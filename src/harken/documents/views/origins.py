"""The origin table: as a page, as a file, from a file; and texts begun from earlier drafts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.permits import require
from harken.documents.actions.drafting import begin_space
from harken.documents.actions.lineage import NoReason, NoSuchEdge
from harken.documents.actions.origins import import_origins
from harken.documents.actions.synthesis import (
    WrongNumber,
    derive_document,
    drop_document,
    merge_documents,
    split_document,
)
from harken.documents.actions.texts import CodeUsed, NoTitle
from harken.documents.forms.origins import DropForm, OriginsImportForm
from harken.documents.forms.synthesis import BeginForm
from harken.documents.models import Document, Template
from harken.documents.origin_table import write_origin_table
from harken.documents.permissions import (
    documents_visible_to,
    drafts_visible_to,
    groups_to_write_for,
    may_decide_lineage,
)
from harken.documents.queries.origin_plan import plan_origins
from harken.documents.queries.origins import free_code, origin_records, origin_table
from harken.documents.queries.reading import find_document
from harken.processes.models import Iteration, Process
from harken.processes.page import load_process, process_page, public_process_page
from harken.processes.permissions import iterations_visible_to


def _iteration_of(request: HttpRequest, process: Process, slug: str) -> Iteration:
    """The iteration at `slug` for whoever sees it, or reads a draft in it, or may begin one there; else 404."""
    found = Iteration.objects.filter(process=process, slug=slug).first()
    if found is None:
        raise Http404
    found.process = process
    if iterations_visible_to(request.user, process).filter(pk=found.pk).exists():
        return found
    if drafts_visible_to(request.user, process).filter(iteration=found).exists():
        return found
    if groups_to_write_for(request.user, process).exists():
        return found
    raise Http404


@require_safe
@public_process_page
def origins(request: HttpRequest, process: Process, iteration_slug: str) -> HttpResponse:
    """Which drafts each text of an iteration comes from, and which led nowhere (`?group=AD` for one group's)."""
    iteration = _iteration_of(request, process, iteration_slug)
    return _render_origins(request, process, iteration)


def _render_origins(
    request: HttpRequest, process: Process, iteration: Iteration, refused: str = "", *, status: int = 200
) -> HttpResponse:
    group_code = request.GET.get("group", "")
    table = origin_table(iteration, documents_visible_to(request.user, process), group_code=group_code)
    context = process_page(
        request, process, iteration=iteration, table=table, group_code=group_code, refused=refused, typed=request.POST
    )
    context["may_decide"] = bool(may_decide_lineage(request.user, process))
    context["may_begin"] = groups_to_write_for(request.user, process).exists()
    return render(request, "documents/origins.html", context, status=status)


@require_safe
@public_process_page
def origins_file(request: HttpRequest, process: Process, iteration_slug: str) -> HttpResponse:
    """The same table as CSV (RFC 4180), safe to open in a spreadsheet; importing it changes nothing."""
    iteration = _iteration_of(request, process, iteration_slug)
    documents = documents_visible_to(request.user, process)
    table = origin_table(iteration, documents, group_code=request.GET.get("group", ""))
    response = HttpResponse(write_origin_table(origin_records(table)), content_type="text/csv; charset=utf-8")
    name = f"{process.slug}-{iteration.slug}-origins.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def origins_import(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Bring an origin table: what it would change is shown first, and written when it is confirmed."""
    process = load_process(request, slug)
    require(may_decide_lineage(request.user, process))
    iteration = _iteration_of(request, process, iteration_slug)
    form = OriginsImportForm(request.POST, request.FILES) if request.method == "POST" else OriginsImportForm()
    context: dict[str, Any] = {"iteration": iteration, "form": form}
    if form.is_valid():
        documents = documents_visible_to(request.user, process)
        reason = form.cleaned_data["reason"]
        plan = plan_origins(iteration, form.lines, documents, default_reason=reason)
        if "confirm" in request.POST and plan.to_write:
            drawn = import_origins(actor=request.user, plan=plan)
            said = ngettext("%(count)s edge drawn.", "%(count)s edges drawn.", len(drawn)) % {"count": len(drawn)}
            messages.success(request, said)
            return redirect("origins", slug, iteration_slug)
        # The table itself stays in the form: a browser would not let it keep the file.
        again = OriginsImportForm(initial={"text": form.table, "reason": reason})
        context |= {"plan": plan, "table": form.table, "reason": reason, "form": again}
    page = process_page(request, process, **context)
    return render(request, "documents/origins_import.html", page, status=422 if form.errors else 200)


@login_required
@require_POST
def origins_drop(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Say why nothing came of a draft."""
    process = load_process(request, slug)
    require(may_decide_lineage(request.user, process))
    iteration = _iteration_of(request, process, iteration_slug)
    form = DropForm(request.POST)
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _render_origins(request, process, iteration, sentence, status=422)
    draft_iteration, _slash, code = form.cleaned_data["draft"].partition("/")
    draft = find_document(documents_visible_to(request.user, process), draft_iteration, code)
    if draft is None:
        raise Http404
    draft.iteration.process = process
    try:
        drop_document(actor=request.user, document=draft, reason=form.cleaned_data["reason"])
    except NoReason as error:
        return _render_origins(request, process, iteration, str(error), status=422)
    messages.success(request, _("%(code)s: dropped, with your reason.") % {"code": draft.code})
    return redirect("origins", slug, iteration_slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def origins_begin(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Begin private drafts of an iteration from earlier ones (`?from=iteration-1/AD-R2` chooses one)."""
    process = load_process(request, slug)
    iteration = _iteration_of(request, process, iteration_slug)
    groups = groups_to_write_for(request.user, process)
    earlier = (
        documents_visible_to(request.user, process)
        .filter(iteration__number__lt=iteration.number)
        .select_related("iteration", "chapter__group", "current", "published")
        .order_by("-iteration__number", "chapter__position", "position", "id")
    )
    drafts = list(earlier)
    for draft in drafts:
        draft.iteration.process = process
    chosen = request.GET.getlist("from")
    first = next((draft for draft in drafts if f"{draft.iteration.slug}/{draft.code}" in chosen), None)
    group = groups.filter(pk=first.chapter.group_id).first() if first else groups.first()
    initial = {
        "sources": chosen,
        "how": "derive" if len(chosen) == 1 else "merge",
        "group": group.code if group else "",
        "code": free_code(iteration, group.code) if group else "",
    }
    given = request.POST if request.method == "POST" else None
    form = BeginForm(drafts, groups, Template.objects.filter(process=process), given, initial=initial)
    if form.is_valid():
        made = _begin(request, iteration, form)
        if made:
            codes = ", ".join(document.code for document in made)
            messages.success(request, _("%(codes)s: begun as a private draft.") % {"codes": codes})
            return redirect("synthesis", slug, iteration_slug, made[0].code)
    context = process_page(request, process, iteration=iteration, form=form, drafts=drafts, may_begin=groups.exists())
    context["chosen"] = request.POST.getlist("sources") if form.is_bound else chosen
    return render(request, "documents/origins_begin.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, iteration: Iteration, form: BeginForm) -> list[Document]:
    """The new drafts; none, and the form says why, where that cannot be."""
    data = form.cleaned_data
    common = {"actor": request.user, "reason": data["reason"], "template": data["template"]}
    named = {"code": data["code"], "title": data["title"]}
    try:
        # Together, so that no empty chapter is left where the text cannot be begun.
        with transaction.atomic():
            common["chapter"] = begin_space(actor=request.user, iteration=iteration, group=data["group"])
            if data["how"] == "split":
                return split_document(source=data["sources"][0], parts=data["parts"], **common)
            if data["how"] == "derive":
                return [derive_document(source=data["sources"][0], **named, **common)]
            return [merge_documents(sources=data["sources"], carry=data["carry"], **named, **common)]
    except (CodeUsed, NoReason, NoSuchEdge, NoTitle, WrongNumber) as error:
        form.add_error(None, str(error))
        return []
