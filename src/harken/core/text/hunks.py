"""Changes of one text taken one by one: accepted in part, carried over to a later text, combined with others'."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harken.core.text.diff import compare_words
from harken.core.text.words import is_spaceless

__all__ = ["CannotApply", "Hunk", "MergedWords", "Rebase", "apply_hunks", "merge_words", "rebase", "split_hunks"]


class CannotApply(ValueError):
    """The hunks were not made from this text, or one was chosen that does not exist."""


class Hunk(NamedTuple):
    """One change: `old`, which is `text[start:end]` of the old text (characters), became `new`; not both are empty."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Rebase:
    """A suggestion carried over to the current text.

    clean: `text` is the current text with what the suggestion changes. covered: the current text says it already, and
    is `text`. stale: others changed the same words; `text` is the suggestion as it was made.
    """

    text: str
    state: Literal["clean", "covered", "stale"]


@dataclass(frozen=True, slots=True)
class MergedWords:
    """Two changes of one text in one; `clean` if they nowhere overlap, else a person has to read `text`."""

    text: str
    clean: bool


def split_hunks(old: str, new: str) -> list[Hunk]:
    """Return the changes from `old` to `new`, by word, in order; a deletion and what replaces it are one hunk.

    Between two hunks at least one character of `old` stays. As exact and as fast as `compare_words`.
    """
    hunks: list[Hunk] = []
    place = 0
    deleted = inserted = ""
    for kind, text in compare_words(old, new):
        if kind == "deleted":
            deleted = text
        elif kind == "inserted":
            inserted = text
        else:
            if deleted or inserted:
                hunks.append(Hunk(place, place + len(deleted), deleted, inserted))
                place += len(deleted)
                deleted = inserted = ""
            place += len(text)
    if deleted or inserted:
        hunks.append(Hunk(place, place + len(deleted), deleted, inserted))
    return hunks


def apply_hunks(old: str, hunks: Sequence[Hunk], chosen: Collection[int]) -> str:
    """Return `old` with the hunks whose numbers (from 0) are `chosen`: with all the new text, with none `old`.

    Raises:
        CannotApply: If `hunks` are not of `old`, not in order, or there is none of a chosen number.
    """
    if any(not 0 <= number < len(hunks) for number in chosen):
        raise CannotApply("One of the chosen changes does not exist. Please load the suggestion again and choose anew.")
    place = 0
    for hunk in hunks:
        fits = hunk.start >= place and hunk.end - hunk.start == len(hunk.old)
        if not fits or old[hunk.start : hunk.end] != hunk.old:
            raise CannotApply("The text is no longer the one this change was made to. Please load it again.")
        place = hunk.end
    wanted = set(chosen)
    return _replace(old, 0, len(old), [hunk for number, hunk in enumerate(hunks) if number in wanted])


def _replace(text: str, start: int, end: int, hunks: Sequence[Hunk]) -> str:
    """Return `text[start:end]` with all `hunks`, which lie in it, in order."""
    parts: list[str] = []
    for hunk in hunks:
        parts += [text[start : hunk.start], hunk.new]
        start = hunk.end
    return "".join([*parts, text[start:end]])


def rebase(base: str, suggested: str, current: str) -> Rebase:
    """Carry the changes from `base` to `suggested` over to `current`, another later text of `base`.

    Word by word, as in diff3 (Khanna, Kunal, Pierce 2007, doi:10.1007/978-3-540-77050-3_40). A change is carried over
    if neither its words nor the next ones before and after it (a sign or a line break counts as one) were touched on
    the way to `current`; two insertions at one place are stale therefore. Changes that were made alike on both ways
    are there already. Unless all can be carried over none is: half a suggestion is not what its author meant.
    """
    combined = _combine(base, current, suggested)
    if not combined.clean:
        return Rebase(suggested, "stale")
    return Rebase(_replace(base, 0, len(base), combined.hunks), "clean" if combined.has_mine else "covered")


def merge_words(base: str, theirs: str, mine: str) -> MergedWords:
    """Return the changes from `base` to `theirs` and to `mine` in one text, as a proposal for a person to edit.

    Changes that do not overlap are all made, so that nobody has to type them again; if they touch (no untouched word,
    sign or line break between them) the result is not clean, for the sentence may no longer be one. Where changes
    overlap both wordings of that stretch stand one after the other, theirs first, with a space between where words
    would run together: striking one out is less work than finding out what the other was. If one side deleted the
    stretch the other's words stay. No word that either side put in is missing. A clean result is the same with
    `theirs` and `mine` exchanged.
    """
    combined = _combine(base, theirs, mine)
    return MergedWords(_replace(base, 0, len(base), combined.hunks), combined.clean)


class _Combined(NamedTuple):
    """Both sides' changes of a text as one list of hunks; `has_mine` if any of them is from mine alone."""

    hunks: list[Hunk]
    clean: bool
    has_mine: bool


def _combine(base: str, theirs: str, mine: str) -> _Combined:
    their_hunks, my_hunks = split_hunks(base, theirs), split_hunks(base, mine)
    alike = set(their_hunks).intersection(my_hunks)
    hunks = list(alike)
    clean = True
    has_mine = False
    last_end: dict[bool, int] = {}
    for group in _group_overlapping(
        [hunk for hunk in their_hunks if hunk not in alike], [hunk for hunk in my_hunks if hunk not in alike]
    ):
        start, end = group[0][0].start, max(hunk.end for hunk, _ in group)
        if len(group) > 1:
            one, other = (
                _replace(base, start, end, [hunk for hunk, is_mine in group if is_mine is side])
                for side in (False, True)
            )
            hunks.append(Hunk(start, end, base[start:end], one if one == other else _join_wordings(one, other)))
            clean = clean and one == other
            continue
        hunk, is_mine = group[0]
        hunks.append(hunk)
        has_mine = has_mine or is_mine
        other_end = last_end.get(not is_mine)
        clean = clean and (other_end is None or _is_apart(base[other_end:start]))
        last_end[is_mine] = end
    return _Combined(sorted(hunks), clean, has_mine)


def _is_apart(between: str) -> bool:
    """Return whether two changes with this unchanged text between them do not touch."""
    return "\n" in between or bool(between.strip())


def _group_overlapping(theirs: Sequence[Hunk], mine: Sequence[Hunk]) -> list[list[tuple[Hunk, bool]]]:
    """Return the hunks of both, each with whether it is mine, in order; those that overlap in one group.

    Insertions overlap at the same place only, or within what the other side replaced.
    """
    groups: list[list[tuple[Hunk, bool]]] = []
    end = 0
    for hunk, is_mine in sorted([*((hunk, False) for hunk in theirs), *((hunk, True) for hunk in mine)]):
        if groups and (hunk.start < end or hunk[:2] == groups[-1][-1][0][:2]):
            groups[-1].append((hunk, is_mine))
        else:
            groups.append([(hunk, is_mine)])
        end = max(end, hunk.end)
    return groups


def _join_wordings(theirs: str, mine: str) -> str:
    """Return two wordings of one stretch one after the other."""
    if not theirs.strip() or not mine.strip():
        return theirs if theirs.strip() else mine
    run_on = theirs[-1].isspace() or mine[0].isspace() or (is_spaceless(theirs[-1]) and is_spaceless(mine[0]))
    return f"{theirs}{'' if run_on else ' '}{mine}"
