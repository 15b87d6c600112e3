"""Who may speak, bring in what others said, read it, and have words taken away."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to, may_see_document
from harken.inputs.models import Consent, Input, Source, Standing, Wording
from harken.inputs.queries.rules import GIVE_INPUT, input_window, rules_of
from harken.people.models import Role
from harken.people.permissions import has_role, is_operator
from harken.people.queries import current_memberships
from harken.processes.models import Process
from harken.processes.permissions import is_open, may_edit_process, may_see_process

_WORKING_ROLES = (Role.ORGANISER, Role.WRITER, Role.RESPONDER, Role.MODERATOR, Role.TRANSLATOR)
"""Who works with what was said, in the process's body or in any group below it."""


def may_give_input(actor: Actor, process: Process, document: Document | None = None) -> Permit:
    """Whoever sees the process, or the document it is about, while a phase opens `give_input`; no account needed.

    Also after that phase has closed, where the process takes late input.
    """
    seen = may_see_process(actor, process) if document is None else may_see_document(actor, document)
    if not seen:
        return seen
    in_time = is_open(process, GIVE_INPUT)
    if in_time or input_window(process, rules_of(process), timezone.now()).is_open:
        return GRANTED
    return in_time


def may_import_inputs(actor: Actor, process: Process) -> Permit:
    """Bring in what others said: organisers and liaisons, in every phase, since it was said when it was said."""
    if is_operator(actor) or has_role(actor, process.body, Role.ORGANISER, Role.LIAISON):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only organisers and liaisons of %(process)s bring in input.") % {"process": process.name})


def may_work_with_inputs(actor: Actor, process: Process) -> Permit:
    """Read all that was said, with who said it: whoever has work with it in the process's body or a group below."""
    if is_operator(actor):
        return GRANTED
    if not actor.is_authenticated or actor.pk is None:
        return SIGN_IN_FIRST
    roles = current_memberships().filter(user_id=actor.pk, role__in=_WORKING_ROLES)
    if roles.filter(group__path__startswith=process.body.path).exists():
        return GRANTED
    return refuse(_("Only those who work with the input can see this."))


def may_moderate(actor: Actor, process: Process) -> Permit:
    """Hide what should not stand, let through what waits, decide on appeals: moderators and organisers."""
    if is_operator(actor) or has_role(actor, process.body, Role.ORGANISER, Role.MODERATOR):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only moderators and organisers of %(process)s can do this.") % {"process": process.name})


def may_redact(actor: Actor, process: Process) -> Permit:
    """Have words taken away that the law does not let stand: organisers, with a reason."""
    return may_edit_process(actor, process)


def sources_visible_to(actor: Actor, process: Process) -> QuerySet[Source]:
    """Where input came from: all of it for those who work with it; else what is not closed, and what one collected."""
    if not may_see_process(actor, process):
        return Source.objects.none()
    sources = Source.objects.filter(process=process)
    if may_work_with_inputs(actor, process):
        return sources
    open_to_all = ~Q(consent=Consent.CLOSED)
    if not actor.is_authenticated or actor.pk is None:
        return sources.filter(open_to_all)
    return sources.filter(open_to_all | Q(collected_by_id=actor.pk))


def may_see_source(actor: Actor, source: Source) -> Permit:
    """The permit that pairs with `sources_visible_to`."""
    seen = may_see_process(actor, source.process)
    if not seen or source.consent != Consent.CLOSED:
        return seen
    if actor.is_authenticated and actor.pk is not None and source.collected_by_id == actor.pk:
        return seen
    return may_work_with_inputs(actor, source.process)


def _seen_by(actor: Actor, process: Process, standing: Q) -> QuerySet[Input]:
    inputs = Input.objects.filter(process=process)
    if may_edit_process(actor, process):
        return inputs
    seen = Q(source__in=sources_visible_to(actor, process).values("pk")) & (
        Q(document__isnull=True) | Q(document__in=documents_visible_to(actor, process).values("pk"))
    )
    if not may_work_with_inputs(actor, process):
        seen &= standing
    if not actor.is_authenticated or actor.pk is None:
        return inputs.filter(seen)
    return inputs.filter(seen | Q(pk__in=Wording.objects.filter(participant_id=actor.pk).values("input_id")))


def inputs_visible_to(actor: Actor, process: Process) -> QuerySet[Input]:
    """What was said in sources `actor` may see, on documents they may see; and all that they said themselves.

    What waits for a moderator, is hidden or was withdrawn only for those who work with the input.
    """
    if not may_see_process(actor, process):
        return Input.objects.none()
    return _seen_by(actor, process, Q(standing__isnull=True))


def places_visible_to(actor: Actor, process: Process) -> QuerySet[Input]:
    """As `inputs_visible_to`, and the places of what is hidden or withdrawn: a conversation shows that it was there.

    Whoever shows these leaves out the words of what `inputs_visible_to` does not hold (`describe_inputs` does).
    """
    if not may_see_process(actor, process):
        return Input.objects.none()
    return _seen_by(actor, process, Q(standing__isnull=True) | ~Q(standing=Standing.HELD))


def may_see_input(actor: Actor, said: Input) -> Permit:
    """The permit that pairs with `inputs_visible_to`."""
    process = said.process
    seen = may_see_process(actor, process)
    if not seen or may_edit_process(actor, process):
        return seen
    if actor.is_authenticated and actor.pk is not None and said.wordings.filter(participant_id=actor.pk).exists():
        return seen
    if said.standing is not None and not may_work_with_inputs(actor, process):
        return refuse(_("This input cannot be read now."))
    of_source = may_see_source(actor, said.source)
    if not of_source or said.document is None:
        return of_source
    return may_see_document(actor, said.document)


def may_see_speakers(actor: Actor, process: Process) -> Permit:
    """Know the names of those who agreed to be read without one: only for work with the input."""
    return may_work_with_inputs(actor, process)
