"""Votes in columns: who voted on what, how, and when.

A vote is agree (+1), disagree (−1) or pass (0). Pass is an answer: the participant saw the statement and did not take a
side. What is absent was not seen. Each participant has one vote on a statement, the last one. What moderators took
out stays in the store under a mask, so that it can come back, and so that `compat="polis"` can count it as Polis does.

The columns are sorted by participant, then statement, which makes them a compressed sparse row matrix of
participants × statements: `first_vote` says where each participant's votes begin.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["MOST_VOTES", "Votes", "VotesError"]

# Positions are 32 bits wide, which halves the memory of everything.
MOST_VOTES: Final = 2**31 - 1
_SHOWN = 5
_CHUNK: Final = 4_000_000

Ids = NDArray[Any]  # of int64, or of text where an id is not a whole number of 64 bits


class VotesError(ValueError):
    """These are not votes; the message says which row or value is wrong."""


def _show(values: Iterable[Any], total: int) -> str:
    shown = ", ".join(str(value) for value in values)
    return f"{shown} and {total - _SHOWN} more" if total > _SHOWN else shown


def _as_ids(values: ArrayLike, what: str) -> Ids:
    """Return ids as int64 (or int32, where they came so) where all are whole numbers that fit, else as text.

    Raises:
        VotesError: one is missing (None, NaN, empty text) or not whole (1.5).
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.dtype != np.uint64:
        return values if values.dtype == np.int32 else values.astype(np.int64, copy=False)
    given = (
        np.asarray(values) if isinstance(values, np.ndarray) else np.array(list(np.atleast_1d(values)), dtype=object)
    )
    if given.dtype.kind == "f":
        wrong = ~np.isfinite(given) | (given != np.floor(given))
        if wrong.any():
            raise VotesError(f"Row {int(np.argmax(wrong)) + 1}: {given[wrong][0]} is no {what}'s id.")
        if not given.size or np.abs(given).max() < 2**53:
            return given.astype(np.int64)
        raise VotesError(f"Ids of {what}s came as decimal numbers too large to be exact: read them as text.")
    whole: list[int | str] = []
    for row, value in enumerate(given.tolist(), 1):
        text = "" if value is None or value != value else str(value).strip()
        if not text or (isinstance(value, float) and not value.is_integer()):
            raise VotesError(f"Row {row}: {value!r} is no {what}'s id.")
        if isinstance(value, float):
            text = str(int(value))
        whole.append(text)
    try:
        numbers = [int(text) for text in whole]
        # "007" and "7" would become one id: then all stay text.
        if all(str(number) == text for number, text in zip(numbers, whole, strict=True)):
            return np.array(numbers, dtype=np.int64)
    except (ValueError, OverflowError):
        pass
    return np.array(whole, dtype=str)


def _as_values(values: ArrayLike, agree: int) -> NDArray[np.int8]:
    """Return votes as −1, 0, 1 with agree = +1.

    Raises:
        VotesError: a value is something else, NaN or None among them.
    """
    if agree not in {-1, 1}:
        raise VotesError(f"agree says which number means agreement: 1 or -1, not {agree}.")
    given = np.asarray(values)
    if given.dtype.kind not in "iufb":
        try:
            given = given.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise VotesError(f"Votes are the numbers -1, 0 and 1: {error}.") from error
    if given.dtype.kind == "b":
        raise VotesError("Votes are the numbers -1, 0 and 1: true and false leave no room for a pass.")
    wrong = ~((given == 0) | (given == 1) | (given == -1))
    if wrong.any():
        rows = np.flatnonzero(wrong)
        told = _show((f"{given[row]} in row {row + 1}" for row in rows[:_SHOWN]), rows.size)
        raise VotesError(f"Votes are the numbers -1, 0 and 1, and there is {told}. Leave out what was not seen.")
    votes = given.astype(np.int8)
    return votes if agree == 1 else -votes


