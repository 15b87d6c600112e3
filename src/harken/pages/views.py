"""Home, a process's own page, and search."""

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from harken.base.caching import public_page
from harken.base.search import find
from harken.pages.queries import place_findings
from harken.people.queries import group_tree
from harken.processes.models import Process
from harken.processes.page import load_process, process_page, process_version
from harken.processes.permissions import iterations_visible_to, processes_visible_to
from harken.processes.queries import timelines_of

RESULTS_ON_A_PAGE = 20


def _home_version() -> str:
    return str(Process.objects.filter(is_public=True).aggregate(sum=Sum("content_version"))["sum"])


@require_safe
@public_page(_home_version)
def home(request: HttpRequest) -> HttpResponse:
    """Every process one may see, and what is open in each."""
    processes = list(processes_visible_to(request.user).prefetch_related("iterations"))
    timelines = timelines_of(processes, timezone.now())
    return render(request, "pages/home.html", {"rows": [(process, timelines[process.pk]) for process in processes]})


@require_safe
@public_page(process_version)
def process(request: HttpRequest, slug: str) -> HttpResponse:
    """A process: where it wants to go, where it stands, who carries it, what there is to read."""
    shown = load_process(request, slug)
    context = process_page(
        request,
        shown,
        pillars=shown.pillars.all(),
        questions=shown.guiding_questions.all(),
        iterations=iterations_visible_to(request.user, shown).order_by("-number"),
        tree=group_tree(shown.body),
    )
    return render(request, "pages/process.html", context)


@require_safe
def search(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What matches every word asked for, in one process or in all one may see."""
    query = request.GET.get("q", "").strip()[:200]
    page = max(1, int(number)) if (number := request.GET.get("page", "1")).isdecimal() else 1
    visible = processes_visible_to(request.user)
    shown = load_process(request, slug) if slug else None
    within = visible.filter(slug=slug) if slug else visible
    languages = sorted({code for codes in within.values_list("languages", flat=True) for code in codes})
    findings = find(
        query=query,
        languages=languages,
        process_ids=within.values("pk"),
        limit=RESULTS_ON_A_PAGE,
        offset=(page - 1) * RESULTS_ON_A_PAGE,
    )
    context = {
        "query": query,
        "findings": findings,
        "rows": place_findings(findings.rows),
        "page": page,
        "searched": bool(query),
    }
    if shown:
        return render(request, "pages/search_process.html", process_page(request, shown, **context))
    return render(request, "pages/search.html", context)
