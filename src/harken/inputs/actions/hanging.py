"""Hanging an input below another one that came later, with all that hangs below it."""

from django.db.models import QuerySet

from harken.inputs.models import Input
from harken.inputs.threads import move_key


def hold_inputs(inputs: QuerySet[Input]) -> None:
    """Hold rows until the transaction ends; in one order, so that nobody deadlocks."""
    list(inputs.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def hang_below(pk: int, parent_pk: int) -> bool:
    """Let input `pk`, which replied to none, reply to `parent_pk`, and their conversations become one.

    False where the parent hangs below the input itself, so that there is no way to read it. Part of a transaction.
    """
    places = {
        found: (thread, depth, key)
        for found, thread, depth, key in Input.objects.filter(pk__in=[pk, parent_pk]).values_list(
            "pk", "thread_id", "depth", "order_key"
        )
    }
    thread, _depth, key = places[pk]
    to_thread, above, parent_key = places[parent_pk]
    if thread == to_thread and parent_key.startswith(key):
        return False
    below = list(Input.objects.filter(thread=thread, order_key__startswith=key).only("pk", "depth", "order_key"))
    for said in below:
        said.depth += above
        said.order_key = move_key(said.order_key, parent_key)
    if len(below) == 1:
        Input.objects.filter(pk=pk).update(depth=below[0].depth, order_key=below[0].order_key, parent=parent_pk)
    else:
        Input.objects.bulk_update(below, ["depth", "order_key"], batch_size=200)
        Input.objects.filter(pk=pk).update(parent=parent_pk)
    if thread != to_thread:
        Input.objects.filter(thread=thread).update(thread=to_thread)
    return True
