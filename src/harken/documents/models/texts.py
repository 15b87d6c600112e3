"""Documents, their passages, and the versions and revisions they are kept in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.documents.models.templates import Template
from harken.people.models import Group
from harken.processes.models import Iteration


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
    PRINCIPLE = "principle", _("Principle")
    NARRATIVE = "narrative", _("Narrative of change")
    COVER_NOTE = "cover-note", _("Cover note")
    GLOSSARY = "glossary", _("Glossary")
    SCOPING = "scoping", _("Scoping paper")
    ONE_PAGE = "one-page", _("One-page summary")
    POSITION_PAPER = "position-paper", _("Living position paper")
    CHARTER = "charter", _("Charter")
    CONDUCT = "conduct", _("Code of conduct")


class PositionsShown(models.TextChoices):
    """How much a group shows of where its members stand on a text."""

    NOTHING = "nothing", _("Nothing")
    SENTENCE = "sentence", _("A sentence: whether all members agree")
    REASONS = "reasons", _("The sentence and the reasons, without names")
    NAMES = "names", _("The sentence, the reasons and the names")


class Document(models.Model):
    """A text with a permanent code, such as `AD-R2`, within its iteration.

    `current` is the revision its group works on; `published` the one readers see, none while it is a private draft.
    `title` and `lede` repeat what the published revision's versions say (the current one's before), for lists.
    """

    iteration = models.ForeignKey(Iteration, models.PROTECT, related_name="documents")
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices, default=DocumentKind.RECOMMENDATION)
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, related_name="documents")
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField()
    heading = models.TextField(blank=True)
    lang = models.CharField(max_length=35)
    title = models.TextField()
    lede = models.TextField(blank=True)
    current = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")
    published = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")
    positions_shown = models.CharField(max_length=10, choices=PositionsShown.choices, default=PositionsShown.SENTENCE)

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
    QUOTE = "quote", _("Quotation")
    CODE = "code", _("Code")
    RULE = "rule", _("Rule")


class Passage(models.Model):
    """The smallest addressable piece of a document; its id is permanent and never used again."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="passages")
    public_id = models.CharField(max_length=12, unique=True)

    def __str__(self) -> str:
        return self.public_id


class Version(models.Model):
    """The immutable text of one passage at one time, and its safe HTML made from it once.

    `section` is the key of the template's section it stands in, "" for none. `marker` is what the line began with
    (`## `, `- `, `> `) and `level` its depth, as in `harken.core.text.segment.Passage`.
    """

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=12, choices=PassageKind.choices)
    section = models.CharField(max_length=60, blank=True, default="")
    lang = models.CharField(max_length=35)
    marker = models.TextField(blank=True, default="")
    level = models.PositiveSmallIntegerField(default=0)
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
    """The immutable list of versions, in order, that made up a document when it was saved.

    `blanks` counts the empty lines before each passage, where that is not what is usual (else it is empty); `credits`
    names whose suggestions it took up.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    version_ids = models.JSONField()
    blanks = models.JSONField(default=list, blank=True)
    credits = models.JSONField(default=list, blank=True)
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


class Publication(models.Model):
    """A revision that was shown to readers, from when and by whom.

    `override_reason` is an organiser's, where the text was opened although `blocking` findings spoke against it.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="publications")
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="publication")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    override_reason = models.TextField(blank=True)
    blocking = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.revision}, published"


class ReadyText(models.Model):
    """What readers see of a document's published revision, put together once, when it was published.

    It only repeats what versions and template say, and is made anew whenever `stamp` is not theirs any more; see
    `harken.documents.passage_html`. `head` holds the title, other titles and the summary, `contents` the headings.
    """

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="ready")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    stamp = models.CharField(max_length=40)
    head = models.JSONField()
    contents = models.JSONField()
    html = models.TextField()

    def __str__(self) -> str:
        return f"{self.revision}, ready to read"
