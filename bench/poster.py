"""Post forms over several connections: `python -m bench.poster PORT ADDRESSES CONNECTIONS COUNT RECEIPTS`.

ADDRESSES is a file with a JSON list of addresses; connection n posts to the one at n, or to the only one. Each receipt
that comes back is written to the file RECEIPTS at once, with the words it is for. A process of its own, on plain
sockets with a thread each, whose requests are made before the clock starts: it takes little of the processor. Prints
one line of JSON: posts per second, how many were refused, and the times to the receipt in ms. A server that goes away
ends it.
"""

from __future__ import annotations

import datetime
import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import urlencode

import django

_CSRF = "a" * 32
_OPENED_BEFORE = datetime.timedelta(minutes=2)  # people read and write before they send


def make_request(address: str, text: str, token: str) -> bytes:
    """The bytes of a browser that sends the form: it has the page's cookie, and what others said was shown to it."""
    fields = {
        "csrfmiddlewaretoken": _CSRF,
        "token": token,
        "seen": "1",
        "text": text,
        "stance": "support",
        "lang": "en",
        "name": "",
        "consent": "public",
        "email": "",
        "frequency": "at once",
        "website": "",
        "time_zone": "UTC",
    }
    body = urlencode(fields).encode()
    head = (
        f"POST {address} HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={_CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def read_answer(connection: socket.socket) -> tuple[str, str]:
    """Read an answer without a body, and return its status and Location. Raises `OSError` where the server is gone."""
    told = b""
    while not told.endswith(b"\r\n\r\n"):
        part = connection.recv(65_536)
        if not part:
            raise ConnectionResetError("the server closed the connection")
        told += part
        if b"\r\n\r\n" in told and not told.startswith(b"HTTP/1.1 302"):
            break  # refused: what else it says does not matter, and this connection is given up
    status = told.split(b" ", 2)[1].decode()
    location = next(
        (line for line in told.decode("latin-1").split("\r\n") if line.lower().startswith("location: ")), ""
    )
    return status, location[len("location: ") :]


class Person(threading.Thread):
    """Posts one form after the other over a connection that is kept open, and writes down each receipt."""

    def __init__(self, port: int, requests: Sequence[tuple[bytes, str]], receipts: TextIO) -> None:
        super().__init__()
        self._port = port
        self._requests = requests
        self._receipts = receipts
        self.times: list[float] = []
        self.refused = 0
        self.stayed = True

    def run(self) -> None:
        """Post all of it, or until the server goes away."""
        with suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", self._port))
            self.stayed = False
            for request, text in self._requests:
                began = time.perf_counter()
                connection.sendall(request)
                status, location = read_answer(connection)
                self.times.append(time.perf_counter() - began)
                if status == "302" and "/said/" in location:
                    self._receipts.write(json.dumps([location.split("/said/")[1].split("/")[0], text]) + "\n")
                    self._receipts.flush()
                else:
                    self.refused += 1
                    connection.close()
                    connection = socket.create_connection(("127.0.0.1", self._port))
            connection.close()
            self.stayed = True


def post_together(port: int, work: Sequence[Sequence[tuple[bytes, str]]], receipts: TextIO) -> dict[str, float]:
    people = [Person(port, requests, receipts) for requests in work]
    began = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    seconds = time.perf_counter() - began
    times = sorted(spent for person in people for spent in person.times)
    return {
        "rate": len(times) / seconds,
        "refused": sum(person.refused for person in people),
        "gone": sum(not person.stayed for person in people),
        "median_ms": statistics.median(times) * 1000 if times else 0.0,
        "p95_ms": times[int(len(times) * 0.95)] * 1000 if times else 0.0,
        "n": len(times),
    }


def main() -> None:
    django.setup()
    from django.utils import timezone

    from harken.inputs.form_tokens import new_form_token

    port, addresses_file, connections, count, receipts_file = sys.argv[1:]
    addresses = json.loads(Path(addresses_file).read_text(encoding="utf-8"))
    opened = timezone.now() - _OPENED_BEFORE
    work: list[list[tuple[bytes, str]]] = [[] for _ in range(int(connections))]
    for number in range(int(count)):
        place = number % len(work)
        text = (
            f"Number {number} from {receipts_file[-24:]}: keep the hubs near the people who use them, and say who pays."
        )
        request = make_request(addresses[place % len(addresses)], text, str(new_form_token(opened)))
        work[place].append((request, text))
    with Path(receipts_file).open("a", encoding="utf-8") as receipts:
        print(json.dumps(post_together(int(port), work, receipts)))


if __name__ == "__main__":
    main()
