"""Reads of the people room."""

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from harken.base.frozen_query import FrozenQuery
from harken.people.models import Group, Membership


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group with what lies directly below it."""

    group: Group
    below: tuple["GroupNode", ...]


def current_memberships(on: datetime.date | None = None) -> QuerySet[Membership]:
    """The memberships whose term covers the day `on` (today unless given)."""
    day = on or timezone.localdate()
    return Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


_ROLES: Final = FrozenQuery(
    lambda user, day: current_memberships(day).filter(user=user).order_by().values_list("role", "group", "group__path"),
    days=("day",),
)


def current_roles(user: int) -> list[tuple[str, int, str]]:
    """The roles that an account holds today, each with the id and the path of its group. One query."""
    return _ROLES.rows(user=user, day=timezone.localdate())


def groups_below(root: Group) -> QuerySet[Group]:
    """Every group of the tree that starts at `root`, the root itself left out."""
    return Group.objects.filter(root=root)


def groups_from(root: Group) -> list[Group]:
    """The root and every group of its tree, each with what lies below it right after it. One query."""
    return [root, *groups_below(root).order_by("path")]


def group_tree(root: Group) -> GroupNode:
    """The tree that starts at `root`, each level in its set order. One query."""
    children: dict[int | None, list[Group]] = {}
    for group in groups_below(root).order_by("position", "id"):
        children.setdefault(group.parent_id, []).append(group)

    def build(group: Group) -> GroupNode:
        return GroupNode(group, tuple(build(child) for child in children.get(group.pk, [])))

    return build(root)


def members_of(group: Group) -> list[Membership]:
    """Who holds a role in `group` now, in the order of roles and names. One query."""
    return list(
        current_memberships().filter(group=group).select_related("user").order_by("role", "user__display_name", "id")
    )


def find_group(root: Group, code: str) -> Group | None:
    """The group of the tree with this code."""
    return Group.objects.filter(Q(root=root) | Q(pk=root.pk), code=code).first()
