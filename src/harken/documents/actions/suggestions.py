"""Suggestions: proposed, accepted in whole or in part, declined, withdrawn and renewed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor, name_of, record_event
from harken.base.permits import require
from harken.core.text.diff import change_class
from harken.core.text.hunks import CannotApply, apply_hunks, split_hunks
from harken.documents.actions.following import WAITING, family_of, put_on
from harken.documents.actions.locking import hold, lock_document
from harken.documents.actions.publication import NotReady, publish_revision
from harken.documents.actions.saving import save_revision
from harken.documents.carrying import STALE, Carried, carry_over, clean_words, read_words
from harken.documents.models import (
    ChangeClass,
    Document,
    PassageKind,
    Publication,
    Revision,
    Suggestion,
    SuggestionState,
    Version,
)
from harken.documents.permissions import (
    may_decide_suggestion,
    may_read_draft,
    may_suggest,
    may_withdraw_suggestion,
)
from harken.documents.queries.heirs import find_heirs_between
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage
from harken.processes.actions import mark_changed


class TextMovedOn(Exception):
    """The words a suggestion changes were changed by others, or are gone; a person has to look at it again."""


class NothingProposed(Exception):
    """The text says this already, or the same was proposed by the same person."""


class NoReason(Exception):
    """A suggestion, and declining one, needs a reason in words."""


class AlreadyDecided(Exception):
    """Somebody decided about the suggestion, or its author withdrew it."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting: the revision that says it, whether readers see that already, whether all was taken."""

    suggestion: Suggestion
    revision: Revision
    is_published: bool
    is_whole: bool


def _moved_on() -> TextMovedOn:
    return TextMovedOn(_("The same words were changed meanwhile. Read how the passage stands now, and propose anew."))


@transaction.atomic
def suggest_words(
    *,
    actor: Actor,
    document: Document,
    version: Version,
    words: str,
    reason: str,
    is_private: bool = False,
) -> Suggestion:
    """Propose `words` in place of what `version` says, none to strike the passage, with a reason.

    On the published text, or `is_private` on the draft, for its group alone. What was written while the passage moved
    on is carried over. Raises `TextMovedOn`, `NothingProposed`, `NoReason`, `CannotKeep`.
    """
    require(may_suggest(actor, document))
    if is_private:
        require(may_read_draft(actor, document))
    if not reason.strip():
        raise NoReason(_("Say why, in a few words: whoever decides will read it."))
    proposed = clean_words(words)
    locked = lock_document(document)
    revision = locked.current if is_private else locked.published
    if revision is None:
        raise _moved_on()
    passages = {passage.passage_id: passage for passage in load_passages(revision)}
    carried = _carry_to(locked, version, proposed, passages, is_private=is_private)
    if carried.state == "covered":
        raise NothingProposed(_("The passage says this already."))
    if carried.state == "stale" or carried.passage_id is None:
        raise _moved_on()
    passage = passages[carried.passage_id]
    if not carried.words and passage.kind == PassageKind.TITLE:
        raise NothingProposed(_("A document needs its title: propose another one."))
    author_id = actor.pk if actor.is_authenticated else None
    suggestion = Suggestion(
        document=document,
        base=version,
        text=proposed,
        lang=passage.lang,
        reason=reason.strip(),
        author_id=author_id,
        author_name=name_of(actor),
        at=timezone.now(),
        is_private=is_private,
    )
    put_on(suggestion, carried, passages)
    same = _same_as(suggestion).filter(author_id=author_id, author_name=suggestion.author_name)
    if same.exists():
        raise NothingProposed(_("You proposed these words already."))
    suggestion.save()
    detail = {"passage": passage.public_id, "words": suggestion.words, "reason": suggestion.reason}
    _note(actor, suggestion, "suggested words", detail)
    return suggestion


def _carry_to(
    document: Document, version: Version, words: str, passages: dict[int, StoredPassage], *, is_private: bool
) -> Carried:
    """A suggestion as it would be on `passages`, wherever it was begun."""
    present = passages.get(version.passage_id)
    if present is None:
        return STALE
    if present.version_id == version.pk:
        return Carried("covered" if words == present.text else "clean", present.passage_id, words)
    if not is_private and not _was_published(document, version.pk):
        return STALE
    return carry_over(version.text, words, [(present.passage_id, present.text)])


def _was_published(document: Document, version_id: int) -> bool:
    shown = (
        Publication.objects.filter(document=document).order_by("-pk").values_list("revision__version_ids", flat=True)
    )
    return any(version_id in version_ids for version_ids in shown)


