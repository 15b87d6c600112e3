"""Fetching never leads to a private address. A real server on loopback stands for the private network."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from harken.base.fetch import CannotFetch, fetch, is_address


@pytest.fixture
def private_server() -> Iterator[str]:
    """A web server on loopback that counts nothing and knows one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name the standard library gave it
            """Keep the test's output clean."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_loopback_is_refused_under_each_of_its_names(private_server: str) -> None:
    port = private_server.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"):  # noqa: S104 - an address to refuse
        with pytest.raises(CannotFetch, match=r"private address|could not be found|not an"):
            fetch(f"http://{host}:{port}/")


@pytest.mark.parametrize(
    "address",
    [
        *("http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/"),
        # By 6to4, and by a gateway between both families.
        *("http://[2002:7f00:1::1]/", "http://[64:ff9b::a00:1]/", "http://[64:ff9b::169.254.169.254]/"),
    ],
)
def test_private_networks_are_refused(address: str) -> None:
    with pytest.raises(CannotFetch, match="private address"):
        fetch(address)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ftp://example.org/x", "not an http or https address"),
        ("http://", "not an"),
        ("http://user:pw@127.0.0.1/", "password"),
        ("http://no-such-host.invalid/", r"no-such-host\.invalid could not be found"),
    ],
)
def test_each_bad_address_gets_one_clear_line(address: str, sentence: str) -> None:
    with pytest.raises(CannotFetch, match=sentence) as refusal:
        fetch(address)
    assert "\n" not in str(refusal.value)


def test_a_private_host_is_fetched_if_the_operator_named_it(private_server: str, settings: LazySettings) -> None:
    settings.PRIVATE_HOSTS = [private_server]
    assert fetch(f"http://{private_server}/").content == b"secret"
    port = int(private_server.rpartition(":")[2])
    with pytest.raises(CannotFetch, match="private address"):
        fetch(f"http://localhost:{port}/")
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{port + 1}"]
    with pytest.raises(CannotFetch, match="private address"):
        fetch(f"http://{private_server}/")


def test_what_is_meant_as_an_address() -> None:
    assert is_address("https://example.org/page")
    assert not is_address("page.txt")
    assert not is_address("C:\\page.txt")
