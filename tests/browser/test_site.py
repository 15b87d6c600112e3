"""The whole site in a real browser: every page at three widths, in both schemes, in English and Arabic."""

import gzip
from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from harken.core.outline import read_outline
from harken.documents.actions.outline import keep_outline_draft
from harken.documents.models import OutlineDraft
from harken.pages.sample.load import PASSWORD
from harken.people.models import User
from harken.processes.models import Process
from tests.browser.conftest import OpenPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sample_to_visit"),
]

ROOT = "/processes/worth-mending/"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PUBLIC = [
    "/",
    "/search/?q=tools",
    "/search/?q=nothing-of-the-kind",
    ROOT,
    f"{ROOT}timeline/",
    f"{ROOT}groups/",
    f"{ROOT}groups/CM/",
    f"{ROOT}iteration-2/",
    f"{ROOT}iteration-2/CM-R1/",
    f"{ROOT}iteration-2/WB-R2/",
    f"{ROOT}iteration-2/WB-R2/lineage/",
    f"{ROOT}lineage/",
    f"{ROOT}lineage/?group=WB",
    f"{ROOT}contents/",
    f"{ROOT}search/?q=बेंच",
    "/account/login/",
    "/account/signup/",
    "/no-such-page/",
]
ORGANISERS = [
    f"{ROOT}settings/",
    f"{ROOT}settings/direction/",
    f"{ROOT}settings/phases/add/",
    f"{ROOT}settings/iterations/2/",
    f"{ROOT}settings/groups/add/",
    f"{ROOT}settings/groups/CM/",
    f"{ROOT}import/",
    f"{ROOT}lineage/decide/",
]
PAGE_TO_IMPORT = (
    "Iteration 3 (March 2027)\nCraft Memory\n  1. A book that travels\n     Or: The travelling book\n  2. Tapes\n"
)


@pytest.fixture
def preview(sample_to_visit: None) -> OutlineDraft:
    """A read outline that waits for Amina."""
    process = Process.objects.select_related("body").get(slug="worth-mending")
    outline = read_outline(PAGE_TO_IMPORT.encode(), name="page.txt").to_json()
    return keep_outline_draft(
        actor=User.objects.get(username="amina"), process=process, name="page.txt", lang="en", outline=outline
    )


def in_language(address: str, lang: str) -> str:
    return address if lang == "en" else f"/{lang}{address}"


def sign_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def find_serious(page: Page) -> list[str]:
    """What axe calls serious or critical, in words."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {one['id']} at {one['nodes'][0]['target']}"
        for one in violations
        if one["impact"] in {"serious", "critical"}
    ]


def find_overflow(page: Page) -> list[str]:
    """The page must not be wider than the screen: nobody scrolls sideways to read."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url}: {wider} px wider than the screen"] if wider > 0 else []


def find_in_every_shape(page: Page, *, widths: tuple[int, ...], schemes: tuple[Scheme, ...]) -> list[str]:
    """What is wrong with the page at any width and in any scheme; it is made once, and shown in all of them."""
    found: list[str] = []
    for width, scheme in product(widths, schemes):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} px, {scheme}: {complaint}" for complaint in find_serious(page) + find_overflow(page)]
    return found


def visit(
    page: Page, addresses: list[str], lang: str, *, widths: tuple[int, ...], schemes: tuple[Scheme, ...]
) -> list[str]:
    found: list[str] = []
    for address in addresses:
        page.goto(in_language(address, lang))
        assert page.locator("h1").count() == 1, address
        found += find_in_every_shape(page, widths=widths, schemes=schemes)
    return found


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_public_pages_have_nothing_serious_and_fit_every_screen(open_page: OpenPage, lang: str) -> None:
    page = open_page("/", lang=lang)
    assert visit(page, PUBLIC, lang, widths=(360, 768, 1440), schemes=SCHEMES) == []


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("ar", "dark")])
def test_organisers_pages_have_nothing_serious_and_fit_every_screen(
    open_page: OpenPage, preview: OutlineDraft, lang: str, scheme: Scheme
) -> None:
    page = open_page("/", lang=lang)
    sign_in(page, "amina")
    addresses = [*ORGANISERS, f"{ROOT}import/{preview.pk}/"]
    assert visit(page, addresses, lang, widths=(360, 1440), schemes=(scheme,)) == []


def test_everything_can_be_read_and_found_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/", width=360, javascript=False)
    page.get_by_role("link", name="Worth Mending").first.click()
    page.goto(f"{ROOT}iteration-2/")
    page.get_by_role("link", name="Tea before tools").first.click()
    assert page.locator("h1").inner_text() == "Tea before tools"
    page.goto("/search/?q=kettle")
    assert page.get_by_role("link", name="Tea before tools").count() >= 1


def test_the_keyboard_reaches_the_text_first_and_everything_after(open_page: OpenPage) -> None:
    page = open_page(f"{ROOT}iteration-2/WB-R2/")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.getAttribute('href')")
    assert skip.startswith("#")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == skip
    for _step in range(60):
        page.keyboard.press("Tab")
        box = page.evaluate(
            "(() => { const r = document.activeElement.getBoundingClientRect(); return r.width * r.height })()"
        )
        assert box > 0


def test_the_first_view_weighs_little(open_page: OpenPage) -> None:
    """At most 60 kB compressed; the test server does not compress, so the bytes are compressed here."""
    for address in (f"{ROOT}iteration-2/WB-R2/", f"{ROOT}iteration-2/", f"{ROOT}", "/"):
        page = open_page(address)
        page.wait_for_load_state("networkidle")
        loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        weight = sum(len(gzip.compress(page.request.get(url).body())) for url in [page.url, *loaded])
        assert 0 < weight <= 60_000, f"{address} weighs {weight} bytes"


def test_amina_imports_a_page_and_readers_see_it(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "amina")
    page.goto(f"{ROOT}import/")
    page.fill("textarea[name=text]", PAGE_TO_IMPORT)
    page.locator("main form button").last.click()
    page.wait_for_url("**/import/*/")
    assert "A book that travels" in page.content()
    page.locator("button[name=confirm]").first.click()
    page.wait_for_url(f"**{ROOT}")
    page.goto(f"{ROOT}iteration-3/CM-R1/")
    assert page.locator("h1").inner_text() == "A book that travels"
    assert "The travelling book" in page.content()


def test_bruno_decides_on_a_proposal_and_its_reason_is_shown(open_page: OpenPage) -> None:
    page = open_page("/")
    sign_in(page, "bruno")
    page.goto(f"{ROOT}lineage/decide/")
    row = page.locator("form:has(input[name=reason])").first
    row.locator("input[name=reason]").fill("We took it up in June.")
    row.get_by_role("button", name="Accept").click()
    page.wait_for_timeout(500)
    page.goto(f"{ROOT}lineage/decide/?state=accepted")
    assert "We took it up in June." in page.content()
