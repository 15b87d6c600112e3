"""Coding by hand: say that what somebody said belongs to a theme, take that back, decide on what was proposed."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.analysis.actions.placing import begin_change, find_theme, place_inputs
from harken.analysis.models import Coding, CodingState, Extract, Theme, ThemedExtract
from harken.analysis.permissions import may_code_inputs
from harken.analysis.queries.themes import ids_shown_as
from harken.base.actions import Actor, Event, name_of, record_event, record_events
from harken.base.permits import require
from harken.inputs.models import Input, Wording
from harken.inputs.permissions import inputs_visible_to, may_see_input
from harken.processes.models import Process


class NotQuoted(Exception):
    """The words are not in what was said."""


@transaction.atomic
def code_input(*, actor: Actor, said: Input, theme: Theme, quote: str = "", origin: str = "") -> ThemedExtract:
    """Say that words of an input belong to a theme; without a `quote` all of it does.

    The words have to stand in its newest wording, apart from how their lines break, and are kept as they stand there;
    where they stand several times, the first counts. What is coded so already stays so.
    Raises `NotQuoted`, `NotATheme`.
    """
    process = said.process
    require(may_code_inputs(actor, process))
    require(may_see_input(actor, said))
    # Whoever corrects or redacts it at the same time comes first, or sees what was coded.
    Input.objects.select_for_update(of=("self",), no_key=True).get(pk=said.pk)
    begin_change(process)
    found = find_theme(process, theme)
    wording = Wording.objects.get(input=said, number=F("input__versions"))
    extract = _take_extract(wording, quote)
    accepted = ThemedExtract.objects.filter(extract=extract, state=CodingState.ACCEPTED)
    themed = accepted.filter(theme__in=ids_shown_as(found)).first()
    if themed is not None:
        return themed
    _record(actor, [extract], found, CodingState.ACCEPTED)
    place_inputs(process, [said.pk])
    detail = {"theme": found.code, "extract": extract.pk}
    record_event(actor=actor, verb="coded input", subject=said, detail=detail, origin=origin)
    return ThemedExtract.objects.get(extract=extract, theme=found)


@transaction.atomic
def code_inputs(*, actor: Actor, process: Process, inputs: QuerySet[Input], theme: Theme, origin: str = "") -> int:
    """Say of several inputs that all of each belongs to a theme; how many were not coded so before.

    What `actor` cannot see is left alone. All are held at once: whoever has many gives them in parts.
    Raises `NotATheme`.
    """
    require(may_code_inputs(actor, process))
    chosen = inputs_visible_to(actor, process, among=inputs.filter(process=process))
    held = chosen.select_related("source").order_by("pk").select_for_update(of=("self",), no_key=True)
    found = list(held)
    begin_change(process)
    theme = find_theme(process, theme)
    wholes = ThemedExtract.objects.filter(input__in=found, theme__in=ids_shown_as(theme), extract__start__isnull=True)
    known = set(wholes.filter(state=CodingState.ACCEPTED).values_list("extract__wording", flat=True))
    wordings = Wording.objects.filter(input__in=found, number=F("input__versions")).exclude(pk__in=known)
    extracts = _take_wholes(list(wordings.order_by("input")))
    _record(actor, extracts, theme, CodingState.ACCEPTED)
    coded = {extract.input_id for extract in extracts}
    place_inputs(process, coded)
    now, by, kind = timezone.now(), actor.pk if actor.is_authenticated else None, Input._meta.label_lower
    record_events(
        Event(now, by, name_of(actor), "coded input", kind, said.pk, str(said), {"theme": theme.code}, origin)
        for said in found
        if said.pk in coded
    )
    return len(coded)


def _take_wholes(wordings: Sequence[Wording]) -> list[Extract]:
    """The extracts that are all of these wordings, made where there were none."""
    known = {one.wording_id: one for one in Extract.objects.filter(wording__in=wordings, start__isnull=True)}
    now = timezone.now()
    made = Extract.objects.bulk_create(
        Extract(input_id=wording.input_id, wording=wording, at=now) for wording in wordings if wording.pk not in known
    )
    return [*known.values(), *made]


@transaction.atomic
def decide_coding(*, actor: Actor, themed: ThemedExtract, state: CodingState, origin: str = "") -> ThemedExtract:
    """Accept what was proposed, reject it, or take back what was accepted: a further coding, which now counts.

    Whoever rejects it rejects all that pages show as this one (`extracts_of`): none of them stands up in its place.
    """
    process, said = themed.theme.process, themed.input
    require(may_code_inputs(actor, process))
    require(may_see_input(actor, said))
    begin_change(process)
    before = ThemedExtract.objects.select_related("extract", "theme").get(pk=themed.pk)
    meant = _shown_as_one(before) if state == CodingState.REJECTED else [before]
    decided = [one for one in meant if one.state != state]
    if not decided:
        return before
    for one in decided:
        _record(actor, [one.extract], one.theme, state)
    place_inputs(process, [said.pk])
    detail = {"theme": before.theme.code, "extract": before.extract_id, "before": before.state, "now": state.value}
    record_event(actor=actor, verb="decided on coding", subject=said, detail=detail, origin=origin)
    before.state = state
    return before


def _shown_as_one(themed: ThemedExtract) -> list[ThemedExtract]:
    """What pages show as this: the extract under themes that are one now, and each wording where it is the whole."""
    same = Q(extract__start__isnull=True) if themed.extract.start is None else Q(extract=themed.extract_id)
    found = ThemedExtract.objects.filter(same, input=themed.input_id, theme__in=ids_shown_as(themed.theme))
    return list(found.select_related("extract", "theme").order_by("pk"))


def _record(actor: Actor, extracts: Sequence[Extract], theme: Theme, state: CodingState) -> None:
    """Add a coding of each extract, and let it be what counts of that and the theme.

    Part of a transaction that `begin_change` began; `place_inputs` follows.
    """
    by, name, now = actor.pk if actor.is_authenticated else None, name_of(actor), timezone.now()
    codings = Coding.objects.bulk_create(
        Coding(extract=extract, theme=theme, state=state, by_id=by, by_name=name, at=now) for extract in extracts
    )
    ThemedExtract.objects.bulk_create(
        [
            ThemedExtract(extract=extract, theme=theme, input_id=extract.input_id, coding=coding, state=state)
            for extract, coding in zip(extracts, codings, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["extract", "theme"],
        update_fields=["coding", "state"],
    )


def _take_extract(wording: Wording, quote: str) -> Extract:
    """The extract of these words, made where nobody quoted them before."""
    words = quote.split()
    response, start, end = _find_words(wording, words) if words else (None, None, None)
    made = {"input_id": wording.input_id, "at": timezone.now()}
    return Extract.objects.get_or_create(wording=wording, response_id=response, start=start, end=end, defaults=made)[0]


def _find_words(wording: Wording, words: Sequence[str]) -> tuple[int | None, int, int]:
    """Where the words stand: in the response with an id, or (None) in the text itself; from where to where."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    if found := pattern.search(wording.text):
        return None, *found.span()
    for response in wording.responses.all():
        if found := pattern.search(response.text):
            return response.pk, *found.span()
    raise NotQuoted(_("These words are not in what was said. Copy them from it, as they stand there."))
