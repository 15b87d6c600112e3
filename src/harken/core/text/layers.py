"""A drawing of how texts hang together, in layers: what a text depends on stands in a layer before it.

The layered method of Sugiyama, Tagawa and Toda (1981), doi:10.1109/TSMC.1981.4308636, for boxes of one size: layers by
longest path, long links led through the layers between, order within a layer by barycentres, heights by least squares
that keep the distances (isotonic regression by pooling adjacent violators). Parts that no link joins are drawn apart
and put on shelves. Units are the drawing's own; x grows with the layers, y with the order. Deterministic.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from harken.core.text.graph import reading_order

__all__ = ["Box", "Joint", "Layout", "LayoutSize", "Route", "draw_layers"]

# The height a route comes from or goes to, and what tells it from others that come from there.
_Port = tuple[float, int]

_SWEEPS = 12
# The room a link needs that passes between two boxes, as a part of a box's height.
_PASSAGE = 0.4


@dataclass(frozen=True, slots=True)
class Joint:
    """A link to draw: `is_directed` if `source` depends on `target`, so that it stands in a later layer.

    Long links of one `bundle` that leave the same box run together until they part.
    """

    source: str
    target: str
    is_directed: bool
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class LayoutSize:
    """Sizes: of a box, of the gap between layers, between boxes of a layer, and the layers side by side at least."""

    width: float
    height: float
    layer_gap: float
    box_gap: float
    columns: int = 4


@dataclass(frozen=True, slots=True)
class Box:
    """Where a text's box stands: its corner nearest the start, and its layer from 0."""

    key: str
    x: float
    y: float
    layer: int


@dataclass(frozen=True, slots=True)
class Route:
    """The way of joint number `joint`, from the box nearer the start on: level at each of `points` (x, y).

    Two joined boxes of one layer have two points at the same side, between which the link bows out (`is_bow`).
    `is_reversed` says that it starts at the joint's target.
    """

    joint: int
    points: tuple[tuple[float, float], ...]
    is_reversed: bool
    is_bow: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes in the order of the nodes, routes in the order of the joints, and the size of the whole."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Cell:
    """A box, or a link's passage through a layer."""

    key: str
    layer: int
    y: float = 0.0
    before: list["_Cell"] = field(default_factory=list)
    after: list["_Cell"] = field(default_factory=list)
    beside: list["_Cell"] = field(default_factory=list)
    rank: int = 0


@dataclass(slots=True)
class _Part:
    """One connected part: its layers of cells, and the chain of cells each joint runs through."""

    layers: list[list[_Cell]]
    chains: dict[int, list[_Cell]]
    height: float = 0.0


def draw_layers(nodes: Sequence[str], joints: Sequence[Joint], size: LayoutSize) -> Layout:
    """Return the drawing of `nodes` (in the order they stand in) and the `joints` between them.

    No two boxes overlap; a directed joint leads to an earlier layer unless it closes a circle. Time grows with the
    number of boxes and passages times the sweeps.
    """
    layers = _assign_layers(nodes, joints)
    parts = [_make_part(members, layers, joints) for members in _connected(nodes, joints)]
    for part in parts:
        _order_cells(part)
        _place_cells(part, size)
    return _put_on_shelves(nodes, joints, parts, size)


def _assign_layers(nodes: Sequence[str], joints: Sequence[Joint]) -> dict[str, int]:
    """Return each node's layer: after all it depends on, and off the layer of what it is otherwise linked with."""
    depends: defaultdict[str, set[str]] = defaultdict(set)
    linked: defaultdict[str, set[str]] = defaultdict(set)
    for joint in joints:
        if joint.is_directed:
            depends[joint.source].add(joint.target)
        else:
            linked[joint.source].add(joint.target)
            linked[joint.target].add(joint.source)
    directed = [(joint.source, joint.target) for joint in joints if joint.is_directed]
    layers: dict[str, int] = {}
    for place in reading_order(nodes, directed):
        node = place.key
        lowest = 1 + max((layers[target] for target in depends[node] if target in layers), default=-1)
        near = [layers[other] for other in linked[node] if other in layers]
        layers[node] = min(
            range(lowest, lowest + (3 if near else 1)),
            key=lambda layer: (near.count(layer), sum(abs(layer - other) for other in near), layer),
        )
    return layers


