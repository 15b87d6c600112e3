"""No row is lost to INSERT OR REPLACE, whatever the connection of whoever writes it to SQLite asks for."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidReplacing, same


class Migration(migrations.Migration):
    """Further triggers of the tables that are append-only."""

    dependencies: ClassVar = [("analysis", "0001_initial")]
    operations: ClassVar = [
        ForbidReplacing(
            "analysis_extract",
            "wording_id = NEW.wording_id AND COALESCE(response_id, 0) = COALESCE(NEW.response_id, 0) "
            'AND COALESCE(start, -1) = COALESCE(NEW.start, -1) AND COALESCE("end", -1) = COALESCE(NEW."end", -1)',
        ),
        ForbidReplacing("analysis_coding"),
        ForbidReplacing("analysis_theme", same("process_id", "number")),
    ]
