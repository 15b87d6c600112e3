"""Every document that was there before drafts could be private has been published."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import F, Q

PUBLISH = "UPDATE documents_document SET published_id = current_id WHERE published_id IS NULL"
# Whoever went back as far as 0003 and comes again has the publications still.
RECORD = (
    "INSERT INTO documents_publication (document_id, revision_id, by_id, by_name, at, override_reason, blocking) "
    "SELECT document_id, id, author_id, author_name, at, '', '[]' FROM documents_revision "
    "WHERE document_id NOT IN (SELECT document_id FROM documents_publication) ORDER BY id"
)


def refuse_to_show_drafts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before this migration readers saw whatever was newest: drafts must not become public by going back."""
    documents = apps.get_model("documents", "Document")._default_manager.using(schema_editor.connection.alias)
    drafts = documents.filter(current__isnull=False).filter(Q(published__isnull=True) | ~Q(published=F("current")))
    codes = ", ".join(drafts.order_by("id").values_list("code", flat=True)[:20])
    if codes:
        raise IrreversibleError(f"Going back would show private drafts to everybody: {codes}. Publish them first.")


class Migration(migrations.Migration):
    """Each revision was public as soon as it was saved."""

    dependencies: ClassVar = [("documents", "0003_living_documents")]
    operations: ClassVar = [
        migrations.RunSQL([(PUBLISH, []), (RECORD, [])], migrations.RunSQL.noop),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_show_drafts),
    ]
