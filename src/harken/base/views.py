"""Pages of the base room."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tasks import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from harken.base.jobs import read_job, read_progress

_SECONDS_BETWEEN_LOOKS: Final = 3


@require_safe
def job(request: HttpRequest, token: str) -> HttpResponse:
    """How a job goes: waits, leads on when it is done, and says so when it failed."""
    try:
        found = read_job(token)
    except TaskResultDoesNotExist as error:
        raise Http404 from error
    if found is None:
        raise Http404
    if found.result.status == TaskResultStatus.SUCCESSFUL:
        messages.success(request, _("%(label)s: done.") % {"label": found.label})
        return redirect(found.return_to)
    progress = read_progress(found)
    if found.result.status == TaskResultStatus.FAILED:
        said = _("%(label)s: this failed; nothing was changed. Try again.")
        if progress is not None and progress.done:
            said = _("%(label)s: this stopped after %(done)s of %(total)s. What was done stands; do the rest again.")
        counted = {"done": progress.done, "total": progress.total} if progress else {}
        messages.error(request, said % {"label": found.label, **counted})
        return redirect(found.return_to)
    since = found.result.enqueued_at
    waited = int((timezone.now() - since).total_seconds()) if since else 0
    is_running = found.result.status == TaskResultStatus.RUNNING
    context = {"job": found, "waited": waited, "is_running": is_running, "progress": progress}
    page = render(request, "base/job.html", context)
    # A header rather than a script: the page looks again by itself wherever it is read.
    page.headers["Refresh"] = str(_SECONDS_BETWEEN_LOOKS)
    return page
