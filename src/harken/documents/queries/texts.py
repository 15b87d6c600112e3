"""A document's text as it is stored: the passages of a revision, and the revisions."""

from collections.abc import Sequence

from harken.documents.models import Document, Publication, Revision, Version
from harken.documents.section_text import StoredPassage

_FIELDS = (
    "pk",
    "passage_id",
    "passage__public_id",
    "kind",
    "section",
    "lang",
    "marker",
    "level",
    "text",
    "html",
)


def load_passages(revision: Revision | None) -> list[StoredPassage]:
    """The passages of a revision, in order. One query; none for a document without a revision."""
    if revision is None:
        return []
    ids = revision.version_ids
    blanks: Sequence[int | None] = revision.blanks or [None] * len(ids)
    found = {row[0]: row for row in Version.objects.filter(pk__in=ids).values_list(*_FIELDS)}
    return [StoredPassage(*(*found[pk], blank)) for pk, blank in zip(ids, blanks, strict=True)]


def find_revision(document: Document, number: int) -> Revision | None:
    """A document's revision by its number. One query."""
    return Revision.objects.filter(document=document, number=number).first()


def published_numbers(document: Document) -> list[int]:
    """The numbers of the revisions readers have seen, the newest first. One query."""
    numbers = Publication.objects.filter(document=document).order_by("-revision__number")
    return list(numbers.values_list("revision__number", flat=True))
