"""The ledger from the command line: `harken inputs poll|recount|prepare|move`."""

from collections.abc import Sequence

import click
from django.db.models import Q

from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.documents.models import Document
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.moving import move_inputs
from harken.inputs.actions.polling import MailboxesFailed, poll_mailboxes
from harken.inputs.actions.sources import sources_beside
from harken.inputs.actions.working import NothingChosen
from harken.inputs.commands.showing import tell_late
from harken.inputs.mailboxes import CannotReadMailbox
from harken.inputs.models import Input, Source
from harken.inputs.queries.texts import texts_to_speak_of
from harken.inputs.storable import fit_key
from harken.processes.commands import find_process, find_processes


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
        added = f"{report.added} inputs added{tell_late(report.late)}"
        click.echo(f"{key}: {added}, {report.same} there already; {remarks} remarks.")


@inputs_group.command("recount")
@click.option("--process", "slug", default="", help="The process to count; all of them unless given.")
def recount(slug: str) -> None:
    """Count the inputs of each process, document and source anew; the numbers kept while writing should agree."""
    prepare_home()
    for process in find_processes(slug):
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
    process = find_process(slug)
    texts = texts_to_speak_of(Document.objects.filter(iteration__process=process))
    document = None if place == "none" else texts.find(place)
    if document is None and place != "none":
        raise click.UsageError(f"There is no document {place} in {slug}.")
    found = Source.objects.filter(process=process, key=fit_key(source)) if source else Source.objects.none()
    sources = [one.pk for first in found for one in sources_beside(first)]
    if source and not sources:
        raise click.UsageError(f"There is no source {source} in {slug}.")
    try:
        moved = move_inputs(
            actor=OPERATOR,
            process=process,
            inputs=Input.objects.filter(Q(pk__in=inputs) | Q(source__in=sources)),
            document=document,
            origin="command line",
        )
    except NothingChosen as error:
        raise click.UsageError(f"None of these is an input to {slug}.") from error
    click.echo(f"{moved} inputs moved.")
