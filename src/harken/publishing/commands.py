"""Publishing from the command line: `harken publish static`."""

from pathlib import Path

import click
from django.conf import settings

from harken.base.home import prepare_home
from harken.publishing.static import CannotPublish, publish_static


@click.group()
def publish() -> None:
    """Bring the site out in other forms."""


@publish.command("static")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice([code for code, _name in settings.LANGUAGES]),
    help="An interface language to write; all of them unless given. Repeat it for several.",
)
def static(folder: Path, languages: tuple[str, ...]) -> None:
    """Write the whole public site into FOLDER, for any host to serve or to open from a disk."""
    prepare_home(static=True)
    wanted = languages or tuple(code for code, _name in settings.LANGUAGES)
    try:
        done = publish_static(folder, languages=wanted)
    except CannotPublish as error:
        raise click.UsageError(str(error)) from error
    click.echo(
        f"{done.pages} pages and {done.assets} other files, {done.size / 1e6:.1f} MB in all; "
        f"{done.written} written, {done.removed} removed."
    )