def _index_ids(ids: Ids) -> tuple[Ids, NDArray[np.int32]]:
    """Return the different ids, sorted, and for each given one its place among them."""
    if ids.dtype.kind == "i" and ids.size:
        low, high = int(ids.min()), int(ids.max())
        # Ids that count up from somewhere need no sorting: a table over their range is enough.
        if high - low <= max(1_000_000, 4 * ids.size):
            seen = np.zeros(high - low + 1, dtype=bool)
            seen[ids - low] = True
            known = np.flatnonzero(seen) + low
            if seen.all():
                return known, (ids - low).astype(np.int32, copy=False)
            places = np.cumsum(seen, dtype=np.int32) - np.int32(1)
            return known, places[ids - low]
    known, found = np.unique(ids, return_inverse=True)
    return known.astype(np.int64) if known.dtype.kind == "i" else known, found.astype(np.int32)


def _sorted_places(
    rows: NDArray[np.int32], columns: NDArray[np.int32], bins: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Return rows and columns sorted by cell, and the order that sorts them so; votes in one cell keep theirs.

    Row, column and place are packed into one number each, because sorting plain numbers is several times as fast as
    sorting places by several keys.

    Args:
        rows: (n,) below bins[0].
        columns: (n,) below bins[1].
        bins: how many rows and columns there may be.
    """
    for_place, for_column = max(1, rows.size - 1).bit_length(), max(1, bins[1] - 1).bit_length()
    if max(1, bins[0] - 1).bit_length() + for_place + for_column > 63:  # too many of everything for one number
        order = np.lexsort((columns, rows))
        return rows[order], columns[order], order
    packed = rows.astype(np.int64)
    packed <<= for_column
    packed |= columns
    packed <<= for_place
    packed |= np.arange(rows.size)
    packed.sort()
    sorted_rows, sorted_columns = np.empty_like(rows), np.empty_like(columns)
    for start in range(0, rows.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        cells = packed[part] >> for_place
        sorted_rows[part], sorted_columns[part] = cells >> for_column, cells & ((1 << for_column) - 1)
    packed &= (1 << for_place) - 1
    return sorted_rows, sorted_columns, packed


def _last_votes(same: NDArray[np.bool_], times: NDArray[np.int64] | None) -> NDArray[np.bool_]:
    """Return which votes stand, where `same[i]` says that vote i + 1 replaces or precedes vote i in the same cell.

    Without times the later one in the input stands; with times the later one in time, and of two at the same
    time the later one in the input.
    """
    keep = np.ones(same.size + 1, dtype=bool)
    if times is None:
        keep[:-1] = ~same
        return keep
    cells = np.concatenate(([0], np.cumsum(~same)))
    repeated = np.zeros(same.size + 1, dtype=bool)
    repeated[:-1] |= same
    repeated[1:] |= same
    places = np.flatnonzero(repeated)
    order = places[np.lexsort((places, times[places], cells[places]))]
    last = np.ones(order.size, dtype=bool)
    last[:-1] = cells[order[1:]] != cells[order[:-1]]
    keep[order] = last
    return keep


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of P participants on S statements, n of them, one in a cell at most.

    Make one with `from_columns`, or read files with `harken.core.sense.polis_files`.

    Attributes:
        participants: (P,) ids, sorted; int64, or text where an id is no whole number of 64 bits.
        statements: (S,) ids, sorted, likewise; those nobody has seen are among them.
        first_vote: (P + 1,) participant i has the votes first_vote[i] … first_vote[i + 1] − 1.
        statement: (n,) of each vote, the place of its statement in `statements`; ascending within a participant.
        value: (n,) of each vote, +1 agree, 0 pass, −1 disagree.
        time: (n,) of each vote, milliseconds since 1970 UTC; None where times are not known.
        moderated: (S,) true for statements that moderators took out.
        about_process: (S,) true for statements about the conversation itself ("meta"), which are always worth asking.
        replaced: how many votes were replaced by a later one of the same participant on the same statement.
    """

    participants: Ids
    statements: Ids
    first_vote: NDArray[np.int32]
    statement: NDArray[np.int32] = field(repr=False)
    value: NDArray[np.int8] = field(repr=False)
    time: NDArray[np.int64] | None = field(repr=False)
    moderated: NDArray[np.bool_] = field(repr=False)
    about_process: NDArray[np.bool_] = field(repr=False)
    replaced: int = 0

    @classmethod
    def from_columns(
        cls,
        participant: ArrayLike,
        statement: ArrayLike,
        value: ArrayLike,
        time: ArrayLike | None = None,
        *,
        agree: int = 1,
        statements: ArrayLike | None = None,
        moderated: Collection[Any] = (),
        about_process: Collection[Any] = (),
    ) -> "Votes":
        """Return the store of these votes, whatever order they come in.

        Args:
            participant: id of who voted; numbers or text.
            statement: id of what was voted on; numbers or text.
            value: −1, 0 or 1; 0 is a pass.
            time: when, whole milliseconds since 1970 UTC. Decides which of two votes in one cell is the last;
                without it, the order of the columns does.
            agree: the number that means agreement. Polis' exports have +1, its database has −1.
            statements: all statements there are. A vote on another one is then an error.
            moderated: ids of statements that moderators took out.
            about_process: ids of statements about the conversation itself.

        Raises:
            VotesError: columns of different lengths, missing ids, other values than −1, 0 and 1, times that are no
                times, votes on unknown statements, or more than 2³¹ − 1 votes.
        """
        values = _as_values(value, agree)
        who, what = _as_ids(participant, "participant"), _as_ids(statement, "statement")
        if not who.size == what.size == values.size:
            raise VotesError(
                f"Columns have different lengths: {who.size} participants, {what.size} statements, {values.size} votes."
            )
        if values.size > MOST_VOTES:
            raise VotesError(f"{values.size:,} votes are more than one store holds ({MOST_VOTES:,}).")
        times = None if time is None else _as_times(time, values.size)
        participants, rows = _index_ids(who)
        known, columns = _index_ids(what)
        if statements is not None:
            known, columns = _place_among(_as_ids(statements, "statement"), known, columns)
        votes = cls._from_places(participants, known, rows, columns, values, times)
        return replace(votes, moderated=votes.mask(moderated), about_process=votes.mask(about_process))

    @classmethod
    def _from_places(
        cls,
        participants: Ids,
        statements: Ids,
        rows: NDArray[np.int32],
        columns: NDArray[np.int32],
        values: NDArray[np.int8],
        times: NDArray[np.int64] | None,
    ) -> "Votes":
        """Sort the votes by participant and statement, and keep the last in each cell."""
        in_order = (rows[1:] > rows[:-1]) | ((rows[1:] == rows[:-1]) & (columns[1:] >= columns[:-1]))
        if not in_order.all():
            rows, columns, order = _sorted_places(rows, columns, (participants.size, statements.size))
            values, times = values[order], None if times is None else times[order]
        same = (rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1])
        replaced = int(same.sum())
        if replaced:
            keep = _last_votes(same, times)
            rows, columns, values = rows[keep], columns[keep], values[keep]
            times = times if times is None else times[keep]
        first = np.searchsorted(rows, np.arange(participants.size + 1, dtype=np.int32)).astype(np.int32)
        none = np.zeros(statements.size, dtype=bool)
        return cls(participants, statements, first, columns, values, times, none, none.copy(), replaced)

    @property
    def size(self) -> int:
        """How many votes stand."""
        return self.value.size

    @property
    def votes_of_participants(self) -> NDArray[np.int32]:
        """(P,) how many votes each participant has, moderated statements included."""
        return np.diff(self.first_vote)

    def mask(self, ids: Collection[Any]) -> NDArray[np.bool_]:
        """Return (S,) where `statements` are among `ids`; ids that are no statement of the store are passed over."""
        if not len(ids):
            return np.zeros(self.statements.size, dtype=bool)
        asked = _as_ids(list(ids), "statement")
        if asked.dtype.kind != self.statements.dtype.kind:
            return np.isin(self.statements.astype(str), asked.astype(str))
        return np.isin(self.statements, asked)

    def moderate(self, ids: Collection[Any]) -> "Votes":
        """Return the same votes with exactly these statements taken out by moderators."""
        return replace(self, moderated=self.mask(ids))

    def to_columns(self) -> tuple[Ids, Ids, NDArray[np.int8], NDArray[np.int64] | None]:
        """Return participant id, statement id, value and time of every vote that stands: what `from_columns` takes."""
        return (
            np.repeat(self.participants, self.votes_of_participants),
            self.statements[self.statement],
            self.value,
            self.time,
        )

    def with_votes(
        self,
        participant: Sequence[Any] | NDArray[Any],
        statement: Sequence[Any] | NDArray[Any],
        value: ArrayLike,
        *,
        agree: int = 1,
    ) -> "Votes":
        """Return a store in which these later votes have been cast as well; far quicker than beginning again.

        Args:
            participant: ids, of participants here or new ones.
            statement: ids of statements of the store.
            value: as in `from_columns`; of several votes in one cell the last stands.
            agree: as in `from_columns`.

        The new store has no times: these votes are later than all that were there, whatever clock gave those.

        Raises:
            VotesError: as in `from_columns`.
        """
        new = Votes.from_columns(participant, statement, value, agree=agree, statements=self.statements)
        if new.participants.size and new.participants.dtype.kind != self.participants.dtype.kind:
            raise VotesError("Some participants have numbers for ids and others text.")
        known, first = self.participants, self.first_vote
        arrived = new.participants[~_among(new.participants, known)]
        if arrived.size:
            known = np.sort(np.concatenate([known, arrived]))
            counts = np.zeros(known.size, dtype=np.int32)
            counts[np.searchsorted(known, self.participants)] = self.votes_of_participants
            first = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        places, there = _find_cells(first, self.statement, np.searchsorted(known, new.participants), new)
        values = self.value.copy()
        values[places[there]] = new.value[there]
        added = places[~there]
        counts = np.diff(first)
        rows = np.repeat(np.searchsorted(known, new.participants), new.votes_of_participants)
        counts += np.bincount(rows[~there], minlength=known.size).astype(np.int32)
        return replace(
            self,
            participants=known,
            first_vote=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
            statement=np.insert(self.statement, added, new.statement[~there]),
            value=np.insert(values, added, new.value[~there]),
            time=None,
            replaced=self.replaced + new.replaced + int(there.sum()),
        )