def _connected(nodes: Sequence[str], joints: Iterable[Joint]) -> list[list[str]]:
    """Return the connected parts, the largest first, each in the order of `nodes`."""
    neighbours: defaultdict[str, list[str]] = defaultdict(list)
    for joint in joints:
        neighbours[joint.source].append(joint.target)
        neighbours[joint.target].append(joint.source)
    part_of: dict[str, int] = {}
    parts: list[list[str]] = []
    for root in nodes:
        if root in part_of:
            continue
        part_of[root] = len(parts)
        waiting = [root]
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other not in part_of:
                    part_of[other] = len(parts)
                    waiting.append(other)
        parts.append([])
    for node in nodes:
        parts[part_of[node]].append(node)
    return sorted(parts, key=lambda part: -len(part))


def _make_part(members: Sequence[str], layers: dict[str, int], joints: Sequence[Joint]) -> _Part:
    least = min(layers[node] for node in members)
    cells = {node: _Cell(node, layers[node] - least) for node in members}
    stacked: list[list[_Cell]] = [[] for _ in range(1 + max(cell.layer for cell in cells.values()))]
    for cell in cells.values():
        stacked[cell.layer].append(cell)
    chains: dict[int, list[_Cell]] = {}
    shared: dict[tuple[str, str, int], _Cell] = {}
    for number, joint in enumerate(joints):
        if joint.source not in cells:
            continue
        first, last = sorted((cells[joint.target], cells[joint.source]), key=lambda cell: cell.layer)
        chain = [first]
        for layer in range(first.layer + 1, last.layer):
            where = (first.key, joint.bundle, layer)
            if where not in shared:
                shared[where] = _Cell("", layer)
                stacked[layer].append(shared[where])
            chain.append(shared[where])
        chain.append(last)
        if first.layer == last.layer:
            first.beside.append(last)
            last.beside.append(first)
        else:
            for cell, following in pairwise(chain):
                if cell.key or following not in cell.after:
                    cell.after.append(following)
                    following.before.append(cell)
        chains[number] = chain
    return _Part(stacked, chains)


def _order_cells(part: _Part) -> None:
    """Order each layer so that few links cross: sweeps forth and back, the best order met is kept."""
    _rank(part.layers)
    best, fewest = [list(layer) for layer in part.layers], _count_crossings(part.layers)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        for layer in part.layers[1:] if forth else part.layers[-2::-1]:
            layer.sort(key=_barycentre("before" if forth else "after"))
            _rank([layer])
        crossings = _count_crossings(part.layers)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in part.layers], crossings
    part.layers = best
    _rank(best)


def _barycentre(side: str) -> Callable[[_Cell], float]:
    """Return the key that sorts a layer: the mean rank of the neighbours on one side and beside, else the own rank."""

    def mean_rank(cell: _Cell) -> float:
        ranks = [other.rank for other in (*getattr(cell, side), *cell.beside)]
        return sum(ranks) / len(ranks) if ranks else cell.rank

    return mean_rank


def _rank(layers: Iterable[Sequence[_Cell]]) -> None:
    for layer in layers:
        for rank, cell in enumerate(layer):
            cell.rank = rank


def _count_crossings(layers: Sequence[Sequence[_Cell]]) -> int:
    """Return how many links cross between the layers: the inversions of their ends."""
    crossings = 0
    for layer in layers[:-1]:
        ends: list[int] = []
        for cell in layer:
            ranks = sorted(other.rank for other in cell.after)
            crossings += sum(len(ends) - bisect_right(ends, rank) for rank in ranks)
            for rank in ranks:
                insort(ends, rank)
    return crossings


def _place_cells(part: _Part, size: LayoutSize) -> None:
    """Give each cell its height in the middle of its neighbours, as far as the distances in its layer allow."""
    for layer in part.layers:
        for cell, offset in zip(layer, _offsets(layer, size), strict=True):
            cell.y = offset
    for sweep in range(_SWEEPS):
        for layer in part.layers if sweep % 2 == 0 else part.layers[::-1]:
            wished = [_wished_height(cell) for cell in layer]
            for cell, y in zip(layer, _keep_distances(wished, _offsets(layer, size)), strict=True):
                cell.y = y
    top = min(cell.y for layer in part.layers for cell in layer)
    for layer in part.layers:
        for cell in layer:
            cell.y = round(cell.y - top + size.height / 2, 1)
    part.height = max(cell.y for layer in part.layers for cell in layer) + size.height / 2


