"""What has to hold of a row when it is added, where more than the row itself tells that.

A room adds `RequireOfNew("analysis_extract", "EXISTS (…)")` to a migration; both SQLite and PostgreSQL then raise an
integrity error on an INSERT of which the condition does not hold. A check constraint sees its own row alone.

SQLite changes most columns by making the table anew. One that a condition names cannot be made anew while the condition
stands ("error in trigger"), and with one that has a condition this goes away unsaid. So whoever changes such a table
has the room of the condition lift it first: a migration there with `AllowNew` and `run_before` the one that changes the
table, and another with `RequireOfNew` that depends on that one. In the same room one migration does all three.
What `harken.base.append_only` keeps on a condition that names another table stands in the way of that one, too.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from harken.base.reversal import Reversed


class RequireOfNew(Operation):
    """A migration operation: from now on rows of `table` are added only where `condition` holds of NEW.

    `condition` is SQL that both databases read; one that is NULL does not hold.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, condition: str) -> None:
        self.table, self.condition = table, condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (self.__class__.__qualname__, [self.table, self.condition], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: triggers are no part of the models' state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the trigger."""
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {self.table}_new BEFORE INSERT ON {self.table} BEGIN "
                f"SELECT RAISE(ABORT, '{self.table} does not take this') WHERE ({self.condition}) IS NOT TRUE; END"
            )
            return
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {self.table}_may_be_new() RETURNS trigger AS $$ BEGIN "
            f"IF {self.condition} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{self.table} does not take this' USING ERRCODE = 'integrity_constraint_violation'; "
            "END; $$ LANGUAGE plpgsql",
            params=None,
        )
        schema_editor.execute(
            f"CREATE TRIGGER {self.table}_new BEFORE INSERT ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.table}_may_be_new()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the trigger."""
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_new")
            return
        schema_editor.execute(f"DROP TRIGGER {self.table}_new ON {self.table}")
        schema_editor.execute(f"DROP FUNCTION {self.table}_may_be_new()")

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Ask something of what is added to {self.table}"


class AllowNew(Reversed, RequireOfNew):
    """The reverse of `RequireOfNew`, before a migration that makes one of the tables anew; another asks it again."""

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Ask nothing of what is added to {self.table}"
