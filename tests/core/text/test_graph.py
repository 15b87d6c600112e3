"""Circles and reading order: found if and only if they are there, and every text once."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.graph import find_circles, reading_order, strong_components

NODES = [f"R{number}" for number in range(8)]
graphs = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=20)


def reaches(edges: list[tuple[str, str]], start: str) -> set[str]:
    """Everything one comes to from `start`, by the plainest method there is."""
    reached: set[str] = set()
    while True:
        further = {target for source, target in edges if source == start or source in reached} - reached
        if not further:
            return reached
        reached |= further


@given(graphs)
def test_a_circle_is_found_if_and_only_if_a_text_depends_on_itself_through_others(
    edges: list[tuple[str, str]],
) -> None:
    edges = [(source, target) for source, target in edges if source != target]
    in_circles = {node for circle in find_circles(NODES, edges) for node in circle.members}
    assert in_circles == {node for node in NODES if node in reaches(edges, node)}


@given(graphs)
def test_the_shortest_way_round_is_one_and_none_is_shorter(edges: list[tuple[str, str]]) -> None:
    for circle in find_circles(NODES, edges):
        way = circle.shortest
        assert all(edge in edges for edge in itertools.pairwise((*way, way[0])))
        assert len(set(way)) == len(way)
        assert set(way) <= set(circle.members)
        assert way[0] == min(way)
        shorter = itertools.chain.from_iterable(
            itertools.permutations(circle.members, length) for length in range(2, min(len(way), 4))
        )
        assert not any(all(edge in edges for edge in itertools.pairwise((*try_, try_[0]))) for try_ in shorter)


@given(graphs)
def test_the_reading_order_has_every_text_once(edges: list[tuple[str, str]]) -> None:
    assert sorted(place.key for place in reading_order(NODES, edges)) == NODES


@given(graphs)
def test_every_text_comes_after_what_it_depends_on_unless_both_are_in_one_circle(edges: list[tuple[str, str]]) -> None:
    order = {place.key: number for number, place in enumerate(reading_order(NODES, edges))}
    component = {node: members for members in strong_components(NODES, edges) for node in members}
    for source, target in edges:
        if component[source] != component[target]:
            assert order[target] < order[source]


@given(st.permutations(NODES))
def test_texts_that_depend_on_nothing_keep_their_order(nodes: list[str]) -> None:
    assert [place.key for place in reading_order(nodes, [])] == nodes


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_in_which_links_are_told_changes_nothing(edges: list[tuple[str, str]], random: object) -> None:
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis types it as an object
    assert reading_order(NODES, shuffled) == reading_order(NODES, edges)
    assert find_circles(NODES, shuffled) == find_circles(NODES, edges)


@given(graphs)
def test_a_place_counts_all_that_depend_on_it(edges: list[tuple[str, str]]) -> None:
    for place in reading_order(NODES, edges):
        others = [node for node in NODES if node != place.key]
        assert place.needed_by_all == sum(place.key in reaches(edges, node) for node in others)
        assert set(place.depends_on) == {target for source, target in edges if source == place.key} - {place.key}
        assert set(place.needed_by) == {source for source, target in edges if target == place.key} - {place.key}


def test_in_a_circle_the_text_most_depend_on_comes_first() -> None:
    edges = [("R0", "R2"), ("R1", "R2"), ("R2", "R0")]
    assert [place.key for place in reading_order(["R0", "R1", "R2"], edges)] == ["R2", "R0", "R1"]


def test_a_long_chain_needs_no_deep_recursion() -> None:
    nodes = [str(number) for number in range(5000)]
    edges = list(itertools.pairwise(nodes))
    assert [members[0] for members in strong_components(nodes, edges)] == nodes[::-1]
    assert len(strong_components(nodes, [*edges, (nodes[-1], nodes[0])])) == 1
