"""What is brought with the browser may be several files; what was kept as one is the first of them."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the one file of each draft the first of several; where it is gone already, its name stays."""
    alias = schema_editor.connection.alias
    drafts: Any = apps.get_model("inputs", "ImportDraft")._default_manager.using(alias)
    files: Any = apps.get_model("inputs", "ImportFile")
    rows = [
        files(draft_id=pk, name=name, file=file)
        for pk, name, file, terms in drafts.order_by("pk").values_list("pk", "name", "file", "terms")
        if file or not terms.get("address")
    ]
    files._default_manager.using(alias).bulk_create(rows)


def carry_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where one goes back: a draft of one file keeps it, for more there was no place."""
    alias = schema_editor.connection.alias
    files: Any = apps.get_model("inputs", "ImportFile")._default_manager.using(alias)
    drafts: Any = apps.get_model("inputs", "ImportDraft")._default_manager.using(alias)
    for draft in drafts.annotate(count=models.Count("files")).filter(count=1):
        drafts.filter(pk=draft.pk).update(file=files.get(draft_id=draft.pk).file)


class Migration(migrations.Migration):
    """Files of what is brought, in the place of one file."""

    dependencies: ClassVar = [("inputs", "0006_context_notes")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=250)),
                ("file", models.FileField(blank=True, upload_to="imports/")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="inputs.importdraft"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(carry_over, carry_back),
        migrations.RemoveField(model_name="importdraft", name="file"),
    ]
