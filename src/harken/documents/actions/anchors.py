"""Anchors: placed on words of a text, and followed through its revisions for as long as the words are there.

Whoever says something about words of a text stands on these: the remarks of those who draft it, and what the public
says. Nothing here knows which.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from harken.base.actions import Actor
from harken.base.permits import require
from harken.core.text.anchor import Follower, Place, Quote, make_quote
from harken.documents.actions.locking import lock_document
from harken.documents.models import Anchor, AnchorPlace, AnchorState, Document, Revision, Version
from harken.documents.permissions import may_read_draft, may_see_document
from harken.documents.queries.heirs import find_heirs_between
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage

MOST_NAMED: Final = 500
"""With more changed passages than that it is cheaper to read all that hangs on a text than to name the passages."""


class NotThere(Exception):
    """The words do not stand there: the text has changed, or was never so."""


class _Followed(NamedTuple):
    """An anchor and its place until now, as `follow_anchors` reads them."""

    pk: int
    passage_id: int
    version_id: int
    exact: str
    prefix: str
    suffix: str
    state: str
    at_passage: int | None
    start: int | None
    end: int | None
    words: str


_FIELDS: Final = (
    "pk",
    "passage_id",
    "version_id",
    "exact",
    "prefix",
    "suffix",
    "place__state",
    "place__passage_id",
    "place__start",
    "place__end",
    "place__words",
)


@transaction.atomic
def place_anchor(*, actor: Actor, document: Document, version: Version, start: int, end: int) -> Anchor:
    """Keep the quote of `version.text[start:end]` (code points), and where it is in the published text and the draft.

    The version must be one that readers see now, or that stands in the draft, for whoever may read it. No audit event
    is written: that is for what is said with the anchor. Raises `NotThere`.
    """
    locked = lock_document(document)
    of_published = locked.published is not None and version.pk in locked.published.version_ids
    of_draft = locked.current is not None and version.pk in locked.current.version_ids
    require(may_read_draft(actor, document) if of_draft and not of_published else may_see_document(actor, document))
    revision = locked.published if of_published else locked.current
    if revision is None or not (of_published or of_draft):
        raise NotThere(_("The text has changed meanwhile: this passage says something else now, or is gone."))
    if not 0 <= start < end <= len(version.text):
        raise NotThere(_("These words do not stand in the passage."))
    quote = make_quote(version.text, start, end)
    anchor = Anchor.objects.create(
        document=document,
        passage_id=version.passage_id,
        version=version,
        revision=revision,
        exact=quote.exact,
        prefix=quote.prefix,
        suffix=quote.suffix,
        at=timezone.now(),
    )
    place = AnchorPlace.objects.create(
        anchor=anchor,
        revision=revision,
        state=AnchorState.CURRENT,
        passage_id=version.passage_id,
        start=start,
        end=end,
        words=quote.exact,
    )
    anchor.place = place
    anchor.published_place = place if of_published else None
    anchor.save(update_fields=["place", "published_place"])
    if not of_draft and locked.current is not None:
        follow_anchors(
            revision=locked.current,
            old=load_passages(revision),
            new=load_passages(locked.current),
            heirs=find_heirs_between(revision, locked.current),
            only=anchor,
        )
        anchor.refresh_from_db(fields=["place"])
    return anchor


def follow_anchors(
    *,
    revision: Revision,
    old: Sequence[StoredPassage],
    new: Sequence[StoredPassage],
    heirs: Mapping[int, Sequence[int]],
    only: Anchor | None = None,
) -> int:
    """Follow a document's anchors from the passages `old` to `new`, those of `revision`; returns how many went on.

    `heirs` names the new passages that hold words of an old one, besides the one that continues it. Only anchors on
    passages that changed are looked at, and loose ones, whose words may have come back. Part of the transaction that
    saves the revision: two queries, and three more where something changed.
    """
    before = {passage.passage_id: passage.version_id for passage in old}
    after = {passage.passage_id: passage.version_id for passage in new}
    touched = {
        passage_id for passage_id in before.keys() | after.keys() if before.get(passage_id) != after.get(passage_id)
    }
    if not touched:
        return 0
    came_back = set(after.values()) - set(before.values())
    anchors = Anchor.objects.filter(document_id=revision.document_id, place__isnull=False)
    if only is not None:
        anchors = anchors.filter(pk=only.pk)
    elif len(touched) <= MOST_NAMED:
        anchors = anchors.filter(
            Q(place__passage__in=touched) | Q(place__state=AnchorState.LOOSE) | Q(version__in=came_back)
        )
    followed = [_Followed(*row) for row in anchors.order_by("pk").values_list(*_FIELDS)]
    followed = [
        anchor
        for anchor in followed
        if anchor.at_passage is None or anchor.at_passage in touched or anchor.version_id in came_back
    ]
    if not followed:
        return 0
    first_places = _first_places([anchor.pk for anchor in followed if anchor.version_id in came_back])
    follower = Follower(
        [(str(passage.passage_id), passage.text) for passage in old],
        [(str(passage.passage_id), passage.text) for passage in new],
        heirs={str(earlier): [str(later) for later in laters] for earlier, laters in heirs.items()},
    )
    places = []
    for anchor in followed:
        found = _follow(anchor, follower, first_places.get(anchor.pk))
        if found is not None:
            found.revision = revision
            places.append(found)
    return _go_on(revision, places)


def _first_places(anchors: Sequence[int]) -> dict[int, tuple[int | None, int | None]]:
    """Where anchors were placed in their own versions."""
    if not anchors:
        return {}
    places = AnchorPlace.objects.filter(anchor__in=anchors).order_by("-pk")
    return {anchor: (start, end) for anchor, start, end in places.values_list("anchor_id", "start", "end")}


def _follow(anchor: _Followed, follower: Follower, first: tuple[int | None, int | None] | None) -> AnchorPlace | None:
    """The anchor's new place, not saved; None where nothing changed for it."""
    if first is not None and first[0] is not None and first[1] is not None:
        # The very version it was placed on stands again.
        found = Place("current", str(anchor.passage_id), first[0], first[1], anchor.exact)
    else:
        at = str(anchor.at_passage) if anchor.at_passage is not None else None
        quote = Quote(anchor.exact, anchor.prefix, anchor.suffix)
        found = follower.follow(at, anchor.start or 0, anchor.end or 0, quote)
    if found.passage_id is None:
        place = AnchorPlace(anchor_id=anchor.pk, state=AnchorState.LOOSE)
    else:
        state = AnchorState.CHANGED
        if found.words == anchor.exact:
            # Said of the passage the quote was taken from, not of the one it was on a revision ago.
            state = AnchorState.CURRENT if int(found.passage_id) == anchor.passage_id else AnchorState.MOVED
        place = AnchorPlace(
            anchor_id=anchor.pk,
            state=state,
            passage_id=int(found.passage_id),
            start=found.start,
            end=found.end,
            words=found.words,
        )
    until_now = (anchor.state, anchor.at_passage, anchor.start, anchor.end, anchor.words)
    return None if until_now == (place.state, place.passage_id, place.start, place.end, place.words) else place


def _go_on(revision: Revision, places: Sequence[AnchorPlace]) -> int:
    """Write the new places and point their anchors to them."""
    if not places:
        return 0
    AnchorPlace.objects.bulk_create(places, batch_size=1000)
    newest = AnchorPlace.objects.filter(anchor=OuterRef("pk"), revision=revision).order_by("-pk").values("pk")[:1]
    changed = [place.anchor_id for place in places]
    for start in range(0, len(changed), 1000):
        Anchor.objects.filter(pk__in=changed[start : start + 1000]).update(place=Subquery(newest))
    return len(places)


def publish_anchors(*, document: Document) -> int:
    """Readers see the current revision now: what holds of it holds of what they see. One query."""
    apart = Anchor.objects.filter(document=document).exclude(published_place=F("place"))
    return apart.update(published_place=F("place"))
