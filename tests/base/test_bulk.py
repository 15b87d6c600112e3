"""Many rows at once are the rows that the models would have written."""

import datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from harken.base.bulk import BulkInsert, Lookup, Statements, look_and_reserve, reserve_ids
from harken.base.models import AuditEvent
from harken.people.models import User
from tests.cast import Cast

FIELDS = ("id", "at", "actor", "actor_name", "verb", "subject_kind", "subject_id", "subject_name", "detail", "origin")
ROWS = BulkInsert(AuditEvent, *FIELDS)
ZONE = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


def test_rows_read_back_as_they_were_given(cast: Cast) -> None:
    moments = [
        datetime.datetime(2019, 8, 9, 1, 2, 3, 456_789, ZONE),
        datetime.datetime(1, 1, 2, tzinfo=datetime.UTC),
        datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC),
    ]
    with transaction.atomic():
        [ids] = reserve_ids(len(moments), AuditEvent)
        texts = ["tab\tand\\n backslash\nline", "ض 'quoted' \"twice\"", ""]
        ROWS.insert(
            (pk, at, cast.dalia.pk if pk % 2 else None, text, "said", "k", pk, "\\N", {"ß": [1, None, text]}, "")
            for pk, at, text in zip(ids, moments, texts, strict=True)
        )
    for pk, at, text in zip(ids, moments, texts, strict=True):
        event = AuditEvent.objects.get(pk=pk)
        assert (event.at, event.actor_name, event.subject_name) == (at, text, "\\N")
        assert event.detail == {"ß": [1, None, text]}
        assert event.actor == (cast.dalia if pk % 2 else None)
    twin = AuditEvent(at=moments[0], actor_name="x", verb="x", subject_kind="k", subject_id=1, subject_name="")
    twin.save()
    assert set(AuditEvent.objects.filter(at=moments[0]).values_list("pk", flat=True)) == {ids[0], twin.pk}


def test_reserved_ids_are_nobody_elses(cast: Cast) -> None:
    there = AuditEvent.objects.order_by("-pk")[0].pk
    with transaction.atomic():
        [ids] = reserve_ids(3, AuditEvent)
        assert (len(set(ids)), sorted(ids), ids[0] > there) == (3, list(ids), True)
        ROWS.insert((pk, datetime.datetime.now(ZONE), None, "", "said", "k", 1, "", {}, "") for pk in ids)
    later = AuditEvent.objects.create(
        at=datetime.datetime.now(ZONE), actor_name="x", verb="x", subject_kind="k", subject_id=1, subject_name=""
    )
    assert later.pk > ids[-1]


@pytest.mark.parametrize("verb", ["created account", "flew away"])
def test_ids_are_looked_for_and_reserved_at_once(cast: Cast, verb: str) -> None:
    there = list(AuditEvent.objects.filter(verb=verb).order_by("pk").values_list("pk", flat=True))
    assert bool(there) == (verb == "created account")
    lookup = Lookup("SELECT id FROM base_auditevent WHERE verb = %s", [verb])
    with transaction.atomic():
        found, [events, users] = look_and_reserve(lookup, 2, AuditEvent, User)
    assert sorted(found) == there
    assert (len(set(events)), len(set(users))) == (2, 2)
    assert events[0] > AuditEvent.objects.order_by("-pk")[0].pk


def test_a_row_that_breaks_a_rule_is_refused(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ROWS.insert([(1, None, None, "", "said", "k", 1, "", {}, "")])


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_ids_are_reserved_inside_a_transaction_where_that_keeps_others_away() -> None:
    if connection.vendor == "postgresql":
        [[first], [second]] = [*reserve_ids(1, AuditEvent), *reserve_ids(1, AuditEvent)]
        assert second > first
        return
    with pytest.raises(TransactionManagementError):
        reserve_ids(1, AuditEvent)


def event_rows(*names: str) -> list[tuple[object, ...]]:
    now = datetime.datetime.now(ZONE)
    return [(now, None, name, "said", "k", 1, "", {}, "") for name in names]


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_statements_are_carried_out_together_or_not_at_all() -> None:
    rows = BulkInsert(AuditEvent, *FIELDS[1:])
    statements = Statements()
    rows.insert_with(statements, event_rows("100 %s; DROP TABLE", "it's %(this)s"))
    statements.add("UPDATE people_user SET display_name = %s WHERE username = %s", ["50 %", "nobody"])
    rows.insert_with(statements, [])
    with transaction.atomic():
        statements.run()
    events = AuditEvent.objects.filter(verb="said").order_by("pk")
    assert list(events.values_list("actor_name", flat=True)) == ["100 %s; DROP TABLE", "it's %(this)s"]
    statements.run()
    assert events.count() == 2, "what was carried out is not carried out again"
    rows.insert_with(statements, event_rows("a third"))
    rows.insert_with(statements, [(None, *event_rows("without a time")[0][1:])])
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError):
            statements.run()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            statements.run()
    assert events.count() == 2
