"""Where the members of a group stand on its text, as far as who looks may see it; and who accepts a text."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, JSONField, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harken.base.actions import Actor
from harken.base.frozen_query import FrozenQuery
from harken.documents.models import (
    Acceptance,
    ChangeClass,
    Document,
    Position,
    PositionKind,
    PositionsShown,
    Revision,
)
from harken.people.models import Membership

FEWEST_UNNAMED: Final = 3
"""Reasons stand without names only where at least so many members are not named beside them."""

FEWEST_COUNTED: Final = 10
"""How many acceptances there have to be for their number to be said."""

# A revision whose author chose no class may have changed anything.
_CHANGES_MEANING: Final = (ChangeClass.MEANING.value, "")
_CHANGES_WORDING: Final = (*_CHANGES_MEANING, ChangeClass.WORDING.value)
_AGREES: Final = (PositionKind.CONSENT, PositionKind.RESERVATIONS)
_LEVELS: Final = {shown: level for level, shown in enumerate(PositionsShown.values)}
_REASONS, _NAMES = _LEVELS[PositionsShown.REASONS], _LEVELS[PositionsShown.NAMES]
_KINDS: Final = tuple(PositionKind.values)


class Agreement(TextChoices):
    """Whether the members of a group agree, as one sentence."""

    ALL = "all", _("All members agree.")
    RESERVED = "reserved", _("All members agree, some with reservations.")
    NOT_ALL = "not_all", _("Not all members agree.")
    WAITING = "waiting", _("Not all members have said yet whether they agree.")


@dataclass(frozen=True, slots=True)
class Stand:
    """A member's position for the group itself; `change` is the class of what changed since, "" for nothing."""

    user_id: int
    name: str
    kind: str
    lang: str
    words: str
    shown: str
    revision: int
    at: datetime.datetime
    change: str

    @property
    def kind_name(self) -> str:
        """What the position is called in the interface's language."""
        return str(PositionKind(self.kind).label)

    @property
    def is_asked_again(self) -> bool:
        """Whether the meaning has changed since."""
        return self.change == ChangeClass.MEANING

    @property
    def agrees(self) -> bool | None:
        """Whether the member agrees with the text as it is: nobody knows (None) once its meaning has changed.

        A refusal stands until its author changes it, whatever is done to the text.
        """
        if self.kind not in _AGREES:
            return False
        return None if self.is_asked_again else True


