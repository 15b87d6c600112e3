"""Campaigns: many texts filled in on one form, and the form itself with its fixed words and its slots.

A group's centre is aligned with every member (longest common subsequence of tokens). Tokens of the centre that four
fifths of the members have, in their order, are fixed. Between two fixed tokens next to each other lies a slot, if a
fifth of the members, and four of them, put something else there than most do. A member belongs if it has four fifths of
the fixed tokens, and they are half of it or more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from harken.core.text.folding import fold_word
from harken.core.text.words import is_spaceless, split_tokens

__all__ = ["LONGEST", "SMALLEST", "Slot", "Template", "find_template"]

SMALLEST: Final = 5
"""So many different texts make a campaign, or more."""
LONGEST: Final = 1_000
"""Texts of more tokens are not looked at as parts of campaigns: aligning takes the square of it."""

_FIXED: Final = 0.8
_DIFFERING: Final = 0.2
_FEWEST_DIFFERING: Final = 4
_SHARE_OF_TEXT: Final = 0.5
_FEWEST_FIXED: Final = 6.0
_LEARNT_FROM: Final = 400
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a template that varies.

    Attributes:
        values: what is most often put there, and in how many texts; "" where it was left empty. Ten at most.
        different: how many different things are put there.
    """

    values: tuple[tuple[str, int], ...]
    different: int


@dataclass(frozen=True, slots=True)
class Template:
    """What all texts of a campaign have in common.

    Attributes:
        parts: fixed words as the centre writes them, and slots, in their order.
    """

    parts: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots alone."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def __str__(self) -> str:
        """The template on one line, slots as […]."""
        said = ("[…]" if isinstance(part, Slot) else " ".join(part.split()) for part in self.parts)
        return " ".join(part for part in said if part)


class _Tokens(NamedTuple):
    """A text in tokens: all of them as they stand, which of them count, and the folded forms of those."""

    all: list[str]
    counted: list[int]
    folded: list[str]

    def said(self, first: int, last: int) -> str:
        """Return the text from one counted token to another, the last not included; "" where there are none."""
        return "".join(self.all[self.counted[first] : self.counted[last - 1] + 1]) if last > first else ""


def _read(text: str) -> _Tokens:
    tokens = split_tokens(text)
    folded = [fold_word(token) for token in tokens]
    counted = [place for place, each in enumerate(folded) if each]
    return _Tokens(tokens, counted, [each for each in folded if each])


def _align(centre: Sequence[str], member: Sequence[str]) -> NDArray[np.int32]:
    """Return (tokens of the centre,) the place of each in the member; −1 where it is not there."""
    places = np.full(len(centre), -1, dtype=np.int32)
    for step in LCSseq.opcodes(centre, member):
        if step.tag == "equal":
            places[step.src_start : step.src_end] = np.arange(step.dest_start, step.dest_end)
    return places


