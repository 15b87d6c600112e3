"""Where input comes from: opened once, found again when the same thing is brought in again."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.frozen_query import FrozenQuery
from harken.base.permits import require
from harken.inputs.consent import STRICTNESS, strictest
from harken.inputs.models import Channel, Consent, Meeting, Source
from harken.inputs.permissions import may_change_source, may_import_inputs
from harken.inputs.queries.sources import find_speaking_group, name_speaking_group
from harken.inputs.storable import fit_key, keep_storable
from harken.people.models import Group
from harken.processes.actions import mark_changed
from harken.processes.keeping import keep_with, twin_of
from harken.processes.models import Process

# What people agree to lies on the source, so what they say on this site has one source for each consent.
FORM_KEYS: Final = {
    Consent.PUBLIC: "form",
    Consent.NAMELESS: "form-nameless",
    Consent.CLOSED: "form-closed",
}
# Asked whenever somebody says something.
_FORM: Final = FrozenQuery(
    lambda process, key: Source.objects.filter(process=process, channel=Channel.FORM.value, key=key), texts=("key",)
)


@transaction.atomic
def open_source(
    *,
    actor: Actor,
    process: Process,
    channel: Channel,
    key: str,
    title: str,
    address: str = "",
    lang: str = "",
    consent: Consent = Consent.PUBLIC,
    licence: str = "",
    group: Group | None = None,
    group_name: str = "",
    headcount: int | None = None,
    collected_at: datetime.datetime | None = None,
) -> Source:
    """The source of a channel that `key` names: the one on record as it is, else a new one."""
    require(may_import_inputs(actor, process))
    now = timezone.now()
    source, is_new = Source.objects.get_or_create(
        process=process,
        channel=channel,
        key=fit_key(key),
        defaults={
            "title": keep_storable(title)[:300],
            "address": keep_storable(address),
            "lang": lang,
            "consent": consent,
            "licence": licence,
            "group": group,
            "group_name": group_name,
            "headcount": headcount,
            "collected_by_id": actor.pk if actor.is_authenticated else None,
            "collected_by_name": name_of(actor),
            "collected_at": collected_at or now,
            "recorded_at": now,
        },
    )
    if is_new:
        record_event(actor=actor, verb="opened source", subject=source, detail={"channel": channel, "key": source.key})
    return source


class ConsentSources:
    """A source, and those beside it for what was brought with it but agreed to less.

    Consent lies on the source, so the rows of one file may come to lie in up to three. Each has a key made of the
    first one's, which finds it again; it is opened when something is to lie in it. `agreed` is what whoever brings it
    says of all of it: what is new is never open to more people than that, nor than the first source is. `first` has
    the terms of the last look.
    """

    def __init__(self, *, actor: Actor, source: Source, agreed: Consent | None = None) -> None:
        self._actor = actor
        self.first = source
        self._agreed = agreed or Consent.PUBLIC
        self._of_all = strictest(Consent(source.consent), self._agreed)
        self.sources: dict[int, Source] = {}
        self._chosen: dict[Consent | None, Source] = {}

    def look(self) -> None:
        """Find those there are, on the terms of now; who holds the first one's row holds all of them. One query."""
        first = self.first
        self.sources = {one.pk: one for one in sources_beside(first)}
        # Its terms may have been put right since the import began.
        self.first = self.sources[first.pk]
        self._of_all = strictest(Consent(self.first.consent), self._agreed)
        self._chosen = {}
        for one in self.sources.values():
            one.process = first.process

    def consent_of(self, source_id: int) -> Consent:
        """What was agreed to of what lies in one of them."""
        return Consent(self.sources[source_id].consent)

    def for_consent(self, said: Consent | None) -> Source:
        """Where something new comes to lie whose own speaker agreed to `said`. Part of the transaction writing it."""
        if said not in self._chosen:
            wanted = strictest(self._of_all, said or Consent.PUBLIC)
            found = next((one for one in self.sources.values() if one.consent == wanted), None)
            self._chosen[said] = found or self._open(wanted)
        return self._chosen[said]

    def _open(self, consent: Consent) -> Source:
        first = self.first
        opened = open_source(
            actor=self._actor,
            process=first.process,
            channel=Channel(first.channel),
            key=_key_beside(first, consent),
            title=first.title,
            address=first.address,
            lang=first.lang,
            consent=consent,
            licence=first.licence,
            group=first.group,
            group_name=first.group_name,
            headcount=first.headcount,
            collected_at=first.collected_at,
        )
        self.sources[opened.pk] = opened
        return opened


def sources_beside(first: Source) -> QuerySet[Source]:
    """A source, and those beside it for what was brought with it but agreed to less; see `ConsentSources`."""
    keys = [first.key, *(_key_beside(first, consent) for consent in STRICTNESS)]
    beside = Source.objects.filter(process=first.process_id, channel=first.channel, key__in=keys)
    return beside.select_related("group").order_by("pk")


def _key_beside(source: Source, consent: Consent) -> str:
    # With the id no other file's name is the same by chance.
    return fit_key(f"{source.key}~{consent.value}~{source.pk}")


