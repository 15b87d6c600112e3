"""Voices from the command line: `harken import talk|mail|forum|table|lines`, `harken inputs move|recount|…`."""

import json
import os
import sys
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import click
from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from harken.base.fetch import is_address
from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.core.talk.model import Finding, Thread, dump_json, walk_with_depth
from harken.documents.commands import import_group
from harken.documents.models import Document
from harken.inputs.actions.bringing import ImportTerms, bring_in
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.importing import MOST_EXAMPLES, ImportProgress, ImportReport
from harken.inputs.actions.moving import move_inputs
from harken.inputs.actions.polling import MailboxesFailed, poll_mailboxes
from harken.inputs.actions.working import NothingChosen
from harken.inputs.consent import count_consents
from harken.inputs.findings import tell_findings
from harken.inputs.foreign import (
    PLATFORMS,
    CannotRead,
    Part,
    Platform,
    look_at,
    open_sheet,
    read_forum_files,
    read_line_file,
    read_mail_file,
    read_mapping,
    read_table_file,
    read_talk_file,
    read_wiki,
)
from harken.inputs.live_wiki import read_live_talk
from harken.inputs.mailboxes import CannotReadMailbox
from harken.inputs.models import Channel, Consent, Input, Source, TextKind
from harken.inputs.queries.texts import texts_to_speak_of
from harken.processes.models import Process

__all__ = ["import_group", "inputs_group", "talk"]

Command = TypeVar("Command", bound=Callable[..., Any])
EX_TEMPFAIL: Final = 75
"""What tells a mail server to keep a message and try again (sysexits.h)."""
_FILE: Final = click.Path(path_type=Path, exists=True)


@dataclass(frozen=True, slots=True)
class Terms:
    """What every import is told: where to, and on what terms."""

    slug: str
    document: str
    iteration: str
    source: str
    title: str
    address: str
    consent: str
    licence: str
    lang: str
    preview: bool
    as_json: bool


