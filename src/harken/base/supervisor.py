"""Keeps the web server and the worker running side by side, and stops them together.

A module of its own that imports nothing but the standard library: `harken serve` prepares the home folder and then
becomes this (`os.execv`), so that no third copy of the whole program stays in memory.
"""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

SECONDS_TO_STOP = 10


def _start(*, host: str, port: int, processes: int, threads: int, with_worker: bool) -> list[subprocess.Popen[bytes]]:
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes),
        "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "harken.wsgi:application",
    ]  # fmt: skip
    commands = [web, [sys.executable, "-m", "harken", "worker"]] if with_worker else [web]
    # Each in a process group of its own: Ctrl-C reaches this process alone, which then ends them in order.
    return [subprocess.Popen(command, process_group=0) for command in commands]  # noqa: S603 - our own program, no shell


def supervise(*, host: str, port: int, processes: int, threads: int, with_worker: bool) -> int:
    """Serve until told to stop (SIGTERM, SIGINT) or until one of the two ends by itself; returns an exit code."""
    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = _start(host=host, port=port, processes=processes, threads=threads, with_worker=with_worker)
    try:
        while not told_to_stop and all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
    return 0 if told_to_stop else next((child.returncode for child in children if child.returncode), 1)


if __name__ == "__main__":
    _host, _port, _processes, _threads, _worker = sys.argv[1:]
    sys.exit(
        supervise(
            host=_host,
            port=int(_port),
            processes=int(_processes),
            threads=int(_threads),
            with_worker=_worker == "worker",
        )
    )
