"""Templates, publication, suggestions, anchors, links, synthesis and consensus."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from harken.base.append_only import AllowChange, ForbidChange


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_append_only"),
        ("processes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AllowChange("documents_version"),
        AllowChange("documents_revision"),
        migrations.AddField(
            model_name="document",
            name="positions_shown",
            field=models.CharField(
                choices=[
                    ("nothing", "Nothing"),
                    ("sentence", "A sentence: whether all members agree"),
                    ("reasons", "The sentence and the reasons, without names"),
                    ("names", "The sentence, the reasons and the names"),
                ],
                default="sentence",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="published",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.revision"
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="blanks",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="revision",
            name="credits",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="version",
            name="level",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="version",
            name="marker",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="version",
            name="section",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("recommendation", "Recommendation"),
                    ("principle", "Principle"),
                    ("narrative", "Narrative of change"),
                    ("cover-note", "Cover note"),
                    ("glossary", "Glossary"),
                    ("scoping", "Scoping paper"),
                    ("one-page", "One-page summary"),
                    ("position-paper", "Living position paper"),
                    ("charter", "Charter"),
                    ("conduct", "Code of conduct"),
                ],
                default="recommendation",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="lineagedecision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("kept", "kept"),
                    ("revised", "revised"),
                    ("merged", "merged"),
                    ("split", "split"),
                    ("moved", "moved"),
                    ("dropped", "dropped"),
                    ("new", "new"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="lineageedge",
            name="kind",
            field=models.CharField(
                choices=[
                    ("kept", "kept"),
                    ("revised", "revised"),
                    ("merged", "merged"),
                    ("split", "split"),
                    ("moved", "moved"),
                    ("dropped", "dropped"),
                    ("new", "new"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="version",
            name="kind",
            field=models.CharField(
                choices=[
                    ("title", "Title"),
                    ("alternative", "Alternative title"),
                    ("summary", "Summary"),
                    ("heading", "Heading"),
                    ("paragraph", "Paragraph"),
                    ("item", "List item"),
                    ("quote", "Quotation"),
                    ("code", "Code"),
                    ("rule", "Rule"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("exact", models.TextField()),
                ("prefix", models.TextField(blank=True)),
                ("suffix", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="anchors", to="documents.document"
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="anchors", to="documents.passage"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.revision"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.version"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnchorPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("current", "current"),
                            ("moved", "moved"),
                            ("changed", "changed"),
                            ("loose", "loose"),
                        ],
                        max_length=10,
                    ),
                ),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "anchor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="documents.anchor"
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.passage"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="anchor",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.anchorplace"
            ),
        ),
        migrations.AddField(
            model_name="anchor",
            name="published_place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.anchorplace"
            ),
        ),
        migrations.CreateModel(
            name="KeptText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fields", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.revision"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kept_texts", to="documents.document"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("supports", "supports"),
                            ("conflicts_with", "conflicts with"),
                            ("overlaps", "overlaps"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("accepted", "accepted"), ("rejected", "rejected")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("score", models.FloatField(null=True)),
                ("words", models.JSONField(default=list)),
                ("method", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("source_agrees", models.BooleanField(default=False)),
                ("target_agrees", models.BooleanField(default=False)),
                (
                    "iteration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="processes.iteration"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_out", to="documents.document"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links_in", to="documents.document"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LinkDecision",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("supports", "supports"),
                            ("conflicts_with", "conflicts with"),
                            ("overlaps", "overlaps"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="documents.link"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PassageEdge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("kept", "kept"),
                            ("revised", "revised"),
                            ("merged", "merged"),
                            ("split", "split"),
                            ("moved", "moved"),
                            ("dropped", "dropped"),
                            ("new", "new"),
                        ],
                        max_length=10,
                    ),
                ),
                ("share", models.FloatField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passage_edges",
                        to="documents.document",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="edges_onward", to="documents.passage"
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edges_back",
                        to="documents.passage",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passage_edges",
                        to="documents.revision",
                    ),
                ),
                (
                    "withdraws",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawn_by",
                        to="documents.passageedge",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("reservations", "Consent with reservations"),
                            ("stand_aside", "Stand aside"),
                            ("object", "Object"),
                        ],
                        max_length=15,
                    ),
                ),
                ("lang", models.CharField(max_length=35)),
                ("words", models.TextField(blank=True)),
                (
                    "shown",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing"),
                            ("sentence", "A sentence: whether all members agree"),
                            ("reasons", "The sentence and the reasons, without names"),
                            ("names", "The sentence, the reasons and the names"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="positions", to="documents.revision"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("override_reason", models.TextField(blank=True)),
                ("blocking", models.JSONField(blank=True, default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="documents.document",
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="publication", to="documents.revision"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviewers", to="documents.chapter"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True)),
                ("lang", models.CharField(max_length=35)),
                ("reason", models.TextField()),
                ("author_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("is_private", models.BooleanField(default=False)),
                ("words", models.TextField(blank=True)),
                ("changes", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("stale", "the text has moved on"),
                            ("accepted", "accepted"),
                            ("in_part", "accepted in part"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_by_name", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.version"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suggestions", to="documents.document"
                    ),
                ),
                (
                    "on",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.version"
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suggestions", to="documents.passage"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="documents.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("author_name", models.CharField(max_length=150)),
                ("lang", models.CharField(max_length=35)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by_name", models.CharField(blank=True, max_length=150)),
                (
                    "anchor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="documents.anchor",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="documents.document"
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="documents.suggestion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("names", models.JSONField(default=dict)),
                ("descriptions", models.JSONField(blank=True, default=dict)),
                ("sections_json", models.JSONField(default=list)),
                ("asks_acceptance", models.BooleanField(default=False)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="templates", to="processes.process"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="documents.template",
            ),
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="documents.revision"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("revision", "user"), name="acceptance_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="anchorplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("passage__isnull", True), ("state", "loose")),
                    models.Q(models.Q(("state", "loose"), _negated=True), ("passage__isnull", False)),
                    _connector="OR",
                ),
                name="anchor_place_unless_loose",
            ),
        ),
        migrations.AddConstraint(
            model_name="kepttext",
            constraint=models.UniqueConstraint(fields=("document", "user"), name="kept_text_once"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["iteration", "state", "id"], name="link_by_state"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(fields=("source", "target", "kind"), name="link_once"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True), name="link_leads_elsewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("chapter", "user"),
                name="reviewer_once_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["document", "state", "id"], name="suggestion_by_state"),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("anchor__isnull", True), ("suggestion__isnull", False)),
                    models.Q(("anchor__isnull", False), ("suggestion__isnull", True)),
                    _connector="OR",
                ),
                name="remark_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="template",
            constraint=models.UniqueConstraint(fields=("process", "slug"), name="template_once"),
        ),
        migrations.CreateModel(
            name="ReadyText",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="ready",
                        serialize=False,
                        to="documents.document",
                    ),
                ),
                ("stamp", models.CharField(max_length=40)),
                ("head", models.JSONField()),
                ("contents", models.JSONField()),
                ("html", models.TextField()),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.revision"
                    ),
                ),
            ],
        ),
        ForbidChange("documents_version"),
        ForbidChange("documents_revision"),
        ForbidChange("documents_publication"),
        ForbidChange("documents_passageedge"),
        ForbidChange("documents_anchorplace"),
        ForbidChange("documents_linkdecision"),
        ForbidChange("documents_position"),
        ForbidChange("documents_acceptance"),
    ]
