"""Bringing in what was said elsewhere: brought, looked at, put into the ledger."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from harken.base.clocks import time_zones
from harken.base.jobs import start_job
from harken.base.permits import require
from harken.core.talk.model import Finding
from harken.core.talk.tables.mapping import MappingError, TableMapping
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.drafts import (
    AlreadyImported,
    drop_draft,
    keep_draft,
    map_columns,
    stands_still,
    start_import,
)
from harken.inputs.brought import Brought, Format, brought_with, preview_brought
from harken.inputs.findings import tell_findings
from harken.inputs.foreign import CannotRead
from harken.inputs.forms.importing import BringForm, MappingForm
from harken.inputs.models import Consent, ImportDraft
from harken.inputs.models import TableMapping as SavedMapping
from harken.inputs.permissions import drafts_visible_to, may_import_inputs
from harken.inputs.queries.named import NamedTexts
from harken.inputs.queries.texts import texts_to_speak_of
from harken.inputs.tasks import import_what_was_brought
from harken.people.models import User
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.queries import choose_questions, guiding_questions_of

_SHOWN_DRAFTS = 20


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
    """Bring a file or an address: what is in it is shown before anything is written."""
    process, user = _load(request, slug)
    texts = texts_to_speak_of(documents_visible_to(user, process))
    initial = {"format": Format.TALK, "zone": process.time_zone, "consent": Consent.PUBLIC, "lang": ""}
    form = BringForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        document = texts.find(data["code"])
        if data["code"] and document is None:
            form.add_error("code", _("There is no text with this code. The list shows those there are."))
        else:
            terms = {name: data[name] for name in ("title", "source", "lang", "zone", "consent", "licence", "address")}
            terms["document"] = document.pk if document else 0
            kind = Format(data["format"])
            draft = keep_draft(actor=user, process=process, kind=kind, file=data["file"], terms=terms)
            return redirect("inputs-import-draft", slug, draft.pk)
    drafts = drafts_visible_to(user, process).select_related("by")[:_SHOWN_DRAFTS]
    context = process_page(request, process, form=form, drafts=drafts, texts=texts, zones=sorted(time_zones()))
    return render(request, "inputs/import_bring.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What would come in, and for a survey which column is what; or what came in."""
    process, user, found = _load_draft(request, slug, pk)
    if found.started_at is not None:
        told = tell_findings(Finding(*one) for one in found.report.get("examples", ()))
        context = process_page(request, process, draft=found, stands_still=stands_still(found), findings=told)
        return render(request, "inputs/import_draft.html", context)
    brought = brought_with(found)
    context = {"draft": found, "failure": found.report.get("failure", "")}
    status = 200
    try:
        if brought.format == Format.TABLE:
            form = _mapping_form(request, process, brought)
            context |= {"form": form, "saved": SavedMapping.objects.filter(process=process)}
            if request.method == "POST" and form.is_valid():
                save_as = form.cleaned_data["save_as"]
                map_columns(actor=user, draft=found, mapping=form.mapping(), save_as=save_as)
                return redirect("inputs-import-draft", slug, pk)
            status = 422 if form.errors else 200
        context["preview"] = preview = preview_brought(brought, _texts_named_in(user, found))
        context["findings"] = tell_findings(preview.findings)
    except (CannotRead, AlreadyImported) as error:
        context["failure"] = str(error)
        status = 422
    return render(request, "inputs/import_draft.html", process_page(request, process, **context), status=status)


def _mapping_form(request: HttpRequest, process: Process, brought: Brought) -> MappingForm:
    table, mapping = brought.open_table()
    if name := request.GET.get("mapping"):
        saved = SavedMapping.objects.filter(process=process, name=name).first()
        if saved is not None:
            mapping = _fit(TableMapping.from_json(saved.mapping["json"]), table.columns, mapping)
    questions = choose_questions(guiding_questions_of(process), process, process.lang)
    return MappingForm(table.columns, mapping, questions, request.POST or None)


def _texts_named_in(user: User, draft: ImportDraft) -> NamedTexts:
    """The texts that its rows may say they are about."""
    documents = documents_visible_to(user, draft.process)
    about = documents.filter(pk=draft.terms.get("document") or 0).first()
    return NamedTexts(texts_to_speak_of(documents), about)


def _fit(kept: TableMapping, columns: tuple[str, ...], proposed: TableMapping) -> TableMapping:
    """A kept mapping where it fits the table; else what the table looks like."""
    try:
        kept.check(columns)
    except MappingError:
        return proposed
    return kept


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
    drop_draft(actor=user, draft=found)
    return redirect("inputs-import", slug)
