"""Sources: where input came from, who collected it, and on what terms."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.people.models import Group
from harken.processes.models import Process


class Channel(models.TextChoices):
    """The way by which input came."""

    FORM = "form", _("This site")
    TALK = "talk", _("Talk page")
    MAIL = "mail", _("Mail")
    FORUM = "forum", _("Forum")
    SURVEY = "survey", _("Survey")
    MEETING = "meeting", _("Meeting")
    LIST = "list", _("List")


class Consent(models.TextChoices):
    """What those who spoke agreed to."""

    PUBLIC = "public", _("Everybody may read it, with the name it was said under")
    NAMELESS = "nameless", _("Everybody may read it, without a name")
    CLOSED = "closed", _("Only those who work with the input may read it")


class Source(models.Model):
    """Where input came from: one talk page, mailbox, survey, meeting, forum; on whose behalf, when, on what terms.

    `key` is what tells it from other sources of its channel, so that bringing in the same thing again finds it: an
    address, a file's name. `group` is the body in the tree it speaks for, `group_name` one outside of the tree.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="sources")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    key = models.CharField(max_length=250)
    title = models.CharField(max_length=300)
    address = models.TextField(blank=True)
    lang = models.CharField(max_length=35, blank=True)
    consent = models.CharField(max_length=10, choices=Consent.choices, default=Consent.PUBLIC)
    licence = models.CharField(max_length=100, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="+")
    group_name = models.CharField(max_length=200, blank=True)
    headcount = models.PositiveIntegerField(null=True)
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    collected_by_name = models.CharField(max_length=150)
    collected_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["process", "channel", "key"], name="source_once")]

    def __str__(self) -> str:
        return self.title
