"""An operation of migrations that does what another one undoes."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Reversed(Operation):
    """Before the operation it reverses, among the bases of a class: forwards is backwards, and backwards forwards."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """What the other one does backwards."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """What the other one does forwards."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
