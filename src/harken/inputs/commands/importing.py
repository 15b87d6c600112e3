"""Imports of voices: `harken import talk|mail|forum|table|lines`."""

import os
import sys
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

import click
from django.db import DatabaseError, InterfaceError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from harken.base.fetch import is_address
from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.core.talk.tables.mapping import TableMapping
from harken.documents.commands import import_group
from harken.inputs.actions.bringing import bring_in
from harken.inputs.actions.importing import ImportProgress
from harken.inputs.commands.showing import report_import, show, show_mapping
from harken.inputs.commands.terms import Terms, check_names, find_target, terms_options, terms_to_keep, zone_option
from harken.inputs.foreign import (
    PLATFORMS,
    CannotRead,
    Part,
    Platform,
    open_sheet,
    read_forum_files,
    read_line_file,
    read_mail_file,
    read_mapping,
    read_polis_file,
    read_table_file,
    read_talk_file,
    read_wiki,
)
from harken.inputs.live_wiki import read_live_talk
from harken.inputs.models import Channel, Consent, TextKind
from harken.inputs.page_keys import keys_of_paths

EX_TEMPFAIL: Final = 75
"""What tells a mail server to keep a message and try again (sysexits.h)."""
_FILE: Final = click.Path(path_type=Path, exists=True)


class _FileOrAddress(click.Path):
    """A file that is there, or a web address, which stays a text."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path, or the address as it is."""
        return value if isinstance(value, str) and is_address(value) else super().convert(value, param, ctx)


@import_group.command("talk")
@click.argument("place", metavar="FILE_OR_URL", type=_FileOrAddress())
@click.option(
    "--wiki-data", multiple=True, type=_FILE, metavar="FILE", help="JSON that says how the wiki signs; repeat."
)
@click.option("--page-title", default="", help="The page's title, for talk pages of people.")
@terms_options
def talk(place: Path | str, wiki_data: Sequence[Path], page_title: str, **terms: Any) -> None:
    """Import a talk page: rendered HTML, wikitext, an XML dump (also packed) or an answer of the API.

    The address of a live page, or of a wiki's api.php with titles=Talk:… (several with |), is asked for all revisions.
    """
    if isinstance(place, str):
        _bring_in(_guarded(lambda: read_live_talk(place)), Channel.TALK, place, Terms(**terms))
        return
    parts = _guarded(lambda: read_talk_file(place, read_wiki(wiki_data), title=page_title))
    _bring_in(parts, Channel.TALK, place.name, Terms(**terms))


@import_group.command("mail")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, allow_dash=True))
@click.option(
    "--own", multiple=True, metavar="ADDRESS", help="Our own address, whose mail to itself is a loop; repeat."
)
@zone_option
@terms_options
def mail(path: Path, own: Sequence[str], zone: zoneinfo.ZoneInfo, **terms: Any) -> None:
    """Import mail: an mbox (also packed by gzip), a maildir, a message, or, with -, what comes through a pipe.

    From a pipe nothing is lost: while the message cannot be kept, the command ends with 75, so that the mail server
    keeps it and tries again.
    """
    told = Terms(**terms, zone=zone)
    if str(path) != "-":
        _bring_in([read_mail_file(path, sys.stdin.buffer, zone=zone, own=own)], Channel.MAIL, path.name, told)
        return
    part = read_mail_file(None, sys.stdin.buffer, zone=zone, own=own)
    try:
        _bring_in([part], Channel.MAIL, "pipe", told, is_fixed=True)
    except (click.ClickException, DatabaseError, InterfaceError, OSError) as error:
        if told.preview:
            raise
        sentence = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"Not kept, try again: {' '.join(sentence.split())}", err=True)
        sys.exit(EX_TEMPFAIL)


@import_group.command("forum")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--platform", type=click.Choice(PLATFORMS), required=True, help="What the files were exported from.")
@zone_option
@terms_options
def forum(paths: Sequence[Path], platform: Platform, zone: zoneinfo.ZoneInfo, **terms: Any) -> None:
    """Import a forum or platform: Discourse (API, archive), Decidim (open data), Polis (comments.csv)."""
    told = Terms(**terms, zone=zone)
    if platform == "polis":
        _bring_in(_read_polis(paths), Channel.FORUM, paths[0].name, told, TextKind.STATEMENT)
        return
    parts = _guarded(lambda: iter([read_forum_files(paths, platform, zone=zone)]))
    _bring_in(parts, Channel.FORUM, paths[0].name, told)


