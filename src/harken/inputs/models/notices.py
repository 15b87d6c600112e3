"""Notices by mail: to whom, about which inputs, how often, and what was sent."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from harken.inputs.models.inputs import Input
from harken.processes.models import Process


class Frequency(models.TextChoices):
    """How often somebody gets mail about what they said."""

    NONE = "none", _("no mail")
    AT_ONCE = "at once", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class Correspondent(models.Model):
    """A mail address that somebody left for news of what they said in a process; nobody else sees it.

    `secret` is in the links of their mails. Before `confirmed_at` only the mail that asks for it is sent.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="correspondents")
    email = models.EmailField()
    participant = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    lang = models.CharField(max_length=35)
    time_zone = models.CharField(max_length=60)
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.AT_ONCE)
    secret = models.CharField(max_length=64, unique=True)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("process", Lower("email"), name="correspondent_once"),
        ]

    def __str__(self) -> str:
        # Audit events are kept for ever: an address must not be in their names.
        return f"correspondent {self.pk}"


class Following(models.Model):
    """A correspondent gets news of an input."""

    correspondent = models.ForeignKey(Correspondent, models.CASCADE, related_name="followings")
    input = models.ForeignKey(Input, models.CASCADE, related_name="followings")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["correspondent", "input"], name="following_once")]

    def __str__(self) -> str:
        return f"{self.correspondent}"


class NoticeKind(models.TextChoices):
    """What a notice tells."""

    CONFIRMATION = "confirmation", _("your input arrived")
    REPLY = "reply", _("somebody replied")
    STATE = "state", _("its state changed")
    HIDDEN = "hidden", _("it was hidden")
    SHOWN = "shown", _("it can be read")
    REGISTRATION = "registration", _("you are registered")
    MEETING = "meeting", _("the meeting changed")


class Notice(models.Model):
    """Something to tell a correspondent: of an input, and `about` what its text needs beside that.

    `send_after` is None for what waits until the address is confirmed, and for what could not be sent (`failure`). What
    is due for a correspondent at the same moment goes out in one mail, so a digest is a moment that several share.
    """

    correspondent = models.ForeignKey(Correspondent, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=14, choices=NoticeKind.choices)
    input = models.ForeignKey(Input, models.CASCADE, null=True, related_name="+")
    about = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["send_after", "id"], condition=Q(sent_at__isnull=True), name="notice_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.correspondent}"
