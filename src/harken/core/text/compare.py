"""Two revisions of one document side by side: what became of each passage, and of its words."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from harken.core.text.diff import Piece, compare_words
from harken.core.text.order import longest_increasing

__all__ = ["ComparedPassage", "Family", "compare_documents", "compare_pair"]

PassageRelation = Literal["same", "edited", "moved", "added", "removed", "split", "merged"]


@dataclass(frozen=True)
class Family:
    """Passages that share words by split or merge, as (id, text): the old and the new ones, each in their order."""

    old: tuple[tuple[str, str], ...]
    new: tuple[tuple[str, str], ...]

    @cached_property
    def pieces(self) -> list[Piece]:
        """What changed from the old texts to the new ones, each joined by line breaks."""
        return compare_words("\n".join(text for _, text in self.old), "\n".join(text for _, text in self.new))

    def cut(self, passage_id: str, *, from_new: bool) -> list[Piece]:
        """Return the part of the pieces in the new passage of this id, or without the inserted ones in the old one."""
        start = 0
        text = ""
        for member_id, text in self.new if from_new else self.old:
            if member_id == passage_id:
                break
            start += len(text) + 1
        end = start + len(text)
        passing = "deleted" if from_new else "inserted"
        cut: list[Piece] = []
        place = 0
        for kind, words in self.pieces:
            part = words
            if kind != passing:
                part = words[max(start - place, 0) : max(end - place, 0)]
                place += len(words)
            elif not from_new or not start <= place <= end:
                continue
            if cut and part and cut[-1].kind == kind:
                part = cut.pop().text + part
            if part:
                cut.append(Piece(kind, part))
        return cut


@dataclass(frozen=True, slots=True)
class ComparedPassage:
    """One row of a comparison: a passage that is in both revisions, or in one.

    same: the same text at its place in the order. edited: other words. moved: at another place, and with other words
    if `edited`. added, removed: in the new or the old revision only. split: a new passage with words of an old one, or
    an old one that is gone with its words in several. merged: an old passage that is gone with its words in another,
    or a new one with words of several.

    `old` and `new` are its texts, None where it is not. `origins` are the other old passages whose words came here,
    `heirs` the other new ones that hold words of this one, each in their order; `family` is None without either.
    """

    passage_id: str
    relation: PassageRelation
    edited: bool
    old: str | None
    new: str | None
    origins: tuple[str, ...] = ()
    heirs: tuple[str, ...] = ()
    family: Family | None = None


def compare_documents(
    old: Sequence[tuple[str, Hashable, str]],
    new: Sequence[tuple[str, Hashable, str]],
    heirs: Mapping[str, Sequence[str]] | None = None,
) -> list[ComparedPassage]:
    """Return the rows of a comparison of two revisions, each a sequence of (passage id, version key, text).

    Equal version keys mean equal texts; with different ones the texts decide. `heirs` gives for an old id those of
    the new passages that hold words of it after splits and merges; its own, and ids that are in neither revision,
    are passed over.

    The rows of passages in `new` come in its order. One that is in `old` only comes behind the last passage before it
    that did not move, before what was added there. Each passage is in exactly one row; one in both revisions has one
    row for both. No words are compared yet: that is for `compare_pair`, row by row, as they are shown.
    O(n log n) for n passages.

    Raises:
        ValueError: If an id occurs twice in one of the revisions.
    """
    before, after = _index("old", old), _index("new", new)
    in_place = _find_unmoved(before, after)
    kinships = _find_kinships(before, after, heirs or {})
    gone: defaultdict[str | None, list[str]] = defaultdict(list)
    last: str | None = None
    for passage_id in before:
        if passage_id in in_place:
            last = passage_id
        elif passage_id not in after:
            gone[last].append(passage_id)
    order = list(gone[None])
    for passage_id in after:
        order.append(passage_id)
        if passage_id in gone:
            order.extend(gone[passage_id])
    return [
        _describe(
            passage_id,
            before.get(passage_id),
            after.get(passage_id),
            kinships.get(passage_id, _ALONE),
            moved=passage_id not in in_place,
        )
        for passage_id in order
    ]


def compare_pair(row: ComparedPassage) -> list[Piece]:
    """Return the words of one row: same and inserted pieces joined are `row.new`, if there is one.

    Same and deleted ones joined are `row.old` where the row has no new text or no family. In a family all old texts
    are compared with all new ones at once, so that words that only went from one passage to another are the same; a
    row with a new text then has the part of the comparison that ends in it (over all rows of the family, then, each
    deleted word is in one piece), a row without one has the words of the old text, same or deleted.
    """
    if row.family:
        return row.family.cut(row.passage_id, from_new=row.new is not None)
    if row.old is None:
        return [Piece("inserted", row.new)] if row.new else []
    if row.new is None:
        return [Piece("deleted", row.old)] if row.old else []
    if row.old == row.new:
        return [Piece("same", row.old)] if row.old else []
    return compare_words(row.old, row.new)


class _Entry(NamedTuple):
    """A passage in one of the revisions."""

    place: int
    version: Hashable
    text: str


class _Kinship(NamedTuple):
    """What a passage has in common with others; see `ComparedPassage`."""

    origins: tuple[str, ...]
    heirs: tuple[str, ...]
    family: Family | None


_ALONE = _Kinship((), (), None)


def _index(name: str, passages: Sequence[tuple[str, Hashable, str]]) -> dict[str, _Entry]:
    entries = {passage_id: _Entry(place, version, text) for place, (passage_id, version, text) in enumerate(passages)}
    if len(entries) < len(passages):
        counts = Counter(passage_id for passage_id, _, _ in passages)
        twice = next(passage_id for passage_id, count in counts.items() if count > 1)
        raise ValueError(f"The passage id {twice!r} occurs more than once in the {name} revision.")
    return entries


def _find_unmoved(before: Mapping[str, _Entry], after: Mapping[str, _Entry]) -> set[str]:
    """Return the passages of both revisions that are in a longest order common to both."""
    shared = [passage_id for passage_id in after if passage_id in before]
    return {shared[number] for number in longest_increasing([before[passage_id].place for passage_id in shared])}


def _find_kinships(
    before: Mapping[str, _Entry], after: Mapping[str, _Entry], heirs: Mapping[str, Sequence[str]]
) -> dict[str, _Kinship]:
    """Return the kinship of each passage that shares words with another one."""
    heirs_of = {
        origin: [heir for heir in dict.fromkeys(heirs[origin]) if heir in after and heir != origin]
        for origin in before
        if origin in heirs
    }
    origins_of: defaultdict[str, list[str]] = defaultdict(list)
    for origin, its_heirs in heirs_of.items():
        its_heirs.sort(key=lambda heir: after[heir].place)
        for heir in its_heirs:
            origins_of[heir].append(origin)
    families = _find_families(before, after, heirs_of, origins_of)
    return {
        passage_id: _Kinship(tuple(origins_of.get(passage_id, ())), tuple(heirs_of.get(passage_id, ())), family)
        for passage_id, family in families.items()
    }


def _find_families(
    before: Mapping[str, _Entry],
    after: Mapping[str, _Entry],
    heirs_of: Mapping[str, Sequence[str]],
    origins_of: Mapping[str, Sequence[str]],
) -> dict[str, Family]:
    """Return the family of each passage that has heirs or origins."""
    families: dict[str, Family] = {}
    for start in [*(origin for origin, its_heirs in heirs_of.items() if its_heirs), *origins_of]:
        if start in families:
            continue
        members: set[str] = set()
        reached = [start]
        while reached:
            passage_id = reached.pop()
            if passage_id not in members:
                members.add(passage_id)
                reached += [*heirs_of.get(passage_id, ()), *origins_of.get(passage_id, ())]
        families |= dict.fromkeys(members, Family(_gather(before, members), _gather(after, members)))
    return families


def _gather(entries: Mapping[str, _Entry], members: set[str]) -> tuple[tuple[str, str], ...]:
    """Return those of `members` that are in one revision as (id, text), in its order."""
    present = sorted(members.intersection(entries), key=lambda passage_id: entries[passage_id].place)
    return tuple((passage_id, entries[passage_id].text) for passage_id in present)


def _describe(
    passage_id: str, before: _Entry | None, after: _Entry | None, kinship: _Kinship, *, moved: bool
) -> ComparedPassage:
    """Return the row of one passage; one of `before` and `after` is not None."""
    relation: PassageRelation
    edited = False
    if before and after:
        edited = before.version != after.version and before.text != after.text
        relation = "moved" if moved else "edited" if edited else "same"
    elif after:
        relation = "merged" if len(kinship.origins) > 1 else "split" if kinship.origins else "added"
    else:
        relation = "split" if len(kinship.heirs) > 1 else "merged" if kinship.heirs else "removed"
    old, new = before.text if before else None, after.text if after else None
    return ComparedPassage(passage_id, relation, edited, old, new, *kinship)
