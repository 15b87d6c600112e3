"""What belongs to drafting alone: words not saved yet, and the reviewers a group invites."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from harken.documents.models.texts import Chapter, Document, Revision


class KeptText(models.Model):
    """What somebody typed into the editor and has not saved as a revision: kept until they do.

    `fields` are the editor's as they were typed; `base` the revision they began from.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="kept_texts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    base = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    fields = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "user"], name="kept_text_once")]

    def __str__(self) -> str:
        return f"{self.document.code}, {self.user}"


class Reviewer(models.Model):
    """Somebody a working group invited to read and remark on its drafts of one iteration."""

    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    invited_by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chapter", "user"], condition=Q(ended_at__isnull=True), name="reviewer_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.chapter}"
