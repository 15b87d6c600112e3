"""Anchors: quotes that stay with their words while the text changes; and the remarks of those who draft it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from harken.documents.models.suggestions import Suggestion
from harken.documents.models.texts import Document, Passage, Revision, Version


class AnchorState(models.TextChoices):
    """What became of a quote's words."""

    CURRENT = "current", _("current")
    MOVED = "moved", _("moved")
    CHANGED = "changed", _("changed")
    LOOSE = "loose", _("loose")


class Anchor(models.Model):
    """A quote with its surroundings and the passage it is about (W3C Web Annotation, TextQuoteSelector).

    The quote, its passage and the version it was taken from never change: a loose anchor keeps them for ever. `place`
    is where the words are in the document's current revision, `published_place` where in the published one.
    https://www.w3.org/TR/annotation-model/#text-quote-selector
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="anchors")
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="anchors")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    exact = models.TextField()
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    place = models.ForeignKey("AnchorPlace", models.PROTECT, null=True, related_name="+")
    published_place = models.ForeignKey("AnchorPlace", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.exact

    @property
    def as_selector(self) -> dict[str, str]:
        """The quote as the standard writes it."""
        return {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix}


class AnchorPlace(models.Model):
    """Where an anchor's words are from `revision` on, until the next place. Append-only.

    `start` and `end` count code points of the passage's text; `words` are what stands there now.
    """

    anchor = models.ForeignKey(Anchor, models.PROTECT, related_name="places")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=AnchorState.choices)
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="+")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="loose", passage__isnull=True) | (~Q(state="loose") & Q(passage__isnull=False)),
                name="anchor_place_unless_loose",
            )
        ]

    def __str__(self) -> str:
        return self.state


class Remark(models.Model):
    """What somebody who drafts or reviews a text says: on a quote of it, or on a suggestion. No input of the public."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="remarks")
    anchor = models.ForeignKey(Anchor, models.PROTECT, null=True, related_name="remarks")
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    lang = models.CharField(max_length=35)
    text = models.TextField()
    html = models.TextField()
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(anchor__isnull=True, suggestion__isnull=False)
                | Q(anchor__isnull=False, suggestion__isnull=True),
                name="remark_on_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
