"""No row is lost to INSERT OR REPLACE, whatever the connection of whoever writes it to SQLite asks for."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidReplacing, same


class Migration(migrations.Migration):
    """Further triggers of the tables that are append-only."""

    dependencies: ClassVar = [("inputs", "0008_waiting_agreements")]
    operations: ClassVar = [
        ForbidReplacing("inputs_input", same("source_id", "external_id")),
        ForbidReplacing("inputs_wording", same("input_id", "number")),
        ForbidReplacing("inputs_questionresponse"),
        ForbidReplacing("inputs_contextfact"),
        ForbidReplacing("inputs_attachment"),
        ForbidReplacing("inputs_redaction"),
    ]