@dataclass(frozen=True, slots=True)
class Reason:
    """What a member said, as readers may see it: the name is "" where it is not for them.

    `is_of_earlier` says that the meaning has changed since. There is no date and no number of a revision: either
    could tell who it was.
    """

    kind: str
    lang: str
    words: str
    name: str
    is_of_earlier: bool


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons of one kind of position."""

    kind: str
    reasons: tuple[Reason, ...]

    @property
    def kind_name(self) -> str:
        """What the position is called in the interface's language."""
        return str(PositionKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class ShownConsensus:
    """What readers see: a sentence, reasons by kind of position, and the names of those who consent.

    `has_more` says that there are reasons which are not for readers.
    """

    agreement: Agreement
    kinds: tuple[Reasons, ...] = ()
    consenting: tuple[str, ...] = ()
    has_more: bool = False

    @property
    def sentence(self) -> str:
        """The sentence in the interface's language."""
        return str(self.agreement.label)


@dataclass(frozen=True, slots=True)
class GroupConsensus:
    """What members see: where each stands, who has said nothing yet, and who spoke before leaving the group."""

    agreement: Agreement
    stands: tuple[Stand, ...]
    waiting: tuple[str, ...]
    former: tuple[Stand, ...]
    mine: Stand | None

    @property
    def sentence(self) -> str:
        """The sentence in the interface's language."""
        return str(self.agreement.label)

    @property
    def asks_me(self) -> str:
        """What the member who looks has to do: "first", "again", or nothing ("")."""
        if self.mine is None:
            return "first"
        return "again" if self.mine.is_asked_again else ""


@dataclass(frozen=True, slots=True)
class ConsensusPanel:
    """Where a group stands on `revision` of its text: for readers, and for a member who looks at the draft."""

    revision: int
    shown: ShownConsensus | None
    inside: GroupConsensus | None


@dataclass(frozen=True, slots=True)
class AcceptancePanel:
    """Who accepts the published revision; `count` is None where it is below `FEWEST_COUNTED`.

    `mine` is the newest revision the one who looks accepted, `mine_at` when; `stands` whether that holds still.
    """

    revision: int
    published_at: datetime.datetime
    count: int | None
    mine: int | None
    mine_at: datetime.datetime | None
    stands: bool
    fewest: int = FEWEST_COUNTED


def _last_change(document: int, number: int, classes: Sequence[str]) -> Subquery:
    """The number of the last revision of one of `classes`, none after `number`; NULL where there is none."""
    revisions = Revision.objects.filter(document=document, number__lte=number, number__gt=1, change_class__in=classes)
    return Subquery(revisions.order_by("-number").values("number")[:1])


def _ask_for_stands(document: int, number: int, group: int) -> QuerySet[Membership, Any]:
    newest = (
        Position.objects.filter(revision__document=document, revision__number__lte=number, user=OuterRef("user"))
        .order_by("-id")
        .annotate(
            said=JSONObject(
                name="name",
                kind="kind",
                lang="lang",
                words="words",
                shown="shown",
                revision="revision__number",
            )
        )
    )
    return (
        Membership.objects.filter(group=group)
        .order_by("user__display_name", "user__username", "id")
        .values_list(
            "user_id",
            "user__display_name",
            "user__username",
            "starts_on",
            "ends_on",
            Subquery(newest.values("said")[:1], output_field=JSONField()),
            Subquery(newest.values("at")[:1]),
            _last_change(document, number, _CHANGES_MEANING),
            _last_change(document, number, _CHANGES_WORDING),
        )
    )


_STANDS: Final = FrozenQuery(_ask_for_stands)


@dataclass(frozen=True, slots=True)
class _Members:
    """Who belongs to the group now, by id, with their names; and everybody's newest position who ever belonged."""

    now: Mapping[int, str]
    stands: Mapping[int, Stand]

    @property
    def counted(self) -> tuple[Stand, ...]:
        """The positions of those who belong to the group now."""
        return tuple(self.stands[user_id] for user_id in self.now if user_id in self.stands)


def _change_since(revision: int, number: int, meaning: int | None, wording: int | None) -> str:
    if revision < (meaning or 0):
        return ChangeClass.MEANING
    if revision < (wording or 0):
        return ChangeClass.WORDING
    return ChangeClass.TYPO if revision < number else ""


def _load_members(document: Document, number: int) -> _Members:
    """Everybody who has or had a role in the document's group, and where they stand. One query."""
    today = timezone.localdate()
    now: dict[int, str] = {}
    stands: dict[int, Stand] = {}
    rows = _STANDS.rows(document=document.pk, number=number, group=document.chapter.group_id)
    for user_id, name, username, starts_on, ends_on, said, at, meaning, wording in rows:
        if starts_on <= today and (ends_on is None or ends_on >= today):
            now[user_id] = name or username
        if said:
            change = _change_since(said["revision"], number, meaning, wording)
            stands[user_id] = Stand(user_id=user_id, at=at, change=change, **said)
    return _Members(now, stands)


def _agreement_of(members: _Members) -> Agreement:
    answers = [stand.agrees for stand in members.counted]
    if False in answers:
        return Agreement.NOT_ALL
    if None in answers or len(answers) < len(members.now):
        return Agreement.WAITING
    if any(stand.kind != PositionKind.CONSENT for stand in members.counted):
        return Agreement.RESERVED
    return Agreement.ALL


def _reasons_of(stands: Iterable[Stand], level: int, members: int) -> tuple[list[Reason], bool]:
    """The reasons that may be shown at `level`, and whether there are others."""
    reasoned = [(stand, min(level, _LEVELS[stand.shown])) for stand in stands if stand.words]
    named = [stand for stand, seen in reasoned if seen == _NAMES]
    unnamed = [stand for stand, seen in reasoned if seen == _REASONS]
    has_more = any(seen < _REASONS for _stand, seen in reasoned)
    if members - len(named) < FEWEST_UNNAMED:
        has_more = has_more or bool(unnamed)
        unnamed = []
    reasons = [Reason(stand.kind, stand.lang, stand.words, stand.name, stand.is_asked_again) for stand in named]
    reasons += [Reason(stand.kind, stand.lang, stand.words, "", stand.is_asked_again) for stand in unnamed]
    # By what is said alone: when it was said, and by whom, could tell who said it.
    return sorted(reasons, key=lambda reason: (reason.is_of_earlier, reason.words, reason.name)), has_more


def _show(members: _Members, shown: str) -> ShownConsensus | None:
    """What readers see where the group shows `shown`; nothing before anybody took a position.

    Who consents is named only where every position may be named: else the others would be known by their absence.
    """
    level = _LEVELS[shown]
    if shown == PositionsShown.NOTHING or not members.counted:
        return None
    agreement = _agreement_of(members)
    if level < _REASONS:
        return ShownConsensus(agreement)
    reasons, has_more = _reasons_of(members.counted, level, len(members.now))
    by_kind = defaultdict(list)
    for reason in reasons:
        by_kind[reason.kind].append(reason)
    kinds = tuple(Reasons(kind, tuple(by_kind[kind])) for kind in _KINDS if kind in by_kind)
    consenting: list[str] = []
    if level == _NAMES and all(stand.shown == PositionsShown.NAMES for stand in members.counted):
        consenting = sorted(stand.name for stand in members.counted if stand.agrees and not stand.words)
    return ShownConsensus(agreement, kinds, tuple(consenting), has_more)


def _inside(members: _Members, user_id: int) -> GroupConsensus:
    order = {kind: place for place, kind in enumerate(reversed(_KINDS))}
    return GroupConsensus(
        agreement=_agreement_of(members),
        stands=tuple(sorted(members.counted, key=lambda stand: (order[stand.kind], stand.name))),
        waiting=tuple(name for user_id, name in members.now.items() if user_id not in members.stands),
        former=tuple(stand for user_id, stand in members.stands.items() if user_id not in members.now),
        mine=members.stands.get(user_id),
    )


def consensus_of(document: Document, *, published: bool, viewer: Actor | None = None) -> ConsensusPanel | None:
    """Where the group stands on its published text, or on its draft; None where there is nothing to show.

    Of the published text everybody sees what the group shows; of the draft its members see everything, and other
    `viewer`s what the group shows. Positions on later revisions say nothing of the published one. One query at most.
    """
    revision = document.published if published else document.current
    if revision is None or (published and document.positions_shown == PositionsShown.NOTHING):
        return None
    members = _load_members(document, revision.number)
    shown = _show(members, document.positions_shown)
    is_member = not published and viewer is not None and viewer.is_authenticated and viewer.pk in members.now
    inside = _inside(members, viewer.pk) if is_member and viewer is not None else None
    return ConsensusPanel(revision.number, shown, inside) if shown or inside else None


def earlier_positions(positions: QuerySet[Position]) -> dict[int, tuple[Position, ...]]:
    """What each member said before their newest of `positions`, the latest first, by user. One query."""
    found: dict[int, list[Position]] = defaultdict(list)
    for position in positions.select_related("revision").order_by("-id"):
        found[position.user_id].append(position)
    return {user_id: tuple(rows[1:]) for user_id, rows in found.items() if len(rows) > 1}


def newest_position(document: Document, user_id: int) -> Position | None:
    """The position of a member on any revision of the document that counts. One query."""
    return (
        Position.objects.filter(revision__document=document, user_id=user_id)
        .select_related("revision")
        .order_by("-id")
        .first()
    )


def _ask_for_acceptance(document: int, number: int, user: int) -> QuerySet[Document, Any]:
    last = Coalesce(_last_change(document, number, _CHANGES_MEANING), 1)
    accepted = Acceptance.objects.filter(revision__document=document, revision__number__lte=number)
    mine = accepted.filter(user=user).order_by("-revision__number")
    standing = (
        Acceptance.objects.filter(
            revision__document=OuterRef("pk"),
            revision__number__gte=OuterRef("last_meaning"),
            revision__number__lte=number,
        )
        .order_by()
        .values("revision__document")
        .annotate(people=Count("user", distinct=True))
        .values("people")
    )
    return (
        Document.objects.filter(pk=document)
        .annotate(last_meaning=last)
        .values_list(
            "last_meaning",
            Subquery(standing),
            Subquery(mine.values("revision__number")[:1]),
            Subquery(mine.values("at")[:1]),
        )
    )


_ACCEPTANCE: Final = FrozenQuery(_ask_for_acceptance)


def acceptance_of(document: Document, user: Actor) -> AcceptancePanel | None:
    """Who accepts a published text that asks for it; None for any other text. One query at most."""
    published = document.published
    if published is None or document.template is None or not document.template.asks_acceptance:
        return None
    who = user.pk if user.is_authenticated and user.pk is not None else 0
    [(meaning, count, mine, mine_at)] = _ACCEPTANCE.rows(document=document.pk, number=published.number, user=who)
    return AcceptancePanel(
        revision=published.number,
        published_at=published.at,
        count=count if (count or 0) >= FEWEST_COUNTED else None,
        mine=mine,
        mine_at=mine_at,
        stands=mine is not None and mine >= meaning,
    )
