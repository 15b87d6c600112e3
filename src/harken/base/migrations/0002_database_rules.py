"""What only the database can hold: the full-text table, and audit events that are never changed."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidChange
from harken.base.search import CreateSearchWords


class Migration(migrations.Migration):
    """Full-text table and append-only triggers."""

    dependencies: ClassVar = [("base", "0001_initial")]
    operations: ClassVar = [CreateSearchWords(), ForbidChange("base_auditevent")]
