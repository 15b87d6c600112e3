"""The page of links in a real browser: readable at 13 and at 90 texts, by keyboard, without JavaScript, in Arabic."""

import random

import pytest

from harken.base.permits import OPERATOR
from harken.documents.actions.links import draw_link, propose_links
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Link, LinkKind
from harken.people.actions import create_group
from harken.processes.models import Iteration
from tests.browser.conftest import OpenPage
from tests.browser.test_site import SCHEMES, find_in_every_shape, find_serious
from tests.cast import PASSWORD, Cast, add_round, draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINKS = "/processes/open-garden/iteration-1/links/"


def fill(cast: Cast, count: int, links: int) -> None:
    """An iteration of `count` texts in two groups, with links of every kind among them."""
    chance = random.Random(7)
    half = count // 2
    iteration, documents = add_round(cast.process, cast.advocacy, *(f"Advocacy says {n}" for n in range(half)))
    trees = create_group(actor=OPERATOR, name="Trees", code="TR", parent=cast.process.body)
    chapter = Chapter.objects.create(iteration=iteration, group=trees, position=1, lang="ar")
    documents += create_documents(
        actor=OPERATOR,
        chapter=chapter,
        drafts=[draft(f"TR-R{n}", f"نص عن الأشجار {n}", n, lang="ar") for n in range(count - half)],
    )
    whole = Iteration.objects.select_related("process__body").get(pk=iteration.pk)
    for document in documents:
        document.iteration = document.chapter.iteration = whole
    for number in range(links):
        first, second = chance.sample(documents, 2)
        kind = list(LinkKind)[number % 4]
        draw_link(actor=OPERATOR, source=first, target=second, kind=kind, reason="They were read together.")


@pytest.mark.parametrize(("count", "links"), [(13, 16), (90, 130)])
def test_the_graph_keeps_to_the_page_and_to_the_rules_of_accessibility(
    cast: Cast, open_page: OpenPage, count: int, links: int
) -> None:
    fill(cast, count, links)
    for lang in ("", "/ar"):
        page = open_page(f"{lang}{LINKS}")
        assert page.locator(".links-map .box").count() > count / 2
        assert find_in_every_shape(page, widths=(360, 1440), schemes=SCHEMES) == []


def test_a_box_in_focus_lights_its_links_and_tells_them(cast: Cast, open_page: OpenPage) -> None:
    fill(cast, 13, 16)
    page = open_page(LINKS)
    box = page.locator(".links-map .box").first
    code = box.locator("b").inner_text()
    box.focus()
    lit = page.locator(".link.lit")
    assert (
        lit.count() == Link.objects.filter(source__code=code).count() + Link.objects.filter(target__code=code).count()
    )
    assert code in page.locator(".caption").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**document={code}**")
    assert code in page.locator("h1").inner_text()
    assert page.locator(".links-map .box.me").count() == 1


def test_the_drawing_begins_at_the_right_in_arabic(cast: Cast, open_page: OpenPage) -> None:
    fill(cast, 13, 16)
    places = []
    for lang in ("", "/ar"):
        page = open_page(f"{lang}{LINKS}", width=1440)
        box = page.locator(".links-map svg").bounding_box()
        first = page.locator(".links-map foreignObject").first.bounding_box()
        assert box
        assert first
        places.append((first["x"] - box["x"], box["x"] + box["width"] - first["x"] - first["width"]))
    assert places[0][0] == pytest.approx(places[1][1], abs=1)


def test_a_proposal_is_decided_by_keyboard(cast: Cast, open_page: OpenPage) -> None:
    _iteration, documents = add_round(cast.process, cast.advocacy, "Water the beds by hand", "Water the young trees")
    create_documents(
        actor=OPERATOR,
        chapter=documents[0].chapter,
        drafts=[draft("AD-R8", "Mulch", 8, "This depends on AD-R1."), draft("AD-R9", "Hoe", 9, "See AD-R2.")],
    )
    iteration = Iteration.objects.select_related("process__body").get()
    assert len(propose_links(actor=OPERATOR, iteration=iteration)) == 2
    page = open_page("/account/login/")
    page.fill("input[name=login]", "bruno")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"{LINKS}decide/")
    assert find_serious(page) == []
    page.keyboard.press("j")
    page.locator(".edge:focus select").select_option(label="AD-R8 supports AD-R1")
    page.locator(".edge h3").first.click()
    page.keyboard.press("a")
    page.keyboard.type("It keeps them moist.")
    page.keyboard.press("Enter")
    page.wait_for_selector(".edge.accepted")
    assert page.locator(".edge.proposed:focus").count() == 1, "the next one that waits has the focus"
    assert Link.objects.get(state="accepted").kind == LinkKind.SUPPORTS


def test_everything_is_there_without_javascript(cast: Cast, open_page: OpenPage) -> None:
    fill(cast, 13, 16)
    page = open_page(LINKS, javascript=False)
    page.locator(".links-map .box").first.click()
    assert "document=" in page.url
    assert page.locator("table tbody tr").count() > 0
