"""No row is lost to INSERT OR REPLACE, whatever the connection of whoever writes it to SQLite asks for."""

from typing import ClassVar

from django.db import migrations

from harken.base.append_only import ForbidReplacing, same


class Migration(migrations.Migration):
    """Further triggers of the tables that are append-only."""

    dependencies: ClassVar = [("documents", "0004_publish_what_was_public")]
    operations: ClassVar = [
        ForbidReplacing("documents_version"),
        ForbidReplacing("documents_revision", same("document_id", "number")),
        ForbidReplacing("documents_lineagedecision"),
        ForbidReplacing("documents_publication", same("revision_id")),
        ForbidReplacing("documents_passageedge", same("withdraws_id")),
        ForbidReplacing("documents_anchorplace"),
        ForbidReplacing("documents_linkdecision"),
        ForbidReplacing("documents_position"),
        ForbidReplacing("documents_acceptance", same("revision_id", "user_id")),
    ]