def _wished_height(cell: _Cell) -> float:
    heights = [other.y for other in (*cell.before, *cell.after)]
    return sum(heights) / len(heights) if heights else cell.y


def _offsets(layer: Sequence[_Cell], size: LayoutSize) -> list[float]:
    """Return how far each cell's middle stands at least below the first one's."""
    offsets = [0.0]
    for cell, following in pairwise(layer):
        boxes = bool(cell.key) + bool(following.key)
        half = size.height * (_PASSAGE + (1 - _PASSAGE) * boxes / 2)
        offsets.append(offsets[-1] + half + (size.box_gap if boxes == 2 else size.box_gap / 2))
    return offsets


def _keep_distances(wished: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """Return the heights nearest to the `wished` ones (least squares) that keep their distances."""
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        mean, count = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            former, number = blocks.pop()
            mean, count = (former * number + mean * count) / (number + count), number + count
        blocks.append((mean, count))
    free = [mean for mean, count in blocks for _ in range(count)]
    return [height + offset for height, offset in zip(free, offsets, strict=True)]


def _put_on_shelves(nodes: Sequence[str], joints: Sequence[Joint], parts: Sequence[_Part], size: LayoutSize) -> Layout:
    """Put the parts beside each other while there is room, else below: the largest first, the pairs last."""
    pitch = size.width + size.layer_gap
    columns = max([size.columns, *(len(part.layers) for part in parts)])
    boxes: dict[str, Box] = {}
    routes: dict[int, Route] = {}
    column, shelf, deepest, widest = 0, 0.0, 0.0, 0
    for part in parts:
        if column and column + len(part.layers) > columns:
            column, shelf = 0, deepest + 2 * size.box_gap
        for layer in part.layers:
            for cell in layer:
                cell.y += shelf
                if cell.key:
                    x = (column + cell.layer) * pitch
                    boxes[cell.key] = Box(cell.key, x, cell.y - size.height / 2, column + cell.layer)
        routes |= _routes_of(part, joints, column * pitch, size)
        deepest = max(deepest, shelf + part.height)
        column += len(part.layers)
        widest = max(widest, column)
    return Layout(
        tuple(boxes[node] for node in nodes),
        tuple(routes[number] for number in sorted(routes)),
        max(0.0, widest * pitch - size.layer_gap)
        + (size.layer_gap / 2 if any(r.is_bow for r in routes.values()) else 0),
        deepest,
    )


def _routes_of(part: _Part, joints: Sequence[Joint], start: float, size: LayoutSize) -> dict[int, Route]:
    """Return the routes of a part; those that meet at one side of a box share it in the order of their other ends."""
    pitch = size.width + size.layer_gap
    leaving: defaultdict[str, set[_Port]] = defaultdict(set)
    arriving: defaultdict[str, set[_Port]] = defaultdict(set)
    ports: dict[int, tuple[_Port, _Port]] = {}
    for number, chain in part.chains.items():
        first, last = chain[0], chain[-1]
        is_bow = first.layer == last.layer
        # What runs together leaves together: by its passage, not by its number.
        begin = (chain[1].y, number if chain[1].key else -1)
        end = (first.y if is_bow else chain[-2].y, number)
        leaving[first.key].add(begin)
        (leaving if is_bow else arriving)[last.key].add(end)
        ports[number] = (begin, end)
    routes: dict[int, Route] = {}
    for number, chain in part.chains.items():
        first, last = chain[0], chain[-1]
        is_bow = first.layer == last.layer
        begins, ends = leaving[first.key], (leaving if is_bow else arriving)[last.key]
        begin_x = start + first.layer * pitch + size.width
        end_x = begin_x if is_bow else start + last.layer * pitch
        points = [
            (begin_x, first.y + _offset_of(ports[number][0], begins, size)),
            *((start + cell.layer * pitch + x, cell.y) for cell in chain[1:-1] for x in (0.0, size.width)),
            (end_x, last.y + _offset_of(ports[number][1], ends, size)),
        ]
        routes[number] = Route(number, tuple(points), first.key != joints[number].source, is_bow)
    return routes


def _offset_of(port: _Port, side: set[_Port], size: LayoutSize) -> float:
    """Return how far from the middle of its side a route meets a box."""
    step = min(7.0, (size.height - 8) / len(side))
    return round((sorted(side).index(port) - (len(side) - 1) / 2) * step, 1)
