"""What stands in the editor: saved as a revision, or kept until it is."""

from collections.abc import Mapping

from django.db import transaction

from harken.base.permits import require
from harken.documents.actions.saving import NoSuchRevision, Saved, discard_kept_text, keep_text, save_revision
from harken.documents.merging import Choice, merge_texts
from harken.documents.models import ChangeClass, Document, KeptText, Revision
from harken.documents.permissions import may_edit_document
from harken.documents.queries.texts import find_revision, load_passages
from harken.documents.section_text import draft_content
from harken.documents.typed_text import TypedText, read_typed
from harken.people.models import User


@transaction.atomic
def save_typed(
    *,
    actor: User,
    document: Document,
    typed: TypedText,
    base: int,
    choices: Mapping[int, Choice] | None = None,
    note: str = "",
    change_class: ChangeClass | str = "",
) -> Saved:
    """Save what was typed on revision `base`, and forget what was kept of it.

    Raises what `save_revision` raises, and `CannotKeepField`.
    """
    require(may_edit_document(actor, document))
    began = _require_base(document, base)
    written_on = load_passages(began)
    saved = save_revision(
        actor=actor,
        document=document,
        passages=read_typed(typed, written_on, document),
        base=base,
        loaded={began.pk: written_on},
        choices=choices,
        note=note,
        change_class=change_class,
    )
    discard_kept_text(actor=actor, document=document)
    return saved


@transaction.atomic
def keep_typed(*, actor: User, document: Document, typed: TypedText, base: int) -> KeptText | None:
    """Keep what was typed on revision `base` until it is saved; nothing of it when the text says all of it already.

    Raises `NoSuchRevision`, `CannotKeep`.
    """
    require(may_edit_document(actor, document))
    if _says_already(document, typed, base):
        discard_kept_text(actor=actor, document=document)
        return None
    return keep_text(actor=actor, document=document, base=base, fields=typed.to_json())


def _require_base(document: Document, number: int) -> Revision:
    found = find_revision(document, number)
    if found is None:
        raise NoSuchRevision.of(number)
    return found


def _says_already(document: Document, typed: TypedText, base: int) -> bool:
    """Whether saving what was typed would change nothing."""
    began = load_passages(_require_base(document, base))
    drafts = read_typed(typed, began, document)
    theirs = load_passages(document.current)
    if document.current is not None and document.current.number != base:
        merged = merge_texts(base=began, theirs=theirs, mine=drafts, choices={}, lang=document.lang)
        if merged.conflicts:
            return False
        drafts = list(merged.passages)
    now = [(passage.content, passage.blank) for passage in theirs]
    return [(draft_content(draft, document.lang), draft.blank) for draft in drafts] == now
