"""The queue of those who work with the input: filter, open, take, give, answer for."""

import datetime
import zoneinfo
from dataclasses import asdict
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.jobs import start_job
from harken.base.permits import require
from harken.documents.actions.remarks import NothingSaid
from harken.inputs.actions.working import (
    MOST_AT_ONCE,
    AlreadyTaken,
    Change,
    NameTaken,
    NotAllowedToOwn,
    NothingChosen,
    NoWait,
    TooManyChosen,
    change_inputs,
    remove_filter,
    save_filter,
    take_input,
    write_note,
)
from harken.inputs.bench_html import show_input
from harken.inputs.forms.queue import ChangeForm, FilterForm, NoteForm, SaveFilterForm, filtering
from harken.inputs.models import Input, InputState
from harken.inputs.permissions import (
    filters_visible_to,
    inputs_visible_to,
    may_work_with_inputs,
    people_working_with_inputs,
)
from harken.inputs.queries.ledger import read_cursor
from harken.inputs.queries.queue import (
    NOBODYS,
    QueueFilter,
    count_own,
    count_states,
    open_input,
    queue_choices,
    read_picks,
    read_queue,
    select_inputs,
)
from harken.inputs.queue_html import render_queue, render_turn
from harken.inputs.tasks import change_inputs_matching
from harken.inputs.views.benches import bench_page
from harken.processes.models import Process
from harken.processes.page import load_process

# A person can put these right; what else goes wrong is a fault.
_EXPECTED = (NothingChosen, TooManyChosen, NotAllowedToOwn, NoWait)


def _load(request: HttpRequest, slug: str) -> Process:
    process = load_process(request, slug)
    require(may_work_with_inputs(request.user, process))
    return process


def _load_input(request: HttpRequest, process: Process, pk: int) -> Input:
    among = Input.objects.filter(process=process, pk=pk)
    said = get_object_or_404(inputs_visible_to(request.user, process, among=among).select_related("source", "document"))
    said.process = process
    return said


def _zone(process: Process) -> datetime.tzinfo:
    return zoneinfo.ZoneInfo(process.time_zone)


def _read_filter(query: QueryDict) -> QueueFilter:
    """What an address asks for; without any wish, what is new."""
    chosen = FilterForm(query).chosen()
    return chosen if chosen.query or chosen.misread or "state" in query else chosen.with_(state=InputState.NEW.value)


