"""What belongs to a process, kept in memory for as long as nothing that readers could see changes.

Every page asks for the process itself, and with it for what its `content_version` is. Phases, questions, rules and
texts are the same as long as that is the same, since whoever changes them raises it in the same transaction. What is
kept under a version can be newer than that version, never older.

Only for processes as `find_public_process` reads them: an object that lay about while somebody else changed something,
or was changed itself, says nothing of what stands in the database.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from harken.processes.models import Process

Kept = TypeVar("Kept")

MOST_KEPT: Final = 4_000
_KEPT: dict[tuple[Hashable, ...], Any] = {}


def mark_as_read(process: Process) -> None:
    """Say that `process` was read from the database just now, and is looked at only."""
    process._read_version = process.content_version  # type: ignore[attr-defined] # noqa: SLF001 - this module's own mark


def keep_with(process: Process, name: Hashable, read: Callable[[], Kept]) -> Kept:
    """What `read` returns, or what it returned for this name while the process was as it is. Not to be changed.

    Nothing empty is kept: it may be about to be made.
    """
    if getattr(process, "_read_version", None) != process.content_version:
        return read()
    key = (name, process.pk, process.content_version)
    try:
        kept: Kept = _KEPT[key]
    except KeyError:
        kept = read()
        if kept:
            if len(_KEPT) >= MOST_KEPT:
                _KEPT.clear()
            _KEPT[key] = kept
    return kept


def forget_kept() -> None:
    """Begin anew: where one database takes the place of another, as between tests."""
    _KEPT.clear()
