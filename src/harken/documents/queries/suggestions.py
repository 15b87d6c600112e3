"""Suggestions as pages show them: one by one, what was said about them, and those that propose the same together."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from harken.core.text.hunks import split_hunks
from harken.documents.models import Remark, Suggestion, SuggestionState

ROWS_ON_A_PAGE: Final = 25
WAITING: Final = (SuggestionState.OPEN.value, SuggestionState.STALE.value)


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion in a list. `changes` is safe HTML; `talk` counts what was said about it."""

    pk: int
    passage_id: int
    public_id: str
    on_id: int
    words: str
    changes: str
    lang: str
    reason: str
    author_id: int | None
    author_name: str
    at: datetime.datetime
    is_private: bool
    state: str
    decided_by_name: str
    decided_at: datetime.datetime | None
    decision_reason: str
    revision: int | None
    talk: int

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided about it."""
        return self.state in WAITING

    @property
    def state_name(self) -> str:
        """What its state is called in the interface's language."""
        return str(SuggestionState(self.state).label)


_FIELDS: Final = (
    "pk",
    "passage_id",
    "passage__public_id",
    "on_id",
    "words",
    "changes",
    "lang",
    "reason",
    "author_id",
    "author_name",
    "at",
    "is_private",
    "state",
    "decided_by_name",
    "decided_at",
    "decision_reason",
    "revision__number",
    "talk",
)


@dataclass(frozen=True, slots=True)
class SuggestionGroup:
    """Suggestions that propose the same words for the same version, the first one first."""

    rows: tuple[SuggestionRow, ...]

    @property
    def first(self) -> SuggestionRow:
        """The one that stands for all."""
        return self.rows[0]

    @property
    def others(self) -> int:
        """How many propose the same besides the first."""
        return len(self.rows) - 1


def suggestion_rows(suggestions: QuerySet[Suggestion]) -> list[SuggestionRow]:
    """The rows of `suggestions`, in their order. One query."""
    counted = suggestions.annotate(talk=Count("remarks"))
    return [SuggestionRow(*row) for row in counted.values_list(*_FIELDS)]


def group_suggestions(rows: Iterable[SuggestionRow]) -> tuple[SuggestionGroup, ...]:
    """Waiting suggestions that propose the same together: open before stale, most supported first, then the newest."""
    groups: dict[tuple[int, str, bool, str], list[SuggestionRow]] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        groups.setdefault((row.on_id, row.words, row.is_private, row.state), []).append(row)
    found = [SuggestionGroup(tuple(members)) for members in groups.values()]
    found.sort(key=lambda group: (group.first.state != SuggestionState.OPEN, -len(group.rows), -group.rows[-1].pk))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SuggestionList:
    """One page of a document's suggestions; `next_before` is the key the next page begins below."""

    rows: tuple[SuggestionRow, ...]
    next_before: int | None


def list_suggestions(
    suggestions: QuerySet[Suggestion],
    *,
    state: str = "",
    passage: str = "",
    author: str = "",
    before: int | None = None,
) -> SuggestionList:
    """The newest suggestions first, `ROWS_ON_A_PAGE` of them below the key `before`. One query.

    `state` is one of the states, or "" for those that wait for a decision; `passage` a public id; `author` a name.
    """
    found = suggestions.filter(state__in=(state,) if state else WAITING)
    if passage:
        found = found.filter(passage__public_id=passage)
    if author:
        found = found.filter(author_name=author)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = suggestion_rows(found.order_by("-pk")[: ROWS_ON_A_PAGE + 1])
    shown = rows[:ROWS_ON_A_PAGE]
    return SuggestionList(tuple(shown), shown[-1].pk if len(rows) > ROWS_ON_A_PAGE else None)


def count_states(suggestions: QuerySet[Suggestion]) -> dict[str, int]:
    """How many suggestions there are in each state. One query."""
    return dict(suggestions.order_by().values_list("state").annotate(count=Count("pk")))


def find_suggestion(suggestions: QuerySet[Suggestion], pk: int) -> Suggestion | None:
    """A suggestion with its passage, the version it is for, and the revision it led to. One query."""
    return suggestions.filter(pk=pk).select_related("passage", "on", "base", "revision").first()


@dataclass(frozen=True, slots=True)
class HunkRow:
    """One change of a suggestion, to be chosen by its number."""

    number: int
    before: str
    old: str
    new: str
    after: str


_BESIDE: Final = 40


def hunks_of(old: str, new: str) -> list[HunkRow]:
    """The changes of a suggestion one by one, with some of what stands around each."""
    rows = []
    for number, hunk in enumerate(split_hunks(old, new)):
        before = old[max(0, hunk.start - _BESIDE) : hunk.start]
        after = old[hunk.end : hunk.end + _BESIDE]
        if hunk.start > _BESIDE:
            before = "…" + before.partition(" ")[2]
        if hunk.end + _BESIDE < len(old):
            after = after.rpartition(" ")[0] + "…"
        rows.append(HunkRow(number, before, hunk.old, hunk.new, after))
    return rows


def talk_about(remarks: QuerySet[Remark], suggestion: Suggestion) -> Sequence[Remark]:
    """What was said about a suggestion, the first first. One query."""
    return list(remarks.filter(suggestion=suggestion).order_by("pk"))


def same_proposals(suggestions: QuerySet[Suggestion], suggestion: Suggestion) -> list[SuggestionRow]:
    """Other waiting suggestions that propose the same. One query."""
    if suggestion.state not in WAITING:
        return []
    same = Q(on=suggestion.on_id, words=suggestion.words, is_private=suggestion.is_private, state=suggestion.state)
    return suggestion_rows(suggestions.filter(same).exclude(pk=suggestion.pk).order_by("pk"))
