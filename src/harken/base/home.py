"""The one folder everything lies in: made, migrated and given its static files before a command needs it."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, so that two commands started together do not migrate twice."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _migrate_if_needed() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _static_digest() -> str:
    """Changes when a static file comes, goes or changes: names, sizes and times of them all."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _collect_static_if_needed() -> None:
    stamp = settings.HOME / "static.stamp"
    digest = _static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest, encoding="ascii")


def prepare_home(*, static: bool = False) -> Path:
    """Make `HARKEN_HOME` ready and return it: folder, database up to date and, if asked, the static files."""
    home: Path = settings.HOME
    # A folder made here is its owner's alone; one that was there keeps the rights somebody gave it.
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time(home):
        _migrate_if_needed()
        if static and not settings.DEBUG:
            _collect_static_if_needed()
    return home
