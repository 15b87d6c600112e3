"""`harken serve` on a folder of its own: it answers, works on jobs, and leaves nothing behind when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 180  # a machine may be busy with other things


def find_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def port() -> int:
    return find_free_port()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder served: new for the first test, and full for the others, which need not make all tables again."""
    return tmp_path_factory.mktemp("served") / "home"


@pytest.fixture
def served(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real command with its worker, on SQLite."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HARKEN_")}
    environment = {**kept, "HARKEN_HOME": str(home)}
    command = [sys.executable, "-m", "harken", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=SECONDS)


def wait_until(what: str, seconds: float, condition: object) -> None:
    """Ask again and again until `condition()` holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator] # a callable; its type says nothing more here
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within {seconds} s")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def children_of(pid: int) -> list[str]:
    told = subprocess.run(["ps", "-eo", "ppid,pid"], capture_output=True, text=True, check=True).stdout
    return [child for parent, child in (line.split() for line in told.splitlines()) if parent == str(pid)]


def environment_of(pid: str) -> dict[str, str]:
    """The environment that a process was started with, where the system tells it."""
    entries = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_a_folder_new_or_not_and_leaves_nothing_running(
    served: subprocess.Popen[bytes], port: int, home: Path, how: signal.Signals
) -> None:
    wait_until("an answer", SECONDS, lambda: answers(port))
    assert (home / "harken.sqlite3").is_file()
    assert (home / "secret-key").stat().st_mode & 0o077 == 0
    served.send_signal(how)
    assert served.wait(timeout=SECONDS) == 0
    wait_until("an end of the server", SECONDS, lambda: is_free(port))
    told = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert not [line for line in told.splitlines() if f"--port {port}" in line]


@pytest.mark.parametrize("address", ["", "http://strategy.example.org"])
def test_links_lead_to_the_port_served_unless_an_address_is_given(home: Path, port: int, address: str) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HARKEN_")}
    environment = {**kept, "HARKEN_HOME": str(home), **({"HARKEN_ADDRESS": address} if address else {})}
    harken = [sys.executable, "-m", "harken"]
    create = [*harken, "process", "create", "garden", "--name", "Garden"]
    subprocess.run(create, env=environment, capture_output=True, check=False)
    process = subprocess.Popen([*harken, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until("an answer", SECONDS, lambda: answers(port))
        feed = f"http://127.0.0.1:{port}/processes/garden/inputs.atom"
        with urllib.request.urlopen(feed, timeout=SECONDS) as response:
            told = response.read().decode()
        expected = address or f"http://localhost:{port}"
        assert f"{expected}/processes/garden/" in told
        if Path("/proc").is_dir():
            # The server and the worker, which writes mail.
            of_both = [environment_of(pid) for pid in children_of(process.pid)]
            assert [of_one["HARKEN_ADDRESS"] for of_one in of_both] == [expected] * 2
    finally:
        process.terminate()
        assert process.wait(timeout=SECONDS) == 0


def test_when_the_server_cannot_start_it_says_so_and_ends(home: Path, port: int) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HARKEN_")}
    environment = {**kept, "HARKEN_HOME": str(home)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        command = [sys.executable, "-m", "harken", "serve", "--port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode != 0
