"""Inputs: the entries of the ledger, and how many there are of what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from harken.documents.models import Anchor, Document, Passage
from harken.inputs.models.campaigns import Campaign
from harken.inputs.models.sources import Source
from harken.processes.models import Process


class InputState(models.TextChoices):
    """How far those who answer have come with an input."""

    NEW = "new", pgettext_lazy("input", "new")
    IN_WORK = "in-work", pgettext_lazy("input", "in work")
    NEEDS_TRANSLATION = "needs-translation", pgettext_lazy("input", "needs translation")
    WAITING = "waiting", pgettext_lazy("input", "waiting")
    ANSWERED = "answered", pgettext_lazy("input", "answered")


class Standing(models.TextChoices):
    """Why an input is not before everybody; one that is has none of these."""

    HELD = "held", pgettext_lazy("input", "waits for a moderator")
    HIDDEN = "hidden", pgettext_lazy("input", "hidden")
    WITHDRAWN = "withdrawn", pgettext_lazy("input", "withdrawn by its speaker")


class Input(models.Model):
    """One contribution: where it came from, what it is about, what it replies to. Its words are its wordings.

    What never changes (the database refuses): source, the foreign system's id, what it replied to there, when it was
    said and recorded. `parent` is filled once, when what it replies to is in the ledger. What it is about, its
    language, its place in the conversation and its state can be corrected.

    `at` is when it was said, or when it was recorded if nobody knows. `thread` is the input that the ledger knows the
    conversation by, itself for the first one; `thread_key` is the foreign id of the conversation that began with it.
    `order_key` puts the inputs of a thread in reading order, see `harken.inputs.threads`. The newest wording has the
    number `versions`.

    `standing` is None for what everybody may read who may read its source. `is_late` says that it came after the phase
    for it had closed. `owner` has it in work, until `due_at`; `waiting_on` says what for in the state "waiting".
    `turn_at` is since when it is somebody else's turn (state, owner or standing changed); None: since it was recorded.
    `supports` is how many agreed without saying it again. `is_prepared` is None until the job of
    `harken.inputs.actions.preparing` has seen it, which also puts the newest wording's `stance` here, for lists.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="inputs", db_index=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="inputs", db_index=False)
    external_id = models.CharField(max_length=250)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="inputs", db_index=False)
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="inputs", db_index=False)
    anchor = models.ForeignKey(Anchor, models.PROTECT, null=True, related_name="inputs", db_index=False)
    thread = models.ForeignKey("self", models.PROTECT, related_name="conversation", db_index=False)
    thread_key = models.CharField(max_length=250, null=True)  # noqa: DJ001 - NULL keeps it out of its index
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies", db_index=False)
    reply_to = models.CharField(max_length=250, null=True)  # noqa: DJ001 - as above
    depth = models.PositiveIntegerField(default=1)
    order_key = models.CharField(max_length=100)
    lang = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=20, choices=InputState.choices, default=InputState.NEW)
    standing = models.CharField(max_length=10, choices=Standing.choices, null=True)  # noqa: DJ001 - keeps most rows out of its index
    is_late = models.BooleanField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(null=True)
    waiting_on = models.CharField(max_length=200, null=True)  # noqa: DJ001 - added without making the table anew
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="inputs", db_index=False)
    supports = models.PositiveIntegerField(null=True)
    is_prepared = models.BooleanField(null=True)
    stance = models.CharField(max_length=12, null=True)  # noqa: DJ001 - added without making the table anew
    versions = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "external_id"], name="input_once")]
        indexes: ClassVar = [
            models.Index(fields=["process", "at", "id"], name="input_by_process"),
            models.Index(fields=["process", "state", "at", "id"], name="input_by_state"),
            models.Index(fields=["process", "lang", "at", "id"], name="input_by_lang"),
            models.Index(
                fields=["process", "standing", "at", "id"],
                condition=Q(standing__isnull=False),
                name="input_by_standing",
            ),
            models.Index(
                fields=["process", "owner", "at", "id"], condition=Q(owner__isnull=False), name="input_by_owner"
            ),
            models.Index(
                fields=["process", "due_at", "id"],
                condition=Q(due_at__isnull=False) & ~Q(state=InputState.ANSWERED.value),
                name="input_by_due",
            ),
            models.Index(
                fields=["campaign", "at", "id"], condition=Q(campaign__isnull=False), name="input_by_campaign"
            ),
            models.Index(fields=["id"], condition=Q(is_prepared__isnull=True), name="input_to_prepare"),
            models.Index(
                fields=["process", "stance", "at", "id"], condition=Q(stance__isnull=False), name="input_by_stance"
            ),
            models.Index(fields=["process", "at", "id"], condition=Q(is_late=True), name="input_by_late"),
            # These two count what stands beside a document's passages, without a look at the rows.
            models.Index(
                fields=["document", "passage", "source"],
                condition=Q(passage__isnull=False, standing__isnull=True),
                name="input_beside_passage",
            ),
            models.Index(
                fields=["document", "source"],
                condition=Q(document__isnull=False, standing__isnull=False),
                name="input_not_standing",
            ),
            models.Index(fields=["source", "at", "id"], name="input_by_source"),
            models.Index(fields=["thread", "order_key"], name="input_in_thread"),
            models.Index(
                fields=["document", "at", "id"], condition=Q(document__isnull=False), name="input_by_document"
            ),
            models.Index(fields=["passage", "at", "id"], condition=Q(passage__isnull=False), name="input_by_passage"),
            models.Index(fields=["anchor"], condition=Q(anchor__isnull=False), name="input_by_anchor"),
            models.Index(
                fields=["source", "thread_key"], condition=Q(thread_key__isnull=False), name="input_by_thread_key"
            ),
            models.Index(
                fields=["source", "reply_to"],
                condition=Q(parent__isnull=True, reply_to__isnull=False),
                name="input_waiting_for_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id}, {self.source}"


class InputCount(models.Model):
    """How many inputs of a source are about a document (or about none); kept by whoever writes inputs.

    A process's, document's or source's number is the sum of its rows. Several rows (`part`) for the same let several
    people write at once without waiting for each other.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    part = models.PositiveSmallIntegerField()
    inputs = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("source"), Coalesce("document", models.Value(0)), F("part"), name="input_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.inputs}"


class LanguageCount(models.Model):
    """How many inputs of a source are in a language, "" for those in which nobody knows; kept by whoever sets it."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    lang = models.CharField(max_length=35, blank=True)
    inputs = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "lang"], name="language_count_once")]

    def __str__(self) -> str:
        return f"{self.source}, {self.lang}: {self.inputs}"
