"""Campaigns: what the program put together, and what moderators say of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.permits import require
from harken.inputs.actions.campaigns import judge_campaign
from harken.inputs.forms.moderation import JudgeForm
from harken.inputs.input_html import render_pattern
from harken.inputs.models import Campaign
from harken.inputs.permissions import may_moderate, may_work_with_inputs
from harken.inputs.queries.campaigns import count_campaigns, list_campaigns
from harken.inputs.views.benches import bench_page
from harken.processes.page import load_process

_SHOWN = {"proposed": None, "confirmed": True, "rejected": False}


@login_required
@require_safe
def campaigns(request: HttpRequest, slug: str) -> HttpResponse:
    """Campaigns: `?show=proposed`, `confirmed` or `rejected`."""
    process = load_process(request, slug)
    require(may_work_with_inputs(request.user, process))
    show = request.GET.get("show", "")
    show = show if show in _SHOWN else "proposed"
    before = request.GET.get("before", "")
    cursor = int(before) if before.isdigit() and len(before) < 19 else None
    rows, following = list_campaigns(process, is_confirmed=_SHOWN[show], before=cursor)
    counts = count_campaigns(process)
    shown = [(row, render_pattern(row)) for row in rows]
    context = bench_page(request, process, show=show, rows=shown, following=following, counts=counts)
    return render(request, "inputs/campaigns.html", context)


@login_required
@require_POST
def judge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say whether inputs that were put together are a campaign."""
    process = load_process(request, slug)
    require(may_moderate(request.user, process))
    campaign = get_object_or_404(Campaign, process=process, pk=pk)
    form = JudgeForm(request.POST)
    if form.is_valid():
        is_confirmed = form.cleaned_data["verdict"] == "campaign"
        judge_campaign(
            actor=request.user,
            process=process,
            campaign=campaign,
            is_confirmed=is_confirmed,
            title=form.cleaned_data["title"],
            origin="form",
        )
        messages.success(
            request,
            _("A campaign: lists show it as one entry with its number.")
            if is_confirmed
            else _("No campaign: each input is shown by itself."),
        )
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    show = request.POST.get("show", "")
    return redirect(f"{reverse('campaigns', args=[slug])}?show={show if show in _SHOWN else 'proposed'}")
