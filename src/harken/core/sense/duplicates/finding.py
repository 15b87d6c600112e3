"""Near-duplicates and campaigns in a list of texts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from harken.core.sense.duplicates.candidates import ShingleSets, find_candidates
from harken.core.sense.duplicates.shingles import Hashes, shingle_chunks, shingle_texts
from harken.core.sense.duplicates.signatures import BANDS, COPY_THRESHOLD, sign_shingles
from harken.core.sense.duplicates.stars import make_stars
from harken.core.sense.duplicates.templates import LONGEST, SMALLEST, Template, find_template

__all__ = ["DuplicateGroup", "Duplicates", "find_duplicates"]

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

_STARS_AT_A_TIME: Final = 200
_RELATED: Final = 0.35  # from this similarity on, texts may be filled in on the same form

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Texts that were not written independently of each other.

    Attributes:
        kind: "copies" are each similar to the centre; a "campaign" follows a template.
        center: place of the text that the others were compared with.
        members: (m,) places of all of them in the list, the centre too, in their order.
        similarities: (m,) of each to the centre, exactly; 1 where the tokens are the same.
        different: how many of them differ in more than case, signs and spaces.
        template: of a campaign; else None.
    """

    kind: Literal["copies", "campaign"]
    center: int
    members: Places
    similarities: NDArray[np.float32]
    different: int
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found in a list of n texts.

    Attributes:
        groups: the largest first. No text is in two of them.
        labels: (n,) the place of each text's group in `groups`; −1 for those that are in none.
        threshold: similarity to the centre that copies have at least.
        seed: of the signatures.
    """

    groups: tuple[DuplicateGroup, ...]
    labels: Places
    threshold: float
    seed: int


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A chunk of texts: the key of each, how many tokens it has, its set of shingles with its size, and its bands."""

    keys: Hashes
    tokens: NDArray[np.int32]
    sizes: Places
    shingles: Places
    bands: Places


def _prepare(texts: Sequence[str], seed: int) -> _Prepared:
    made = shingle_texts(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(made.first))
    # The sets are kept as whole numbers with a sign, of which 63 bits are left.
    numbers = (made.shingles >> np.uint64(1)).astype(np.int64)
    order = np.argsort(numbers)
    order = order[np.argsort(owner[order].astype(np.uint16), kind="stable")]  # of 16 bits: sorted in linear time
    numbers, owner = numbers[order], owner[order]
    new = np.ones(numbers.size, dtype=bool)
    new[1:] = (numbers[1:] != numbers[:-1]) | (owner[1:] != owner[:-1])
    sizes = np.bincount(owner[new], minlength=len(texts))
    bands = sign_shingles(made.shingles, made.first, seed=seed)
    return _Prepared(made.keys, made.tokens, sizes, numbers[new], bands)


def _in_processes(task: Callable[[_Given], _Made], things: Iterable[_Given], workers: int) -> Iterator[_Made]:
    """Yield what `task` makes of each thing, in their order."""
    if workers < 2:
        yield from map(task, things)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(task, things)


@dataclass(frozen=True, slots=True)
class _Distinct:
    """The different texts among those given, and what is known of each; texts without tokens are not among them.

    Attributes:
        which: (n,) for each text given the place of its like here; −1 for those without tokens.
        sources: (u,) for each text here the place of the first such text given.
    """

    which: Places
    sources: Places
    counts: Places
    keys: Hashes
    tokens: NDArray[np.int32]
    sets: ShingleSets
    bands: Places


