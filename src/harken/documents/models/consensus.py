"""Where the members of a group stand on its text, and who accepts a text that asks for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.documents.models.texts import PositionsShown, Revision


class PositionKind(models.TextChoices):
    """A member's position, from agreement to objection."""

    CONSENT = "consent", _("Consent")
    RESERVATIONS = "reservations", _("Consent with reservations")
    STAND_ASIDE = "stand_aside", _("Stand aside")
    OBJECT = "object", _("Object")


class Position(models.Model):
    """A member's position on a revision, with words; a member's newest on the document counts. Append-only.

    `shown` is how much the group showed readers when it was stated: of this position they never see more.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="positions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=15, choices=PositionKind.choices)
    lang = models.CharField(max_length=35)
    words = models.TextField(blank=True)
    shown = models.CharField(max_length=10, choices=PositionsShown.choices)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"


class Acceptance(models.Model):
    """Somebody accepted a published revision of a text that asks for it. Append-only."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["revision", "user"], name="acceptance_once")]

    def __str__(self) -> str:
        return self.name
