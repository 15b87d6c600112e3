"""Pages of a process: its timeline, and where organisers shape it."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harken.base.clocks import time_zones
from harken.people.queries import group_tree
from harken.processes.actions import (
    PillarText,
    add_phase,
    change_iteration,
    change_phase,
    change_process,
    remove_phase,
    set_guiding_questions,
    set_pillars,
)
from harken.processes.default_questions import default_questions
from harken.processes.forms.process import GuidingQuestionsForm, IterationForm, PhaseForm, PillarFormSet, ProcessForm
from harken.processes.models import Iteration, Phase, Process
from harken.processes.page import load_for_organiser, process_page, public_process_page
from harken.processes.queries import questions_by_language

# A form writes into the row it is bound to while it checks it. Each gets a copy, so that the page around the form and
# the action that keeps what was before still see the record.


@require_safe
@public_process_page
def timeline(request: HttpRequest, process: Process) -> HttpResponse:
    """Where the process stands: every phase and what it opens."""
    return render(request, "processes/timeline.html", process_page(request, process))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What the process says of itself; and the way to all else organisers set."""
    process = load_for_organiser(request, slug)
    form = ProcessForm(request.POST or None, instance=copy(process))
    if request.method == "POST" and form.is_valid():
        change_process(actor=request.user, process=process, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("process-settings", slug)
    context = process_page(request, process, form=form, tree=group_tree(process.body))
    context |= {"iterations": process.iterations.order_by("-number"), "zones": _time_zones()}
    return render(request, "processes/settings.html", context, status=422 if form.errors else 200)


def _time_zones() -> list[str]:
    """The zones people live in, by name: those of the IANA database that name a place, and UTC."""
    places = (name for name in time_zones() if "/" in name and not name.startswith("Etc/"))
    return ["UTC", *sorted(places)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def direction(request: HttpRequest, slug: str) -> HttpResponse:
    """The pillars and the guiding questions."""
    process = load_for_organiser(request, slug)
    initial = list(process.pillars.values("name", "text", "lang"))
    pillars = PillarFormSet(request.POST or None, initial=initial, prefix="pillars")
    guidance = _questions_form(request, process)
    is_adopting = "adopt" in request.POST
    if request.method == "POST" and not is_adopting and pillars.is_valid() and guidance.is_valid():
        rows = [form.cleaned_data for form in pillars.ordered_forms]
        texts = [PillarText(row["name"], row["text"], row["lang"] or process.lang) for row in rows if row.get("name")]
        set_pillars(actor=request.user, process=process, pillars=texts)
        set_guiding_questions(actor=request.user, process=process, questions=guidance.cleaned_data["questions"])
        messages.success(request, _("Saved."))
        return redirect("process-direction", slug)
    is_wrong = request.method == "POST" and not is_adopting
    context = process_page(
        request, process, pillars=pillars, guidance=guidance, is_wrong=is_wrong, is_adopting=is_adopting
    )
    return render(request, "processes/direction.html", context, status=422 if is_wrong else 200)


def _questions_form(request: HttpRequest, process: Process) -> GuidingQuestionsForm:
    """The form with what is on record, with what was sent, or with the questions that somebody wants to begin with."""
    on_record = questions_by_language(process)
    languages = [*process.languages, *(code for texts in on_record for code in texts)]
    adopted = default_questions([process.lang, *process.languages]) if "adopt" in request.POST else None
    written = GuidingQuestionsForm.write_down(adopted or on_record, lang=process.lang, languages=languages)
    data = {**request.POST.dict(), **written} if adopted else request.POST or None
    return GuidingQuestionsForm(data, initial=written, lang=process.lang, languages=languages)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phase(request: HttpRequest, slug: str, phase_id: int | None = None) -> HttpResponse:
    """Add or change a phase."""
    process = load_for_organiser(request, slug)
    stored = get_object_or_404(Phase, process=process, pk=phase_id) if phase_id else None
    initial = {} if stored else {"lang": process.lang}
    form = PhaseForm(process, request.POST or None, instance=copy(stored), initial=initial)
    if request.method == "POST" and form.is_valid():
        if stored:
            stored.process = process
            change_phase(actor=request.user, phase=stored, **form.cleaned_data)
        else:
            add_phase(actor=request.user, process=process, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("timeline", slug)
    context = process_page(request, process, form=form, phase=stored)
    return render(request, "processes/phase.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def phase_remove(request: HttpRequest, slug: str, phase_id: int) -> HttpResponse:
    """Take a phase out of the calendar."""
    process = load_for_organiser(request, slug)
    stored = get_object_or_404(Phase.objects.select_related("process__body"), process=process, pk=phase_id)
    remove_phase(actor=request.user, phase=stored)
    messages.success(request, _("“%(phase)s” was removed.") % {"phase": stored.name})
    return redirect("timeline", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def iteration_settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change an iteration's title, date, languages, publication."""
    process = load_for_organiser(request, slug)
    stored = get_object_or_404(Iteration.objects.select_related("process__body"), process=process, number=number)
    form = IterationForm(request.POST or None, instance=copy(stored))
    if request.method == "POST" and form.is_valid():
        change_iteration(actor=request.user, iteration=stored, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("process-settings", slug)
    context = process_page(request, process, form=form, iteration=stored)
    return render(request, "processes/iteration_settings.html", context, status=422 if form.errors else 200)
