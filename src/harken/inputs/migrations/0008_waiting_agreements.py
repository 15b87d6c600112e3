"""Agreements can wait for a moderator where much came from one network."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Why an agreement is not counted; and those that wait, for the moderators' page."""

    dependencies: ClassVar = [("inputs", "0007_import_files")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="support",
            name="standing",
            field=models.CharField(
                choices=[
                    ("held", "waits for a moderator"),
                    ("hidden", "hidden"),
                    ("withdrawn", "withdrawn by its speaker"),
                ],
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="support",
            index=models.Index(condition=models.Q(("standing", "held")), fields=["input"], name="support_held"),
        ),
    ]
