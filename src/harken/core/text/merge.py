"""Two people changed one document: both their changes in one text, and what only a person can decide."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from harken.core.text.order import longest_increasing

__all__ = ["Conflict", "Merge", "MergedPassage", "merge_passages"]

Content = TypeVar("Content", bound=Hashable)
Source = Literal["base", "theirs", "mine", "both"]


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Content]):
    """What each made of one passage; None where it is removed, or in `base` where both added it under one id."""

    passage_id: str
    base: Content | None
    theirs: Content | None
    mine: Content | None


@dataclass(frozen=True, slots=True)
class MergedPassage(Generic[Content]):
    """One passage of the merged document.

    `source` says whose content it is: base's if nobody changed it, that of the one who changed or added it, or both's
    if they changed or added it alike. In a conflict `content` is theirs, or mine if they removed the passage, until
    somebody decides.
    """

    passage_id: str
    content: Content
    source: Source
    conflict: Conflict[Content] | None = None


@dataclass(frozen=True, slots=True)
class Merge(Generic[Content]):
    """The merged document in order; `conflicts` are those of its rows, in the same order."""

    rows: tuple[MergedPassage[Content], ...]
    conflicts: tuple[Conflict[Content], ...]


def merge_passages(
    base: Sequence[tuple[str, Content]],
    theirs: Sequence[tuple[str, Content]],
    mine: Sequence[tuple[str, Content]],
) -> Merge[Content]:
    """Return `theirs` and `mine`, both made from `base`, as one document; each is a sequence of (passage id, content).

    Contents are compared by `==` and hashed; None is not a content. Ids that are not in `base` are new passages; the
    caller gives those that have no id yet a provisional one that the other side does not use. (An id that both added
    is one passage.)

    Content: what one side changed, added or removed is taken; what both changed alike is taken once, and so are
    passages of equal content that both added behind the same passage (under the id in `theirs`). A conflict is only
    where both changed a passage differently, or one changed and the other removed it. A passage that one side removed
    and the other at most moved is gone.

    Order: a side moved what lies outside a longest order common to it and to `base`. What was moved stands behind the
    unmoved passage that it was put behind; what both moved stands where `theirs` has it, which is no conflict. A new
    passage stays behind the passage it was written behind, wherever that went; if that is gone, behind the one
    before. Where both put something at one place theirs stands first, then mine, except that what both put there
    divides it. A passage in conflict keeps its place.

    Nothing is lost: every content that either side changed or added is in a row or in a conflict. A side that changed
    nothing has no say: the result is the other side. Without conflicts, exchanging `theirs` and `mine` gives the same
    contents equally often; the same ids, too, unless both added equal passages; and the same sequence, unless both
    moved one passage, or both put moved passages behind one unmoved passage or new ones behind one passage.

    O(n log n) for n passages.

    Raises:
        ValueError: If an id occurs twice in one of the three.
    """
    base_contents, their_contents, my_contents = (
        _by_id(name, passages) for name, passages in (("base", base), ("theirs", theirs), ("mine", mine))
    )
    rows: dict[str, MergedPassage[Content]] = {}
    for passage_id in base_contents | their_contents | my_contents:
        row = _merge_content(
            passage_id, base_contents.get(passage_id), their_contents.get(passage_id), my_contents.get(passage_id)
        )
        if row:
            rows[passage_id] = row
    order = _order_base(
        [passage_id for passage_id in base_contents if passage_id in rows],
        [passage_id for passage_id in their_contents if passage_id in base_contents],
        [passage_id for passage_id in my_contents if passage_id in base_contents],
    )
    ordered = tuple(_insert_new(order, list(their_contents), list(my_contents), rows))
    return Merge(ordered, tuple(row.conflict for row in ordered if row.conflict))


def _by_id(name: str, passages: Sequence[tuple[str, Content]]) -> dict[str, Content]:
    contents = dict(passages)
    if len(contents) < len(passages):
        counts = Counter(passage_id for passage_id, _ in passages)
        twice = next(passage_id for passage_id, count in counts.items() if count > 1)
        raise ValueError(f"The passage id {twice!r} occurs more than once in {name!r}.")
    return contents


def _merge_content(
    passage_id: str, base: Content | None, theirs: Content | None, mine: Content | None
) -> MergedPassage[Content] | None:
    """Return the row of one passage, or None if it is gone; a content is None where there is none."""
    conflict: Conflict[Content] | None = None
    content = theirs
    source: Source = "theirs"
    if theirs == mine:
        source = "base" if theirs == base else "both"
    elif theirs == base:
        content, source = mine, "mine"
    elif mine != base:
        conflict = Conflict(passage_id, base, theirs, mine)
        if theirs is None:
            content, source = mine, "mine"
    return None if content is None else MergedPassage(passage_id, content, source, conflict)


def _order_base(kept: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Return the ids of `kept` (in the order of base) as they stand in the merge; none of the three has new ones."""
    places = {passage_id: place for place, passage_id in enumerate(kept)}
    theirs = [passage_id for passage_id in theirs if passage_id in places]
    mine = [passage_id for passage_id in mine if passage_id in places]
    moved_by_them, moved_by_me = _find_moved(theirs, places), _find_moved(mine, places)
    unmoved = [passage_id for passage_id in kept if passage_id not in moved_by_them and passage_id not in moved_by_me]
    leaders = set(unmoved)
    return _insert_runs(
        unmoved,
        _find_runs(theirs, leaders, moved_by_them),
        _find_runs(mine, leaders, moved_by_me),
        settled=moved_by_them,
    )


