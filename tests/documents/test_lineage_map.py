"""The drawing of the lineage map: it mirrors, its ribbons stay in their boxes, and it forgets overtaken guesses."""

import itertools
import re

from django.utils import translation

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import draw_edge, propose_edges
from harken.documents.models import Document, LineageKind
from harken.documents.queries.lineage import COLUMN_WIDTH, ROW_HEIGHT, LineageMap, draw_lineage
from harken.processes.models import Iteration
from tests.cast import Cast, add_round


def draw(cast: Cast, lang: str = "en") -> LineageMap:
    with translation.override(lang):
        return draw_lineage(
            cast.process,
            Iteration.objects.filter(process=cast.process),
            Document.objects.filter(iteration__process=cast.process),
        )


def connect(cast: Cast, earlier: Document, later: Document) -> None:
    draw_edge(
        actor=OPERATOR,
        process=cast.process,
        earlier=earlier,
        later=later,
        kind=LineageKind.MERGED,
        reason="They say the same.",
    )


def test_time_runs_from_right_to_left_where_reading_does(cast: Cast) -> None:
    _round, (first,) = add_round(cast.process, cast.advocacy, "Water the beds", number=1)
    _round, (second,) = add_round(cast.process, cast.advocacy, "Water the beds at night", number=2)
    connect(cast, first, second)
    english, arabic = draw(cast), draw(cast, "ar")
    assert [column.x for column in english.columns] == sorted(column.x for column in english.columns)
    assert [column.x for column in arabic.columns] == sorted((column.x for column in arabic.columns), reverse=True)
    assert {arabic.width - node.x - COLUMN_WIDTH for node in arabic.nodes} == {node.x for node in english.nodes}


def test_ribbons_that_meet_in_one_box_lie_beside_each_other_inside_it(cast: Cast) -> None:
    _round, before = add_round(cast.process, cast.advocacy, "One", "Two", "Three", number=1)
    _round, (after,) = add_round(cast.process, cast.advocacy, "All of it", number=2)
    for earlier in before:
        connect(cast, earlier, after)
    drawing = draw(cast)
    box = next(node for node in drawing.nodes if node.document.pk == after.pk)
    ends = sorted(
        tuple(float(number) for number in re.findall(r" (\d+\.\d)V(\d+\.\d)C", ribbon.path)[0])
        for ribbon in drawing.ribbons
    )
    assert len(ends) == 3
    assert box.y <= ends[0][0]
    assert ends[-1][1] <= box.y + ROW_HEIGHT
    assert all(upper[1] <= lower[0] + 0.15 for upper, lower in itertools.pairwise(ends))


def test_a_guess_that_something_was_dropped_gives_way_to_what_a_person_connected(cast: Cast) -> None:
    earlier, (old,) = add_round(cast.process, cast.advocacy, "Paint every fence yellow", number=1)
    later, (new,) = add_round(cast.process, cast.advocacy, "Plant walnut trees for the street", number=2)
    propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    assert {node.mark for node in draw(cast).nodes} == {"dropped", "new"}
    connect(cast, old, new)
    drawing = draw(cast)
    assert {node.mark for node in drawing.nodes} == {""}
    assert [edge.kind for edge in drawing.edges] == ["merged"]
