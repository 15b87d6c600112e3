"""The lineage of a process: edges as rows, and the map drawn from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from harken.documents.models import Document, EdgeState, LineageEdge
from harken.processes.models import Iteration, Process

# Units of the drawing's own coordinate system (1 is a CSS pixel at full size).
COLUMN_WIDTH: Final = 250
COLUMN_GAP: Final = 130
ROW_HEIGHT: Final = 26
ROW_GAP: Final = 4
GROUP_GAP: Final = 30
HEAD_HEIGHT: Final = 34
MOST_NODES: Final = 600


@dataclass(frozen=True, slots=True)
class MapNode:
    """A document's box: its place, and what became of it where that ends here (`dropped`, `new`, or neither)."""

    document: Document
    iteration: Iteration
    group_code: str
    x: int
    y: int
    mark: str
    is_followed: bool

    @property
    def middle(self) -> float:
        """The height at which ribbons meet the box."""
        return self.y + ROW_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class MapRibbon:
    """An edge's ribbon as an SVG path, from the earlier box's far side to the later box's near side."""

    edge: LineageEdge
    path: str


@dataclass(frozen=True, slots=True)
class MapColumn:
    """An iteration's column, and the group names that stand in it with their heights."""

    iteration: Iteration
    x: int
    groups: tuple[tuple[str, str, int], ...]


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


def lineage_edges(process: Process, iterations: QuerySet[Iteration]) -> QuerySet[LineageEdge]:
    """Every edge whose ends lie in `iterations`, with both ends and their groups at hand."""
    hidden = LineageEdge.objects.filter(process=process).exclude(earlier=None).exclude(earlier__iteration__in=iterations)
    also_hidden = LineageEdge.objects.filter(process=process).exclude(later=None).exclude(later__iteration__in=iterations)
    return (
        LineageEdge.objects.filter(process=process)
        .exclude(pk__in=hidden.values("pk"))
        .exclude(pk__in=also_hidden.values("pk"))
        .select_related(
            "earlier__iteration", "earlier__chapter__group", "later__iteration", "later__chapter__group", "process"
        )
    )


def follow(document: Document, edges: Iterable[LineageEdge]) -> set[int]:
    """The ids of all documents one reaches from `document`: back to where it comes from, on to where it leads.

    Going back never turns onward, and the reverse: siblings are not kin.
    """
    back, onward = defaultdict(list), defaultdict(list)
    for edge in edges:
        if edge.earlier_id and edge.later_id:
            back[edge.later_id].append(edge.earlier_id)
            onward[edge.earlier_id].append(edge.later_id)
    reached = {document.pk}
    for steps in (back, onward):
        waiting = [document.pk]
        while waiting:
            for neighbour in steps[waiting.pop()]:
                if neighbour not in reached:
                    reached.add(neighbour)
                    waiting.append(neighbour)
    return reached


def draw_lineage(
    process: Process,
    iterations: QuerySet[Iteration],
    *,
    document: Document | None = None,
    group_code: str = "",
) -> LineageMap:
    """The map of a process, of one group's documents and their kin, or of one document followed both ways.

    Rejected edges are left out of the drawing. Three queries. At most `MOST_NODES` boxes are
    drawn; `left_out` counts the rest, and a group or a document narrows the map.
    """
    columns = list(iterations.order_by("number"))
    edges = [edge for edge in lineage_edges(process, iterations).order_by("id") if edge.state != EdgeState.REJECTED]
    documents = list(
        Document.objects.filter(iteration__in=iterations)
        .select_related("chapter__group")
        .defer("lede")
        .order_by("iteration__number", "chapter__position", "position", "id")
    )
    wanted: set[int] | None = None
    if document:
        wanted = follow(document, edges)
    elif group_code:
        wanted = {one.pk for one in documents if one.chapter.group.code == group_code}
        wanted |= {end for edge in edges for end in _far_ends(edge, wanted)}
    shown = [one for one in documents if wanted is None or one.pk in wanted]
    return _draw(columns, shown[:MOST_NODES], edges, document, left_out=max(0, len(shown) - MOST_NODES))


def _far_ends(edge: LineageEdge, near: set[int]) -> list[int]:
    ends = [end for end in (edge.earlier_id, edge.later_id) if end]
    return ends if any(end in near for end in ends) else []


def _draw(
    columns: Sequence[Iteration],
    documents: Sequence[Document],
    edges: Sequence[LineageEdge],
    followed: Document | None,
    *,
    left_out: int,
) -> LineageMap:
    marks = {edge.earlier_id if edge.later_id is None else edge.later_id: edge.kind for edge in edges if edge.is_one_ended}
    nodes: dict[int, MapNode] = {}
    drawn_columns = []
    height = HEAD_HEIGHT
    for index, iteration in enumerate(columns):
        x = index * (COLUMN_WIDTH + COLUMN_GAP)
        y, group_id, groups = HEAD_HEIGHT, None, []
        for document in documents:
            if document.iteration_id != iteration.pk:
                continue
            if document.chapter_id != group_id:
                group_id = document.chapter_id
                y += GROUP_GAP if groups else GROUP_GAP // 2
                groups.append((document.chapter.group.name, document.chapter.group.lang, y - 7))
            nodes[document.pk] = MapNode(
                document=document,
                iteration=iteration,
                group_code=document.chapter.group.code,
                x=x,
                y=y,
                mark=marks.get(document.pk, ""),
                is_followed=bool(followed and followed.pk == document.pk),
            )
            y += ROW_HEIGHT + ROW_GAP
        drawn_columns.append(MapColumn(iteration, x, tuple(groups)))
        height = max(height, y)
    ribbons = tuple(_ribbon(edge, nodes) for edge in edges if edge.earlier_id in nodes and edge.later_id in nodes)
    rows = tuple(edge for edge in edges if edge.earlier_id in nodes or edge.later_id in nodes)
    width = max(len(columns) * (COLUMN_WIDTH + COLUMN_GAP) - COLUMN_GAP, COLUMN_WIDTH)
    return LineageMap(tuple(drawn_columns), tuple(nodes.values()), ribbons, rows, width, height, left_out)


def _ribbon(edge: LineageEdge, nodes: Mapping[int, MapNode]) -> MapRibbon:
    """A curve that leaves and arrives level; as wide as the score says, at least a hair."""
    if edge.earlier_id is None or edge.later_id is None:
        raise ValueError("A ribbon needs both ends.")
    start, end = nodes[edge.earlier_id], nodes[edge.later_id]
    half = 1.5 + 7 * (edge.score if edge.score is not None else 1.0)
    x1, x2 = start.x + COLUMN_WIDTH, end.x
    bend = (x1 + x2) / 2
    y1, y2 = start.middle, end.middle
    path = (
        f"M{x1} {y1 - half:.1f}C{bend:g} {y1 - half:.1f} {bend:g} {y2 - half:.1f} {x2} {y2 - half:.1f}"
        f"V{y2 + half:.1f}C{bend:g} {y2 + half:.1f} {bend:g} {y1 + half:.1f} {x1} {y1 + half:.1f}Z"
    )
    return MapRibbon(edge, path)
