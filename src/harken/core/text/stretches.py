"""The stretches of a document between unchanged passages, and where their words went."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from harken.core.text.order import longest_increasing
from harken.core.text.word_map import WordMap

__all__ = ["Stretch", "Stretches"]


class Stretch:
    """What lies between two unchanged passages, old and new: the passages one after the other, and their difference."""

    def __init__(self, old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> None:
        self.new_ids = [passage_id for passage_id, _ in new]
        self._old_starts = dict(zip((passage_id for passage_id, _ in old), _starts(old), strict=True))
        self._new_starts = _starts(new)
        self._map = WordMap("\n".join(text for _, text in old), "\n".join(text for _, text in new))

    def map_word(self, passage_id: str, start: int, end: int) -> tuple[str, int, int] | None:
        """Return the passage and place a word of the old passage is at now, or None."""
        shift = self._old_starts[passage_id]
        place = self._map.map_word(shift + start, shift + end)
        if place is None:
            return None
        number = bisect_right(self._new_starts, place[0]) - 1
        return self.new_ids[number], place[0] - self._new_starts[number], place[1] - self._new_starts[number]


def _starts(passages: Sequence[tuple[str, str]]) -> list[int]:
    """Return where each text begins when all are joined by line feeds."""
    return list(accumulate((len(text) + 1 for _, text in passages), initial=0))[:-1]


class Stretches:
    """All stretches between two revisions, each passages by id, in order; made when they are asked for."""

    def __init__(self, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        self._old = old
        self._new = new
        self._made: dict[int, Stretch] = {}

    def find(self, passage_id: str) -> Stretch | None:
        """Return the stretch a changed old passage lies in, or None where nothing new stands there."""
        numbers, old_members, new_members = self._members
        number = numbers[passage_id]
        if number not in new_members:
            return None
        if number not in self._made:
            self._made[number] = Stretch(
                [(member, self._old[member]) for member in old_members[number]],
                [(member, self._new[member]) for member in new_members[number]],
            )
        return self._made[number]

    @cached_property
    def _members(self) -> tuple[dict[str, int], dict[int, list[str]], dict[int, list[str]]]:
        """The number of the stretch of each changed old passage, and the changed passages of each, old and new."""
        places = {passage_id: place for place, passage_id in enumerate(self._new)}
        unchanged = [passage_id for passage_id, text in self._old.items() if self._new.get(passage_id) == text]
        fixed = [unchanged[i] for i in longest_increasing([places[passage_id] for passage_id in unchanged])]
        bounds = {passage_id: number for number, passage_id in enumerate(fixed, start=1)}
        same = set(unchanged)
        members: list[dict[int, list[str]]] = []
        numbers: dict[str, int] = {}
        for passages in (self._old, self._new):
            of_side: defaultdict[int, list[str]] = defaultdict(list)
            for passage_id, number in _number(passages, bounds):
                if passage_id not in same:
                    of_side[number].append(passage_id)
                    if passages is self._old:
                        numbers[passage_id] = number
            members.append(dict(of_side))
        return numbers, members[0], members[1]


def _number(passages: Mapping[str, str], bounds: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each passage with the number of the last bound at or before it."""
    number = 0
    for passage_id in passages:
        number = bounds.get(passage_id, number)
        yield passage_id, number
