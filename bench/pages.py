"""What a page costs: processor time and SQL queries, for a reader who is signed in and one who is not.

*First* is the first request that a process of its own ever answers (templates are compiled, the database is
opened); *again* is the median of those after it; *unchanged* is asked with the ETag of the page one has. Each
page is asked for through Django's test client, whose own work (about 0.2 ms) is part of the figure.
"""

from __future__ import annotations

import gzip
import os
import statistics
import time
from typing import TYPE_CHECKING, Any

from bench import site
from bench.figures import Figure, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

N = 60
FORKS = 3


class UnexpectedAnswer(Exception):
    """An address that is measured did not answer with a page."""


def make_client() -> Client:
    """Return a client that asks as a browser on this machine does."""
    from django.test import Client

    return Client(SERVER_NAME="localhost")


def list_pages(slug: str) -> Iterator[tuple[str, str]]:
    """Yield a name and an address for each page that is measured."""
    from django.urls import reverse

    from harken.documents.models import Document

    document = Document.objects.filter(iteration__process__slug=slug, iteration__number=2).order_by("pk")[40]
    yield "home", reverse("home")
    yield "process", reverse("process", args=[slug])
    yield "iteration of 90", reverse("iteration", args=[slug, document.iteration.slug])
    yield "recommendation", reverse("document", args=[slug, document.iteration.slug, document.code])
    yield "lineage map of 180", reverse("lineage", args=[slug])


def time_request(client: Client, address: str, **headers: str) -> tuple[float, Any]:
    """Return the processor milliseconds of one request, and the response, which has to be a page or none needed."""
    began = time.process_time()
    response = client.get(address, headers=headers)
    taken = (time.process_time() - began) * 1000
    if response.status_code not in {200, 304}:
        raise UnexpectedAnswer(f"{address} answered {response.status_code}")
    return taken, response


def time_first_request(address: str) -> float:
    """Return the processor milliseconds of the first request of a process, which is a fork of this one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        taken, _response = time_request(make_client(), address)
        os.write(writing, str(taken).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return float(told)


def measure_page(name: str, address: str, user: Any) -> Iterator[Figure]:
    """Yield the figures of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    signed_in = make_client()
    signed_in.force_login(user)
    for who, client in (("anonymous", make_client()), ("signed in", signed_in)):
        _taken, response = time_request(client, address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = len(captured)  # at once: the next request forgets them
        taken = statistics.median(time_request(client, address)[0] for _ in range(N))
        yield Figure(f"{name}, {who}, again", taken, "ms CPU")
        yield Figure(f"{name}, {who}, SQL", queries, "queries")
        if who == "anonymous":
            etag = response.headers.get("ETag", "")
            unchanged = statistics.median(time_request(client, address, if_none_match=etag)[0] for _ in range(N))
            yield Figure(f"{name}, anonymous, unchanged", unchanged, "ms CPU")
            yield Figure(f"{name}, HTML compressed", len(gzip.compress(response.content, 6)) / 1000, "kB")


def measure() -> Result:
    site.prepare()
    from django.db import connections

    from harken.people.actions import create_user

    site.make_strategy("strategy")
    user = create_user(username="bruno", password=None)
    addresses = list(list_pages("strategy"))
    connections.close_all()
    # A process that has answered nothing yet is needed for each first request, so these come before all
    # others.
    figures = [
        Figure(f"{name}, first", statistics.median(time_first_request(address) for _ in range(FORKS)), "ms CPU")
        for name, address in addresses
    ]
    for name, address in addresses:
        figures += measure_page(name, address, user)
    return Result(tuple(figures), N, (f"First requests are the median of {FORKS} processes.",))
