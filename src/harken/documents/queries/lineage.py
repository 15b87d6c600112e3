"""The lineage of a process: edges as rows, and the map drawn from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import get_language_bidi

from harken.documents.models import Chapter, Document, EdgeState, LineageEdge
from harken.people.models import Group
from harken.processes.models import Iteration, Process

# Units of the drawing's own coordinate system (1 is a CSS pixel at full size).
COLUMN_WIDTH: Final = 310
COLUMN_GAP: Final = 240
ROW_HEIGHT: Final = 26
ROW_GAP: Final = 5
GROUP_GAP: Final = 38
HEAD_HEIGHT: Final = 38
MARK_WIDTH: Final = 100
STUB_LENGTH: Final = 20
MOST_NODES: Final = 320


@dataclass(frozen=True, slots=True)
class MapNode:
    """A document's box at its place, and what became of it where its lineage ends (`dropped`, `new`, or neither).

    The mark stands beside the box at `mark_x`, with a line from `stub_x`, before a new one and after a dropped one.
    """

    document: Document
    iteration: Iteration
    group_code: str
    x: int
    y: int
    mark: str
    mark_state: str
    mark_x: int
    stub_x: int
    is_followed: bool

    @property
    def middle(self) -> int:
        """The height at which ribbons meet the box."""
        return self.y + ROW_HEIGHT // 2


@dataclass(frozen=True, slots=True)
class MapRibbon:
    """An edge's ribbon as an SVG path, from the earlier box's far side to the later box's near side."""

    edge: LineageEdge
    path: str


@dataclass(frozen=True, slots=True)
class MapGroup:
    """A group's name above its boxes in a column."""

    name: str
    lang: str
    y: int


@dataclass(frozen=True, slots=True)
class MapColumn:
    """An iteration's column, and the group names that stand in it."""

    iteration: Iteration
    x: int
    groups: tuple[MapGroup, ...]


@dataclass(frozen=True, slots=True)
class LineageMap:
    """A drawing: iterations from the start side to the end side, boxes, ribbons; and the same as rows."""

    columns: tuple[MapColumn, ...]
    nodes: tuple[MapNode, ...]
    ribbons: tuple[MapRibbon, ...]
    edges: tuple[LineageEdge, ...]
    width: int
    height: int
    left_out: int


def lineage_edges(process: Process, documents: QuerySet[Document]) -> QuerySet[LineageEdge]:
    """Every edge whose ends are among `documents`, with both ends and their groups at hand."""
    return (
        LineageEdge.objects.filter(process=process)
        .filter(Q(earlier=None) | Q(earlier__in=documents), Q(later=None) | Q(later__in=documents))
        .select_related(
            "earlier__iteration", "earlier__chapter__group", "later__iteration", "later__chapter__group", "process"
        )
    )


def groups_with_texts(process: Process) -> QuerySet[Group]:
    """The groups that have a chapter in some iteration, in their set order."""
    chapters = Chapter.objects.filter(iteration__process=process).filter(documents__published__isnull=False)
    return Group.objects.filter(pk__in=chapters.values("group")).order_by("position", "id")


def follow(start: int, ends: Iterable[tuple[int | None, int | None]]) -> set[int]:
    """The ids of all documents one reaches from `start` along edges (earlier, later): back, and onward.

    Going back never turns onward, and the reverse: siblings are not kin.
    """
    back, onward = defaultdict(list), defaultdict(list)
    for earlier, later in ends:
        if earlier and later:
            back[later].append(earlier)
            onward[earlier].append(later)
    reached = {start}
    for steps in (back, onward):
        waiting = [start]
        while waiting:
            for neighbour in steps[waiting.pop()]:
                if neighbour not in reached:
                    reached.add(neighbour)
                    waiting.append(neighbour)
    return reached


