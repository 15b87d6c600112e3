"""Bringing a file or an address in, whoever asks: each part of it into its own source."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harken.base.actions import Actor
from harken.documents.models import Document
from harken.inputs.actions.importing import ImportProgress, ImportReport, import_posts
from harken.inputs.actions.sources import open_source
from harken.inputs.foreign import Part
from harken.inputs.models import Channel, Consent, TextKind
from harken.people.models import Group
from harken.processes.models import Process


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """Where something comes from and on what terms; `source` is what it is known by when it comes again.

    `group` is the body in the tree that it speaks for, `group_name` one outside of it, `headcount` how many people
    that are; `collected_at` is when it was collected, where that was not just now.
    """

    source: str = ""
    title: str = ""
    address: str = ""
    consent: Consent = Consent.PUBLIC
    licence: str = ""
    lang: str = ""
    group: Group | None = None
    group_name: str = ""
    headcount: int | None = None
    collected_at: datetime.datetime | None = None


def bring_in(
    *,
    actor: Actor,
    process: Process,
    parts: Iterable[Part],
    channel: Channel,
    name: str,
    terms: ImportTerms,
    kind: TextKind = TextKind.MESSAGE,
    document: Document | None = None,
    is_fixed: bool = False,
    progress: Callable[[ImportProgress], None] | None = None,
    origin: str = "import",
) -> list[ImportReport]:
    """Put every part into the ledger; `name` is what a source is known by that has no key of its own.

    Raises what `import_posts` and reading the parts raise, with what was written before.
    """
    reports = []
    for part in parts:
        key = f"{terms.source}/{part.key}" if terms.source and part.key else terms.source or part.key or name
        source = open_source(
            actor=actor,
            process=process,
            channel=channel,
            key=key,
            title=terms.title or part.title or key,
            address=part.address or terms.address,
            lang=terms.lang,
            consent=terms.consent,
            licence=terms.licence,
            group=terms.group,
            group_name=terms.group_name,
            headcount=terms.headcount,
            collected_at=terms.collected_at,
        )
        reading = part.reading
        reports.append(
            import_posts(
                actor=actor,
                source=source,
                posts=part.entries,
                document=document,
                kind=kind,
                agreed=terms.consent,
                share=lambda reading=reading: reading.share,  # type: ignore[misc] # mypy sees no default here
                progress=progress,
                is_fixed=is_fixed,
                origin=origin,
            )
        )
    return reports
