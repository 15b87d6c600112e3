"""What organisers say beside the questions for contexts is in several languages; what was there is in the process's."""

from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_notes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put each note under the language of its process."""
    rules: Any = apps.get_model("inputs", "InputRules")._default_manager.using(schema_editor.connection.alias)
    for pk, note, lang in rules.exclude(context_note="").values_list("pk", "context_note", "process__lang"):
        rules.filter(pk=pk).update(context_notes={lang: note})


def keep_one_note(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where one goes back: the note in the process's language, or the first there is."""
    rules: Any = apps.get_model("inputs", "InputRules")._default_manager.using(schema_editor.connection.alias)
    for pk, notes, lang in rules.values_list("pk", "context_notes", "process__lang"):
        if notes:
            rules.filter(pk=pk).update(context_note=notes.get(lang) or next(iter(notes.values())))


class Migration(migrations.Migration):
    """A note by language, in the place of one note."""

    dependencies: ClassVar = [("inputs", "0005_reading"), ("processes", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="inputrules",
            name="context_notes",
            field=models.JSONField(blank=True, default=dict, verbose_name="what is done with it"),
        ),
        migrations.RunPython(keep_notes, keep_one_note),
        migrations.RemoveField(model_name="inputrules", name="context_note"),
    ]