def draw_lineage(
    process: Process,
    iterations: QuerySet[Iteration],
    documents: QuerySet[Document],
    *,
    document: Document | None = None,
    group_code: str = "",
) -> LineageMap:
    """The map of `documents`, of one group's among them and their kin, or of one document followed both ways.

    In a language that reads from right to left, time runs from right to left too. Rejected edges are left out, and so
    are proposals to call new or dropped what people connected. Four queries, and only what is drawn is loaded. At
    most `MOST_NODES` boxes are drawn; `left_out` counts the rest, and a group or a document narrows the map.
    """
    columns = list(iterations.order_by("number"))
    edges = lineage_edges(process, documents).exclude(state=EdgeState.REJECTED).order_by("id")
    if document or group_code:
        kin = _find_kin(process, document, documents.filter(chapter__group__code=group_code))
        documents = documents.filter(pk__in=kin)
        edges = edges.filter(Q(earlier__in=kin) | Q(later__in=kin))
    shown = list(
        documents.select_related("chapter__group")
        .defer("lede")
        .order_by("iteration__number", "chapter__position", "position", "id")[: MOST_NODES + 1]
    )
    left_out = max(0, documents.count() - MOST_NODES) if len(shown) > MOST_NODES else 0
    return _draw(
        columns, shown[:MOST_NODES], _standing(edges), document, left_out=left_out, mirrored=get_language_bidi()
    )


def _standing(edges: Iterable[LineageEdge]) -> list[LineageEdge]:
    """The edges without those proposals of an end that an accepted edge has overtaken."""
    found = list(edges)
    accepted = [edge for edge in found if edge.state == EdgeState.ACCEPTED]
    led_on = {edge.earlier_id for edge in accepted if edge.later_id}
    led_here = {edge.later_id for edge in accepted if edge.earlier_id}
    return [
        edge
        for edge in found
        if edge.state == EdgeState.ACCEPTED
        or not edge.is_one_ended
        or not (edge.earlier_id in led_on if edge.earlier_id else edge.later_id in led_here)
    ]


def _find_kin(process: Process, document: Document | None, of_group: QuerySet[Document]) -> set[int]:
    """The ids of a document and all it leads to or comes from; or of a group's documents and those one step away."""
    ends = list(
        LineageEdge.objects.filter(process=process)
        .exclude(state=EdgeState.REJECTED)
        .values_list("earlier_id", "later_id")
    )
    if document:
        return follow(document.pk, ends)
    own = set(of_group.values_list("pk", flat=True))
    return own | {end for pair in ends if own.intersection(pair) for end in pair if end}


def _draw(
    columns: Sequence[Iteration],
    documents: Sequence[Document],
    edges: Sequence[LineageEdge],
    followed: Document | None,
    *,
    left_out: int,
    mirrored: bool,
) -> LineageMap:
    marks = {edge.earlier_id or edge.later_id or 0: edge for edge in edges if edge.is_one_ended}
    before, after = _room_for_marks(marks, columns)
    width = before + max(len(columns) * (COLUMN_WIDTH + COLUMN_GAP) - COLUMN_GAP, COLUMN_WIDTH) + after
    nodes: dict[int, MapNode] = {}
    drawn_columns = []
    height = HEAD_HEIGHT
    for index, iteration in enumerate(columns):
        x = before + index * (COLUMN_WIDTH + COLUMN_GAP)
        x = width - x - COLUMN_WIDTH if mirrored else x
        y, chapter_id = HEAD_HEIGHT, None
        groups: list[MapGroup] = []
        for document in documents:
            if document.iteration_id != iteration.pk:
                continue
            if document.chapter_id != chapter_id:
                chapter_id = document.chapter_id
                y += GROUP_GAP if groups else GROUP_GAP - ROW_GAP
                group = document.chapter.group
                groups.append(MapGroup(group.name, group.lang, y - ROW_HEIGHT))
            edge = marks.get(document.pk)
            is_left = edge is not None and (edge.earlier_id is None) != mirrored
            nodes[document.pk] = MapNode(
                document=document,
                iteration=iteration,
                group_code=document.chapter.group.code,
                x=x,
                y=y,
                mark=edge.kind if edge else "",
                mark_state=edge.state if edge else "",
                mark_x=x - STUB_LENGTH - MARK_WIDTH if is_left else x + COLUMN_WIDTH + STUB_LENGTH,
                stub_x=x - STUB_LENGTH if is_left else x + COLUMN_WIDTH,
                is_followed=bool(followed and followed.pk == document.pk),
            )
            y += ROW_HEIGHT + ROW_GAP
        drawn_columns.append(MapColumn(iteration, x, tuple(groups)))
        height = max(height, y)
    drawn = [edge for edge in edges if edge.earlier_id in nodes and edge.later_id in nodes]
    rows = tuple(edge for edge in edges if edge.earlier_id in nodes or edge.later_id in nodes)
    ribbons = _ribbons(drawn, nodes, mirrored=mirrored)
    return LineageMap(tuple(drawn_columns), tuple(nodes.values()), ribbons, rows, width, height, left_out)


