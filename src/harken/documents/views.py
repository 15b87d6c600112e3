"""Pages of texts: iterations, groups, recommendations, lineage, and the import of outlines."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from harken.base.caching import public_page
from harken.base.fetch import CannotFetch, fetch
from harken.base.jobs import start_job
from harken.base.permits import require
from harken.core.outline import Outline, OutlineError, read_outline
from harken.documents.actions.lineage import NoReason, NoSuchEdge, decide_edge, draw_edge
from harken.documents.actions.outline import (
    CannotCorrect,
    NothingToImport,
    confirm_outline_draft,
    correct_outline_draft,
    keep_outline_draft,
)
from harken.documents.forms import DrawEdgeForm, EdgeDecisionForm, OutlineUploadForm
from harken.documents.models import Document, EdgeState, LineageEdge, LineageKind, OutlineDraft
from harken.documents.permissions import documents_visible_to, may_decide_lineage, may_import_outline
from harken.documents.queries.lineage import draw_lineage, lineage_edges
from harken.documents.queries.outline_plan import plan_outline
from harken.documents.queries.reading import (
    document_page,
    find_document,
    find_passage,
    group_page,
    iteration_chapters,
)
from harken.documents.tasks import propose_lineage_of
from harken.people.queries import find_group, group_tree, members_of
from harken.processes.models import Iteration, Process
from harken.processes.page import load_process, process_page, process_version
from harken.processes.permissions import iterations_visible_to


def _load_iteration(request: HttpRequest, process: Process, slug: str) -> Iteration:
    found = get_object_or_404(iterations_visible_to(request.user, process), slug=slug)
    found.process = process
    return found


def _load_document(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> Document:
    found = find_document(documents_visible_to(request.user, process), iteration_slug, code)
    if found is None:
        raise Http404
    found.iteration.process = process
    return found


@require_safe
@public_page(process_version)
def iteration(request: HttpRequest, slug: str, iteration_slug: str) -> HttpResponse:
    """One published round: every group with its recommendations."""
    process = load_process(request, slug)
    shown = _load_iteration(request, process, iteration_slug)
    context = process_page(request, process, iteration=shown, chapters=iteration_chapters(shown))
    return render(request, "documents/iteration.html", context)


@require_safe
@public_page(process_version)
def document(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """A recommendation: its passages, where it comes from and what it leads to."""
    process = load_process(request, slug)
    shown = _load_document(request, process, iteration_slug, code)
    context = process_page(request, process, document=shown, page=document_page(shown))
    return render(request, "documents/document.html", context)


@require_safe
@public_page(process_version)
def document_lineage(request: HttpRequest, slug: str, iteration_slug: str, code: str) -> HttpResponse:
    """One recommendation followed back and onward."""
    process = load_process(request, slug)
    shown = _load_document(request, process, iteration_slug, code)
    drawing = draw_lineage(process, iterations_visible_to(request.user, process), document=shown)
    return render(request, "documents/lineage.html", process_page(request, process, document=shown, map=drawing))


@require_safe
@public_page(process_version)
def lineage(request: HttpRequest, slug: str) -> HttpResponse:
    """The lineage map of a whole process, or of one group's documents (`?group=AD`)."""
    process = load_process(request, slug)
    group_code = request.GET.get("group", "")
    drawing = draw_lineage(process, iterations_visible_to(request.user, process), group_code=group_code)
    groups = [node.group for node in group_tree(process.body).below]
    context = process_page(request, process, map=drawing, groups=groups, group_code=group_code)
    context["may_decide"] = bool(may_decide_lineage(request.user, process))
    return render(request, "documents/lineage.html", context)


@require_safe
@public_page(process_version)
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The tree of groups."""
    process = load_process(request, slug)
    return render(request, "documents/groups.html", process_page(request, process, tree=group_tree(process.body)))


@require_safe
@public_page(process_version)
def group(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A group: who is in it, and what it wrote in each iteration."""
    process = load_process(request, slug)
    found = find_group(process.body, code)
    if found is None:
        raise Http404
    page = group_page(found, iterations_visible_to(request.user, process))
    context = process_page(request, process, group=found, page=page, members=members_of(found))
    return render(request, "documents/group.html", context)


