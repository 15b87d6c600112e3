"""Where input comes from: opened once, found again when the same thing is brought in again."""

import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor, name_of, record_event
from harken.base.frozen_query import FrozenQuery
from harken.base.permits import require
from harken.inputs.consent import STRICTNESS, strictest
from harken.inputs.models import Channel, Consent, Source
from harken.inputs.permissions import may_import_inputs
from harken.inputs.storable import fit_key, keep_storable
from harken.people.models import Group
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
    says of all of it: what is new is never open to more people than that, nor than the first source is.
    """

    def __init__(self, *, actor: Actor, source: Source, agreed: Consent | None = None) -> None:
        self._actor = actor
        self._first = source
        self._of_all = strictest(Consent(source.consent), agreed or Consent.PUBLIC)
        self.sources: dict[int, Source] = {}
        self._chosen: dict[Consent | None, Source] = {}

    def look(self) -> None:
        """Find those there are; who holds the first one's row holds all of them. One query."""
        first = self._first
        keys = [_key_beside(first, consent) for consent in STRICTNESS]
        beside = Source.objects.filter(process=first.process_id, channel=first.channel, key__in=keys)
        self.sources = {first.pk: first, **{one.pk: one for one in beside}}
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
        first = self._first
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
            collected_at=first.collected_at,
        )
        self.sources[opened.pk] = opened
        return opened


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