def _find_moved(side: Sequence[str], places: Mapping[str, int]) -> set[str]:
    stayed = longest_increasing([places[passage_id] for passage_id in side])
    return set(side).difference(side[number] for number in stayed)


def _find_runs(
    side: Iterable[str], leaders: AbstractSet[str], followers: AbstractSet[str]
) -> dict[str | None, list[str]]:
    """Return the `followers` of one side by the leader they stand behind, None at the beginning."""
    runs: defaultdict[str | None, list[str]] = defaultdict(list)
    leader: str | None = None
    for passage_id in side:
        if passage_id in leaders:
            leader = passage_id
        elif passage_id in followers:
            runs[leader].append(passage_id)
    return runs


def _insert_runs(
    leaders: Sequence[str],
    theirs: Mapping[str | None, list[str]],
    mine: Mapping[str | None, list[str]],
    settled: AbstractSet[str],
) -> list[str]:
    """Return `leaders`, each with what stands behind it; where `settled` ones stand is for theirs alone to say."""
    order: list[str] = []
    for leader in [None, *leaders]:
        if leader is not None:
            order.append(leader)
        if leader in theirs or leader in mine:
            order.extend(_join_runs(theirs.get(leader, []), mine.get(leader, []), settled))
    return order


def _join_runs(theirs: Sequence[str], mine: Sequence[str], settled: AbstractSet[str]) -> list[str]:
    """Return two runs as one: theirs, then mine, in each stretch between those that both have in the same order."""
    places = {passage_id: place for place, passage_id in enumerate(theirs)}
    common = [passage_id for passage_id in mine if passage_id in places]
    marks = {common[number] for number in longest_increasing([places[passage_id] for passage_id in common])}
    joined: list[str] = []
    waiting: list[str] = []
    reached = 0
    for passage_id in mine:
        if passage_id in marks:
            place = places[passage_id]
            joined += [*theirs[reached:place], *waiting, passage_id]
            waiting = []
            reached = place + 1
        elif passage_id not in settled:
            waiting.append(passage_id)
    return [*joined, *theirs[reached:], *waiting]


def _insert_new(
    order: Sequence[str], theirs: Sequence[str], mine: Sequence[str], rows: Mapping[str, MergedPassage[Content]]
) -> Iterator[MergedPassage[Content]]:
    """Yield the rows of `order` with those of new passages at their places, equal ones at one place once."""
    leaders = set(order)
    new = rows.keys() - leaders
    their_runs, my_runs = _find_runs(theirs, leaders, new), _find_runs(mine, leaders, new)
    their_new = new.intersection(theirs)
    twins: set[str] = set()
    for leader, run in my_runs.items():
        waiting: defaultdict[Content, deque[str]] = defaultdict(deque)
        for passage_id in their_runs.get(leader, []):
            if rows[passage_id].source == "theirs" and not rows[passage_id].conflict:
                waiting[rows[passage_id].content].append(passage_id)
        for number, passage_id in enumerate(run):
            if passage_id not in their_new and waiting.get(rows[passage_id].content):
                run[number] = waiting[rows[passage_id].content].popleft()
                twins.add(run[number])
    for passage_id in _insert_runs(order, their_runs, my_runs, settled=their_new):
        row = rows[passage_id]
        yield replace(row, source="both") if passage_id in twins else row
