"""Pages of the base room."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tasks import TaskResultStatus

from harken.base.jobs import read_job


@require_safe
def job(request: HttpRequest, token: str) -> HttpResponse:
    """How a job goes: waits, leads on when it is done, and says so when it failed."""
    found = read_job(token)
    if found is None:
        raise Http404
    if found.result.status == TaskResultStatus.SUCCESSFUL:
        messages.success(request, _("%(label)s: done.") % {"label": found.label})
        return redirect(found.return_to)
    if found.result.status == TaskResultStatus.FAILED:
        messages.error(request, _("%(label)s: this failed; nothing was changed. Try again.") % {"label": found.label})
        return redirect(found.return_to)
    since = found.result.enqueued_at
    waited = int((timezone.now() - since).total_seconds()) if since else 0
    context = {"job": found, "waited": waited, "is_running": found.result.status == TaskResultStatus.RUNNING}
    return render(request, "base/job.html", context)
