"""What a process's organisers decided about input, and traces of sending that rules need."""

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from harken.inputs.models.inputs import Input
from harken.processes.models import Process


class Moderation(models.TextChoices):
    """When moderators look at what comes by the form."""

    AFTER = "after", _("It can be read at once; moderators look afterwards")
    BEFORE = "before", _("It can be read when a moderator has let it through")


class LateInput(models.TextChoices):
    """What becomes of input that comes when no phase is open for it."""

    ACCEPTED = "accepted", _("It is taken, and marked as late")
    REFUSED = "refused", _("It is not taken; whoever wrote it keeps the words")


DAY_OF_MINUTES: Final = 24 * 60


class InputRules(models.Model):
    """How a process takes input. A process without a row has the defaults.

    `correction_minutes` is how long a speaker can correct what they sent. `answer_days` is how long after the phase
    closes (or after it came, where none closes) an input should have its answer. `posts_per_hour` and `most_links` are
    where caution begins for one network and for one input; `refused_hosts` are addresses that input must not link to.
    `contexts` are the kinds of context the form asks for, each voluntary; `context_notes` says by language what for.
    """

    process = models.OneToOneField(Process, models.CASCADE, related_name="input_rules")
    moderation = models.CharField(_("moderation"), max_length=10, choices=Moderation.choices, default=Moderation.AFTER)
    late = models.CharField(_("late input"), max_length=10, choices=LateInput.choices, default=LateInput.REFUSED)
    correction_minutes = models.PositiveIntegerField(_("minutes to correct"), default=DAY_OF_MINUTES)
    answer_days = models.PositiveIntegerField(_("days to answer"), default=30)
    posts_per_hour = models.PositiveIntegerField(_("inputs an hour from one network"), default=60)
    most_links = models.PositiveIntegerField(_("links in one input"), default=3)
    refused_hosts = models.JSONField(_("addresses not to link to"), default=list, blank=True)
    contexts = models.JSONField(_("what people may tell of themselves"), default=list, blank=True)
    context_notes = models.JSONField(_("what is done with it"), default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.process}"


class Arrival(models.Model):
    """That a form came in: from which network (a keyed hash that changes daily) and with which form's token.

    Kept for a day, to hold the limits; it names nobody. `input` is None for what was refused.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=32)
    token = models.CharField(max_length=64)
    input = models.ForeignKey(Input, models.CASCADE, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["network", "at"], name="arrival_by_network"),
            models.Index(fields=["at"], name="arrival_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at}"


class InputBand(models.Model):
    """A key that inputs with nearly the same words are likely to share (`harken.core.sense` says how it is made)."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="+", db_index=False)
    band = models.BigIntegerField()
    input = models.ForeignKey(Input, models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["process", "band", "input"], name="input_band")]

    def __str__(self) -> str:
        return f"{self.band}"
