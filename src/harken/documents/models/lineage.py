"""How texts came from other texts: edges between documents and between passages, and what people say of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from harken.documents.models.texts import Document, Passage, Revision
from harken.processes.models import Process


class LineageKind(models.TextChoices):
    """What became of a document or a passage on the way to a later text, or where one came from."""

    KEPT = "kept", _("kept")
    REVISED = "revised", _("revised")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split")
    MOVED = "moved", _("moved")
    DROPPED = "dropped", _("dropped")
    NEW = "new", _("new")


class EdgeState(models.TextChoices):
    """Whether people stand behind an edge."""

    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class LineageEdge(models.Model):
    """A claim that one document led to another; a dropped one has no later end, a new one no earlier.

    A machine's proposal carries its method and parameters, its score (0 to 1) and the words behind it. `state`
    repeats the newest decision.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="lineage")
    earlier = models.ForeignKey(Document, models.PROTECT, null=True, related_name="edges_onward")
    later = models.ForeignKey(Document, models.PROTECT, null=True, related_name="edges_back")
    kind = models.CharField(max_length=10, choices=LineageKind.choices)
    state = models.CharField(max_length=10, choices=EdgeState.choices, default=EdgeState.PROPOSED)
    score = models.FloatField(null=True)
    words = models.JSONField(default=list)
    method = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(earlier__isnull=False) | Q(later__isnull=False), name="lineage_edge_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(earlier__isnull=True) | Q(later__isnull=True) | ~Q(earlier=F("later")),
                name="lineage_edge_leads_on",
            ),
            models.UniqueConstraint(fields=["earlier", "later"], name="lineage_edge_once"),
            models.UniqueConstraint(fields=["earlier"], condition=Q(later__isnull=True), name="lineage_dropped_once"),
            models.UniqueConstraint(fields=["later"], condition=Q(earlier__isnull=True), name="lineage_new_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["process", "state", "id"], name="lineage_by_state")]

    def __str__(self) -> str:
        return f"{self.earlier_id or '∅'} → {self.later_id or '∅'}"

    @property
    def is_one_ended(self) -> bool:
        """Whether something is said to be new or dropped."""
        return self.earlier_id is None or self.later_id is None


class LineageDecision(models.Model):
    """A person's word on an edge: append-only, with its reason; the newest counts."""

    edge = models.ForeignKey(LineageEdge, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=EdgeState.choices)
    kind = models.CharField(max_length=10, choices=LineageKind.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.edge}: {self.state}"


class PassageEdge(models.Model):
    """A passage came from another: within a document by a split or merge, or from another document's text.

    `document` is the one the later passage is in; an edge without a later end says that its text leaves `earlier` out
    (dropped). `revision` is the one in which it happened, `share` (0 to 1) the part of the words that came along,
    where it was measured. An edge that no longer holds is answered by one that `withdraws` it.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="passage_edges")
    earlier = models.ForeignKey(Passage, models.PROTECT, related_name="edges_onward")
    later = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="edges_back")
    kind = models.CharField(max_length=10, choices=LineageKind.choices)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="passage_edges")
    share = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    withdraws = models.OneToOneField("self", models.PROTECT, null=True, related_name="withdrawn_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id or '∅'}"


class OutlineDraft(models.Model):
    """A file someone uploaded, as an outline to correct and confirm before anything is written."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="outline_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=300)
    lang = models.CharField(max_length=35)
    outline = models.JSONField()
    imported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
