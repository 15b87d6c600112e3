"""Bringing an outline in: upload, preview, correct, confirm."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from harken.base.fetch import CannotFetch, fetch
from harken.base.permits import require
from harken.core.outline import FORMATS, Limits, Outline, OutlineError, read_outline
from harken.documents.actions.outline import (
    NothingToImport,
    confirm_outline_draft,
    correct_outline_draft,
    keep_outline_draft,
)
from harken.documents.forms.outline import OutlineUploadForm
from harken.documents.models import OutlineDraft
from harken.documents.outline_corrections import CannotCorrect, OutdatedPreview, fingerprint_outline
from harken.documents.permissions import may_import_outline
from harken.documents.queries.outline_plan import plan_outline
from harken.documents.queries.outline_preview import preview_outline
from harken.people.models import User
from harken.processes.models import Process
from harken.processes.page import load_process, process_page

_LIMITS = Limits()


def _load_for_import(request: HttpRequest, slug: str) -> tuple[Process, User]:
    """The process, and who imports: an organiser, so signed in."""
    process = load_process(request, slug)
    require(may_import_outline(request.user, process))
    return process, cast(User, request.user)


def _read_upload(form: OutlineUploadForm) -> tuple[str, Outline]:
    """The outline of the one source given, and what to call it. Raises `OutlineError` or `CannotFetch`."""
    data = form.cleaned_data
    if data["file"]:
        # Before the file is read into memory: it may be of any size.
        _LIMITS.check_input(data["file"].size)
        return data["file"].name, read_outline(data["file"].read(), name=data["file"].name)
    if data["address"]:
        fetched = fetch(data["address"])
        return fetched.address, read_outline(fetched.content, name=fetched.address, media_type=fetched.media_type)
    return _("pasted text"), read_outline(data["text"].encode("utf-8-sig"))


def _render_upload(
    request: HttpRequest, process: Process, form: OutlineUploadForm, *, refused: str = ""
) -> HttpResponse:
    drafts = OutlineDraft.objects.filter(process=process, by_id=request.user.pk, imported_at=None).order_by("-id")
    context = process_page(request, process, form=form, formats=FORMATS.values(), refused=refused)
    context["drafts"] = drafts.only("name", "at")[:5]
    return render(request, "documents/outline_upload.html", context, status=422 if form.errors or refused else 200)


@login_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an outline: what is found is previewed before anything is written.

    A pasted text beyond what a form may hold is refused while the form is read, which the check of the form's token
    does first; so that check comes here, after the reading, and the refusal is a sentence beside the form.
    """
    try:
        request.POST  # noqa: B018 - read for what it raises
    except RequestDataTooBig:
        process, _organiser = _load_for_import(request, slug)
        refused = _("The text is too long to be pasted. Save it as a file of at most 50 MB and give that.")
        return _render_upload(request, process, OutlineUploadForm(initial={"lang": process.lang}), refused=refused)
    return _receive(request, slug)


@csrf_protect
def _receive(request: HttpRequest, slug: str) -> HttpResponse:
    process, organiser = _load_for_import(request, slug)
    form = OutlineUploadForm(request.POST or None, request.FILES or None, initial={"lang": process.lang})
    if request.method == "POST" and form.is_valid():
        try:
            name, found = _read_upload(form)
        except (CannotFetch, OutlineError) as error:
            form.refuse(str(error))
        else:
            draft = keep_outline_draft(
                actor=organiser, process=process, name=name, lang=form.cleaned_data["lang"], outline=found.to_json()
            )
            return redirect("outline-preview", slug, draft.pk)
    return _render_upload(request, process, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """What was found and what it would change; to correct, and to confirm."""
    process, organiser = _load_for_import(request, slug)
    draft = get_object_or_404(OutlineDraft, process=process, by=organiser, pk=draft_id)
    if request.method != "POST":
        return _render_preview(request, process, draft)
    typed = request.POST.dict()
    try:
        correct_outline_draft(actor=organiser, draft=draft, fields=typed)
        if "confirm" not in typed:
            return redirect(request.get_full_path())
        counts = confirm_outline_draft(actor=organiser, draft=draft)
    except OutdatedPreview as error:
        return _render_preview(request, process, draft, refused=str(error))
    except CannotCorrect as error:
        return _render_preview(request, process, draft, typed=typed, mistakes=error.mistakes)
    except NothingToImport as error:
        return _render_preview(request, process, draft, refused=str(error))
    messages.success(request, _say_imported(counts))
    return redirect("process", slug)


def _say_imported(counts: dict[str, int]) -> str:
    """What an import did, in a sentence."""
    new, changed, same = counts["new"], counts["changed"] + counts["moved"], counts["unchanged"]
    parts = [
        ngettext("%(number)s new recommendation", "%(number)s new recommendations", new) % {"number": new},
        ngettext("%(number)s changed", "%(number)s changed", changed) % {"number": changed},
        ngettext("%(number)s as it was", "%(number)s as they were", same) % {"number": same},
    ]
    return _("Imported: %(parts)s.") % {"parts": ", ".join(parts)}


def _render_preview(
    request: HttpRequest,
    process: Process,
    draft: OutlineDraft,
    *,
    typed: dict[str, str] | None = None,
    mistakes: dict[str, str] | None = None,
    refused: str = "",
) -> HttpResponse:
    plan = plan_outline(process, Outline.from_json(draft.outline), lang=draft.lang)
    number = request.GET.get("page", "")
    shown = preview_outline(
        plan,
        shown=request.GET.get("group", ""),
        page=int(number) if number.isdecimal() and len(number) < 9 else 1,
        typed=typed,
        mistakes=mistakes,
    )
    context = process_page(request, process, draft=draft, plan=plan, preview=shown, mistakes=mistakes, refused=refused)
    context["read_as"] = fingerprint_outline(draft.outline)
    context["can_correct"] = draft.imported_at is None
    status = 422 if mistakes or refused else 200
    return render(request, "documents/outline_preview.html", context, status=status)
