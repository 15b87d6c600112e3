"""What is done again and again, and when it is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0002_database_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("holder", models.CharField(blank=True, max_length=32)),
                ("held_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("failure", models.TextField(blank=True)),
            ],
        ),
    ]
