"""Themes from the command line: `harken themes recount`."""

import click

from harken.analysis.actions.placing import recount_themes
from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.processes.commands import find_processes


@click.group()
def themes() -> None:
    """What people speak about, as those who read it have sorted it."""


@themes.command("recount")
@click.option("--process", "slug", default="", help="The process to count; all of them unless given.")
def recount(slug: str) -> None:
    """Find out anew which inputs belong to which theme, and how many; what is kept while coding should agree."""
    prepare_home()
    for process in find_processes(slug):
        click.echo(f"{process.slug}: {recount_themes(actor=OPERATOR, process=process)} put right")
