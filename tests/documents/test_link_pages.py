"""The page of links and its bench: for readers in words and lines, for writers with keys or without."""

import re

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.__main__ import cli
from harken.base.permits import OPERATOR
from harken.documents.actions.links import decide_link, draw_link, propose_links
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, EdgeState, Link, LinkDecision, LinkKind
from harken.documents.tasks import propose_links_of
from harken.people.actions import add_member, create_group
from harken.people.models import Role
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, draft, open_phase, text_of

LINKS = "/processes/open-garden/iteration-1/links/"
BENCH = f"{LINKS}decide/"


@pytest.fixture
def texts(cast: Cast) -> dict[str, Document]:
    """Two groups' texts in one round; in the second group Chen writes."""
    trees = create_group(actor=OPERATOR, name="Trees", code="TR", parent=cast.process.body)
    add_member(actor=OPERATOR, group=trees, user=cast.chen, role=Role.WRITER, starts_on=timezone.localdate())
    iteration, documents = add_round(cast.process, cast.advocacy, "Water the beds", "Share the tools", "Paint fences")
    chapter = Chapter.objects.create(iteration=iteration, group=trees, position=1, lang="en")
    documents += create_documents(
        actor=OPERATOR,
        chapter=chapter,
        drafts=[draft("TR-R1", "Plant walnut trees"), draft("TR-R2", "Water the trees", 2, "This depends on AD-R2.")],
    )
    whole = Iteration.objects.select_related("process__body").get(pk=iteration.pk)
    for document in documents:
        document.iteration = document.chapter.iteration = whole
    return {document.code: document for document in documents}


def draw(texts: dict[str, Document], source: str, kind: LinkKind, target: str, reason: str = "It is so.") -> Link:
    return draw_link(actor=OPERATOR, source=texts[source], target=texts[target], kind=kind, reason=reason)


def propose(texts: dict[str, Document]) -> Link:
    """The one link the program finds: TR-R2 names AD-R2."""
    [link] = propose_links(actor=OPERATOR, iteration=texts["AD-R1"].iteration)
    return link


def test_a_page_without_links_says_what_will_be_here(client: Client, texts: dict[str, Document]) -> None:
    page = text_of(client, LINKS)
    assert "Nobody has said yet how these texts hang together." in page
    assert "<svg viewBox" not in page.partition("<main")[2]


def test_readers_see_every_link_drawn_and_in_words(client: Client, texts: dict[str, Document]) -> None:
    draw(texts, "AD-R1", LinkKind.DEPENDS_ON, "TR-R1", "No shade, no beds.")
    draw(texts, "AD-R2", LinkKind.CONFLICTS_WITH, "TR-R2", "One ladder.")
    page = text_of(client, LINKS)
    assert page.count('<g class="link depends_on accepted"') == 1
    assert page.count('<g class="link conflicts_with accepted"') == 1
    assert page.count('class="cross"') == 2, "in the drawing and in its key"
    assert "No shade, no beds." in page
    assert "Conflicts nobody has settled yet" in page
    assert "Neither <bdi>Advocacy</bdi> nor <bdi>Trees</bdi> has said so itself." in page
    assert "first, because 1 other text depends on it" not in page, "AD-R2 stands before TR-R1"
    assert "1 other text depends on it" in page
    assert 'style="' not in page


def test_counts_lead_to_what_they_count(client: Client, texts: dict[str, Document]) -> None:
    draw(texts, "AD-R1", LinkKind.DEPENDS_ON, "TR-R1")
    draw(texts, "AD-R2", LinkKind.OVERLAPS, "TR-R2")
    page = text_of(client, LINKS)
    assert f'href="{LINKS}?kind=overlaps"' in page
    assert re.search(r"overlaps <span class=\"figures\">1</span>", page)
    narrowed = text_of(client, f"{LINKS}?kind=overlaps")
    assert '<g class="link overlaps accepted"' in narrowed
    assert '<g class="link depends_on accepted"' not in narrowed
    for anchor in re.findall(r'href="#([a-z-]+)"', page):
        assert f'id="{anchor}"' in page


