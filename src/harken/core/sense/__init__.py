"""Making sense of many voices: opinion maps, groups, consensus and bridging, from votes.

    from harken.core.sense import opinion_map, read_conversation

    found = opinion_map(read_conversation("folder-of-an-export").votes)

A library of its own: numpy and scipy, no framework, no clock, and no chance but from the seeds it is given.
"""

from harken.core.sense.blocks import ClusterBlocks, ProcessBlocks, SerialBlocks
from harken.core.sense.bridging import Bridging, find_bridges
from harken.core.sense.grouping import Candidate, Grouping, Unclear
from harken.core.sense.opinion_map import Caution, OpinionMap, Settings, opinion_map
from harken.core.sense.polis_files import Conversation, read_conversation, read_votes_table
from harken.core.sense.statistics import StatementStatistics, Typical
from harken.core.sense.votes import Votes, VotesError

__all__ = [
    "Bridging",
    "Candidate",
    "Caution",
    "ClusterBlocks",
    "Conversation",
    "Grouping",
    "OpinionMap",
    "ProcessBlocks",
    "SerialBlocks",
    "Settings",
    "StatementStatistics",
    "Typical",
    "Unclear",
    "Votes",
    "VotesError",
    "find_bridges",
    "opinion_map",
    "read_conversation",
    "read_votes_table",
]
