"""Work that takes longer than a page should: done by a worker, watched on a page that says how it goes."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.base import Task, TaskResult

from harken.base.models import JobProgress

_SALT: Final = "harken.base.jobs"
_KEPT: Final = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come, and how many seconds it will take if it goes on as before (None: nobody knows yet)."""

    done: int
    total: int
    seconds_left: int | None


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


def report_progress(job_id: str, done: int, total: int) -> None:
    """Write down how far the job with this id has come; what it does in a transaction shows only after its end."""
    now = timezone.now()
    if not JobProgress.objects.filter(pk=job_id).update(done=done, total=total, at=now):
        JobProgress.objects.filter(at__lt=now - _KEPT).delete()
        JobProgress.objects.create(job=job_id, done=done, total=total, began_at=now, at=now)


def read_progress(job: Job) -> Progress | None:
    """How far a job has come; None for one that has not said so. One query."""
    row = JobProgress.objects.filter(pk=str(job.result.id)).first()
    if row is None:
        return None
    took = (row.at - row.began_at).total_seconds()
    left = round(took * (row.total - row.done) / row.done) if row.done and took else None
    return Progress(row.done, row.total, max(left, 0) if left is not None else None)
