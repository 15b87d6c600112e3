"""The temporary server: it serves, and nothing of it is left."""

from pathlib import Path

import psycopg
import pytest

from tools import postgresql, provisions


@pytest.fixture
def programs() -> Path:
    found = provisions.find_postgresql()
    if found is None:
        pytest.skip("PostgreSQL is not on this machine")
    return found


def test_a_server_serves_and_leaves_nothing_even_when_its_user_fails(programs: Path) -> None:
    folders: list[Path] = []

    def use_and_fail(address: str) -> None:
        with psycopg.connect(address) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        folders.append(Path(row[0]).parent)
        raise RuntimeError("went wrong")

    with pytest.raises(RuntimeError, match="went wrong"), postgresql.temporary_server(programs) as address:
        use_and_fail(address)
    assert len(folders) == 1
    assert not folders[0].exists()
    assert not postgresql.accepts_connections(address)
