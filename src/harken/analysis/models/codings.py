"""Extracts, and who said when that one belongs to a theme."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from harken.analysis.models.themes import Theme
from harken.inputs.models import Input, QuestionResponse, Wording


class CodingState(models.TextChoices):
    """What a coding says of an extract and a theme."""

    PROPOSED = "proposed", pgettext_lazy("coding", "proposed")
    ACCEPTED = "accepted", pgettext_lazy("coding", "accepted")
    REJECTED = "rejected", pgettext_lazy("coding", "rejected")


class Extract(models.Model):
    """A span of a wording, or of what it says to one guiding question; without `start` and `end` the whole wording.

    It keeps no words, only their place (in code points): what it quotes cannot differ from what was said, and goes
    where a redaction takes it away. The database asks that the place lies in those words when the row is added.
    Append-only.
    """

    input = models.ForeignKey(Input, models.PROTECT, related_name="extracts")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="+", db_index=False)
    response = models.ForeignKey(QuestionResponse, models.PROTECT, null=True, related_name="+", db_index=False)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("wording"),
                Coalesce("response", Value(0)),
                Coalesce("start", Value(-1)),
                Coalesce("end", Value(-1)),
                name="extract_once",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True, response__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="extract_is_a_span_or_the_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.input_id}, {self.start or 0}–{'' if self.end is None else self.end}"


class Coding(models.Model):
    """Somebody said that an extract belongs to a theme, or that it does not; a model can only propose it.

    `by_model` names a model, its version and its parameters. Append-only: of an extract and a theme the newest counts.
    """

    extract = models.ForeignKey(Extract, models.PROTECT, related_name="codings")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=CodingState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150)
    by_model = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(by_model__isnull=True) | Q(state="proposed", by__isnull=True),
                name="coding_by_a_model_is_proposed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.extract_id}, {self.theme_id}: {self.state}"


class ThemedExtract(models.Model):
    """What the newest coding says of an extract and a theme: kept by whoever writes codings."""

    extract = models.ForeignKey(Extract, models.PROTECT, related_name="themed", db_index=False)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", db_index=False)
    input = models.ForeignKey(Input, models.PROTECT, related_name="+")
    coding = models.OneToOneField(Coding, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CodingState.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["extract", "theme"], name="themed_extract_once")]

    def __str__(self) -> str:
        return f"{self.extract_id}, {self.theme_id}: {self.state}"
