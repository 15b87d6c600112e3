"""A PostgreSQL server of one's own: in a temporary folder, on a free port, gone when the work is done."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# The data is thrown away, so nothing has to survive a power cut.
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_LONGEST_START = 60  # seconds


class ServerNotStarted(Exception):
    """PostgreSQL did not start; the message carries what it wrote."""


def choose_user() -> str | None:
    """Return the account to run as, or None for the caller's own: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def find_free_port() -> int:
    """Return a port of the loopback address on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def accepts_connections(address: str) -> bool:
    """Whether a server lets its user in: it listens before it is ready to."""
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """End a server: by request (it rolls back and disconnects everybody), and if it lingers, at once."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=20)


@contextmanager
def temporary_server(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """Run a server and yield the address of an empty database in it; afterwards nothing of it is left.

    Args:
        programs: the folder with `initdb` and `postgres`.
        durable: whether what is committed has to survive a power cut, as where people use it: slower.

    Raises:
        ServerNotStarted: it could not be set up or did not answer within a minute.
    """
    user = choose_user()
    password = secrets.token_hex(16)
    folder = Path(tempfile.mkdtemp(prefix="harken-postgresql-"))
    try:
        secret, data, log = folder / "password", folder / "data", folder / "log"
        secret.write_text(password, encoding="ascii")
        if user:
            shutil.chown(folder, user)
            shutil.chown(secret, user)
        options = ["-U", "harken", "-A", "scram-sha-256", "--pwfile", str(secret), "-E", "UTF8", "--locale=C"]
        # A folder the account may enter: the current one may be closed to it.
        made = subprocess.run(
            [str(programs / "initdb"), "-D", str(data), "--no-sync", *options],
            user=user,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerNotStarted(f"initdb failed: {made.stdout.strip()}")
        port = find_free_port()
        settings = {
            **({} if durable else _NOT_DURABLE),
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "max_connections": "40",
        }
        settings["unix_socket_directories"] = str(folder)
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as written:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *arguments],
                user=user,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal ends the tests first and the server after them, here.
                start_new_session=True,
            )
        try:
            address = f"postgres://harken:{password}@127.0.0.1:{port}/postgres"
            deadline = time.monotonic() + _LONGEST_START
            while not accepts_connections(address):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise ServerNotStarted(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()}")
                time.sleep(0.05)
            yield address
        finally:
            stop_server(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
