"""A document's text as it is stored: the passages of a revision, and the revisions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harken.documents.models import Document, Revision, Version
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


# SQLite takes 32,766 values in one query, unless it was built to take more.
_MOST_VALUES = 30_000


def load_passages(revision: Revision | None) -> list[StoredPassage]:
    """The passages of a revision, in order. One query for each 30,000; none for a document without a revision."""
    return load_passages_of([revision])[revision.pk] if revision else []


def load_passages_of(revisions: Sequence[Revision]) -> dict[int, list[StoredPassage]]:
    """The passages of each revision, in order, by the revision's key. One query for each 30,000 versions."""
    ids = list(dict.fromkeys(pk for revision in revisions for pk in revision.version_ids))
    found: dict[int, tuple[object, ...]] = {}
    for start in range(0, len(ids), _MOST_VALUES):
        versions = Version.objects.filter(pk__in=ids[start : start + _MOST_VALUES])
        found.update((row[0], row) for row in versions.values_list(*_FIELDS))
    return {revision.pk: list(_passages_of(revision, found)) for revision in revisions}


def _passages_of(revision: Revision, found: Mapping[int, tuple[Any, ...]]) -> Iterator[StoredPassage]:
    blanks: Sequence[int | None] = revision.blanks or [None] * len(revision.version_ids)
    for pk, blank in zip(revision.version_ids, blanks, strict=True):
        yield StoredPassage(*(*found[pk], blank))


def find_revision(document: Document, number: int) -> Revision | None:
    """A document's revision by its number. One query."""
    return Revision.objects.filter(document=document, number=number).first()
