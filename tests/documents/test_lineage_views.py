"""The lineage bench: the machine's proposals with their words, a person's decisions with their reasons."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import decide_edge, draw_edge, propose_edges
from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, EdgeState, LineageDecision, LineageEdge, LineageKind, PassageKind
from harken.people.actions import add_member, create_group
from harken.people.models import Role
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, open_phase, text_of

ROOT = "/processes/open-garden/lineage/"
BENCH = f"{ROOT}decide/"
FIRST = ("Water the beds by hand", "Share the tools of the street", "Paint every fence yellow")
SECOND = ("Water the beds by hand", "Share the garden tools of the whole street", "Plant walnut trees for children")


@pytest.fixture
def edges(cast: Cast) -> dict[str, LineageEdge]:
    """The proposals between two rounds, by their kinds: kept, revised, dropped, new."""
    earlier, _documents = add_round(cast.process, cast.advocacy, *FIRST, number=1)
    later, _documents = add_round(cast.process, cast.advocacy, *SECOND, number=2)
    return {edge.kind: edge for edge in propose_edges(actor=OPERATOR, earlier=earlier, later=later)}


def test_the_surest_proposal_comes_first_with_both_texts_and_the_words_behind_it(
    amina: Client, edges: dict[str, LineageEdge]
) -> None:
    page = text_of(amina, BENCH)
    places = [page.index(f'id="edge-{edges[kind].pk}"') for kind in ("kept", "revised")]
    assert places == sorted(places)
    assert max(places) < min(page.index(f'id="edge-{edges[kind].pk}"') for kind in ("new", "dropped"))
    assert "the same words" in page
    assert f"{edges['revised'].score:.2f}" in page
    assert "<mark>tools</mark>" in page
    assert "Paint every fence yellow" in page
    assert "Nothing later is like it." in page
    assert "Nothing earlier is like it." in page


def test_counts_lead_to_what_they_count(amina: Client, cast: Cast, edges: dict[str, LineageEdge]) -> None:
    decide_edge(actor=cast.amina, edge=edges["kept"], state=EdgeState.ACCEPTED, reason="Word for word.")
    page = text_of(amina, BENCH)
    assert '<a href="?state=proposed" aria-current="page">To decide <span class="figures">3</span>' in page
    assert '<a href="?state=accepted">Accepted <span class="figures">1</span>' in page
    page = text_of(amina, f"{BENCH}?state=accepted")
    assert "Word for word." in page
    assert f'id="edge-{edges["kept"].pk}"' in page
    assert f'id="edge-{edges["revised"].pk}"' not in page
    assert "Nothing has been rejected." in text_of(amina, f"{BENCH}?state=rejected")


def test_a_proposal_is_accepted_with_a_kind_and_a_reason(
    amina: Client, cast: Cast, edges: dict[str, LineageEdge]
) -> None:
    place = f"{ROOT}{edges['revised'].pk}/"
    fields = {"state": "accepted", "kind": "merged", "reason": "Two became one.", "list_state": "proposed"}
    following = edges["new"].pk
    response = amina.post(place, fields | {"list_page": "1", "following": str(following)})
    assert response.headers["Location"] == f"{BENCH}?state=proposed&page=1#edge-{following}"
    edge = LineageEdge.objects.get(pk=edges["revised"].pk)
    assert (edge.state, edge.kind, edge.reason) == (EdgeState.ACCEPTED, LineageKind.MERGED, "Two became one.")
    decision = LineageDecision.objects.get()
    assert decision.by == cast.amina


def test_deciding_again_shows_the_former_decision_too(amina: Client, edges: dict[str, LineageEdge]) -> None:
    place = f"{ROOT}{edges['revised'].pk}/"
    amina.post(place, {"state": "accepted", "kind": "revised", "reason": "More exact."})
    amina.post(place, {"state": "rejected", "kind": "revised", "reason": "It is another thought."})
    page = text_of(amina, f"{BENCH}?state=rejected")
    assert page.index("It is another thought.") < page.index("More exact.")


def test_with_htmx_the_row_comes_back_alone(amina: Client, edges: dict[str, LineageEdge]) -> None:
    place = f"{ROOT}{edges['revised'].pk}/"
    fields = {"state": "rejected", "kind": "revised", "reason": "A coincidence."}
    response = amina.post(place, fields, headers={"HX-Request": "true"})
    row = response.content.decode()
    assert response.status_code == 200
    assert row.strip().startswith(f'<li class="edge rejected" id="edge-{edges["revised"].pk}"')
    assert "A coincidence." in row
    assert "<html" not in row


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_decision_without_a_reason_comes_back_with_what_was_chosen(
    amina: Client, edges: dict[str, LineageEdge], headers: dict[str, str]
) -> None:
    fields = {"state": "accepted", "kind": "split", "reason": "  "}
    response = amina.post(f"{ROOT}{edges['revised'].pk}/", fields, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say why, in a few words: readers will see it." in page
    assert '<option value="split" selected>' in page
    assert ("<html" in page) != bool(headers)
    assert not LineageDecision.objects.exists()


def test_what_may_be_said_depends_on_the_ends(amina: Client, edges: dict[str, LineageEdge]) -> None:
    fields = {"state": "accepted", "reason": "So it is."}
    for kind, said in (("dropped", "revised"), ("new", "dropped"), ("revised", "new")):
        assert amina.post(f"{ROOT}{edges[kind].pk}/", fields | {"kind": said}).status_code == 422
    assert amina.post(f"{ROOT}{edges['dropped'].pk}/", fields | {"kind": "dropped"}).status_code == 302


def test_an_edge_is_drawn_by_hand(amina: Client, cast: Cast, edges: dict[str, LineageEdge]) -> None:
    ends = {"earlier": "iteration-1/AD-R3", "later": "iteration-2/ad-r2"}
    response = amina.post(f"{ROOT}draw/", {**ends, "kind": "merged", "reason": "Yellow is a tool."})
    assert response.headers["Location"] == BENCH
    edge = LineageEdge.objects.get(kind=LineageKind.MERGED)
    assert (edge.state, edge.score) == (EdgeState.ACCEPTED, None)
    page = text_of(amina, f"{BENCH}?state=accepted")
    assert "drawn by hand" in page
    assert "Yellow is a tool." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"earlier": "iteration-1/AD-R9"}, "There is no iteration-1/AD-R9 here."),
        ({"later": "somewhere"}, "There is no somewhere here."),
        ({"earlier": "iteration-2/AD-R1", "later": "iteration-1/AD-R1"}, "from an earlier iteration to a later one"),
        ({"earlier": "", "kind": "merged"}, "What is new has nothing before it"),
        ({"earlier": "", "later": ""}, "Choose documents of this process."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_an_edge_that_cannot_be_drawn_says_why_and_keeps_what_was_typed(
    amina: Client, edges: dict[str, LineageEdge], changes: dict[str, str], words: str
) -> None:
    before = LineageEdge.objects.count()
    ends = {"earlier": "iteration-1/AD-R3", "later": "iteration-2/AD-R2"}
    response = amina.post(f"{ROOT}draw/", {**ends, "kind": "split", "reason": "Typed with care", **changes})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Typed with care" in page or "reason" in changes
    assert LineageEdge.objects.count() == before


def test_a_dropped_text_leads_to_the_form_that_connects_it(amina: Client, edges: dict[str, LineageEdge]) -> None:
    assert "?earlier=iteration-1/AD-R3#draw" in text_of(amina, BENCH)
    assert 'value="iteration-1/AD-R3"' in text_of(amina, f"{BENCH}?earlier=iteration-1/AD-R3")


def test_codes_and_former_reasons_are_offered(amina: Client, cast: Cast, edges: dict[str, LineageEdge]) -> None:
    decide_edge(actor=cast.amina, edge=edges["kept"], state=EdgeState.ACCEPTED, reason="Word for word.")
    page = text_of(amina, BENCH)
    assert '<option value="iteration-2/AD-R2">Share the garden tools of the whole street</option>' in page
    assert '<option value="Word for word."></option>' in page


def test_the_bench_is_for_organisers_and_for_writers_while_a_phase_opens_it(
    client: Client, cast: Cast, edges: dict[str, LineageEdge]
) -> None:
    assert client.get(BENCH).headers["Location"].startswith("/account/login/")
    decision = {"state": "accepted", "kind": "revised", "reason": "I say so."}
    for person in (cast.dalia, cast.farid):
        client.force_login(person)
        assert "Only organisers and writers of Open Garden can do this." in text_of(client, BENCH, status=403)
        assert client.post(f"{ROOT}{edges['revised'].pk}/", decision).status_code == 403
        assert client.post(f"{ROOT}propose/").status_code == 403
        assert client.post(f"{ROOT}draw/", {}).status_code == 403
    client.force_login(cast.bruno)
    open_phase(cast.process, "read")
    assert "No phase of this process opens this now." in text_of(client, BENCH, status=403)
    open_phase(cast.process, "connect")
    page = text_of(client, BENCH)
    assert 'href="/processes/open-garden/settings/"' not in page, "what a writer may not do is not offered"
    assert client.post(f"{ROOT}{edges['revised'].pk}/", decision).status_code == 302


def test_an_unpublished_iteration_stays_unseen_by_writers_of_other_groups(
    client: Client, cast: Cast, edges: dict[str, LineageEdge]
) -> None:
    Iteration.objects.filter(number=2).update(is_public=False)
    trees = create_group(actor=OPERATOR, name="Trees", code="TR", parent=cast.process.body)
    add_member(actor=OPERATOR, group=trees, user=cast.farid, role=Role.WRITER, starts_on=timezone.localdate())
    client.force_login(cast.farid)
    page = text_of(client, BENCH)
    assert "Plant walnut trees" not in page
    assert 'To decide <span class="figures">1</span>' in page
    decision = {"state": "accepted", "kind": "revised", "reason": "I say so."}
    assert client.post(f"{ROOT}{edges['revised'].pk}/", decision).status_code == 404
    fields = {"later": "iteration-2/AD-R3", "kind": "new", "reason": "New."}
    assert "There is no iteration-2/AD-R3 here." in client.post(f"{ROOT}draw/", fields).content.decode()


def test_proposing_anew_is_a_job_one_can_watch(amina: Client, cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, *FIRST, number=1)
    add_round(cast.process, cast.advocacy, *SECOND, number=2)
    watched = amina.post(f"{ROOT}propose/").headers["Location"]
    response = amina.get(watched)
    page = response.content.decode()
    assert response.headers["Refresh"] == "3"
    assert "Comparing iterations" in page
    assert "The work waits for its turn." in page
    assert not LineageEdge.objects.exists(), "the worker does it, not the page"
    assert amina.get("/jobs/nobody:signed:this/").status_code == 404


def test_a_bench_without_anything_says_what_will_be_here(amina: Client, cast: Cast) -> None:
    assert "Proposals come with the second." in text_of(amina, BENCH)
    add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1")
    add_iteration(actor=OPERATOR, process=cast.process, number=2, title="Iteration 2")
    assert "Nothing is proposed yet." in text_of(amina, BENCH)


def test_long_texts_are_cut_and_lead_to_the_whole(amina: Client, cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Short", number=1)
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=2, title="Iteration 2")
    chapter = Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
    texts = [f"Paragraph {number} " + "of many words " * 30 for number in range(9)]
    paragraphs = [DraftPassage(PassageKind.PARAGRAPH, text) for text in texts]
    draft = DraftDocument("AD-R1", (DraftPassage(PassageKind.TITLE, "Long"), *paragraphs), 1, "en")
    [document] = create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft])
    draw_edge(
        actor=OPERATOR, process=cast.process, earlier=None, later=document, kind=LineageKind.NEW, reason="It is new."
    )
    page = text_of(amina, f"{BENCH}?state=accepted")
    assert "Paragraph 1" in page
    assert "Paragraph 8" not in page
    assert "Read on" in page


def test_the_bench_takes_the_same_queries_with_one_row_and_with_many(
    amina: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    earlier, _documents = add_round(cast.process, cast.advocacy, *FIRST[:1], number=1)
    later, _documents = add_round(cast.process, cast.advocacy, *SECOND[:1], number=2)
    [edge] = propose_edges(actor=OPERATOR, earlier=earlier, later=later)
    decide_edge(actor=cast.amina, edge=edge, state=EdgeState.REJECTED, reason="No.")
    amina.get(BENCH)
    with django_assert_num_queries(18):
        amina.get(f"{BENCH}?state=rejected")
    for number, title in enumerate(("Mulch", "Hoe", "Rake"), start=7):
        chapter = Chapter.objects.get(iteration=later)
        [document] = create_documents(
            actor=OPERATOR,
            chapter=chapter,
            drafts=[DraftDocument(f"AD-R{number}", (DraftPassage(PassageKind.TITLE, title),), number, "en")],
        )
        drawn = draw_edge(
            actor=OPERATOR, process=cast.process, earlier=None, later=document, kind=LineageKind.NEW, reason="New."
        )
        decide_edge(actor=cast.amina, edge=drawn, state=EdgeState.REJECTED, reason="Not at all.")
    assert Document.objects.count() == 5
    with django_assert_num_queries(18):
        amina.get(f"{BENCH}?state=rejected")
