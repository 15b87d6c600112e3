"""The sample process from the command line: `harken demo`, `harken demo load`."""

import time

import click

from harken.base.commands import start_server
from harken.base.home import prepare_home
from harken.pages.sample.load import SAMPLE_LOGINS, load_sample, sample_is_loaded


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8035, show_default=True, help="Port to listen on.")
@click.pass_context
def demo(context: click.Context, host: str, port: int) -> None:
    """Load the sample process if it is not there, and serve it: a fictional movement to look around in."""
    if context.invoked_subcommand:
        return
    prepare_home()
    if not sample_is_loaded():
        click.echo("Loading the sample process …")
        load_sample()
    click.echo(f"Harken listens on http://{host}:{port}/  (stop it with Ctrl-C)")
    click.echo("Sign in as one of these, to see what each role sees:")
    for login in SAMPLE_LOGINS:
        click.echo(f"  {login.username:<10} {login.password:<16} {login.role}")
    start_server(host=host, port=port, with_worker=True)


@demo.command("load")
@click.option(
    "--scale", default=1, show_default=True, help="1 is the hand-written sample; 10, 100 … as many times of it."
)
@click.option("--slug", default="", help="Where the process lies; chosen by scale unless given.")
def load(scale: int, slug: str) -> None:
    """Load the sample process, unless it is there already."""
    prepare_home()
    started = time.perf_counter()
    loaded = load_sample(scale=scale, slug=slug)
    click.echo(f"/processes/{loaded}/ ({time.perf_counter() - started:.1f} s)")
