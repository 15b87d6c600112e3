"""When a text moves on, what hangs on it goes along: anchors, and suggestions nobody has decided about."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from harken.documents.actions.anchors import MOST_NAMED, follow_anchors, publish_anchors
from harken.documents.actions.locking import hold
from harken.documents.carrying import Carried, carry_over
from harken.documents.changes_html import render_changes
from harken.documents.identity import Identity
from harken.documents.models import Document, Revision, Suggestion, SuggestionState
from harken.documents.queries.heirs import find_heirs_between
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage

WAITING = (SuggestionState.OPEN, SuggestionState.STALE)
"""Nobody has decided about these."""

_FOLLOWED = ("passage", "on", "words", "changes", "state", "decided_at", "revision")


def follow_saved(
    *, revision: Revision, old: Sequence[StoredPassage], new: Sequence[StoredPassage], identity: Identity
) -> None:
    """The draft became `revision`: anchors and suggestions of its group go along. In the transaction that saves it."""
    heirs: dict[int, list[int]] = {}
    for branch in (*identity.splits, *identity.merges):
        heirs.setdefault(branch.earlier, []).append(new[branch.place].passage_id)
    follow_anchors(revision=revision, old=old, new=new, heirs=heirs)
    follow_suggestions(revision=revision, old=old, new=new, heirs=heirs, is_private=True)


def follow_published(
    *, document: Document, before: Revision | None, revision: Revision, new: Sequence[StoredPassage]
) -> None:
    """Readers saw `before` and see `revision` now: anchors and everybody's suggestions go along."""
    publish_anchors(document=document)
    if before is None or not Suggestion.objects.filter(document=document, is_private=False, state__in=WAITING).exists():
        return
    follow_suggestions(
        revision=revision,
        old=load_passages(before),
        new=new,
        heirs=find_heirs_between(before, revision),
        is_private=False,
    )


def follow_suggestions(
    *,
    revision: Revision,
    old: Sequence[StoredPassage],
    new: Sequence[StoredPassage],
    heirs: Mapping[int, Sequence[int]],
    is_private: bool,
) -> None:
    """Carry undecided suggestions on passages that changed over to what these say in `revision`.

    What can be carried over goes on, also from stale to open when its words have come back. What the text says already
    is accepted, decided by nobody. The rest is stale and stays on the last version it was for.
    """
    before = {passage.passage_id: passage.version_id for passage in old}
    after = {passage.passage_id: passage for passage in new}
    touched = {
        passage_id
        for passage_id in before.keys() | after.keys()
        if passage_id not in after or before.get(passage_id) != after[passage_id].version_id
    }
    waiting = Suggestion.objects.filter(document_id=revision.document_id, is_private=is_private, state__in=WAITING)
    if len(touched) <= MOST_NAMED:
        waiting = waiting.filter(passage__in=touched)
    moved = [
        suggestion
        for suggestion in hold(waiting).select_related("on").order_by("pk")
        if suggestion.passage_id in touched and move_suggestion(suggestion, revision, after, heirs)
    ]
    Suggestion.objects.bulk_update(moved, _FOLLOWED, batch_size=100)


def move_suggestion(
    suggestion: Suggestion,
    revision: Revision,
    passages: Mapping[int, StoredPassage],
    heirs: Mapping[int, Sequence[int]],
) -> bool:
    """Carry one suggestion over to `passages`, those of `revision` by their ids; whether it changed. Not saved."""
    carried = carry_over(suggestion.on.text, suggestion.words, family_of(suggestion.passage_id, passages, heirs))
    was = (suggestion.state, suggestion.on_id, suggestion.words)
    if carried.state == "covered":
        suggestion.state = SuggestionState.ACCEPTED
        suggestion.decided_at = timezone.now()
        suggestion.revision = revision
    elif carried.state == "stale":
        suggestion.state = SuggestionState.STALE
    else:
        put_on(suggestion, carried, passages)
    return was != (suggestion.state, suggestion.on_id, suggestion.words)


def put_on(suggestion: Suggestion, carried: Carried, passages: Mapping[int, StoredPassage]) -> None:
    """Let a suggestion propose the words it was carried over to. Not saved."""
    passage = passages[carried.passage_id or suggestion.passage_id]
    suggestion.state = SuggestionState.OPEN
    suggestion.passage_id = passage.passage_id
    suggestion.on_id = passage.version_id
    suggestion.words = carried.words
    suggestion.changes = render_changes(passage.text, carried.words, passage.lang)


def family_of(
    passage_id: int, passages: Mapping[int, StoredPassage], heirs: Mapping[int, Sequence[int]]
) -> list[tuple[int, str]]:
    """A passage and those that took words of it, as (id, text), in the order they stand in `passages`."""
    ids = {passage_id, *heirs.get(passage_id, ())}
    if not ids & passages.keys():
        return []
    return [(known, passages[known].text) for known in _in_order(ids, passages)]


def _in_order(ids: set[int], passages: Mapping[int, StoredPassage]) -> Iterator[int]:
    return (known for known in passages if known in ids)
