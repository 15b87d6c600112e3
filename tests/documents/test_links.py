"""Links: proposed by the program, decided by people, each group for itself; nobody sees what they may not."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.lineage import NoReason
from harken.documents.actions.links import NoSuchLink, decide_link, draw_link, propose_links
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, EdgeState, Link, LinkDecision, LinkKind
from harken.documents.permissions import links_visible_to, may_decide_links, may_see_link
from harken.documents.queries.link_graph import GraphFilter, link_graph
from harken.documents.queries.links import links_of, overlaps_with
from harken.people.actions import add_member, create_group
from harken.people.models import Group, Role
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, draft, open_phase

DEPENDS, SUPPORTS = LinkKind.DEPENDS_ON, LinkKind.SUPPORTS
CONFLICTS, OVERLAPS = LinkKind.CONFLICTS_WITH, LinkKind.OVERLAPS
ACCEPTED, REJECTED = EdgeState.ACCEPTED, EdgeState.REJECTED


@pytest.fixture
def trees(cast: Cast) -> Group:
    """A second working group, in which Chen writes."""
    trees = create_group(actor=OPERATOR, name="Trees", code="TR", parent=cast.process.body)
    add_member(actor=OPERATOR, group=trees, user=cast.chen, role=Role.WRITER, starts_on=timezone.localdate())
    return trees


@pytest.fixture
def texts(cast: Cast, trees: Group) -> dict[str, Document]:
    """Three texts of Advocacy and two of Trees, in one round."""
    iteration, documents = add_round(
        cast.process, cast.advocacy, "Water the beds by hand", "Share the tools of the street", "Paint every fence"
    )
    chapter = Chapter.objects.create(iteration=iteration, group=trees, position=1, lang="en")
    documents += create_documents(
        actor=OPERATOR,
        chapter=chapter,
        drafts=[draft("TR-R1", "Plant walnut trees"), draft("TR-R2", "Water the young trees", 2, "It needs AD-R2.")],
    )
    process = Iteration.objects.select_related("process__body").get(pk=iteration.pk)
    for document in documents:
        document.iteration = document.chapter.iteration = process
    return {document.code: document for document in documents}


Draw = Callable[..., Link]


@pytest.fixture
def draw(texts: dict[str, Document]) -> Draw:
    def drawn(source: str, kind: LinkKind, target: str, *, by: object = OPERATOR, both: bool = False) -> Link:
        ends = texts[source], texts[target]
        said_by = [end.chapter.group_id for end in ends] if both else []
        return draw_link(
            actor=by,  # type: ignore[arg-type] # a person of the cast, or the operator
            source=ends[0],
            target=ends[1],
            kind=kind,
            reason=f"{source} and {target} belong together.",
            said_by=said_by,
        )

    return drawn


def hide(*documents: Document) -> None:
    """Make private drafts of published documents."""
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(published=None)


def iteration_of(texts: dict[str, Document]) -> Iteration:
    return next(iter(texts.values())).iteration


def test_the_program_proposes_and_never_twice(cast: Cast, texts: dict[str, Document]) -> None:
    made = propose_links(actor=cast.amina, iteration=iteration_of(texts))
    [link] = made
    assert (link.source.code, link.kind, link.target.code) == ("TR-R2", DEPENDS, "AD-R2")
    assert (link.state, link.words) == (EdgeState.PROPOSED, ["AD-R2", "needs"])
    assert propose_links(actor=cast.amina, iteration=iteration_of(texts)) == []
    decide_link(actor=cast.amina, link=link, state=REJECTED, reason="Only in passing.")
    assert propose_links(actor=cast.amina, iteration=iteration_of(texts)) == []


def test_a_decision_needs_a_reason_and_stays_on_record(cast: Cast, draw: Draw) -> None:
    link = draw("AD-R1", OVERLAPS, "TR-R2")
    with pytest.raises(NoReason):
        decide_link(actor=cast.amina, link=link, state=REJECTED, reason="  ")
    decide_link(actor=cast.amina, link=link, state=REJECTED, reason="Different water.")
    decide_link(actor=cast.amina, link=link, state=ACCEPTED, reason="The same hose.")
    assert [decision.reason for decision in LinkDecision.objects.all()][1:] == ["Different water.", "The same hose."]
    link.refresh_from_db()
    assert (link.state, link.reason) == (ACCEPTED, "The same hose.")


def test_each_writer_speaks_for_the_own_group(cast: Cast, texts: dict[str, Document], draw: Draw) -> None:
    link = draw("AD-R1", DEPENDS, "TR-R1", by=cast.bruno)
    assert (link.source_agrees, link.target_agrees) == (True, False)
    link = decide_link(actor=cast.chen, link=link, state=ACCEPTED, reason="So do we.")
    assert (link.source_agrees, link.target_agrees) == (True, True)
    link = decide_link(actor=cast.bruno, link=link, state=REJECTED, reason="No longer.")
    assert (link.source_agrees, link.target_agrees) == (False, True)
    claimed = [end.chapter.group_id for end in (texts["AD-R1"], texts["TR-R1"])]
    link = decide_link(actor=cast.chen, link=link, state=ACCEPTED, reason="Still.", said_by=claimed)
    assert not link.source_agrees, "nobody speaks for another group but organisers"


def test_an_organiser_decides_without_a_side_or_says_who_agreed(cast: Cast, draw: Draw) -> None:
    neither = draw("AD-R1", SUPPORTS, "TR-R1", by=cast.amina)
    assert (neither.source_agrees, neither.target_agrees) == (False, False)
    both = draw("AD-R1", SUPPORTS, "TR-R1", by=cast.amina, both=True)
    assert (both.pk, both.source_agrees, both.target_agrees) == (neither.pk, True, True)


def test_another_kind_rejects_the_link_and_draws_that_one(cast: Cast, draw: Draw) -> None:
    first = draw("AD-R1", OVERLAPS, "TR-R2", both=True)
    second = decide_link(
        actor=cast.chen, link=first, state=ACCEPTED, kind=DEPENDS, is_turned=True, reason="Ours needs theirs."
    )
    first.refresh_from_db()
    assert (first.state, first.kind) == (REJECTED, OVERLAPS)
    assert (second.source.code, second.kind, second.target.code) == ("TR-R2", DEPENDS, "AD-R1")
    assert (second.source_agrees, second.target_agrees) == (True, False), "who agreed to one claim did not to another"


def test_what_says_the_same_from_either_end_is_one_link(draw: Draw) -> None:
    assert draw("TR-R1", CONFLICTS, "AD-R1").pk == draw("AD-R1", CONFLICTS, "TR-R1").pk
    assert draw("TR-R1", DEPENDS, "AD-R1").pk != draw("AD-R1", DEPENDS, "TR-R1").pk


def test_a_link_joins_two_texts_of_one_iteration(cast: Cast, texts: dict[str, Document], draw: Draw) -> None:
    with pytest.raises(NoSuchLink):
        draw("AD-R1", OVERLAPS, "AD-R1")
    _later, (elsewhere,) = add_round(cast.process, cast.advocacy, "Another round", number=2)
    with pytest.raises(NoSuchLink):
        draw_link(actor=OPERATOR, source=texts["AD-R1"], target=elsewhere, kind=OVERLAPS, reason="They meet.")


def test_deciding_is_for_organisers_and_for_writers_while_a_phase_opens_it(cast: Cast, draw: Draw) -> None:
    link = draw("AD-R1", OVERLAPS, "TR-R2")
    for person in (cast.dalia, cast.farid, AnonymousUser()):
        with pytest.raises(Refused):
            decide_link(actor=person, link=link, state=REJECTED, reason="I say so.")
    open_phase(cast.process, "read")
    assert not may_decide_links(cast.bruno, cast.process)
    assert may_decide_links(cast.amina, cast.process)


def test_a_permit_to_see_a_link_agrees_with_the_links_one_sees(
    cast: Cast, texts: dict[str, Document], draw: Draw
) -> None:
    draw("AD-R1", OVERLAPS, "TR-R2")
    draw("AD-R2", DEPENDS, "TR-R1")
    draw("TR-R1", CONFLICTS, "TR-R2")
    rejected = draw("AD-R3", SUPPORTS, "AD-R1")
    decide_link(actor=cast.amina, link=rejected, state=REJECTED, reason="It does not.")
    hide(texts["TR-R1"])
    seen = {}
    for person in (cast.amina, cast.bruno, cast.chen, cast.dalia, cast.farid, AnonymousUser()):
        visible = set(links_visible_to(person, cast.process).values_list("pk", flat=True))
        links = Link.objects.select_related("iteration__process__body", "source__iteration__process__body")
        for link in links.select_related("target__iteration__process__body", "source__chapter", "target__chapter"):
            assert bool(may_see_link(person, link)) == (link.pk in visible), (str(person), str(link))
        seen[str(person)] = len(visible)
    assert list(seen.values()) == [4, 2, 4, 1, 1, 1]


def test_readers_see_accepted_links_between_published_texts_alone(
    cast: Cast, texts: dict[str, Document], draw: Draw
) -> None:
    draw("AD-R1", OVERLAPS, "TR-R1")
    draw("AD-R1", DEPENDS, "TR-R2")
    draw("AD-R3", SUPPORTS, "AD-R1")
    hide(texts["TR-R1"])
    propose_links(actor=OPERATOR, iteration=iteration_of(texts))
    assert [(row.relation, row.code) for row in links_of(texts["AD-R1"].pk)] == [
        ("depends on", "TR-R2"),
        ("is supported by", "AD-R3"),
    ]
    assert links_of(texts["AD-R2"].pk) == (), "what the machine proposed is not published"
    Iteration.objects.update(is_public=False)
    assert links_of(texts["AD-R1"].pk) == ()


def test_both_groups_are_told_where_their_drafts_overlap(cast: Cast, trees: Group, texts: dict[str, Document]) -> None:
    hide(*texts.values())
    iteration = iteration_of(texts)
    draw_link(actor=OPERATOR, source=texts["TR-R1"], target=texts["AD-R3"], kind=CONFLICTS, reason="Paint on bark.")
    draw_link(actor=OPERATOR, source=texts["AD-R1"], target=texts["AD-R2"], kind=OVERLAPS, reason="Within one group.")
    draw_link(actor=OPERATOR, source=texts["AD-R1"], target=texts["TR-R2"], kind=DEPENDS, reason="No overlap.")
    [ours] = overlaps_with(cast.advocacy, iteration)
    [theirs] = overlaps_with(trees, iteration)
    assert (ours.own_code, ours.code, ours.group_name, ours.is_published) == ("AD-R3", "TR-R1", "Trees", False)
    assert (theirs.own_code, theirs.code, theirs.reason) == ("TR-R1", "AD-R3", "Paint on bark.")


def test_rows_cost_one_query_however_many_there_are(
    cast: Cast, texts: dict[str, Document], draw: Draw, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    iteration = iteration_of(texts)
    for links in ([("AD-R1", "TR-R1")], [("AD-R1", "TR-R2"), ("TR-R1", "AD-R2"), ("AD-R1", "AD-R3")]):
        for source, target in links:
            draw(source, OVERLAPS, target)
        links_of(texts["AD-R1"].pk)
        with django_assert_num_queries(1):
            links_of(texts["AD-R1"].pk)
        with django_assert_num_queries(1):
            overlaps_with(cast.advocacy, iteration)
        with django_assert_num_queries(2):
            link_graph(Document.objects.filter(iteration=iteration), Link.objects.all(), GraphFilter())


def test_the_graph_points_out_circles_conflicts_and_what_one_side_says(texts: dict[str, Document], draw: Draw) -> None:
    draw("AD-R1", DEPENDS, "TR-R1", both=True)
    draw("TR-R1", DEPENDS, "AD-R2", both=True)
    draw("AD-R2", DEPENDS, "AD-R1")
    draw("AD-R3", CONFLICTS, "TR-R2")
    graph = link_graph(Document.objects.all(), Link.objects.all(), GraphFilter())
    [circle] = graph.circles
    assert [text.code for text in circle.way] == ["AD-R1", "TR-R1", "AD-R2", "AD-R1"]
    assert [(link.source.code, link.target.code) for link in graph.conflicts] == [("AD-R3", "TR-R2")]
    assert [link.kind for link in graph.one_sided] == [CONFLICTS], "within one group there are no sides"
    assert sorted(place.text.code for place in graph.order) == sorted(texts)
    assert sum(line.is_in_circle for line in graph.drawing.lines) == 3
    assert [text.code for text in graph.alone] == []


def test_the_graph_narrows_to_a_kind_a_group_or_a_document(texts: dict[str, Document], draw: Draw) -> None:
    draw("AD-R1", DEPENDS, "TR-R1")
    draw("AD-R2", OVERLAPS, "AD-R3")
    draw("TR-R1", SUPPORTS, "TR-R2")

    def shown(**wanted: object) -> list[str]:
        graph = link_graph(Document.objects.all(), Link.objects.all(), GraphFilter(**wanted))  # type: ignore[arg-type] # each its own
        return sorted({node.text.code for node in graph.drawing.nodes})

    assert shown(kind="overlaps") == ["AD-R2", "AD-R3"]
    assert shown(group="TR") == ["AD-R1", "TR-R1", "TR-R2"]
    assert shown(document=texts["AD-R1"].pk) == ["AD-R1", "TR-R1"]
    assert shown(document=texts["TR-R1"].pk) == ["AD-R1", "TR-R1", "TR-R2"]
