"""Campaigns: many inputs with nearly the same words, grouped and counted, never dropped."""

from typing import ClassVar

from django.db import models

from harken.processes.models import Process


class Campaign(models.Model):
    """Inputs that say nearly the same in nearly the same words.

    `pattern` is the words they share, as `harken.core.sense` finds them; `size` how many there are. A machine proposes
    a campaign; `is_confirmed` is what a person said of it (None while nobody did).
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="campaigns")
    title = models.CharField(max_length=200)
    lang = models.CharField(max_length=35, blank=True)
    pattern = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)
    is_confirmed = models.BooleanField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        # Audit events are kept for ever: what the law has taken away must not be in their names.
        return f"campaign {self.pk}"
