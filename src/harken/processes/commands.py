"""Processes from the command line: `harken process create`; and those that other commands name by `--process`."""

from collections.abc import Sequence

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.processes.actions import AddressTaken, create_process
from harken.processes.models import Process


def find_process(slug: str) -> Process:
    """The process at `slug`."""
    found = Process.objects.select_related("body").filter(slug=slug).first()
    if found is None:
        raise click.UsageError(f"There is no process {slug}.")
    return found


def find_processes(slug: str) -> Sequence[Process]:
    """The process at `slug`, or all of them where none is named."""
    return [find_process(slug)] if slug else list(Process.objects.select_related("body").order_by("slug"))


@click.group()
def process() -> None:
    """Strategy processes."""


@process.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What the process is called.")
@click.option("--lang", default="en", show_default=True, help="Language it is written in.")
@click.option("--public/--hidden", default=True, show_default=True, help="Whether everybody can see it.")
def create(slug: str, name: str, lang: str, *, public: bool) -> None:
    """Begin a process that lies at /processes/SLUG/."""
    prepare_home()
    try:
        validate_slug(slug)
        create_process(actor=OPERATOR, slug=slug, name=name, lang=lang, is_public=public)
    except (AddressTaken, ValidationError) as error:
        raise click.UsageError(error.messages[0] if isinstance(error, ValidationError) else str(error)) from error
    click.echo(f"/processes/{slug}/")
