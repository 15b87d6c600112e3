"""Work that takes longer than a page should: done by a worker, watched on a page that says how it goes."""

from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.urls import reverse
from django_tasks import default_task_backend
from django_tasks.base import Task, TaskResult

_SALT: Final = "harken.base.jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work someone started: what it is called, and where to go when it is done."""

    result: TaskResult[Any]
    label: str
    return_to: str


def start_job(task: Task[..., Any], *arguments: Any, label: str, return_to: str) -> str:
    """Queue `task(*arguments)` and return the address of the page that watches it.

    The address is signed and names no person: whoever started the job has it. Arguments must be JSON (ids, not rows).
    """
    result = task.enqueue(*arguments)
    token = signing.dumps([str(result.id), label, return_to], salt=_SALT)
    return reverse("job", args=[token])


def read_job(token: str) -> Job | None:
    """The job behind a page's address, or None for an address that nobody signed."""
    try:
        result_id, label, return_to = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Job(default_task_backend.get_result(result_id), label, return_to)
