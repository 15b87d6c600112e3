"""Writing many rows at once: ids known beforehand, so that rows can point to each other, and no object for each row.

Django's `bulk_create` makes a statement for every 50 rows of a wide table on SQLite and asks each field of each object
for its value, which costs several times what the database needs. Here SQLite gets one prepared statement, PostgreSQL
a COPY.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import connection, models, transaction

# A COPY takes two trips to the database; so many rows are there sooner in one statement.
_FEW: Final = 64
_SEQUENCE: Final = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """So many ids that no other row of `model` has or will get, smallest first. Part of a transaction that writes."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Ids are reserved inside the transaction that uses them.")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_SEQUENCE, [table, count])
            return sorted(row[0] for row in cursor.fetchall())
        # A transaction that writes is alone on SQLite, so nobody takes these meanwhile; SQLite itself goes on from the
        # highest id it ever saw in the table (https://www.sqlite.org/autoinc.html).
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    start = (found[0] if found else 0) + 1
    return range(start, start + count)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _as_text(moment: datetime.datetime | None) -> str | None:
    """A moment as Django keeps it on SQLite: in UTC, without saying so."""
    return None if moment is None else str(moment.astimezone(datetime.UTC).replace(tzinfo=None))


class BulkInsert:
    """Adds rows of `model`, given as tuples of the values of `fields` (names as in the table's columns).

    Every column without a default of the database has to be among them; what a row leaves out is an integrity error.
    Texts must hold no character 0, which PostgreSQL has no place for.
    """

    def __init__(self, model: type[models.Model], *fields: str) -> None:
        columns = [model._meta.get_field(name) for name in fields]
        self._table = model._meta.db_table
        self._columns = [column.column for column in columns if isinstance(column, models.Field)]
        self._names = ", ".join(f'"{column}"' for column in self._columns)
        self._converters = [
            (place, converter)
            for place, column in enumerate(columns)
            if (converter := self._converter(column)) is not None
        ]

    @staticmethod
    def _converter(column: object) -> Callable[[Any], Any] | None:
        if isinstance(column, models.JSONField):
            return _as_json
        if isinstance(column, models.DateTimeField):
            return _as_text if connection.vendor == "sqlite" else None
        return None

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add the rows."""
        converted = [self._convert(row) for row in rows]
        if not converted:
            return
        if connection.vendor == "postgresql" and len(converted) > _FEW:
            self._copy(converted)
            return
        places = f"({', '.join(['%s'] * len(self._columns))})"
        sql = f'INSERT INTO "{self._table}" ({self._names}) VALUES '  # noqa: S608 - names of our own tables
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    sql + ", ".join([places] * len(converted)), [value for row in converted for value in row]
                )
            else:
                cursor.executemany(sql + places, converted)

    def _copy(self, rows: Iterable[Sequence[Any]]) -> None:
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{self._table}" ({self._names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _convert(self, row: Sequence[Any]) -> Sequence[Any]:
        converted = list(row)
        for place, converter in self._converters:
            converted[place] = converter(converted[place])
        return converted
