"""Processes and their calendar."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from harken.people.models import Group


class Accent(models.TextChoices):
    """The one colour of a process; each is checked for contrast on paper and on night (tests/base/test_contrast)."""

    TEAL = "teal", _("Teal")
    INDIGO = "indigo", _("Indigo")
    BERRY = "berry", _("Berry")
    OCHRE = "ochre", _("Ochre")
    FOREST = "forest", _("Forest")
    SLATE = "slate", _("Slate")


class Process(models.Model):
    """One strategy effort from first draft to delivery.

    `body` is the root of the tree of groups that carry it. `content_version` grows with every change a reader
    could see; pages are cached by it.
    """

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(_("in a sentence or two"), blank=True)
    direction = models.TextField(_("direction"), blank=True)
    direction_html = models.TextField(blank=True, editable=False)
    lang = models.CharField(_("language it is written in"), max_length=35, default="en")
    languages = models.JSONField(_("languages offered"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    accent = models.CharField(_("colour"), max_length=12, choices=Accent.choices, default=Accent.TEAL)
    body = models.OneToOneField(Group, models.PROTECT, related_name="process")
    is_public = models.BooleanField(_("everybody can see it"), default=False)
    content_version = models.PositiveBigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Pillar(models.Model):
    """One of the few ideas a process's direction rests on."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="pillars")
    position = models.PositiveIntegerField()
    name = models.CharField(_("name"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    text_html = models.TextField(blank=True, editable=False)
    lang = models.CharField(_("language"), max_length=35, default="en")

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class GuidingQuestion(models.Model):
    """A question or step that helps people give input."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="guiding_questions")
    position = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    lang = models.CharField(_("language"), max_length=35, default="en")

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Phase(models.Model):
    """A dated window of a process and the actions it opens (names from `harken.processes.phase_actions`).

    Without a beginning it has always been open; without an end it stays open.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what happens"), blank=True)
    lang = models.CharField(_("language"), max_length=35, default="en")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    actions = models.JSONField(_("opens"), default=list, blank=True)

    class Meta:
        ordering: ClassVar = [F("opens_at").asc(nulls_first=True), F("closes_at").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="phase_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Iteration(models.Model):
    """One published round of the texts.

    `date` is what is known of when: `2019`, `2019-09` or `2019-09-15`.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="iterations")
    number = models.PositiveIntegerField(_("number"))
    slug = models.SlugField(_("address"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    lang = models.CharField(_("language"), max_length=35, default="en")
    date = models.CharField(_("date"), max_length=10, blank=True)
    languages = models.JSONField(_("languages offered"), default=list, blank=True)
    is_public = models.BooleanField(_("published"), default=True)
    document_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "slug"], name="iteration_address_once"),
            models.UniqueConstraint(fields=["process", "number"], name="iteration_number_once"),
        ]

    def __str__(self) -> str:
        return self.title
