"""Complaints, the moderators' page, hiding, appeals."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from harken.base.addresses import sender_address
from harken.base.permits import require
from harken.inputs.actions.agreeing import decide_on_supports
from harken.inputs.actions.arrivals import CAUSES, Cause, TooMany, network_of, read_reasons
from harken.inputs.actions.moderating import (
    AlreadyDecided,
    NoReason,
    appeal_hiding,
    complain,
    decide_appeal,
    dismiss_complaints,
    hide_inputs,
    show_inputs,
)
from harken.inputs.actions.redaction import redact_input
from harken.inputs.bench_html import show_input
from harken.inputs.browsers import known_browser, new_browser, remember_browser
from harken.inputs.forms.moderation import (
    COUNT,
    DISMISS,
    HIDE,
    LEAVE_OUT,
    SHOW,
    AppealForm,
    ComplaintForm,
    DecisionForm,
    HideForm,
    ModerateForm,
    RedactForm,
)
from harken.inputs.models import Fault, Hiding, Input
from harken.inputs.moderation_html import Why, render_picks
from harken.inputs.permissions import (
    inputs_visible_to,
    may_appeal,
    may_complain,
    may_decide_appeal,
    may_moderate,
    may_redact,
)
from harken.inputs.queries.ledger import PLACES, describe_inputs, read_cursor
from harken.inputs.queries.moderation import (
    ModeratedRow,
    count_moderation,
    list_agreed,
    list_appealed,
    list_complained,
    list_held,
    list_hidden,
)
from harken.inputs.receipts import read_receipt
from harken.inputs.views.benches import bench_page
from harken.processes.models import Process
from harken.processes.page import load_process, process_page

_SHOWN = ("held", "complained", "agreed", "appealed", "hidden")
_LISTS = {"complained": list_complained, "agreed": list_agreed, "appealed": list_appealed}


def _load(request: HttpRequest, slug: str) -> Process:
    process = load_process(request, slug)
    require(may_moderate(request.user, process))
    return process


def _load_input(request: HttpRequest, process: Process, pk: int) -> Input:
    among = Input.objects.filter(process=process, pk=pk)
    said = get_object_or_404(inputs_visible_to(request.user, process, among=among).select_related(*PLACES))
    said.process = process
    return said


def _why(row: ModeratedRow) -> Why:
    if row.agreements:
        number = ngettext("%(count)s agreement waits.", "%(count)s agreements wait.", row.agreements)
        return [(f"{CAUSES[Cause.MANY]} {number % {'count': row.agreements}}", "")]
    return [(str(CAUSES[reason.cause]), reason.seen) for reason in read_reasons({"reasons": row.held})]


def _render_bench(
    request: HttpRequest, process: Process, show: str, form: ModerateForm | None = None, *, refusal: str = ""
) -> HttpResponse:
    after = read_cursor(request.GET.get("after", ""))
    following = None
    if show == "held":
        rows, following = list_held(process, after)
    elif show == "hidden":
        rows, following = list_hidden(process, after)
    else:
        rows = _LISTS[show](process)
    context = bench_page(
        request,
        process,
        show=show,
        rows=rows,
        **_show_rows(request, process, show, rows),
        following=following,
        counts=count_moderation(process),
        faults=Fault.choices,
        form=form,
        refusal=refusal,
    )
    return render(request, "inputs/moderation.html", context, status=422 if refusal else 200)


def _show_rows(request: HttpRequest, process: Process, show: str, rows: list[ModeratedRow]) -> dict[str, Any]:
    """What the page shows of its rows: a form for each appeal, of all else a list to choose from."""
    zone = process.time_zone
    if show == "appealed":
        permits = [_may_decide(request, process, row.hiding) for row in rows]
        return {
            "appeals": [(row, show_input(row.said, zone), permit) for row, permit in zip(rows, permits, strict=True)]
        }
    picked = set(request.POST.getlist("pick"))
    return {"picks": render_picks([(row, _why(row)) for row in rows], zone, picked=picked)}


def _may_decide(request: HttpRequest, process: Process, hiding: Hiding | None) -> Any:
    return may_decide_appeal(request.user, process, hiding) if hiding and hiding.appealed_at else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def moderation(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for moderators: `?show=held`, `complained`, `agreed`, `appealed`; or what is `hidden`."""
    process = _load(request, slug)
    asked = request.POST.get("show", "") or request.GET.get("show", "")
    show = asked if asked in _SHOWN else _first_that_waits(process)
    if request.method != "POST":
        return _render_bench(request, process, show)
    form = ModerateForm(request.POST)
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _render_bench(request, process, show, form, refusal=sentence)
    try:
        said = _moderate(request, process, form.cleaned_data)
    except NoReason as error:
        return _render_bench(request, process, show, form, refusal=str(error))
    messages.success(request, said)
    return redirect(f"{reverse('moderation', args=[slug])}?show={show}")


def _first_that_waits(process: Process) -> str:
    counts = count_moderation(process)
    return next((show for show in _SHOWN if getattr(counts, show, 0)), "held")


