"""Post forms over several connections: `python -m bench.poster PORT ADDRESSES CONNECTIONS COUNT RECEIPTS`.

ADDRESSES is a file with a JSON list of addresses; connection n posts to the one at n, or to the only one. Each receipt
that comes back is written to the file RECEIPTS at once, with the words it is for. A process of its own, on plain
sockets, whose requests are made before the clock starts. Prints one line of JSON: posts per second, how many were
refused, and the times to the receipt in ms. A server that goes away ends it.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import statistics
import sys
import time
from collections.abc import Sequence
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


async def read_answer(reader: asyncio.StreamReader) -> tuple[str, str]:
    """The status and the Location of an answer, read to its last byte."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    headers = {name.lower(): value for name, value in lines.items()}
    length = int(headers.get("content-length", "0"))
    if length:
        await reader.readexactly(length)
    return head.split(" ", 2)[1], headers.get("location", "")


async def post(
    port: int, requests: Sequence[tuple[bytes, str]], receipts: TextIO, times: list[float]
) -> tuple[int, bool]:
    """Post one after the other; how many were refused, and whether the server was there to the end."""
    refused = 0
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request, text in requests:
            began = time.perf_counter()
            writer.write(request)
            status, location = await read_answer(reader)
            times.append(time.perf_counter() - began)
            if status == "302" and "/said/" in location:
                receipts.write(json.dumps([location.split("/said/")[1].split("/")[0], text]) + "\n")
                receipts.flush()
            else:
                refused += 1
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        return refused, False
    return refused, True


async def post_together(port: int, work: Sequence[Sequence[tuple[bytes, str]]], receipts: TextIO) -> dict[str, float]:
    times: list[float] = []
    began = time.perf_counter()
    ended = await asyncio.gather(*(post(port, requests, receipts, times) for requests in work))
    seconds = time.perf_counter() - began
    times.sort()
    return {
        "rate": len(times) / seconds,
        "refused": sum(refused for refused, _stayed in ended),
        "gone": sum(not stayed for _refused, stayed in ended),
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
        print(json.dumps(asyncio.run(post_together(int(port), work, receipts))))


if __name__ == "__main__":
    main()
