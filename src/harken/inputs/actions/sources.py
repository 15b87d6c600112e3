"""Where input comes from: opened once, found again when the same thing is brought in again."""

import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from harken.base.actions import Actor, name_of, record_event
from harken.base.frozen_query import FrozenQuery
from harken.base.permits import require
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
