"""What is brought with the browser: kept while it is looked at, corrected, and put into the ledger by a job."""

import datetime
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.core.talk.tables.mapping import TableMapping as Mapping
from harken.documents.models import Document
from harken.inputs.actions.bringing import ImportTerms, bring_in
from harken.inputs.actions.forgetting import STANDS_STILL, put_files_away
from harken.inputs.actions.importing import ImportProgress
from harken.inputs.actions.known import KnownKeys
from harken.inputs.brought import CHANNELS, KINDS, Format, open_brought
from harken.inputs.foreign import CannotRead
from harken.inputs.models import Consent, ImportDraft, ImportFile, TableMapping, TextKind
from harken.inputs.permissions import may_import_inputs, may_see_draft
from harken.inputs.queries.sources import find_speaking_group
from harken.inputs.storable import keep_storable
from harken.people.models import User
from harken.processes.models import Process

MOST_EXAMPLES: Final = 50


class AlreadyImported(Exception):
    """A draft was put into the ledger already, or that is under way."""


def keep_draft(
    *,
    actor: User,
    process: Process,
    kind: Format,
    files: "Sequence[UploadedFile[Any]]",
    terms: dict[str, Any],
    origin: str = "form",
) -> ImportDraft:
    """Keep what was brought.

    `terms` are those of `ImportTerms` in the words of the form, and what a `Brought` is read with: the zone, a live
    page's address, a document's id.
    """
    require(may_import_inputs(actor, process))
    names = [unicodedata.normalize("NFC", keep_storable(file.name or ""))[-250:] for file in files]
    draft = ImportDraft(
        process=process,
        by=actor,
        channel=CHANNELS[kind],
        name=", ".join(names)[:250] or terms.get("address", "")[-250:],
        terms={**terms, "format": kind.value},
        at=timezone.now(),
    )
    kept = [ImportFile(draft=draft, name=name) for name in names]
    # Nobody else's have this, so what is at these places is of this draft alone, whole or not.
    mark = secrets.token_hex(8)
    for number, one in enumerate(kept, start=1):
        one.file.name = one.file.field.generate_filename(one, f"{mark}-{number}{_suffix(one.name)}")
    try:
        # Nobody waits in a transaction while files are written.
        for one, file in zip(kept, files, strict=True):
            one.file.storage.save(one.file.name, file)
        with transaction.atomic():
            draft.save()
            ImportFile.objects.bulk_create(kept)
            record_event(actor=actor, verb="brought a file", subject=draft, origin=origin)
    except BaseException:
        for one in kept:
            one.file.storage.delete(str(one.file.name))
        raise
    return draft


def _suffix(name: str) -> str:
    """The end of a file's name by which readers tell what it is; nothing else of the name reaches the disk."""
    parts = [part for part in name.lower().split(".")[1:][-2:] if part.isascii() and part.isalnum() and len(part) < 8]
    return "".join(f".{part}" for part in parts)


@transaction.atomic
def map_columns(*, actor: User, draft: ImportDraft, mapping: Mapping, save_as: str = "") -> None:
    """Say which column of a survey is what; under a name it can be used again. Raises `AlreadyImported`."""
    require(may_see_draft(actor, draft))
    held = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    if held.started_at is not None:
        raise AlreadyImported(_("This is in the ledger already, or on its way there."))
    held.terms = {**held.terms, "mapping": mapping.to_json()}
    held.save(update_fields=["terms"])
    if save_as.strip():
        kept = {"mapping": {"json": mapping.to_json()}, "by": actor, "at": timezone.now()}
        TableMapping.objects.update_or_create(process=held.process, name=save_as.strip()[:100], defaults=kept)
    record_event(actor=actor, verb="mapped columns", subject=held, detail={"kept as": save_as.strip()}, origin="form")


def stands_still(draft: ImportDraft) -> bool:
    """Whether it was begun, is not done, and has said nothing for long: killed, or its job waits for a worker.

    Either way it can be begun again and adds nothing twice.
    """
    began = draft.started_at
    return began is not None and draft.imported_at is None and began < timezone.now() - STANDS_STILL


