"""Forgetting what was brought with the browser and then left lying.

Beside `harken.inputs.actions.drafts`, since every worker does this and few ever read a file.
"""

import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from harken.inputs.models import ImportDraft, ImportFile

KEPT: Final = datetime.timedelta(days=30)
"""So long is kept what was brought and not put into the ledger."""

STANDS_STILL: Final = datetime.timedelta(minutes=30)
"""An import that has not said for so long that it goes on was killed, or waits: it may be begun again."""


def forget_drafts() -> int:
    """Forget what was brought long ago and not put into the ledger; how much that was.

    Files of what is in the ledger go too, where whoever put it there was killed before it took them away.
    """
    now = timezone.now()
    lying = ImportFile.objects.exclude(file="").exclude(draft__imported_at=None)
    for done in ImportDraft.objects.filter(pk__in=lying.values("draft")):
        put_files_away(done)
    is_left = Q(started_at=None) | Q(started_at__lt=now - STANDS_STILL)
    old = ImportDraft.objects.filter(is_left, imported_at=None, at__lt=now - KEPT)
    forgotten = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            # Whoever begins to import it meanwhile comes first and keeps it, or finds it gone.
            draft = old.select_for_update().filter(pk=pk).first()
            if draft is not None:
                put_files_away(draft)
                draft.delete()
                forgotten += 1
    return forgotten


def put_files_away(draft: ImportDraft) -> None:
    """Take away the files of what was brought; their names stay as long as the draft does.

    From the disk they go when it is certain that the draft says so. A draft that is gone meanwhile stays gone.
    """
    for one in draft.files.exclude(file=""):
        ImportFile.objects.filter(pk=one.pk).update(file="")
        transaction.on_commit(partial(one.file.storage.delete, str(one.file.name)))
