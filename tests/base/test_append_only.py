"""The database itself refuses to change what is append-only."""

import pytest
from django.db import IntegrityError, connection, transaction

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