def _render_queue(
    request: HttpRequest,
    process: Process,
    query: QueryDict,
    *,
    changing: ChangeForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    user, now = request.user, timezone.now()
    chosen = _read_filter(query)
    visible = partial(_visible, request, process)
    inputs = select_inputs(visible, process, chosen, actor=user, now=now)
    choices = queue_choices(process, people_working_with_inputs(process))
    opened = _read_id(query.get("open", ""))
    beside = open_input(visible(Input.objects.filter(process=process)), process, opened, now=now) if opened else None
    page = read_queue(inputs, process, now=now, after=read_cursor(query.get("after", "")), folds=not chosen.campaign)
    back, zone = _back_query(query), process.time_zone
    mine, overdue = count_own(process, user, now)
    context = bench_page(
        request,
        process,
        chosen=chosen,
        page=page,
        rows=render_queue(
            page.rows,
            zone,
            back=back,
            opened=beside.row.said.pk if beside else None,
            picked=set(request.POST.getlist("pick")),
        ),
        counts=count_states(process),
        states=InputState,
        mine=mine,
        overdue=overdue,
        filtering=filtering(chosen, choices, own=user.get_username()),
        changing=changing or ChangeForm(people=list(choices.people), zone=_zone(process), auto_id="change_%s"),
        changing_one=ChangeForm(people=list(choices.people), zone=_zone(process), auto_id="one_%s") if beside else None,
        refusal=refusal,
        opened=beside,
        shown=show_input(beside.row.said, zone) if beside else None,
        turn=render_turn(beside.row, zone) if beside else "",
        saved=filters_visible_to(user, process).select_related("owner"),
        saving=SaveFilterForm(auto_id="save_%s", label_suffix=""),
        noting=NoteForm(auto_id="note_%s", label_suffix="") if beside else None,
        back=back,
    )
    return render(request, "inputs/queue.html", context, status=status)


def _read_id(text: str | list[object] | None) -> int | None:
    written = str(text or "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


def _visible(request: HttpRequest, process: Process, among: QuerySet[Input]) -> QuerySet[Input]:
    return inputs_visible_to(request.user, process, among=among)


def _back_query(query: QueryDict) -> str:
    """The part of the address that leads back to where one was, without what was open."""
    kept = QueryDict(mutable=True)
    for name in (*FilterForm.base_fields, "after"):
        if name in query:
            kept[name] = str(query[name])
    return kept.urlencode()


def _back(process: Process, query: QueryDict, *, opened: int | None = None) -> HttpResponse:
    kept = QueryDict(_back_query(query), mutable=True)
    if opened is not None:
        kept["open"] = str(opened)
    address = reverse("queue", args=[process.slug])
    return redirect(f"{address}?{kept.urlencode()}" if kept else address)


@login_required
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for an answer, filtered by the address; `?open=ID` opens one beside the list."""
    return _render_queue(request, _load(request, slug), request.GET)


@login_required
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Do to the chosen inputs, or to all the filter is about, what the form says."""
    process = _load(request, slug)
    query = QueryDict(request.POST.get("query", ""))
    people = list(people_working_with_inputs(process))
    form = ChangeForm(request.POST, people=people, zone=_zone(process), auto_id="change_%s")
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _render_queue(request, process, query, changing=form, refusal=sentence, status=422)
    takes = "take" in request.POST
    wanted = Change(owner=request.user.pk) if takes else form.change()
    try:
        picks = form.cleaned_data["pick"]
        inputs = read_picks(Input.objects.filter(process=process), picks)
        if takes:
            # What somebody else has in work is not taken from them by the way.
            inputs = inputs.filter(Q(owner__isnull=True) | Q(owner=request.user.pk))
        if form.cleaned_data["all"]:
            return _start(request, process, _read_filter(query), query, wanted, takes=takes)
        if len(picks) == 1 and picks[0].startswith("c") and inputs[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
            return _start(request, process, QueueFilter(campaign=int(picks[0][1:])), query, wanted, takes=takes)
        count = change_inputs(actor=request.user, process=process, inputs=inputs, change=wanted, origin="form")
    except _EXPECTED as error:
        return _render_queue(request, process, query, changing=form, refusal=str(error), status=422)
    said = ngettext("%(count)s input changed.", "%(count)s inputs changed.", count)
    messages.success(request, said % {"count": count})
    return _back(process, query, opened=_read_id(request.POST.get("open", "")))


def _start(
    request: HttpRequest, process: Process, chosen: QueueFilter, query: QueryDict, wanted: Change, *, takes: bool
) -> HttpResponse:
    if takes:
        chosen = chosen.with_(owner=NOBODYS)
    if chosen.misread:
        raise NothingChosen(chosen.misread)
    if not wanted:
        raise NothingChosen(_("Say what should become of them: whose they are, how far they are, or until when."))
    address = reverse("queue", args=[process.slug])
    arguments: list[Any] = [process.pk, request.user.pk, asdict(chosen), wanted.as_json()]
    job = start_job(
        change_inputs_matching,
        *arguments,
        label=_("Change the inputs that match"),
        return_to=f"{address}?{_back_query(query)}",
    )
    return redirect(job)


@login_required
@require_POST
def take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take one input into work."""
    process = _load(request, slug)
    try:
        take_input(actor=request.user, said=_load_input(request, process, pk), origin="form")
        messages.success(request, _("It is yours now."))
    except AlreadyTaken as error:
        messages.error(request, str(error))
    return _back(process, QueryDict(request.POST.get("query", "")), opened=pk)


@login_required
@require_POST
def note(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave a note on an input for those who work with it."""
    process = _load(request, slug)
    form = NoteForm(request.POST)
    said = _load_input(request, process, pk)
    try:
        text = form.cleaned_data["text"] if form.is_valid() else ""
        write_note(actor=request.user, said=said, text=text, lang=get_language() or "", origin="form")
        messages.success(request, _("Noted."))
    except NothingSaid as error:
        messages.error(request, str(error))
    return _back(process, QueryDict(request.POST.get("query", "")), opened=pk)


@login_required
@require_POST
def filter_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the filter one looks through under a name."""
    process = _load(request, slug)
    query = QueryDict(request.POST.get("query", ""))
    form = SaveFilterForm(request.POST)
    try:
        name = form.cleaned_data["name"] if form.is_valid() else ""
        save_filter(
            actor=request.user,
            process=process,
            name=name,
            chosen=_read_filter(query),
            is_shared=bool(form.cleaned_data.get("is_shared")),
            origin="form",
        )
        messages.success(request, _("Saved."))
    except (NothingSaid, NameTaken) as error:
        messages.error(request, str(error))
    return _back(process, query)


@login_required
@require_POST
def filter_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a saved filter away."""
    process = _load(request, slug)
    saved = get_object_or_404(filters_visible_to(request.user, process), pk=pk)
    saved.process = process
    remove_filter(actor=request.user, saved=saved, origin="form")
    messages.success(request, _("The filter is gone; the inputs are as they were."))
    return _back(process, QueryDict(request.POST.get("query", "")))