def form_source(process: Process, consent: Consent = Consent.PUBLIC) -> Source:
    """The source of what people say on this site with a consent. Part of the transaction that writes it."""
    key = FORM_KEYS[consent]
    for found in keep_with(process, ("form source", key), lambda: _FORM.objects(process=process.pk, key=key)):
        source: Source = twin_of(found)
        source.process = process
        return source
    now = timezone.now()
    return Source.objects.get_or_create(
        process=process,
        channel=Channel.FORM,
        key=key,
        defaults={
            "title": process.name,
            "lang": process.lang,
            "consent": consent,
            "collected_by_name": process.name[:150],
            "collected_at": now,
            "recorded_at": now,
        },
    )[0]


class LooserConsent(Exception):
    """A source would be open to more people than those who spoke agreed to."""


class ToldByMeeting(Exception):
    """What would be put right about a source is what its meeting says."""


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """What can be put right about a source; `speaks_for` as `find_speaking_group` reads it."""

    title: str
    collected_at: datetime.datetime
    address: str = ""
    lang: str = ""
    consent: Consent = Consent.PUBLIC
    licence: str = ""
    speaks_for: str = ""
    headcount: int | None = None


MEETING_SAYS: Final = ("title", "lang", "group", "group_name", "headcount", "collected_at")
"""What a meeting's report says of the source that its points lie in."""


@transaction.atomic
def change_source_terms(*, actor: Actor, source: Source, terms: SourceTerms, origin: str = "") -> Source:
    """Put right where something came from and on what terms; the inputs stay as they were recorded.

    What was brought with it but agreed to less lies beside it (`ConsentSources`) and gets the same terms. A stricter
    consent holds at once, also for what lies beside; a looser one is refused. The audit event tells what was said
    before and is said now. Raises `LooserConsent`, `ToldByMeeting`.
    """
    require(may_change_source(actor, source))
    process = source.process
    first = _first_of(source)
    # Whoever imports into one of them meanwhile came first, or brings the next batch in on the terms of now.
    Source.objects.select_for_update(no_key=True).get(pk=first.pk)
    rows = {one.pk: one for one in sources_beside(first)}
    there = rows[source.pk]
    columns = _columns_of(process, there, terms)
    meeting_says = not _differences(there, columns).keys().isdisjoint(MEETING_SAYS)
    if meeting_says and Meeting.objects.filter(source=there).exists():
        raise ToldByMeeting(_("The report of the meeting says this: put it right there."))
    return _put_right(actor, process, there, list(rows.values()), columns, terms.consent, origin)


def tell_by_meeting(
    *, actor: Actor, process: Process, source: Source, says: Mapping[str, Any], consent: Consent | None, origin: str
) -> Source:
    """Put right what a meeting says of its source: `MEETING_SAYS`, and a consent that may be stricter than before.

    Part of the transaction that writes the meeting down, and under its permit. Raises `LooserConsent`.
    """
    there = Source.objects.select_for_update(of=("self",), no_key=True).select_related("group").get(pk=source.pk)
    return _put_right(actor, process, there, [there], says, consent or Consent(there.consent), origin)


def _put_right(
    actor: Actor,
    process: Process,
    there: Source,
    rows: Sequence[Source],
    columns: Mapping[str, Any],
    consent: Consent,
    origin: str,
) -> Source:
    """Change a source whose first one is held, where anything differs; of all `rows`, the first one is in front."""
    if strictest(Consent(there.consent), consent) != consent:
        raise LooserConsent(_("Those who spoke agreed to less. Only they can agree to more."))
    detail = _differences(there, {**columns, "consent": consent.value})
    if not detail:
        return there
    Source.objects.filter(pk__in=[one.pk for one in rows]).update(**columns)
    for one in rows if there.pk == rows[0].pk else [there]:
        Source.objects.filter(pk=one.pk).update(consent=strictest(Consent(one.consent), consent))
    there.refresh_from_db()
    record_event(actor=actor, verb="changed source", subject=there, detail=detail, origin=origin)
    mark_changed(process)
    return there


def _first_of(source: Source) -> Source:
    """The source that this one lies beside, or itself."""
    # It was there before what lies beside it. A process may have very many sources, and only their keys are needed.
    older = Source.objects.filter(process=source.process_id, channel=source.channel, pk__lt=source.pk)
    keys = (
        (one, _key_beside(one, consent))
        for one in older.only("process", "channel", "key").iterator()
        for consent in STRICTNESS
    )
    return next((one for one, key in keys if key == source.key), source)


def _columns_of(process: Process, there: Source, terms: SourceTerms) -> dict[str, Any]:
    # Left as it is shown it means whom it meant, whoever came to be called so since.
    is_same = terms.speaks_for.strip() == name_speaking_group(there).strip()
    group, group_name = (there.group, there.group_name) if is_same else find_speaking_group(process, terms.speaks_for)
    return {
        "title": keep_storable(terms.title.strip())[:300] or there.title,
        "address": keep_storable(terms.address.strip()),
        "lang": terms.lang,
        "licence": keep_storable(terms.licence.strip())[:100],
        "group": group,
        "group_name": group_name,
        "headcount": terms.headcount,
        "collected_at": terms.collected_at,
    }


def _differences(there: Source, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What was said before and is said now, of each column that changes."""
    before = {name: getattr(there, name) for name in columns}
    return {name: [_as_json(before[name]), _as_json(now)] for name, now in columns.items() if before[name] != now}


def _as_json(value: Any) -> Any:
    if isinstance(value, Group):
        return value.code
    return value.isoformat() if isinstance(value, datetime.datetime) else value
