"""What is said beside a text, in a real browser: a suggestion until it is credited, a remark through a split."""

from itertools import product

import pytest
from playwright.sync_api import Page

from harken.documents.actions.publication import revise_document
from harken.documents.actions.saving import save_revision
from harken.documents.models import Document, Remark, Suggestion
from tests.browser.conftest import OpenPage
from tests.browser.test_site import find_overflow, find_serious, in_language
from tests.cast import PASSWORD, Cast, add_round, open_phase
from tests.documents.test_anchors import BARRELS, BOTH, NOON, PUMP, fresh, passages, version_of
from tests.documents.test_suggestions import now, suggest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = "/processes/open-garden/iteration-1/AD-R1/"


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text of two paragraphs, by Bruno, while suggestions are open."""
    open_phase(cast.process, "read", "suggest", "draft")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.bruno, document=made, passages=passages(BOTH, PUMP))
    return fresh(made)


def sign_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def page_of(document: Document, words: str) -> str:
    return f"{D}passages/{version_of(fresh(document), words).passage.public_id}/"


def select_words(page: Page, words: str) -> None:
    """Mark words of the text as somebody does with a finger or a mouse."""
    page.evaluate(
        """(words) => {
            for (const said of document.querySelectorAll(".p > .said")) {
                const node = said.querySelector("p")?.firstChild;
                const start = node?.data?.indexOf(words) ?? -1;
                if (start < 0) continue;
                const range = document.createRange();
                range.setStart(node, start);
                range.setEnd(node, start + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                document.dispatchEvent(new PointerEvent("pointerup"));
                return;
            }
        }""",
        words,
    )


def test_dalias_suggestion_is_carried_over_brunos_edit_accepted_and_credited(
    cast: Cast, document: Document, open_page: OpenPage
) -> None:
    # Dalia has a phone that runs no scripts.
    dalia = open_page("/", width=390, javascript=False)
    sign_in(dalia, "dalia")
    dalia.goto(D)
    dalia.locator(f"a.no[href$='{page_of(document, 'barrels').removeprefix(D)}']").click()
    dalia.locator("#suggest summary").click()
    dalia.fill("#suggest_words", BOTH.replace("wants one", "has a roof"))
    dalia.fill("#suggest_reason", "A roof is what it takes.")
    dalia.get_by_role("button", name="Propose this").click()
    assert dalia.locator(".suggestion ins").inner_text() == "has a roof"

    edited = BOTH.replace("Rain is", "Rain and snow are")
    revise_document(actor=cast.bruno, document=document, passages=passages(edited, PUMP))
    assert now(Suggestion.objects.get()).state == "open"

    bruno = open_page("/")
    sign_in(bruno, "bruno")
    bruno.goto(D)
    below = bruno.locator(".p").last
    before = below.bounding_box()
    bruno.locator(".p:has-text('barrels') > a.no").click()
    beside = bruno.locator(".beside-it")
    beside.wait_for()
    assert below.bounding_box() == before
    assert "Rain and snow are" in beside.locator(".changes").inner_text()
    beside.get_by_role("link", name="Dalia").click()
    bruno.fill("#decide_reason", "So it does.")
    bruno.get_by_role("button", name="Accept", exact=True).click()
    assert "credits Dalia, and readers see it." in bruno.locator(".messages").inner_text()

    bruno.goto(D)
    assert edited.replace("wants one", "has a roof") in bruno.locator(".passages").inner_text()
    bruno.goto(page_of(document, "barrels"))
    assert "proposed by Dalia" in bruno.locator("#history").inner_text()


def test_a_remark_on_selected_words_survives_the_split_of_its_passage(
    cast: Cast, document: Document, open_page: OpenPage
) -> None:
    bruno = open_page("/", width=390)
    sign_in(bruno, "bruno")
    bruno.goto(f"{D}draft/")
    select_words(bruno, "half of it is lost")
    bruno.locator(".on-words").get_by_role("link", name="Remark").click()
    assert bruno.input_value("#remark_quote") == "half of it is lost"
    bruno.fill("#remark_text", "Who measured that?")
    bruno.get_by_role("button", name="Say it").click()
    assert "half of it is lost" in bruno.locator("#remarks .quote").inner_text()

    save_revision(actor=cast.bruno, document=document, passages=passages(BARRELS, NOON, PUMP))
    bruno.goto(page_of(document, "at noon"))
    remark = bruno.locator("#remarks .remark")
    assert "half of it is lost" in remark.locator(".quote").inner_text()
    assert "Who measured that?" in remark.inner_text()
    remark.get_by_role("button", name="Mark as dealt with").click()
    assert Remark.objects.get().resolved_by_name == "Bruno"


def test_words_selected_to_be_said_otherwise_are_selected_in_the_form(document: Document, open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "dalia")
    page.goto(D)
    select_words(page, "wants one")
    page.locator(".on-words").get_by_role("link", name="Suggest other words").click()
    page.wait_for_url("**/passages/**")
    assert page.evaluate("getSelection().toString()") == "wants one"


def test_the_margin_opens_and_closes_by_keyboard(document: Document, open_page: OpenPage) -> None:
    page = open_page(D, width=390, scheme="dark")
    number = page.locator(".p:has-text('barrels') > a.no")
    number.focus()
    page.keyboard.press("Enter")
    page.locator(".beside-it").wait_for()
    assert find_serious(page) + find_overflow(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".beside-it").count() == 0
    assert number.evaluate("node => node === document.activeElement")


@pytest.mark.parametrize(("lang", "width"), list(product(["en", "ar"], [360, 1440])))
def test_the_pages_have_nothing_serious_and_fit_every_screen(
    cast: Cast, document: Document, open_page: OpenPage, lang: str, width: int
) -> None:
    made = [suggest(document, cast.dalia, "wants one", f"has roof number {number}") for number in range(10)]
    suggest(document, cast.esra, "wants one", "has roof number 9")
    changed = BOTH.replace("at noon", "before the evening")
    stale = suggest(document, cast.dalia, "at noon", "by day")
    revise_document(actor=cast.bruno, document=document, passages=passages(changed, PUMP))
    assert now(stale).state == "stale"
    page = open_page("/", width=width, scheme="dark" if lang == "ar" else "light", lang=lang)
    sign_in(page, "bruno")
    found: list[str] = []
    for address in (
        f"{page_of(document, 'barrels')}?suggest&quote",
        f"{D}suggestions/",
        f"{D}suggestions/{made[0].pk}/",
        f"{D}suggestions/{stale.pk}/",
    ):
        page.goto(in_language(address, lang))
        assert page.locator("h1").count() == 1, address
        for folded in page.locator("main details").all():
            folded.evaluate("node => { node.open = true }")
        found += find_serious(page) + find_overflow(page)
    assert found == []