def _collect(prepared: Iterator[_Prepared]) -> _Distinct:
    """Put chunks together; of texts that are alike, only the first keeps its shingles."""
    seen: dict[int, int] = {}
    which: list[int] = []
    sources: list[Places] = []
    kept: list[_Prepared] = []
    for chunk in prepared:
        fresh = np.zeros(chunk.keys.size, dtype=bool)
        start = len(which)
        for place, key in enumerate(chunk.keys.tolist()):
            if key and key not in seen:
                seen[key] = len(seen)
                fresh[place] = True
            which.append(seen[key] if key else -1)
        sources.append(np.flatnonzero(fresh) + start)
        kept.append(
            _Prepared(
                chunk.keys[fresh],
                chunk.tokens[fresh],
                chunk.sizes[fresh],
                chunk.shingles[np.repeat(fresh, chunk.sizes)],
                chunk.bands[fresh],
            )
        )
    if not seen:
        nothing = np.zeros(0, dtype=np.int64)
        kept = [
            _Prepared(nothing.view(np.uint64), nothing.astype(np.int32), nothing, nothing, nothing.reshape(0, BANDS))
        ]
    numbers = np.array(which, dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(np.concatenate([each.sizes for each in kept]))])
    return _Distinct(
        numbers,
        np.concatenate(sources) if sources else numbers,
        np.bincount(numbers[numbers >= 0], minlength=len(seen)),
        np.concatenate([each.keys for each in kept]),
        np.concatenate([each.tokens for each in kept]),
        ShingleSets(np.concatenate([each.shingles for each in kept]), first),
        np.concatenate([each.bands for each in kept]),
    )


def _rank(first: Places, second: Places, keys: Hashes) -> Places:
    """Return the place of each text in the order of `first`, largest first, then `second`, then of its key.

    All of it is the texts' own, so that the order in which they are given decides nothing.
    """
    rank = np.empty(keys.size, dtype=np.int64)
    rank[np.lexsort((keys, -second, -first))] = np.arange(keys.size)
    return rank


_Pairs = tuple[Places, Places, NDArray[np.float64]]


def _degrees(pairs: _Pairs, counts: Places, threshold: float) -> Places:
    """Return (u,) how many texts each is known to be similar to."""
    left, right, similarity = pairs
    near = similarity >= threshold
    left, right = left[near], right[near]
    degrees = np.bincount(left, counts[right], counts.size) + np.bincount(right, counts[left], counts.size)
    return degrees.astype(np.int64)


def _lift(pairs: _Pairs, centre: Places, sets: ShingleSets) -> _Pairs:
    """Return pairs of centres whose stars are known to touch, with their own similarity."""
    left, right = centre[pairs[0]], centre[pairs[1]]
    low, high = np.minimum(left, right), np.maximum(left, right)
    codes = np.unique((low * centre.size + high)[low != high])
    low, high = codes // centre.size, codes % centre.size
    return low, high, sets.telling_similarities(low, high)


@dataclass(frozen=True, slots=True)
class _Campaign:
    center: int
    members: Places
    template: Template


def _find_templates(stars: Sequence[tuple[list[str], list[int]]]) -> list[tuple[Template, list[int]] | None]:
    return [find_template(texts, counts) for texts, counts in stars]


def _find_campaigns(
    texts: Sequence[str], distinct: _Distinct, pairs: _Pairs, threshold: float, workers: int
) -> list[_Campaign]:
    """Return the campaigns; members and centers are places among the different texts."""
    stars = _draw_wide_stars(distinct, pairs, threshold)
    given = [
        ([texts[place] for place in distinct.sources[star].tolist()], distinct.counts[star].tolist()) for star in stars
    ]
    chunks = [given[start : start + _STARS_AT_A_TIME] for start in range(0, len(given), _STARS_AT_A_TIME)]
    made = chain.from_iterable(_in_processes(_find_templates, chunks, workers if len(chunks) > 1 else 1))
    return [
        _Campaign(int(star[0]), star[found[1]], found[0])
        for star, found in zip(stars, made, strict=True)
        if found is not None
    ]


