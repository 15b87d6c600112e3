"""Write docs/operator/commands.md from the command line itself: `python -m tools.command_help`.

`make docs` does so first, and tests/test_docs.py fails while the page says anything else than the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operator" / "commands.md"
_INTRODUCTION = """\
# Commands

<!-- Made by `make docs` from the program's own help: do not edit. -->

`harken NOUN VERB`. Every command makes `HARKEN_HOME` ready first, but for `--preview`. What is wrong with the input
is told in one line, with exit code 2, and then nothing was written.
"""


def walk_commands(context: click.Context) -> Iterator[click.Context]:
    """Yield a context for every command that does something, below the one given."""
    command = context.command
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield context
    if not isinstance(command, click.Group):
        return
    # Asked by name: a group may load a command only when somebody wants it.
    for name in sorted(command.list_commands(context)):
        below = command.get_command(context, name)
        if below is not None and not below.hidden:
            yield from walk_commands(
                click.Context(below, info_name=name, parent=context, max_content_width=context.max_content_width)
            )


def render_page(root: click.Command) -> str:
    """Return the page for a tree of commands, in a fixed width, so that it is the same everywhere."""
    top = click.Context(root, info_name="harken", terminal_width=100, max_content_width=100, **root.context_settings)
    sections = [
        f"## {context.command_path}\n\n```text\n{context.get_help().strip()}\n```\n" for context in walk_commands(top)
    ]
    return "\n".join([_INTRODUCTION, *sections])


def main() -> int:
    from harken.__main__ import cli

    PAGE.write_text(render_page(cli), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
