"""Texts from the command line: `harken import outline`, `harken import origins`, `harken lineage propose`."""

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
from harken.core.outline.decoding import decode_text
from harken.core.text.diff import Piece
from harken.documents.actions.lineage import propose_edges
from harken.documents.actions.links import propose_links
from harken.documents.actions.origins import import_origins
from harken.documents.actions.outline import NothingToImport, import_outline
from harken.documents.origin_table import NotATable, read_origin_table
from harken.documents.permissions import documents_visible_to
from harken.documents.queries.origin_plan import OriginPlan, PlannedOrigin, plan_origins
from harken.documents.queries.outline_plan import OutlinePlan, plan_outline, plan_to_json
from harken.processes.commands import find_process
from harken.processes.models import Iteration, Process

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


@import_group.command("origins")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--process", "slug", required=True, help="The process the texts belong to.")
@click.option("--iteration", "iteration_slug", required=True, help="The iteration whose texts come from the drafts.")
@click.option("--reason", default="", help="Why, for the lines that do not say.")
@click.option("--leave-unknown", is_flag=True, help="Leave aside the lines that cannot be done, and write the others.")
@click.option("--preview", is_flag=True, help="Show what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def origins(
    source: Path, slug: str, iteration_slug: str, reason: str, *, leave_unknown: bool, preview: bool, as_json: bool
) -> None:
    """Import an origin table: which drafts each text of an iteration comes from, as CSV or as lines with an arrow."""
    prepare_home()
    iteration = (
        Iteration.objects.select_related("process__body").filter(process__slug=slug, slug=iteration_slug).first()
    )
    if iteration is None:
        raise click.UsageError(f"There is no iteration {iteration_slug} in a process {slug}.")
    try:
        if source.stat().st_size > MOST_BYTES:
            raise click.UsageError(f"{source} is too large: a table may be {MOST_BYTES // 1_000_000} MB at most.")
        text, _notes = decode_text(source.read_bytes())
        lines = read_origin_table(text)
    except OSError as error:
        raise click.UsageError(f"{source}: {error.strerror or error}.") from error
    except (NotATable, OutlineError) as error:
        raise click.UsageError(f"{source}: {error}") from error
    plan = plan_origins(iteration, lines, documents_visible_to(OPERATOR, iteration.process), default_reason=reason)
    told = [f"Line {problem.line}: {problem.sentence}" for problem in plan.problems]
    if told and not (preview or leave_unknown):
        raise click.UsageError("\n".join([*told, "Nothing was written; --leave-unknown writes the other lines."]))
    if not preview:
        import_origins(actor=OPERATOR, plan=plan, source=source.name)
    if as_json:
        click.echo(json.dumps(_origins_to_json(plan, preview=preview), ensure_ascii=False, indent=2))
    else:
        _print_origins(plan, told, preview=preview)


def _origin_to_json(edge: PlannedOrigin) -> dict[str, str | int]:
    return {
        "line": edge.line,
        "draft": edge.earlier.code if edge.earlier else "",
        "document": edge.later.code if edge.later else "",
        "kind": edge.kind.value,
        "reason": edge.reason,
        "status": edge.status,
    }


def _origins_to_json(plan: OriginPlan, *, preview: bool) -> dict[str, object]:
    return {
        "planned" if preview else "written": [_origin_to_json(edge) for edge in plan.to_write],
        "there_already": plan.same,
        "problems": [{"line": problem.line, "sentence": problem.sentence} for problem in plan.problems],
    }


def _print_origins(plan: OriginPlan, told: list[str], *, preview: bool) -> None:
    console = Console()
    for edge in plan.to_write:
        ends = " → ".join([edge.earlier.code if edge.earlier else "∅", edge.later.code if edge.later else "∅"])
        console.print(f"{ends}, {edge.kind.value}: {edge.reason}", markup=False)
    for sentence in told:
        console.print(sentence, markup=False)
    if not plan.to_write:
        console.print("Nothing changes.")
    elif preview:
        console.print("Nothing was written: this is a preview.")
    else:
        console.print(f"Imported {len(plan.to_write)} edges; {plan.same} were there already.")


@click.group("lineage")
def lineage_group() -> None:
    """What became of each draft."""


@lineage_group.command("propose")
@click.option("--process", "slug", required=True, help="The process whose iterations are compared.")
def propose(slug: str) -> None:
    """Propose edges between each iteration and the next; people accept or reject them on the site."""
    prepare_home()
    process = find_process(slug)
    iterations = list(process.iterations.order_by("number"))
    if len(iterations) < 2:
        raise click.UsageError(f"{slug} has fewer than two iterations; lineage lies between two.")
    for earlier, later in pairwise(iterations):
        made = propose_edges(actor=OPERATOR, earlier=earlier, later=later)
        click.echo(f"{earlier.title} → {later.title}: {len(made)} new proposals")


@click.group("links")
def links_group() -> None:
    """How the texts of an iteration hang together."""


@links_group.command("propose")
@click.option("--process", "slug", required=True, help="The process whose texts are looked through.")
@click.option("--iteration", "iteration_slug", default="", help="One iteration; all of them unless given.")
def propose_links_among(slug: str, iteration_slug: str) -> None:
    """Propose links among the texts of each iteration; people accept or reject them on the site."""
    prepare_home()
    iterations = Iteration.objects.filter(process__slug=slug).select_related("process__body").order_by("number")
    if iteration_slug:
        iterations = iterations.filter(slug=iteration_slug)
    if not iterations:
        raise click.UsageError(f"There is no iteration {iteration_slug} in a process {slug}.".replace("  ", " "))
    for iteration in iterations:
        made = propose_links(actor=OPERATOR, iteration=iteration)
        click.echo(f"{iteration.title}: {len(made)} new proposals")
