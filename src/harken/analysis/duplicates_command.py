"""`harken sense duplicates`: copies and campaigns in a file of texts."""

import json
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harken.analysis.text_files import TextFile, TextFileError, read_texts
from harken.core.sense.duplicates import COPY_THRESHOLD, DuplicateGroup, Duplicates, duplicates_to_json, find_duplicates

__all__ = ["list_duplicates"]

_SHOWN: Final = 20
_LONGEST_SHOWN: Final = 240
_SLOT_VALUES: Final = 3


@click.command("duplicates")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--text", "column", required=True, metavar="COLUMN", help="The column that holds the texts.")
@click.option("--id", "id_column", default="", metavar="COLUMN", help="The column that names them; else their row.")
@click.option(
    "--threshold",
    type=click.FloatRange(0.35, 1, min_open=True),
    default=COPY_THRESHOLD,
    show_default=True,
    help="How similar copies are to the middle of their group.",
)
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=0, show_default=True, help="Of what is drawn.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to share the work.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every group, every text in it.")
def list_duplicates(
    source: Path, column: str, id_column: str, threshold: float, seed: int, workers: int, *, as_json: bool
) -> None:
    """Find texts that were passed on: copies, and campaigns in which many fill in one form.

    FILE is CSV (any delimiter, gzip too), XLSX, ODS, JSON Lines or Parquet.
    """
    try:
        file = read_texts(source, column, id_column=id_column)
    except TextFileError as error:
        raise click.UsageError(str(error)) from error
    found = find_duplicates(file.texts, threshold=threshold, seed=seed, workers=workers)
    if as_json:
        told = {**duplicates_to_json(found, file.ids), "notes": list(file.notes)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print_groups(file, found)


def _print_groups(file: TextFile, found: Duplicates) -> None:
    console = Console()
    campaigns = [group for group in found.groups if group.template is not None]
    copies = [group for group in found.groups if group.template is None]
    console.print(
        f"{len(file.texts):,} texts: {len(copies):,} groups of copies with {_count(copies):,} texts, "
        f"{len(campaigns):,} campaigns with {_count(campaigns):,}",
        highlight=False,
    )
    for note in file.notes:
        console.print(note, markup=False, highlight=False)
    for title, groups in (("Campaigns", campaigns), ("Copies", copies)):
        if not groups:
            continue
        table = Table(title=title, title_justify="left", show_edge=False)
        for name in ("texts", "different", "first"):
            table.add_column(name, justify="right")
        table.add_column("template" if title == "Campaigns" else "text")
        for group in groups[:_SHOWN]:
            table.add_row(
                f"{group.members.size:,}",
                f"{group.different:,}",
                Text(file.ids[int(group.members[0])]),
                Text(_describe(group, file.texts)),
            )
        console.print()
        console.print(table)
        if len(groups) > _SHOWN:
            console.print(f"and {len(groups) - _SHOWN:,} more: --json has them all", highlight=False)


def _count(groups: list[DuplicateGroup]) -> int:
    return sum(int(group.members.size) for group in groups)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _describe(group: DuplicateGroup, texts: list[str]) -> str:
    """Return the text, or the template with what is put in its slots most often."""
    if group.template is None:
        return _shorten(texts[group.center])
    lines = [_shorten(str(group.template))]
    for slot in group.template.slots:
        said = ", ".join(f"{_shorten(value) or '(nothing)'} ({times})" for value, times in slot.values[:_SLOT_VALUES])
        lines.append(f"  […] {slot.different:,} different: {said}")
    return "\n".join(lines)
