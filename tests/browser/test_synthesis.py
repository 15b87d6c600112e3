"""The synthesis bench in a real browser: three drafts become one by pointer, by keyboard and by the plain form."""

import re

import pytest
from playwright.sync_api import Page, expect

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import draw_edge
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, LineageKind
from harken.processes.actions import add_iteration
from tests.browser.conftest import OpenPage
from tests.browser.test_site import Scheme, visit
from tests.cast import PASSWORD, Cast, draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = "/processes/open-garden/"
BENCH = f"{ROOT}iteration-2/AD-R1/synthesis/"


@pytest.fixture(autouse=True)
def beds(cast: Cast) -> list[Document]:
    """Three drafts of the first iteration, and an empty text of the second that the first of them led to."""
    made: list[Document] = []
    drafts = [
        [
            draft("AD-R1", "Water by hand", 1, "Cans stand at every bed.", "Children fill them."),
            draft("AD-R2", "Share the tools", 2, "One shed for the street."),
            draft("AD-R3", "نسقي معًا", 3, "الماء للجميع.", lang="ar"),
        ],
        [draft("AD-R1", "Tend the beds", 1, "A garden is shared work.")],
    ]
    for number, texts in enumerate(drafts, 1):
        iteration = add_iteration(actor=OPERATOR, process=cast.process, number=number, title=f"Iteration {number}")
        chapter = Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
        made += create_documents(actor=OPERATOR, chapter=chapter, drafts=texts, publish=number == 1)
    draw_edge(
        actor=OPERATOR,
        process=cast.process,
        earlier=made[0],
        later=made[3],
        kind=LineageKind.REVISED,
        reason="Watering is tending.",
    )
    return made


def sign_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def passage(page: Page, side: str, words: str) -> str:
    """The selector of the row that says `words`."""
    row = page.locator(f".{side} .passages-of > li", has_text=words).first
    return f"#{row.get_attribute('id')}"


def test_three_drafts_become_one_and_the_map_says_why(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "bruno")
    page.goto(BENCH)
    expect(page.locator(".counted")).to_contain_text("0 of 3 source passages represented")

    # By pointer: onto the lower edge of a passage, to stand after it.
    target = page.locator(passage(page, "target", "A garden is shared work."))
    box = target.bounding_box()
    assert box
    page.locator(passage(page, "sources", "Cans stand at every bed.")).drag_to(
        target, target_position={"x": 60, "y": box["height"] - 4}
    )
    expect(page.locator("#why")).to_be_focused()
    page.keyboard.type("The heart of the first draft.")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 passage carried across.")
    expect(page.locator(".target")).to_contain_text("Cans stand at every bed.")
    expect(page.locator(".counted")).to_contain_text("1 of 3 source passages represented")

    # By keyboard: another draft is laid beside it, a passage chosen, its place, and why.
    page.goto(BENCH)
    page.fill("#seek", "AD R2")
    page.keyboard.press("Enter")
    page.locator(".found a").click()
    page.locator(f"{passage(page, 'sources', 'One shed')} input").focus()
    page.keyboard.press("x")
    expect(page.locator("#said")).to_contain_text("One passage chosen.")
    page.keyboard.press("p")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("c")
    expect(page.locator("#why")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("Place: Passage")
    page.keyboard.type("Tools are shared like beds.")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 passage carried across.")

    # Onto the middle of a passage, to go into it: merged.
    page.goto(f"{BENCH}?with=iteration-1/AD-R3")
    page.locator(".panes").evaluate("panes => panes.scrollIntoView()")
    page.locator(passage(page, "sources", "الماء للجميع.")).drag_to(
        page.locator(passage(page, "target", "A garden is shared work.")), target_position={"x": 60, "y": 6}
    )
    expect(page.locator("#carry-as")).to_have_value("into")
    page.keyboard.type("Water is for all.")
    page.keyboard.press("Enter")
    row = page.locator(".target li", has_text="A garden is shared work. الماء للجميع.")
    expect(row).to_contain_text("merged: Water is for all.")

    page.goto(f"{ROOT}iteration-2/AD-R1/lineage/")
    assert page.locator(".map .ribbon").count() == 3
    for reason in ("Watering is tending.", "Tools are shared like beds.", "Water is for all."):
        expect(page.locator("table")).to_contain_text(reason)
        assert page.locator(".map .ribbon title", has_text=reason).count() == 1


def test_the_bench_works_without_javascript_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/", width=390, javascript=False)
    sign_in(page, "bruno")
    page.goto(f"{BENCH}?with=iteration-1/AD-R2")
    page.locator(f"{passage(page, 'sources', 'Children fill them.')} input").check()
    page.locator(f"{passage(page, 'sources', 'One shed')} input").check()
    page.locator(f"{passage(page, 'target', 'A garden')} input").check()
    page.select_option("#carry-as", "into")
    page.fill("#why", "All of it is sharing.")
    page.keyboard.press("Enter")
    merged = page.locator(
        ".target li", has_text="A garden is shared work. Children fill them. One shed for the street."
    )
    expect(merged).to_contain_text("merged: All of it is sharing.")
    page.locator(".sources button", has_text="Undo").first.click()
    expect(page.locator(".messages")).to_contain_text("Taken back. The words of the text stay.")
    page.get_by_role("link", name=re.compile("Change its words 2")).click()
    page.fill("#words", "A garden is work that is shared.")
    page.get_by_role("button", name="Save these words").click()
    expect(page.locator(".target")).to_contain_text("A garden is work that is shared.")


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark")])
def test_bench_and_table_have_nothing_serious_and_fit_every_screen(
    open_page: OpenPage, lang: str, scheme: Scheme
) -> None:
    page = open_page("/", lang=lang)
    sign_in(page, "amina")
    addresses = [
        f"{BENCH}?with=iteration-1/AD-R3&find=AD",
        f"{ROOT}iteration-2/origins/",
        f"{ROOT}iteration-2/origins/import/",
        f"{ROOT}iteration-2/origins/begin/?from=iteration-1/AD-R2",
    ]
    assert visit(page, addresses, lang, widths=(360, 900, 1440), schemes=(scheme,)) == []
