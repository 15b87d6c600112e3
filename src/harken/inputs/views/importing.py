"""Bringing in what was said elsewhere: brought, looked at, put into the ledger."""

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.clocks import time_zones
from harken.base.jobs import start_job
from harken.base.permits import require
from harken.core.talk.model import Finding
from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.reading import Table
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.drafts import (
    AlreadyImported,
    drop_draft,
    keep_draft,
    map_columns,
    stands_still,
    start_import,
)
from harken.inputs.brought import Brought, Format, open_brought, preview_brought
from harken.inputs.findings import tell_findings
from harken.inputs.foreign import CannotRead
from harken.inputs.forms.importing import BringForm, MappingFileForm, MappingForm, SheetForm
from harken.inputs.models import ImportDraft
from harken.inputs.models import TableMapping as SavedMapping
from harken.inputs.permissions import drafts_visible_to, may_import_inputs
from harken.inputs.queries.named import NamedTexts
from harken.inputs.queries.texts import texts_to_speak_of
from harken.inputs.tasks import import_what_was_brought
from harken.people.models import User
from harken.people.queries import groups_from
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.queries import choose_questions, guiding_questions_of

_SHOWN_DRAFTS = 20
_NO_TERMS = ("format", "file", "code")
_FORMS = ("form", "given")


def _load(request: HttpRequest, slug: str) -> tuple[Process, User]:
    process = load_process(request, slug)
    require(may_import_inputs(request.user, process))
    return process, cast(User, request.user)


def _load_draft(request: HttpRequest, slug: str, pk: int) -> tuple[Process, User, ImportDraft]:
    process, user = _load(request, slug)
    draft = get_object_or_404(drafts_visible_to(user, process), pk=pk)
    draft.process = process
    return process, user, draft


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring files or an address: what is in it is shown before anything is written."""
    process, user = _load(request, slug)
    texts = texts_to_speak_of(documents_visible_to(user, process))
    initial = {"format": Format.TALK, "zone": process.time_zone}
    form = BringForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        document = texts.find(data["code"])
        if data["code"] and document is None:
            form.add_error("code", _("There is no text with this code. The list shows those there are."))
        else:
            terms = {name: said for name, said in data.items() if name not in _NO_TERMS}
            terms["document"] = document.pk if document else 0
            kind = Format(data["format"])
            draft = keep_draft(actor=user, process=process, kind=kind, files=data["file"], terms=terms)
            return redirect("inputs-import-draft", slug, draft.pk)
    drafts = drafts_visible_to(user, process).select_related("by")[:_SHOWN_DRAFTS]
    zones = sorted(time_zones())
    lists = {"texts": texts, "zones": zones, "groups": groups_from(process.body)}
    context = process_page(request, process, form=form, drafts=drafts, **lists)
    return render(request, "inputs/import_bring.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What would come in, and for a survey which column is what; or what came in."""
    process, user, found = _load_draft(request, slug, pk)
    if found.started_at is not None:
        told = tell_findings(Finding(*one) for one in found.report.get("examples", ()))
        page = process_page(request, process, draft=found, stands_still=stands_still(found), findings=told)
        return render(request, "inputs/import_draft.html", page)
    context: dict[str, Any] = {"draft": found, "failure": found.report.get("failure", ""), "files": found.files.all()}
    status = 200
    try:
        with open_brought(found) as brought:
            if brought.format == Format.TABLE and _choose_columns(request, user, found, brought, context):
                return redirect("inputs-import-draft", slug, pk)
            status = 422 if any(context[name].errors for name in _FORMS if name in context) else 200
            if not context.get("is_read_anew"):
                context["preview"] = preview = preview_brought(brought, _texts_named_in(user, found))
                context["findings"] = tell_findings(preview.findings)
    except (CannotRead, AlreadyImported) as error:
        context["failure"] = str(error)
        status = 422
    return render(request, "inputs/import_draft.html", process_page(request, process, **context), status=status)


