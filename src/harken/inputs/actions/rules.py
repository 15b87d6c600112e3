"""How a process takes input."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.inputs.links import host_of
from harken.inputs.models import ContextKind, InputRules, LateInput, Moderation
from harken.inputs.permissions import may_set_input_rules
from harken.inputs.queries.rules import rules_of
from harken.processes.actions import mark_changed
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class Rules:
    """What organisers decide, see `harken.inputs.models.InputRules`."""

    moderation: Moderation = Moderation.AFTER
    late: LateInput = LateInput.REFUSED
    correction_minutes: int = 24 * 60
    answer_days: int = 30
    posts_per_hour: int = 60
    most_links: int = 3
    refused_hosts: Sequence[str] = ()
    contexts: Sequence[ContextKind] = ()
    context_notes: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def set_input_rules(*, actor: Actor, process: Process, rules: Rules, origin: str = "") -> InputRules:
    """Decide how a process takes input from now on; what came before stays as it is.

    The audit event tells what was decided otherwise than before.
    """
    require(may_set_input_rules(actor, process))
    before = rules_of(process)
    new = asdict(rules)
    hosts = (host_of(host.strip()) for host in rules.refused_hosts)
    new["refused_hosts"] = sorted({host for host in hosts if host})
    new["contexts"] = [kind.value for kind in dict.fromkeys(rules.contexts)]
    notes = {code: note.strip() for code, note in rules.context_notes.items()}
    new["context_notes"] = {code: note for code, note in notes.items() if note}
    changed = {name: value for name, value in new.items() if getattr(before, name) != value}
    kept, is_new = InputRules.objects.update_or_create(process=process, defaults=new)
    if changed or is_new:
        record_event(actor=actor, verb="set input rules", subject=process, detail=changed, origin=origin)
        mark_changed(process)
    return kept
