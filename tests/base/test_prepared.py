"""What is asked again and again is prepared once, and answers as Django's own cursors do."""

import pytest
from django.db import DatabaseError, connection
from pytest_django import DjangoAssertNumQueries

from harken.base.prepared import prepared_cursor
from tests.cast import Cast

NAMED = "SELECT id, created_at FROM processes_process WHERE slug = %s"


def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
    with prepared_cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def test_it_answers_as_djangos_own_cursor_does(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NAMED, ["open-garden"])
        expected = cursor.fetchall()
    assert len(expected) == 1
    with django_assert_num_queries(2):
        assert ask(NAMED, "open-garden") == expected
        assert ask(NAMED, "100% ' OR 1=1; --") == []


@pytest.mark.django_db
def test_what_goes_wrong_is_djangos_error() -> None:
    with pytest.raises(DatabaseError):
        ask("SELECT nothing FROM nowhere")


def test_postgresql_plans_a_statement_once(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite remembers what it prepared by itself")
    for slug in ("open-garden", "another", "a third"):
        ask(NAMED, slug)
    names = [row[1] for row in ask("SELECT name, statement FROM pg_prepared_statements")]
    assert [name for name in names if "created_at FROM processes_process" in str(name)] == [
        NAMED.replace("%s", "$1"),
    ]
