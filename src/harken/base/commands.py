"""Serving: `harken serve` and `harken worker`."""

import os
import sys
from typing import NoReturn

import click
from django.conf import settings
from django.core.management import call_command

from harken.base.home import prepare_home
from harken.base.periodic import PeriodicThread


def start_server(*, host: str, port: int, with_worker: bool, processes: int = 1, threads: int = 4) -> NoReturn:
    """Become the server: prepare the home folder, then give this process's place to the supervisor."""
    prepare_home(static=True)
    if not settings.ADDRESS_IS_GIVEN:
        # The server and the worker inherit it: what they write links to must be where the server listens.
        os.environ["HARKEN_ADDRESS"] = f"http://localhost:{port}"
    sys.stdout.flush()
    kind = "worker" if with_worker else "alone"
    arguments = [sys.executable, "-m", "harken.base.supervisor", host, str(port)]
    arguments += [str(processes), str(threads), kind]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own program, no shell


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8035, show_default=True, help="Port to listen on.")
@click.option(
    "--processes",
    default=1,
    show_default=True,
    help="Processes that serve: two for each core where many speak at once; each takes some 75 MB.",
)
@click.option("--threads", default=8, show_default=True, help="Requests that each of them serves at a time.")
@click.option(
    "--worker/--no-worker", "with_worker", default=True, help="Run one worker for the jobs beside the server."
)
def serve(host: str, port: int, processes: int, threads: int, *, with_worker: bool) -> None:
    """Serve the site, with one worker for the jobs inside."""
    click.echo(f"Harken listens on http://{host}:{port}/")
    start_server(host=host, port=port, processes=processes, threads=threads, with_worker=with_worker)


@click.command()
def worker() -> None:
    """Work on the jobs that wait and on what is done again and again, until stopped; run as many as you like."""
    prepare_home()
    periodic = PeriodicThread()
    periodic.start()
    try:
        call_command("db_worker", verbosity=0)
    finally:
        periodic.stop()