def _room_for_marks(marks: Mapping[int, LineageEdge], columns: Sequence[Iteration]) -> tuple[int, int]:
    """The width that marks need before the first column and after the last."""
    if not columns:
        return 0, 0
    room = MARK_WIDTH + STUB_LENGTH
    is_new_first = any(edge.later and edge.later.iteration_id == columns[0].pk for edge in marks.values())
    is_dropped_last = any(edge.earlier and edge.earlier.iteration_id == columns[-1].pk for edge in marks.values())
    return room * is_new_first, room * is_dropped_last


def _share_side(edges: Sequence[LineageEdge], node: MapNode) -> list[tuple[float, float]]:
    """The top and bottom of each ribbon at one side of a box: as wide as the scores say, together no higher than it."""
    widths = [3.0 + 11.0 * (edge.score if edge.score is not None else 1.0) for edge in edges]
    scale = min(1.0, (ROW_HEIGHT - 2) / sum(widths))
    top = node.middle - scale * sum(widths) / 2
    places = []
    for width in widths:
        places.append((top, top + scale * width))
        top += scale * width
    return places


def _ribbons(edges: Sequence[LineageEdge], nodes: Mapping[int, MapNode], *, mirrored: bool) -> tuple[MapRibbon, ...]:
    """Curves that leave and arrive level, those of one box beside each other in the order of their other ends."""
    leaving: dict[int, list[LineageEdge]] = defaultdict(list)
    arriving: dict[int, list[LineageEdge]] = defaultdict(list)
    for edge in edges:
        leaving[edge.earlier_id or 0].append(edge)
        arriving[edge.later_id or 0].append(edge)
    starts: dict[int, tuple[float, float]] = {}
    ends: dict[int, tuple[float, float]] = {}
    for pk, side in leaving.items():
        side.sort(key=lambda edge: nodes[edge.later_id or 0].y)
        starts.update(zip((edge.pk for edge in side), _share_side(side, nodes[pk]), strict=True))
    for pk, side in arriving.items():
        side.sort(key=lambda edge: nodes[edge.earlier_id or 0].y)
        ends.update(zip((edge.pk for edge in side), _share_side(side, nodes[pk]), strict=True))
    drawn = []
    for edge in edges:
        x1 = nodes[edge.earlier_id or 0].x + (0 if mirrored else COLUMN_WIDTH)
        x2 = nodes[edge.later_id or 0].x + (COLUMN_WIDTH if mirrored else 0)
        (top1, bottom1), (top2, bottom2) = starts[edge.pk], ends[edge.pk]
        bend = (x1 + x2) / 2
        path = (
            f"M{x1} {top1:.1f}C{bend:g} {top1:.1f} {bend:g} {top2:.1f} {x2} {top2:.1f}"
            f"V{bottom2:.1f}C{bend:g} {bottom2:.1f} {bend:g} {bottom1:.1f} {x1} {bottom1:.1f}Z"
        )
        drawn.append(MapRibbon(edge, path))
    return tuple(drawn)
