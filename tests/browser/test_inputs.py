"""What people say, in a real browser: a list narrowed down, a conversation in four languages, the margin of a text."""

from itertools import product

import pytest
from playwright.sync_api import expect

from harken.documents.actions.publication import revise_document
from harken.documents.models import Document, Passage
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.models import Input
from tests.browser.conftest import OpenPage
from tests.browser.test_site import find_overflow, find_serious, in_language
from tests.cast import Cast, add_round, open_phase
from tests.documents.test_anchors import BOTH, PUMP, fresh, passages
from tests.inputs.saying import a_post, a_source, bring_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/processes/open-garden/inputs/"
D = "/processes/open-garden/iteration-1/AD-R1/"


@pytest.fixture
def document(cast: Cast) -> Document:
    """A text about which something was said in four languages, some of it long."""
    open_phase(cast.process, "read", "give_input", "draft")
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.bruno, document=made, passages=passages(BOTH, PUMP))
    bring_in(
        a_source(cast.process),
        a_post("a", "Barrels are better than a pump.", lang="en", extra={"stance": "support"}),
        a_post("b", "لا، المضخة أفضل للجميع.", reply_to="a", lang="ar", author="سلمى"),
        a_post("c", "बरसात का पानी काफ़ी नहीं है।", reply_to="b", lang="hi", author="रवि"),
        a_post("d", "Et en hiver ? " + "L'eau gèle dans les tonneaux. " * 80, reply_to="c", lang="fr", author="Zoé"),
        a_post("e", "It never freezes here.", reply_to="d", lang="en", author="<b>Ann</b>"),
        document=made,
    )
    passage = Passage.objects.filter(document=made, versions__text=BOTH).first()
    Input.objects.filter(external_id__in=["a", "b"]).update(passage=passage)
    prepare_inputs()
    return fresh(made)


def address_of(key: str) -> str:
    return f"{LIST}{Input.objects.get(external_id=key).pk}/"


def test_a_list_is_narrowed_down_at_once_and_its_address_keeps_that(document: Document, open_page: OpenPage) -> None:
    page = open_page(LIST)
    expect(page.locator("li.input")).to_have_count(5)
    page.get_by_label("Language").select_option("ar")
    expect(page.locator("li.input")).to_have_count(1)
    assert "lang=ar" in page.url
    expect(page.get_by_role("status")).to_contain_text("1 input fits")
    page.reload()
    expect(page.locator("li.input")).to_have_count(1)
    assert page.get_by_label("Language").input_value() == "ar"


def test_without_scripts_the_same_form_is_sent(document: Document, open_page: OpenPage) -> None:
    page = open_page(LIST, width=390, javascript=False)
    page.get_by_label("Words").fill("freezing")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("li.input").count() == 1
    assert page.locator("li.input mark").inner_text() == "freezes"
    page.locator("li.input .by a").click()
    assert page.locator("li.input").count() == 5
    assert page.locator("li.input.here").count() == 1
    # A long one is open where it is the one that the page is about, and folded elsewhere.
    folded = page.locator("details.long .said")
    assert not folded.is_visible()
    page.locator("details.long summary").click()
    assert folded.is_visible()


def test_beside_a_passage_stands_what_was_said_about_it(document: Document, open_page: OpenPage) -> None:
    page = open_page(D)
    page.locator(".spoke a", has_text="2 inputs").click()
    expect(page.locator(".beside-it li.input")).to_have_count(2)
    assert page.url.endswith(D)


@pytest.mark.parametrize(("scheme", "lang"), list(product(("light", "dark"), ("en", "ar"))))
def test_pages_of_input_can_be_read_on_a_phone(document: Document, open_page: OpenPage, scheme: str, lang: str) -> None:
    page = open_page(in_language(LIST, lang), width=360, scheme=scheme, lang=lang)  # type: ignore[arg-type] # one of two words
    for address in (LIST, address_of("c"), "/processes/open-garden/"):
        page.goto(in_language(address, lang))
        assert find_overflow(page) == [], address
        assert find_serious(page) == [], address
