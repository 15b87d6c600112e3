"""The one folder everything lies in: made, migrated and given its static files before a command needs it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class CannotMakeHome(click.ClickException):
    """The folder that everything lies in cannot be made or written to."""

    exit_code = 2


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, so that two commands started together do not migrate twice."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _keep_secret_key() -> None:
    """Keep the key that this process made, readable by its owner alone, for all that come later."""
    if settings.SECRET_KEY_IS_GIVEN:
        return
    kept: Path = settings.SECRET_KEY_FILE
    if kept.exists():
        if kept.read_text(encoding="ascii").strip() != settings.SECRET_KEY:
            raise CannotMakeHome(f"Another command made {kept.parent} at the same moment. Start this one again.")
        return
    # Nobody finds half of it.
    fresh = kept.with_name("secret-key.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(settings.SECRET_KEY)
    fresh.replace(kept)


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
    """Make `HARKEN_HOME` ready and return it: folder, key, database up to date and, if asked, the static files.

    Raises `CannotMakeHome`.
    """
    home: Path = settings.HOME
    try:
        # A folder made here is its owner's alone; one that was there keeps the rights somebody gave it.
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "lock").touch()
    except OSError as error:
        raise CannotMakeHome(f"HARKEN_HOME is {home}, where nothing can be written: {error.strerror}.") from error
    with _one_at_a_time(home):
        _keep_secret_key()
        _migrate_if_needed()
        if static and not settings.DEBUG:
            _collect_static_if_needed()
    return home
