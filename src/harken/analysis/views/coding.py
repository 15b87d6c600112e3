"""Coding on the page of an input."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harken.analysis.actions.coding import NotQuoted, code_input, decide_coding
from harken.analysis.actions.placing import NotATheme
from harken.analysis.forms.themes import CodeForm
from harken.analysis.models import CodingState, Theme, ThemedExtract
from harken.analysis.permissions import extracts_visible_to
from harken.analysis.theme_tree import tree_for
from harken.inputs.models import Input
from harken.inputs.permissions import inputs_visible_to
from harken.processes.models import Process
from harken.processes.page import load_process


def _back(slug: str, pk: int) -> HttpResponse:
    return redirect(f"{reverse('input', args=[slug, pk])}#themes")


def _load_input(request: HttpRequest, process: Process, pk: int) -> Input:
    said: Input = get_object_or_404(inputs_visible_to(request.user, process), pk=pk)
    said.process = process
    return said


@login_required
@require_POST
def code(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that words of an input, or all of it, belong to a theme."""
    process = load_process(request, slug)
    said = _load_input(request, process, pk)
    tree = tree_for(process, request.user)
    form = CodeForm(request.POST, tree=tree)
    row = tree.find(form.cleaned_data["theme"]) if form.is_valid() else None
    if row is None:
        messages.error(request, _("Choose a theme."))
        return _back(slug, pk)
    theme = Theme.objects.get(pk=row.pk)
    try:
        code_input(actor=request.user, said=said, theme=theme, quote=form.cleaned_data["quote"], origin="form")
    except (NotQuoted, NotATheme) as error:
        messages.error(request, str(error))
    return _back(slug, pk)


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, pk: int, themed: int) -> HttpResponse:
    """Accept what was proposed, or say that it does not belong there."""
    process = load_process(request, slug)
    said = _load_input(request, process, pk)
    seen = ThemedExtract.objects.filter(input=said, extract__in=extracts_visible_to(request.user, process).values("pk"))
    found = get_object_or_404(seen.select_related("theme"), pk=themed)
    found.theme.process, found.input = process, said
    state = CodingState.ACCEPTED if "accept" in request.POST else CodingState.REJECTED
    decide_coding(actor=request.user, themed=found, state=state, origin="form")
    return _back(slug, pk)
