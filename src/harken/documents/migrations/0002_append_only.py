"""Words, revisions and decisions are never changed: the database refuses."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidChange


class Migration(migrations.Migration):
    """Append-only triggers."""

    dependencies: ClassVar = [("documents", "0001_initial")]
    operations: ClassVar = [
        ForbidChange("documents_version"),
        ForbidChange("documents_revision"),
        ForbidChange("documents_lineagedecision"),
    ]
