"""What belongs to a process, kept in memory for as long as nothing that readers could see changes.

Every page asks for the process itself, and with it for what its `content_version` is. Phases, questions, rules and
texts are the same as long as that is the same, since whoever changes them raises it in the same transaction. What is
kept under a version can be newer than that version, never older. Of each process the newest version alone has a place.

Inside a transaction nothing is put there: what it wrote may never have been. Only for processes as
`find_public_process` reads them: an object that lay about while somebody else changed something, or was changed itself,
says nothing of what stands in the database.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from harken.processes.models import Process

Kept = TypeVar("Kept")

MOST_KEPT: Final = 4_000
# By process. A version and what is kept under it are one value, so that whoever reads it needs no lock.
_KEPT: dict[int, tuple[int, dict[Hashable, Any]]] = {}
_PUTTING: Final = Lock()
_ITSELF: Final = "process"


Row = TypeVar("Row", bound=models.Model)


def mark_as_read(process: Process) -> None:
    """Say that `process` was read from the database just now, and is looked at only."""
    process._read_version = process.content_version  # type: ignore[attr-defined] # noqa: SLF001 - this module's own mark


def twin_of(row: Row) -> Row:
    """Another object for the same row, so that what one page sets on it is not seen by the next. Reads nothing.

    What it points to is shared. A tenth of what `copy.copy` takes, which asks how to pickle it.
    """
    twin = type(row).__new__(type(row))
    twin.__dict__.update(row.__dict__)
    twin._state = ModelState()  # noqa: SLF001 - as Model.__getstate__ does
    twin._state.adding, twin._state.db = False, row._state.db  # noqa: SLF001 - as above
    twin._state.fields_cache = dict(row._state.fields_cache)  # noqa: SLF001 - as above
    return twin


def keep_process(pk: int, version: int, read: Callable[[], Process | None]) -> Process | None:
    """The process as it is with this `content_version`, which the database told just now; an object of one's own."""
    held = _KEPT.get(pk)
    kept: Process | None = held[1].get(_ITSELF) if held is not None and held[0] == version else None
    if kept is None:
        kept = read()
        if kept is None:
            return None
        mark_as_read(kept)
        _keep(pk, version, _ITSELF, kept)
    return twin_of(kept)


def _may_be_undone() -> bool:
    """Whether a transaction is open that can be rolled back. One that a test stands in as a whole is none."""
    blocks: list[Any] = connection.atomic_blocks
    return any(not block._from_testcase for block in blocks)  # noqa: SLF001 - as Django itself asks for `durable`


def _keep(pk: int, version: int, name: Hashable, kept: object) -> None:
    # A version that is rolled back comes again, for other things.
    if _may_be_undone():
        return
    with _PUTTING:
        if sum(len(things) for _version, things in _KEPT.values()) >= MOST_KEPT:
            _KEPT.clear()
        held = _KEPT.get(pk)
        if held is None or held[0] < version:
            # Nobody asks again for what an earlier version kept, and a tree of themes is large.
            _KEPT[pk] = (version, {name: kept})
        elif held[0] == version:
            held[1][name] = kept


def keep_with(process: Process, name: Hashable, read: Callable[[], Kept], *, may_be_empty: bool = False) -> Kept:
    """What `read` returns, or what it returned for this name while the process was as it is. Not to be changed.

    Nothing empty is kept, since it may be about to be made: unless it `may_be_empty`, and whoever makes some raises
    the process's version as whoever changes it does.
    """
    version = process.content_version
    if getattr(process, "_read_version", None) != version:
        return read()
    pk = process.pk
    held = _KEPT.get(pk)
    if held is not None and held[0] == version:
        try:
            found: Kept = held[1][name]
        except KeyError:
            pass
        else:
            return found
    kept = read()
    if kept or may_be_empty:
        _keep(pk, version, name, kept)
    return kept


def forget_kept() -> None:
    """Begin anew: where one database takes the place of another, as between tests."""
    with _PUTTING:
        _KEPT.clear()
