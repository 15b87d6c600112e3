"""A reason is of one agreement, whoever sends its form again."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef


def leave_it_to_the_first(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where one form made several agreements, the later ones stay, without a reason."""
    every: Any = apps.get_model("inputs", "Support")._default_manager.using(schema_editor.connection.alias)
    earlier = every.filter(reason=OuterRef("reason"), pk__lt=OuterRef("pk"))
    later = every.filter(Exists(earlier), reason__isnull=False)
    every.filter(pk__in=list(later.values_list("pk", flat=True))).update(reason=None)


class Migration(migrations.Migration):
    """The constraint, instead of the plain index."""

    dependencies: ClassVar = [("inputs", "0009_no_replacing")]
    operations: ClassVar = [
        migrations.RunPython(leave_it_to_the_first, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="support",
            name="reason",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inputs.input",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason__isnull", False)), fields=("reason",), name="support_reason_once"
            ),
        ),
    ]
