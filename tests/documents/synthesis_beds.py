"""Drafts and the text that is made of them, for the tests of the synthesis."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents
from harken.documents.models import (
    Chapter,
    Document,
    Passage,
    Revision,
    Version,
)
from harken.documents.queries.synthesis import SynthesisBench, synthesis_bench
from harken.documents.queries.texts import load_passages
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration
from tests.cast import Cast, draft


@dataclass(frozen=True, slots=True)
class Beds:
    """Three drafts of the first iteration, and a text of the second that says one thing of its own."""

    sources: list[Document]
    target: Document
    later: Iteration


def make_beds(cast: Cast) -> Beds:
    """Everything that belongs to the first two iterations of the garden."""
    iterations = [
        add_iteration(actor=OPERATOR, process=cast.process, number=number, title=f"Iteration {number}")
        for number in (1, 2)
    ]
    chapters = [
        Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
        for iteration in iterations
    ]
    sources = create_documents(
        actor=OPERATOR,
        chapter=chapters[0],
        drafts=[
            draft("AD-R1", "Water by hand", 1, "Cans stand at every bed.", "Children fill them in the morning."),
            draft("AD-R2", "Share the tools", 2, "One shed for the whole street.", "Its key hangs at the bakery."),
            draft("AD-R3", "Paint the fences", 3, "Yellow paint is cheap.", "Nobody likes to paint alone."),
        ],
    )
    [target] = create_documents(
        actor=OPERATOR,
        chapter=chapters[1],
        drafts=[draft("AD-R1", "Tend the beds together", 1, "A garden is work that is shared.")],
        publish=False,
    )
    return Beds(sources, target, iterations[1])


def ids(document: Document) -> dict[str, str]:
    """The public ids of a document's passages, by their words."""
    document.refresh_from_db()
    return {passage.text: passage.public_id for passage in load_passages(document.current)}


def words(document: Document) -> list[str]:
    return list(ids(document))


def states(bench: SynthesisBench) -> dict[str, str]:
    """What the text makes of each passage of the sources, by its words."""
    rows = [row for source in bench.sources for row in source.rows]
    texts = dict(Version.objects.values_list("passage__public_id", "text"))
    return {texts[row.public_id]: row.state.value for row in rows}


def bench_of(beds: Beds) -> SynthesisBench:
    beds.target.refresh_from_db()
    return synthesis_bench(beds.target, beds.sources)


def everything_of(documents: list[Document]) -> list[list[dict[str, Any]]]:
    """All rows that make up some documents."""
    pks = [one.pk for one in documents]
    kept: tuple[QuerySet[Any], ...] = (
        Document.objects.filter(pk__in=pks),
        Passage.objects.filter(document__in=pks),
        Revision.objects.filter(document__in=pks),
        Version.objects.filter(passage__document__in=pks),
    )
    return [list(rows.order_by("pk").values()) for rows in kept]
