"""Forgetting what was brought with the browser and then left lying.

Beside `harken.inputs.actions.drafts`, since every worker does this and few ever read a file.
"""

import datetime
from typing import Final

from django.utils import timezone

from harken.inputs.models import ImportDraft

KEPT: Final = datetime.timedelta(days=30)
"""So long is kept what was brought and not put into the ledger."""


def forget_drafts() -> int:
    """Forget what was brought long ago and not put into the ledger; how much that was."""
    old = list(ImportDraft.objects.filter(imported_at=None, at__lt=timezone.now() - KEPT))
    for draft in old:
        put_files_away(draft)
        draft.delete()
    return len(old)


def put_files_away(draft: ImportDraft) -> None:
    """Take away the files of what was brought; their names stay as long as the draft does."""
    for one in draft.files.exclude(file=""):
        one.file.delete(save=True)
