"""Links: how the documents of one iteration hang together."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from harken.documents.models.lineage import EdgeState
from harken.documents.models.texts import Document
from harken.processes.models import Iteration


class LinkKind(models.TextChoices):
    """How one document stands to another; the last two say the same from either end."""

    DEPENDS_ON = "depends_on", _("depends on")
    SUPPORTS = "supports", _("supports")
    CONFLICTS_WITH = "conflicts_with", _("conflicts with")
    OVERLAPS = "overlaps", _("overlaps")


class Link(models.Model):
    """A claim that `source` depends on, supports, conflicts with or overlaps `target`, both of one iteration.

    For the two kinds that say the same from either end the document with the lower id is the source. A machine's
    proposal carries its method, score (0 to 1) and the words behind it. `state` repeats the newest decision;
    `source_agrees` and `target_agrees` whose group said so: an accepted link that one group alone stands behind is
    one-sided.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="links")
    source = models.ForeignKey(Document, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Document, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    state = models.CharField(max_length=10, choices=EdgeState.choices, default=EdgeState.PROPOSED)
    score = models.FloatField(null=True)
    words = models.JSONField(default=list)
    method = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    source_agrees = models.BooleanField(default=False)
    target_agrees = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_leads_elsewhere"),
        ]
        indexes: ClassVar = [models.Index(fields=["iteration", "state", "id"], name="link_by_state")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class LinkDecision(models.Model):
    """A person's word on a link: append-only, with its reason; the newest counts."""

    link = models.ForeignKey(Link, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=EdgeState.choices)
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.link}: {self.state}"
