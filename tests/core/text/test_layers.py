"""The layered drawing: boxes keep apart, dependencies lead back, links end at their boxes."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.graph import strong_components
from harken.core.text.layers import Box, Joint, Layout, LayoutSize, draw_layers

SIZE = LayoutSize(width=150, height=26, layer_gap=100, box_gap=8)
NODES = [f"R{number}" for number in range(12)]
joints = st.lists(
    st.builds(Joint, st.sampled_from(NODES), st.sampled_from(NODES), st.booleans()).filter(
        lambda joint: joint.source != joint.target
    ),
    max_size=30,
)


def many(count: int, links: int, seed: int = 7) -> tuple[list[str], list[Joint]]:
    """A drawing as large as a real iteration, the same every time."""
    chance = random.Random(seed)
    nodes = [f"R{number}" for number in range(count)]
    made: list[Joint] = []
    while len(made) < links:
        source, target = chance.sample(nodes, 2)
        made.append(Joint(source, target, chance.random() < 0.4))
    return nodes, made


def overlap(first: Box, second: Box) -> bool:
    return abs(first.x - second.x) < SIZE.width and abs(first.y - second.y) < SIZE.height


def check(nodes: list[str], links: list[Joint], layout: Layout) -> None:
    boxes = {box.key: box for box in layout.boxes}
    assert [box.key for box in layout.boxes] == nodes
    assert not any(overlap(*pair) for pair in itertools.combinations(layout.boxes, 2))
    assert all(
        0 <= box.x <= layout.width - SIZE.width and 0 <= box.y <= layout.height - SIZE.height + 0.2
        for box in layout.boxes
    )
    assert [route.joint for route in layout.routes] == list(range(len(links)))
    for route in layout.routes:
        joint = links[route.joint]
        ends = (joint.target, joint.source) if route.is_reversed else (joint.source, joint.target)
        for key, (x, y) in zip(ends, (route.points[0], route.points[-1]), strict=True):
            assert x in {boxes[key].x, boxes[key].x + SIZE.width}
            assert boxes[key].y <= y <= boxes[key].y + SIZE.height
        assert route.is_bow == (boxes[ends[0]].layer == boxes[ends[1]].layer)


@given(joints)
def test_boxes_keep_apart_and_links_end_at_their_boxes(links: list[Joint]) -> None:
    check(NODES, links, draw_layers(NODES, links, SIZE))


@given(joints)
def test_a_text_stands_after_what_it_depends_on_unless_both_are_in_one_circle(links: list[Joint]) -> None:
    layers = {box.key: box.layer for box in draw_layers(NODES, links, SIZE).boxes}
    directed = [(joint.source, joint.target) for joint in links if joint.is_directed]
    component = {node: members for members in strong_components(NODES, directed) for node in members}
    for source, target in directed:
        if component[source] != component[target]:
            assert layers[target] < layers[source]


@given(joints)
def test_the_same_links_make_the_same_drawing(links: list[Joint]) -> None:
    assert draw_layers(NODES, links, SIZE) == draw_layers(NODES, list(links), SIZE)


def test_ninety_texts_with_a_hundred_and_forty_links_stay_apart() -> None:
    nodes, links = many(90, 140)
    check(nodes, links, draw_layers(nodes, links, SIZE))


def test_no_link_runs_behind_a_box_that_is_not_its_own() -> None:
    nodes, links = many(90, 140)
    layout = draw_layers(nodes, links, SIZE)
    for route in layout.routes:
        for (x1, y1), (x2, y2) in itertools.pairwise(route.points[1:-1]):
            if x2 - x1 == SIZE.width and y1 == y2:
                assert not any(box.x == x1 and box.y <= y1 <= box.y + SIZE.height for box in layout.boxes)


def test_a_drawing_without_texts_is_empty() -> None:
    assert draw_layers([], [], SIZE) == Layout((), (), 0.0, 0.0)
