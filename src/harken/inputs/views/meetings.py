"""The pages of meetings."""

import csv
import tempfile
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.addresses import sender_address
from harken.base.clocks import time_zones
from harken.base.permits import Permit, require
from harken.core.talk.tables.formulas import guard_cell
from harken.core.talk.tables.workbooks import TableError
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.arrivals import TooMany, network_of
from harken.inputs.actions.meetings import (
    NoSuchGroup,
    NothingReported,
    NotRegistered,
    TooManyPoints,
    announce_meeting,
    cancel_meeting,
    cancel_registration,
    change_meeting,
    register,
    report_meeting,
)
from harken.inputs.actions.sources import LooserConsent
from harken.inputs.forms.meetings import (
    MeetingForm,
    PointFormSet,
    RegisterForm,
    ReportForm,
    SheetForm,
    plan_as_initial,
    sheet_as_initial,
)
from harken.inputs.meeting_calendar import write_calendar
from harken.inputs.meeting_notices import read_registration, registration_token
from harken.inputs.meeting_sheet import read_sheet, write_sheet
from harken.inputs.models import Consent, Meeting, Registration
from harken.inputs.permissions import (
    inputs_visible_to,
    may_announce_meeting,
    may_change_meeting,
    may_read_report,
    may_register,
    may_report_meeting,
    may_see_registrations,
    meetings_visible_to,
)
from harken.inputs.queries.meetings import (
    MeetingRow,
    count_late,
    find_meeting,
    meeting_calendar,
    points_of,
    registrations_of,
    report_due,
)
from harken.inputs.queries.texts import TextsToSpeakOf, texts_to_speak_of
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.queries import choose_questions, guiding_questions_of

_LARGEST_SHEET: Final = 10_000_000
_CALENDAR_TYPE: Final = "text/calendar; charset=utf-8"


def _load(request: HttpRequest, slug: str, public_id: str) -> tuple[Process, MeetingRow]:
    process = load_process(request, slug)
    row = find_meeting(meetings_visible_to(request.user, process), public_id)
    if row is None:
        raise Http404
    row.meeting.process = process
    return process, row


def _load_for(request: HttpRequest, slug: str, public_id: str, permit: Any) -> tuple[Process, Meeting]:
    process, row = _load(request, slug, public_id)
    allowed: Permit = permit(request.user, row.meeting)
    require(allowed)
    return process, row.meeting


@require_safe
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """All meetings: those to come, and those that were."""
    process = load_process(request, slug)
    calendar = meeting_calendar(meetings_visible_to(request.user, process))
    may_announce = bool(may_announce_meeting(request.user, process))
    context = process_page(request, process, calendar=calendar, may_announce=may_announce)
    return render(request, "inputs/meetings.html", context)


@require_safe
def meetings_file(request: HttpRequest, slug: str) -> HttpResponse:
    """All meetings to come, for a calendar to subscribe to."""
    process = load_process(request, slug)
    calendar = meeting_calendar(meetings_visible_to(request.user, process), past=20)
    rows = [row.meeting for row in (*calendar.past, *calendar.coming)]
    return HttpResponse(write_calendar(process.name, rows), content_type=_CALENDAR_TYPE)


