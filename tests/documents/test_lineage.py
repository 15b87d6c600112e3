"""Machines propose, people decide, and nothing is ever deleted."""

import pytest
from django.db.models import QuerySet

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.lineage import NoReason, NoSuchEdge, decide_edge, draw_edge, propose_edges
from harken.documents.actions.texts import write_chapter
from harken.documents.models import Document, EdgeState, LineageDecision, LineageEdge, LineageKind
from harken.documents.queries.lineage import draw_lineage, follow, groups_with_texts
from harken.documents.tasks import propose_lineage_of
from harken.people.actions import create_group
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, open_phase

FIRST = ("Water the beds by hand", "Share the tools of the street", "Paint every fence yellow")
SECOND = (
    "Water the beds by hand",
    "Share the garden tools of the whole street",
    "Plant walnut trees for great-grandchildren",
)


def everything(cast: Cast) -> tuple[QuerySet[Iteration], QuerySet[Document]]:
    return Iteration.objects.filter(process=cast.process), Document.objects.filter(iteration__process=cast.process)


def two_rounds(cast: Cast) -> tuple[Iteration, Iteration, list[Document], list[Document]]:
    earlier, before = add_round(cast.process, cast.advocacy, *FIRST, number=1)
    later, after = add_round(cast.process, cast.advocacy, *SECOND, number=2)
    return earlier, later, before, after


def kinds(edges: list[LineageEdge]) -> dict[tuple[str | None, str | None], str]:
    return {
        (edge.earlier.code if edge.earlier else None, edge.later.code if edge.later else None): edge.kind
        for edge in edges
    }


def test_the_machine_says_what_was_kept_revised_dropped_and_is_new(cast: Cast) -> None:
    earlier, later, _before, _after = two_rounds(cast)
    edges = propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    assert kinds(edges) == {
        ("AD-R1", "AD-R1"): "kept",
        ("AD-R2", "AD-R2"): "revised",
        ("AD-R3", None): "dropped",
        (None, "AD-R3"): "new",
    }
    revised = next(edge for edge in edges if edge.kind == LineageKind.REVISED)
    assert revised.state == EdgeState.PROPOSED
    assert revised.score is not None
    assert 0 < revised.score < 1
    assert {"tools", "street"} <= {word.lower() for word in revised.words}
    assert "same_group" in revised.method


def test_proposing_again_adds_nothing_and_changes_nothing_people_said(cast: Cast) -> None:
    earlier, later, _before, _after = two_rounds(cast)
    edges = propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    decide_edge(actor=cast.amina, edge=edges[0], state=EdgeState.REJECTED, reason="A coincidence.")
    stored = list(LineageEdge.objects.order_by("id").values())
    assert propose_edges(actor=OPERATOR, earlier=earlier, later=later) == []
    assert list(LineageEdge.objects.order_by("id").values()) == stored


def test_a_decision_needs_a_reason_and_every_decision_stays(cast: Cast) -> None:
    earlier, later, _before, _after = two_rounds(cast)
    edge = propose_edges(actor=OPERATOR, earlier=earlier, later=later)[0]
    with pytest.raises(NoReason):
        decide_edge(actor=cast.amina, edge=edge, state=EdgeState.ACCEPTED, reason="  ")
    decide_edge(actor=cast.amina, edge=edge, state=EdgeState.ACCEPTED, reason="Word for word.")
    decide_edge(actor=cast.bruno, edge=edge, state=EdgeState.REJECTED, reason="It means something else now.")
    edge.refresh_from_db()
    assert (edge.state, edge.reason) == ("rejected", "It means something else now.")
    decisions = LineageDecision.objects.filter(edge=edge).order_by("id")
    assert [(one.by_name, one.state, one.reason) for one in decisions] == [
        ("Amina", "accepted", "Word for word."),
        ("Bruno", "rejected", "It means something else now."),
    ]


def test_a_person_draws_what_the_machine_did_not_see(cast: Cast) -> None:
    _earlier, _later, before, after = two_rounds(cast)
    edge = draw_edge(
        actor=cast.bruno,
        process=cast.process,
        earlier=before[2],
        later=after[2],
        kind=LineageKind.REVISED,
        reason="Both came from the same evening.",
    )
    assert (edge.state, edge.kind, edge.score) == (EdgeState.ACCEPTED, LineageKind.REVISED, None)


def test_edges_lead_forward_within_a_process(cast: Cast) -> None:
    _earlier, _later, before, after = two_rounds(cast)
    wrong: list[tuple[Document | None, Document | None, LineageKind]] = [
        (after[0], before[0], LineageKind.REVISED),
        (before[0], before[1], LineageKind.MERGED),
        (None, None, LineageKind.KEPT),
        (before[0], None, LineageKind.REVISED),
        (None, after[0], LineageKind.DROPPED),
        (before[0], after[0], LineageKind.NEW),
    ]
    for earlier, later, kind in wrong:
        with pytest.raises(NoSuchEdge):
            draw_edge(actor=OPERATOR, process=cast.process, earlier=earlier, later=later, kind=kind, reason="so")
    assert not LineageEdge.objects.exists()


