"""Writing many rows at once: ids known beforehand, so that rows can point to each other, and no object for each row.

Django's `bulk_create` makes a statement for every 50 rows of a wide table on SQLite and asks each field of each object
for its value, which costs several times what the database needs. Here SQLite gets one prepared statement, PostgreSQL
a COPY.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models, transaction

from harken.base.prepared import prepared_cursor

# A COPY takes two trips to the database; so many rows are there sooner in one statement.
_FEW: Final = 64


@dataclass(frozen=True, slots=True)
class Lookup:
    """A query for ids that somebody asks for in passing, with the values for its places."""

    sql: str
    values: Sequence[Any]


def reserve_ids(count: int, *tables: type[models.Model]) -> list[Sequence[int]]:
    """So many ids of each table that no other row has or will get, smallest first; one query for all of them.

    On SQLite part of the transaction that uses them.
    """
    return look_and_reserve(None, count, *tables)[1]


def look_and_reserve(
    lookup: Lookup | None, count: int, *tables: type[models.Model]
) -> tuple[list[int], list[Sequence[int]]]:
    """The ids that `lookup` finds, and reserved ones as `reserve_ids` has them: PostgreSQL answers both in one trip."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Ids are reserved inside the transaction that uses them.")
    names = [table._meta.db_table for table in tables]
    with prepared_cursor() as cursor:
        if connection.vendor == "postgresql":
            return _look_and_reserve_at_once(cursor, lookup, count, names)
        found: list[int] = []
        if lookup is not None:
            cursor.execute(lookup.sql, lookup.values)
            found = [row[0] for row in cursor.fetchall()]
        # A transaction that writes is alone on SQLite, so nobody takes these meanwhile; SQLite itself goes on from the
        # highest id it ever saw in the table (https://www.sqlite.org/autoinc.html).
        places = ", ".join(["%s"] * len(names))
        cursor.execute(f"SELECT name, seq FROM sqlite_sequence WHERE name IN ({places})", names)  # noqa: S608 - places alone
        last: dict[str, int] = dict(cursor.fetchall())
    return found, [range(last.get(name, 0) + 1, last.get(name, 0) + 1 + count) for name in names]


def _look_and_reserve_at_once(
    cursor: Any, lookup: Lookup | None, count: int, names: Sequence[str]
) -> tuple[list[int], list[Sequence[int]]]:
    nexts = ", ".join(["nextval(pg_get_serial_sequence(%s, 'id'))"] * len(names))
    sql, values = f"SELECT NULL::bigint, {nexts} FROM generate_series(1, %s)", [*names, count]  # noqa: S608 - places alone
    if lookup is not None:
        nothing = ", ".join(["NULL"] * len(names))
        sql += f" UNION ALL SELECT there.id, {nothing} FROM ({lookup.sql}) AS there"  # noqa: S608 - SQL of our own
        values += lookup.values
    cursor.execute(sql, values)
    rows = cursor.fetchall()
    found = [row[0] for row in rows if row[0] is not None]
    reserved = [row[1:] for row in rows if row[0] is None]
    return found, [sorted(ids) for ids in zip(*reserved, strict=True)] if reserved else [()] * len(names)


class Statements:
    """Statements of which nobody needs an answer: PostgreSQL gets them in one trip, SQLite one after the other.

    Part of a transaction; outside of any, PostgreSQL makes them one. One that fails is an error of `run`.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, Sequence[Sequence[Any]]]] = []

    def add(self, sql: str, values: Sequence[Any]) -> None:
        """Add a statement with the values for its places."""
        self._parts.append(("", sql, [values]))

    def add_rows(self, start: str, places: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add a statement that ends with rows, each of them as `places`."""
        self._parts.append((start, places, rows))

    def run(self) -> None:
        """Carry out what was added, in that order."""
        parts, self._parts = self._parts, []
        if not parts:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Without binding at the server, which Django leaves off, several statements are one query
                # (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT). A row's
                # places are taken apart once and remembered; those of many rows would be each time.
                cursor.execute(
                    "; ".join(
                        start + ", ".join(cursor.mogrify(places, row) for row in rows) for start, places, rows in parts
                    )
                )
                return
            for start, places, rows in parts:
                cursor.execute(start + ", ".join([places] * len(rows)), [value for row in rows for value in row])


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
        self._places = f"({', '.join(['%s'] * len(self._columns))})"
        self._start = f'INSERT INTO "{self._table}" ({self._names}) VALUES '  # noqa: S608 - names of our own tables
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
        """Add the rows, however many."""
        converted = [self._convert(row) for row in rows]
        if connection.vendor == "postgresql" and len(converted) > _FEW:
            self._copy(converted)
        elif connection.vendor == "sqlite" and converted:
            with connection.cursor() as cursor:
                cursor.executemany(self._start + self._places, converted)
        else:
            statements = Statements()
            self._add(statements, converted)
            statements.run()

    def insert_with(self, statements: Statements, rows: Iterable[Sequence[Any]]) -> None:
        """Add the rows, a few, when the statements are carried out."""
        self._add(statements, [self._convert(row) for row in rows])

    def _add(self, statements: Statements, converted: Sequence[Sequence[Any]]) -> None:
        if converted:
            statements.add_rows(self._start, self._places, converted)

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
