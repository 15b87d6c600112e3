"""How an iteration's texts hang together: the drawing, and what it shows in words (circles, gaps, an order)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import get_language_bidi

from harken.core.text.graph import find_circles, reading_order
from harken.core.text.layers import Box, Joint, Layout, LayoutSize, Route, draw_layers
from harken.documents.models import Document, EdgeState, Link, LinkKind
from harken.documents.queries.links import name_relation

# Units of the drawing's own coordinate system (1 is a CSS pixel at full size). Few texts get room for their titles.
TITLED: Final = LayoutSize(width=212, height=48, layer_gap=100, box_gap=14, columns=4)
CODED: Final = LayoutSize(width=140, height=26, layer_gap=84, box_gap=7, columns=5)
MOST_TITLED: Final = 24
MOST_NODES: Final = 150
MARGIN: Final = 6
ARROW: Final = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A document as the page names it."""

    pk: int
    code: str
    title: str
    lang: str
    group_id: int
    group_code: str
    group_name: str
    group_lang: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class GraphLink:
    """A link with both its ends."""

    pk: int
    kind: str
    state: str
    reason: str
    words: tuple[str, ...]
    source: LinkedText
    target: LinkedText
    source_agrees: bool
    target_agrees: bool

    @property
    def relation(self) -> str:
        """What the first text does to the second."""
        return name_relation(self.kind, is_source=True)

    @property
    def is_accepted(self) -> bool:
        """Whether a person stands behind it."""
        return self.state == EdgeState.ACCEPTED

    @property
    def is_one_sided(self) -> bool:
        """Whether it was accepted without both groups saying so; within one group there are no sides."""
        both = self.source_agrees and self.target_agrees
        return self.is_accepted and not both and self.source.group_id != self.target.group_id

    @property
    def only(self) -> LinkedText | None:
        """The end whose group alone says so; nobody's where neither group does."""
        if self.source_agrees != self.target_agrees:
            return self.source if self.source_agrees else self.target
        return None

    @property
    def silent(self) -> LinkedText:
        """The end whose group has not said so."""
        return self.target if self.source_agrees else self.source


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A text's box at its place; `is_focus` where the page is about it."""

    text: LinkedText
    x: float
    y: float
    is_focus: bool


@dataclass(frozen=True, slots=True)
class GraphLine:
    """A link as SVG paths: the line, the head at its target's end, and the cross in its middle; "" where none."""

    link: GraphLink
    path: str
    head: str
    cross: str
    is_in_circle: bool


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """A text in the suggested order, with what it needs, how many need it, and whether it is in a circle."""

    text: LinkedText
    depends_on: tuple[LinkedText, ...]
    needed_by_all: int
    is_in_circle: bool


@dataclass(frozen=True, slots=True)
class CircleRow:
    """Texts that depend on each other in a circle; `way` is the shortest way round, ending where it began."""

    members: tuple[LinkedText, ...]
    way: tuple[LinkedText, ...]


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of link and how many of it the page could show."""

    kind: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class LinkDrawing:
    """Boxes and lines; `box` is a box's size, and `shows_titles` says whether it has room for two lines."""

    nodes: tuple[GraphNode, ...]
    lines: tuple[GraphLine, ...]
    width: float
    height: float
    box: LayoutSize
    shows_titles: bool


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """All the page shows. `links` are those drawn and listed; the rest is said of accepted links alone."""

    drawing: LinkDrawing
    links: tuple[GraphLink, ...]
    kinds: tuple[KindCount, ...]
    groups: tuple[LinkedText, ...]
    circles: tuple[CircleRow, ...]
    conflicts: tuple[GraphLink, ...]
    one_sided: tuple[GraphLink, ...]
    order: tuple[ReadingPlace, ...]
    alone: tuple[LinkedText, ...]
    accepted_count: int
    proposed_count: int
    left_out: int


@dataclass(frozen=True, slots=True)
class GraphFilter:
    """What the visitor asked to see: one kind, one group's links, one document's neighbourhood, proposals too."""

    kind: str = ""
    group: str = ""
    document: int | None = None
    with_proposals: bool = False


def _read_texts(documents: QuerySet[Document]) -> dict[int, LinkedText]:
    rows = documents.order_by("chapter__position", "position", "id").values_list(
        "pk",
        "code",
        "title",
        "lang",
        "chapter__group_id",
        "chapter__group__code",
        "chapter__group__name",
        "chapter__group__lang",
        "published_id",
    )
    return {row[0]: LinkedText(*row[:-1], is_published=row[-1] is not None) for row in rows}


