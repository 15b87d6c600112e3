"""Tables that only grow: the database itself refuses to change or delete a row.

A room adds `ForbidChange("documents_version")` to a migration; both SQLite and PostgreSQL then raise an integrity
error on UPDATE and DELETE, whoever asks. `KeepColumns` is for rows some columns of which may change and others never.

SQLite has a third way to lose a row, `INSERT OR REPLACE`, which deletes what has the same key without asking the
triggers for DELETE, unless the connection wants that (https://www.sqlite.org/lang_conflict.html). `ForbidReplacing`
belongs to every such table. A migration that makes one anew there begins with `AllowReplacing` and `AllowChange`, and
ends with `ForbidChange` and `ForbidReplacing`.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from harken.base.reversal import Reversed

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION harken_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql
"""


class ForbidChange(Operation):
    """A migration operation: from now on rows of `table` are added and never changed or deleted."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers."""
        if schema_editor.connection.vendor == "postgresql":
            # Without parameters the per cent sign of the message is a plain one.
            schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_append_only BEFORE UPDATE OR DELETE ON {self.table} "
                "FOR EACH ROW EXECUTE FUNCTION harken_refuse_change()"
            )
            return
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_no_{verb.lower()} BEFORE {verb} ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_append_only ON {self.table}")
            return
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_{verb.lower()}")

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Make {self.table} append-only"


class AllowChange(Reversed, ForbidChange):
    """The reverse of `ForbidChange`, around an operation that makes a table anew (SQLite's way to add a column)."""

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Let {self.table} be made anew"


class ForbidChangeUnless(ForbidChange):
    """Rows of `table` are never deleted, and changed only where `condition` holds of OLD and NEW.

    `condition` is SQL that both databases read, apart from the sign for "the same, also if both are NULL", written
    `{same}`.
    """

    def __init__(self, table: str, condition: str) -> None:
        super().__init__(table)
        self.condition = condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table, self.condition], {})

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers."""
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        condition = self.condition.format(same="IS NOT DISTINCT FROM" if on_postgresql else "IS")
        if not on_postgresql:
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_no_update BEFORE UPDATE ON {self.table} BEGIN "
                f"SELECT RAISE(ABORT, '{self.table} is append-only') WHERE NOT ({condition}); END"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_no_delete BEFORE DELETE ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
            )
            return
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {self.table}_may_change() RETURNS trigger AS $$ BEGIN "
            f"IF {condition} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{self.table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; "
            "END; $$ LANGUAGE plpgsql",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER {self.table}_append_only BEFORE DELETE ON {self.table} "
            "FOR EACH ROW EXECUTE FUNCTION harken_refuse_change()"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {self.table}_keep BEFORE UPDATE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.table}_may_change()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the triggers."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_keep ON {self.table}")
            schema_editor.execute(f"DROP FUNCTION {self.table}_may_change()")

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Keep what {self.table} holds"


def unchanged(columns: Sequence[str]) -> str:
    """The condition that these columns keep their values."""
    return " AND ".join(f"OLD.{column} {{same}} NEW.{column}" for column in columns)


class KeepColumns(ForbidChangeUnless):
    """Rows of `table` are never deleted, `columns` never change, and `once` may be filled where they are NULL."""

    def __init__(self, table: str, columns: Sequence[str], once: Sequence[str] = ()) -> None:
        filled = [f"(OLD.{column} IS NULL OR {unchanged([column])})" for column in once]
        super().__init__(table, " AND ".join([unchanged(columns), *filled]))
        self.columns, self.once = list(columns), list(once)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table, self.columns, self.once], {})


class KeepColumnsGoingBack(KeepColumns):
    """The first operation of a migration that adds columns to a table `KeepColumns` holds.

    On SQLite, taking some columns away makes the table anew, and its triggers go with the old one: when the migration
    is undone, the rule stands again. Forwards nothing happens.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Nothing."""

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the triggers that are gone."""
        if schema_editor.connection.vendor == "postgresql":
            return
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Keep what {self.table} holds, also going back"


def same(*columns: str) -> str:
    """The condition that a row has these columns as NEW has them."""
    return " AND ".join(f"{column} = NEW.{column}" for column in columns)


class ForbidReplacing(ForbidChange):
    """Rows of `table` are never replaced either, by a new one with their id or with another key of theirs.

    `keys` are conditions, one for each further unique key, that hold of the row in the new one's way; `same` writes
    most of them. What is refused is what a plain INSERT could not add anyway, and as an integrity error like there.
    Nor can INSERT OR IGNORE and ON CONFLICT be used on such a table: rows get as far as its triggers first. PostgreSQL
    replaces by UPDATE alone, which `ForbidChange` sees.
    """

    def __init__(self, table: str, *keys: str) -> None:
        super().__init__(table)
        self.keys = keys

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table, *self.keys], {})

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the trigger."""
        if schema_editor.connection.vendor == "postgresql":
            return
        # Where SQLite is to give the id, NEW has -1, which is nobody's.
        there = " OR ".join(
            f"EXISTS (SELECT 1 FROM {self.table} WHERE {key})"  # noqa: S608 - names of our own tables
            for key in (same("id"), *self.keys)
        )
        schema_editor.execute(
            f"CREATE TRIGGER {self.table}_no_replace BEFORE INSERT ON {self.table} WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the trigger."""
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_replace")

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Let no row of {self.table} be replaced"


class AllowReplacing(Reversed, ForbidReplacing):
    """The reverse of `ForbidReplacing`, around an operation that makes a table anew."""

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Let {self.table} be made anew"
