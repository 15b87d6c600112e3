"""Writers at their texts in a real browser: two at once, and lines that drop."""

import pytest
from playwright.sync_api import Page, expect

from harken.documents.actions.texts import create_documents
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, KeptText, PassageKind
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import read_section
from harken.people.models import User
from tests.browser.conftest import OpenPage
from tests.browser.test_site import find_overflow, find_serious, in_language, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = "/processes/worth-mending/iteration-2/WB-T1/"
FIRST = "Rain is kept in barrels at every house that wants one."
SECOND = "Nobody waters at noon, since half of it is lost to the sun."
THIRD = "A pump is shared by the whole street and mended each spring."


@pytest.fixture(autouse=True)
def _draft(sample_to_visit: None) -> None:
    """A private draft of Welcome & Belonging, which two organisers of the sample may write."""
    chapter = Chapter.objects.select_related("iteration__process__body", "group").get(
        iteration__slug="iteration-2", group__code="WB"
    )
    passages = (
        DraftPassage(PassageKind.TITLE, "Water the beds"),
        *read_section(f"{FIRST}\n\n{SECOND}\n\n{THIRD}"),
    )
    drafted = DraftDocument("WB-T1", passages, 99, "en")
    amina = User.objects.get(username="amina")
    create_documents(actor=amina, chapter=chapter, drafts=[drafted], publish=False)


def text_now() -> str:
    document = Document.objects.select_related("current").get(code="WB-T1")
    return "\n\n".join(one.text for one in load_passages(document.current) if one.kind != "title")


def begin_writing(page: Page) -> None:
    page.goto(f"{D}edit/")
    expect(page.get_by_label("The text")).to_have_value(f"{FIRST}\n\n{SECOND}\n\n{THIRD}")


def replace_in(page: Page, old: str, new: str) -> None:
    field = page.get_by_label("The text")
    field.fill(field.input_value().replace(old, new))


def save(page: Page) -> None:
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("button", name="Save as a revision").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_two_writers_edit_one_text_at_once_and_nothing_is_lost(open_page: OpenPage, javascript: bool) -> None:
    one, other = open_page("/", javascript=javascript), open_page("/", javascript=javascript, width=390)
    for page in (one, other):
        sign_in(page, "amina")
        begin_writing(page)
    replace_in(one, "barrels", "tanks")
    replace_in(one, "each spring", "each spring and each autumn")
    replace_in(other, "barrels", "old barrels")
    replace_in(other, "to the sun", "to the sun and the wind")
    save(one)
    one.wait_for_url(f"**{D}draft/")
    save(other)
    expect(other.get_by_role("heading", level=1)).to_contain_text("You both changed the same passage")
    if javascript:  # which axe needs as well
        assert find_serious(other) + find_overflow(other) == []
    other.locator("textarea[name^=words-]").fill(FIRST.replace("barrels", "old tanks"))
    other.get_by_role("button", name="Save with these answers").click()
    other.wait_for_url(f"**{D}draft/")
    expect(other.locator(".messages")).to_contain_text("is in it too")
    for words in ("old tanks", "the sun and the wind", "each spring and each autumn"):
        assert words in text_now()


def test_words_survive_a_line_that_drops_and_a_reload(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "amina")
    begin_writing(page)
    page.context.set_offline(True)
    replace_in(page, "barrels", "tanks")
    expect(page.locator("#kept")).to_contain_text("No connection", timeout=15_000)
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("The text")).to_have_value(f"{FIRST}\n\n{SECOND}\n\n{THIRD}".replace("barrels", "tanks"))
    expect(page.locator("header.head .waiting")).to_contain_text("not saved as a revision")
    assert KeptText.objects.filter(user__username="amina").count() == 1
    save(page)
    page.wait_for_url(f"**{D}draft/")
    assert "tanks" in text_now()
    page.goto(f"{D}edit/")
    expect(page.locator("header.head .waiting")).to_have_count(0)
    assert not KeptText.objects.filter(user__username="amina").exists()


def test_words_are_kept_while_one_types_and_can_be_let_go(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "amina")
    begin_writing(page)
    replace_in(page, "barrels", "tanks")
    expect(page.locator("#kept")).to_contain_text("Kept for you", timeout=15_000)
    other = open_page("/")
    sign_in(other, "amina")
    other.goto(f"{D}edit/")
    assert "tanks" in other.get_by_label("The text").input_value()
    other.get_by_role("button", name="Let them go").click()
    expect(other.get_by_label("The text")).to_have_value(f"{FIRST}\n\n{SECOND}\n\n{THIRD}")


def test_the_count_goes_along_and_says_what_is_too_much(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "amina")
    begin_writing(page)
    page.get_by_label("The text").fill("Four words are here.")
    expect(page.locator(".area.section .count")).to_contain_text("4 words")


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 360), ("ar", "dark", 1360)])
def test_pages_of_writing_have_nothing_serious_and_fit_every_screen(
    open_page: OpenPage, lang: str, scheme: str, width: int
) -> None:
    page = open_page("/", lang=lang, scheme=scheme, width=width)  # type: ignore[arg-type] # one of the two schemes
    sign_in(page, "amina")
    found: list[str] = []
    page.goto(in_language(f"{D}edit/", lang))
    found += find_serious(page) + find_overflow(page)
    page.locator(".area.section textarea").first.fill(f"{THIRD}\n\n{FIRST.replace('barrels', 'tanks')}")
    page.locator("button[value=review]").last.click()
    found += find_serious(page) + find_overflow(page)
    page.locator("button[value=save]").click()
    page.wait_for_url(f"**{D}draft/")
    for address in (
        "history/",
        "compare/?old=1&new=2",
        "compare/?old=1&new=2&as=sides&unchanged=shown",
        "revisions/1/",
    ):
        page.goto(in_language(f"{D}{address}", lang))
        assert page.locator("h1").count() == 1
        found += find_serious(page) + find_overflow(page)
    assert found == []
