"""`harken sense themes`: what the texts of a file are about, across languages."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harken.analysis.languages_command import DEFAULT_LANGUAGES, split_tags
from harken.analysis.text_files import TextFile, TextFileError, read_texts
from harken.core.sense.encoders import Encoder, MeaningEncoder, NoEncoder, VectorFile
from harken.core.sense.languages import UnknownTag, detect_languages
from harken.core.sense.themes import Layout, ThemeCaution, Themes, find_themes
from harken.core.sense.themes_json import themes_to_json

__all__ = ["list_themes"]

_LONGEST_SHOWN: Final = 160
_WORDS_SHOWN: Final = 3
_LANGUAGES_SHOWN: Final = 4
_RARE: Final = 0.05

CAUTIONS: Final = {
    ThemeCaution.BY_WORDS: "Some languages could only be compared by their words, apart from the others: {languages}.",
    ThemeCaution.LANGUAGES: "The clusters are mostly the languages over again. Do not take them for themes.",
    ThemeCaution.UNSTABLE: "Other samples of these texts give rather different clusters. Trust those that are stable.",
    ThemeCaution.NONE: "There are no clear clusters. Read the texts, or ask for a number of clusters with --clusters.",
}


@click.command("themes")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--text", "column", required=True, metavar="COLUMN", help="The column that holds the texts.")
@click.option("--id", "id_column", default="", metavar="COLUMN", help="The column that names them; else their row.")
@click.option(
    "--language", "language_column", default="", metavar="COLUMN", help="The column that tells their language."
)
@click.option(
    "--among", default=DEFAULT_LANGUAGES, show_default=True, metavar="TAGS", help="The languages there can be, else."
)
@click.option("--by", type=click.Choice(["meaning", "words"]), default="meaning", show_default=True, help="Compare by.")
@click.option("--clusters", type=click.IntRange(2, 60), help="Make so many clusters, clear or not.")
@click.option(
    "--cache", type=click.Path(path_type=Path, dir_okay=False), help="Keep the vectors of texts in this file."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything that is drawn.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to share the work.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every cluster, every text.")
def list_themes(
    source: Path,
    column: str,
    id_column: str,
    language_column: str,
    among: str,
    by: str,
    clusters: int | None,
    cache: Path | None,
    seed: int,
    workers: int,
    *,
    as_json: bool,
) -> None:
    """Gather texts that are about the same, in whatever language; what is about nothing else stays by itself.

    FILE is CSV (any delimiter, gzip too), XLSX, ODS, JSON Lines or Parquet.
    """
    try:
        file = read_texts(source, column, id_column=id_column)
        if language_column:
            languages = [tag.strip() for tag in read_texts(source, language_column).texts]
        else:
            languages = [each.tag for each in detect_languages(file.texts, split_tags(among))]
        encoder: Encoder | None = MeaningEncoder() if by == "meaning" else None
    except (TextFileError, UnknownTag) as error:
        raise click.UsageError(str(error)) from error
    except NoEncoder as error:
        raise click.UsageError(f"{error}. Or compare by words: --by words") from error
    kept = VectorFile(cache) if cache else None
    found = find_themes(file.texts, languages, encoder=encoder, seed=seed, number=clusters, cache=kept, workers=workers)
    if kept is not None:
        try:
            kept.save()
        except OSError as error:
            raise click.UsageError(f"{cache}: {error.strerror or error}.") from error
    if as_json:
        click.echo(
            json.dumps({**themes_to_json(found, languages, file.ids), "notes": list(file.notes)}, ensure_ascii=False)
        )
    else:
        _print_themes(file, found)


def _print_themes(file: TextFile, found: Themes) -> None:
    console = Console()
    placed = sum(cluster.size for cluster in found.clusters)
    console.print(
        f"{len(file.texts):,} texts: {placed:,} in {len(found.clusters):,} clusters, "
        f"{len(file.texts) - placed:,} by themselves",
        highlight=False,
    )
    sentences = [CAUTIONS[each].replace("{languages}", _by_words(found.layouts)) for each in found.cautions]
    for sentence in (*file.notes, *sentences):
        console.print(sentence, markup=False, highlight=False)
    if found.check is not None and found.check.p_value <= _RARE and not found.check.merely_languages:
        share = f"{found.check.beyond_chance:.0%}"
        console.print(f"Languages speak of different things: they tell {share} of the cluster.", highlight=False)
    if not found.clusters:
        return
    table = Table(show_edge=False)
    for name in ("texts", "stability", "languages", "words", "nearest to its middle"):
        table.add_column(name, justify="right" if name in {"texts", "stability"} else "left")
    for cluster in found.clusters:
        spoken = list(cluster.languages.items())
        words = [
            f"{tag}: {', '.join(cluster.words[tag][:_WORDS_SHOWN])}" for tag, _count in spoken if tag in cluster.words
        ]
        table.add_row(
            f"{cluster.size:,}",
            f"{cluster.stability:.2f}",
            Text(", ".join(f"{tag or '?'} {count:,}" for tag, count in spoken)),
            Text("\n".join(words[:_LANGUAGES_SHOWN])),
            Text(" ".join(file.texts[cluster.central[0]].split())[:_LONGEST_SHOWN]),
        )
    console.print()
    console.print(table)


def _by_words(layouts: Sequence[Layout]) -> str:
    """Return the languages that were laid out by their words."""
    return ", ".join(tag or "unknown" for layout in layouts if layout.by == "words" for tag in layout.languages)
