"""How a text came to be what it is: its revisions, one of them as it was, and two of them compared."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from harken.documents.comparing import Comparison, compare_texts, texts_of_revision
from harken.documents.models import ChangeClass, Document, Revision
from harken.documents.queries.heirs import find_heirs_between
from harken.documents.queries.texts import load_passages_of

ROWS_ON_A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision in the history; `published_at` says since when readers have seen it.

    `override_reason` is why `published_by`, an organiser, showed it although what `blocking` lists was not settled.
    """

    number: int
    at: datetime.datetime
    author_name: str
    change_class: str
    note: str
    credits: Sequence[str]
    published_at: datetime.datetime | None
    published_by: str | None
    override_reason: str | None
    blocking: Sequence[object] | None

    @property
    def change_name(self) -> str:
        """What its change class is called in the interface's language; nothing where none was chosen."""
        return str(ChangeClass(self.change_class).label) if self.change_class else ""


_FIELDS: Final = (
    "number",
    "at",
    "author_name",
    "change_class",
    "note",
    "credits",
    "publication__at",
    "publication__by_name",
    "publication__override_reason",
    "publication__blocking",
)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some revisions, the newest first; `before` leads to older ones (None: there are none)."""

    rows: tuple[RevisionRow, ...]
    before: int | None
    is_newest: bool


def history_page(document: Document, *, only_published: bool, before: int | None = None) -> HistoryPage:
    """The revisions of `document` up to number `before`, or the newest. One query, whichever page is asked for."""
    revisions = Revision.objects.filter(document=document)
    if only_published:
        revisions = revisions.filter(publication__isnull=False)
    if before is not None:
        revisions = revisions.filter(number__lt=before)
    found = [RevisionRow(*row) for row in revisions.order_by("-number").values_list(*_FIELDS)[: ROWS_ON_A_PAGE + 1]]
    rows = tuple(found[:ROWS_ON_A_PAGE])
    return HistoryPage(rows, rows[-1].number if len(found) > ROWS_ON_A_PAGE else None, is_newest=before is None)


def find_shown_revision(document: Document, number: int, *, only_published: bool) -> Revision | None:
    """A revision by its number, if it may be shown, with its publication. One query."""
    revisions = Revision.objects.filter(document=document, number=number).select_related("publication")
    if only_published:
        revisions = revisions.filter(publication__isnull=False)
    return revisions.first()


def names_since(document: Document, number: int) -> tuple[str, ...]:
    """Who saved revisions after `number`, in the order in which they did. One query."""
    names = Revision.objects.filter(document=document, number__gt=number).order_by("number")
    return tuple(dict.fromkeys(names.values_list("author_name", flat=True)))


def compare_revisions(
    document: Document, old: Revision, new: Revision, *, show_unchanged: bool = False, side_by_side: bool = False
) -> Comparison:
    """The changes from revision `old` to the later `new`. Two queries."""
    passages = load_passages_of([old, new])
    heirs = find_heirs_between(old, new)
    return compare_texts(
        texts_of_revision(passages[old.pk]),
        texts_of_revision(passages[new.pk]),
        {str(origin): [str(heir) for heir in found] for origin, found in heirs.items()},
        template=document.template,
        lang=document.lang,
        show_unchanged=show_unchanged,
        side_by_side=side_by_side,
    )
