"""Votes on files, without a server: `harken sense map`."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal, cast

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harken import __version__
from harken.analysis.duplicates_command import list_duplicates
from harken.analysis.languages_command import list_languages
from harken.analysis.sense_themes_command import list_themes
from harken.core.sense import (
    Bridging,
    ClusterBlocks,
    Conversation,
    OpinionMap,
    ProcessBlocks,
    SerialBlocks,
    VotesError,
    find_bridges,
    opinion_map,
    read_conversation,
)
from harken.core.sense.blocks import Block, Blocks
from harken.core.sense.map_json import group_letter, map_to_json
from harken.core.sense.report import CAUTIONS, UNCLEAR, render_report

Keep = Callable[[Sequence[Block]], Blocks]
_SHOWN = 5
_LONGEST_WAIT = 10  # seconds for a scheduler to answer


@click.group("sense")
def sense() -> None:
    """Make sense of many voices, from files: needs no server and no database."""


sense.add_command(list_duplicates)
sense.add_command(list_languages)
sense.add_command(list_themes)


@contextmanager
def _place_for_blocks(workers: int, scheduler: str) -> Iterator[tuple[Keep, int | None]]:
    """Yield where blocks of participants are kept, and how many to make."""
    if scheduler:
        try:
            from distributed import Client  # noqa: PLC0415  # an optional part, loaded when a cluster is asked for
        except ImportError as error:
            raise click.UsageError("A Dask cluster needs one more package: pip install harken[dask]") from error
        try:
            client = Client(scheduler, timeout=_LONGEST_WAIT)  # type: ignore[no-untyped-call]  # its types end here
        except (OSError, ValueError) as error:
            raise click.UsageError(f"The Dask scheduler {scheduler} does not answer: {error}") from error
        with client:
            yield partial(ClusterBlocks.send, client), max(1, 2 * len(client.scheduler_info()["workers"]))
    elif workers > 1:
        yield partial(ProcessBlocks.start, workers=workers), workers
    else:
        yield SerialBlocks, None


@sense.command("map")
@click.argument("source", metavar="DIR_OR_CSV", type=click.Path(path_type=Path))
@click.option("--compat", type=click.Choice(["polis"]), help="Use the formulas published for Polis, quirks included.")
@click.option("--groups", type=click.IntRange(2, 8), help="Make so many groups, clear or not.")
@click.option("--agree", type=click.Choice(["1", "-1"]), default="1", show_default=True, help="What agreement is.")
@click.option("--strict-moderation", is_flag=True, help="Leave out statements that moderators have not decided on.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of everything that is drawn.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes to share the work.")
@click.option("--dask", default="", envvar="HARKEN_DASK_SCHEDULER", help="Scheduler of a Dask cluster to work on.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a report to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: every participant, every statement.")
def map_votes(
    source: Path,
    compat: str | None,
    groups: int | None,
    agree: str,
    seed: int,
    workers: int,
    dask: str,
    html: Path | None,
    *,
    strict_moderation: bool,
    as_json: bool,
) -> None:
    """Place participants by their votes, and say what groups agree on and what divides them.

    DIR_OR_CSV is the folder of an export of Polis, or a table of votes as CSV or JSON Lines with the columns
    participant, statement and vote (1 agree, 0 pass, -1 disagree), or with a row for each participant and a column for
    each statement.
    """
    try:
        conversation = read_conversation(source, agree=int(agree), strict_moderation=strict_moderation)
    except VotesError as error:
        raise click.UsageError(str(error)) from error
    rules = cast(Literal["", "polis"], compat or "")
    with _place_for_blocks(workers, dask) as (keep, blocks):
        found = opinion_map(conversation.votes, seed=seed, compat=rules, k=groups, blocks=blocks, keep=keep)
        bridging = find_bridges(conversation.votes, blocks=blocks, keep=keep)
    if html is not None:
        try:
            html.write_text(
                render_report(conversation, found, bridging, maker=f"Harken {__version__}"), encoding="utf-8"
            )
        except OSError as error:
            raise click.UsageError(f"{html}: {error.strerror or error}.") from error
    if as_json:
        click.echo(json.dumps(map_to_json(found, bridging, conversation.votes, conversation.texts), ensure_ascii=False))
    elif html is None:
        _print_map(conversation, found, bridging)


def _print_map(conversation: Conversation, found: OpinionMap, bridging: Bridging) -> None:
    console = Console()
    votes, grouping = conversation.votes, found.grouping
    console.print(
        f"{votes.participants.size:,} participants, {np.count_nonzero(found.counted):,} statements, "
        f"{votes.size:,} votes",
        highlight=False,
    )
    for sentence in (*(CAUTIONS[each] for each in found.cautions), *conversation.notes):
        console.print(sentence, markup=False, highlight=False)
    if grouping.reason is not None:
        console.print(UNCLEAR[grouping.reason], markup=False, highlight=False)
    for group in range(grouping.k if grouping.k > 1 else 0):
        rows = found.statistics.typical[group][:_SHOWN]
        title = f"Group {group_letter(group)}: {grouping.sizes[group]:,} participants. Typical of it:"
        lines = [
            ("agree" if row.side > 0 else "disagree", f"{row.inside:.0%}", f"{row.outside:.0%}", row.statement)
            for row in rows
        ]
        _print_table(console, conversation, title, ("they", "in the group", "outside"), lines)
    said = found.statistics
    for title, figures in (
        ("Agreed across groups" if grouping.k > 1 else "Agreed", said.consensus_low),
        ("What divides", said.divides_low if grouping.k > 1 else said.divides_low * np.nan),
        ("What bridges", bridging.scores),
    ):
        order = [place for place in np.argsort(-figures, kind="stable")[:_SHOWN].tolist() if figures[place] > 0]
        _print_table(console, conversation, title, ("score",), [(f"{figures[place]:.2f}", place) for place in order])


def _print_table(
    console: Console,
    conversation: Conversation,
    title: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str | int, ...]],
) -> None:
    """Print rows whose last cell is the place of a statement."""
    table = Table(title=title, title_justify="left", show_edge=False)
    for name in columns:
        table.add_column(name, justify="right")
    table.add_column("statement")
    for *figures, place in rows:
        key = conversation.votes.statements[int(place)].item()
        table.add_row(*(str(each) for each in figures), Text(conversation.texts.get(key, f"Statement {key}")))
    if table.row_count:
        console.print()
        console.print(table)