def test_one_document_is_shown_with_its_neighbours(client: Client, texts: dict[str, Document]) -> None:
    draw(texts, "AD-R1", LinkKind.DEPENDS_ON, "TR-R1")
    draw(texts, "AD-R2", LinkKind.OVERLAPS, "AD-R3")
    page = text_of(client, f"{LINKS}?document=AD-R1")
    assert page.count("data-node=") == 2
    assert 'aria-current="true"' in page
    assert client.get(f"{LINKS}?document=AD-R9").status_code == 404
    assert text_of(client, f"{LINKS}?kind=nonsense&group=XX&proposed=x")


def test_proposals_are_for_those_who_decide(client: Client, cast: Cast, texts: dict[str, Document]) -> None:
    propose(texts)
    for address in (LINKS, f"{LINKS}?proposed=1"):
        assert "link depends_on proposed" not in text_of(client, address)
    client.force_login(cast.bruno)
    assert "with 1 proposal nobody has decided" in text_of(client, LINKS)
    page = text_of(client, f"{LINKS}?proposed=1")
    assert '<g class="link depends_on proposed"' in page
    assert "not yet, proposed by the program" in page


def test_a_private_draft_does_not_leak_through_its_links(
    client: Client, cast: Cast, texts: dict[str, Document]
) -> None:
    draw(texts, "AD-R1", LinkKind.CONFLICTS_WITH, "TR-R1", "Roots in the beds.")
    draw(texts, "AD-R2", LinkKind.DEPENDS_ON, "TR-R1", "Walnut handles.")
    Document.objects.filter(code="TR-R1").update(published=None)
    secrets = ("TR-R1", "Plant walnut trees", "Roots in the beds.", "Walnut handles.")
    for person in (None, cast.farid, cast.dalia, cast.bruno):
        client.logout()
        if person:
            client.force_login(person)
        for address in (LINKS, f"{LINKS}?proposed=1", f"{LINKS}?document=AD-R1", f"{LINKS}?group=TR"):
            page = text_of(client, address)
            assert not any(secret in page for secret in secrets), (person, address)
        assert client.get(f"{LINKS}?document=TR-R1").status_code == 404
    link = Link.objects.get(kind=LinkKind.CONFLICTS_WITH)
    decision = {"state": "rejected", "choice": "conflicts_with", "reason": "No."}
    assert client.post(f"{LINKS}{link.pk}/", decision).status_code == 404
    assert not any(secret in text_of(client, f"{BENCH}?state=accepted") for secret in secrets)
    client.force_login(cast.chen)
    assert "Roots in the beds." in text_of(client, LINKS)


def test_the_bench_shows_both_texts_and_the_words_behind_a_proposal(
    client: Client, cast: Cast, texts: dict[str, Document]
) -> None:
    link = propose(texts)
    client.force_login(cast.bruno)
    page = text_of(client, BENCH)
    assert f'id="edge-{link.pk}"' in page
    assert "one text names the other" in page
    assert "<mark>depends</mark>" in page
    assert "AD-R2 depends on TR-R2" in page
    assert "Which group says so itself?" not in page, "a writer speaks for the own group alone"


def test_a_proposal_is_accepted_as_another_kind_the_other_way_round(
    client: Client, cast: Cast, texts: dict[str, Document]
) -> None:
    link = propose(texts)
    client.force_login(cast.bruno)
    fields = {"state": "accepted", "choice": "supports-turned", "reason": "Tools help trees.", "following": "7"}
    response = client.post(f"{LINKS}{link.pk}/", fields)
    assert response.headers["Location"] == f"{BENCH}?state=proposed&page=1#edge-7"
    accepted = Link.objects.get(state=EdgeState.ACCEPTED)
    assert (accepted.source.code, accepted.kind, accepted.target.code) == ("AD-R2", "supports", "TR-R2")
    assert "Only <bdi>Advocacy</bdi> says so; <bdi>Trees</bdi> has not." in text_of(client, LINKS)
    client.force_login(cast.chen)
    client.post(f"{LINKS}{accepted.pk}/", {"state": "accepted", "choice": "supports", "reason": "They do."})
    assert "says so" not in text_of(client, LINKS)