@require_safe
@public_page(process_version)
def contents(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that is published, on one page: a printable index, and the search of a static copy."""
    process = load_process(request, slug)
    iterations = iterations_visible_to(request.user, process).order_by("-number")
    rounds = [(one, iteration_chapters(one)) for one in iterations]
    return render(request, "documents/contents.html", process_page(request, process, rounds=rounds))


@require_safe
def passage(request: HttpRequest, public_id: str) -> HttpResponse:
    """A passage's permanent address leads to where the passage stands now."""
    found = find_passage(public_id)
    if found is None or not documents_visible_to(request.user, found.iteration.process).filter(pk=found.pk).exists():
        raise Http404
    place = redirect("document", found.iteration.process.slug, found.iteration.slug, found.code)
    place["Location"] += f"#p-{public_id}"
    return place


@login_required
def lineage_bench(request: HttpRequest, slug: str) -> HttpResponse:
    """Proposals that wait for a person, the surest first; `?state=` shows those accepted or rejected."""
    process = load_process(request, slug)
    require(may_decide_lineage(request.user, process))
    state = request.GET.get("state", EdgeState.PROPOSED)
    iterations = iterations_visible_to(request.user, process)
    edges = lineage_edges(process, iterations).filter(state=state).order_by("-score", "id").prefetch_related("decisions")
    rows = Paginator(edges, 50).get_page(request.GET.get("page"))
    context = process_page(request, process, rows=rows, state=state, states=EdgeState, kinds=LineageKind)
    context |= {"draw_form": DrawEdgeForm(process), "counts": _count_states(process)}
    return render(request, "documents/lineage_bench.html", context)


def _count_states(process: Process) -> dict[str, int]:
    states = list(LineageEdge.objects.filter(process=process).values_list("state", flat=True))
    return {state: states.count(state) for state in EdgeState.values}


@login_required
@require_POST
def lineage_propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the machine propose edges between each iteration and the next."""
    process = load_process(request, slug)
    require(may_decide_lineage(request.user, process))
    bench = reverse("lineage-bench", args=[slug])
    return redirect(
        start_job(propose_lineage_of, process.pk, request.user.pk, label=_("Comparing iterations"), return_to=bench)
    )


@login_required
@require_POST
def edge(request: HttpRequest, slug: str, edge_id: int) -> HttpResponse:
    """Accept or reject one edge."""
    process = load_process(request, slug)
    found = get_object_or_404(LineageEdge, process=process, pk=edge_id)
    form = EdgeDecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose accept or reject, and say why in a few words."))
        return redirect("lineage-bench", slug)
    state, kind = EdgeState(form.cleaned_data["state"]), LineageKind(form.cleaned_data["kind"])
    try:
        decide_edge(actor=request.user, edge=found, state=state, kind=kind, reason=form.cleaned_data["reason"])
    except NoReason as error:
        messages.error(request, str(error))
    if request.htmx:
        found.refresh_from_db()
        return render(request, "documents/lineage_bench.html#row", {"edge": found, "process": process})
    return redirect("lineage-bench", slug)


@login_required
@require_POST
def lineage_draw(request: HttpRequest, slug: str) -> HttpResponse:
    """Draw an edge that the machine did not see."""
    process = load_process(request, slug)
    form = DrawEdgeForm(process, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            draw_edge(
                actor=request.user,
                process=process,
                earlier=data["earlier"],
                later=data["later"],
                kind=LineageKind(data["kind"]),
                reason=data["reason"],
            )
        except (NoReason, NoSuchEdge) as error:
            form.add_error(None, str(error))
    if form.is_valid():
        messages.success(request, _("Drawn."))
    for field_errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in field_errors))
    return redirect("lineage-bench", slug)


def _read_upload(form: OutlineUploadForm) -> tuple[str, Outline]:
    """The outline of the one source given, and what to call it. Raises `OutlineError` or `CannotFetch`."""
    data = form.cleaned_data
    if data["file"]:
        return data["file"].name, read_outline(data["file"].read(), name=data["file"].name)
    if data["address"]:
        fetched = fetch(data["address"])
        return fetched.address, read_outline(fetched.content, name=fetched.address, media_type=fetched.media_type)
    return _("pasted text"), read_outline(data["text"].encode(), media_type="text/plain")


@login_required
def outline_upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an outline: what is found is previewed before anything is written."""
    process = load_process(request, slug)
    require(may_import_outline(request.user, process))
    form = OutlineUploadForm(request.POST or None, request.FILES or None, initial={"lang": process.lang})
    if request.method == "POST" and form.is_valid():
        try:
            name, found = _read_upload(form)
        except (CannotFetch, OutlineError) as error:
            form.add_error(None, str(error))
        else:
            draft = keep_outline_draft(
                actor=request.user, process=process, name=name, lang=form.cleaned_data["lang"], outline=found.to_json()
            )
            return redirect("outline-preview", slug, draft.pk)
    status = 422 if form.errors else 200
    return render(request, "documents/outline_upload.html", process_page(request, process, form=form), status=status)


@login_required
def outline_preview(request: HttpRequest, slug: str, draft_id: int) -> HttpResponse:
    """What was found and what it would change; to correct, and to confirm."""
    process = load_process(request, slug)
    require(may_import_outline(request.user, process))
    draft = get_object_or_404(OutlineDraft, process=process, by=request.user, pk=draft_id)
    if request.method == "POST":
        try:
            correct_outline_draft(actor=request.user, draft=draft, fields=request.POST)
            if "confirm" in request.POST:
                confirm_outline_draft(actor=request.user, draft=draft)
                messages.success(request, _("Imported."))
                return redirect("process", slug)
        except (CannotCorrect, NothingToImport) as error:
            messages.error(request, str(error))
        else:
            return redirect("outline-preview", slug, draft.pk)
    plan = plan_outline(process, Outline.from_json(draft.outline), lang=draft.lang)
    return render(request, "documents/outline_preview.html", process_page(request, process, draft=draft, plan=plan))
