"""Every document that was there before drafts could be private has been published."""

from typing import ClassVar

from django.db import migrations

PUBLISH = "UPDATE documents_document SET published_id = current_id"
RECORD = (
    "INSERT INTO documents_publication (document_id, revision_id, by_id, by_name, at, override_reason, blocking) "
    "SELECT document_id, id, author_id, author_name, at, '', '[]' FROM documents_revision ORDER BY id"
)


class Migration(migrations.Migration):
    """Each revision was public as soon as it was saved."""

    dependencies: ClassVar = [("documents", "0003_living_documents")]
    operations: ClassVar = [migrations.RunSQL([(PUBLISH, []), (RECORD, [])], migrations.RunSQL.noop)]
