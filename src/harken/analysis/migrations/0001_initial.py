"""Themes, extracts and codings; what was quoted and said of it is never changed."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from harken.base.append_only import ForbidChange, KeepColumns
from harken.base.new_rows import RequireOfNew


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inputs", "0006_context_notes"),
        ("processes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "input",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extracts", to="inputs.input"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inputs.questionresponse",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inputs.wording",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("lang", models.CharField(max_length=35)),
                ("description", models.TextField(blank=True)),
                ("description_html", models.TextField(blank=True)),
                ("merged_at", models.DateTimeField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="analysis.theme",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themes",
                        to="processes.process",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "accepted"), ("rejected", "rejected")],
                        max_length=10,
                    ),
                ),
                ("by_name", models.CharField(max_length=150)),
                ("by_model", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "extract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="analysis.extract"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.theme",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ThemeCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("inputs", models.IntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inputs.source",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.theme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ThemedExtract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "accepted"), ("rejected", "rejected")],
                        max_length=10,
                    ),
                ),
                (
                    "coding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="analysis.coding"
                    ),
                ),
                (
                    "extract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="themed",
                        to="analysis.extract",
                    ),
                ),
                (
                    "input",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inputs.input"),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.theme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ThemedInput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "input",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inputs.input"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="analysis.theme",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.UniqueConstraint(
                models.F("wording"),
                django.db.models.functions.comparison.Coalesce("response", models.Value(0)),
                django.db.models.functions.comparison.Coalesce("start", models.Value(-1)),
                django.db.models.functions.comparison.Coalesce("end", models.Value(-1)),
                name="extract_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="extract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end__isnull", True), ("response__isnull", True), ("start__isnull", True)),
                    models.Q(("end__gt", models.F("start")), ("end__isnull", False), ("start__isnull", False)),
                    _connector="OR",
                ),
                name="extract_is_a_span_or_the_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(fields=("process", "number"), name="theme_number_once"),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"
                ),
                name="theme_not_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_at__isnull", True), ("parent__isnull", False), _connector="OR"),
                name="theme_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="theme_has_a_name"),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by_model__isnull", True), models.Q(("by__isnull", True), ("state", "proposed")), _connector="OR"
                ),
                name="coding_by_a_model_is_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="themecount",
            constraint=models.UniqueConstraint(fields=("theme", "source"), name="theme_count_once"),
        ),
        migrations.AddConstraint(
            model_name="themedextract",
            constraint=models.UniqueConstraint(fields=("extract", "theme"), name="themed_extract_once"),
        ),
        migrations.AddIndex(
            model_name="themedinput",
            index=models.Index(fields=["theme", "at", "input"], name="themed_input_by_theme"),
        ),
        migrations.AddConstraint(
            model_name="themedinput",
            constraint=models.UniqueConstraint(fields=("input", "theme"), name="themed_input_once"),
        ),
        # The place of an extract lies in the words of its own input, so that there is always something it quotes.
        RequireOfNew(
            "analysis_extract",
            "EXISTS (SELECT 1 FROM inputs_wording w WHERE w.id = NEW.wording_id AND w.input_id = NEW.input_id "
            'AND (NEW."end" IS NULL OR NEW.response_id IS NOT NULL OR NEW."end" <= LENGTH(w.text))) '
            "AND (NEW.response_id IS NULL OR EXISTS (SELECT 1 FROM inputs_questionresponse r "
            'WHERE r.id = NEW.response_id AND r.wording_id = NEW.wording_id AND NEW."end" <= LENGTH(r.text)))',
        ),
        ForbidChange("analysis_extract"),
        ForbidChange("analysis_coding"),
        KeepColumns("analysis_theme", ["id", "process_id", "number", "by_id", "by_name", "at"], once=["merged_at"]),
    ]
