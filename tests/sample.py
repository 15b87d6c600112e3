"""The sample process for tests that stand on it: it is loaded once, which takes seconds, and not for each of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def sample_to_read(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the tests of a file, and taken back after the last; what one of them writes goes with it."""
    from harken.pages.sample.load import load_sample

    with django_db_blocker.unblock(), transaction.atomic():
        load_sample()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def _copy_of_the_sample() -> Iterator[sqlite3.Connection]:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    yield copy
    copy.close()


@pytest.fixture
def sample_to_visit(clearable_db: None, _copy_of_the_sample: sqlite3.Connection) -> None:
    """The sample for tests whose rows others see: loaded for the first, and for the others copied as it was then."""
    from harken.pages.sample.load import load_sample

    is_copied = _copy_of_the_sample.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    if connection.vendor == "sqlite" and is_copied:
        connection.ensure_connection()
        _copy_of_the_sample.backup(connection.connection)
        # The ids are those of the test before, what is remembered about them is not.
        cache.clear()
        ContentType.objects.clear_cache()
        return
    load_sample()
    if connection.vendor == "sqlite":
        connection.connection.backup(_copy_of_the_sample)
