"""The benches for input in a real browser: by keyboard, without JavaScript, on a phone, in Arabic."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from playwright.sync_api import expect

from harken.inputs.actions.arrivals import Cause, Reason, Verdict, carry_out_verdict
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import Hiding, Input, InputState, Standing
from tests.browser.conftest import OpenPage
from tests.browser.test_site import find_overflow, find_serious
from tests.browser.test_synthesis import sign_in
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = "/processes/open-garden/"
QUEUE = f"{ROOT}queue/"
MODERATION = f"{ROOT}moderation/"
TEXTS = (
    ("Plant willows at the river.", "en"),
    ("ازرعوا الصفصاف عند النهر.", "ar"),
    ("Open the gate on Sundays.", "en"),
)


@pytest.fixture(autouse=True)
def said(cast: Cast) -> list[Input]:
    """Three inputs, the last one said in front."""
    nobody = AnonymousUser()
    return [record_input(actor=nobody, process=cast.process, said=Said(text, lang)) for text, lang in TEXTS]


def hold(said: list[Input]) -> None:
    for one in said:
        verdict = Verdict(Standing.HELD, (Reason(Cause.LINKS, "7"),))
        carry_out_verdict(actor=AnonymousUser(), recorded=one, verdict=verdict)


def test_the_queue_is_worked_by_keyboard(open_page: OpenPage, said: list[Input], cast: Cast) -> None:
    page = open_page("/")
    sign_in(page, "bruno")
    page.goto(QUEUE)
    page.keyboard.press("j")
    expect(page.locator(f"#input-{said[2].pk}")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#opened")).to_contain_text(TEXTS[1][0])
    expect(page.locator(f"#input-{said[1].pk}")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".chosen")).to_have_text("2 chosen")
    page.keyboard.press("t")
    expect(page.locator(".messages")).to_contain_text("2 inputs changed.")
    expect(page.locator(".pick")).to_have_count(1)
    assert set(Input.objects.filter(owner=cast.bruno).values_list("pk", flat=True)) == {said[1].pk, said[2].pk}

    # The letters can be turned off, and stay off.
    page.locator("#keys").uncheck()
    page.reload()
    page.keyboard.press("*")
    expect(page.locator(".pick input:checked")).to_have_count(0)


def test_moderators_let_through_and_hide_by_keyboard(open_page: OpenPage, said: list[Input]) -> None:
    hold(said)
    page = open_page("/")
    sign_in(page, "amina")
    page.goto(MODERATION)
    expect(page.locator(".why-held").first).to_contain_text("more links than this process allows")
    page.keyboard.press("j")
    page.keyboard.press("h")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("It sells willows.")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("1 input hidden.")
    assert Hiding.objects.get().input == said[0]
    page.keyboard.press("*")
    page.keyboard.press("a")
    expect(page.locator(".messages")).to_contain_text("2 inputs can be read now.")


def test_all_of_it_works_without_javascript(open_page: OpenPage, said: list[Input], cast: Cast) -> None:
    page = open_page("/", javascript=False, width=390)
    sign_in(page, "amina")
    page.goto(QUEUE)
    expect(page.locator(".keys")).to_be_hidden()
    page.locator(".pick").nth(0).get_by_role("checkbox").check()
    page.get_by_label("State", exact=True).last.select_option("waiting")
    page.get_by_label("Waits for").fill("the gardeners")
    page.get_by_role("button", name="Change the chosen").click()
    expect(page.locator(".messages")).to_contain_text("1 input changed.")
    assert Input.objects.get(pk=said[2].pk).state == InputState.WAITING
    page.goto(f"{QUEUE}?state=&open={said[0].pk}")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#opened")).to_contain_text("with Amina")
    page.goto(f"{ROOT}inputs/{said[0].pk}/hide/")
    page.get_by_label("advertising").check()
    page.get_by_label("Why", exact=True).fill("It sells willows.")
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".pick")).to_contain_text("It sells willows.")


def test_the_benches_are_accessible_and_fit_a_phone(open_page: OpenPage, said: list[Input]) -> None:
    hold(said[:1])
    page = open_page("/", width=360)
    sign_in(page, "amina")
    addresses = (f"{QUEUE}?state=&open={said[1].pk}", MODERATION, f"{ROOT}campaigns/", f"{ROOT}settings/input/")
    for address in (*addresses, f"/ar{QUEUE}?state=", f"{ROOT}inputs/{said[1].pk}/complain/"):
        page.goto(address)
        assert find_overflow(page) == [], address
        assert find_serious(page) == [], address
