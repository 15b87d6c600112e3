"""Texts and how they came about.

A document's words lie in versions; a revision is the immutable list of the versions the document was made of when
it was saved. Versions, revisions and decisions about lineage are append-only: the database refuses to change them.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from harken.people.models import Group
from harken.processes.models import Iteration, Process


class Chapter(models.Model):
    """One group's part of one iteration: its notes, its headings, its documents; it may be empty."""

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="chapters")
    group = models.ForeignKey(Group, models.PROTECT, related_name="chapters")
    position = models.PositiveIntegerField()
    lang = models.CharField(_("language"), max_length=35)
    notes = models.JSONField(default=list, blank=True)
    headings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["iteration", "group"], name="chapter_once")]

    def __str__(self) -> str:
        return f"{self.group}, {self.iteration}"


class DocumentKind(models.TextChoices):
    """What a document is."""

    RECOMMENDATION = "recommendation", _("Recommendation")


class Document(models.Model):
    """A text with a permanent code, such as `AD-R2`, within its iteration.

    `title` and `lede` repeat what the current revision's versions say, for lists.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="documents")
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices, default=DocumentKind.RECOMMENDATION)
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField()
    heading = models.TextField(blank=True)
    lang = models.CharField(max_length=35)
    title = models.TextField()
    lede = models.TextField(blank=True)
    current = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["iteration", "code"], name="document_code_once")]
        indexes: ClassVar = [models.Index(fields=["chapter", "position", "id"], name="document_in_chapter")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class PassageKind(models.TextChoices):
    """What a passage is in its document."""

    TITLE = "title", _("Title")
    ALTERNATIVE = "alternative", _("Alternative title")
    SUMMARY = "summary", _("Summary")
    HEADING = "heading", _("Heading")
    PARAGRAPH = "paragraph", _("Paragraph")
    ITEM = "item", _("List item")


class Passage(models.Model):
    """The smallest addressable piece of a document; its id is permanent and never used again."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="passages")
    public_id = models.CharField(max_length=12, unique=True)

    def __str__(self) -> str:
        return self.public_id


class Version(models.Model):
    """The immutable text of one passage at one time, and its safe HTML made from it once."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=12, choices=PassageKind.choices)
    lang = models.CharField(max_length=35)
    text = models.TextField()
    html = models.TextField()

    def __str__(self) -> str:
        return self.text


class ChangeClass(models.TextChoices):
    """How much a revision changes what is said."""

    TYPO = "typo", _("Typo")
    WORDING = "wording", _("Wording")
    MEANING = "meaning", _("Meaning")


class Revision(models.Model):
    """The immutable list of versions, in order, that made up a document when it was saved."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    version_ids = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    change_class = models.CharField(max_length=10, choices=ChangeClass.choices, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.document.code}, revision {self.number}"


class LineageKind(models.TextChoices):
    """What became of a document on the way to the next iteration, or where one came from."""

    KEPT = "kept", _("kept")
    REVISED = "revised", _("revised")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split")
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
