"""Queries whose SQL is made once.

Django writes a query's SQL anew each time it is asked, which costs several times what SQLite needs to answer it. The
few queries that every reader's page asks are written with the ORM as any other and frozen: the first use compiles them,
later ones put their values into the finished SQL.
"""

import datetime
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
# Stand for the first day and the first moment, as the numbers above; SQLite is given them as texts.
_FIRST_DAY: Final = datetime.date(9990, 1, 1)
_FIRST_MOMENT: Final = datetime.datetime(9980, 1, 1, tzinfo=datetime.UTC)
# Lists are filled up to the next of these lengths, and then to a multiple of the last, by what stands in them already:
# of each length there is a statement to prepare.
_LENGTHS: Final = (1, 8, 64, 256)


_KINDS: Final = (int, str, datetime.date)
Value = int | str | datetime.date | Sequence[int]
"""What a parameter can be; a moment is a date to Python."""


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
    """Rows of a `values_list()` queryset, or objects of any other, that depends on a few plain values alone.

    `build` takes them by name and returns the queryset. They are whole numbers; `texts` names those that are texts,
    `days` and `moments` those that are dates and points in time, `lists` lists of whole numbers, for `__in`. It is
    called once for each kind of database, with stand-ins, and must therefore not decide anything by their values, nor
    look for a part of a text. `names` are its parameters where it takes any.

        beside = FrozenQuery(lambda chapter: Document.objects.filter(chapter=chapter).values_list("code"))
        beside.rows(chapter=7)
        named = FrozenQuery(lambda slug: Process.objects.filter(slug=slug).select_related("body"), texts=("slug",))
        named.objects(slug="open-garden")
        some = FrozenQuery(lambda pks: Document.objects.filter(pk__in=pks).values_list("code"), lists=("pks",))
        some.rows(pks=[3, 5, 8])
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        texts: Sequence[str] = (),
        days: Sequence[str] = (),
        moments: Sequence[str] = (),
        lists: Sequence[str] = (),
        names: Sequence[str] = (),
    ) -> None:
        self._build = build
        self._names = tuple(names) or tuple(inspect.signature(build).parameters)
        self._texts = frozenset(texts)
        self._days = frozenset(days)
        self._moments = frozenset(moments)
        self._lists = frozenset(lists)
        self._compiled: dict[str, _Compiled] = {}
        self._expanded: dict[tuple[str, tuple[int, ...]], str] = {}

    def _compile(self) -> _Compiled:
        stand_ins = {name: self._stand_in(name, number) for number, name in enumerate(self._names)}
        marks = {self._adapt(name, mark): name for name, mark in stand_ins.items()}
        given = {name: [mark] if name in self._lists else mark for name, mark in stand_ins.items()}
        compiler = self._build(**given).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        return _Compiled(
            sql,
            tuple((marks.get(value) if isinstance(value, _KINDS) else None, value) for value in parameters),
            tuple((place, tuple(functions), column) for place, (functions, column) in converters.items()),
            _describe_objects(compiler),
        )

    def _stand_in(self, name: str, number: int) -> Any:
        if name in self._texts:
            return _TEXT_MARK % name
        if name in self._days:
            return _FIRST_DAY + datetime.timedelta(days=number)
        if name in self._moments:
            return _FIRST_MOMENT + datetime.timedelta(days=number)
        return _FIRST_MARK - number

    def _adapt(self, name: str, value: Any) -> Any:
        """A value as the database's driver is given it."""
        if name in self._days:
            return connection.ops.adapt_datefield_value(value)
        if name in self._moments:
            return connection.ops.adapt_datetimefield_value(value)
        return value

    def _ask(self, values: dict[str, Any]) -> tuple[_Compiled, list[tuple[Any, ...]]]:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile()
        if any(not values[name] for name in self._lists):
            return compiled, []
        if self._days or self._moments:
            values = {name: self._adapt(name, value) for name, value in values.items()}
        sql, parameters = self._fill(compiled, values)
        with prepared_cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not compiled.converters:
            return compiled, found
        return compiled, [self._convert(row, compiled) for row in found]

    def _fill(self, compiled: _Compiled, values: dict[str, Any]) -> tuple[str, list[Any]]:
        if not self._lists:
            return compiled.sql, [values[name] if name else constant for name, constant in compiled.places]
        filled = {name: _fill_up(values[name]) for name in self._lists}
        lengths = tuple(len(filled[name]) if name in filled else 0 for name, _constant in compiled.places)
        sql = self._expanded.get((connection.vendor, lengths))
        if sql is None:
            pieces = compiled.sql.split("%s")
            marks = [", ".join(["%s"] * length) if length else "%s" for length in lengths]
            sql = "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))
            self._expanded[connection.vendor, lengths] = sql
        parameters: list[Any] = []
        for name, constant in compiled.places:
            if name in filled:
                parameters += filled[name]
            else:
                parameters.append(values[name] if name else constant)
        return sql, parameters

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values. One query, none where a list is empty."""
        return self._ask(values)[1]

    def objects(self, **values: Value) -> list[Any]:
        """The objects for these values, with those that `select_related` names. One query, none as above."""
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


def _fill_up(numbers: Sequence[int]) -> list[int]:
    """The numbers, the last of them again and again until there are as many as a statement asks for."""
    found = len(numbers)
    length = next((one for one in _LENGTHS if one >= found), -(-found // _LENGTHS[-1]) * _LENGTHS[-1])
    return [*numbers, *[numbers[-1]] * (length - found)]


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
