"""What is brought in by the browser: kept until the preview is confirmed; mappings of tables that come again."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from harken.inputs.models.sources import Channel
from harken.processes.models import Process


class ImportDraft(models.Model):
    """Files or an address that somebody brought, before they are in the ledger.

    `name` is what it is called on pages: the names of its files, or the address. `terms` is what the form asked
    (source, consent, licence, language, what it is about, mapping); `report` what an import under way or done has said.
    """

    process = models.ForeignKey(Process, models.CASCADE, related_name="import_drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    name = models.CharField(max_length=250)
    terms = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """A file of what somebody brought, as it came, with the name its owner gave it.

    It is taken away when it is in the ledger: then only its name stays.
    """

    draft = models.ForeignKey(ImportDraft, models.CASCADE, related_name="files")
    name = models.CharField(max_length=250)
    file = models.FileField(upload_to="imports/", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class TableMapping(models.Model):
    """Which column of a survey is what, under a name, to be used again."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="table_mappings")
    name = models.CharField(max_length=100)
    mapping = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["process", "name"], name="table_mapping_once")]

    def __str__(self) -> str:
        return self.name
