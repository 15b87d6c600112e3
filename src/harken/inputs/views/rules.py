"""How a process takes input: its organisers' page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from harken.base.permits import require
from harken.inputs.actions.rules import set_input_rules
from harken.inputs.forms.rules import rules_form
from harken.inputs.permissions import may_set_input_rules
from harken.inputs.queries.rules import rules_of
from harken.inputs.views.benches import bench_page
from harken.processes.page import load_process


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def input_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules, and the form that changes them."""
    process = load_process(request, slug)
    require(may_set_input_rules(request.user, process))
    if request.method == "POST":
        form = rules_form(process, rules_of(process), request.POST)
        if form.is_valid():
            set_input_rules(actor=request.user, process=process, rules=form.rules(), origin="form")
            messages.success(request, _("Saved. It holds for what comes from now on."))
            return redirect("input-rules", slug)
    else:
        form = rules_form(process, rules_of(process), None)
    context = bench_page(request, process, form=form)
    return render(request, "inputs/rules.html", context, status=422 if form.errors else 200)