_OPTIONS: Final = (
    click.option("--process", "slug", default="", help="The process this is input to."),
    click.option("--document", default="", metavar="CODE", help="The document it is about, such as AD-R2."),
    click.option(
        "--iteration", default="", help="The iteration of that document; the latest that has it unless given."
    ),
    click.option(
        "--source", default="", help="What the source is known by when it comes again; the file's name unless given."
    ),
    click.option("--title", default="", help="What the source is called on pages; its name unless given."),
    click.option("--address", default="", help="Where the source can be looked at."),
    click.option(
        "--consent",
        type=click.Choice(Consent.values),
        default=Consent.PUBLIC.value,
        show_default=True,
        help="What those who spoke agreed to: all public, without names, or only for those who work with it.",
    ),
    click.option("--licence", default="", help="The licence of the texts."),
    click.option("--lang", default="", help="The language where nothing else says it."),
    click.option("--preview", is_flag=True, help="Show what would come in; write nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)


def terms_options(command: Command) -> Command:
    """The options that all imports of voices share; the command takes them as `**terms`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _zone(_context: click.Context, _option: click.Parameter, name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"{name} is no time zone; write one such as Europe/Berlin.") from error


_zone_option: Final = click.option(
    "--zone", default="UTC", show_default=True, callback=_zone, help="Where clocks stood that do not say."
)


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
@_zone_option
@terms_options
def mail(path: Path, own: Sequence[str], zone: zoneinfo.ZoneInfo, **terms: Any) -> None:
    """Import mail: an mbox (also packed by gzip), a maildir, a message, or, with -, what comes through a pipe.

    From a pipe nothing is lost: while the message cannot be kept, the command ends with 75, so that the mail server
    keeps it and tries again.
    """
    told = Terms(**terms)
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
@_zone_option
@terms_options
def forum(paths: Sequence[Path], platform: Platform, zone: zoneinfo.ZoneInfo, **terms: Any) -> None:
    """Import a forum or platform: Discourse (API, archive), Decidim (open data), Polis (comments.csv)."""
    parts = _guarded(lambda: iter([read_forum_files(paths, platform, zone=zone)]))
    kind = TextKind.STATEMENT if platform == "polis" else TextKind.MESSAGE
    _bring_in(parts, Channel.FORUM, paths[0].name, Terms(**terms), kind)


@import_group.command("table")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--mapping", type=_FILE, metavar="FILE", help="Which column means what, as --save-mapping wrote it.")
@click.option("--save-mapping", type=click.Path(path_type=Path), metavar="FILE", help="Keep which column meant what.")
@click.option("--sheet", default="", help="The sheet of a workbook; the first that holds anything unless given.")
@_zone_option
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
    part = read_table_file(opened, chosen, zone=zone)
    _bring_in([part], Channel.SURVEY, path.name, Terms(**terms), TextKind.RESPONSE)


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
) -> None:
    try:
        if terms.preview:
            _show(parts, Consent(terms.consent), as_json=terms.as_json)
        else:
            _write(parts, channel, name, terms, kind, is_fixed=is_fixed)
    except CannotRead as error:
        raise click.UsageError(str(error)) from error


# --- looking ---


def _show(parts: Iterable[Part], agreed: Consent, *, as_json: bool) -> None:
    findings: list[Finding] = []
    consents: Counter[Consent] = Counter()

    def threads() -> Iterator[Thread]:
        for part in parts:
            for entry in look_at(part):
                if isinstance(entry, Finding):
                    findings.append(entry)
                else:
                    consents.update(count_consents((post for post, _depth in walk_with_depth(entry.posts)), agreed))
                    yield entry

    if not as_json:
        _show_in_words(threads(), findings, consents)
        return
    pieces = dump_json(threads())
    # What cannot be read is told before anything is printed.
    first = next(pieces), next(pieces, "")
    click.echo('{"threads": ' + "".join(first), nl=False)
    for piece in pieces:
        click.echo(piece, nl=False)
    told = [{"place": one.place, "reason": one.reason, "text": one.text} for one in findings]
    click.echo(f', "findings": {json.dumps(told, ensure_ascii=False)}', nl=False)
    if consents:
        click.echo(f', "consents": {json.dumps({consent.value: consents[consent] for consent in Consent})}', nl=False)
    click.echo("}")


def _show_in_words(threads: Iterator[Thread], findings: list[Finding], consents: Counter[Consent]) -> None:
    console = Console()
    for thread in threads:
        console.print(thread.heading or "–", style="bold", markup=False)
        for post, depth in walk_with_depth(thread.posts):
            when = post.at.strftime("%Y-%m-%d %H:%M") if post.at else "?"
            beginning = " ".join(post.text.split())[:80]
            indent = "  " * min(depth, 20)
            console.print(
                f"{indent}{post.author or '?'}, {when}: {beginning}", markup=False, highlight=False, soft_wrap=True
            )
    for line in _findings_in_words(findings):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if consents:
        console.print(", ".join(f"{consents[consent]} {consent.value}" for consent in Consent), highlight=False)
    console.print("Nothing was written: this is a preview.")


def _findings_in_words(findings: Iterable[Finding]) -> Iterator[str]:
    for one in tell_findings(findings):
        yield ": ".join(part for part in (one.place or "–", one.sentence, one.text) if part)


# --- writing ---


def _find_process(slug: str) -> Process:
    process = Process.objects.select_related("body").filter(slug=slug).first()
    if process is None:
        raise click.UsageError(f"There is no process {slug}.")
    return process


def _find_target(terms: Terms) -> tuple[Process, Document | None]:
    if not terms.slug:
        raise click.UsageError("Say which process this is input to with --process, or look at it with --preview.")
    process = _find_process(terms.slug)
    if not terms.document:
        return process, None
    documents = Document.objects.filter(code=terms.document, iteration__process=process)
    if terms.iteration:
        documents = documents.filter(iteration__slug=terms.iteration)
    document = documents.select_related("iteration").order_by("-iteration__number").first()
    if document is None:
        raise click.UsageError(f"There is no document {terms.document} in {terms.slug}.")
    return process, document


def _write(parts: Iterable[Part], channel: Channel, name: str, terms: Terms, kind: TextKind, *, is_fixed: bool) -> None:
    prepare_home()
    process, document = _find_target(terms)
    kept = ImportTerms(
        source=terms.source,
        title=terms.title,
        address=terms.address,
        consent=Consent(terms.consent),
        licence=terms.licence,
        lang=terms.lang,
    )
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
    _report(reports, as_json=terms.as_json)


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


def _report(reports: Sequence[ImportReport], *, as_json: bool) -> None:
    reasons: dict[str, int] = {}
    for report in reports:
        for reason, count in report.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    names = ("added", "changed", "same", "late")
    added, changed, same, late = (sum(getattr(one, name) for one in reports) for name in names)
    examples = [one for report in reports for one in report.examples][:MOST_EXAMPLES]
    if as_json:
        told = [{"place": one.place, "reason": one.reason, "text": one.text} for one in examples]
        counts = {"added": added, "changed": changed, "same": same, "late": late, "findings": reasons, "examples": told}
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    for line in _findings_in_words(examples):
        click.echo(line)
    remarks = sum(reasons.values())
    click.echo(f"{added} inputs added{_late(late)}, {changed} changed, {same} there already; {remarks} remarks.")


def _late(number: int) -> str:
    """What is said of those that came when the phase for input had closed, if some did."""
    return f" ({number} of them late)" if number else ""


@click.group("inputs")
def inputs_group() -> None:
    """The ledger of what was said."""


@inputs_group.command("poll")
def poll() -> None:
    """Bring in what came to the mailboxes of HARKEN_MAILBOXES, as workers do every few minutes."""
    prepare_home()
    try:
        reports = poll_mailboxes()
    except (CannotReadMailbox, MailboxesFailed) as failure:
        raise click.UsageError(str(failure)) from failure
    if not reports:
        click.echo("There is no mailbox: HARKEN_MAILBOXES names none.")
    for key, report in reports.items():
        if report is None:
            click.echo(f"{key}: nothing new")
            continue
        remarks = sum(report.reasons.values())
        added = f"{report.added} inputs added{_late(report.late)}"
        click.echo(f"{key}: {added}, {report.same} there already; {remarks} remarks.")


@inputs_group.command("recount")
@click.option("--process", "slug", default="", help="The process to count; all of them unless given.")
def recount(slug: str) -> None:
    """Count the inputs of each process, document and source anew; the numbers kept while writing should agree."""
    prepare_home()
    processes = Process.objects.select_related("body").order_by("slug")
    if slug:
        processes = processes.filter(slug=slug)
    if not processes:
        raise click.UsageError(f"There is no process {slug}.")
    for process in processes:
        click.echo(f"{process.slug}: {recount_inputs(actor=OPERATOR, process=process)} numbers put right")


@inputs_group.command("prepare")
@click.option("--limit", default=0, help="How many at most; all that wait unless given.")
def prepare(limit: int) -> None:
    """Find out languages, due dates, words and campaigns of what was recorded; `harken worker` does it by itself."""
    # The detector of languages takes a moment to load, which no other command needs.
    from harken.inputs.actions.preparing import prepare_inputs  # noqa: PLC0415 - see above

    prepare_home()
    done = prepare_inputs(limit) if limit else sum(iter(prepare_inputs, 0))
    click.echo(f"{done} inputs prepared.")


@inputs_group.command("move")
@click.argument("inputs", metavar="[INPUT]…", nargs=-1, type=int)
@click.option("--process", "slug", required=True, help="The process they are input to.")
@click.option("--source", default="", metavar="KEY", help="All that came from this source, beside those named.")
@click.option(
    "--to",
    "place",
    required=True,
    metavar="CODE",
    help="The text they are about, such as AD-R2 or iteration-1/AD-R2; none for the process as a whole.",
)
def move(inputs: Sequence[int], slug: str, source: str, place: str) -> None:
    """Move inputs, by the number in their address, to the text they are about, with all that replies to them."""
    prepare_home()
    process = _find_process(slug)
    texts = texts_to_speak_of(Document.objects.filter(iteration__process=process))
    document = None if place == "none" else texts.find(place)
    if document is None and place != "none":
        raise click.UsageError(f"There is no document {place} in {slug}.")
    if source and not Source.objects.filter(process=process, key=source).exists():
        raise click.UsageError(f"There is no source {source} in {slug}.")
    chosen = Q(pk__in=inputs) | Q(source__key=source) if source else Q(pk__in=inputs)
    try:
        moved = move_inputs(
            actor=OPERATOR,
            process=process,
            inputs=Input.objects.filter(chosen),
            document=document,
            origin="command line",
        )
    except NothingChosen as error:
        raise click.UsageError(f"None of these is an input to {slug}.") from error
    click.echo(f"{moved} inputs moved.")
