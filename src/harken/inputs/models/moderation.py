"""Complaints about inputs, and hiding them with a reason that can be appealed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from harken.inputs.models.inputs import Input


class Fault(models.TextChoices):
    """What is wrong with an input that somebody complains of or hides."""

    SPAM = "spam", _("advertising")
    ABUSE = "abuse", _("insult or threat")
    PRIVATE = "private", _("private matters of somebody")
    OFF_TOPIC = "off topic", _("not about this process")
    OTHER = "other", _("something else")


class Complaint(models.Model):
    """Somebody says that an input should not stand. `key` keeps one browser from complaining twice.

    `upheld` is what a moderator decided: hidden because of it, or not; None while it waits.
    """

    input = models.ForeignKey(Input, models.PROTECT, related_name="complaints")
    fault = models.CharField(max_length=12, choices=Fault.choices)
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=35, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["input", "key"], name="complaint_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(upheld__isnull=True), name="complaint_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_fault_display()}, {self.at}"


class Hiding(models.Model):
    """An input was hidden: why, by whom, what its speaker says to that, and what was decided on the appeal.

    `upheld` is None while nobody decided on an appeal; `lifted_at` says since when the input stands again.
    """

    input = models.ForeignKey(Input, models.PROTECT, related_name="hidings")
    fault = models.CharField(max_length=12, choices=Fault.choices)
    reason = models.TextField()
    lang = models.CharField(max_length=35, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["input"], condition=Q(lifted_at__isnull=True), name="hiding_one_at_a_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="hiding_has_a_reason"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(appealed_at__isnull=False, decided_at__isnull=True),
                name="hiding_appealed",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