def _same_as(suggestion: Suggestion) -> QuerySet[Suggestion]:
    """Open suggestions that propose the same for the same version."""
    return Suggestion.objects.filter(
        document_id=suggestion.document_id,
        on_id=suggestion.on_id,
        words=suggestion.words,
        is_private=suggestion.is_private,
        state=SuggestionState.OPEN,
    )


def _note(actor: Actor, suggestion: Suggestion, verb: str, detail: dict[str, Any]) -> None:
    """The audit event, and where readers see the suggestion, the end of what is cached."""
    if not suggestion.is_private:
        mark_changed(suggestion.document.iteration.process)
    record_event(actor=actor, verb=verb, subject=suggestion, detail=detail)


def _lock_waiting(suggestion: Suggestion) -> Suggestion:
    """The suggestion as it is now, if nobody has decided about it; nobody else does until the transaction ends."""
    # Locked first and read then, as in `lock_document`: the version it is on may have become another one.
    hold(Suggestion.objects.all()).values_list("pk").get(pk=suggestion.pk)
    fresh = Suggestion.objects.select_related("on").get(pk=suggestion.pk)
    if fresh.state not in WAITING:
        decided = SuggestionState(fresh.state).label
        raise AlreadyDecided(_("This suggestion is decided already: %(state)s.") % {"state": decided})
    fresh.document = suggestion.document
    return fresh


@transaction.atomic
def accept_suggestion(
    *,
    actor: Actor,
    suggestion: Suggestion,
    reason: str = "",
    on: int | None = None,
    chosen: Collection[int] | None = None,
    words: str | None = None,
) -> Accepted:
    """Take a suggestion up in the draft, as a revision that credits its author and whoever proposed the same.

    `chosen` are the numbers of the changes to take (of `split_hunks` from the words of version `on` to its own), None
    for all. `words` are those to save where the decider worded them anew, in place of what the draft says there.
    Where readers saw the draft as it was, and the suggestion was made in public, they see the new revision at once,
    unless something in the text has to be settled first.
    Raises `TextMovedOn` where others changed the same words meanwhile, `AlreadyDecided`, `NothingProposed` where no
    change was chosen, `NoTitle`, `CannotKeep`.
    """
    require(may_decide_suggestion(actor, suggestion))
    locked = lock_document(suggestion.document)
    fresh = _lock_waiting(suggestion)
    if locked.current is None:
        raise _moved_on()
    taken, is_whole = _take(fresh, on, chosen)
    passages = load_passages(locked.current)
    target, final, is_worded = _find_target(locked, fresh, taken, words, passages)
    is_whole = is_whole and not is_worded
    same: list[Suggestion] = []
    if is_whole and fresh.state == SuggestionState.OPEN:
        same = list(hold(_same_as(fresh)).exclude(pk=fresh.pk).order_by("pk"))
    state = SuggestionState.ACCEPTED if is_whole else SuggestionState.IN_PART
    _decide(actor, [fresh, *same], state, reason)
    was_published = locked.current_id == locked.published_id
    saved = save_revision(
        actor=actor,
        document=locked,
        passages=[
            draft
            for passage in passages
            for draft in (read_words(passage, final) if passage is target else [passage.to_draft()])
        ],
        note=reason.strip(),
        change_class=_propose_class(target.text, final),
        credit=list(dict.fromkeys(one.author_name for one in (fresh, *same))),
    )
    revision = saved.revision or locked.current
    Suggestion.objects.filter(pk__in=[one.pk for one in (fresh, *same)]).update(revision=revision)
    fresh.revision = revision
    suggestion.document.current = revision
    is_published = bool(saved.revision and was_published and not fresh.is_private) and _show(actor, suggestion.document)
    _note(actor, fresh, f"{SuggestionState(state).value} suggestion", {"revision": revision.number, "reason": reason})
    return Accepted(fresh, revision, is_published or revision.pk == suggestion.document.published_id, is_whole)


def _show(actor: Actor, document: Document) -> bool:
    """Let readers see the new revision, unless something in the text has to be settled first."""
    try:
        publish_revision(actor=actor, document=document)
    except NotReady:
        return False
    return True


def _take(suggestion: Suggestion, on: int | None, chosen: Collection[int] | None) -> tuple[str, bool]:
    """The words with the chosen changes, for the version the suggestion is on, and whether those are all."""
    if chosen is None:
        return suggestion.words, True
    if on != suggestion.on_id:
        raise TextMovedOn(_("The passage has changed since you opened this. Look at the changes again, and choose."))
    hunks = split_hunks(suggestion.on.text, suggestion.words)
    if not chosen:
        raise NothingProposed(_("Choose at least one of the changes, or decline the suggestion."))
    try:
        return apply_hunks(suggestion.on.text, hunks, chosen), len(set(chosen)) == len(hunks)
    except CannotApply as error:
        raise TextMovedOn(str(error)) from error


