"""Meetings (salons): announced, with registrations, and reported."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from harken.inputs.models.sources import Source
from harken.people.models import Group
from harken.processes.models import Process


class MeetingState(models.TextChoices):
    """How far a meeting has come."""

    ANNOUNCED = "announced", _("announced")
    REPORTED = "reported", _("reported")
    CANCELLED = "cancelled", _("cancelled")


class Meeting(models.Model):
    """People meet, in a place or online, and a liaison writes down what they said.

    `group` is the body in the tree that speaks there, `group_name` one outside of it. What the report adds:
    `headcount` (who took part), `summary` (how it went), and a source in the ledger that its points come from.
    `public_id` is in its address; `sequence` grows with each change, as calendars want it (RFC 5545, 3.8.7.4).
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="meetings")
    public_id = models.CharField(max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it is about"), blank=True)
    description_html = models.TextField(blank=True, editable=False)
    place = models.CharField(_("place"), max_length=300, blank=True)
    online = models.URLField(_("address online"), max_length=500, blank=True)
    lang = models.CharField(_("language"), max_length=35)
    time_zone = models.CharField(_("time zone"), max_length=60)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    takes_registrations = models.BooleanField(_("people register"), default=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    group_name = models.CharField(_("who meets"), max_length=200, blank=True)
    liaison = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    liaison_name = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.ANNOUNCED)
    sequence = models.PositiveIntegerField(default=0)
    headcount = models.PositiveIntegerField(_("how many took part"), null=True, blank=True)
    summary = models.TextField(_("how it went"), blank=True)
    summary_html = models.TextField(blank=True, editable=False)
    source = models.OneToOneField(Source, models.PROTECT, null=True, related_name="meeting")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_begins"),
        ]
        indexes: ClassVar = [models.Index(fields=["process", "starts_at"], name="meeting_by_time")]

    def __str__(self) -> str:
        return self.title


class Registration(models.Model):
    """Somebody wants to come to a meeting; `is_waiting` for a seat, where all were taken."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="registrations")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("mail address"), blank=True)
    lang = models.CharField(max_length=35, blank=True)
    needs = models.TextField(_("what would help you take part"), blank=True)
    participant = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_waiting = models.BooleanField(default=False)
    at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name
