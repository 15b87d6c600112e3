"""What every page inside a process needs: the process itself, the timeline, and what the visitor may do."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from harken.base.permits import require
from harken.processes.models import Process
from harken.processes.permissions import may_edit_process, processes_visible_to
from harken.processes.queries import timeline_of


def load_process(request: HttpRequest, slug: str) -> Process:
    """The process at `slug` if the visitor may see it, else 404. One query for whoever is not signed in."""
    process = processes_visible_to(request.user).select_related("body").filter(slug=slug).first()
    if process is None:
        raise Http404
    return process


def load_for_organiser(request: HttpRequest, slug: str) -> Process:
    """The process, its organiser's permit checked."""
    process = load_process(request, slug)
    require(may_edit_process(request.user, process))
    return process


def process_page(request: HttpRequest, process: Process, **context: Any) -> dict[str, Any]:
    """The context of a page that extends `processes/page.html`."""
    return {
        "process": process,
        "timeline": timeline_of(process, timezone.now()),
        "may_edit": bool(may_edit_process(request.user, process)),
        **context,
    }


def process_version(slug: str, **_place: Any) -> str | None:
    """What a public page of the process was made from, for its ETag: its version and the phases that are open."""
    process = Process.objects.filter(slug=slug, is_public=True).only("content_version").first()
    return f"{slug} {process.content_version}" if process else None
