"""`harken sense language`: which language each text of a file is in."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harken.analysis.text_files import TextFile, TextFileError, read_texts
from harken.core.sense.languages import DetectedLanguage, UnknownTag, detect_languages

__all__ = ["DEFAULT_LANGUAGES", "list_languages", "split_tags"]

DEFAULT_LANGUAGES: Final = "ar,de,en,es,fr,hi,pt"
_SHOWN: Final = 5
_LONGEST_SHOWN: Final = 120


def split_tags(tags: str) -> list[str]:
    """Return the tags of a list with commas or blanks between them."""
    return tags.replace(",", " ").split()


@click.command("language")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--text", "column", required=True, metavar="COLUMN", help="The column that holds the texts.")
@click.option("--id", "id_column", default="", metavar="COLUMN", help="The column that names them; else their row.")
@click.option(
    "--among", default=DEFAULT_LANGUAGES, show_default=True, metavar="TAGS", help="The languages there can be."
)
@click.option("--quick", is_flag=True, help="Take a tenth of the memory, and tell fewer of the short texts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every text with its language.")
def list_languages(source: Path, column: str, id_column: str, among: str, *, quick: bool, as_json: bool) -> None:
    """Tell the language of each text, among those there can be; a text may be in several, or in none that can be told.

    FILE is CSV (any delimiter, gzip too), XLSX, ODS, JSON Lines or Parquet.
    """
    try:
        file = read_texts(source, column, id_column=id_column)
        found = detect_languages(file.texts, split_tags(among), careful=not quick)
    except (TextFileError, UnknownTag) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        from harken.core.sense.themes_json import languages_to_json  # noqa: PLC0415  # loads numpy, which else is not needed

        click.echo(json.dumps({**languages_to_json(found, file.ids), "notes": list(file.notes)}, ensure_ascii=False))
    else:
        _print_languages(file, found)


def _print_languages(file: TextFile, found: Sequence[DetectedLanguage]) -> None:
    console = Console()
    console.print(f"{len(found):,} texts", highlight=False)
    for note in file.notes:
        console.print(note, markup=False, highlight=False)
    table = Table(show_edge=False)
    for name in ("language", "texts", "share"):
        table.add_column(name, justify="left" if name == "language" else "right")
    for tag, count in Counter(each.tag for each in found).most_common():
        table.add_row(tag or "cannot be told", f"{count:,}", f"{count / len(found):.1%}")
    if table.row_count:
        console.print(table)
    mixed = [place for place, each in enumerate(found) if each.mixed]
    if mixed:
        console.print()
        console.print(f"{len(mixed):,} texts in several languages, such as", highlight=False)
        for place in mixed[:_SHOWN]:
            parts = ", ".join(f"{part.tag or '?'} {part.share:.0%}" for part in found[place].mixed)
            line = " ".join(file.texts[place].split())
            console.print(Text(f"{file.ids[place]} ({parts}): {line[:_LONGEST_SHOWN]}"))
