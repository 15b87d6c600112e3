"""Who may see and shape a process, and what its phases open."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.base.templatetags.harken import in_zone
from harken.people.models import Role
from harken.people.permissions import has_role, is_operator
from harken.people.queries import current_memberships
from harken.processes.models import Iteration, Phase, Process
from harken.processes.queries import phases_of


def processes_visible_to(actor: Actor) -> QuerySet[Process]:
    """Public processes, and those whose body `actor` belongs to in any role."""
    if is_operator(actor):
        return Process.objects.all()
    public = Q(is_public=True)
    if not actor.is_authenticated:
        return Process.objects.filter(public)
    groups = current_memberships().filter(user_id=actor.pk)
    mine = Q(body__in=groups.values("group")) | Q(body__in=groups.values("group__root"))
    return Process.objects.filter(public | mine)


def may_see_process(actor: Actor, process: Process) -> Permit:
    """The permit that pairs with `processes_visible_to`."""
    if process.is_public or processes_visible_to(actor).filter(pk=process.pk).exists():
        return GRANTED
    reason = _("This process is not public yet.")
    return refuse(reason, sign_in_helps=not actor.is_authenticated)


def iterations_visible_to(actor: Actor, process: Process) -> QuerySet[Iteration]:
    """Published iterations; organisers see those in preparation too."""
    iterations = Iteration.objects.filter(process=process)
    return iterations if may_edit_process(actor, process) else iterations.filter(is_public=True)


def may_see_iteration(actor: Actor, iteration: Iteration) -> Permit:
    """The permit that pairs with `iterations_visible_to`."""
    if iteration.is_public or may_edit_process(actor, iteration.process):
        return GRANTED
    return refuse(_("This iteration is not published yet."), sign_in_helps=not actor.is_authenticated)


def may_create_process(actor: Actor) -> Permit:
    """Only the operator's accounts begin a process."""
    if is_operator(actor):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Ask the operator of this site to begin a process for you."))


def may_edit_process(actor: Actor, process: Process) -> Permit:
    """Organisers of the process's body shape it, in every phase: the phases are theirs to set."""
    if is_operator(actor) or has_role(actor, process.body, Role.ORGANISER):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only organisers of %(process)s can change it.") % {"process": process.name})


def stands_open(phase: Phase, now: datetime.datetime) -> bool:
    """Whether the window of `phase` holds `now`: from the moment it opens until just before it closes."""
    return (phase.opens_at is None or phase.opens_at <= now) and (phase.closes_at is None or phase.closes_at > now)


def is_open(process: Process, action: str, now: datetime.datetime | None = None) -> Permit:
    """Whether a phase that is open now opens `action`; a process without any phase has everything open."""
    moment = now or timezone.now()
    phases = phases_of(process)
    if not phases or any(action in phase.actions and stands_open(phase, moment) for phase in phases):
        return GRANTED
    coming = [phase for phase in phases if action in phase.actions and phase.opens_at and phase.opens_at > moment]
    if coming and coming[0].opens_at:
        day = in_zone(coming[0].opens_at, process.time_zone)
        return refuse(_("This opens on %(day)s, with “%(phase)s”.") % {"day": day, "phase": coming[0].name})
    return refuse(_("No phase of this process opens this now. Organisers set the phases."))