def _among(ids: Ids, known: Ids) -> NDArray[np.bool_]:
    """Return which of `ids` are among `known`, which is sorted."""
    if not known.size:
        return np.zeros(ids.size, dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, ids), known.size - 1)] == ids
    return found


def _find_cells(
    first: NDArray[np.int32], statement: NDArray[np.int32], rows: NDArray[np.intp], new: Votes
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each vote of `new` its place in the columns, and whether its cell is there already.

    `rows` are the places of the participants of `new`.
    """
    places = np.empty(new.size, dtype=np.int64)
    there = np.zeros(new.size, dtype=bool)
    for row, start, end in zip(rows, new.first_vote[:-1], new.first_vote[1:], strict=True):
        mine = statement[first[row] : first[row + 1]]
        found = np.searchsorted(mine, new.statement[start:end])
        inside = found < mine.size
        there[start:end][inside] = mine[found[inside]] == new.statement[start:end][inside]
        places[start:end] = first[row] + found
    return places, there


def _as_times(time: ArrayLike, size: int) -> NDArray[np.int64]:
    given = np.asarray(time)
    if given.size != size:
        raise VotesError(f"Columns have different lengths: {size} votes, {given.size} times.")
    if given.dtype.kind in "iu":
        return given.astype(np.int64, copy=False)
    try:
        numbers = given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise VotesError(f"Times are whole milliseconds since 1970: {error}.") from error
    wrong = ~np.isfinite(numbers)
    if wrong.any():
        raise VotesError(f"Row {int(np.argmax(wrong)) + 1}: {given[wrong][0]} is no time.")
    return given.astype(np.int64) if given.dtype.kind in "OUS" else numbers.astype(np.int64)


def _place_among(listed: Ids, found: Ids, columns: NDArray[np.int32]) -> tuple[Ids, NDArray[np.int32]]:
    """Return all `listed` ids, sorted, and the `columns`, which point into `found`, pointing into them.

    Raises:
        VotesError: something was found that is not listed.
    """
    if found.size and listed.dtype.kind != found.dtype.kind:
        listed, found = listed.astype(str), found.astype(str)
    known = np.unique(listed)
    unknown = found[~np.isin(found, known)]
    if unknown.size:
        raise VotesError(f"There are votes on unknown statements: {_show(unknown[:_SHOWN], unknown.size)}.")
    return known, np.searchsorted(known, found).astype(np.int32)[columns]
