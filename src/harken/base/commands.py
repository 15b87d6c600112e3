"""Serving: `harken serve` and `harken worker`."""

import os
import subprocess
import sys

import click
from django.core.management import call_command

from harken.base.home import prepare_home


def start_server(*, host: str, port: int, threads: int, with_worker: bool) -> int:
    """Serve until stopped, with one worker for the jobs beside it if asked; returns the server's exit code.

    The web server takes the place of nothing: it runs as a child, so that this process can stop both together.
    """
    prepare_home(static=True)
    children = []
    if with_worker:
        children.append(subprocess.Popen([sys.executable, "-m", "harken", "worker"]))  # noqa: S603 - our own program
    server = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "harken.wsgi:application",
    ]  # fmt: skip
    children.append(subprocess.Popen(server))  # noqa: S603 - our own program
    try:
        return children[-1].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=10)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8035, show_default=True, help="Port to listen on.")
@click.option("--threads", default=min(8, 2 * (os.cpu_count() or 1)), show_default=True, help="Requests served at a time.")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Run one worker for the jobs beside the server.")
def serve(host: str, port: int, threads: int, *, with_worker: bool) -> None:
    """Serve the site, with one worker for the jobs inside."""
    click.echo(f"Harken listens on http://{host}:{port}/")
    raise SystemExit(start_server(host=host, port=port, threads=threads, with_worker=with_worker))


@click.command()
def worker() -> None:
    """Work on the jobs that wait, until stopped; run as many as you like."""
    prepare_home()
    call_command("db_worker", verbosity=0)
