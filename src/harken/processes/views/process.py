"""Pages of a process: its timeline, and where organisers shape it."""


from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.caching import public_page
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
from harken.processes.forms.process import GuidingQuestionsForm, IterationForm, PhaseForm, PillarFormSet, ProcessForm
from harken.processes.models import Iteration, Phase
from harken.processes.page import load_for_organiser, load_process, process_page, process_version


@require_safe
@public_page(process_version)
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the process stands: every phase and what it opens."""
    process = load_process(request, slug)
    return render(request, "processes/timeline.html", process_page(request, process))


@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """What the process says of itself; and the way to all else organisers set."""
    process = load_for_organiser(request, slug)
    form = ProcessForm(request.POST or None, instance=process)
    if request.method == "POST" and form.is_valid():
        fresh = load_process(request, slug)
        change_process(actor=request.user, process=fresh, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("process-settings", slug)
    context = process_page(request, process, form=form, tree=group_tree(process.body))
    context |= {"iterations": process.iterations.order_by("-number")}
    return render(request, "processes/settings.html", context, status=422 if form.errors else 200)


@login_required
def direction(request: HttpRequest, slug: str) -> HttpResponse:
    """The pillars and the guiding questions."""
    process = load_for_organiser(request, slug)
    initial = list(process.pillars.values("name", "text"))
    questions = "\n".join(process.guiding_questions.values_list("text", flat=True))
    pillars = PillarFormSet(request.POST or None, initial=initial, prefix="pillars")
    guidance = GuidingQuestionsForm(request.POST or None, initial={"questions": questions})
    if request.method == "POST" and pillars.is_valid() and guidance.is_valid():
        named = [row for row in pillars.cleaned_data if row.get("name")]
        texts = [PillarText(row["name"], row["text"], process.lang) for row in named]
        set_pillars(actor=request.user, process=process, pillars=texts)
        asked = [(text, process.lang) for text in guidance.cleaned_data["questions"]]
        set_guiding_questions(actor=request.user, process=process, questions=asked)
        messages.success(request, _("Saved."))
        return redirect("process-direction", slug)
    return render(
        request, "processes/direction.html", process_page(request, process, pillars=pillars, guidance=guidance)
    )


@login_required
def phase(request: HttpRequest, slug: str, phase_id: int | None = None) -> HttpResponse:
    """Add or change a phase."""
    process = load_for_organiser(request, slug)
    shown = get_object_or_404(Phase, process=process, pk=phase_id) if phase_id else None
    form = PhaseForm(request.POST or None, instance=shown, initial={} if shown else {"lang": process.lang})
    if request.method == "POST" and form.is_valid():
        if phase_id:
            stored = get_object_or_404(Phase.objects.select_related("process__body"), process=process, pk=phase_id)
            change_phase(actor=request.user, phase=stored, **form.cleaned_data)
        else:
            add_phase(actor=request.user, process=process, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("timeline", slug)
    context = process_page(request, process, form=form, phase=shown)
    return render(request, "processes/phase.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def phase_remove(request: HttpRequest, slug: str, phase_id: int) -> HttpResponse:
    """Take a phase out of the calendar."""
    process = load_for_organiser(request, slug)
    remove_phase(actor=request.user, phase=get_object_or_404(Phase, process=process, pk=phase_id))
    messages.success(request, _("Removed."))
    return redirect("timeline", slug)


@login_required
def iteration_settings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change an iteration's title, date, languages, publication."""
    process = load_for_organiser(request, slug)
    shown = get_object_or_404(Iteration, process=process, number=number)
    form = IterationForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        stored = get_object_or_404(Iteration.objects.select_related("process__body"), process=process, number=number)
        change_iteration(actor=request.user, iteration=stored, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("process-settings", slug)
    context = process_page(request, process, form=form, iteration=shown)
    return render(request, "processes/iteration_settings.html", context, status=422 if form.errors else 200)
