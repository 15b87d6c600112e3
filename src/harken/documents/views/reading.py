"""Pages for readers: iterations, groups, recommendations, and the map of how they connect."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from harken.documents.margin_html import render_spokes
from harken.documents.models import Depth
from harken.documents.panels import PanelPlace, render_panels, stamp_document
from harken.documents.permissions import documents_visible_to, drafting_spaces_visible_to, may_decide_lineage
from harken.documents.queries.document_page import depth_choices, document_page
from harken.documents.queries.lineage import draw_lineage, groups_with_texts
from harken.documents.queries.reading import find_passage, group_page, iteration_chapters
from harken.documents.views.loading import document_of, load_iteration, reading_of
from harken.people.queries import find_group, group_tree, members_of
from harken.processes.models import Process
from harken.processes.page import process_page, public_process_page, stamped_process_page
from harken.processes.permissions import iterations_visible_to


@require_safe
@public_process_page
def iteration(request: HttpRequest, process: Process, iteration_slug: str) -> HttpResponse:
    """One published round: every group with its recommendations."""
    shown = load_iteration(request, process, iteration_slug)
    context = process_page(request, process, iteration=shown, chapters=iteration_chapters(shown))
    return render(request, "documents/iteration.html", context)


@require_safe
@stamped_process_page(stamp_document)
def document(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> HttpResponse:
    """A document as readers see it: its passages, where they come from and what they lead to."""
    shown, reads_draft = reading_of(request, process, iteration_slug, code)
    if shown.published is None:
        return redirect("document-draft", process.slug, iteration_slug, code)
    depth = request.GET.get("depth", "")
    static_copy = getattr(request, "static_copy", False)
    page = document_page(
        shown,
        request.user,
        depth=depth if depth in Depth.values else "",
        reads_draft=reads_draft,
        static_copy=static_copy,
    )
    notes = render_spokes(
        page.counts,
        page.origins,
        process_root=reverse("process", args=[process.slug]),
        passage_pages="" if static_copy else "passages/",
    )
    context = process_page(request, process, document=shown, page=page, reads_draft=reads_draft)
    context |= {"body": page.text.html(notes), "depths": depth_choices(shown.template, page.text, depth)}
    if not static_copy:
        place = PanelPlace(process, shown, counts=page.about_it)
        context |= {"ways": render_panels("ways", request, place), "after": render_panels("document", request, place)}
    return render(request, "documents/document.html", context)


@require_safe
@public_process_page
def document_lineage(request: HttpRequest, process: Process, iteration_slug: str, code: str) -> HttpResponse:
    """One recommendation followed back and onward."""
    shown = document_of(request, process, iteration_slug, code)
    drawing = draw_lineage(
        process,
        iterations_visible_to(request.user, process),
        documents_visible_to(request.user, process),
        document=shown,
    )
    context = process_page(request, process, document=shown, map=drawing, within=True)
    return render(request, "documents/lineage.html", context)


@require_safe
@public_process_page
def lineage(request: HttpRequest, process: Process) -> HttpResponse:
    """The lineage map of a whole process, or of one group's documents (`?group=AD`)."""
    group_code = request.GET.get("group", "")
    drawing = draw_lineage(
        process,
        iterations_visible_to(request.user, process),
        documents_visible_to(request.user, process),
        group_code=group_code,
    )
    context = process_page(request, process, map=drawing, groups=groups_with_texts(process), group_code=group_code)
    context["within"] = bool(group_code)
    context["may_decide"] = bool(may_decide_lineage(request.user, process))
    return render(request, "documents/lineage.html", context)


@require_safe
@public_process_page
def groups(request: HttpRequest, process: Process) -> HttpResponse:
    """The tree of groups."""
    return render(request, "documents/groups.html", process_page(request, process, tree=group_tree(process.body)))


@require_safe
@public_process_page
def group(request: HttpRequest, process: Process, code: str) -> HttpResponse:
    """A group: who is in it, and what it wrote in each iteration."""
    found = find_group(process.body, code)
    if found is None:
        raise Http404
    page = group_page(found, iterations_visible_to(request.user, process))
    context = process_page(request, process, group=found, page=page, members=members_of(found))
    spaces = drafting_spaces_visible_to(request.user, process).filter(group=found)
    context["spaces"] = spaces.select_related("iteration").order_by("-iteration__number")
    return render(request, "documents/group.html", context)


@require_safe
@public_process_page
def contents(request: HttpRequest, process: Process) -> HttpResponse:
    """Everything that is published, on one page: a printable index, and the search of a static copy."""
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