def test_an_organiser_records_which_groups_say_so(amina: Client, texts: dict[str, Document]) -> None:
    link = propose(texts)
    groups = [texts["AD-R2"].chapter.group_id, texts["TR-R2"].chapter.group_id]
    fields = {"state": "accepted", "choice": "depends_on", "reason": "Agreed on Tuesday.", "said_by": groups}
    assert amina.post(f"{LINKS}{link.pk}/", fields).status_code == 302
    link.refresh_from_db()
    assert (link.source_agrees, link.target_agrees) == (True, True)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_decision_without_a_reason_comes_back_with_what_was_chosen(
    amina: Client, texts: dict[str, Document], headers: dict[str, str]
) -> None:
    link = propose(texts)
    fields = {"state": "accepted", "choice": "overlaps", "reason": " "}
    response = amina.post(f"{LINKS}{link.pk}/", fields, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say why, in a few words: readers will see it." in page
    assert '<option value="overlaps" selected>' in page
    assert ("<html" in page) != bool(headers)
    assert not LinkDecision.objects.exists()


def test_with_htmx_the_row_that_now_stands_comes_back_alone(amina: Client, texts: dict[str, Document]) -> None:
    link = propose(texts)
    fields = {"state": "accepted", "choice": "overlaps", "reason": "Both water."}
    row = amina.post(f"{LINKS}{link.pk}/", fields, headers={"HX-Request": "true"}).content.decode()
    drawn = Link.objects.get(kind=LinkKind.OVERLAPS)
    assert row.strip().startswith(f'<li class="edge accepted" id="edge-{drawn.pk}"')
    assert "<html" not in row


def test_a_link_is_drawn_by_hand(amina: Client, texts: dict[str, Document]) -> None:
    fields = {
        "source": "ad-r1",
        "kind": "supports",
        "target": "TR-R1",
        "reason": "Beds like shade.",
        "both_say_so": "on",
    }
    assert amina.post(f"{LINKS}draw/", fields).headers["Location"] == BENCH
    link = Link.objects.get()
    assert (link.state, link.score, link.source_agrees, link.target_agrees) == ("accepted", None, True, True)
    assert "drawn by hand" in text_of(amina, f"{BENCH}?state=accepted")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": "AD-R9"}, "There is no AD-R9 in this iteration."),
        ({"target": "AD-R1"}, "Choose two different texts."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_a_link_that_cannot_be_drawn_says_why_and_keeps_what_was_typed(
    amina: Client, texts: dict[str, Document], changes: dict[str, str], words: str
) -> None:
    fields = {"source": "AD-R1", "kind": "supports", "target": "TR-R1", "reason": "Typed with care", **changes}
    response = amina.post(f"{LINKS}draw/", fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Typed with care" in page or "reason" in changes
    assert not Link.objects.exists()


def test_the_bench_is_for_organisers_and_for_writers_while_a_phase_opens_it(
    client: Client, cast: Cast, texts: dict[str, Document]
) -> None:
    link = propose(texts)
    assert client.get(BENCH).headers["Location"].startswith("/account/login/")
    decision = {"state": "accepted", "choice": "depends_on", "reason": "I say so."}
    for person in (cast.dalia, cast.farid):
        client.force_login(person)
        assert "Only organisers and writers of Open Garden can do this." in text_of(client, BENCH, status=403)
        for address in (f"{LINKS}{link.pk}/", f"{LINKS}propose/", f"{LINKS}draw/"):
            assert client.post(address, decision).status_code == 403
    client.force_login(cast.bruno)
    open_phase(cast.process, "read")
    assert "No phase of this process opens this now." in text_of(client, BENCH, status=403)
    open_phase(cast.process, "connect")
    assert client.post(f"{LINKS}{link.pk}/", decision).status_code == 302


def test_proposing_is_a_job_one_can_watch_and_a_command(amina: Client, cast: Cast, texts: dict[str, Document]) -> None:
    watched = amina.post(f"{LINKS}propose/").headers["Location"]
    assert "Looking for links between the texts" in text_of(amina, watched)
    assert not Link.objects.exists(), "the worker does it, not the page"
    assert propose_links_of.func(texts["AD-R1"].iteration_id, cast.amina.pk) == 1
    Link.objects.all().delete()
    told = CliRunner().invoke(cli, ["links", "propose", "--process", "open-garden", "--iteration", "iteration-1"])
    assert (told.exit_code, told.output) == (0, "Iteration 1: 1 new proposals\n")
    assert CliRunner().invoke(cli, ["links", "propose", "--process", "none-such"]).exit_code == 2


def test_a_bench_without_anything_says_what_to_do(amina: Client, texts: dict[str, Document]) -> None:
    assert "Let the program look for links, or draw what you know by hand." in text_of(amina, BENCH)
    assert "Nothing has been accepted yet." in text_of(amina, f"{BENCH}?state=accepted")
    assert "Nothing has been rejected." in text_of(amina, f"{BENCH}?state=rejected")
    link = propose(texts)
    decide_link(actor=OPERATOR, link=link, state=EdgeState.ACCEPTED, reason="Yes.")
    assert "Every proposal has been decided." in text_of(amina, BENCH)


def add_many(cast: Cast, texts: dict[str, Document], count: int) -> None:
    """Further texts, each linked with the one before."""
    chapter = texts["AD-R1"].chapter
    before = texts["AD-R1"]
    made = create_documents(
        actor=OPERATOR, chapter=chapter, drafts=[draft(f"AD-X{n}", f"Text {n}", 10 + n) for n in range(count)]
    )
    for number, document in enumerate(made):
        document.iteration = document.chapter.iteration = texts["AD-R1"].iteration
        kind = LinkKind.DEPENDS_ON if number % 3 else LinkKind.OVERLAPS
        draw_link(actor=OPERATOR, source=document, target=before, kind=kind, reason="In a row.")
        before = document if number % 4 else texts["AD-R1"]


def test_the_page_takes_the_same_queries_with_one_link_three_and_ninety(
    client: Client, cast: Cast, texts: dict[str, Document], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draw(texts, "AD-R1", LinkKind.DEPENDS_ON, "TR-R1")
    client.get(LINKS)
    with django_assert_num_queries(4):
        client.get(LINKS)
    draw(texts, "AD-R2", LinkKind.OVERLAPS, "TR-R2")
    draw(texts, "AD-R3", LinkKind.CONFLICTS_WITH, "TR-R2")
    with django_assert_num_queries(6):
        client.get(LINKS)
    add_many(cast, texts, 90)
    with django_assert_num_queries(6):
        page = text_of(client, LINKS)
    assert page.count("data-node=") == 95


def test_the_bench_takes_the_same_queries_with_one_row_and_with_three(
    amina: Client, texts: dict[str, Document], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draw(texts, "AD-R1", LinkKind.DEPENDS_ON, "TR-R1")
    address = f"{BENCH}?state=accepted"
    amina.get(address)
    with django_assert_num_queries(20):
        amina.get(address)
    draw(texts, "AD-R2", LinkKind.OVERLAPS, "TR-R2")
    draw(texts, "AD-R3", LinkKind.CONFLICTS_WITH, "TR-R2")
    with django_assert_num_queries(20):
        amina.get(address)
