"""Tests whose rows others see, other threads and a real browser, although the database refuses to delete them."""

from collections.abc import Iterator

import pytest
from django.db import connection

_TRIGGERS: list[str] = []
"""The triggers that an earlier test's end took away, as SQL."""


@pytest.fixture
def clearable_db(transactional_db: None) -> Iterator[None]:
    """Let pytest-django empty the tables after a test, which what makes them append-only would refuse on SQLite.

    The triggers are there while a test runs; they are taken away just before the tables are emptied. (PostgreSQL
    empties tables by TRUNCATE, which no row's trigger sees.)
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        for statement in _TRIGGERS:
            cursor.execute(statement)
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = dict(cursor.fetchall())
        _TRIGGERS[:] = triggers.values()
    yield
    with connection.cursor() as cursor:
        for name in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