def _moderate(request: HttpRequest, process: Process, data: dict[str, Any]) -> str:
    """Do what the form says, and say how many there were."""
    picks: Iterable[int] = data["pick"]
    if data["act"] == SHOW:
        count = len(show_inputs(actor=request.user, process=process, inputs=picks, origin="form"))
        return ngettext("%(count)s input can be read now.", "%(count)s inputs can be read now.", count) % {
            "count": count
        }
    if data["act"] == DISMISS:
        count = dismiss_complaints(actor=request.user, process=process, inputs=picks, origin="form")
        return ngettext("%(count)s complaint settled.", "%(count)s complaints settled.", count) % {"count": count}
    if data["act"] in {COUNT, LEAVE_OUT}:
        counts = data["act"] == COUNT
        count = decide_on_supports(actor=request.user, process=process, inputs=picks, counts=counts, origin="form")
        if counts:
            told = ngettext("%(count)s agreement is counted now.", "%(count)s agreements are counted now.", count)
        else:
            told = ngettext("%(count)s agreement is left out.", "%(count)s agreements are left out.", count)
        return told % {"count": count}
    if data["act"] != HIDE:
        raise AssertionError("the form knows these acts only")
    count = len(
        hide_inputs(
            actor=request.user,
            process=process,
            inputs=picks,
            fault=Fault(data["fault"] or Fault.OTHER),
            reason=data["reason"],
            lang=get_language() or "",
            origin="form",
        )
    )
    return ngettext("%(count)s input hidden.", "%(count)s inputs hidden.", count) % {"count": count}


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Decide an appeal."""
    process = _load(request, slug)
    hiding = get_object_or_404(Hiding.objects.filter(input__process=process), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _render_bench(request, process, "appealed", refusal=sentence)
    upheld = form.cleaned_data["outcome"] == "hidden"
    try:
        decide_appeal(
            actor=request.user,
            process=process,
            hiding=hiding,
            upheld=upheld,
            decision=form.cleaned_data["decision"],
            origin="form",
        )
    except (NoReason, AlreadyDecided) as error:
        return _render_bench(request, process, "appealed", refusal=str(error))
    messages.success(request, _("It stays hidden.") if upheld else _("It can be read again."))
    return redirect(f"{reverse('moderation', args=[slug])}?show=appealed")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hide one input, from where it is read."""
    process = _load(request, slug)
    said = _load_input(request, process, pk)
    form = HideForm(request.POST if request.method == "POST" else None, label_suffix="", auto_id="hide_%s")
    if request.method == "POST" and form.is_valid():
        hide_inputs(
            actor=request.user,
            process=process,
            inputs=[said.pk],
            fault=Fault(form.cleaned_data["fault"]),
            reason=form.cleaned_data["reason"],
            lang=get_language() or "",
            origin="form",
        )
        messages.success(request, _("Hidden. Its speaker can appeal."))
        return redirect(f"{reverse('moderation', args=[slug])}?show=hidden")
    [row] = describe_inputs([said], sees_speakers=True)
    context = bench_page(request, process, row=row, shown=show_input(row, process.time_zone), form=form)
    return render(request, "inputs/moderation_hide.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take away what the law does not let stand, for good."""
    process = load_process(request, slug)
    require(may_redact(request.user, process))
    said = _load_input(request, process, pk)
    form = RedactForm(request.POST if request.method == "POST" else None, label_suffix="", auto_id="redact_%s")
    if request.method == "POST" and form.is_valid():
        what = form.cleaned_data["what"]
        redact_input(
            actor=request.user,
            said=said,
            reason=form.cleaned_data["reason"],
            words=what != "speaker",
            speaker=what != "words",
            origin="form",
        )
        messages.success(request, _("Taken away. The day and your reason stand in its place."))
        return redirect(f"{reverse('input', args=[slug, pk])}#input-{pk}")
    [row] = describe_inputs([said], sees_speakers=True)
    context = bench_page(request, process, row=row, shown=show_input(row, process.time_zone), form=form)
    return render(request, "inputs/moderation_redact.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let one input be read again."""
    process = _load(request, slug)
    show_inputs(actor=request.user, process=process, inputs=[pk], origin="form")
    messages.success(request, _("It can be read again."))
    return redirect(f"{reverse('moderation', args=[slug])}?show=hidden")


@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that an input should not stand; no account is needed."""
    process = load_process(request, slug)
    said = _load_input(request, process, pk)
    require(may_complain(request.user, said))
    form = ComplaintForm(request.POST if request.method == "POST" else None, label_suffix="", auto_id="complain_%s")
    if request.method == "POST" and form.is_valid():
        browser = known_browser(request) or new_browser()
        try:
            complain(
                actor=request.user,
                said=said,
                fault=Fault(form.cleaned_data["fault"]),
                text=form.cleaned_data["text"],
                lang=get_language() or "",
                key=f"u{request.user.pk}" if request.user.is_authenticated else f"b{browser}",
                network=network_of(sender_address(request)),
            )
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. A moderator will look at it."))
            response = redirect("input", slug, said.pk)
            remember_browser(response, browser)
            return response
    [row] = describe_inputs([said], sees_speakers=False)
    context = process_page(request, process, shown=show_input(row, process.time_zone), form=form)
    return render(request, "inputs/moderation_complain.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has an input's receipt says why it should be read although it was hidden."""
    said = Input.objects.filter(pk=read_receipt(token) or 0).select_related("process").first()
    if said is None:
        raise Http404
    hiding = Hiding.objects.filter(input=said, lifted_at__isnull=True).first()
    require(may_appeal(hiding))
    form = AppealForm(request.POST if request.method == "POST" else None, label_suffix="", auto_id="appeal_%s")
    if request.method == "POST" and form.is_valid():
        appeal_hiding(actor=request.user, said=said, text=form.cleaned_data["text"])
        messages.success(request, _("Sent. Another moderator decides, and the receipt tells you how."))
        return redirect("receipt", token)
    [row] = describe_inputs([said], sees_speakers=True)
    shown = show_input(row, said.process.time_zone)
    context = process_page(request, said.process, shown=shown, hiding=hiding, form=form, token=token)
    return render(request, "inputs/moderation_appeal.html", context, status=422 if form.errors else 200)
