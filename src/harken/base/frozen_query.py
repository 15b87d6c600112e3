"""Queries whose SQL is made once.

Django writes a query's SQL anew each time it is asked, which costs several times what SQLite needs to answer it. The
few queries that every reader's page asks are written with the ORM as any other and frozen: the first use compiles them,
later ones put their values into the finished SQL.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

# Stands for the first parameter while the SQL is made; the next ones stand below it. Every kind of whole number that a
# table has can hold it (Django leaves out a condition on a number its column cannot hold); no constant is near it.
_FIRST_MARK: Final = 2_147_483_621


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Finished SQL, the name or the constant for each of its places, and the conversions of its columns."""

    sql: str
    places: tuple[tuple[str | None, Any], ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]


class FrozenQuery:
    """Rows of a `values_list()` queryset that depends on whole numbers alone.

    `build` takes them by name and returns the queryset; it is called once for each kind of database, with stand-ins,
    and must therefore not decide anything by their values.

        beside = FrozenQuery(lambda chapter: Document.objects.filter(chapter=chapter).values_list("code"))
        beside.rows(chapter=7)
    """

    def __init__(self, build: Callable[..., QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._compiled: dict[str, _Compiled] = {}

    def _compile(self) -> _Compiled:
        marks = {_FIRST_MARK - number: name for number, name in enumerate(self._names)}
        queryset = self._build(**{name: mark for mark, name in marks.items()})
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return _Compiled(
            sql,
            tuple((marks.get(value) if isinstance(value, int) else None, value) for value in parameters),
            tuple((place, tuple(functions), column) for place, (functions, column) in converters.items()),
        )

    def rows(self, **values: int) -> list[tuple[Any, ...]]:
        """The rows for these values. One query."""
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile()
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, [values[name] if name else constant for name, constant in compiled.places])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not compiled.converters:
            return found
        return [self._convert(row, compiled) for row in found]

    @staticmethod
    def _convert(row: tuple[Any, ...], compiled: _Compiled) -> tuple[Any, ...]:
        converted = list(row)
        for place, functions, column in compiled.converters:
            for function in functions:
                converted[place] = function(converted[place], column, connection)
        return tuple(converted)
