"""The bench on which organisers and writers say what became of each text."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.jobs import start_job
from harken.base.permits import require
from harken.documents.actions.lineage import NoReason, NoSuchEdge, decide_edge, draw_edge
from harken.documents.forms.lineage import DrawEdgeForm, EdgeDecisionForm
from harken.documents.models import EdgeState, LineageEdge, LineageKind
from harken.documents.permissions import documents_visible_to, may_decide_lineage
from harken.documents.queries.lineage import lineage_edges
from harken.documents.queries.lineage_bench import (
    bench_edges,
    bench_rows,
    count_states,
    offered_documents,
    offered_reasons,
)
from harken.documents.tasks import propose_lineage_of
from harken.processes.models import Process
from harken.processes.page import load_process, process_page
from harken.processes.permissions import iterations_visible_to

ROWS_ON_A_PAGE = 25


def _load_for_decision(request: HttpRequest, slug: str) -> Process:
    process = load_process(request, slug)
    require(may_decide_lineage(request.user, process))
    return process


def _visible_edges(request: HttpRequest, process: Process) -> QuerySet[LineageEdge]:
    return lineage_edges(process, documents_visible_to(request.user, process))


def _render_bench(
    request: HttpRequest, process: Process, draw_form: DrawEdgeForm, *, status: int = 200, **shown: Any
) -> HttpResponse:
    """The bench; `shown` may put one row (`only`) with its refused form in place of the list."""
    edges = _visible_edges(request, process)
    state = request.GET.get("state", "")
    state = state if state in EdgeState.values else EdgeState.PROPOSED
    page = Paginator(bench_edges(edges, state), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = process_page(request, process, state=state, states=EdgeState, counts=count_states(edges))
    iterations = iterations_visible_to(request.user, process)
    context |= {
        "page": page,
        "rows": [] if "only" in shown else bench_rows(page),
        "draw_form": draw_form,
        "documents": offered_documents(documents_visible_to(request.user, process)),
        "reasons": offered_reasons(edges),
        "enough_iterations": iterations.count() > 1,
        **shown,
    }
    return render(request, "documents/lineage_bench.html", context, status=status)


@login_required
@require_safe
def bench(request: HttpRequest, slug: str) -> HttpResponse:
    """Proposals that wait for a person, the surest first; `?state=` shows those accepted or rejected."""
    process = _load_for_decision(request, slug)
    initial = {name: request.GET.get(name, "") for name in ("earlier", "later")}
    form = DrawEdgeForm(documents_visible_to(request.user, process), initial=initial)
    return _render_bench(request, process, form)


@login_required
@require_POST
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the machine propose edges between each iteration and the next."""
    process = _load_for_decision(request, slug)
    back = reverse("lineage-bench", args=[slug])
    return redirect(
        start_job(propose_lineage_of, process.pk, request.user.pk, label=_("Comparing iterations"), return_to=back)
    )


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, edge_id: int) -> HttpResponse:
    """Accept or reject one edge: the list again, or with htmx the edge's row alone."""
    process = _load_for_decision(request, slug)
    edges = _visible_edges(request, process).select_related(
        "earlier__current", "earlier__published", "later__current", "later__published"
    )
    edge = get_object_or_404(edges, pk=edge_id)
    form = EdgeDecisionForm(edge, request.POST)
    if form.is_valid():
        state, kind = EdgeState(form.cleaned_data["state"]), LineageKind(form.cleaned_data["kind"])
        try:
            decide_edge(actor=request.user, edge=edge, state=state, kind=kind, reason=form.cleaned_data["reason"])
        except NoReason as error:
            form.add_error("reason", str(error))
        else:
            if not request.htmx:  # type: ignore[attr-defined] # django-htmx's middleware puts it there
                said = {"code": _name_ends(edge), "state": state.label}
                messages.success(request, _("%(code)s: %(state)s.") % said)
                return redirect(_back_to_list(slug, form))
            edge = get_object_or_404(edges, pk=edge_id)
    [row] = bench_rows([edge])
    status = 422 if form.errors else 200
    if request.htmx:  # type: ignore[attr-defined] # see above
        context = {"row": row, "process": process, "decision": form if form.errors else None}
        return render(request, "documents/lineage_bench.html#row", context, status=status)
    empty = DrawEdgeForm(documents_visible_to(request.user, process))
    return _render_bench(request, process, empty, status=status, only=row, decision=form)


def _name_ends(edge: LineageEdge) -> str:
    return " → ".join(end.code for end in (edge.earlier, edge.later) if end)


def _back_to_list(slug: str, form: EdgeDecisionForm) -> str:
    """The list one came from, at the row that follows."""
    query = QueryDict(mutable=True)
    query["state"] = form.cleaned_data["list_state"] or EdgeState.PROPOSED
    query["page"] = str(form.cleaned_data["list_page"] or 1)
    following = form.cleaned_data["following"]
    return f"{reverse('lineage-bench', args=[slug])}?{query.urlencode()}{f'#edge-{following}' if following else ''}"


@login_required
@require_POST
def draw(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw an edge that the machine did not see."""
    process = _load_for_decision(request, slug)
    form = DrawEdgeForm(documents_visible_to(request.user, process), request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            edge = draw_edge(
                actor=request.user,
                process=process,
                earlier=data["earlier"],
                later=data["later"],
                kind=LineageKind(data["kind"]),
                reason=data["reason"],
            )
        except (NoReason, NoSuchEdge) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(code)s: drawn and accepted.") % {"code": _name_ends(edge)})
            return redirect("lineage-bench", slug)
    return _render_bench(request, process, form, status=422)