def _read_polis(paths: Sequence[Path]) -> Iterator[Part]:
    """Each conversation by itself, known by the name of its file where there are several."""
    for path, key in zip(paths, keys_of_paths(paths), strict=True):
        part = read_polis_file(path)
        part.key = key if len(paths) > 1 else ""
        yield part


@import_group.command("table")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--mapping", type=_FILE, metavar="FILE", help="Which column means what, as --save-mapping wrote it.")
@click.option("--save-mapping", type=click.Path(path_type=Path), metavar="FILE", help="Keep which column meant what.")
@click.option("--sheet", default="", help="The sheet of a workbook; the first that holds anything unless given.")
@zone_option
@terms_options
def table(
    path: Path, mapping: Path | None, save_mapping: Path | None, sheet: str, zone: zoneinfo.ZoneInfo, **terms: Any
) -> None:
    """Import a table such as a survey: CSV, TSV, XLSX, XLS or ODS, each row one input."""
    try:
        opened, chosen = open_sheet(path, read_mapping(mapping) if mapping else None, sheet=sheet)
    except CannotRead as error:
        raise click.UsageError(str(error)) from error
    if save_mapping is not None:
        save_mapping.write_text(chosen.to_json() + "\n", encoding="utf-8")
    part, told = read_table_file(opened, chosen, zone=zone), Terms(**terms, zone=zone)
    if not told.as_json:
        show_mapping(chosen, opened.columns)
    _bring_in([part], Channel.SURVEY, path.name, told, TextKind.RESPONSE, mapping=chosen)


@import_group.command("lines")
@click.argument("path", metavar="FILE", type=_FILE)
@terms_options
def lines(path: Path, **terms: Any) -> None:
    """Import a text in which each line is one input."""
    told = Terms(**terms)
    _bring_in([read_line_file(path, lang=told.lang)], Channel.LIST, path.name, told)


def _guarded(read: Callable[[], Iterator[Part]]) -> Iterator[Part]:
    """The parts of a file; nothing of it is read before the first is asked for."""
    yield from read()


def _bring_in(
    parts: Iterable[Part],
    channel: Channel,
    name: str,
    terms: Terms,
    kind: TextKind = TextKind.MESSAGE,
    *,
    is_fixed: bool = False,
    mapping: TableMapping | None = None,
) -> None:
    try:
        if terms.preview:
            check_names(terms)
            show(parts, Consent(terms.consent), as_json=terms.as_json, mapping=mapping)
        else:
            _write(parts, channel, name, terms, kind, is_fixed=is_fixed)
    except CannotRead as error:
        raise click.UsageError(str(error)) from error


def _write(parts: Iterable[Part], channel: Channel, name: str, terms: Terms, kind: TextKind, *, is_fixed: bool) -> None:
    prepare_home()
    process, document = find_target(terms)
    kept = terms_to_keep(terms, process)
    with _Bar(shown=not terms.as_json) as bar:
        reports = bring_in(
            actor=OPERATOR,
            process=process,
            parts=parts,
            channel=channel,
            name=name,
            terms=kept,
            kind=kind,
            document=document,
            is_fixed=is_fixed,
            progress=bar.tell,
            origin="command line",
        )
    report_import(reports, as_json=terms.as_json)


class _Bar:
    """A bar on the terminal's other channel: how much is read, how many inputs, how long it will take."""

    def __init__(self, *, shown: bool) -> None:
        console = Console(stderr=True)
        columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"))
        self._progress = Progress(*columns, console=console, transient=True, disable=not shown)
        self._task: TaskID = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_ended: object) -> None:
        self._progress.stop()

    def tell(self, step: ImportProgress) -> None:
        words = f"{step.posts:,} inputs"
        if step.seconds_left is not None:
            words += f", {step.seconds_left:,.0f} s left"
        total = None if step.share is None else 1.0
        self._progress.update(self._task, description=words, total=total, completed=step.share or 0)