def _choose_columns(
    request: HttpRequest, user: User, draft: ImportDraft, brought: Brought, context: dict[str, Any]
) -> bool:
    """Say which column of a survey is what, as the columns are read now; whether that was done.

    What is shown may be read otherwise than what is kept (another sheet, another mapping): `is_read_anew`. Then there
    is no preview until it is confirmed, since what would come in is what is kept.
    """
    process = draft.process
    table, mapping, context["is_read_anew"] = _open_as_asked(request, process, brought)
    sent = request.POST or None
    given = MappingFileForm(sent, request.FILES) if "from_file" in request.POST else MappingFileForm()
    form_sent = None if given.is_bound else sent
    questions = choose_questions(guiding_questions_of(process), process, process.lang)
    form = MappingForm(table, mapping, questions, form_sent)
    shown = {"sheet": table.sheet, "header_row": table.header_row}
    shown |= {"shown": table.sheet, "shown_row": table.header_row}
    sheet = SheetForm(table.sheets, initial=shown)
    saved = SavedMapping.objects.filter(process=process)
    context |= {"form": form, "sheet": sheet, "given": given, "saved": saved}
    if given.is_bound and given.is_valid():
        chosen: TableMapping = given.cleaned_data["mapping_file"]
        try:
            brought.open_table(chosen)
        except CannotRead as error:
            given.add_error("mapping_file", str(error))
            return False
        map_columns(actor=user, draft=draft, mapping=chosen)
        return True
    if form.is_bound and form.is_valid():
        map_columns(actor=user, draft=draft, mapping=form.mapping(), save_as=form.cleaned_data["save_as"])
        return True
    return False


def _open_as_asked(request: HttpRequest, process: Process, brought: Brought) -> tuple[Table, TableMapping, bool]:
    """The table as the address asks: by a kept mapping, or from another sheet or row on; else as it was last."""
    table, mapping = brought.open_table(brought.mapping)
    saved = SavedMapping.objects.filter(process=process, name=request.GET.get("mapping", "")).first()
    if saved is not None:
        return *_fit(TableMapping.from_json(saved.mapping["json"]), brought, table, mapping), True
    asked = SheetForm(table.sheets, request.GET)
    if "header_row" not in request.GET or not asked.is_valid():
        return table, mapping, False
    sheet, header_row = asked.asked()
    if sheet in ("", table.sheet) and header_row == table.header_row:
        return table, mapping, False
    anew, proposed = brought.open_table(sheet=sheet, header_row=header_row)
    return anew, replace(proposed, order=mapping.order, calendar=mapping.calendar), True


def _texts_named_in(user: User, draft: ImportDraft) -> NamedTexts:
    """The texts that its rows may say they are about."""
    documents = documents_visible_to(user, draft.process)
    about = documents.filter(pk=draft.terms.get("document") or 0).first()
    return NamedTexts(texts_to_speak_of(documents), about)


def _fit(kept: TableMapping, brought: Brought, table: Table, proposed: TableMapping) -> tuple[Table, TableMapping]:
    """A kept mapping where it fits what was brought; else what the table looks like."""
    fitting = kept if kept.sheet in table.sheets else replace(kept, sheet="")
    try:
        return brought.open_table(fitting)
    except CannotRead:
        return table, proposed


@login_required
@require_safe
def mapping(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Which column is what, as a file that the command line takes too."""
    _process, _user, found = _load_draft(request, slug, pk)
    if found.terms.get("mapping") is None:
        raise Http404
    answer = HttpResponse(found.terms["mapping"] + "\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="mapping-{found.pk}.json"'
    return answer


@login_required
@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put it into the ledger: a job, watched on its page."""
    _process, user, found = _load_draft(request, slug, pk)
    try:
        start_import(actor=user, draft=found)
    except AlreadyImported as error:
        messages.info(request, str(error))
        return redirect("inputs-import-draft", slug, pk)
    back = reverse("inputs-import-draft", args=[slug, pk])
    label = _("Bringing in %(name)s") % {"name": found.name}
    return redirect(start_job(import_what_was_brought, found.pk, user.pk, label=label, return_to=back))


@login_required
@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Forget what was brought."""
    _process, user, found = _load_draft(request, slug, pk)
    try:
        drop_draft(actor=user, draft=found)
    except AlreadyImported as error:
        messages.info(request, str(error))
        return redirect("inputs-import-draft", slug, pk)
    return redirect("inputs-import", slug)
