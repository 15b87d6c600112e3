"""Processes from the command line: `harken process create`."""

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.processes.actions import AddressTaken, create_process


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
