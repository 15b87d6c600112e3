"""Since when it is whose turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inputs", "0003_voices"),
    ]

    operations = [
        migrations.AddField(
            model_name="input",
            name="turn_at",
            field=models.DateTimeField(null=True),
        ),
    ]
