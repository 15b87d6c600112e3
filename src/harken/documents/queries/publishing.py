"""What a group looks at before it shows a text to readers."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from harken.core.text.compare import ComparedPassage, compare_documents, compare_pair
from harken.documents.changes_html import render_pieces
from harken.documents.models import Document, PassageKind, Publication
from harken.documents.queries.findings import FindingsReport, find_in_document
from harken.documents.queries.heirs import find_heirs_between
from harken.documents.queries.texts import load_passages_of

# Changed passages that are shown with their words; the comparison shows all.
MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A passage readers will see anew, or no longer: what changed in it as safe HTML, and the language it is in."""

    relation: str
    lang: str
    html: str


@dataclass(frozen=True, slots=True)
class PublishingPage:
    """The revision that would be shown, what is new in it for readers, and what it lacks.

    `title` is the draft's own; `published` the number of the revision readers see now, None where there is none.
    """

    title: str
    title_lang: str
    number: int
    published: int | None
    counts: dict[str, int]
    changed: tuple[ChangedPassage, ...]
    left_out: int
    report: FindingsReport
    last: Publication | None

    @property
    def is_same(self) -> bool:
        """Whether readers see the newest revision already."""
        return self.number == self.published


def publishing_page(document: Document) -> PublishingPage:
    """What showing `document`'s current revision would change. At most nine queries."""
    if document.current is None:
        raise ValueError(f"{document} has no revision.")
    revisions = [revision for revision in (document.current, document.published) if revision]
    texts = load_passages_of(revisions)
    new = texts[document.current.pk]
    rows: list[ComparedPassage] = []
    if document.published:
        old = texts[document.published.pk]
        rows = compare_documents(
            [(str(one.passage_id), one.version_id, one.text) for one in old],
            [(str(one.passage_id), one.version_id, one.text) for one in new],
            {
                str(earlier): [str(later) for later in heirs]
                for earlier, heirs in find_heirs_between(document.published, document.current).items()
            },
        )
    languages = {str(one.passage_id): one.lang for passages in texts.values() for one in passages}
    changes = [row for row in rows if row.relation != "same"]
    shown = [
        ChangedPassage(
            row.relation, languages[row.passage_id], render_pieces(compare_pair(row), languages[row.passage_id])
        )
        for row in changes[:MOST_SHOWN]
    ]
    title = next((one for one in new if one.kind == PassageKind.TITLE), None)
    return PublishingPage(
        title=title.text if title else document.title,
        title_lang=title.lang if title else document.lang,
        number=document.current.number,
        published=document.published.number if document.published else None,
        counts=dict(Counter(row.relation for row in changes)),
        changed=tuple(shown),
        left_out=max(0, len(changes) - MOST_SHOWN),
        report=find_in_document(document, new),
        last=Publication.objects.filter(document=document).order_by("-id").first(),
    )
