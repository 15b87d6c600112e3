"""No row is lost to INSERT OR REPLACE, whatever the connection of whoever writes it to SQLite asks for."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidReplacing


class Migration(migrations.Migration):
    """Further triggers of the tables that are append-only."""

    dependencies: ClassVar = [("base", "0004_job_progress")]
    operations: ClassVar = [
        ForbidReplacing("base_auditevent"),
    ]
