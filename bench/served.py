"""`harken serve` as operators start it, for benches that ask it for pages."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_LONGEST_START = 60.0  # seconds


class ServerDidNotAnswer(Exception):
    """The server ended or was silent for a minute."""


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        port: where it listens on the loopback address.
        pid: the process that was started; those it started are its children.
        seconds_to_answer: from its start to its first answer to `/`.
    """

    port: int
    pid: int
    seconds_to_answer: float


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(port: int) -> bool:
    """Whether `/` is answered with a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serve(*arguments: str, command: Sequence[str] = ("serve",)) -> Iterator[Served]:
    """Run `harken COMMAND --port … ARGUMENTS` until the block ends, and yield it once it answers."""
    port = find_free_port()
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "harken", *command, "--port", str(port), *arguments],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if server.poll() is not None or time.perf_counter() - began > _LONGEST_START:
                raise ServerDidNotAnswer(f"harken {' '.join(command)} did not answer on port {port}")
            time.sleep(0.005)
        yield Served(port, server.pid, time.perf_counter() - began)
    finally:
        stop(server)


def kill(pid: int) -> None:
    """End a process and all below it at once, as a power cut would."""
    for member in family_of(pid):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask a command to stop, as systemd does; what is left after 20 s is ended."""
    everyone = family_of(server.pid)
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        for pid in everyone:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.wait()


def family_of(pid: int) -> list[int]:
    """Return a process and all processes below it (Linux)."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):  # a process may end while it is looked at
                found += [int(child) for child in children.read_text(encoding="ascii").split()]
    return found


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and those below it have had."""
    ticks = 0
    for member in family_of(pid):
        # After the name, which may hold anything but ends with the last parenthesis (proc_pid_stat(5)).
        fields = Path(f"/proc/{member}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """Return the MB of a process and those below it, as proportional set size: what is shared counts once."""
    total = 0
    for member in family_of(pid):
        for line in Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1000
