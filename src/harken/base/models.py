"""Tables of the base room: audit events, the full-text index's entries, and what is done again and again."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Who did what to what, when, from where; append-only, for people to read."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_name = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)
    origin = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_by_subject"),
            models.Index(fields=["verb", "id"], name="audit_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject_name}"


class SearchEntry(models.Model):
    """One thing that can be found: what is shown for it, and where it leads.

    The words it is found by lie in the database's own full-text index beside this table (`search_words`).
    """

    source = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    process_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=35)
    address = models.CharField(max_length=400)
    shown = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "object_id"], name="search_entry_once")]
        indexes: ClassVar = [models.Index(fields=["process_id", "source"], name="search_by_process")]

    def __str__(self) -> str:
        return self.title


class PeriodicRun(models.Model):
    """When something that is done again and again is due, and who does it now; see `harken.base.periodic`.

    `holder` has it until `held_until`; whoever holds nothing by then is taken to be gone. `failure` is what the last
    run raised.
    """

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class JobProgress(models.Model):
    """How far a job has come that says so: `done` of `total`, in whatever it counts. Kept for a month."""

    job = models.UUIDField(primary_key=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField()
    began_at = models.DateTimeField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"