def _find_target(
    document: Document,
    suggestion: Suggestion,
    taken: str,
    words: str | None,
    passages: Sequence[StoredPassage],
) -> tuple[StoredPassage, str, bool]:
    """The passage of the draft a suggestion changes, what it shall say, and whether the decider worded that."""
    by_id = {passage.passage_id: passage for passage in passages}
    carried = carry_to_draft(document, suggestion, taken, by_id)
    passage = by_id.get(carried.passage_id or suggestion.passage_id)
    if passage is None:
        raise _moved_on()
    if words is not None:
        worded = clean_words(words)
        return passage, worded, carried.state == "stale" or worded != carried.words
    if carried.state == "stale":
        raise TextMovedOn(_("The draft has changed the same words meanwhile. Say in your own words what shall stand."))
    return passage, carried.words, False


def carry_to_draft(
    document: Document, suggestion: Suggestion, words: str, passages: dict[int, StoredPassage]
) -> Carried:
    """What a suggestion of `words` would make of the draft's `passages`; nothing is written."""
    present = passages.get(suggestion.passage_id)
    if present is not None and present.version_id == suggestion.on_id:
        return Carried("covered" if words == present.text else "clean", present.passage_id, words)
    heirs = {}
    if not suggestion.is_private and document.published and document.current:
        heirs = find_heirs_between(document.published, document.current)
    return carry_over(suggestion.on.text, words, family_of(suggestion.passage_id, passages, heirs))


def _propose_class(old: str, new: str) -> ChangeClass:
    return ChangeClass(change_class(old, new)) if new else ChangeClass.MEANING


def _decide(actor: Actor, suggestions: Sequence[Suggestion], state: SuggestionState, reason: str) -> None:
    for suggestion in suggestions:
        suggestion.state = state
        suggestion.decided_by_name = name_of(actor)
        suggestion.decided_at = timezone.now()
        suggestion.decision_reason = reason.strip()
        suggestion.save(update_fields=["state", "decided_by_name", "decided_at", "decision_reason"])


@transaction.atomic
def decline_suggestion(*, actor: Actor, suggestion: Suggestion, reason: str) -> Suggestion:
    """Say no, and why. Raises `NoReason`, `AlreadyDecided`."""
    require(may_decide_suggestion(actor, suggestion))
    if not reason.strip():
        raise NoReason(_("Say why, in a few words: whoever proposed it will read it."))
    fresh = _lock_waiting(suggestion)
    _decide(actor, [fresh], SuggestionState.DECLINED, reason)
    _note(actor, fresh, "declined suggestion", {"reason": reason})
    return fresh


@transaction.atomic
def withdraw_suggestion(*, actor: Actor, suggestion: Suggestion) -> Suggestion:
    """Take one's own suggestion back. Raises `AlreadyDecided`."""
    require(may_withdraw_suggestion(actor, suggestion))
    fresh = _lock_waiting(suggestion)
    _decide(actor, [fresh], SuggestionState.WITHDRAWN, "")
    _note(actor, fresh, "withdrew suggestion", {})
    return fresh


@transaction.atomic
def renew_suggestion(*, actor: Actor, suggestion: Suggestion, version: Version, words: str) -> Suggestion:
    """Say what a suggestion proposes for what its passage says now: by its author, or whoever may decide.

    What was proposed first is kept. Raises `TextMovedOn`, `NothingProposed`, `AlreadyDecided`, `CannotKeep`.
    """
    own = may_withdraw_suggestion(actor, suggestion)
    require(own or may_decide_suggestion(actor, suggestion))
    locked = lock_document(suggestion.document)
    fresh = _lock_waiting(suggestion)
    revision = locked.current if fresh.is_private else locked.published
    passages = {passage.passage_id: passage for passage in load_passages(revision)}
    carried = _carry_to(locked, version, clean_words(words), passages, is_private=fresh.is_private)
    if carried.state == "covered":
        raise NothingProposed(_("The passage says this already."))
    if carried.state == "stale":
        raise _moved_on()
    put_on(fresh, carried, passages)
    fresh.save(update_fields=["passage", "on", "words", "changes", "state"])
    _note(actor, fresh, "renewed suggestion", {"words": fresh.words})
    return fresh
