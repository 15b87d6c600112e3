"""Who may do what because of their roles."""

from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import GRANTED, SIGN_IN_FIRST, Permit, refuse
from harken.people.models import Group, Role
from harken.people.queries import current_roles


def is_operator(actor: Actor) -> bool:
    """Whether `actor` runs the installation itself."""
    return bool(getattr(actor, "is_superuser", False))


def has_role(actor: Actor, group: Group, *roles: Role) -> bool:
    """Whether `actor` holds one of `roles` now, in `group` or in a group above it."""
    if not actor.is_authenticated or actor.pk is None:
        return False
    above = {int(part) for part in group.path.split("/") if part}
    return any(role in roles and of in above for role, of, _path in current_roles(actor.pk))


def has_role_within(actor: Actor, group: Group, *roles: Role) -> bool:
    """Whether `actor` holds one of `roles` now, in `group` or in a group below it."""
    if not actor.is_authenticated or actor.pk is None:
        return False
    return any(role in roles and path.startswith(group.path) for role, _of, path in current_roles(actor.pk))


def may_manage_group(actor: Actor, group: Group) -> Permit:
    """Organisers of a group, or of a group above it, change its name, place and members."""
    if is_operator(actor) or has_role(actor, group, Role.ORGANISER):
        return GRANTED
    if not actor.is_authenticated:
        return SIGN_IN_FIRST
    return refuse(_("Only organisers of %(group)s can change it.") % {"group": group.name})


def may_create_root_group(actor: Actor) -> Permit:
    """A new tree begins with a new process, which whoever is signed in may set up."""
    return GRANTED if actor.is_authenticated else SIGN_IN_FIRST
