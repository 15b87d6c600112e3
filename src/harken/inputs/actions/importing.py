"""Bringing in what was said elsewhere: in batches, each of which is in the ledger whole or not at all.

The same post is known by its source and its id there. What is there already adds nothing, so an import that was
stopped at any point is taken up by running it again; changed words become a further wording of the same input. Posts
are taken from an iterable one by one: however long it is, one batch is in memory.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, record_event
from harken.base.permits import require
from harken.core.talk.model import Finding, Post, Thread
from harken.documents.models import Document
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.batches import BatchCounts, ImportTask, SaidThere, write_batch
from harken.inputs.actions.recording import NotAboutThat
from harken.inputs.actions.sources import ConsentSources
from harken.inputs.models import Consent, Source, TextKind
from harken.inputs.permissions import may_import_inputs
from harken.inputs.queries.named import NamedTexts
from harken.inputs.queries.rules import phases_for_input
from harken.inputs.queries.texts import texts_to_speak_of

BATCH: Final = 2_000
MOST_REFERENCES: Final = 20
MOST_EXAMPLES: Final = 200
"""So many findings are kept in full; all are counted."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is. `seconds` since it began; `share` of its source, from 0 to 1, or None if nobody knows."""

    added: int
    changed: int
    same: int
    findings: int
    seconds: float
    share: float | None

    @property
    def posts(self) -> int:
        """How many posts were looked at."""
        return self.added + self.changed + self.same

    @property
    def seconds_left(self) -> float | None:
        """How long it will take from here, if it goes on as until now."""
        if self.share is None or self.share <= 0:
            return None
        return self.seconds * max(1 - self.share, 0) / min(self.share, 1)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: inputs added, inputs that got a further wording, inputs that were there as they are.

    `late` says how many of those added were said when the phase for input had closed: they are kept, and marked.
    `reasons` counts what could not be placed, or not as it came, by the findings' reasons; `examples` are the first.
    """

    added: int
    changed: int
    same: int
    late: int
    reasons: dict[str, int]
    examples: tuple[Finding, ...]
    seconds: float

    @property
    def changes_nothing(self) -> bool:
        """Whether all of it was in the ledger before."""
        return not self.added and not self.changed


class _Findings:
    """All findings counted, the first kept."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self.examples: list[Finding] = []

    def add(self, finding: Finding) -> None:
        self.reasons[finding.reason] += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(finding)


def import_posts(
    *,
    actor: Actor,
    source: Source,
    posts: Iterable[Thread | Post | Finding],
    document: Document | None = None,
    kind: TextKind = TextKind.MESSAGE,
    agreed: Consent | None = None,
    share: Callable[[], float | None] = lambda: None,
    progress: Callable[[ImportProgress], None] | None = None,
    batch_size: int = BATCH,
    is_fixed: bool = False,
    origin: str = "import",
) -> ImportReport:
    """Put posts into the ledger as inputs of `source`, about `document` if given; `kind` is what their texts were.

    A post that names a text itself, or whose heading does, is about that. What its speaker agreed to less than
    `source` says, or `agreed` of all that is brought, comes to lie in a source beside it; see `ConsentSources`.
    Where nothing that was said can be changed any more (`is_fixed`: mail), other words under a known id are an input of
    their own: else whoever knows a Message-ID could put words into somebody's mouth.
    `share` is asked how much of the source was read (0 to 1), `progress` is told after each batch. Each batch is a
    transaction, with audit events at the beginning and the end of the whole. Raises `NotAboutThat`; what the iterable
    raises goes through, with the batches before it written.
    """
    require(may_import_inputs(actor, source.process))
    if document is not None and document.iteration.process_id != source.process_id:
        raise NotAboutThat(_("%(document)s belongs to another process.") % {"document": document.code})
    began = time.monotonic()
    record_event(actor=actor, verb="began importing", subject=source, origin=origin)
    findings = _Findings()

    @cache
    def texts() -> NamedTexts:
        return NamedTexts(texts_to_speak_of(documents_visible_to(actor, source.process)), document)

    task = ImportTask(
        actor=actor,
        origin=origin,
        source=source,
        sources=ConsentSources(actor=actor, source=source, agreed=agreed),
        document=document.pk if document else None,
        texts=texts,
        kind=kind,
        is_fixed=is_fixed,
        find=findings.add,
        began=timezone.now(),
        questions=dict(source.process.guiding_questions.values_list("text", "pk")),
        giving=phases_for_input(source.process),
    )
    counts = BatchCounts()
    for batch in _batches(posts, findings, batch_size):
        with transaction.atomic():
            written = write_batch(task, batch)
        counts += written
        if progress is not None:
            seen = sum(findings.reasons.values())
            progress(ImportProgress(counts.added, counts.changed, counts.same, seen, time.monotonic() - began, share()))
    report = ImportReport(
        counts.added,
        counts.changed,
        counts.same,
        counts.late,
        dict(findings.reasons),
        tuple(findings.examples),
        time.monotonic() - began,
    )
    detail = {
        "added": report.added,
        "changed": report.changed,
        "same": report.same,
        "late": report.late,
        "findings": report.reasons,
    }
    record_event(actor=actor, verb="imported inputs", subject=source, detail=detail, origin=origin)
    return report


def _batches(posts: Iterable[Thread | Post | Finding], findings: _Findings, size: int) -> Iterator[list[SaidThere]]:
    batch: list[SaidThere] = []
    for item in posts:
        if isinstance(item, Finding):
            findings.add(item)
            continue
        for said in _walk(item):
            batch.append(said)
            if len(batch) == size:
                yield batch
                batch = []
    if batch:
        yield batch


def _walk(item: Thread | Post) -> Iterator[SaidThere]:
    """Every post with what it replies to, each before its replies, however deep."""
    key, heading, top = (item.id, item.heading, item.posts) if isinstance(item, Thread) else ("", "", (item,))
    stack: list[tuple[Iterator[Post], str]] = [(iter(top), "")]
    while stack:
        posts, above = stack[-1]
        post = next(posts, None)
        if post is None:
            stack.pop()
            continue
        references = post.extra.get("references", "").split()[-MOST_REFERENCES:-1]
        yield SaidThere(post, key, post.heading or heading, post.parent_id or above, tuple(reversed(references)))
        stack.append((iter(post.replies), post.id))
