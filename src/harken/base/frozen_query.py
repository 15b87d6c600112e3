"""Queries whose SQL is made once.

Django writes a query's SQL anew each time it is asked, which costs several times what SQLite needs to answer it. The
few queries that every reader's page asks are written with the ORM as any other and frozen: the first use compiles them,
later ones put their values into the finished SQL.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

from harken.base.prepared import prepared_cursor

# Stands for the first parameter while the SQL is made; the next ones stand below it. Every kind of whole number that a
# table has can hold it (Django leaves out a condition on a number its column cannot hold); no constant is near it.
_FIRST_MARK: Final = 2_147_483_621
# Stands for a text: characters that Unicode gives to no text (section 23.7 of its standard), and the parameter's name.
_TEXT_MARK: Final = "\ufdd0%s\ufdd0"


@dataclass(frozen=True, slots=True)
class _Objects:
    """How a row becomes an object of `model` with those it points to."""

    model: type[models.Model]
    start: int
    end: int
    names: tuple[str, ...]
    related: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Finished SQL, the name or the constant for each of its places, and the conversions of its columns."""

    sql: str
    places: tuple[tuple[str | None, Any], ...]
    converters: tuple[tuple[int, tuple[Any, ...], Any], ...]
    objects: _Objects | None


class FrozenQuery:
    """Rows of a `values_list()` queryset, or objects of any other, that depends on whole numbers and texts alone.

    `build` takes them by name and returns the queryset; `texts` names those that are texts. It is called once for each
    kind of database, with stand-ins, and must therefore not decide anything by their values, nor look for a part of a
    text.

        beside = FrozenQuery(lambda chapter: Document.objects.filter(chapter=chapter).values_list("code"))
        beside.rows(chapter=7)
        named = FrozenQuery(lambda slug: Process.objects.filter(slug=slug).select_related("body"), texts=("slug",))
        named.objects(slug="open-garden")
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *, texts: Sequence[str] = ()) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._texts = frozenset(texts)
        self._compiled: dict[str, _Compiled] = {}

    def _compile(self) -> _Compiled:
        stand_ins = {
            name: _TEXT_MARK % name if name in self._texts else _FIRST_MARK - number
            for number, name in enumerate(self._names)
        }
        marks = {mark: name for name, mark in stand_ins.items()}
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return _Compiled(
            sql,
            tuple((marks.get(value) if isinstance(value, int | str) else None, value) for value in parameters),
            tuple((place, tuple(functions), column) for place, (functions, column) in converters.items()),
            _describe_objects(compiler),
        )

    def _ask(self, values: dict[str, int | str]) -> tuple[_Compiled, list[tuple[Any, ...]]]:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile()
        with prepared_cursor() as cursor:
            cursor.execute(compiled.sql, [values[name] if name else constant for name, constant in compiled.places])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not compiled.converters:
            return compiled, found
        return compiled, [self._convert(row, compiled) for row in found]

    def rows(self, **values: int | str) -> list[tuple[Any, ...]]:
        """The rows for these values. One query."""
        return self._ask(values)[1]

    def objects(self, **values: int | str) -> list[Any]:
        """The objects for these values, with those that `select_related` names. One query."""
        compiled, rows = self._ask(values)
        if compiled.objects is None:
            raise TypeError("A queryset of values_list() has rows, not objects.")
        return list(_make_objects(compiled.objects, rows))

    @staticmethod
    def _convert(row: tuple[Any, ...], compiled: _Compiled) -> tuple[Any, ...]:
        converted = list(row)
        for place, functions, column in compiled.converters:
            for function in functions:
                converted[place] = function(converted[place], column, connection)
        return tuple(converted)


def _describe_objects(compiler: Any) -> _Objects | None:
    if not compiler.query.default_cols:
        return None
    places = compiler.klass_info["select_fields"]
    start, end = places[0], places[-1] + 1
    return _Objects(
        compiler.klass_info["model"],
        start,
        end,
        tuple(column[0].target.attname for column in compiler.select[start:end]),
        tuple(
            get_related_populators(  # type: ignore[call-arg] # the stubs are of a later Django, which asks for more
                compiler.klass_info, compiler.select, connection.alias
            )
        ),
    )


def _make_objects(plan: _Objects, rows: Sequence[tuple[Any, ...]]) -> Iterator[models.Model]:
    """As a queryset makes them (django.db.models.query.ModelIterable)."""
    for row in rows:
        made = plan.model.from_db(connection.alias, plan.names, row[plan.start : plan.end])
        for populator in plan.related:
            populator.populate(row, made)
        yield made