@dataclass(slots=True)
class _Form:
    """A template: the fixed tokens of its centre, and the gaps that are slots (gap g is before fixed token g)."""

    centre: _Tokens
    fixed: NDArray[np.int64]
    slots: list[int]

    def belongs(self, places: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return (m,) whether texts of these lengths, aligned so, (m, tokens of the centre), follow the template."""
        matched: NDArray[np.int64] = np.sum(places[:, self.fixed] >= 0, axis=1)
        return (matched >= _FIXED * self.fixed.size) & (matched >= _SHARE_OF_TEXT * lengths)

    def gaps(
        self, places: NDArray[np.int32], lengths: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return (m, gaps) from which token to which each text fills each gap; from −1 where it lacks one beside it."""
        known = places[:, self.fixed]
        start = np.full((lengths.size, 1), 0, dtype=np.int32)
        begins = np.hstack([start, np.where(known >= 0, known + 1, -1)])
        ends = np.hstack([known, lengths[:, None]])
        return np.where(ends >= 0, begins, -1), ends


def _weight(tokens: Sequence[str]) -> float:
    return sum(0.5 if is_spaceless(token) else 1.0 for token in tokens)


def _find_fixed(centre: _Tokens, places: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return which tokens of the centre most texts have; a character or two by themselves are there by chance."""
    fixed = np.flatnonzero(np.mean(places >= 0, axis=0) >= _FIXED)
    runs = np.split(fixed, np.flatnonzero(np.diff(fixed) != 1) + 1)
    kept = [run for run in runs if _weight([centre.folded[place] for place in run.tolist()]) >= 1]
    return np.concatenate(kept) if kept else fixed[:0]


def _learn(centre: _Tokens, members: Sequence[_Tokens], places: NDArray[np.int32]) -> _Form | None:
    """Return the form of these members, the centre first; None where they or it have none, or it has no slot."""
    form = _Form(centre, np.zeros(0, dtype=np.int64), [])
    lengths = np.array([len(each.folded) for each in members], dtype=np.int32)
    belongs = np.ones(lengths.size, dtype=bool)
    for _again in range(2):  # once with everybody, once with those who belong
        form.fixed = _find_fixed(centre, places[belongs])
        if _weight([centre.folded[place] for place in form.fixed.tolist()]) < _FEWEST_FIXED:
            return None
        belongs = form.belongs(places, lengths)
        if not belongs[0] or np.count_nonzero(belongs) < SMALLEST:
            return None
    begins, ends = form.gaps(places[belongs], lengths[belongs])
    those = [each for each, does in zip(members, belongs.tolist(), strict=True) if does]
    fewest = max(_FEWEST_DIFFERING, _DIFFERING * len(those))
    for gap in np.flatnonzero(np.count_nonzero(ends > begins, axis=0) >= fewest).tolist():
        spans = zip(those, begins[:, gap].tolist(), ends[:, gap].tolist(), strict=True)
        values = Counter(tuple(each.folded[begin:end]) for each, begin, end in spans if begin >= 0)
        if values.total() - max(values.values(), default=0) >= fewest:
            form.slots.append(gap)
    return form if form.slots else None


def _parts(form: _Form, values: list[Counter[str]]) -> Iterator[str | Slot]:
    """Yield the fixed stretches of the centre and the slots between them."""
    start = 0
    for gap, said in zip(form.slots, values, strict=True):
        if gap:
            yield form.centre.said(start, int(form.fixed[gap - 1]) + 1)
        ordered = sorted(said.items(), key=lambda each: (-each[1], each[0]))
        yield Slot(tuple(ordered[:_SHOWN]), len(ordered))
        start = int(form.fixed[gap]) if gap < form.fixed.size else len(form.centre.folded)
    if start < len(form.centre.folded):
        yield form.centre.said(start, len(form.centre.folded))


def find_template(texts: Sequence[str], weights: Sequence[int]) -> tuple[Template, list[int]] | None:
    """Return the template of some texts, and the places of those that follow it; None where they have none.

    Args:
        texts: different texts, the centre first; the order of the rest decides which of them are learnt from, where
            they are very many.
        weights: how often each was sent.
    """
    if len(texts) < SMALLEST:
        return None
    centre = _read(texts[0])
    form: _Form | None = None
    following: list[int] = []
    values: list[Counter[str]] = []
    shown: dict[str, str] = {}
    for start in range(0, len(texts), _LEARNT_FROM):
        members = [_read(text) for text in texts[start : start + _LEARNT_FROM]]
        places = np.stack([_align(centre.folded, each.folded) for each in members])
        if form is None:
            form = _learn(centre, members, places)
            if form is None:
                return None
            values = [Counter() for _ in form.slots]
        lengths = np.array([len(each.folded) for each in members], dtype=np.int32)
        begins, ends = (each[:, form.slots].tolist() for each in form.gaps(places, lengths))
        for place in np.flatnonzero(form.belongs(places, lengths)).tolist():
            following.append(start + place)
            tokens = members[place]
            for said, begin, end in zip(values, begins[place], ends[place], strict=True):
                if begin >= 0:
                    folded = " ".join(tokens.folded[begin:end])
                    if folded not in shown:
                        shown[folded] = " ".join(tokens.said(begin, end).split())
                    said[shown[folded]] += weights[start + place]
    return (Template(tuple(_parts(form, values))), following) if form else None
