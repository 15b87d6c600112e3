"""What a draft's page shows to its group: the current revision, what is said beside it, and what it still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.documents.models import Document, Remark, Revision
from harken.documents.passage_html import AssembledText, assemble_text
from harken.documents.queries.consensus import ConsensusPanel, consensus_of
from harken.documents.queries.findings import FindingsReport, find_in_document
from harken.documents.queries.marginalia import PassageCounts, RemarkRow, count_marginalia, loose_anchors
from harken.documents.queries.synthesis import OriginRow, passage_origins
from harken.documents.queries.texts import load_passages


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft and what its group has to see; `is_newer` says that readers see another revision, or none."""

    text: AssembledText
    revision: Revision
    is_newer: bool
    counts: dict[str, PassageCounts]
    origins: dict[str, tuple[OriginRow, ...]]
    loose: Sequence[RemarkRow]
    report: FindingsReport
    consensus: ConsensusPanel | None

    @property
    def suggestions(self) -> int:
        """How many suggestions wait."""
        return sum(counts.suggestions + counts.stale for counts in self.counts.values())


def draft_page(document: Document, user: Actor, remarks: QuerySet[Remark]) -> DraftPage:
    """What the group sees at `document`'s draft; `remarks` are those `user` may see. A fixed number of queries."""
    if document.current is None:
        raise ValueError(f"{document} has no revision.")
    passages = load_passages(document.current)
    return DraftPage(
        text=assemble_text(
            passages,
            lang=document.lang,
            template=document.template,
            passage_pages="../passages/",
            nothing_yet=_("Nothing stands here yet."),
            no_longer=_("No longer in the template. What was written here stays in the text."),
        ),
        revision=document.current,
        is_newer=document.current_id != document.published_id,
        counts=count_marginalia(document, reads_draft=True),
        origins=passage_origins(document, document.current),
        loose=loose_anchors(remarks, document),
        report=find_in_document(document, passages),
        consensus=consensus_of(document, published=False, viewer=user),
    )
