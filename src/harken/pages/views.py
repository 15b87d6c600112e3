"""Home, a process's own page, and search."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from harken.base.caching import answer_for_everybody
from harken.base.search import find
from harken.inputs.input_html import Ways, render_inputs
from harken.inputs.panels import stamp_process_page
from harken.inputs.permissions import inputs_visible_to, sources_visible_to
from harken.inputs.queries.heard import what_was_heard
from harken.inputs.queries.rules import input_window, rules_of
from harken.pages.queries import place_findings
from harken.people.queries import group_tree
from harken.processes.models import Process
from harken.processes.page import load_process, process_page, stamped_process_page
from harken.processes.permissions import iterations_visible_to, processes_visible_to
from harken.processes.queries import choose_questions, guiding_questions_of, timeline_of

RESULTS_ON_A_PAGE = 20
_MOST_PROCESSES = 20
_MOST_DIGITS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every process one may see, and what is open in each."""
    processes = processes_visible_to(request.user).prefetch_related("iterations", "phases")
    rows = [(process, timeline_of(process, timezone.now())) for process in processes]

    def content() -> str:
        return " ".join(f"{process.content_version}{timeline.states}" for process, timeline in rows)

    def make() -> HttpResponse:
        return render(request, "pages/home.html", {"rows": rows})

    return answer_for_everybody(request, content=content, make=make)


@require_safe
@stamped_process_page(stamp_process_page)
def process(request: HttpRequest, shown: Process) -> HttpResponse:
    """A process: where it wants to go, where it stands, who carries it, what there is to read and was said."""
    # What everybody may read, whoever looks: the numbers are the same for all.
    stranger = AnonymousUser()
    heard = what_was_heard(shown, inputs_visible_to(stranger, shown), sources_visible_to(stranger, shown))
    # Nothing is said here of an input that changes by itself.
    ways = Ways(reverse("process", args=[shown.slug]), shown.time_zone, shows_supports=False)
    context = process_page(
        request,
        shown,
        pillars=shown.pillars.all(),
        questions=choose_questions(guiding_questions_of(shown), shown, get_language() or shown.lang),
        may_say=input_window(shown, rules_of(shown), timezone.now()).is_open,
        iterations=iterations_visible_to(request.user, shown).order_by("-number"),
        tree=group_tree(shown.body),
        heard=heard,
        newest=render_inputs(heard.newest, ways),
    )
    return render(request, "pages/process.html", context)


@require_safe
def search(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What matches every word asked for, in one process or in all one may see."""
    query = request.GET.get("q", "").strip()[:200]
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) <= _MOST_DIGITS else 1
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
        # What people say is found in each process's own list, on the terms of those who spoke.
        "said_in": within.order_by("-pk")[:_MOST_PROCESSES] if query and not shown else (),
    }
    if shown:
        return render(request, "pages/search_process.html", process_page(request, shown, **context))
    return render(request, "pages/search.html", context)
