"""Which texts depend on which: circles among them, and the order to read them in.

Nodes are strings, in the order the texts stand in; an edge (source, target) says that `source` depends on `target`.
Everything is deterministic. Strongly connected components, a topological order and one breadth-first search are all
that is needed: a graph library (networkx) would cost every process 24 MB and a fifth of a second for these lines.
"""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Circle", "Place", "find_circles", "reading_order", "strong_components"]

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Circle:
    """Texts each of which depends on all the others, directly or through them (a strongly connected component).

    `members` stand in the order of the nodes; `shortest` is one shortest way round, each depending on the next and the
    last on the first, beginning with the earliest node.
    """

    members: tuple[str, ...]
    shortest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A text's place in the reading order.

    `depends_on` and `needed_by` are its neighbours in the order of the nodes; `needed_by_all` counts the texts that
    depend on it directly or through others.
    """

    key: str
    depends_on: tuple[str, ...]
    needed_by: tuple[str, ...]
    needed_by_all: int


def _neighbours(nodes: Sequence[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """Return for each node the nodes it depends on, once each, in the order of `nodes`."""
    number = {node: place for place, node in enumerate(nodes)}
    found: dict[str, set[str]] = {node: set() for node in nodes}
    for source, target in edges:
        if source != target and source in found and target in found:
            found[source].add(target)
    return {node: sorted(targets, key=number.__getitem__) for node, targets in found.items()}


def strong_components(nodes: Sequence[str], edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """Return the strongly connected components, each after those it depends on; members in the order of `nodes`.

    Tarjan (1972), doi:10.1137/0201010, without recursion. Edges to nodes that are not in `nodes` are left out. Time
    grows with nodes and edges.
    """
    return _components(nodes, _neighbours(nodes, edges))


def _components(nodes: Sequence[str], onward: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    number = {node: place for place, node in enumerate(nodes)}
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    components: list[tuple[str, ...]] = []
    for root in nodes:
        path: list[tuple[str, Iterator[str]]] = [] if root in index else [(root, iter(onward[root]))]
        while path:
            node, targets = path[-1]
            if node not in index:
                index[node] = lowest[node] = len(index)
                open_nodes.append(node)
                is_open.add(node)
            for target in targets:
                if target not in number:
                    continue
                if target not in index:
                    path.append((target, iter(onward[target])))
                    break
                if target in is_open:
                    lowest[node] = min(lowest[node], index[target])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
                if lowest[node] == index[node]:
                    members = [open_nodes.pop()]
                    while members[-1] != node:
                        members.append(open_nodes.pop())
                    is_open.difference_update(members)
                    components.append(tuple(sorted(members, key=number.__getitem__)))
    return components


def find_circles(nodes: Sequence[str], edges: Iterable[Edge]) -> list[Circle]:
    """Return the circles, in the order of their earliest nodes; none if and only if nothing depends on itself."""
    onward = _neighbours(nodes, edges)
    number = {node: place for place, node in enumerate(nodes)}
    circles = [
        Circle(members, _shortest_way_round(members, onward))
        for members in _components(nodes, onward)
        if len(members) > 1
    ]
    return sorted(circles, key=lambda circle: number[circle.members[0]])


def _shortest_way_round(members: Sequence[str], onward: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a shortest circle within a component; of several, the one with the earliest first node."""
    inside = frozenset(members)
    best: tuple[str, ...] = ()
    for start in members:
        way = _way_back_to(start, inside, onward)
        if not best or len(way) < len(best):
            best = way
    first = min(range(len(best)), key=lambda place: members.index(best[place]))
    return best[first:] + best[:first]


def _way_back_to(start: str, inside: Collection[str], onward: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for target in onward[node]:
            if target == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if target in inside and target not in came_from:
                came_from[target] = node
                waiting.append(target)
    return ()


def reading_order(nodes: Sequence[str], edges: Collection[Edge]) -> list[Place]:
    """Return all nodes such that each comes after what it depends on, and otherwise in the order they stand in.

    Inside a circle that cannot be: there the text most depend on comes first, as if it depended on none of the others.
    """
    onward = _neighbours(nodes, edges)
    back: dict[str, list[str]] = {node: [] for node in nodes}
    for node in nodes:
        for target in onward[node]:
            back[target].append(node)
    return [
        Place(node, tuple(onward[node]), tuple(back[node]), _count_reached(node, back))
        for node in _order(nodes, onward)
    ]


def _count_reached(start: str, steps: Mapping[str, Sequence[str]]) -> int:
    reached = {start}
    waiting = [start]
    while waiting:
        for node in steps[waiting.pop()]:
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return len(reached) - 1


def _order(nodes: Sequence[str], onward: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the nodes with the components in topological order, the earliest that may come always first."""
    number = {node: place for place, node in enumerate(nodes)}
    components = _components(nodes, onward)
    component_of = {node: place for place, members in enumerate(components) for node in members}
    waits_for: list[set[int]] = [
        {component_of[target] for node in members for target in onward[node] if target in number} - {place}
        for place, members in enumerate(components)
    ]
    followers: defaultdict[int, list[int]] = defaultdict(list)
    for place, before in enumerate(waits_for):
        for earlier in before:
            followers[earlier].append(place)
    left = [len(before) for before in waits_for]
    ready = [(number[components[place][0]], place) for place, count in enumerate(left) if not count]
    heapq.heapify(ready)
    ordered: list[str] = []
    while ready:
        _, place = heapq.heappop(ready)
        ordered += _order_circle(components[place], onward)
        for follower in followers[place]:
            left[follower] -= 1
            if not left[follower]:
                heapq.heappush(ready, (number[components[follower][0]], follower))
    return ordered


def _order_circle(members: Sequence[str], onward: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the members of a component, the one most texts depend on first and then what is left in its own order."""
    if len(members) == 1:
        return list(members)
    needed = Counter(target for targets in onward.values() for target in targets)
    first = max(members, key=lambda node: (needed[node], -members.index(node)))
    rest = [node for node in members if node != first]
    return [first] + [node for component in _components(rest, onward) for node in _order_circle(component, onward)]
