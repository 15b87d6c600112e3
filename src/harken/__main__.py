"""The `harken` command: `harken NOUN VERB`."""

import importlib
import os
from typing import Final

import click
import django

from harken import __version__

# Where each noun lies. A room is loaded when its command is called, so that `harken serve` starts at once.
COMMANDS: Final = {
    "account": "harken.people.commands:account",
    "demo": "harken.pages.commands:demo",
    "import": "harken.inputs.commands:import_group",
    "inputs": "harken.inputs.commands:inputs_group",
    "lineage": "harken.documents.commands:lineage_group",
    "links": "harken.documents.commands:links_group",
    "process": "harken.processes.commands:process",
    "publish": "harken.publishing.commands:publish",
    "sense": "harken.analysis.commands:sense",
    "serve": "harken.base.commands:serve",
    "talk": "harken.inputs.commands:talk",
    "themes": "harken.analysis.themes_command:themes",
    "worker": "harken.base.commands:worker",
}

# What works on files alone: no settings, no database.
WITHOUT_SETTINGS: Final = frozenset({"sense"})


class RoomsGroup(click.Group):
    """A group of commands that sets up Django and imports a room when one of its commands is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every noun."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this noun, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_SETTINGS:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.settings")
            django.setup()
        module, _colon, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=RoomsGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="harken")
def cli() -> None:
    """Write a movement's strategy together: drafts, voices, answers, and the trace between them."""


def main() -> None:
    """Run the command line; expected failures print one line and end with exit code 2."""
    cli(prog_name="harken")


if __name__ == "__main__":
    main()
