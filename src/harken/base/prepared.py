"""Cursors for SQL that is asked again and again: the database plans it once for each connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def prepared_cursor() -> Iterator[Any]:
    """A cursor whose statements PostgreSQL prepares and remembers; values go beside them, not into them.

    Their text has to be one of a few, since a hundred are remembered for each connection, and the type of each value
    has to be plain from where it stands. SQLite's own cursors remember what they prepared
    (https://docs.python.org/3/library/sqlite3.html#sqlite3.connect, `cached_statements`).
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.wrap_database_errors:
        made = _make_cursor()
    # As Django wraps its own: errors are Django's, and what counts queries counts these.
    with connection._prepare_cursor(made) as cursor:  # type: ignore[attr-defined] # noqa: SLF001 - see above
        yield cursor


def _make_cursor() -> Any:
    # psycopg is not loaded where SQLite serves.
    from django.db.backends.postgresql.psycopg_any import register_tzloader  # noqa: PLC0415 - see above
    from psycopg import Cursor  # noqa: PLC0415 - as above
    from psycopg.postgres import types  # noqa: PLC0415 - as above
    from psycopg.pq import Format  # noqa: PLC0415 - as above

    # Django's own kind of cursor puts the values into the text, so that each statement is another one.
    cursor = Cursor(connection.connection)
    loader = connection.connection.adapters.get_loader(types["timestamptz"].oid, Format.TEXT)
    if getattr(loader, "timezone", None) != connection.timezone:
        register_tzloader(connection.timezone, cursor)
    return cursor