def _read_links(links: QuerySet[Link], texts: Mapping[int, LinkedText]) -> list[GraphLink]:
    rows = links.exclude(state=EdgeState.REJECTED).values_list(
        "pk", "kind", "state", "reason", "words", "source_id", "target_id", "source_agrees", "target_agrees"
    )
    place = {pk: number for number, pk in enumerate(texts)}
    ordered = sorted(rows, key=lambda row: (place.get(row[5], 0), place.get(row[6], 0), row[0]))
    return [
        GraphLink(pk, kind, state, reason, tuple(words), texts[source], texts[target], source_agrees, target_agrees)
        for pk, kind, state, reason, words, source, target, source_agrees, target_agrees in ordered
        if source in texts and target in texts
    ]


def link_graph(documents: QuerySet[Document], links: QuerySet[Link], wanted: GraphFilter) -> LinkGraph:
    """The page of one iteration: of its `documents`, the `links` among them that `wanted` asks for.

    Two queries, however many there are. At most `MOST_NODES` boxes are drawn, those with the most links; `left_out`
    counts the rest. In a language that reads from right to left the drawing does too.
    """
    texts = _read_texts(documents)
    every = _read_links(links, texts)
    near = _near(every, wanted)
    shown = [
        link
        for link in near
        if (link.is_accepted or wanted.with_proposals) and (not wanted.kind or link.kind == wanted.kind)
    ]
    accepted = [link for link in every if link.is_accepted]
    depends = [link for link in accepted if link.kind == LinkKind.DEPENDS_ON]
    circles = _circles(texts, depends)
    drawn, left_out = _most_linked(texts, shown, wanted.document)
    linked = {end.pk for link in shown for end in (link.source, link.target)}
    return LinkGraph(
        drawing=_draw(drawn, shown, circles, wanted.document, mirrored=get_language_bidi()),
        links=tuple(shown),
        kinds=_count_kinds(near, with_proposals=wanted.with_proposals),
        groups=tuple({text.group_id: text for text in texts.values()}.values()),
        circles=tuple(row for row in circles if _concerns(row.members, wanted)),
        conflicts=tuple(link for link in near if link.is_accepted and link.kind == LinkKind.CONFLICTS_WITH),
        one_sided=tuple(link for link in near if link.is_one_sided),
        order=_order(texts, depends, circles),
        alone=tuple(text for pk, text in texts.items() if pk not in linked and _is_of_group(text, wanted)),
        accepted_count=sum(link.is_accepted for link in near),
        proposed_count=sum(not link.is_accepted for link in near),
        left_out=left_out,
    )


def _is_of_group(text: LinkedText, wanted: GraphFilter) -> bool:
    return not wanted.group or text.group_code == wanted.group


def _near(every: Sequence[GraphLink], wanted: GraphFilter) -> list[GraphLink]:
    """The links with an end in the wanted group; or those of the wanted document and between its neighbours."""
    if wanted.document is None:
        return [link for link in every if any(_is_of_group(end, wanted) for end in (link.source, link.target))]
    neighbours = {wanted.document}
    for link in every:
        ends = {link.source.pk, link.target.pk}
        if wanted.document in ends and (link.is_accepted or wanted.with_proposals):
            neighbours |= ends
    own = [link for link in every if wanted.document in {link.source.pk, link.target.pk}]
    among = [link for link in every if {link.source.pk, link.target.pk} <= neighbours - {wanted.document}]
    return own + among


def _concerns(members: Collection[LinkedText], wanted: GraphFilter) -> bool:
    if wanted.document is not None:
        return any(text.pk == wanted.document for text in members)
    return any(_is_of_group(text, wanted) for text in members)


def _count_kinds(near: Iterable[GraphLink], *, with_proposals: bool) -> tuple[KindCount, ...]:
    counts = Counter(link.kind for link in near if link.is_accepted or with_proposals)
    return tuple(KindCount(kind.value, str(kind.label), counts[kind.value]) for kind in LinkKind)


def _circles(texts: Mapping[int, LinkedText], depends: Iterable[GraphLink]) -> list[CircleRow]:
    nodes = [str(pk) for pk in texts]
    found = find_circles(nodes, [(str(link.source.pk), str(link.target.pk)) for link in depends])
    return [
        CircleRow(
            tuple(texts[int(key)] for key in circle.members),
            tuple(texts[int(key)] for key in (*circle.shortest, circle.shortest[0])),
        )
        for circle in found
    ]


def _order(
    texts: Mapping[int, LinkedText], depends: Sequence[GraphLink], circles: Iterable[CircleRow]
) -> tuple[ReadingPlace, ...]:
    """The suggested order, of all texts; none where nothing depends on anything."""
    if not depends:
        return ()
    in_circle = {text.pk for row in circles for text in row.members}
    edges = [(str(link.source.pk), str(link.target.pk)) for link in depends]
    return tuple(
        ReadingPlace(
            texts[int(place.key)],
            tuple(texts[int(key)] for key in place.depends_on),
            place.needed_by_all,
            is_in_circle=int(place.key) in in_circle,
        )
        for place in reading_order([str(pk) for pk in texts], edges)
    )


