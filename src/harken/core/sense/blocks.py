"""Statistics of votes as sums over blocks of participants: in this process, in several, or on a Dask cluster.

Everything an opinion map needs of the votes is one of these, for a block of participants at a time:

* a **partial**, which is an array, and the whole is the sum of the partials (`merge`): counts of votes by statement,
  counts by group and statement, the product of the matrix' Gram matrix with a few vectors;
* **rows**, one for each participant of the block, and the whole is their concatenation: positions, numbers of votes.

`Blocks` keeps the blocks somewhere and runs a function on each. Where they are kept changes nothing: they are the
same blocks, and partials are always added in the order of the blocks.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from harken.core.sense.votes import Votes

__all__ = ["Block", "Blocks", "ClusterBlocks", "ProcessBlocks", "SerialBlocks", "merge", "split_votes"]

VOTES_IN_A_BLOCK: Final = 8_000_000
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Block:
    """The votes of some successive participants on the statements that count.

    Attributes:
        first_vote: (p + 1,) where each participant's votes begin.
        statement: (n,) place of each vote's statement among those that count.
        value: (n,) −1, 0 or 1.
        deviation: (n,) value less the statement's mean; empty until that is known (`centre`).
        statements: how many statements count.
    """

    first_vote: NDArray[np.int32]
    statement: NDArray[np.int32]
    value: NDArray[np.int8]
    deviation: NDArray[np.float64]
    statements: int

    @property
    def matrix(self) -> "sparse.csr_array[np.float64]":
        """The block's rows of the centred matrix, (p, statements): v − μ where a vote was seen, 0 elsewhere."""
        shape = (self.first_vote.size - 1, self.statements)
        return sparse.csr_array((self.deviation, self.statement, self.first_vote), shape=shape)


def split_votes(votes: Votes, counted: NDArray[np.bool_], blocks: int | None = None) -> list[Block]:
    """Return the votes on the `counted` statements in blocks of about equally many votes.

    Args:
        votes: the store.
        counted: (S,) which statements count; votes on others are left out.
        blocks: how many; by default one for every 8 million votes. Never more than there are participants.
    """
    first, statement, value = votes.first_vote, votes.statement, votes.value
    if not counted.all():
        kept = counted[statement]
        before = np.concatenate(([0], np.cumsum(kept, dtype=np.int32))).astype(np.int32)
        first, statement, value = before[first], statement[kept], value[kept]
        statement = (np.cumsum(counted, dtype=np.int32) - np.int32(1))[statement]
    people = first.size - 1
    wanted = blocks or max(1, math.ceil(value.size / VOTES_IN_A_BLOCK))
    cuts = np.searchsorted(first, np.linspace(0, value.size, min(wanted, max(1, people)) + 1))
    cuts[0], cuts[-1] = 0, people
    number, unknown = int(np.count_nonzero(counted)), np.zeros(0)
    found = []
    for start, end in pairwise(cuts.tolist()):
        low, high = int(first[start]), int(first[end])
        found.append(Block(first[start : end + 1] - low, statement[low:high], value[low:high], unknown, number))
    return found


def merge(partials: Sequence[Array]) -> Array:
    """Return the whole that these partials of blocks add up to."""
    return reduce(np.add, partials)


# --- What is done with a block ---


def _answer(block: Block) -> NDArray[np.int32]:
    """Return (n,) one number for each vote's statement and value."""
    key = block.statement * np.int32(3)
    key += block.value
    key += np.int32(1)
    return key


def tally_block(block: Block) -> NDArray[np.int64]:
    """Partial: (statements, 3) how many disagree, pass and agree."""
    key = _answer(block)
    return np.bincount(key, minlength=3 * block.statements).reshape(-1, 3)


def tally_groups(block: Block, groups: NDArray[np.int32], number: int) -> NDArray[np.int64]:
    """Partial: (number, statements, 3) the same for each group.

    Args:
        block: the votes.
        groups: (p,) the group of each participant of the block, 0 … number − 1; −1 is in none.
        number: how many groups there are.
    """
    # Group −1 is counted in front of the others and left out.
    start = (groups + np.int32(1)) * np.int32(3 * block.statements)
    key = np.repeat(start, np.diff(block.first_vote))
    key += _answer(block)
    counts = np.bincount(key, minlength=3 * (number + 1) * block.statements)
    return counts.reshape(number + 1, block.statements, 3)[1:]


def count_votes(block: Block) -> NDArray[np.int64]:
    """Rows: (p,) how many votes each participant has on the statements that count."""
    return np.diff(block.first_vote).astype(np.int64)


def centre(block: Block, means: NDArray[np.float64]) -> Block:
    """Return the block with each vote's deviation from its statement's mean; `means` is (statements,)."""
    return replace(block, deviation=block.value - means[block.statement])