def test_only_organisers_and_writers_decide_and_writers_while_it_is_open(cast: Cast) -> None:
    earlier, later, _before, _after = two_rounds(cast)
    edge = propose_edges(actor=OPERATOR, earlier=earlier, later=later)[0]
    open_phase(cast.process, "read")
    for actor in (cast.bruno, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            decide_edge(actor=actor, edge=edge, state=EdgeState.ACCEPTED, reason="Yes.")
    open_phase(cast.process, "connect")
    assert decide_edge(actor=cast.bruno, edge=edge, state=EdgeState.ACCEPTED, reason="Yes.").state == EdgeState.ACCEPTED


def test_following_goes_back_and_onward_but_never_to_siblings(cast: Cast) -> None:
    _first, one = add_round(cast.process, cast.advocacy, "A", "B", number=1)
    _second, two = add_round(cast.process, cast.advocacy, "AB", "A again", number=2)
    _third, three = add_round(cast.process, cast.advocacy, "All", number=3)
    for earlier, later in ((one[0], two[0]), (one[1], two[0]), (one[0], two[1]), (two[0], three[0])):
        draw_edge(
            actor=OPERATOR,
            process=cast.process,
            earlier=earlier,
            later=later,
            kind=LineageKind.MERGED,
            reason="by hand",
        )
    edges = list(LineageEdge.objects.values_list("earlier_id", "later_id"))
    assert follow(two[0].pk, edges) == {one[0].pk, one[1].pk, two[0].pk, three[0].pk}
    assert follow(one[0].pk, edges) == {one[0].pk, two[0].pk, two[1].pk, three[0].pk}


def test_the_map_has_a_box_for_each_document_and_a_ribbon_for_each_edge(cast: Cast) -> None:
    earlier, later, before, _after = two_rounds(cast)
    propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    drawing = draw_lineage(cast.process, *everything(cast))
    assert len(drawing.nodes) == 6
    assert len(drawing.ribbons) == 2
    assert len(drawing.edges) == 4
    assert {node.mark for node in drawing.nodes} == {"", "dropped", "new"}
    boxes = {(node.x, node.y) for node in drawing.nodes}
    assert len(boxes) == 6
    followed = draw_lineage(cast.process, *everything(cast), document=before[0])
    assert [node.document.code for node in followed.nodes] == ["AD-R1", "AD-R1"]
    assert [node.is_followed for node in followed.nodes] == [True, False]


def test_a_rejected_edge_is_not_drawn_but_kept(cast: Cast) -> None:
    earlier, later, _before, _after = two_rounds(cast)
    edge = propose_edges(actor=OPERATOR, earlier=earlier, later=later)[0]
    decide_edge(actor=cast.amina, edge=edge, state=EdgeState.REJECTED, reason="No.")
    drawing = draw_lineage(cast.process, *everything(cast))
    assert edge.pk not in {shown.pk for shown in drawing.edges}
    assert LineageEdge.objects.filter(pk=edge.pk).exists()


def test_the_map_takes_the_same_queries_however_large(cast: Cast, django_assert_num_queries: object) -> None:
    for number, titles in ((1, ["A"]), (2, ["A", "B", "C"])):
        add_round(cast.process, cast.advocacy, *titles, number=number)
        with django_assert_num_queries(3):  # type: ignore[operator] # pytest-django's fixture has no public type
            draw_lineage(cast.process, *everything(cast))


def test_the_job_proposes_between_each_iteration_and_the_next_for_whoever_asked(cast: Cast) -> None:
    two_rounds(cast)
    add_round(cast.process, cast.advocacy, "Water the beds by hand", number=3)
    assert propose_lineage_of.func(cast.process.pk, cast.amina.pk) == LineageEdge.objects.count()
    assert LineageEdge.objects.filter(later__iteration__number=3).exists()
    with pytest.raises(Refused):
        propose_lineage_of.func(cast.process.pk, cast.farid.pk)


def test_only_groups_that_wrote_something_are_offered_to_narrow_the_map(cast: Cast) -> None:
    silent = create_group(actor=OPERATOR, name="Silent", code="SI", parent=cast.process.body)
    iteration, *_rest = two_rounds(cast)
    write_chapter(actor=OPERATOR, iteration=iteration, group=silent, position=1, lang="en")
    assert [group.code for group in groups_with_texts(cast.process)] == ["AD"]
