"""What every import of voices is told on the command line: where to, from whom, and on what terms."""

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import click
from django.utils import timezone

from harken.base.home import prepare_home
from harken.documents.models import Document
from harken.documents.queries.reading import find_by_code
from harken.inputs.actions.bringing import ImportTerms
from harken.inputs.models import Consent
from harken.inputs.queries.sources import MOST_PEOPLE, find_speaking_group
from harken.processes.commands import find_process
from harken.processes.models import Process

Command = TypeVar("Command", bound=Callable[..., Any])


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
    group: str
    headcount: int | None
    collected: datetime.datetime | None
    preview: bool
    as_json: bool
    zone: datetime.tzinfo | None = None


class _Moment(click.ParamType[datetime.datetime]):
    """A day, which is its beginning, or a moment; on a clock of its own, or whichever the import is told."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.datetime:
        """The moment, without a zone where none stands there."""
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no date; write one such as 2026-11-05 or 2026-11-05T18:30+01:00.", param, ctx)


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
    click.option(
        "--group",
        default="",
        metavar="CODE_OR_NAME",
        help="Whom it speaks for: a group of the process by its code, or the name of a body outside.",
    ),
    click.option("--headcount", type=click.IntRange(1, MOST_PEOPLE), help="How many people that are."),
    click.option(
        "--collected",
        type=_Moment(),
        metavar="DATE",
        help="When it was collected, such as 2026-11-05 or 2026-11-05T18:30, where clocks stood as for --zone, else "
        "as in the process; now unless given.",
    ),
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


zone_option: Final = click.option(
    "--zone", default="UTC", show_default=True, callback=_zone, help="Where clocks stood that do not say."
)


def find_target(terms: Terms) -> tuple[Process, Document | None]:
    if not terms.slug:
        # A look needs none unless it names what is in one.
        rest = "" if terms.preview else ", or look at it with --preview"
        raise click.UsageError(f"Say which process this is input to with --process{rest}.")
    process = find_process(terms.slug)
    if not terms.document:
        return process, None
    document = find_by_code(process, terms.document, terms.iteration)
    if document is None:
        raise click.UsageError(f"There is no document {terms.document} in {terms.slug}.")
    return process, document


def check_names(terms: Terms) -> None:
    """Raise a sentence where a look names a process, or what is in one, that is not there; it may name none."""
    if terms.slug or terms.document or terms.iteration:
        prepare_home()
        find_target(terms)


def terms_to_keep(terms: Terms, process: Process) -> ImportTerms:
    """The terms as the ledger keeps them."""
    group, group_name = find_speaking_group(process, terms.group)
    return ImportTerms(
        source=terms.source,
        title=terms.title,
        address=terms.address,
        consent=Consent(terms.consent),
        licence=terms.licence,
        lang=terms.lang,
        group=group,
        group_name=group_name,
        headcount=terms.headcount,
        collected_at=_collected_at(terms, process),
    )


def _collected_at(terms: Terms, process: Process) -> datetime.datetime | None:
    told = terms.collected
    if told is None:
        return None
    try:
        moment = told if told.tzinfo else told.replace(tzinfo=terms.zone or zoneinfo.ZoneInfo(process.time_zone))
        moment = moment.astimezone(datetime.UTC)
    except OverflowError as error:
        # At either end of the calendar some zones have days that UTC has not.
        raise click.UsageError(f"{told} is no day on which somebody collected this.") from error
    if moment > timezone.now():
        raise click.UsageError(f"{told} is still to come; --collected is when it was collected.")
    return moment