@require_safe
def meeting_file(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One meeting, for one's calendar."""
    _process, row = _load(request, slug, public_id)
    response = HttpResponse(write_calendar(row.meeting.title, [row.meeting]), content_type=_CALENDAR_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{public_id}.ics"'
    return response


@require_safe
def meeting(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """One meeting: when, where, who; how to come, or what was said."""
    process, row = _load(request, slug, public_id)
    return _show(request, process, row, RegisterForm())


def _show(request: HttpRequest, process: Process, row: MeetingRow, form: RegisterForm) -> HttpResponse:
    actor = request.user
    context = process_page(
        request,
        process,
        row=row,
        meeting=row.meeting,
        points=points_of(row.meeting, inputs_visible_to(actor, process)),
        form=form,
        permit=may_register(actor, row.meeting),
        may_change=bool(may_change_meeting(actor, row.meeting)),
        may_report=bool(may_report_meeting(actor, row.meeting)),
        may_read_report=bool(may_read_report(actor, row.meeting)),
        may_see_registrations=bool(may_see_registrations(actor, row.meeting)),
        report_due=report_due(row.meeting, timezone.now()),
    )
    return render(request, "inputs/meeting.html", context, status=422 if form.errors else 200)


@require_POST
def meeting_register(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Register; what only machines fill in is dropped without a word."""
    process, row = _load(request, slug, public_id)
    require(may_register(request.user, row.meeting))
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _show(request, process, row, form)
    data = form.cleaned_data
    if data.pop("website"):
        return redirect("meeting", slug, public_id)
    lang = get_language() or process.lang
    network = network_of(sender_address(request))
    try:
        made = register(actor=request.user, meeting=row.meeting, lang=lang, network=network, origin="form", **data)
    except TooMany as error:
        form.add_error(None, str(error))
        return _show(request, process, row, form)
    if made is None:
        told = _("Thank you. Whether a seat is yours, and your own link, comes to this address by mail.")
        messages.success(request, told)
        return redirect("meeting", slug, public_id)
    return redirect("registration", slug, public_id, registration_token(made))


@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, slug: str, public_id: str, token: str) -> HttpResponse:
    """One's own registration, by its link: that one is expected, or waits; and not to come after all."""
    process, row = _load(request, slug, public_id)
    mine = get_object_or_404(Registration, pk=read_registration(token), meeting=row.meeting)
    if request.method == "POST":
        try:
            cancel_registration(actor=request.user, registration=mine, origin="form")
        except NotRegistered as error:
            messages.info(request, str(error))
        return redirect("registration", slug, public_id, token)
    context = process_page(request, process, row=row, meeting=row.meeting, registration=mine)
    return render(request, "inputs/registration.html", context)


def _render_form(
    request: HttpRequest, process: Process, form: MeetingForm, meeting: Meeting | None = None
) -> HttpResponse:
    zones = sorted(time_zones())
    context = process_page(request, process, form=form, meeting=meeting, zones=zones)
    return render(request, "inputs/meeting_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_announce(request: HttpRequest, slug: str) -> HttpResponse:
    """Announce a meeting."""
    process = load_process(request, slug)
    require(may_announce_meeting(request.user, process))
    initial = {"lang": get_language(), "time_zone": process.time_zone, "takes_registrations": True}
    form = MeetingForm(process, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = announce_meeting(actor=request.user, process=process, plan=form.plan(), origin="form")
        except NoSuchGroup as error:
            form.add_error("group", str(error))
        else:
            return redirect("meeting", slug, made.public_id)
    return _render_form(request, process, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Change what is announced, or cancel it."""
    process, meeting = _load_for(request, slug, public_id, may_change_meeting)
    if "cancel" in request.POST:
        cancel_meeting(actor=request.user, meeting=meeting, origin="form")
        messages.success(request, _("The meeting is cancelled. Those who registered are told."))
        return redirect("meeting", slug, public_id)
    form = MeetingForm(process, request.POST or None, initial=plan_as_initial(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            change_meeting(actor=request.user, meeting=meeting, plan=form.plan(), origin="form")
        except NoSuchGroup as error:
            form.add_error("group", str(error))
        else:
            messages.success(request, _("Changed. Those who registered are told."))
            return redirect("meeting", slug, public_id)
    return _render_form(request, process, form, meeting)


@login_required
@require_safe
def meeting_registrations(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Who comes; as a page, which prints as a list to sign, or as a table to take along."""
    process, meeting = _load_for(request, slug, public_id, may_see_registrations)
    coming = registrations_of(meeting)
    if request.GET.get("as") != "csv":
        context = process_page(request, process, meeting=meeting, registrations=coming)
        return render(request, "inputs/meeting_registrations.html", context)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{public_id}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Name"), _("E-mail"), _("Language"), _("What would help"), _("Waiting")])
    for one in coming:
        cells = (one.name, one.email, one.lang, one.needs, _("waiting") if one.is_waiting else "")
        writer.writerow([guard_cell(cell) for cell in cells])
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_report(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Report a meeting, by hand or from the sheet that was filled in there; what a sheet says is shown first."""
    process, meeting = _load_for(request, slug, public_id, may_report_meeting)
    texts = texts_to_speak_of(documents_visible_to(request.user, process), meeting=meeting)
    if request.method != "POST":
        return _show_report(request, process, meeting, texts, *_begin_report(request, meeting, texts))
    if "read" in request.POST:
        return _read_upload(request, process, meeting, texts)
    form = ReportForm(meeting, request.POST)
    points = PointFormSet(request.POST, form_kwargs={"texts": texts}, prefix="points")
    is_sound = form.is_valid() and points.is_valid()
    if "more" in request.POST or not is_sound:
        return _show_report(request, process, meeting, texts, form, points, adds="more" in request.POST)
    data = form.cleaned_data
    said = [one.point() for one in points]
    try:
        reported = report_meeting(
            actor=request.user,
            meeting=meeting,
            headcount=data["headcount"],
            summary=data["summary"],
            points=said,
            consent=Consent(data["consent"]),
            origin="form",
        )
    except (NothingReported, TooManyPoints, LooserConsent) as error:
        form.add_error(None, str(error))
        return _show_report(request, process, meeting, texts, form, points)
    messages.success(request, _("The report is in the ledger: each point as an input of those who met."))
    if late := count_late(reported):
        told = ngettext("%(number)s came late and is marked so.", "%(number)s came late and are marked so.", late)
        messages.info(request, told % {"number": late})
    return redirect("meeting", slug, public_id)


def _begin_report(request: HttpRequest, meeting: Meeting, texts: TextsToSpeakOf) -> tuple[ReportForm, Any]:
    """The form with what was reported until now."""
    said = points_of(meeting, inputs_visible_to(request.user, meeting.process))
    initial = [
        {
            "corrects": row.pk,
            "code": texts.name_of(row.iteration_slug, row.document),
            "stance": row.stance,
            "lang": row.lang,
            "text": row.text,
        }
        for row in said
        if row.has_words
    ]
    consent = meeting.source.consent if meeting.source else Consent.PUBLIC
    about = {"headcount": meeting.headcount, "summary": meeting.summary, "consent": consent}
    return ReportForm(meeting, initial=about), PointFormSet(
        initial=initial, form_kwargs={"texts": texts}, prefix="points"
    )


def _read_upload(request: HttpRequest, process: Process, meeting: Meeting, texts: TextsToSpeakOf) -> HttpResponse:
    sheet = SheetForm(request.POST, request.FILES)
    form, points = _begin_report(request, meeting, texts)
    if sheet.is_valid():
        upload = sheet.cleaned_data["sheet"]
        if upload.size > _LARGEST_SHEET:
            sheet.add_error("sheet", _("This file is larger than 10 MB: it is not the sheet of a meeting."))
        else:
            with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix[:10]) as kept:
                for part in upload.chunks():
                    kept.write(part)
                kept.flush()
                try:
                    report = read_sheet(Path(kept.name))
                except TableError as error:
                    sheet.add_error("sheet", str(error).replace(Path(kept.name).name, upload.name))
                else:
                    if report.is_empty:
                        sheet.add_error("sheet", _("Write down at least one point, or how it went."))
                    about, said = sheet_as_initial(report)
                    form = ReportForm(meeting, initial={**form.initial, **about})
                    points = PointFormSet(initial=said, form_kwargs={"texts": texts}, prefix="points")
    return _show_report(request, process, meeting, texts, form, points, sheet=sheet)


def _show_report(
    request: HttpRequest,
    process: Process,
    meeting: Meeting,
    texts: TextsToSpeakOf,
    form: ReportForm,
    points: Any,
    *,
    sheet: SheetForm | None = None,
    adds: bool = False,
) -> HttpResponse:
    if adds:
        # More rows below those that are filled in, without finding fault with these yet.
        said = [one.as_typed() for one in points]
        form = ReportForm(meeting, initial={name: request.POST.get(name, "") for name in form.fields})
        points = PointFormSet(initial=said, form_kwargs={"texts": texts}, prefix="points")
    sheet = sheet or SheetForm()
    has_errors = bool(form.errors or sheet.errors or (points.is_bound and not points.is_valid()))
    context = process_page(request, process, meeting=meeting, form=form, points=points, sheet=sheet, texts=texts)
    return render(request, "inputs/meeting_report.html", context, status=422 if has_errors else 200)


@login_required
@require_safe
def meeting_sheet(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """The sheet to fill in where there is no line."""
    process, meeting = _load_for(request, slug, public_id, may_see_registrations)
    texts = texts_to_speak_of(documents_visible_to(request.user, process), meeting=meeting)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(write_sheet(meeting, texts, get_language() or "en"), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{public_id}.xlsx"'
    return response


@login_required
@require_safe
def meeting_kit(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What to print for a meeting without a line: what to talk about, a sheet to write on, a list to sign."""
    process, meeting = _load_for(request, slug, public_id, may_see_registrations)
    questions = choose_questions(guiding_questions_of(process), process, get_language() or process.lang)
    context = process_page(
        request,
        process,
        meeting=meeting,
        texts=texts_to_speak_of(documents_visible_to(request.user, process), meeting=meeting),
        questions=questions,
        lines=range(12),
    )
    return render(request, "inputs/meeting_kit.html", context)
