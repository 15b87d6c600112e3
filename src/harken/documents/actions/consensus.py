"""Where members of a group stand on its text, how much of that readers see, and who accepts a text."""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.documents.actions.locking import lock_document
from harken.documents.actions.saving import NoSuchRevision
from harken.documents.models import (
    Acceptance,
    Document,
    Position,
    PositionKind,
    PositionsShown,
)
from harken.documents.permissions import may_accept_document, may_show_positions, may_state_position
from harken.documents.queries.consensus import acceptance_of, newest_position
from harken.documents.queries.texts import find_revision
from harken.documents.section_text import CannotKeep, check_text
from harken.people.models import User
from harken.processes.actions import mark_changed

MOST_WORDS: Final = 5_000
"""How many characters a position's words may have."""


class NoWords(Exception):
    """Whoever does not simply consent says why."""


class TextMovedOn(Exception):
    """The text's meaning has changed since it was read."""


@transaction.atomic
def state_position(
    *, actor: User, document: Document, revision: int, kind: PositionKind, words: str = "", lang: str = ""
) -> Position:
    """State where one stands on the revision of this number, in place of what one said before, which stays on record.

    The position carries how much the group shows readers at this moment; they never see more of its words and name.
    `lang` is the language of the words, the document's by default. Saying the same again writes nothing.
    Raises `NoWords`, `NoSuchRevision`, `CannotKeep`.
    """
    require(may_state_position(actor, document))
    locked = lock_document(document)
    said = check_text(words).strip()
    if kind != PositionKind.CONSENT and not said:
        raise NoWords(_("Say why, in a few words: the group can only answer what it knows."))
    if len(said) > MOST_WORDS:
        raise CannotKeep(_("Your words are longer than %(most)s characters.") % {"most": f"{MOST_WORDS:,}"})
    read = find_revision(locked, revision)
    if read is None:
        raise NoSuchRevision(_("This text has no revision %(number)s.") % {"number": revision})
    before = newest_position(locked, actor.pk)
    fields = {"kind": kind, "words": said, "lang": lang or locked.lang, "shown": locked.positions_shown}
    if before and before.revision_id == read.pk and all(getattr(before, key) == fields[key] for key in fields):
        return before
    made = Position.objects.create(revision=read, user=actor, name=name_of(actor), at=timezone.now(), **fields)
    _mark_readers_page(locked)
    # What was said is for the group: the audit event tells only that something was.
    record_event(actor=actor, verb="stated position", subject=locked, detail={"revision": read.number})
    return made


@transaction.atomic
def show_positions(*, actor: Actor, document: Document, shown: PositionsShown) -> None:
    """Set how much readers see of where members stand. Of what was said before they see no more than they did."""
    require(may_show_positions(actor, document))
    locked = lock_document(document)
    before = locked.positions_shown
    if before == shown:
        return
    locked.positions_shown = document.positions_shown = shown
    locked.save(update_fields=["positions_shown"])
    if locked.published_id:
        mark_changed(locked.iteration.process)
    record_event(
        actor=actor, verb="set positions shown", subject=locked, detail={"before": before, "after": str(shown)}
    )


def _mark_readers_page(document: Document) -> None:
    if document.published_id and document.positions_shown != PositionsShown.NOTHING:
        mark_changed(document.iteration.process)


@transaction.atomic
def accept_document(*, actor: User, document: Document, revision: int) -> Acceptance:
    """Accept the published revision of a text that asks for it; `revision` is the number of the one that was read.

    Whose acceptance holds already keeps it. Raises `TextMovedOn` where readers see another revision by now.
    """
    require(may_accept_document(actor, document))
    locked = lock_document(document)
    published, panel = locked.published, acceptance_of(locked, actor)
    if published is None or panel is None or published.number != revision:
        raise TextMovedOn(_("The text has changed while you read it. Read it as it is now, then accept it."))
    if panel.stands and panel.mine is not None:
        return Acceptance.objects.get(revision__document=locked, revision__number=panel.mine, user=actor)
    made = Acceptance.objects.create(revision=published, user=actor, name=name_of(actor), at=timezone.now())
    if panel.count or (acceptance_of(locked, actor) or panel).count:
        mark_changed(locked.iteration.process)  # below, readers see the same words
    record_event(actor=actor, verb="accepted document", subject=locked, detail={"revision": published.number})
    return made
