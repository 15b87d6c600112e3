"""Since when it is whose turn."""

from django.db import migrations, models

from harken.base.append_only import KeepColumnsGoingBack


class Migration(migrations.Migration):
    dependencies = [
        ("inputs", "0003_voices"),
    ]

    operations = [
        KeepColumnsGoingBack(
            "inputs_input",
            ["id", "process_id", "source_id", "external_id", "thread_key", "reply_to", "at", "recorded_at"],
            once=["parent_id"],
        ),
        migrations.AddField(
            model_name="input",
            name="turn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
