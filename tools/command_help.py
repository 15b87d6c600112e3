"""Write docs/operator/commands from the command line itself: `python -m tools.command_help`.

A page for each noun. `make docs` writes them first, and tests/test_docs.py fails while one says anything else than the
program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

PAGES = Path(__file__).resolve().parent.parent / "docs" / "operator" / "commands"
_MADE = "<!-- Made by `make docs` from the program's own help: do not edit. -->"
_INTRODUCTION = f"""\
# Commands

{_MADE}

`harken NOUN VERB`. Every command makes `HARKEN_HOME` ready first, but for `--preview`. What is wrong with the input
is told in one line, with exit code 2, and then nothing was written.

:::{{toctree}}
:maxdepth: 1

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


def render_pages(root: click.Command) -> dict[str, str]:
    """Return the pages for a tree of commands by the names of their files, in a fixed width: the same everywhere."""
    top = click.Context(root, info_name="harken", terminal_width=100, max_content_width=100, **root.context_settings)
    pages = {}
    for noun, contexts in groupby(walk_commands(top), key=lambda context: context.command_path.split()[1]):
        sections = [f"## {each.command_path}\n\n```text\n{each.get_help().strip()}\n```\n" for each in contexts]
        pages[f"{noun}.md"] = "\n".join([f"# harken {noun}\n\n{_MADE}\n", *sections])
    nouns = "\n".join(name.removesuffix(".md") for name in pages)
    return {"index.md": f"{_INTRODUCTION}{nouns}\n:::\n", **pages}


def main() -> int:
    from harken.__main__ import cli

    PAGES.mkdir(exist_ok=True)
    pages = render_pages(cli)
    for known in PAGES.glob("*.md"):
        if known.name not in pages:
            known.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
