"""The database itself refuses to change what is append-only."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pytest_django import DjangoDbBlocker

from harken.base.append_only import AllowChange, AllowReplacing, ForbidChange, ForbidReplacing, same
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import draw_edge
from harken.documents.models import LineageDecision, LineageKind, Revision, Version
from tests.cast import Cast, add_round


@pytest.fixture
def _some_rows(cast: Cast) -> None:
    _first, (earlier,) = add_round(cast.process, cast.advocacy, "Water the beds", number=1)
    _second, (later,) = add_round(cast.process, cast.advocacy, "Water the beds at night", number=2)
    draw_edge(
        actor=OPERATOR, process=cast.process, earlier=earlier, later=later, kind=LineageKind.REVISED, reason="by hand"
    )


@pytest.mark.usefixtures("_some_rows")
@pytest.mark.parametrize("model", [AuditEvent, Version, Revision, LineageDecision])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_or_delete(model: type, statement: str) -> None:
    table = model._meta.db_table  # type: ignore[attr-defined] # every model has it
    assert model.objects.exists()  # type: ignore[attr-defined] # every model has it
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")

Row = dict[str, object]


@pytest.fixture(scope="module")
def migrated(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The file of an installation nobody has written anything into."""
    path = tmp_path_factory.mktemp("migrated") / "harken.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return path


@pytest.fixture
def stranger(migrated: Path) -> Iterator[sqlite3.Connection]:
    """Another program that opens a copy of the file, with what SQLite does unless told otherwise."""
    with closing(sqlite3.connect(migrated)) as file, closing(sqlite3.connect(":memory:")) as there:
        file.backup(there)
        # What else is asked of a new row is asked elsewhere; made-up rows would not meet it.
        there.execute("PRAGMA ignore_check_constraints = ON")
        for (name,) in there.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_new' ESCAPE '\\'"
        ):
            there.execute(f"DROP TRIGGER {name}")
        assert there.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        yield there


def append_only_tables(there: sqlite3.Connection) -> list[str]:
    found = there.execute(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_delete'"
    )
    tables = sorted(name for (name,) in found)
    assert {"base_auditevent", "documents_revision", "inputs_input", "analysis_extract"} <= set(tables)
    return tables


def unique_keys(there: sqlite3.Connection, table: str) -> list[list[str]]:
    """The columns of each unique key of a table; the id is the first."""
    keys = [["id"]]
    for _place, name, is_unique, *_more in there.execute(f"PRAGMA index_list({table})").fetchall():
        if is_unique:
            (sql,) = there.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
            columns = [column for *_places, column in there.execute(f"PRAGMA index_info({name})")]
            # Of an expression SQLite names no column; the statement does.
            keys.append(re.findall(r'"(\w+)"', sql.partition("(")[2]) if None in columns else columns)
    return keys


def a_row(there: sqlite3.Connection, table: str, number: int, *, is_sparse: bool = False) -> Row:
    """A row without an id that has this number in each column, or nothing wherever a sparse one may have none."""
    return {
        name: None if is_sparse and not is_required else number if re.search("int|bool", kind) else f"[{number}]"
        for _place, name, kind, is_required, *_more in there.execute(f"PRAGMA table_info({table})")
        if name != "id"
    }


def put(there: sqlite3.Connection, table: str, row: Mapping[str, object], verb: str = "INSERT") -> None:
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    there.execute(f"{verb} INTO {table} ({names}) VALUES ({places})", list(row.values()))


@only_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("is_sparse", [False, True])
def test_no_row_can_be_replaced_whatever_a_connection_asks_for(stranger: sqlite3.Connection, is_sparse: bool) -> None:
    lost = []
    for table in append_only_tables(stranger):
        there = a_row(stranger, table, 1, is_sparse=is_sparse)
        put(stranger, table, there)
        before = stranger.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - as above
        for key in unique_keys(stranger, table):
            same = {column: {"id": 1, **there}[column] for column in key}
            try:
                put(stranger, table, {**a_row(stranger, table, 3), **same}, "INSERT OR REPLACE")
            except sqlite3.IntegrityError as refusal:
                assert str(refusal) == f"{table} is append-only"  # noqa: PT017 - a key with a NULL is refused to nobody
            if not set(before) <= set(stranger.execute(f"SELECT * FROM {table}")):  # noqa: S608 - as above
                lost.append((table, key))
    assert lost == []


@only_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("is_sparse", [False, True])
def test_what_has_keys_of_its_own_is_added_with_and_without_an_id(
    stranger: sqlite3.Connection, is_sparse: bool
) -> None:
    for table in append_only_tables(stranger):
        for number in (1, 2):
            put(stranger, table, a_row(stranger, table, number, is_sparse=is_sparse))
        put(stranger, table, {"id": 9, **a_row(stranger, table, 3, is_sparse=is_sparse)})
        ids = stranger.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()  # noqa: S608 - as above
        assert ids == [(1,), (2,), (9,)], table


@only_sqlite
@pytest.mark.django_db
def test_what_counts_as_the_same_for_a_key_counts_as_the_same_for_replacing(stranger: sqlite3.Connection) -> None:
    whole = a_row(stranger, "analysis_extract", 1, is_sparse=True)
    put(stranger, "analysis_extract", whole)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        put(stranger, "analysis_extract", {**whole, "start": -1, "at": "now"}, "INSERT OR REPLACE")


@pytest.mark.usefixtures("_some_rows")
def test_a_plain_insert_of_what_is_there_is_an_integrity_error_as_ever() -> None:
    there = Revision.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.bulk_create([there])
    there.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        there.save(force_insert=True)


@only_sqlite
@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_a_table_that_is_made_anew_has_its_rules_again_also_going_back() -> None:
    def rules() -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(cursor.fetchall())

    table, key, state = Revision._meta.db_table, same("document_id", "number"), ProjectState()
    first: list[Operation] = [AllowReplacing(table, key), AllowChange(table)]
    last: list[Operation] = [ForbidChange(table), ForbidReplacing(table, key)]
    before = rules()
    for way, one, other in (("forwards", first, last), ("backwards", last[::-1], first[::-1])):
        with connection.constraint_checks_disabled(), connection.schema_editor() as editor:
            for operation in one:
                getattr(operation, f"database_{way}")("documents", editor, state, state)
            assert not [name for name in rules() if name.startswith(f"{table}_")]
            editor._remake_table(Revision)  # type: ignore[attr-defined] # what SQLite's own editor does
            for operation in other:
                getattr(operation, f"database_{way}")("documents", editor, state, state)
        assert rules() == before, way
