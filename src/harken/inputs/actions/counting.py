"""The numbers of inputs: kept by whoever writes inputs, and counted anew when somebody doubts them."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Sum

from harken.base.actions import Actor, record_event
from harken.base.bulk import Statements
from harken.base.permits import require
from harken.inputs.models import Input, InputCount, LanguageCount, Source
from harken.processes.models import Process
from harken.processes.permissions import may_edit_process

PARTS: Final = 16
"""So many people can write inputs about one document at once before one waits for another's count."""

_ADD: Final = (
    "INSERT INTO inputs_inputcount (process_id, source_id, document_id, part, inputs) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (source_id, (COALESCE(document_id, 0)), part) "
    "DO UPDATE SET inputs = inputs_inputcount.inputs + excluded.inputs"
)
_ADD_LANGUAGE: Final = (
    "INSERT INTO inputs_languagecount (process_id, source_id, lang, inputs) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (source_id, lang) DO UPDATE SET inputs = inputs_languagecount.inputs + excluded.inputs"
)


class Counted(NamedTuple):
    """An input to be counted: its source, the id of its document, its own id."""

    source: Source
    document_id: int | None
    pk: int


def count_inputs(
    statements: Statements, *, source: Source, document_id: int | None, inputs: int, first_id: int
) -> None:
    """Add so many inputs, the first of which is `first_id`, to the numbers. Part of their transaction."""
    statements.add(_ADD, [source.process_id, source.pk, document_id, first_id % PARTS, inputs])


def count_all(statements: Statements, counted: Iterable[Counted]) -> None:
    """Add inputs to the numbers of their sources and documents. Part of their transaction.

    Each number is added to once, and in the same order by everybody, so that no two wait for each other.
    """
    inputs: dict[tuple[int, int], list[Counted]] = {}
    for one in counted:
        inputs.setdefault((one.source.pk, one.document_id or 0), []).append(one)
    for key in sorted(inputs, key=lambda key: (key[0], key[1])):
        first, number = inputs[key][0], len(inputs[key])
        count_inputs(statements, source=first.source, document_id=first.document_id, inputs=number, first_id=first.pk)


def count_moved(*, process_id: int, moves: Mapping[tuple[int, int | None], int]) -> None:
    """Add to the numbers of sources and documents, given by their ids, or take away what is below zero.

    Part of the transaction that moves inputs; one number after the other in the order of `count_all`. A number has
    several rows, and none of them is left below zero while another holds something: lists ask for those above it.
    """
    for (source, document), change in sorted(moves.items(), key=lambda move: (move[0][0], move[0][1] or 0)):
        left = change
        if change < 0:
            rows = InputCount.objects.filter(source=source, document=document).order_by("part")
            for row in rows.select_for_update(no_key=True):
                taken = min(row.inputs, -left)
                if taken > 0:
                    InputCount.objects.filter(pk=row.pk).update(inputs=F("inputs") - taken)
                    left += taken
        if left:
            with connection.cursor() as cursor:
                cursor.execute(_ADD, [process_id, source, document, 0, left])


def count_languages(inputs: Mapping[tuple[int, int, str], int]) -> None:
    """Add so many inputs, by the ids of process and source and the language, to the numbers of languages.

    Part of the transaction that sets the languages.
    """
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_LANGUAGE, [(*key, inputs[key]) for key in sorted(inputs)])


@transaction.atomic
def recount_inputs(*, actor: Actor, process: Process) -> int:
    """Count a process's inputs anew; returns how many of its numbers were wrong. Writes wait meanwhile."""
    require(may_edit_process(actor, process))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Whoever has counted but not yet committed is waited for; whoever comes later counts on top.
            cursor.execute("LOCK TABLE inputs_inputcount, inputs_languagecount IN SHARE ROW EXCLUSIVE MODE")
    counts = InputCount.objects.filter(process=process)
    sums = counts.values_list("source", "document").annotate(sum=Sum("inputs")).order_by()
    kept = {(source, document): inputs for source, document, inputs in sums if inputs}
    rows = Input.objects.filter(process=process).values_list("source", "document").annotate(count=Count("pk"))
    found = {(source, document): inputs for source, document, inputs in rows.order_by()}
    wrong = [key for key in kept.keys() | found.keys() if kept.get(key) != found.get(key)]
    if wrong:
        counts.delete()
        InputCount.objects.bulk_create(
            InputCount(process=process, source_id=source, document_id=document, part=0, inputs=inputs)
            for (source, document), inputs in found.items()
        )
    number = len(wrong) + _recount_languages(process)
    if number:
        record_event(actor=actor, verb="recounted inputs", subject=process, detail={"wrong": number})
    return number


def _recount_languages(process: Process) -> int:
    """The same for languages, which are counted when an input is prepared."""
    counts = LanguageCount.objects.filter(process=process)
    rows = counts.exclude(inputs=0).values_list("source", "lang", "inputs")
    kept = {(source, lang): inputs for source, lang, inputs in rows}
    prepared = Input.objects.filter(process=process, is_prepared=True).order_by()
    counted = prepared.values_list("source", "lang").annotate(count=Count("pk"))
    found = {(source, lang): inputs for source, lang, inputs in counted}
    wrong = [key for key in kept.keys() | found.keys() if kept.get(key) != found.get(key)]
    if wrong:
        counts.delete()
        LanguageCount.objects.bulk_create(
            LanguageCount(process=process, source_id=source, lang=lang, inputs=inputs)
            for (source, lang), inputs in found.items()
        )
    return len(wrong)