def _most_linked(
    texts: Mapping[int, LinkedText], shown: Iterable[GraphLink], focus: int | None
) -> tuple[list[LinkedText], int]:
    degrees = Counter(end.pk for link in shown for end in (link.source, link.target))
    if focus is not None and focus in texts:
        degrees[focus] += 1
    kept = {pk for pk, _count in degrees.most_common(MOST_NODES)}
    return [text for pk, text in texts.items() if pk in kept], max(0, len(degrees) - MOST_NODES)


@dataclass(frozen=True, slots=True)
class _Canvas:
    """Turns the layout's coordinates into the drawing's, mirrored or not."""

    layout: Layout
    mirrored: bool

    @property
    def width(self) -> float:
        return self.layout.width + 2 * MARGIN

    @property
    def height(self) -> float:
        return self.layout.height + 2 * MARGIN

    def point(self, point: Point) -> Point:
        x = point[0] + MARGIN
        return (round(self.width - x if self.mirrored else x, 1), round(point[1] + MARGIN, 1))

    def corner(self, box: Box, width: float) -> Point:
        return self.point((box.x + width if self.mirrored else box.x, box.y))


def _draw(
    drawn: Sequence[LinkedText],
    shown: Sequence[GraphLink],
    circles: Iterable[CircleRow],
    focus: int | None,
    *,
    mirrored: bool,
) -> LinkDrawing:
    size = TITLED if len(drawn) <= MOST_TITLED else CODED
    keys = {text.pk for text in drawn}
    joined = [link for link in shown if link.source.pk in keys and link.target.pk in keys]
    joints = [
        Joint(str(one.source.pk), str(one.target.pk), one.kind == LinkKind.DEPENDS_ON, f"{one.kind} {one.state}")
        for one in joined
    ]
    canvas = _Canvas(draw_layers([str(text.pk) for text in drawn], joints, size), mirrored)
    nodes = [
        GraphNode(text, *canvas.corner(box, size.width), is_focus=text.pk == focus)
        for text, box in zip(drawn, canvas.layout.boxes, strict=True)
    ]
    rings = [frozenset(text.pk for text in row.members) for row in circles]
    lines = [_line(joined[route.joint], route, canvas, rings, size) for route in canvas.layout.routes]
    return LinkDrawing(tuple(nodes), tuple(lines), canvas.width, canvas.height, size, shows_titles=size is TITLED)


def _line(
    link: GraphLink, route: Route, canvas: _Canvas, rings: Iterable[frozenset[int]], size: LayoutSize
) -> GraphLine:
    points = [canvas.point(point) for point in route.points]
    onward = -1 if canvas.mirrored else 1
    path, middle = _bow(points, onward, size) if route.is_bow else _curve(points)
    is_depending = link.kind == LinkKind.DEPENDS_ON
    has_head = is_depending or link.kind == LinkKind.SUPPORTS
    tip = points[0] if route.is_reversed else points[-1]
    # A head points into its box: back at the side where layers go on, onward at the other.
    away = onward if route.is_reversed or route.is_bow else -onward
    return GraphLine(
        link,
        path,
        _head(tip, away, is_closed=is_depending) if has_head else "",
        _cross(middle) if link.kind == LinkKind.CONFLICTS_WITH else "",
        is_in_circle=is_depending and any({link.source.pk, link.target.pk} <= ring for ring in rings),
    )


def _curve(points: Sequence[Point]) -> tuple[str, Point]:
    """A line that leaves, passes and arrives level, and the middle of its middle bend."""
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    bends = []
    for number, ((x1, y1), (x2, y2)) in enumerate(pairwise(points)):
        if number % 2:
            path += f"H{x2:g}"
        else:
            bend = (x1 + x2) / 2
            path += f"C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"
            bends.append((bend, (y1 + y2) / 2))
    return path, bends[len(bends) // 2]


def _bow(points: Sequence[Point], onward: int, size: LayoutSize) -> tuple[str, Point]:
    """A line from a box to another of the same layer, out at its side."""
    (x1, y1), (_x2, y2) = points
    out = x1 + onward * min(size.layer_gap * 0.62, 22 + abs(y2 - y1) / 6)
    return f"M{x1:g} {y1:g}C{out:g} {y1:g} {out:g} {y2:g} {x1:g} {y2:g}", (x1 + (out - x1) * 0.75, (y1 + y2) / 2)


def _head(tip: Point, away: int, *, is_closed: bool) -> str:
    x, y = tip
    back = x + away * ARROW
    return f"M{back:g} {y - 4:g}L{x:g} {y:g}L{back:g} {y + 4:g}{'Z' if is_closed else ''}"


def _cross(middle: Point) -> str:
    x, y = middle
    return f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
