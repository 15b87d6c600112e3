"""Jobs of the inputs room: thin wrappers that take ids and call actions."""

from typing import Any

from django_tasks import TaskContext, task

from harken.base.jobs import report_progress
from harken.inputs.actions.drafts import goes_on, import_draft
from harken.inputs.actions.importing import ImportProgress
from harken.inputs.actions.working import Change, change_matching
from harken.inputs.models import ImportDraft
from harken.inputs.permissions import inputs_visible_to
from harken.inputs.queries.queue import QueueFilter, count_matching
from harken.people.models import User
from harken.processes.models import Process


@task(takes_context=True)
def change_inputs_matching(
    context: TaskContext, process_id: int, user_id: int, chosen: dict[str, Any], change: dict[str, Any]
) -> int:
    """Change all inputs a filter of the queue is about; returns how many there were."""
    user = User.objects.get(pk=user_id)
    process = Process.objects.select_related("body").get(pk=process_id)
    job = str(context.task_result.id)
    wanted = QueueFilter(**chosen)
    total = count_matching(lambda among: inputs_visible_to(user, process, among=among), process, wanted, actor=user)
    report_progress(job, 0, total)
    return change_matching(
        actor=user,
        process=process,
        chosen=wanted,
        change=Change.from_json(change),
        report=lambda done: report_progress(job, done, max(done, total)),
        origin="job",
    )


@task(takes_context=True)
def import_what_was_brought(context: TaskContext, draft_id: int, user_id: int) -> int:
    """Put a draft of an import into the ledger; returns how many inputs are new."""
    draft = ImportDraft.objects.select_related("process__body").get(pk=draft_id)
    job = str(context.task_result.id)

    def tell(step: ImportProgress) -> None:
        # Of what nobody knows how long it is, only how far it has come.
        total = round(step.posts / step.share) if step.share else step.posts
        goes_on(draft)
        report_progress(job, step.posts, max(total, step.posts))

    done = import_draft(actor=User.objects.get(pk=user_id), draft=draft, progress=tell)
    return int(done.report["added"])
