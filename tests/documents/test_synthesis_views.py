"""The synthesis bench, the origin table and its import in a browser without JavaScript."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import draw_edge, propose_edges
from harken.documents.actions.passage_lineage import carry_passage, reword_passage
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, EdgeState, LineageEdge, LineageKind, PassageEdge, Template
from harken.documents.queries.texts import load_passages
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration
from tests.cast import Cast, draft, open_phase, text_of

ROOT = "/processes/open-garden/"
BENCH = f"{ROOT}iteration-2/AD-R1/synthesis/"
ORIGINS = f"{ROOT}iteration-2/origins/"


@pytest.fixture
def beds(cast: Cast) -> list[Document]:
    """Three drafts of the first iteration; a private text of the second that the first of them led to."""
    made: list[Document] = []
    for number in (1, 2):
        iteration = add_iteration(actor=OPERATOR, process=cast.process, number=number, title=f"Iteration {number}")
        chapter = Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
        texts = [("Water by hand", "Cans stand at every bed."), ("Share tools", "One shed."), ("Paint", "Yellow.")]
        drafts = [draft(f"AD-R{place}", *text[:1], place, *text[1:]) for place, text in enumerate(texts, 1)]
        if number == 2:
            drafts = [draft("AD-R1", "Tend the beds", 1, "A garden is shared work.")]
        made += create_documents(actor=OPERATOR, chapter=chapter, drafts=drafts, publish=number == 1)
    draw_edge(
        actor=OPERATOR,
        process=cast.process,
        earlier=made[0],
        later=made[3],
        kind=LineageKind.REVISED,
        reason="Watering is tending.",
    )
    return made


def ids(document: Document) -> dict[str, str]:
    document.refresh_from_db()
    return {passage.text: passage.public_id for passage in load_passages(document.current)}


@pytest.fixture
def bruno(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bruno)
    return client


def count_in(page: str) -> str:
    found = re.search(r'<p class="counted">(.*?)</p>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


def test_the_bench_shows_the_ancestors_and_counts_what_is_missing(bruno: Client, beds: list[Document]) -> None:
    page = text_of(bruno, BENCH)
    assert "Cans stand at every bed." in page
    assert "One shed." not in page
    assert count_in(page) == "0 of 2 source passages represented; 2 not yet"
    page = text_of(bruno, f"{BENCH}?with=iteration-1/AD-R2&with=iteration-1/nothing")
    assert "One shed." in page
    assert count_in(page) == "0 of 4 source passages represented; 4 not yet"


def test_a_passage_is_carried_across_by_the_form_alone(bruno: Client, beds: list[Document]) -> None:
    source, own = ids(beds[0])["Cans stand at every bed."], ids(beds[3])["Tend the beds"]
    fields = {"passage": [source], "place": f"p:{own}", "reason": "It is the point.", "carry_as": "own", "base": "1"}
    response = bruno.post(f"{BENCH}carry/?with=iteration-1/AD-R2", fields)
    new = ids(beds[3])["Cans stand at every bed."]
    assert response.headers["Location"] == f"{BENCH}?with=iteration-1/AD-R2#t-{new}"
    page = text_of(bruno, BENCH)
    assert "1 passage carried across." in page
    assert count_in(page) == "1 of 2 source passages represented; 1 not yet"
    assert 'kept: <q dir="auto">It is the point.</q>' in page
    missing = text_of(bruno, f"{BENCH}?show=not-yet")
    assert f'id="s-{source}"' not in missing
    assert f'id="s-{ids(beds[0])["Water by hand"]}"' in missing


def test_a_refusal_keeps_what_was_chosen_and_typed(bruno: Client, beds: list[Document]) -> None:
    source = ids(beds[0])["Cans stand at every bed."]
    response = bruno.post(f"{BENCH}carry/", {"passage": [source], "place": "s:", "reason": " ", "base": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say why, in a few words" in page
    assert re.search(rf'value="{source}"[^>]* checked', page)
    response = bruno.post(f"{BENCH}carry/", {"reason": "So.", "base": "1"})
    assert (response.status_code, "Choose passages of the drafts first." in response.content.decode()) == (422, True)
    response = bruno.post(f"{BENCH}carry/", {"passage": [source], "place": "p:gone", "reason": "So <b>.", "base": "1"})
    assert response.status_code == 422
    assert 'value="So &lt;b&gt;."' in response.content.decode()
    for base in ("", "77", "many"):
        assert bruno.post(f"{BENCH}carry/", {"passage": [source], "reason": "So.", "base": base}).status_code == 422


def test_somebody_else_changed_the_passage_first(bruno: Client, cast: Cast, beds: list[Document]) -> None:
    source, own = ids(beds[0])["Cans stand at every bed."], ids(beds[3])["A garden is shared work."]
    reword_passage(actor=cast.amina, document=beds[3], passage=own, text="A garden is work for all.")
    fields = {"passage": [source], "place": f"p:{own}", "reason": "So.", "carry_as": "into", "base": "1"}
    response = bruno.post(f"{BENCH}carry/", fields)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody else changed that passage meanwhile." in page
    assert "A garden is work for all." in page
    assert 'name="base" value="2"' in page
    assert bruno.post(f"{BENCH}carry/", {**fields, "base": "2"}).status_code == 302


def test_leaving_out_taking_back_and_rewording(bruno: Client, beds: list[Document]) -> None:
    source = ids(beds[0])["Cans stand at every bed."]
    fields = {"passage": [source], "reason": "They rust.", "base": "1"}
    assert bruno.post(f"{BENCH}drop/", fields).status_code == 302
    page = text_of(bruno, BENCH)
    assert count_in(page) == "0 of 2 source passages represented; 1 left out; 1 not yet"
    assert '<q dir="auto">They rust.</q>' in page
    edge = PassageEdge.objects.get()
    assert bruno.post(f"{BENCH}withdraw/", {"edge": edge.pk}).status_code == 302
    assert count_in(text_of(bruno, BENCH)) == "0 of 2 source passages represented; 2 not yet"
    assert bruno.post(f"{BENCH}withdraw/", {"edge": edge.pk}).status_code == 422
    own = ids(beds[3])["A garden is shared work."]
    assert '<textarea id="words"' in text_of(bruno, f"{BENCH}?edit={own}")
    response = bruno.post(f"{BENCH}words/", {"passage": own, "text": "A garden is work we share.", "base": "1"})
    assert response.status_code == 302
    assert ids(beds[3])["A garden is work we share."] == own
    response = bruno.post(f"{BENCH}words/", {"passage": own, "text": " ", "base": "2"})
    assert (response.status_code, 'id="words"' in response.content.decode()) == (422, True)


def test_another_draft_is_found_by_code_or_title_among_those_one_may_see(
    bruno: Client, cast: Cast, beds: list[Document]
) -> None:
    chapter = Chapter.objects.create(
        iteration=Iteration.objects.get(number=1), group=cast.process.body, position=3, lang="en"
    )
    create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("CO-R1", "Share secrets")], publish=False)
    for words in ("AD R2", "ad-r2", "share"):
        page = text_of(bruno, f"{BENCH}?find={words}")
        assert "with=iteration-1/AD-R2" in page
        assert "Share secrets" not in page
    assert "No earlier draft that you may see" in text_of(bruno, f"{BENCH}?find=walrus")
    assert "Share secrets" not in text_of(bruno, f"{BENCH}?with=iteration-1/CO-R1")


def test_the_bench_is_for_who_may_edit_the_text(client: Client, cast: Cast, beds: list[Document]) -> None:
    assert client.get(BENCH).status_code == 302
    client.force_login(cast.farid)
    assert client.get(BENCH).status_code == 404
    Document.objects.filter(pk=beds[3].pk).update(published=beds[3].current)
    assert client.get(BENCH).status_code == 403
    open_phase(cast.process, "read")
    client.force_login(cast.bruno)
    assert client.get(BENCH).status_code == 403
    for name in ("carry", "drop", "withdraw", "words"):
        assert client.post(f"{BENCH}{name}/", {}).status_code == 403
    open_phase(cast.process, "draft")
    assert client.get(BENCH).status_code == 200


def test_the_bench_takes_the_same_queries_with_one_source_and_with_three(
    bruno: Client, cast: Cast, beds: list[Document], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bruno.get(BENCH)
    with django_assert_num_queries(16):
        bruno.get(BENCH)
    for source in beds[:3]:
        carry_passage(
            actor=cast.bruno, document=beds[3], passages=list(ids(source).values()), reason="All of it belongs here."
        )
    with django_assert_num_queries(16):
        assert count_in(text_of(bruno, BENCH)) == "6 of 6 source passages represented; none is missing"


def test_an_empty_bench_says_what_to_do(bruno: Client, beds: list[Document]) -> None:
    LineageEdge.objects.update(state=EdgeState.REJECTED)
    assert "No draft lies beside this text yet." in text_of(bruno, BENCH)


def test_what_a_machine_proposed_is_offered_and_not_taken_for_granted(bruno: Client, beds: list[Document]) -> None:
    LineageEdge.objects.update(state=EdgeState.PROPOSED)
    page = text_of(bruno, BENCH)
    assert "Perhaps also" in page
    assert "with=iteration-1/AD-R1" in page


def test_everybody_reads_the_table_and_only_of_what_they_see(client: Client, cast: Cast, beds: list[Document]) -> None:
    page = text_of(client, ORIGINS)
    assert "Tend the beds" not in page
    assert "Paint" in page
    assert "Say why" not in page
    Document.objects.filter(pk=beds[3].pk).update(published=beds[3].current)
    page = text_of(client, ORIGINS)
    assert '<q dir="auto">Watering is tending.</q>' in page
    assert "2 drafts led nowhere" in page
    file = client.get(f"{ROOT}iteration-2/origins.csv")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="open-garden-iteration-2-origins.csv"'
    rows = file.content.decode("utf-8-sig").split("\r\n")
    assert rows[0].startswith('"document","document_title","draft_iteration","draft"')
    row = '"AD-R1","Tend the beds","iteration-1","AD-R1","Water by hand","revised","accepted","Watering is tending."'
    assert rows[1] == row
    Iteration.objects.filter(number=2).update(is_public=False)
    for address in (ORIGINS, f"{ROOT}iteration-2/origins.csv"):
        assert client.get(address).status_code == 404
    client.force_login(cast.bruno)
    assert "Tend the beds" in text_of(client, ORIGINS)


def test_why_nothing_came_of_a_draft_is_said_on_the_table(amina: Client, beds: list[Document]) -> None:
    response = amina.post(f"{ORIGINS}drop/", {"draft": "iteration-1/AD-R3", "reason": " "})
    assert response.status_code == 422
    assert amina.post(f"{ORIGINS}drop/", {"draft": "iteration-1/AD-R9", "reason": "So."}).status_code == 404
    assert amina.post(f"{ORIGINS}drop/", {"draft": "iteration-1/AD-R3", "reason": "Nobody painted."}).status_code == 302
    page = text_of(amina, ORIGINS)
    assert '<q dir="auto">Nobody painted.</q>' in page
    assert "why is not said of 1" in page


def test_a_table_is_shown_before_it_is_written(amina: Client, beds: list[Document]) -> None:
    fields = {"text": "AD R2, R3, R77 → Tend the beds\n", "reason": "Of one evening."}
    page = amina.post(f"{ORIGINS}import/", fields).content.decode()
    assert "Line 1: No earlier draft has the code AD-R77." in " ".join(page.split())
    assert "Draw 2 edges" in page
    assert LineageEdge.objects.count() == 1
    assert amina.post(f"{ORIGINS}import/", {**fields, "confirm": "yes"}).headers["Location"] == ORIGINS
    assert LineageEdge.objects.filter(state=EdgeState.ACCEPTED).count() == 3
    file = SimpleUploadedFile("origins.csv", amina.get(f"{ROOT}iteration-2/origins.csv").content)
    page = amina.post(f"{ORIGINS}import/", {"file": file}).content.decode()
    assert "nothing changes" in page
    for wrong in ({}, {"text": "no table"}, {"file": SimpleUploadedFile("a.csv", b"\x00\x01")}):
        assert amina.post(f"{ORIGINS}import/", wrong).status_code == 422
    assert text_of(amina, f"{ORIGINS}import/").count("<h1>") == 1


def test_the_import_is_for_who_may_connect_texts(client: Client, cast: Cast, beds: list[Document]) -> None:
    client.force_login(cast.dalia)
    assert client.get(f"{ORIGINS}import/").status_code == 403
    assert client.post(f"{ORIGINS}drop/", {"draft": "iteration-1/AD-R3", "reason": "So."}).status_code == 403


def test_a_text_is_begun_from_three_drafts_and_leads_to_its_bench(bruno: Client, beds: list[Document]) -> None:
    page = text_of(bruno, f"{ORIGINS}begin/?from=iteration-1/AD-R2")
    assert re.search(r'value="iteration-1/AD-R2" checked', page)
    assert 'value="AD-R2"' in page, "the next free code is offered"
    fields = {
        "how": "merge",
        "sources": ["iteration-1/AD-R1", "iteration-1/AD-R2", "iteration-1/AD-R3"],
        "group": "AD",
        "code": "AD-R2",
        "title": "One garden",
        "reason": "They are one.",
        "carry": "on",
    }
    assert bruno.post(f"{ORIGINS}begin/", fields).headers["Location"] == f"{ROOT}iteration-2/AD-R2/synthesis/"
    page = text_of(bruno, f"{ROOT}iteration-2/AD-R2/synthesis/")
    assert count_in(page) == "6 of 6 source passages represented; none is missing"
    response = bruno.post(f"{ORIGINS}begin/", fields)
    assert (response.status_code, "AD-R2: used already" in response.content.decode()) == (422, True)


def test_a_draft_is_carried_on_or_split(bruno: Client, beds: list[Document]) -> None:
    common = {"sources": ["iteration-1/AD-R2"], "group": "AD", "reason": "It is ready."}
    assert bruno.post(f"{ORIGINS}begin/", {**common, "how": "derive", "code": "AD-R5"}).status_code == 302
    assert Document.objects.get(iteration__number=2, code="AD-R5").title == "Share tools"
    parts = "AD-R6 Half of it\nAD-R7 The other half"
    assert bruno.post(f"{ORIGINS}begin/", {**common, "how": "split", "parts": parts}).status_code == 302
    edges = LineageEdge.objects.filter(earlier=beds[1])
    assert sorted((edge.later.code, edge.kind) for edge in edges if edge.later) == [
        ("AD-R5", "kept"),
        ("AD-R6", "split"),
        ("AD-R7", "split"),
    ]
    for wrong in (
        {"how": "merge", "code": "AD-R8", "title": "Alone"},
        {"how": "merge", "code": "", "title": "No code"},
        {"how": "derive", "code": "AD/R8"},
        {"how": "split", "parts": "AD-R8"},
        {"how": "split", "parts": "AD-R8 One alone"},
        {"how": "derive", "code": "AD-R8", "group": "CO"},
    ):
        assert bruno.post(f"{ORIGINS}begin/", {**common, **wrong}).status_code == 422, wrong
    assert not Document.objects.filter(code="AD-R8").exists()


def test_who_writes_for_no_group_begins_nothing(client: Client, cast: Cast, beds: list[Document]) -> None:
    client.force_login(cast.dalia)
    assert "You can write for no group" in text_of(client, f"{ORIGINS}begin/")
    assert client.post(f"{ORIGINS}begin/", {"how": "derive"}).status_code == 422


def test_passages_arrive_under_the_sections_of_a_template(bruno: Client, cast: Cast, beds: list[Document]) -> None:
    section = {"titles": {"en": "Why"}, "guidance": {}, "budget": None, "depths": ["core"], "required": False}
    sections = [{"key": "what", **section, "titles": {"en": "What"}}, {"key": "why", **section}]
    template = Template.objects.create(
        process=cast.process, slug="own", kind="recommendation", names={"en": "Own"}, sections_json=sections
    )
    Document.objects.filter(pk=beds[3].pk).update(template=template)
    page = text_of(bruno, BENCH)
    assert "at the beginning of this section" in page
    source = ids(beds[0])["Cans stand at every bed."]
    fields = {"passage": [source], "place": "s:why", "reason": "So.", "carry_as": "own", "base": "1"}
    assert bruno.post(f"{BENCH}carry/", fields).status_code == 302
    beds[3].refresh_from_db()
    assert [(one.section, one.text) for one in load_passages(beds[3].current)] == [
        ("", "Tend the beds"),
        ("why", "Cans stand at every bed."),
        ("", "A garden is shared work."),
    ]


def test_the_map_and_its_table_say_why_three_drafts_became_one(amina: Client, cast: Cast, beds: list[Document]) -> None:
    for source in beds[1:3]:
        draw_edge(
            actor=OPERATOR,
            process=cast.process,
            earlier=source,
            later=beds[3],
            kind=LineageKind.MERGED,
            reason=f"{source.title} belongs to it.",
        )
    page = text_of(amina, f"{ROOT}iteration-2/AD-R1/lineage/")
    for reason in ("Watering is tending.", "Share tools belongs to it.", "Paint belongs to it."):
        assert page.count(reason) == 2, "on the ribbon, and in the table"


def test_proposals_stand_in_the_table_as_proposals(client: Client, cast: Cast, beds: list[Document]) -> None:
    Document.objects.filter(pk=beds[3].pk).update(published=beds[3].current)
    chapter = Chapter.objects.get(iteration__number=2)
    create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R2", "Share the tools", 2, "One shed.")])
    first, second = Iteration.objects.filter(process=cast.process).select_related("process__body").order_by("number")
    propose_edges(actor=OPERATOR, earlier=first, later=second)
    assert "proposed, not decided yet" in text_of(client, ORIGINS)
