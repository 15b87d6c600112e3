"""What the pages share on which people work with the input."""

from typing import Any

from django.http import HttpRequest

from harken.inputs.permissions import may_moderate
from harken.processes.models import Process
from harken.processes.page import process_page


def bench_page(request: HttpRequest, process: Process, **context: Any) -> dict[str, Any]:
    """The context of a page that extends `inputs/bench.html`."""
    return process_page(request, process, moderates=bool(may_moderate(request.user, process)), **context)