def goes_on(draft: ImportDraft) -> None:
    """Say that an import is still under way."""
    ImportDraft.objects.filter(pk=draft.pk, imported_at=None).update(started_at=timezone.now())


@transaction.atomic
def start_import(*, actor: User, draft: ImportDraft) -> None:
    """Say that it begins, once, or again where it stands still. Raises `AlreadyImported`."""
    require(may_see_draft(actor, draft))
    now = timezone.now()
    waits = Q(started_at=None) | Q(started_at__lt=now - STANDS_STILL)
    if not ImportDraft.objects.filter(waits, pk=draft.pk, imported_at=None).update(started_at=now):
        raise AlreadyImported(_("This is in the ledger already, or on its way there."))
    record_event(actor=actor, verb="started import", subject=draft, origin="form")


@transaction.atomic
def drop_draft(*, actor: Actor, draft: ImportDraft) -> None:
    """Forget what was brought; what is in the ledger stays. Raises `AlreadyImported`, also while it goes there."""
    require(may_see_draft(actor, draft))
    held = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    if held.started_at is not None and not stands_still(held):
        raise AlreadyImported(_("This is in the ledger already, or on its way there."))
    record_event(actor=actor, verb="dropped a file", subject=held, origin="form")
    put_files_away(held)
    held.delete()


def import_draft(*, actor: User, draft: ImportDraft, progress: Callable[[ImportProgress], None]) -> ImportDraft:
    """Put a draft into the ledger, its files away; what fails half way can be begun again and adds nothing twice.

    Of two jobs for one draft (one that waited long looks as if it stood still) the later leaves alone what is done.
    """
    require(may_see_draft(actor, draft))
    draft.refresh_from_db(fields=["terms", "report", "started_at", "imported_at"])
    if draft.imported_at is not None:
        return draft
    # Whatever comes of this one, it changes nothing about what another has done meanwhile.
    undone = ImportDraft.objects.filter(pk=draft.pk, imported_at=None)
    terms = draft.terms
    document = Document.objects.filter(pk=terms.get("document") or 0).select_related("iteration").first()
    try:
        with open_brought(draft) as brought:
            reports = bring_in(
                actor=actor,
                process=draft.process,
                parts=brought.read(keys=KnownKeys(draft)),
                channel=CHANNELS[brought.format],
                name=draft.name,
                terms=_terms_of(draft),
                kind=KINDS.get(brought.format, TextKind.MESSAGE),
                document=document,
                progress=progress,
                origin="form",
            )
    except CannotRead as error:
        undone.update(report={"failure": str(error)}, started_at=None)
        raise
    except BaseException:
        # Whoever looks at it next can begin it again.
        undone.update(started_at=None)
        raise
    reasons: dict[str, int] = {}
    for report in reports:
        for reason, count in report.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + count
    examples = [one for report in reports for one in report.examples][:MOST_EXAMPLES]
    told = {
        "added": sum(report.added for report in reports),
        "changed": sum(report.changed for report in reports),
        "same": sum(report.same for report in reports),
        "late": sum(report.late for report in reports),
        "reasons": reasons,
        "examples": [[one.place, one.reason, one.text[:300]] for one in examples],
    }
    # First, so that whoever is killed between the two leaves files that are forgotten later, and none that is missed.
    undone.update(report=told, imported_at=timezone.now())
    put_files_away(draft)
    draft.refresh_from_db(fields=["report", "started_at", "imported_at"])
    return draft


def _terms_of(draft: ImportDraft) -> ImportTerms:
    terms = draft.terms
    group, group_name = find_speaking_group(draft.process, terms.get("group", ""))
    collected = terms.get("collected")
    return ImportTerms(
        source=terms.get("source", ""),
        title=terms.get("title", ""),
        address=terms.get("origin") or terms.get("address", ""),
        consent=Consent(terms.get("consent") or Consent.PUBLIC),
        licence=terms.get("licence", ""),
        lang=terms.get("lang", ""),
        group=group,
        group_name=group_name,
        headcount=terms.get("headcount"),
        collected_at=datetime.datetime.fromisoformat(collected) if collected else None,
    )
