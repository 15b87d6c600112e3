"""What those who work with input keep beside it: agreement, private notes, filters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from harken.inputs.models.inputs import Input, Standing
from harken.processes.models import Process


class Support(models.Model):
    """Somebody agrees with an input without saying it again; with a reason, that is an input of its own (`reason`).

    `key` keeps an account, or a browser, from agreeing twice, and a reason is of one agreement, whoever sends its form
    again. `standing` is None for one that is counted. Else it waits for a moderator (held), since much came from the
    same network; or a moderator left it out (hidden); or it was taken back after that (withdrawn), and is kept so that
    it is not counted when it comes again. Any other that is taken back is gone.
    """

    input = models.ForeignKey(Input, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    participant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.ForeignKey(Input, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    standing = models.CharField(max_length=10, choices=Standing.choices, null=True)  # noqa: DJ001 - keeps most rows out of its index

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["input", "key"], name="support_once"),
            models.UniqueConstraint(fields=["reason"], condition=Q(reason__isnull=False), name="support_reason_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["input"], condition=Q(standing=Standing.HELD.value), name="support_held"),
        ]

    def __str__(self) -> str:
        return f"{self.at}"


class InputNote(models.Model):
    """A note on an input among those who work with it; readers and speakers never see it."""

    input = models.ForeignKey(Input, models.PROTECT, related_name="notes")
    text = models.TextField()
    html = models.TextField()
    lang = models.CharField(max_length=35, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class SavedFilter(models.Model):
    """A way to look at the queue that somebody named; `is_shared` for all who work with the input.

    `query` is the filter as an address says it after its question mark.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="input_filters")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "owner", "name"], condition=~Q(name=""), name="saved_filter_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
