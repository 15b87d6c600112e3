"""How far jobs have come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0003_periodic"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobProgress",
            fields=[
                ("job", models.UUIDField(primary_key=True, serialize=False)),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField()),
                ("began_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
