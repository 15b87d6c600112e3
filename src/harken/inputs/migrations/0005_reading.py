"""What lists and readers' pages of inputs stand on: stance, languages counted, words to be found by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from harken.base.append_only import KeepColumnsGoingBack
from harken.base.search import CreateWordTable


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_publish_what_was_public"),
        ("inputs", "0004_turns"),
        ("processes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        KeepColumnsGoingBack(
            "inputs_input",
            ["id", "process_id", "source_id", "external_id", "thread_key", "reply_to", "at", "recorded_at"],
            once=["parent_id"],
        ),
        migrations.CreateModel(
            name="LanguageCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("inputs", models.IntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="input",
            name="stance",
            field=models.CharField(max_length=12, null=True),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("stance__isnull", False)),
                fields=["process", "stance", "at", "id"],
                name="input_by_stance",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("is_late", True)), fields=["process", "at", "id"], name="input_by_late"
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("passage__isnull", False), ("standing__isnull", True)),
                fields=["document", "passage", "source"],
                name="input_beside_passage",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("document__isnull", False), ("standing__isnull", False)),
                fields=["document", "source"],
                name="input_not_standing",
            ),
        ),
        migrations.AddField(
            model_name="languagecount",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="languagecount",
            name="source",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inputs.source"
            ),
        ),
        migrations.AddConstraint(
            model_name="languagecount",
            constraint=models.UniqueConstraint(fields=("source", "lang"), name="language_count_once"),
        ),
        CreateWordTable("input_words", "inputs_input"),
    ]
