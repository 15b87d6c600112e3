import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from harken.base.append_only import KeepColumnsGoingBack


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_publish_what_was_public"),
        ("inputs", "0002_append_only"),
        ("people", "0001_initial"),
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
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fault",
                    models.CharField(
                        choices=[
                            ("spam", "advertising"),
                            ("abuse", "insult or threat"),
                            ("private", "private matters of somebody"),
                            ("off topic", "not about this process"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("upheld", models.BooleanField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by_name", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Correspondent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("lang", models.CharField(max_length=35)),
                ("time_zone", models.CharField(max_length=60)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("none", "no mail"),
                            ("at once", "at once"),
                            ("daily", "once a day"),
                            ("weekly", "once a week"),
                        ],
                        default="at once",
                        max_length=10,
                    ),
                ),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Following",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Hiding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fault",
                    models.CharField(
                        choices=[
                            ("spam", "advertising"),
                            ("abuse", "insult or threat"),
                            ("private", "private matters of somebody"),
                            ("off topic", "not about this process"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("appeal", models.TextField(blank=True)),
                ("appealed_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("decision", models.TextField(blank=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("form", "This site"),
                            ("talk", "Talk page"),
                            ("mail", "Mail"),
                            ("forum", "Forum"),
                            ("survey", "Survey"),
                            ("meeting", "Meeting"),
                            ("list", "List"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=250)),
                ("file", models.FileField(blank=True, upload_to="imports/")),
                ("terms", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("imported_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="InputBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("band", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="InputNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="InputRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moderation",
                    models.CharField(
                        choices=[
                            ("after", "It can be read at once; moderators look afterwards"),
                            ("before", "It can be read when a moderator has let it through"),
                        ],
                        default="after",
                        max_length=10,
                        verbose_name="moderation",
                    ),
                ),
                (
                    "late",
                    models.CharField(
                        choices=[
                            ("accepted", "It is taken, and marked as late"),
                            ("refused", "It is not taken; whoever wrote it keeps the words"),
                        ],
                        default="refused",
                        max_length=10,
                        verbose_name="late input",
                    ),
                ),
                ("correction_minutes", models.PositiveIntegerField(default=1440, verbose_name="minutes to correct")),
                ("answer_days", models.PositiveIntegerField(default=30, verbose_name="days to answer")),
                (
                    "posts_per_hour",
                    models.PositiveIntegerField(default=60, verbose_name="inputs an hour from one network"),
                ),
                ("most_links", models.PositiveIntegerField(default=3, verbose_name="links in one input")),
                ("refused_hosts", models.JSONField(blank=True, default=list, verbose_name="addresses not to link to")),
                (
                    "contexts",
                    models.JSONField(blank=True, default=list, verbose_name="what people may tell of themselves"),
                ),
                ("context_note", models.TextField(blank=True, verbose_name="what is done with it")),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("description", models.TextField(blank=True, verbose_name="what it is about")),
                ("description_html", models.TextField(blank=True, editable=False)),
                ("place", models.CharField(blank=True, max_length=300, verbose_name="place")),
                ("online", models.URLField(blank=True, max_length=500, verbose_name="address online")),
                ("lang", models.CharField(max_length=35, verbose_name="language")),
                ("time_zone", models.CharField(max_length=60, verbose_name="time zone")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("seats", models.PositiveIntegerField(blank=True, null=True, verbose_name="seats")),
                ("takes_registrations", models.BooleanField(default=True, verbose_name="people register")),
                ("group_name", models.CharField(blank=True, max_length=200, verbose_name="who meets")),
                ("liaison_name", models.CharField(max_length=150)),
                (
                    "state",
                    models.CharField(
                        choices=[("announced", "announced"), ("reported", "reported"), ("cancelled", "cancelled")],
                        default="announced",
                        max_length=10,
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("headcount", models.PositiveIntegerField(blank=True, null=True, verbose_name="how many took part")),
                ("summary", models.TextField(blank=True, verbose_name="how it went")),
                ("summary_html", models.TextField(blank=True, editable=False)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmation", "your input arrived"),
                            ("reply", "somebody replied"),
                            ("state", "its state changed"),
                            ("hidden", "it was hidden"),
                            ("shown", "it can be read"),
                            ("registration", "you are registered"),
                            ("meeting", "the meeting changed"),
                        ],
                        max_length=14,
                    ),
                ),
                ("about", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("send_after", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="mail address")),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("needs", models.TextField(blank=True, verbose_name="what would help you take part")),
                ("is_waiting", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("query", models.TextField(blank=True)),
                ("is_shared", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="TableMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("mapping", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="input",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="input",
            name="is_late",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="input",
            name="is_prepared",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="input",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="input",
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
        migrations.AddField(
            model_name="input",
            name="supports",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="input",
            name="waiting_on",
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AlterField(
            model_name="wording",
            name="kind",
            field=models.CharField(
                choices=[
                    ("message", "message"),
                    ("proposal", "proposal"),
                    ("response", "response to a survey"),
                    ("point", "point of a discussion"),
                    ("statement", "statement"),
                    ("agreement", "agreement, with a reason"),
                ],
                default="message",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=32)),
                ("token", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "input",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inputs.input",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="processes.process",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("lang", models.CharField(blank=True, max_length=35)),
                ("pattern", models.JSONField(default=list)),
                ("size", models.PositiveIntegerField(default=0)),
                ("is_confirmed", models.BooleanField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="campaigns", to="processes.process"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="input",
            name="campaign",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inputs",
                to="inputs.campaign",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(fields=["process", "lang", "at", "id"], name="input_by_lang"),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("standing__isnull", False)),
                fields=["process", "standing", "at", "id"],
                name="input_by_standing",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["process", "owner", "at", "id"],
                name="input_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), models.Q(("state", "answered"), _negated=True)),
                fields=["process", "due_at", "id"],
                name="input_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("campaign__isnull", False)),
                fields=["campaign", "at", "id"],
                name="input_by_campaign",
            ),
        ),
        migrations.AddIndex(
            model_name="input",
            index=models.Index(
                condition=models.Q(("is_prepared__isnull", True)), fields=["id"], name="input_to_prepare"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="input",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="complaints", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="correspondent",
            name="participant",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correspondent",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="correspondents", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="following",
            name="correspondent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="followings", to="inputs.correspondent"
            ),
        ),
        migrations.AddField(
            model_name="following",
            name="input",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="followings", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="hiding",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hiding",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hiding",
            name="input",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="hidings", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="importdraft",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="import_drafts", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="inputband",
            name="input",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inputs.input"),
        ),
        migrations.AddField(
            model_name="inputband",
            name="process",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="inputnote",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="inputnote",
            name="input",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="inputrules",
            name="process",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="input_rules", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="group",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.group"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="liaison",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="source",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="meeting", to="inputs.source"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="correspondent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="inputs.correspondent"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="input",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="registrations", to="inputs.meeting"
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="participant",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="input_filters", to="processes.process"
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="input",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="participant",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="support",
            name="reason",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inputs.input"
            ),
        ),
        migrations.AddField(
            model_name="tablemapping",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="tablemapping",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="table_mappings", to="processes.process"
            ),
        ),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["network", "at"], name="arrival_by_network"),
        ),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["at"], name="arrival_by_time"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(condition=models.Q(("upheld__isnull", True)), fields=["id"], name="complaint_waiting"),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.UniqueConstraint(fields=("input", "key"), name="complaint_once"),
        ),
        migrations.AddConstraint(
            model_name="correspondent",
            constraint=models.UniqueConstraint(
                models.F("process"), django.db.models.functions.text.Lower("email"), name="correspondent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="following",
            constraint=models.UniqueConstraint(fields=("correspondent", "input"), name="following_once"),
        ),
        migrations.AddIndex(
            model_name="hiding",
            index=models.Index(
                condition=models.Q(("appealed_at__isnull", False), ("decided_at__isnull", True)),
                fields=["id"],
                name="hiding_appealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="hiding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)), fields=("input",), name="hiding_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="hiding",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="hiding_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="inputband",
            index=models.Index(fields=["process", "band", "input"], name="input_band"),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["process", "starts_at"], name="meeting_by_time"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="meeting_ends_after_it_begins"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)), fields=["send_after", "id"], name="notice_to_send"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("name", ""), _negated=True),
                fields=("process", "owner", "name"),
                name="saved_filter_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="support",
            constraint=models.UniqueConstraint(fields=("input", "key"), name="support_once"),
        ),
        migrations.AddConstraint(
            model_name="tablemapping",
            constraint=models.UniqueConstraint(fields=("process", "name"), name="table_mapping_once"),
        ),
    ]
