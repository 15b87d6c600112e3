"""Groups form one tree; roles count in a group and below it, for their term."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.people.actions import CodeTaken, GroupCannotMove, add_member, create_group, end_membership, move_group
from harken.people.models import Group, Role
from harken.people.permissions import has_role, may_manage_group
from harken.people.queries import group_tree, members_of
from tests.cast import Cast


def test_a_role_counts_in_the_group_and_everything_below_it(cast: Cast) -> None:
    deep = create_group(actor=OPERATOR, name="Advocacy in the north", code="ADN", parent=cast.advocacy)
    assert has_role(cast.amina, deep, Role.ORGANISER)
    assert has_role(cast.bruno, deep, Role.WRITER)
    assert not has_role(cast.bruno, cast.process.body, Role.WRITER)
    assert not has_role(cast.farid, deep, *Role)
    assert not has_role(AnonymousUser(), deep, *Role)


def test_a_role_counts_only_during_its_term(cast: Cast) -> None:
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    later = add_member(actor=OPERATOR, group=cast.advocacy, user=cast.farid, role=Role.WRITER, starts_on=today + day)
    assert not has_role(cast.farid, cast.advocacy, Role.WRITER)
    later.starts_on = today - 3 * day
    later.save()
    assert has_role(cast.farid, cast.advocacy, Role.WRITER)
    end_membership(actor=OPERATOR, membership=later, on=today - day)
    assert not has_role(cast.farid, cast.advocacy, Role.WRITER)


def test_a_term_ended_before_it_began_ends_on_its_first_day(cast: Cast) -> None:
    today = timezone.localdate()
    coming = add_member(
        actor=OPERATOR, group=cast.advocacy, user=cast.farid, role=Role.WRITER, starts_on=today + datetime.timedelta(7)
    )
    end_membership(actor=OPERATOR, membership=coming, on=today)
    assert coming.ends_on == coming.starts_on


def test_only_organisers_change_groups(cast: Cast) -> None:
    assert may_manage_group(cast.amina, cast.advocacy)
    for stranger in (cast.bruno, cast.dalia, cast.farid):
        permit = may_manage_group(stranger, cast.advocacy)
        assert not permit
        assert "Advocacy" in str(permit.reason)
        with pytest.raises(Refused):
            create_group(actor=stranger, name="Mine", code="MI", parent=cast.advocacy)
    assert may_manage_group(AnonymousUser(), cast.advocacy).sign_in_helps


def test_a_code_is_given_once_in_a_tree(cast: Cast) -> None:
    with pytest.raises(CodeTaken, match="AD"):
        create_group(actor=OPERATOR, name="Adventures", code="AD", parent=cast.process.body)
    with pytest.raises(CodeTaken, match="ALL"):
        create_group(actor=OPERATOR, name="Everybody", code="ALL", parent=cast.advocacy)


def test_moving_a_group_takes_everything_below_along(cast: Cast) -> None:
    north = create_group(actor=OPERATOR, name="North", code="NO", parent=cast.process.body)
    deep = create_group(actor=OPERATOR, name="Deep", code="DE", parent=cast.advocacy)
    move_group(actor=cast.amina, group=cast.advocacy, parent=north)
    deep.refresh_from_db()
    assert deep.path.startswith(cast.advocacy.path)
    assert cast.advocacy.path.startswith(north.path)
    tree = group_tree(cast.process.body)
    assert [node.group.code for node in tree.below] == ["NO"]
    assert [node.group.code for node in tree.below[0].below[0].below] == ["DE"]


def test_a_group_moves_neither_below_itself_nor_to_another_tree(cast: Cast) -> None:
    deep = create_group(actor=OPERATOR, name="Deep", code="DE", parent=cast.advocacy)
    elsewhere = create_group(actor=OPERATOR, name="Elsewhere", code="ALL")
    for parent in (cast.advocacy, deep, elsewhere):
        with pytest.raises(GroupCannotMove):
            move_group(actor=OPERATOR, group=cast.advocacy, parent=parent)


def test_the_tree_takes_one_query_however_large(cast: Cast, django_assert_num_queries: object) -> None:
    for count in (1, 3):
        for number in range(count):
            create_group(actor=OPERATOR, name=f"G{count}{number}", code=f"G{count}{number}", parent=cast.advocacy)
        with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django's fixture has no public type
            group_tree(cast.process.body)


def test_members_are_shown_for_their_term_and_events_tell_who_added_them(cast: Cast) -> None:
    assert [member.user.username for member in members_of(cast.advocacy)] == ["bruno"]
    event = AuditEvent.objects.filter(verb="added member", subject_id=cast.advocacy.pk).latest("id")
    assert event.actor_name == "operator"
    assert event.detail == {"user": cast.bruno.pk, "role": "writer"}
    assert Group.objects.get(pk=cast.advocacy.pk).root == cast.process.body
