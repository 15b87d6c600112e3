"""The opinion map: participants placed by their votes, their groups, and what the groups say about statements.

    from harken.core.sense import opinion_map, read_conversation

    conversation = read_conversation("brexit-consensus")
    found = opinion_map(conversation.votes, seed=1)
    found.grouping.k, found.statistics.consensus

How it comes about, and the formulas: `projection` (axes and positions), `grouping` (groups, and whether there are any),
`statistics` (statements). The same votes, settings and seed give the same map.

**Who counts.** Statements that moderators took out, that nobody has seen, or that are about the process itself have
no part in the map. Participants with fewer than `FEWEST_VOTES` votes on the others are placed but in no group. All
means and axes are those of all participants.

**`compat="polis"`** reproduces the published formulas as red-dwarf computes them, with one quirk: moderated statements
become columns of zeros *for everybody*. They then count as votes cast, in S and in n_i of the scale √(S/n_i), and
votes on them count towards the seven that a participant needs. Groups come from `grouping.group_as_polis`, statistics
from `polis_formulas`.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.blocks import (
    Block,
    Blocks,
    SerialBlocks,
    centre,
    count_votes,
    merge,
    project,
    split_votes,
    tally_block,
    tally_groups,
)
from harken.core.sense.grouping import LARGEST_K, Grouping, find_groups, group_as_polis
from harken.core.sense.polis_formulas import describe_as_polis
from harken.core.sense.projection import (
    LIVE_TOLERANCE,
    TOLERANCE,
    Components,
    find_components,
    position_statements,
    scale_positions,
)
from harken.core.sense.statistics import StatementStatistics, describe_statements
from harken.core.sense.votes import Ids, Votes

__all__ = ["Caution", "OpinionMap", "Settings", "opinion_map"]

FEWEST_VOTES: Final = 7
SMALLEST_GAP: Final = 0.25
Numbers = NDArray[np.float64]


class Caution(StrEnum):
    """What a reader of the map has to know."""

    NO_VOTES = "no-votes"  # there is nothing to place anybody by
    NOTHING_DIFFERS = "nothing-differs"  # all votes on each statement are the same
    SECOND_AXIS = "second-axis"  # the second and third eigenvalue are close: a few more votes may turn the second axis
    ONE_AXIS = "one-axis"  # votes differ along one line only
    NO_GAP = "no-gap"  # between two groups stand nearly as many people as in their middles
    FOLLOWED = "followed"  # groups were carried over from an earlier map and not tested anew


@dataclass(frozen=True, slots=True)
class Settings:
    """With what a map was made; the same votes and settings give the same map.

    Attributes:
        seed: of directions, first centres and resampling.
        compat: "polis" for the published formulas, "" for those of this library.
        fewest_votes: how many votes it takes to be in a group.
        largest_k: most groups that were looked for.
        k: the number of groups that was asked for; None where it was found.
    """

    seed: int
    compat: Literal["", "polis"]
    fewest_votes: int
    largest_k: int
    k: int | None


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """P participants and S statements on one plane.

    Attributes:
        participants: (P,) ids, as in the votes.
        statements: (S,) ids, as in the votes.
        counted: (S,) statements that took part.
        positions: (P, 2) where participants stand.
        seen: (P,) on how many statements that count each has voted (in `compat="polis"` with those moderated out).
        placed: (P,) who has voted enough to be in a group.
        groups: (P,) group of each participant, from 0; −1 for those who have not voted enough.
        components: axes and eigenvalues; loadings are (S, 2) here, with zeros for statements that do not count.
        means: (S,) mean vote on each statement, agree = +1; 0 for statements that do not count.
        statement_positions: (S, 2) where somebody would stand who has only agreed with that statement.
        grouping: how groups were found; `labels` there are those of the participants in `placed`.
        statistics: what groups say about statements.
        cautions: what a reader has to know.
        settings: with what it was made.
    """

    participants: Ids
    statements: Ids
    counted: NDArray[np.bool_]
    positions: Numbers
    seen: NDArray[np.int64]
    placed: NDArray[np.bool_]
    groups: NDArray[np.int32]
    components: Components
    means: Numbers
    statement_positions: Numbers
    grouping: Grouping
    statistics: StatementStatistics
    cautions: tuple[Caution, ...]
    settings: Settings


def opinion_map(
    votes: Votes,
    *,
    seed: int = 0,
    compat: Literal["", "polis"] = "",
    k: int | None = None,
    largest_k: int = LARGEST_K,
    fewest_votes: int = FEWEST_VOTES,
    earlier: OpinionMap | None = None,
    blocks: int | None = None,
    keep: Callable[[Sequence[Block]], Blocks] = SerialBlocks,
) -> OpinionMap:
    """Return the opinion map of these votes.

    Args:
        votes: the votes; what is moderated there has no influence (but see `compat`).
        seed: of everything that is drawn.
        compat: "polis" for the published formulas and their quirk.
        k: take so many groups, whether or not they are clear.
        largest_k: most groups to look for; five at most in `compat="polis"`.
        fewest_votes: how many votes it takes to be in a group, or all statements where there are fewer.
        earlier: a map of earlier votes of the same conversation. Axes are then sought from where they were, keep their
            direction, and groups are moved on with the same number and order, without being tested anew: for a map
            that is watched while people vote. Make a full one from time to time.
        blocks: in how many blocks of participants to reckon; by default one for every 8 million votes.
        keep: where to keep the blocks: `SerialBlocks`, or for example `partial(ProcessBlocks.start, workers=2)`
            or `partial(ClusterBlocks.send, client)`.

    Returns:
        A map for any votes, none included; `cautions` and `grouping.reason` say what could not be found.

    Raises:
        ValueError: `k` or `largest_k` is below 2, or `compat` is another word.
    """
    if compat not in {"", "polis"}:
        raise ValueError(f"compat is “polis” or nothing, not “{compat}”.")
    if min(k or 2, largest_k) < 2:
        raise ValueError("There are two groups or more to look for.")
    settings = Settings(seed, compat, fewest_votes, min(largest_k, 5) if compat else largest_k, k)
    with closing(_Making(votes, settings, blocks, keep)) as making:
        return making.finish(earlier)


class _Making:
    """The steps from votes to a map, and what each leaves to the next."""

    def __init__(
        self, votes: Votes, settings: Settings, blocks: int | None, keep: Callable[[Sequence[Block]], Blocks]
    ) -> None:
        self.votes, self.settings = votes, settings
        everything = np.bincount(votes.statement, minlength=votes.statements.size) > 0
        out = votes.moderated | votes.about_process
        self.voted, self.counted = everything, everything & ~out
        # The quirk: so many columns count as cast by everybody.
        self.zeroed = int(np.count_nonzero(everything & out)) if settings.compat else 0
        self.size = int(np.count_nonzero(self.counted))
        parts = split_votes(votes, self.counted, blocks)
        self.lengths = [part.first_vote.size - 1 for part in parts]
        self.blocks = keep(parts)

    def close(self) -> None:
        self.blocks.close()

    def _spread(self, of_counted: NDArray[np.float64]) -> Numbers:
        """Put values of statements that count among all statements, zeros elsewhere."""
        if self.size == self.counted.size:
            return of_counted
        whole = np.zeros((self.counted.size, *of_counted.shape[1:]))
        whole[self.counted] = of_counted
        return whole

    def _components(
        self, centred: Blocks, counts: NDArray[np.int64], means: Numbers, earlier: OpinionMap | None
    ) -> Components:
        seen = counts.sum(axis=1)
        total = float((counts[:, 0] + counts[:, 2] - seen * means**2).sum())
        if earlier is None:
            return find_components(centred, self.size, total, seed=self.settings.seed)
        basis = _carry_over(earlier, self.votes.statements)[self.counted]
        start = basis[:, np.linalg.norm(basis, axis=0) > 0]
        found = find_components(
            centred,
            self.size,
            total,
            seed=self.settings.seed,
            start=start if start.shape[1] > 1 else None,
            tolerance=LIVE_TOLERANCE if start.shape[1] > 1 else TOLERANCE,
        )
        same_way = np.where((found.loadings * basis[:, :2]).sum(axis=0) < 0, -1.0, 1.0)
        return replace(found, loadings=found.loadings * same_way)

    def finish(self, earlier: OpinionMap | None) -> OpinionMap:
        votes, settings = self.votes, self.settings
        counts = merge(self.blocks.run(tally_block))
        means = (counts[:, 2] - counts[:, 0]) / np.maximum(1, counts.sum(axis=1))
        centred = self.blocks.change(centre, means)
        components = self._components(centred, counts, means, earlier)
        raw = np.concatenate(centred.run(project, components.loadings))
        seen = np.concatenate(self.blocks.run(count_votes)) + self.zeroed
        positions = scale_positions(raw, seen, self.size + self.zeroed)
        cast = votes.votes_of_participants if settings.compat else seen
        needed = max(1, min(settings.fewest_votes, self.size + self.zeroed))
        placed = cast >= needed
        grouping = self._group(positions[placed], earlier)
        groups = np.full(placed.size, -1, dtype=np.int32)
        groups[placed] = grouping.labels
        components = replace(
            components, loadings=self._spread(components.loadings), basis=self._spread(components.basis)
        )
        means = self._spread(means)
        places = position_statements(components.loadings, means, self.size + self.zeroed)
        return OpinionMap(
            participants=votes.participants,
            statements=votes.statements,
            counted=self.counted,
            positions=positions,
            seen=seen,
            placed=placed,
            groups=groups,
            components=components,
            means=means,
            statement_positions=places,
            grouping=grouping,
            statistics=self._describe(counts, groups, grouping.k, np.linalg.norm(places, axis=1)),
            cautions=self._cautions(components, grouping, earlier),
            settings=settings,
        )

    def _group(self, points: Numbers, earlier: OpinionMap | None) -> Grouping:
        settings = self.settings
        if settings.compat and settings.k is None and earlier is None:
            return group_as_polis(points, largest=settings.largest_k)
        start = earlier.grouping.centers if earlier is not None and earlier.grouping.k > 1 else None
        if start is not None and points.shape[0] >= start.shape[0]:
            return find_groups(points, seed=settings.seed, start=start)
        return find_groups(points, seed=settings.seed, largest=settings.largest_k, k=settings.k)

    def _describe(
        self, of_counted: NDArray[np.int64], groups: NDArray[np.int32], number: int, extremity: Numbers
    ) -> StatementStatistics:
        votes = self.votes
        askable = ~votes.moderated
        if self.settings.compat:
            # Statements moderated out have figures there, though they are never chosen.
            parts = SerialBlocks(split_votes(votes, np.ones(self.counted.size, dtype=bool), None))
            lengths = [part.first_vote.size - 1 for part in parts.blocks]
            counts = merge(parts.run(tally_block))
            within = merge(parts.run(tally_groups, number, each=_cut(groups, lengths)))
            return describe_as_polis(counts, within, extremity, self.counted, self.voted, askable, votes.about_process)
        counts = np.zeros((self.counted.size, 3), dtype=np.int64)
        within = np.zeros((number, self.counted.size, 3), dtype=np.int64)
        within[:, self.counted] = merge(self.blocks.run(tally_groups, number, each=_cut(groups, self.lengths)))
        counts[self.counted] = of_counted
        return describe_statements(counts, within, extremity, self.counted, askable, votes.about_process)

    def _cautions(self, components: Components, grouping: Grouping, earlier: OpinionMap | None) -> tuple[Caution, ...]:
        found = []
        if not self.votes.size or not self.size:
            found.append(Caution.NO_VOTES)
        elif components.eigenvalues[0] == 0:
            found.append(Caution.NOTHING_DIFFERS)
        elif components.eigenvalues[1] == 0:
            found.append(Caution.ONE_AXIS)
        elif components.second_is_uncertain:
            found.append(Caution.SECOND_AXIS)
        if grouping.gap < SMALLEST_GAP:
            found.append(Caution.NO_GAP)
        if earlier is not None and earlier.grouping.k > 1 and grouping.k > 1:
            found.append(Caution.FOLLOWED)
        return tuple(found)


def _cut(groups: NDArray[np.int32], lengths: Sequence[int]) -> list[NDArray[np.int32]]:
    """Return the groups of each block's participants."""
    return np.split(groups, np.cumsum(lengths)[:-1])


def _carry_over(earlier: OpinionMap, statements: Ids) -> Numbers:
    """Return the earlier map's axes for these statements; zeros for statements it did not have.

    The two shown come first, so that their direction can be kept.
    """
    basis = np.hstack([earlier.components.loadings, earlier.components.basis[:, 2:]])
    if np.array_equal(earlier.statements, statements):
        return basis
    carried = np.zeros((statements.size, basis.shape[1]))
    known = np.isin(statements, earlier.statements)
    carried[known] = basis[np.searchsorted(earlier.statements, statements[known])]
    return carried
