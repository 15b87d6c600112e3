"""Writes of the people room."""

import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.markup import render_blocks
from harken.base.permits import require
from harken.people.models import Group, GroupKind, Membership, Role, User
from harken.people.permissions import may_create_root_group, may_manage_group


class GroupCannotMove(Exception):
    """The new parent lies below the group itself, or in another tree."""


class CodeTaken(Exception):
    """Another group of the tree has this code."""


def _write_path(group: Group) -> None:
    above = group.parent.path if group.parent else ""
    group.path = f"{above}{group.pk:08d}/"


@transaction.atomic
def create_group(
    *,
    actor: Actor,
    name: str,
    code: str,
    kind: GroupKind = GroupKind.WORKING_GROUP,
    parent: Group | None = None,
    lang: str = "en",
    description: str = "",
    position: int | None = None,
) -> Group:
    """Add a group below `parent`, or as the root of a new tree.

    Raises `CodeTaken` when a group of the same tree has the code, `Refused` without a permit.
    """
    require(may_manage_group(actor, parent) if parent else may_create_root_group(actor))
    root = (parent.root or parent) if parent else None
    if root and (root.code == code or Group.objects.filter(root=root, code=code).exists()):
        raise CodeTaken(_("The code %(code)s belongs to another group.") % {"code": code})
    if position is None:
        position = Group.objects.filter(parent=parent).count() if parent else 0
    group = Group.objects.create(
        parent=parent,
        root=root,
        kind=kind,
        code=code,
        name=name,
        lang=lang,
        description=description,
        description_html=render_blocks(description),
        position=position,
    )
    _write_path(group)
    group.save(update_fields=["path"])
    record_event(
        actor=actor, verb="created group", subject=group, detail={"code": code, "parent": parent and parent.pk}
    )
    return group


@transaction.atomic
def change_group(*, actor: Actor, group: Group, name: str, lang: str, description: str, kind: GroupKind) -> Group:
    """Change what a group is called and says of itself. Its code is permanent: documents are cited by it."""
    require(may_manage_group(actor, group))
    before = {"name": group.name, "lang": group.lang, "description": group.description, "kind": group.kind}
    group.name, group.lang, group.kind = name, lang, kind
    group.description, group.description_html = description, render_blocks(description)
    group.save(update_fields=["name", "lang", "kind", "description", "description_html"])
    record_event(actor=actor, verb="changed group", subject=group, detail={"before": before})
    return group


@transaction.atomic
def move_group(*, actor: Actor, group: Group, parent: Group) -> Group:
    """Hang `group`, with all below it, under another group of the same tree."""
    require(may_manage_group(actor, group))
    require(may_manage_group(actor, parent))
    if parent.path.startswith(group.path) or (parent.root or parent) != group.root:
        raise GroupCannotMove(_("A group moves within its tree, and not below itself."))
    old_path = group.path
    group.parent = parent
    _write_path(group)
    group.save(update_fields=["parent", "path"])
    below = Group.objects.filter(path__startswith=old_path).exclude(pk=group.pk)
    below.update(path=Concat(Value(group.path), Substr(F("path"), len(old_path) + 1)))
    record_event(actor=actor, verb="moved group", subject=group, detail={"parent": parent.pk})
    return group


@transaction.atomic
def add_member(
    *,
    actor: Actor,
    group: Group,
    user: User,
    role: Role,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> Membership:
    """Give `user` a role in `group` for a term; the same role from the same day is not given twice."""
    require(may_manage_group(actor, group))
    membership, created = Membership.objects.get_or_create(
        user=user, group=group, role=role, starts_on=starts_on or timezone.localdate(), defaults={"ends_on": ends_on}
    )
    if created:
        record_event(actor=actor, verb="added member", subject=group, detail={"user": user.pk, "role": role})
    return membership


@transaction.atomic
def end_membership(*, actor: Actor, membership: Membership, on: datetime.date) -> Membership:
    """End a role on the day `on`; the record of the term stays. A term cannot end before it began."""
    require(may_manage_group(actor, membership.group))
    membership.ends_on = max(on, membership.starts_on)
    membership.save(update_fields=["ends_on"])
    detail = {"user": membership.user_id, "role": membership.role, "on": membership.ends_on.isoformat()}
    record_event(actor=actor, verb="ended membership", subject=membership.group, detail=detail)
    return membership


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str | None,
    display_name: str = "",
    email: str = "",
    lang: str = "",
    is_operator: bool = False,
) -> User:
    """Add an account; without a password nobody can sign in with one. Only the command line makes operators."""
    user = User(
        username=username,
        display_name=display_name,
        email=email,
        lang=lang,
        is_superuser=is_operator,
        is_staff=is_operator,
    )
    user.set_password(password)
    user.save()
    record_event(actor=user, verb="created account", subject=user)
    return user
