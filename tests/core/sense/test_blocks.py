"""The same map and the same bridging, however the participants are cut into blocks and wherever the blocks are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest

from harken.core.sense import (
    Bridging,
    ClusterBlocks,
    OpinionMap,
    ProcessBlocks,
    SerialBlocks,
    Votes,
    find_bridges,
    opinion_map,
)
from harken.core.sense.blocks import Block, Blocks, split_votes
from tests.core.sense.conversations import make_camps

VOTES = make_camps(400, 90, camps=3, seen=0.3).moderate([4, 5])


def agree(first: OpinionMap, second: OpinionMap) -> None:
    assert np.allclose(first.positions, second.positions, atol=1e-6)
    assert np.array_equal(first.groups, second.groups)
    assert np.array_equal(first.statistics.group_counts, second.statistics.group_counts)
    assert np.allclose(first.statistics.consensus, second.statistics.consensus, equal_nan=True)
    assert first.statistics.typical == second.statistics.typical
    assert first.statistics.majority_agree == second.statistics.majority_agree


def bridge_alike(first: Bridging, second: Bridging) -> None:
    assert np.allclose(first.scores, second.scores, atol=1e-9, equal_nan=True)
    assert np.allclose(first.factors, second.factors, atol=1e-9, equal_nan=True)
    assert np.allclose(first.participant_intercepts, second.participant_intercepts, atol=1e-9)
    assert np.allclose(first.participant_factors, second.participant_factors, atol=1e-9)
    assert np.isclose(first.loss, second.loss)
    assert (first.steps, first.settled) == (second.steps, second.settled)


@pytest.mark.parametrize("blocks", [2, 7, 400, 1_000])
@pytest.mark.parametrize("compat", ["", "polis"])
def test_one_block_and_many_give_one_map(blocks: int, compat: str) -> None:
    whole = opinion_map(VOTES, seed=1, compat="polis" if compat else "", blocks=1)
    agree(whole, opinion_map(VOTES, seed=1, compat="polis" if compat else "", blocks=blocks))


@pytest.mark.parametrize("blocks", [2, 7, 40, 1_000])
def test_one_block_and_many_give_the_same_bridging(blocks: int) -> None:
    votes = make_camps(40, 20, camps=2, seen=0.5).moderate([4, 5])
    bridge_alike(find_bridges(votes, blocks=1), find_bridges(votes, blocks=blocks))


def test_a_participant_whose_votes_are_all_on_moderated_statements_is_in_the_middle_of_the_bridging() -> None:
    who, what, values, _times = VOTES.to_columns()
    more = Votes.from_columns([*who, 1_000, 1_000], [*what, 4, 5], [*values, 1, -1], moderated=[4, 5])
    found = find_bridges(more, blocks=9)
    assert (found.participant_intercepts[-1], found.participant_factors[-1]) == (0, 0)
    assert np.allclose(found.scores, find_bridges(VOTES).scores, atol=1e-9, equal_nan=True)


def test_blocks_hold_every_vote_that_counts_once_and_no_more_than_their_share() -> None:
    counted = ~VOTES.moderated
    parts = split_votes(VOTES, counted, 5)
    assert len(parts) == 5
    assert sum(part.value.size for part in parts) == np.count_nonzero(counted[VOTES.statement])
    assert sum(part.first_vote.size - 1 for part in parts) == 400
    assert max(part.value.size for part in parts) < 1.2 * min(part.value.size for part in parts)


def test_two_processes_give_the_same_map_and_bridging() -> None:
    keep: Callable[[Sequence[Block]], Blocks] = partial(ProcessBlocks.start, workers=2)
    agree(opinion_map(VOTES, seed=1), opinion_map(VOTES, seed=1, blocks=5, keep=keep))
    bridge_alike(find_bridges(VOTES), find_bridges(VOTES, blocks=5, keep=keep))


@pytest.mark.filterwarnings("ignore")  # what distributed warns of while it starts and stops is its own
def test_a_cluster_of_two_workers_gives_the_same_map_and_bridging() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert len(client.scheduler_info()["workers"]) == 2
        keep: Callable[[Sequence[Block]], Blocks] = partial(ClusterBlocks.send, client)
        found = opinion_map(VOTES, seed=1, blocks=5, keep=keep)
        bridging = find_bridges(VOTES, blocks=5, keep=keep)
    agree(opinion_map(VOTES, seed=1, keep=SerialBlocks), found)
    bridge_alike(find_bridges(VOTES), bridging)
