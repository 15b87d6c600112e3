"""Speaking in a real browser: with scripts and without, and with the line dropped half way."""

import re

import pytest
from playwright.sync_api import expect

from harken.documents.actions.publication import revise_document
from harken.documents.models import Document, Passage
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.form_tokens import new_form_token
from harken.inputs.models import ContextKind, Input, Wording
from harken.processes.actions import set_guiding_questions
from tests.browser.conftest import OpenPage
from tests.browser.test_margin import select_words
from tests.browser.test_site import find_overflow, find_serious
from tests.cast import Cast, add_round
from tests.documents.test_anchors import BOTH, PUMP, passages
from tests.inputs.giving import say_by_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = "/processes/open-garden/"
D = f"{ROOT}iteration-1/AD-R1/"
SAY = f"{ROOT}say/"
ABOUT = f"{SAY}?iteration=iteration-1&document=AD-R1"
ROSES = "The roses in the northern beds need shade at noon."


@pytest.fixture
def document(cast: Cast) -> Document:
    """A published text, questions in two languages, and two kinds of context that are asked for."""
    _round, (made,) = add_round(cast.process, cast.advocacy, "Water the beds")
    revise_document(actor=cast.amina, document=made, passages=passages(BOTH, PUMP))
    set_guiding_questions(
        actor=cast.amina, process=cast.process, questions=[{"en": "Keep what?", "ar": "ماذا نبقي؟"}, {"en": "Drop it?"}]
    )
    set_input_rules(
        actor=cast.amina, process=cast.process, rules=Rules(contexts=[ContextKind.REGION, ContextKind.ROLE])
    )
    return made


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser under test is quicker than anybody writes; what the form makes of that has its tests elsewhere."""
    monkeypatch.setattr("harken.inputs.form_tokens.SHORTEST", -new_form_token().at.resolution)


def test_somebody_without_scripts_speaks_from_a_passage_corrects_and_withdraws(
    document: Document, open_page: OpenPage
) -> None:
    page = open_page(D, width=390, javascript=False)
    passage = Passage.objects.get(document=document, versions__kind="title").public_id
    page.goto(f"{D}passages/{passage}/")
    page.get_by_role("link", name="Say what you think about this passage").click()
    assert "Water the beds" in page.locator("figure.about").inner_text()
    page.get_by_label("What you want to say").fill("At noun it burns.")
    page.locator("label", has_text="concern").click()
    page.get_by_role("textbox", name="Name").fill("Rose")
    page.get_by_role("button", name="Say it").click()
    receipt = page.url
    assert "in the ledger" in page.locator("h1").inner_text()
    page.locator("#correct > summary").click()
    page.get_by_label("What you want to say").fill("At noon it burns.")
    page.get_by_role("button", name="Correct it").click()
    assert "At noon it burns." in page.locator(".wording").first.inner_text()
    page.locator("summary", has_text="Withdraw it").click()
    page.get_by_role("button", name="Withdraw it").click()
    page.goto(receipt)
    assert "You withdrew it." in page.locator(".standing-now").inner_text()
    said = Input.objects.get()
    assert (said.versions, said.standing, said.passage and said.passage.public_id) == (2, "withdrawn", passage)


def test_a_draft_outlives_the_dropped_line_and_goes_when_it_has_arrived(
    document: Document, open_page: OpenPage
) -> None:
    page = open_page(ABOUT)
    page.get_by_label("What you want to say").fill("I write this on a train.")
    page.get_by_text("Questions that may help").click()
    page.get_by_label("Keep what?").fill("The roses.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Say it").click()
    expect(page.locator(".offline")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    # The train's line is gone for longer: the page is left, and opened again.
    page.goto(D)
    page.goto(ABOUT)
    expect(page.locator(".restored")).to_be_visible()
    assert page.get_by_label("What you want to say").input_value() == "I write this on a train."
    assert page.get_by_label("Keep what?").input_value() == "The roses."
    page.get_by_role("button", name="Say it").click()
    page.wait_for_url(re.compile("/said/"))
    assert Wording.objects.get().responses.get().text == "The roses."
    page.goto(ABOUT)
    assert page.get_by_label("What you want to say").input_value() == ""


def test_a_draft_that_comes_back_is_read_by_nobody_who_was_not_to_read_it(
    document: Document, open_page: OpenPage
) -> None:
    page = open_page(ABOUT)
    page.get_by_label("What you want to say").fill("Let nobody else read this.")
    page.locator("label", has_text="red line").click()
    page.get_by_role("textbox", name="Name").fill("Rose")
    page.get_by_label("Language you write in").select_option("fr")
    page.locator("label", has_text="Only those who work with the input may read it").click()
    page.get_by_text("Where you speak from").click()
    page.get_by_label("Region").fill("Lima")
    page.locator("summary", has_text="Hear what becomes of it").click()
    page.get_by_label("E-mail").fill("rose@example.org")
    page.get_by_label("How often").select_option("daily")
    for _time in range(2):
        page.reload()
        # Others may use this browser too: neither is kept, and that is said.
        expect(page.locator(".restored")).to_contain_text("left out: Region, E-mail")
        expect(page.get_by_label("Region")).to_have_value("")
        expect(page.get_by_label("E-mail")).to_have_value("")
        expect(page.get_by_label("E-mail")).to_be_visible()
        sent = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.say')))")
        assert (sent["text"], sent["stance"], sent["name"]) == ("Let nobody else read this.", "red line", "Rose")
        assert (sent["consent"], sent["lang"], sent["frequency"]) == ("closed", "fr", "daily")
        assert "rose@" not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_role("button", name="Say it").click()
    page.wait_for_url(re.compile("/said/"))
    assert Input.objects.get().source.consent == "closed"


def test_a_draft_of_which_nobody_knows_who_may_read_it_comes_back_closed(
    document: Document, open_page: OpenPage
) -> None:
    page = open_page(D)
    page.evaluate("key => localStorage.setItem('harken-say:' + key, JSON.stringify({ text: 'Before.' }))", ABOUT)
    page.goto(ABOUT)
    expect(page.get_by_label("What you want to say")).to_have_value("Before.")
    expect(page.locator("[name=consent]:checked")).to_have_value("closed")


def test_what_somebody_said_already_is_offered_while_one_writes(
    cast: Cast, document: Document, open_page: OpenPage
) -> None:
    said = say_by_form(cast.process, ROSES, about=About(document)).input
    prepare_inputs()
    page = open_page(ABOUT)
    page.get_by_label("What you want to say").press_sequentially("Roses in the northern beds need shade")
    expect(page.locator(".similar")).to_contain_text(ROSES)
    page.get_by_role("button", name="I agree: add my words to it").click()
    page.wait_for_url(re.compile("/said/"))
    assert Input.objects.get(pk=said.pk).supports == 1
    assert Input.objects.get(parent=said).wordings.get().kind == "agreement"


def test_words_that_are_marked_can_be_spoken_of(cast: Cast, document: Document, open_page: OpenPage) -> None:
    page = open_page(D)
    select_words(page, "half of it is lost")
    page.locator(".on-words").get_by_role("link", name="Say what you think").click()
    assert page.locator("figure.about .quote").inner_text() == "half of it is lost"
    page.get_by_label("What you want to say").fill("Who measured that?")
    page.get_by_role("button", name="Say it").click()
    page.wait_for_url(re.compile("/said/"))
    anchor = Input.objects.get().anchor
    assert anchor is not None
    assert anchor.exact == "half of it is lost"


@pytest.mark.parametrize(("lang", "width", "scheme"), [("ar", 360, "dark"), ("en", 1360, "light")])
def test_the_pages_have_nothing_serious_and_fit_every_screen(
    cast: Cast, document: Document, open_page: OpenPage, lang: str, width: int, scheme: str
) -> None:
    given = say_by_form(cast.process, ROSES, about=About(document))
    say_by_form(cast.process, "So they do.", reply_to=given.input)
    prepare_inputs()
    prefix = "/ar" if lang == "ar" else ""
    page = open_page(f"{prefix}{ABOUT}", width=width, scheme="dark" if scheme == "dark" else "light", lang=lang)
    found: list[str] = []

    def look() -> None:
        for folded in page.locator("main details").all():
            folded.evaluate("node => { node.open = true }")
        assert page.locator("h1").count() == 1
        found.extend([*find_serious(page), *find_overflow(page)])

    look()
    page.locator("#say_text").fill(ROSES)
    page.locator("button.look").click()
    assert page.locator(".similar").count() == 1
    look()
    for address in (
        f"/said/{given.receipt}/",
        f"{ROOT}inputs/{given.input.pk}/agree/",
        f"{SAY}print/?iteration=iteration-1&document=AD-R1",
    ):
        page.goto(f"{prefix}{address}")
        look()
    assert found == []
