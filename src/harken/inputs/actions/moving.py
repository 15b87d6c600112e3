"""Moving what was said to the text it is about, where it was recorded as about another one or about none."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, Event, name_of, record_events
from harken.base.permits import require
from harken.documents.models import Document
from harken.inputs.actions.counting import count_moved
from harken.inputs.actions.recording import NotAboutThat
from harken.inputs.actions.working import MOST_AT_ONCE, NothingChosen
from harken.inputs.models import Input
from harken.inputs.permissions import inputs_visible_to, may_move_inputs
from harken.processes.actions import mark_changed
from harken.processes.models import Process


def move_inputs(
    *,
    actor: Actor,
    process: Process,
    inputs: QuerySet[Input],
    document: Document | None,
    report: Callable[[int], None] = lambda _done: None,
    origin: str = "",
) -> int:
    """Let inputs, and all that replies to them, be about `document`, or about the whole process; how many were moved.

    They lose the passage and the words they stood beside, which lie in another text; the audit event of each keeps
    these. What is about the document already stays as it is, and so does what `actor` cannot see. Nobody is told: what
    was said, and how far it is, are the same as before. Whoever replies meanwhile is moved too, or comes to be about
    what the conversation is about by then (`harken.inputs.actions.writing`).

    In batches of `MOST_AT_ONCE` that are a transaction each; `report` is told after each how many are done. Raises
    `NothingChosen`, `NotAboutThat`.
    """
    _check(actor, process, document)
    chosen = inputs_visible_to(actor, process, among=inputs.filter(process=process))
    pks = _with_replies(chosen.order_by("pk").values_list("pk", flat=True))
    if not pks:
        raise NothingChosen(_("Choose inputs first."))
    moved, known = 0, set(pks)
    for start in range(0, len(pks), MOST_AT_ONCE):
        with transaction.atomic():
            # Asked anew for each batch: somebody may lose a role while this goes on.
            _check(actor, process, document)
            held = _hold(actor, process, pks[start : start + MOST_AT_ONCE], known)
            moved += _move(actor, process, held, document, origin)
        report(moved)
    return moved


def _check(actor: Actor, process: Process, document: Document | None) -> None:
    if document is not None and document.iteration.process_id != process.pk:
        raise NotAboutThat(_("What this is about does not lie in %(process)s.") % {"process": process.name})
    require(may_move_inputs(actor, process, document))


def _with_replies(chosen: Iterable[int]) -> list[int]:
    """The ids of inputs and of all that hangs below them, smallest first. Two queries for each `MOST_AT_ONCE`."""
    first = list(chosen)
    moving = set(first)
    for start in range(0, len(first), MOST_AT_ONCE):
        some = first[start : start + MOST_AT_ONCE]
        threads = set(Input.objects.filter(pk__in=some).values_list("thread_id", flat=True))
        replies = Input.objects.filter(thread__in=threads, parent__isnull=False)
        below: dict[int, list[int]] = {}
        for pk, parent in replies.values_list("pk", "parent_id"):
            if parent is not None:
                below.setdefault(parent, []).append(pk)
        # Down from one to the next, however deep: a key tells the place of what lies near the top alone.
        waiting = list(some)
        while waiting:
            replying = [pk for pk in below.get(waiting.pop(), ()) if pk not in moving]
            moving.update(replying)
            waiting += replying
    return sorted(moving)


def _hold(actor: Actor, process: Process, pks: Sequence[int], known: set[int]) -> list[Input]:
    """Hold those of `pks` that `actor` sees, and what came below them since they were looked for.

    Until the transaction ends nobody replies to them: a reply holds what it replies to until it is there. `known` are
    all that are moved in any batch; what came is added.
    """
    held: list[Input] = []
    waiting = list(pks)
    while waiting:
        seen = inputs_visible_to(actor, process, among=Input.objects.filter(process=process, pk__in=waiting))
        rows = seen.select_related("source", "document__iteration", "passage").order_by("pk")
        some = list(rows.select_for_update(of=("self",), no_key=True))
        held += some
        # Among those of the conversation, whose index there is.
        replies = Input.objects.filter(thread__in={said.thread_id for said in some}, parent__in=some)
        waiting = [pk for pk in replies.values_list("pk", flat=True) if pk not in known]
        known.update(waiting)
    return held


def _move(actor: Actor, process: Process, held: Sequence[Input], document: Document | None, origin: str) -> int:
    to_document = document.pk if document else None
    moving = [said for said in held if said.document_id != to_document]
    if not moving:
        return 0
    Input.objects.filter(pk__in=[said.pk for said in moving]).update(document=document, passage=None, anchor=None)
    moves: Counter[tuple[int, int | None]] = Counter()
    for said in moving:
        moves[said.source_id, said.document_id] -= 1
        moves[said.source_id, to_document] += 1
    count_moved(process_id=process.pk, moves=moves)
    mark_changed(process)
    now, by, to = timezone.now(), actor.pk if actor.is_authenticated else None, _place_of(document)
    kind = Input._meta.label_lower
    record_events(
        Event(now, by, name_of(actor), "moved input", kind, said.pk, str(said), _tell(said, to), origin)
        for said in moving
    )
    return len(moving)


def _tell(said: Input, to: str) -> dict[str, str | int]:
    """What an audit event keeps of a move: all it takes to move back."""
    detail: dict[str, str | int] = {"from": _place_of(said.document), "to": to}
    if said.passage is not None:
        detail["passage"] = said.passage.public_id
    if said.anchor_id is not None:
        detail["anchor"] = said.anchor_id
    return detail


def _place_of(document: Document | None) -> str:
    """A document as addresses name it; "" for the whole process."""
    return f"{document.iteration.slug}/{document.code}" if document else ""
