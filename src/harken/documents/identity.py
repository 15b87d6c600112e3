"""Which stored passage each passage of a new text is: the step in which identity survives editing."""

from collections.abc import Sequence
from dataclasses import dataclass

from harken.core.text.align import align
from harken.core.text.diff import change_class
from harken.documents.drafts import DraftPassage
from harken.documents.models import ChangeClass, PassageKind
from harken.documents.section_text import StoredPassage

# A change of these is a change of that one passage, whatever its words: there is only one of each.
_SINGLE = (PassageKind.TITLE, PassageKind.SUMMARY)


@dataclass(frozen=True, slots=True)
class Branch:
    """Text of the old passage `earlier` (an id) that is now in the new passage at `place`; `share` of it, 0 to 1."""

    earlier: int
    place: int
    share: float


@dataclass(frozen=True, slots=True)
class Identity:
    """For each new passage the id of the old one it continues, or None; and what was split off and merged.

    `splits` name parts beside the heir, `merges` what was absorbed by a passage that continues another.
    """

    passage_ids: tuple[int | None, ...]
    splits: tuple[Branch, ...]
    merges: tuple[Branch, ...]

    def with_branches(self, splits: Sequence[Branch], merges: Sequence[Branch]) -> "Identity":
        """The same with branches that are known from elsewhere; of two about one pair the known one counts."""

        def joined(known: Sequence[Branch], found: Sequence[Branch]) -> tuple[Branch, ...]:
            return tuple({(branch.earlier, branch.place): branch for branch in (*found, *known)}.values())

        return Identity(self.passage_ids, joined(splits, self.splits), joined(merges, self.merges))


def _single(kind: str, old: Sequence[StoredPassage], new: Sequence[DraftPassage]) -> tuple[int, int] | None:
    """The id and the place of the one passage of a kind, where there is one before and after."""
    before = [passage.passage_id for passage in old if passage.kind == kind]
    after = [place for place, draft in enumerate(new) if draft.kind == kind and draft.passage_id is None]
    return (before[0], after[0]) if len(before) == len(after) == 1 else None


def identify_passages(old: Sequence[StoredPassage], new: Sequence[DraftPassage]) -> Identity:
    """Say which old passage each new one is: by what is known, the title the title, and the rest by its words.

    No id is given twice. Near-linear for ordinary edits (`harken.core.text.align`).
    """
    found: list[int | None] = [draft.passage_id for draft in new]
    taken = {passage_id for passage_id in found if passage_id is not None}
    for kind in _SINGLE:
        pair = _single(kind, [passage for passage in old if passage.passage_id not in taken], new)
        if pair:
            found[pair[1]] = pair[0]
            taken.add(pair[0])
    left = [(str(passage.passage_id), passage.text) for passage in old if passage.passage_id not in taken]
    places = [place for place, passage_id in enumerate(found) if passage_id is None]
    if not places:
        return Identity(tuple(found), (), ())
    alignment = align(left, [new[place].text for place in places])
    for row in alignment.rows:
        if row.old_id is not None:
            found[places[row.new_index]] = int(row.old_id)
    splits = tuple(
        Branch(int(split.old_id), places[index], share)
        for split in alignment.splits
        for index, share in split.parts[1:]
    )
    merges = tuple(
        Branch(int(old_id), places[merge.new_index], share)
        for merge in alignment.merges
        for old_id, share in merge.parts[1:]
    )
    return Identity(tuple(found), splits, merges)


def count_changed(old: Sequence[StoredPassage], new: Sequence[StoredPassage]) -> int:
    """How many passages changed, came or went between two revisions."""
    before, after = ({passage.passage_id: passage.version_id for passage in side} for side in (old, new))
    return sum(before.get(passage_id) != after.get(passage_id) for passage_id in before.keys() | after.keys())


def propose_change_class(old: Sequence[StoredPassage], new: Sequence[DraftPassage], identity: Identity) -> ChangeClass:
    """How much the new text changes what is said, for its author to confirm: the most that any passage changes.

    A passage that came or went changes the meaning; one that only stands elsewhere, the wording.
    """
    texts = {passage.passage_id: passage.text for passage in old}
    kept = [passage_id for passage_id in identity.passage_ids if passage_id in texts]
    if len(kept) < len(identity.passage_ids) or len(kept) < len(texts):
        return ChangeClass.MEANING
    in_order = [passage.passage_id for passage in old] == kept
    found = ChangeClass.TYPO if in_order else ChangeClass.WORDING
    for draft, passage_id in zip(new, identity.passage_ids, strict=True):
        before = texts[passage_id] if passage_id is not None else ""
        if before == draft.text:
            continue
        match change_class(before, draft.text):
            case "meaning":
                return ChangeClass.MEANING
            case "wording":
                found = ChangeClass.WORDING
    return found
