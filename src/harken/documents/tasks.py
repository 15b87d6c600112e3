"""Jobs of the documents room: thin wrappers that take ids and call actions."""

from itertools import pairwise

from django_tasks import task

from harken.documents.actions.lineage import propose_edges
from harken.documents.actions.links import propose_links
from harken.people.models import User
from harken.processes.models import Iteration, Process
from harken.processes.permissions import iterations_visible_to


@task()
def propose_lineage_of(process_id: int, user_id: int) -> int:
    """Propose edges between each iteration of a process and the next; returns how many are new."""
    user = User.objects.get(pk=user_id)
    process = Process.objects.select_related("body").get(pk=process_id)
    iterations = iterations_visible_to(user, process).select_related("process__body").order_by("number")
    return sum(len(propose_edges(actor=user, earlier=earlier, later=later)) for earlier, later in pairwise(iterations))


@task()
def propose_links_of(iteration_id: int, user_id: int) -> int:
    """Propose links among the texts of an iteration; returns how many are new."""
    user = User.objects.get(pk=user_id)
    iteration = Iteration.objects.select_related("process__body").get(pk=iteration_id)
    return len(propose_links(actor=user, iteration=iteration))
