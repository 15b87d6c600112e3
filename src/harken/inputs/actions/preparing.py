"""What every input gets after it was recorded, so that neither speaking nor importing waits for it.

Its language where nobody said it, when it should have its answer, the words it is found by, and the campaign it
belongs to. A worker does this every few seconds in batches, each of which is one transaction: whatever is killed half
way goes on where it was, and what is prepared once is not prepared again.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from harken.core.sense.languages import detect_languages
from harken.core.text.words import index_terms
from harken.inputs.actions.counting import count_languages
from harken.inputs.actions.grouping import group_campaigns
from harken.inputs.actions.indexing import Spoken, read_spoken
from harken.inputs.actions.notices import notify_of_replies
from harken.inputs.models import Input, Redaction, Wording
from harken.inputs.queries.rules import GIVE_INPUT, rules_of
from harken.inputs.words import INPUT_WORDS
from harken.inputs.written_in import PAGE_LANG, count_letters, is_written_as, likely_languages
from harken.processes.permissions import stands_open
from harken.processes.queries import phases_of

BATCH: Final = 500
_FEW_LETTERS: Final = 40
"""With fewer, words say too little to be sure of, whatever they are in; with more, they are in a language unknown."""

_UPDATE: Final = (
    "UPDATE inputs_input SET lang = %s, stance = %s, due_at = COALESCE(due_at, %s), is_prepared = %s WHERE id = %s"
)


def prepare_inputs(limit: int = 20_000) -> int:
    """Prepare the oldest inputs that are not; returns how many were, fewer than `limit` when there are no more."""
    done = 0
    while done < limit:
        waiting = Input.objects.filter(is_prepared__isnull=True).order_by("pk").prefetch_related("process__phases")
        batch = list(waiting[: min(BATCH, limit - done)])
        if not batch:
            break
        _prepare(batch)
        done += len(batch)
    return done


def _prepare(batch: Sequence[Input]) -> None:
    # The slow part holds nobody up: it comes before the transaction.
    read = {one.said.pk: one for one in read_spoken(batch)}
    languages = _detect([one for one in read.values() if not one.said.lang])
    words = {pk: index_terms(one.text, one.said.lang or languages.get(pk, "")) for pk, one in read.items()}
    due = _find_due(batch)
    with transaction.atomic():
        waiting = Input.objects.filter(pk__in=list(read), is_prepared__isnull=True).order_by("pk")
        # Whoever prepares, corrects or redacts one of them at the same time came first, or waits for this.
        locked = list(waiting.select_for_update(of=("self",), no_key=True))
        _read_again(locked, read, words)
        for said in locked:
            said.lang = said.lang or languages.get(said.pk, "")
            said.stance = read[said.pk].stance or None
        _write(locked, words, due)
        group_campaigns(locked)


def _read_again(locked: Sequence[Input], read: dict[int, Spoken], words: dict[int, list[str]]) -> None:
    """What was said otherwise, redacted, or given a language, since it was read."""
    redacted = set(Redaction.objects.filter(input__in=[said.pk for said in locked]).values_list("input", flat=True))
    changed = [
        said
        for said in locked
        if said.pk in redacted or (said.versions, said.lang) != (read[said.pk].said.versions, read[said.pk].said.lang)
    ]
    for one in read_spoken(changed) if changed else ():
        read[one.said.pk] = one
        words[one.said.pk] = index_terms(one.text, one.said.lang)


def _detect(unknown: Sequence[Spoken]) -> dict[int, str]:
    """The languages that can be told, by the ids of inputs."""
    by_process: dict[int, list[Spoken]] = {}
    for one in unknown:
        by_process.setdefault(one.said.process_id, []).append(one)
    found: dict[int, str] = {}
    for several in by_process.values():
        tags = likely_languages(tuple(several[0].said.process.languages))
        # By trigrams alone, which takes a tenth of the memory; what they are not sure of stays unknown.
        detected = detect_languages([one.own or one.text for one in several], tags, careful=False)
        found.update((one.said.pk, told.tag) for one, told in zip(several, detected, strict=True))
    few = [one for one in unknown if not found[one.said.pk] and count_letters(one.own) < _FEW_LETTERS]
    return {**found, **_languages_of_pages(few)} if few else found


def _languages_of_pages(few: Sequence[Spoken]) -> dict[int, str]:
    """The languages of the pages that words too few to tell theirs were written on, where they are written like these.

    One query.
    """
    newest = Wording.objects.filter(input__in=[one.said.pk for one in few], number=F("input__versions")).order_by()
    pages = {pk: extra.get(PAGE_LANG, "") for pk, extra in newest.values_list("input_id", "extra")}
    return {one.said.pk: lang for one in few if (lang := pages.get(one.said.pk, "")) and is_written_as(one.own, lang)}


def _find_due(batch: Sequence[Input]) -> dict[int, datetime.datetime]:
    """When each should have its answer: so many days after the phase that took it closes, or after it was recorded."""
    days: dict[int, int] = {}
    due: dict[int, datetime.datetime] = {}
    for said in batch:
        process = said.process
        if process.pk not in days:
            days[process.pk] = rules_of(process).answer_days
        ends = [
            phase.closes_at
            for phase in phases_of(process)
            if GIVE_INPUT in phase.actions and phase.closes_at and stands_open(phase, said.recorded_at)
        ]
        due[said.pk] = max(ends, default=said.recorded_at) + datetime.timedelta(days=days[process.pk])
    return due


def _write(locked: Sequence[Input], words: Mapping[int, Sequence[str]], due: Mapping[int, datetime.datetime]) -> None:
    moment = connection.ops.adapt_datetimefield_value
    rows = [(said.lang, said.stance, moment(due[said.pk]), True, said.pk) for said in locked]
    with connection.cursor() as cursor:
        cursor.executemany(_UPDATE, rows)
    INPUT_WORDS.write((said.pk, words[said.pk]) for said in locked)
    count_languages(Counter((said.process_id, said.source_id, said.lang) for said in locked))
    notify_of_replies(locked)
