"""`compat="polis"` against red-dwarf, which computes Polis' published mathematics independently of us."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harken.core.sense import Conversation, OpinionMap, opinion_map, read_conversation
from harken.core.sense.grouping import adjusted_rand
from tests.core.sense.conversations import make_camps, real_conversations

# pandas and scikit-learn warn of what red-dwarf does with them.
pytestmark = pytest.mark.filterwarnings("ignore")


def run_red_dwarf(conversation: Conversation) -> Any:
    from reddwarf.implementations.base import run_pipeline

    who, what, values, _times = conversation.votes.to_columns()
    rows = [
        {"participant_id": int(a), "statement_id": int(b), "vote": int(value)}
        for a, b, value in zip(who, what, values, strict=True)
    ]
    votes = conversation.votes
    out = votes.statements[votes.moderated | votes.about_process].tolist()
    about = votes.statements[votes.about_process].tolist()
    return run_pipeline(votes=rows, mod_out_statement_ids=out, meta_statement_ids=about, random_state=1)


@cache
def both(folder: Path) -> tuple[Conversation, OpinionMap, Any]:
    conversation = read_conversation(folder)
    return conversation, opinion_map(conversation.votes, compat="polis"), run_red_dwarf(conversation)


def labels_of(theirs: Any) -> Any:
    return theirs.participants_df["cluster_id"].fillna(-1).astype(int).to_numpy(dtype=np.int32)


@real_conversations
def test_groups_are_the_same(folder: Path) -> None:
    conversation, ours, theirs = both(folder)
    assert np.array_equal(theirs.participants_df.index.to_numpy(), conversation.votes.participants)
    labels = labels_of(theirs)
    assert len(set(labels.tolist()) - {-1}) == ours.grouping.k
    assert adjusted_rand(labels + np.int32(1), ours.groups + np.int32(1)) == 1.0


@real_conversations
def test_positions_are_the_same_up_to_sign(folder: Path) -> None:
    _conversation, ours, theirs = both(folder)
    for axis, name in enumerate("xy"):
        there, here = theirs.participants_df[name].to_numpy(), ours.positions[:, axis]
        assert min(np.abs(there - here).max(), np.abs(there + here).max()) < 1e-3


@real_conversations
def test_representative_statements_are_the_same_in_the_same_order(folder: Path) -> None:
    _conversation, ours, theirs = both(folder)
    labels = labels_of(theirs)
    for group, rows in theirs.repness.items():
        mine = int(ours.groups[np.argmax(labels == group)])
        found = ours.statistics.typical[mine]
        assert [(int(ours.statements[row.statement]), row.side) for row in found] == [
            (row["tid"], 1 if row["repful-for"] == "agree" else -1) for row in rows
        ]
        assert np.allclose([row.inside for row in found], [row["p-success"] for row in rows])
        heads = [row["tid"] for row in rows if row.get("best-agree") is True]
        assert [int(ours.statements[row.statement]) for row in found if row.chosen_as_agreed] == heads


@real_conversations
def test_consensus_priorities_and_majorities_are_the_same(folder: Path) -> None:
    conversation, ours, theirs = both(folder)
    there = theirs.statements_df
    voted = np.isin(conversation.votes.statements, there.index.to_numpy())
    kept = ~conversation.votes.moderated[voted]
    for name, here in (
        ("group-aware-consensus-agree", ours.statistics.consensus),
        ("group-aware-consensus-disagree", ours.statistics.against),
    ):
        assert np.allclose(there[name].to_numpy(), here[voted])
    assert np.allclose(there["priority"].to_numpy(dtype=float)[kept], ours.statistics.priority[voted][kept], rtol=1e-4)
    for name, mine in (("agree", ours.statistics.majority_agree), ("disagree", ours.statistics.majority_disagree)):
        # Where two are equally strong either may come first, and at the end either may be left out.
        assert np.allclose(
            [row["p-success"] for row in theirs.consensus[name]], [share(ours, place, name) for place in mine]
        )


def share(ours: OpinionMap, place: int, name: str) -> float:
    counts = ours.statistics.counts[place]
    return float((counts[2 if name == "agree" else 0] + 1) / (counts.sum() + 2))


@real_conversations
def test_what_polis_published_is_reproduced_as_far_as_red_dwarf_does(folder: Path) -> None:
    """Polis goes through base clusters and its past, which exports do not carry: neither of us can match it exactly."""
    conversation, ours, theirs = both(folder)
    published = np.array([conversation.published_groups.get(key, -1) for key in ours.participants.tolist()], np.int32)
    both_placed = (published >= 0) & ours.placed
    mine = adjusted_rand(published[both_placed], ours.groups[both_placed])
    assert mine == pytest.approx(adjusted_rand(published[both_placed], labels_of(theirs)[both_placed]))


@pytest.mark.parametrize(("camps", "people", "statements"), [(2, 60, 12), (3, 200, 40), (4, 400, 90)])
def test_made_conversations_come_out_the_same(camps: int, people: int, statements: int) -> None:
    votes = make_camps(people, statements, camps=camps, seen=0.5, loyal=0.8, seed=camps).moderate([1, 2])
    ours = opinion_map(votes, compat="polis")
    labels = labels_of(run_red_dwarf(Conversation(votes)))
    assert adjusted_rand(labels + np.int32(1), ours.groups + np.int32(1)) == 1.0
