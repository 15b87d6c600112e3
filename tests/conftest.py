"""What every test stands on: a folder of its own, repeatable randomness, and database tests by choice."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from django.conf import settings
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

pytest_plugins = ["tests.cast", "tests.clearing", "tests.sample"]

REPOSITORY = Path(__file__).resolve().parent.parent

# Repeatable by default: a failure anywhere is a failure everywhere. `--hypothesis-profile=explore` looks for
# new ones.
hypothesis_settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],  # how fast data is made is the machine's business
)
hypothesis_settings.register_profile("explore", max_examples=2_000, deadline=None, print_blob=True)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _nothing_is_kept_from_other_tests() -> None:
    """Tests undo what they wrote: the same process, as far as its version tells, may be another one."""
    from harken.processes.keeping import forget_kept

    forget_kept()


_DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only tests that use the database (for the run on another database)",
    )


def uses_database(item: pytest.Item) -> bool:
    """Whether a test touches the database, by its mark or by a fixture it stands on."""
    return item.get_closest_marker("django_db") is not None or not _DATABASE_FIXTURES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-database"):
        return
    left_out = [item for item in items if not uses_database(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if uses_database(item)]


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often: what is imported stays, and a test leaves little in circles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test that is large, nor one of real texts, which are not everywhere: others reach the same lines."""
    is_traced = item.get_closest_marker("large") is None and "data_folder" not in getattr(item, "fixturenames", ())
    if Coverage.current() is None or is_traced:
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(scope="session", autouse=True)
def _home_of_the_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests write out of the folder a developer works with, and passwords quick to hash."""
    home = tmp_path_factory.mktemp("home")
    (home / "static").mkdir()
    # Hashed names would need collectstatic before the first page; the tests of serving do that themselves.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        HOME=home,
        MEDIA_ROOT=home / "files",
        STATIC_ROOT=home / "static",
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real public data that some tests read; they are skipped, and say so, where it is not."""
    folder = Path(os.environ.get("HARKEN_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}: set HARKEN_TEST_DATA to the folder that has it")
    return folder
