"""How the texts of an iteration hang together: the page for readers, and the bench where people decide."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.jobs import start_job
from harken.base.permits import require
from harken.documents.actions.lineage import NoReason
from harken.documents.actions.links import NoSuchLink, decide_link, draw_link
from harken.documents.forms.links import DrawLinkForm, LinkDecisionForm
from harken.documents.models import Document, EdgeState, Link, LinkKind
from harken.documents.permissions import documents_visible_to, links_visible_to, may_decide_links
from harken.documents.queries.link_bench import (
    bench_links,
    count_link_states,
    link_bench_rows,
    links_with_ends,
    offered_codes,
    offered_link_reasons,
)
from harken.documents.queries.link_graph import GraphFilter, link_graph
from harken.documents.tasks import propose_links_of
from harken.documents.views.loading import load_iteration
from harken.processes.models import Iteration, Process
from harken.processes.page import load_process, process_page, public_process_page
from harken.processes.permissions import may_edit_process

ROWS_ON_A_PAGE = 25


def _documents(request: HttpRequest, iteration: Iteration) -> QuerySet[Document]:
    return documents_visible_to(request.user, iteration.process).filter(iteration=iteration)


def _links(request: HttpRequest, iteration: Iteration) -> QuerySet[Link]:
    return links_visible_to(request.user, iteration.process).filter(iteration=iteration)


@require_safe
@public_process_page
def links(request: HttpRequest, process: Process, iteration_slug: str) -> HttpResponse:
    """The graph; `?kind=`, `?group=` and `?document=` (codes) narrow it, `?proposed=1` adds what nobody decided."""
    iteration = load_iteration(request, process, iteration_slug)
    documents = _documents(request, iteration)
    code, kind = request.GET.get("document", ""), request.GET.get("kind", "")
    document = documents.filter(code=code).first() if code else None
    if code and document is None:
        raise Http404
    wanted = GraphFilter(
        kind=kind if kind in LinkKind.values else "",
        group=request.GET.get("group", ""),
        document=document.pk if document else None,
        with_proposals=request.GET.get("proposed") == "1",
    )
    graph = link_graph(documents, _links(request, iteration), wanted)
    context = process_page(request, process, iteration=iteration, graph=graph, wanted=wanted, document=document)
    context["may_decide"] = bool(may_decide_links(request.user, process))
    return render(request, "documents/links.html", context)


def _load_for_decision(request: HttpRequest, slug: str, iteration_slug: str) -> Iteration:
    process = load_process(request, slug)
    require(may_decide_links(request.user, process))
    return load_iteration(request, process, iteration_slug)


def _draw_form(
    request: HttpRequest, iteration: Iteration, data: QueryDict | None = None, **initial: str
) -> DrawLinkForm:
    for_groups = bool(may_edit_process(request.user, iteration.process))
    return DrawLinkForm(_documents(request, iteration), data, for_groups=for_groups, initial=initial)


def _render_bench(
    request: HttpRequest, iteration: Iteration, draw_form: DrawLinkForm, *, status: int = 200, **shown: Any
) -> HttpResponse:
    """The bench; `shown` may put one row (`only`) with its refused form in place of the list."""
    found = _links(request, iteration)
    state = request.GET.get("state", "")
    state = state if state in EdgeState.values else EdgeState.PROPOSED
    page = Paginator(bench_links(found, state), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    documents = offered_codes(_documents(request, iteration))
    context = process_page(
        request, iteration.process, iteration=iteration, state=state, counts=count_link_states(found)
    )
    context |= {
        "page": page,
        "rows": [] if "only" in shown else link_bench_rows(page),
        "draw_form": draw_form,
        "documents": documents,
        "enough": len(documents) > 1,
        "reasons": offered_link_reasons(found),
        **shown,
    }
    return render(request, "documents/links_bench.html", context, status=status)


@login_required
@require_safe
def bench(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Proposals that wait for a person, the surest first; `?state=` shows those accepted or rejected."""
    iteration = _load_for_decision(request, slug, iteration_slug)
    return _render_bench(request, iteration, _draw_form(request, iteration, source=request.GET.get("source", "")))


@login_required
@require_POST
def propose(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Have the machine look for links."""
    iteration = _load_for_decision(request, slug, iteration_slug)
    back = reverse("links-bench", args=[slug, iteration_slug])
    label = _("Looking for links between the texts")
    return redirect(start_job(propose_links_of, iteration.pk, request.user.pk, label=label, return_to=back))


@login_required
@require_POST
def decide(request: HttpRequest, slug: str, iteration_slug: str, link_id: int) -> HttpResponse:
    """Accept or reject one link: the list again, or with htmx the link's row alone."""
    iteration = _load_for_decision(request, slug, iteration_slug)
    found = links_with_ends(_links(request, iteration))
    [row] = link_bench_rows([get_object_or_404(found, pk=link_id)])
    form = LinkDecisionForm(row, request.POST)
    if form.is_valid():
        try:
            link = decide_link(
                actor=request.user,
                link=row.link,
                state=EdgeState(form.cleaned_data["state"]),
                kind=form.kind,
                is_turned=form.is_turned,
                reason=form.cleaned_data["reason"],
                said_by=form.cleaned_data["said_by"],
            )
        except NoReason as error:
            form.add_error("reason", str(error))
        else:
            if not request.htmx:  # type: ignore[attr-defined] # django-htmx's middleware puts it there
                messages.success(request, _say(link))
                return redirect(_back_to_list(slug, iteration_slug, form))
            [row] = link_bench_rows([found.get(pk=link.pk)])
    status = 422 if form.errors else 200
    if request.htmx:  # type: ignore[attr-defined] # see above
        context = process_page(request, iteration.process, iteration=iteration, row=row)
        context["decision"] = form if form.errors else None
        return render(request, "documents/links_bench.html#row", context, status=status)
    return _render_bench(request, iteration, _draw_form(request, iteration), status=status, only=row, decision=form)


def _say(link: Link) -> str:
    ends = f"{link.source.code} – {link.target.code}"
    return _("%(codes)s, %(kind)s: %(state)s.") % {
        "codes": ends,
        "kind": LinkKind(link.kind).label,
        "state": EdgeState(link.state).label,
    }


def _back_to_list(slug: str, iteration_slug: str, form: LinkDecisionForm) -> str:
    """The list one came from, at the row that follows."""
    query = QueryDict(mutable=True)
    query["state"] = form.cleaned_data["list_state"] or EdgeState.PROPOSED
    query["page"] = str(form.cleaned_data["list_page"] or 1)
    following = form.cleaned_data["following"]
    bench_address = reverse("links-bench", args=[slug, iteration_slug])
    return f"{bench_address}?{query.urlencode()}{f'#edge-{following}' if following else ''}"


@login_required
@require_POST
def draw(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """Draw a link that the machine did not see."""
    iteration = _load_for_decision(request, slug, iteration_slug)
    form = _draw_form(request, iteration, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        ends = (data["source"], data["target"])
        try:
            link = draw_link(
                actor=request.user,
                source=ends[0],
                target=ends[1],
                kind=LinkKind(data["kind"]),
                reason=data["reason"],
                said_by=[end.chapter.group_id for end in ends] if data.get("both_say_so") else [],
            )
        except (NoReason, NoSuchLink) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _say(link))
            return redirect("links-bench", slug, iteration_slug)
    return _render_bench(request, iteration, form, status=422)
