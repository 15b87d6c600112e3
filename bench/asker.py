"""Ask a server for one page over many connections: `python -m bench.asker PORT PATH CONNECTIONS SECONDS`.

A process of its own, on plain sockets kept open, so that what it costs takes little from what it measures.
Prints one line of JSON: requests per second, and the times to the last byte in ms at the middle and at the
95th of a hundred.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

_WARM_UP = 1.0  # seconds that are asked and not counted


class UnexpectedAnswer(Exception):
    """The server answered something else than a page."""


async def read_answer(reader: asyncio.StreamReader) -> None:
    """Read one answer to its last byte."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise UnexpectedAnswer(head.decode("latin-1"))
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
    if not length.isdigit():
        raise UnexpectedAnswer(f"an answer without its length: {head.decode('latin-1')}")
    await reader.readexactly(int(length))


async def ask(port: int, path: str, begin: float, end: float) -> list[float]:
    """Ask over one connection until `end`; return the seconds of each answer asked for after `begin`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n".encode()
    taken = []
    while (asked := time.perf_counter()) < end:
        writer.write(request)
        await read_answer(reader)
        if asked >= begin:
            taken.append(time.perf_counter() - asked)
    writer.close()
    await writer.wait_closed()
    return taken


async def ask_together(port: int, path: str, connections: int, seconds: float) -> dict[str, float]:
    begin = time.perf_counter() + _WARM_UP
    asked = await asyncio.gather(*(ask(port, path, begin, begin + seconds) for _ in range(connections)))
    times = sorted(taken for one in asked for taken in one)
    return {
        "rate": len(times) / seconds,
        "median_ms": statistics.median(times) * 1000,
        "p95_ms": times[int(len(times) * 0.95)] * 1000,
        "n": len(times),
    }


if __name__ == "__main__":
    _port, _path, _connections, _seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(ask_together(int(_port), _path, int(_connections), float(_seconds)))))
