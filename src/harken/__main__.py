"""The `harken` command: `harken NOUN VERB`."""

import os

import click
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.settings")
django.setup()

from harken import __version__  # noqa: E402 - the rooms' commands need Django set up
from harken.base.commands import serve, worker  # noqa: E402 - see above
from harken.documents.commands import import_group, lineage_group  # noqa: E402 - see above
from harken.pages.commands import demo  # noqa: E402 - see above
from harken.people.commands import account  # noqa: E402 - see above
from harken.processes.commands import process  # noqa: E402 - see above
from harken.publishing.commands import publish  # noqa: E402 - see above


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harken")
def cli() -> None:
    """Write a movement's strategy together: drafts, voices, answers, and the trace between them."""


for _command in (account, demo, import_group, lineage_group, process, publish, serve, worker):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; expected failures print one line and end with exit code 2."""
    cli(prog_name="harken")


if __name__ == "__main__":
    main()
