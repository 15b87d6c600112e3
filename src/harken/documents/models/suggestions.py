"""Suggestions: new words for a passage, proposed by anyone allowed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harken.documents.models.texts import Document, Passage, Revision, Version


class SuggestionState(models.TextChoices):
    """What became of a suggestion; stale ones wait for somebody to renew or decide them."""

    OPEN = "open", pgettext_lazy("suggestion", "open")
    STALE = "stale", _("the text has moved on")
    ACCEPTED = "accepted", _("accepted")
    IN_PART = "in_part", _("accepted in part")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Suggestion(models.Model):
    """New words for a passage, with a reason. What was proposed, and for which version, never changes.

    `words` is what it proposes for the version `on`, which follows the text: the published one, or, for what was
    proposed on a private draft (`is_private`), the draft. `changes` is the difference as safe HTML, made with it.
    Empty words propose to strike the passage.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="suggestions")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="suggestions")
    base = models.ForeignKey(Version, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=35)
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="suggestions")
    author_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    is_private = models.BooleanField(default=False)
    on = models.ForeignKey(Version, models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="suggestions")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["document", "state", "id"], name="suggestion_by_state")]

    def __str__(self) -> str:
        return f"{self.document.code}, {self.author_name}"