def _draw_wide_stars(distinct: _Distinct, pairs: _Pairs, threshold: float) -> list[Places]:
    """Return the places of the different texts that may be filled in on one form, each time the centre first."""
    counts, keys, compare = distinct.counts, distinct.keys, distinct.sets.telling_similarities
    near = make_stars(_rank(_degrees(pairs, counts, threshold), counts, keys), pairs, threshold, compare)
    lifted = _lift(pairs, near, distinct.sets)
    sizes = np.bincount(near, counts, counts.size).astype(np.int64)
    rank = _rank(sizes + _degrees(lifted, sizes, _RELATED), counts, keys)
    centre = make_stars(rank, lifted, _RELATED, compare)[near]
    short = (distinct.tokens <= LONGEST) & (distinct.tokens[centre] <= LONGEST)
    large = np.flatnonzero(short & (np.bincount(centre, minlength=centre.size)[centre] >= SMALLEST))
    order = large[np.lexsort((rank[large], large != centre[large], centre[large]))]
    starts = np.flatnonzero(np.diff(centre[order], prepend=-1))
    return [star for star in np.split(order, starts[1:]) if star.size]


def find_duplicates(
    texts: Sequence[str], *, threshold: float = COPY_THRESHOLD, seed: int = 0, workers: int = 1
) -> Duplicates:
    """Find groups of texts that were not written independently of each other.

    Args:
        texts: n texts, in any script, of any length, empty ones too.
        threshold: similarity to its group's centre that a copy has at least, above 0.35 and up to 1.
        seed: of the signatures that bring candidates together; 0 … 2⁶⁴ − 1.
        workers: processes that share the work of reading texts.

    Raises:
        ValueError: the threshold is not in its range.

    Example:
        >>> found = find_duplicates(["More trees, please!", "more trees please", "Fewer cars."])
        >>> found.labels.tolist()
        [0, 0, -1]
    """
    if not _RELATED < threshold <= 1:
        raise ValueError(f"A threshold of {threshold} is not above {_RELATED} and at most 1.")
    distinct = _collect(_in_processes(partial(_prepare, seed=seed), shingle_chunks(texts), workers))
    nothing = np.zeros_like(distinct.counts)
    left, right = find_candidates(distinct.bands, _rank(nothing, distinct.counts, distinct.keys), workers)
    similarity = distinct.sets.telling_similarities(left, right)
    related = similarity >= _RELATED
    pairs = left[related], right[related], similarity[related]
    campaigns = _find_campaigns(texts, distinct, pairs, threshold, workers)
    centre = np.full(distinct.counts.size, -1, dtype=np.int64)
    for campaign in campaigns:
        centre[campaign.members] = campaign.center
    free = centre < 0
    rest = free[pairs[0]] & free[pairs[1]]
    pairs = pairs[0][rest], pairs[1][rest], pairs[2][rest]
    rank = _rank(_degrees(pairs, distinct.counts, threshold), distinct.counts, distinct.keys)
    centre[free] = make_stars(rank, pairs, threshold, distinct.sets.telling_similarities)[free]
    templates = {campaign.center: campaign.template for campaign in campaigns}
    groups = _make_groups(distinct, centre, templates)
    labels = np.full(len(texts), -1, dtype=np.int64)
    for place, group in enumerate(groups):
        labels[group.members] = place
    return Duplicates(tuple(groups), labels, threshold, seed)


def _make_groups(distinct: _Distinct, centre: Places, templates: dict[int, Template]) -> list[DuplicateGroup]:
    """Return the groups of two texts or more as places in the list that was given."""
    held = np.flatnonzero(distinct.which >= 0)
    owner = centre[distinct.which[held]]
    order = np.argsort(owner, kind="stable")
    members, owner = held[order], owner[order]
    wanted = np.bincount(owner, minlength=centre.size)[owner] > 1
    members, owner = members[wanted], owner[wanted]
    different = np.bincount(centre, minlength=centre.size)
    similarity = distinct.sets.similarities(distinct.which[members], owner).astype(np.float32)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    groups = []
    for places, figures in zip(np.split(members, starts[1:]), np.split(similarity, starts[1:]), strict=True):
        if not places.size:
            continue
        middle = int(centre[distinct.which[places[0]]])
        template = templates.get(middle)
        kind: Literal["copies", "campaign"] = "copies" if template is None else "campaign"
        groups.append(
            DuplicateGroup(kind, int(distinct.sources[middle]), places, figures, int(different[middle]), template)
        )
    groups.sort(key=lambda group: (-group.members.size, int(distinct.keys[distinct.which[group.center]])))
    return groups