def apply_gram(block: Block, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Partial: (statements, b) the centred matrix' Gram matrix XᵀX times `vectors` (statements, b)."""
    matrix = block.matrix
    product: NDArray[np.float64] = matrix.T @ (matrix @ vectors)
    return product


def project(block: Block, components: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows: (p, d) the centred votes along `components` (statements, d)."""
    product: NDArray[np.float64] = block.matrix @ components
    return product


# --- Where blocks are kept ---


class Blocks(Protocol):
    """Blocks somewhere, in their order."""

    def run(self, task: Callable[..., Array], *shared: Any, each: Sequence[Any] | None = None) -> list[Array]:
        """Return what `task(block, [its own of each,] *shared)` gives for every block, in the order of the blocks."""
        ...

    def change(self, task: Callable[..., Block], *shared: Any) -> "Blocks":
        """Return the blocks that `task(block, *shared)` makes, kept where these are."""
        ...

    def close(self) -> None:
        """Let go of what was started to keep them."""
        ...


def _arguments(each: Sequence[Any] | None, place: int, shared: tuple[Any, ...]) -> tuple[Any, ...]:
    return shared if each is None else (each[place], *shared)


class SerialBlocks:
    """Blocks in this process, worked on one after the other."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Keep these blocks."""
        self.blocks = list(blocks)

    def run(self, task: Callable[..., Array], *shared: Any, each: Sequence[Any] | None = None) -> list[Array]:
        """Run `task` on every block."""
        return [task(block, *_arguments(each, place, shared)) for place, block in enumerate(self.blocks)]

    def change(self, task: Callable[..., Block], *shared: Any) -> "SerialBlocks":
        """Make other blocks of these."""
        return SerialBlocks([task(block, *shared) for block in self.blocks])

    def close(self) -> None:
        """Nothing was started."""


_kept: dict[tuple[int, int], Block] = {}  # in a worker process: its blocks by generation and place


def _keep_block(place: int, block: Block) -> None:
    _kept[0, place] = block


def _change_block(new: int, place: int, task: Callable[..., Block], shared: tuple[Any, ...]) -> None:
    _kept[new, place] = task(_kept[new - 1, place], *shared)


def _run_block(generation: int, place: int, task: Callable[..., Array], arguments: tuple[Any, ...]) -> Array:
    return task(_kept[generation, place], *arguments)


class ProcessBlocks:
    """Blocks spread over worker processes of this machine; each stays in its process."""

    def __init__(self, pools: Sequence[ProcessPoolExecutor], size: int, generation: int = 0) -> None:
        """Speak to `pools`, which keep `size` blocks of this generation; `start` makes them."""
        self._pools = pools
        self._size = size
        self._generation = generation

    @classmethod
    def start(cls, blocks: Sequence[Block], workers: int) -> Self:
        """Start up to `workers` processes and hand every block to one of them."""
        # Spawned, not forked: a fork of a process with threads (BLAS has some) may never come back.
        context = get_context("spawn")
        pools = [ProcessPoolExecutor(1, mp_context=context) for _ in range(max(1, min(workers, len(blocks))))]
        made = cls(pools, len(blocks))
        made._call(_keep_block, [(place, block) for place, block in enumerate(blocks)])
        return made

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            pool.shutdown()

    def _call(self, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call `function` once for every block, in the process that keeps it."""
        pools = self._pools
        futures = [pools[place % len(pools)].submit(function, *mine) for place, mine in enumerate(arguments)]
        return [future.result() for future in futures]

    def run(self, task: Callable[..., Array], *shared: Any, each: Sequence[Any] | None = None) -> list[Array]:
        """Run `task` on every block, in its process."""
        places = range(self._size)
        return self._call(
            _run_block, [(self._generation, place, task, _arguments(each, place, shared)) for place in places]
        )

    def change(self, task: Callable[..., Block], *shared: Any) -> "ProcessBlocks":
        """Make other blocks of these, each in its process."""
        new = self._generation + 1
        self._call(_change_block, [(new, place, task, shared) for place in range(self._size)])
        return ProcessBlocks(self._pools, self._size, new)


class Cluster(Protocol):
    """What is used of `distributed.Client`."""

    def scatter(self, data: Any, *, hash: bool) -> Any:  # noqa: A002 - distributed's name
        """Send data to the workers and return futures of it, named by their content or not."""
        ...

    def submit(self, func: Callable[..., Any], *args: Any, pure: bool) -> Any:
        """Run a function on a worker and return the future of its result."""
        ...

    def gather(self, futures: Any) -> Any:
        """Return the results of futures."""
        ...


class ClusterBlocks:
    """Blocks on the workers of a Dask cluster; functions go to where the blocks are."""

    def __init__(self, client: Cluster, futures: Sequence[Any]) -> None:
        """Speak to `client`, a `distributed.Client`, which has these futures of blocks; `send` makes them."""
        self._client = client
        self._futures = futures

    @classmethod
    def send(cls, client: Cluster, blocks: Sequence[Block]) -> Self:
        """Send `blocks` to the workers."""
        # Under names of their own: what is named by its content is lost where the same blocks were let go just before.
        return cls(client, client.scatter(list(blocks), hash=False))

    def run(self, task: Callable[..., Array], *shared: Any, each: Sequence[Any] | None = None) -> list[Array]:
        """Run `task` on every block, on the worker that has it."""
        results = [
            self._client.submit(task, future, *_arguments(each, place, shared), pure=False)
            for place, future in enumerate(self._futures)
        ]
        gathered: list[Array] = self._client.gather(results)
        return gathered

    def change(self, task: Callable[..., Block], *shared: Any) -> "ClusterBlocks":
        """Make other blocks of these, each on the worker that has it."""
        changed = [self._client.submit(task, future, *shared, pure=False) for future in self._futures]
        return ClusterBlocks(self._client, changed)

    def close(self) -> None:
        """Let the workers forget them."""
        self._futures = ()
