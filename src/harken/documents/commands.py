"""Texts from the command line: `harken import outline`, `harken lineage propose`."""

import json
from itertools import pairwise
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from harken.base.fetch import CannotFetch, fetch, is_address
from harken.base.home import prepare_home
from harken.base.permits import OPERATOR
from harken.core.outline import FORMATS, Outline, OutlineError, read_outline
from harken.core.text.diff import Piece
from harken.documents.actions.lineage import propose_edges
from harken.documents.actions.outline import NothingToImport, import_outline
from harken.documents.queries.outline_plan import OutlinePlan, plan_outline, plan_to_json
from harken.processes.models import Process

MOST_BYTES = 50_000_000


@click.group("import")
def import_group() -> None:
    """Bring texts and voices in."""


def _read_source(source: str) -> tuple[str, Outline]:
    """The outline, and what to call it on public pages: an address, or a file's name without its folders."""
    if is_address(source):
        fetched = fetch(source)
        return fetched.address, read_outline(fetched.content, name=fetched.address, media_type=fetched.media_type)
    path = Path(source)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise OutlineError(
                f"{source} is {size // 1_000_000} MB; an outline may be {MOST_BYTES // 1_000_000} MB at most."
            )
        data = path.read_bytes()
    except OSError as error:
        raise OutlineError(f"{source}: {error.strerror or error}.") from error
    return path.name, read_outline(data, name=path.name)


@import_group.command("outline", epilog=f"Formats: {', '.join(FORMATS)}.")
@click.argument("source", metavar="FILE_OR_URL")
@click.option("--process", "slug", required=True, help="The process the outline belongs to.")
@click.option("--lang", default="", help="Language of the texts; the process's own unless given.")
@click.option("--preview", is_flag=True, help="Show what was found and what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def outline(source: str, slug: str, lang: str, *, preview: bool, as_json: bool) -> None:
    """Import iterations, groups and recommendations from a published page or document."""
    prepare_home()
    process = Process.objects.select_related("body").filter(slug=slug).first()
    if process is None:
        raise click.UsageError(f"There is no process {slug}; “harken process create {slug} --name …” begins one.")
    try:
        name, found = _read_source(source)
        plan = plan_outline(process, found, lang=lang)
        if preview and as_json:
            click.echo(json.dumps({**found.to_json(), "plan": plan_to_json(plan)}, ensure_ascii=False, indent=2))
            return
        if not preview:
            import_outline(actor=OPERATOR, plan=plan, source=name)
    except (CannotFetch, OutlineError, NothingToImport) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(plan_to_json(plan), ensure_ascii=False, indent=2))
    else:
        _print_plan(plan, preview=preview)


def _print_plan(plan: OutlinePlan, *, preview: bool) -> None:
    console = Console()
    table = Table("Iteration", "Group", "Code", "In the file", "New", "Changed", "On record, not in the file")
    for iteration in plan.iterations:
        for chapter in iteration.chapters:
            statuses = [row.status for row in chapter.documents]
            table.add_row(
                iteration.outline.title,
                chapter.outline.name,
                chapter.outline.code,
                str(len(statuses)),
                str(statuses.count("new")),
                str(statuses.count("changed")),
                str(len(chapter.absent)),
            )
    console.print(table)
    for iteration in plan.iterations:
        for chapter in iteration.chapters:
            if not chapter.documents:
                console.print(f"{iteration.outline.title}: {chapter.outline.name} is empty.", markup=False)
            for row in chapter.documents:
                if row.changes:
                    console.print(f"{row.draft.code}: {_show_change(row.changes)}", markup=False)
    for announcement in plan.outline.announced:
        console.print(f"Announced, not on the page: {announcement.text}", markup=False)
    for piece in plan.outline.unplaced:
        console.print(f"Not placed, line {piece.line or '?'}: {piece.text} ({piece.reason})", markup=False)
    if plan.changes_nothing:
        console.print("Nothing changes.")
    elif preview:
        console.print("Nothing was written: this is a preview.")
    else:
        console.print("Imported.")


def _show_change(pieces: tuple[Piece, ...]) -> str:
    marks = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@click.group("lineage")
def lineage_group() -> None:
    """What became of each draft."""


@lineage_group.command("propose")
@click.option("--process", "slug", required=True, help="The process whose iterations are compared.")
def propose(slug: str) -> None:
    """Propose edges between each iteration and the next; people accept or reject them on the site."""
    prepare_home()
    process = Process.objects.select_related("body").filter(slug=slug).first()
    if process is None:
        raise click.UsageError(f"There is no process {slug}.")
    iterations = list(process.iterations.order_by("number"))
    if len(iterations) < 2:
        raise click.UsageError(f"{slug} has fewer than two iterations; lineage lies between two.")
    for earlier, later in pairwise(iterations):
        made = propose_edges(actor=OPERATOR, earlier=earlier, later=later)
        click.echo(f"{earlier.title} → {later.title}: {len(made)} new proposals")
