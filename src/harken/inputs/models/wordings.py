"""Wordings: what was said, by whom and when; append-only, and how the law may have words taken away."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harken.inputs.models.inputs import Input
from harken.processes.models import GuidingQuestion


class SpeakerKind(models.TextChoices):
    """Who said something."""

    PARTICIPANT = "participant", _("a participant")
    PSEUDONYM = "pseudonym", _("somebody under a name of their choice")
    GROUP = "group", _("a group")
    UNKNOWN = "unknown", _("somebody unknown")


class Stance(models.TextChoices):
    """Where somebody stands on what they speak about."""

    SUPPORT = "support", pgettext_lazy("stance", "support")
    OPPOSE = "oppose", pgettext_lazy("stance", "oppose")
    RED_LINE = "red line", pgettext_lazy("stance", "red line")
    CONCERN = "concern", pgettext_lazy("stance", "concern")
    QUESTION = "question", pgettext_lazy("stance", "question")
    SUGGESTION = "suggestion", pgettext_lazy("stance", "suggestion")
    NEUTRAL = "neutral", pgettext_lazy("stance", "neutral")


class TextKind(models.TextChoices):
    """What a text was in its place."""

    MESSAGE = "message", pgettext_lazy("input", "message")
    PROPOSAL = "proposal", pgettext_lazy("input", "proposal")
    RESPONSE = "response", pgettext_lazy("input", "response to a survey")
    POINT = "point", pgettext_lazy("input", "point of a discussion")
    STATEMENT = "statement", pgettext_lazy("input", "statement")
    AGREEMENT = "agreement", pgettext_lazy("input", "agreement, with a reason")


class Wording(models.Model):
    """An input as it was said, word by word; a later number is how its speaker or the foreign system changed it.

    Never changed, never deleted: the database refuses, except that a redaction on record lets the columns it is about
    be blanked. The speaker is whoever said it, never who brought it in: an account of this site (`participant`), or a
    name as it stood there with the account, address or mailbox it was known by (`speaker_account`, not for the public).
    `content_hash` stays, so that bringing in the same thing again is recognised.
    """

    input = models.ForeignKey(Input, models.PROTECT, related_name="wordings", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=12, choices=TextKind.choices, default=TextKind.MESSAGE)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    lang = models.CharField(max_length=35, blank=True)
    stance = models.CharField(max_length=12, choices=Stance.choices, blank=True)
    speaker_kind = models.CharField(max_length=12, choices=SpeakerKind.choices)
    speaker_name = models.TextField(blank=True)
    speaker_account = models.TextField(blank=True)
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="wordings", db_index=False
    )
    headcount = models.PositiveIntegerField(null=True)
    said_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    extra = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["input", "number"], name="wording_once"),
            models.CheckConstraint(
                condition=~Q(speaker_kind="group") | Q(participant__isnull=True), name="wording_of_group_is_nobodys"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["participant"], condition=Q(participant__isnull=False), name="wording_by_participant"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class QuestionResponse(models.Model):
    """What was said to one guiding question, and the question as it was asked then. Append-only, as its wording."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="responses")
    question = models.ForeignKey(GuidingQuestion, models.SET_NULL, null=True, related_name="+")
    asked = models.TextField()
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.asked


class ContextKind(models.TextChoices):
    """What sort of thing people are asked to tell of themselves here; surveys ask for others too."""

    LANGUAGE = "language community", _("language community")
    PROJECT = "project", _("project")
    REGION = "region", _("region")
    AFFILIATE = "affiliate", _("affiliate")
    ROLE = "role", _("role")
    IDENTITY = "identity", _("identity")


class ContextFact(models.Model):
    """Something a speaker chose to tell of themselves with a wording. Append-only, as its wording.

    `kind` is one of `ContextKind`, or what a survey called it.
    """

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="contexts")
    kind = models.CharField(max_length=60)
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="context_fact_by_value")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Attachment(models.Model):
    """That a file came with a wording, and which: its content is not kept. Append-only, as its wording."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="attachments")
    name = models.TextField(blank=True)
    media_type = models.CharField(max_length=150, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Redaction(models.Model):
    """The tombstone of what the law had taken away: from which input, what, when, why and by whom. Append-only."""

    input = models.ForeignKey(Input, models.PROTECT, related_name="redactions")
    words = models.BooleanField()
    speaker = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(words=True) | Q(speaker=True), name="redaction_of_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="redaction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
