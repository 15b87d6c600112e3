"""Who sorts what was said by theme, and who sees it."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from harken.analysis.models import CodingState, Extract, Theme, ThemedExtract
from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.inputs.permissions import inputs_visible_to, may_see_input
from harken.people.models import Role
from harken.people.permissions import has_role_within, is_operator
from harken.processes.models import Process
from harken.processes.permissions import may_see_process

_CODING_ROLES = (Role.ORGANISER, Role.WRITER, Role.RESPONDER)
"""Who codes, in the process's body or in any group below it."""


def may_code_inputs(actor: Actor, process: Process) -> Permit:
    """Set up themes, and say which extracts belong to them: organisers, writers and responders, in every phase."""
    if is_operator(actor):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    if has_role_within(actor, process.body, *_CODING_ROLES):
        return GRANTED
    reason = _("Only organisers, writers and responders of %(process)s sort what people say by theme.")
    return refuse(reason % {"process": process.name})


def may_see_theme(actor: Actor, theme: Theme) -> Permit:
    """Whoever sees the process sees what people speak about."""
    return may_see_process(actor, theme.process)


def themes_visible_to(actor: Actor, process: Process) -> QuerySet[Theme]:
    """The themes of a process one sees; pairs with `may_see_theme`."""
    themes = Theme.objects.filter(process=process)
    return themes if may_see_process(actor, process) else themes.none()


def may_see_extract(actor: Actor, extract: Extract) -> Permit:
    """Whoever may read the input, once somebody accepted a theme for the extract; all of them for those who code."""
    seen = may_see_input(actor, extract.input)
    if not seen or may_code_inputs(actor, extract.input.process):
        return seen
    if ThemedExtract.objects.filter(extract=extract, state=CodingState.ACCEPTED).exists():
        return seen
    return refuse(_("Nobody has said yet which theme this belongs to."))


def extracts_visible_to(actor: Actor, process: Process) -> QuerySet[Extract]:
    """Extracts of inputs one may read; pairs with `may_see_extract`."""
    extracts = Extract.objects.filter(input__in=inputs_visible_to(actor, process).values("pk"))
    if may_code_inputs(actor, process):
        return extracts
    accepted = ThemedExtract.objects.filter(extract=OuterRef("pk"), state=CodingState.ACCEPTED)
    return extracts.filter(Exists(accepted))
