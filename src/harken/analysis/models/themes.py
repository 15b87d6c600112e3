"""Themes, a tree for each process; which inputs belong to each, and how many."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from harken.inputs.models import Input, Source
from harken.processes.models import Process


def code_of(number: int) -> str:
    """What addresses call the theme with a number."""
    return f"T{number}"


class Theme(models.Model):
    """What several extracts are about. `number` makes its code, which it keeps under any name and at any place.

    One that was merged into another lies below that one and is no longer shown: what was coded with it belongs to
    the other, and its address leads there.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="themes", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    lang = models.CharField(max_length=35)
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True)
    merged_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="theme_number_once"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="theme_not_own_parent"),
            models.CheckConstraint(
                condition=Q(merged_at__isnull=True) | Q(parent__isnull=False), name="theme_merged_into_another"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="theme_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """What addresses call it."""
        return code_of(self.number)


class ThemedInput(models.Model):
    """An input that belongs to a theme or to one below it, and when it was said: lists by theme walk along these.

    Kept by whoever writes codings or moves themes; what it repeats never changes.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", db_index=False)
    input = models.ForeignKey(Input, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["input", "theme"], name="themed_input_once")]
        indexes: ClassVar = [models.Index(fields=["theme", "at", "input"], name="themed_input_by_theme")]

    def __str__(self) -> str:
        return f"{self.input_id}: {self.theme_id}"


class ThemeCount(models.Model):
    """How many inputs of a source belong to a theme or to one below it; kept with `ThemedInput`."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    inputs = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["theme", "source"], name="theme_count_once")]

    def __str__(self) -> str:
        return f"{self.theme_id}, {self.source_id}: {self.inputs}"
