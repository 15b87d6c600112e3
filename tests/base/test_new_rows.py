"""What is asked of new rows: lifted while a table is made anew, and asked again afterwards."""

from collections.abc import Sequence

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from harken.base.new_rows import AllowNew, RequireOfNew

pytestmark = [
    pytest.mark.usefixtures("clearable_db"),
    pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS),
]

RULE = ("yard_bucket", "EXISTS (SELECT 1 FROM yard_well w WHERE w.id = NEW.well AND NEW.litres <= w.litres)")
TABLES = (
    migrations.CreateModel("Well", [("id", models.AutoField(primary_key=True)), ("litres", models.IntegerField())]),
    migrations.CreateModel(
        "Bucket",
        [
            ("id", models.AutoField(primary_key=True)),
            ("well", models.IntegerField()),
            ("litres", models.IntegerField()),
        ],
    ),
    RequireOfNew(*RULE),
)


class Undone(Exception):
    """The tables go as they came."""


def apply(editor: BaseDatabaseSchemaEditor, state: ProjectState, operations: Sequence[Operation]) -> ProjectState:
    """What a migration of these operations does."""
    for operation in operations:
        after = state.clone()
        operation.state_forwards("yard", after)
        operation.database_forwards("yard", editor, state, after)
        state = after
    return state


def fill(editor: BaseDatabaseSchemaEditor, litres: int) -> None:
    with transaction.atomic():
        editor.execute("INSERT INTO yard_bucket (well, litres) VALUES (1, %s)", [litres])


def in_tables_that_go(operations: Sequence[Operation], litres: int) -> None:
    with connection.schema_editor() as editor:
        state = apply(editor, ProjectState(), TABLES)
        editor.execute("INSERT INTO yard_well (litres) VALUES (9)")
        fill(editor, 9)
        with pytest.raises(IntegrityError):
            fill(editor, 10)
        apply(editor, state, operations)
        fill(editor, litres)
        raise Undone


@pytest.mark.parametrize("model", ["Well", "Bucket"], ids=["one that it names", "its own"])
def test_a_table_is_made_anew_while_the_condition_is_lifted(model: str) -> None:
    change = migrations.AlterField(model, "litres", models.BigIntegerField())
    with pytest.raises(Undone):
        in_tables_that_go([AllowNew(*RULE), change], 10)
    for litres, outcome in ((9, Undone), (10, IntegrityError)):
        with pytest.raises(outcome):
            in_tables_that_go([AllowNew(*RULE), change, RequireOfNew(*RULE)], litres)


def test_sqlite_makes_no_table_anew_that_a_condition_names() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("other databases change tables where they stand")
    with pytest.raises(OperationalError, match="error in trigger yard_bucket_new"):
        in_tables_that_go([migrations.AlterField("Well", "litres", models.BigIntegerField())], 9)


class GoneBack(AllowNew):
    """A migration that lifts it, and is undone."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        super().database_backwards(app_label, schema_editor, to_state, from_state)


@pytest.mark.parametrize(("litres", "outcome"), [(9, Undone), (10, IntegrityError)])
def test_going_back_behind_the_lifting_asks_it_again(litres: int, outcome: type[Exception]) -> None:
    with pytest.raises(outcome):
        in_tables_that_go([GoneBack(*RULE)], litres)
