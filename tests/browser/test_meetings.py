"""Meetings, bringing in and the pages of mails in a real browser, without scripts and with."""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.meetings import MeetingPlan, announce_meeting
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import Correspondent, Frequency, ImportDraft, Registration, Wording
from tests.browser.conftest import OpenPage
from tests.browser.test_site import find_in_every_shape
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = "/processes/open-garden/"


def sign_in(page: Page, name: str) -> None:
    page.goto("/account/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()


def announce(cast: Cast, days: int) -> str:
    """A meeting that begins so many days from now; the address of its page."""
    begins = timezone.now() + datetime.timedelta(days=days)
    plan = MeetingPlan(
        title="صالون تونس",
        starts_at=begins,
        ends_at=begins + datetime.timedelta(hours=3),
        lang="ar",
        time_zone="Africa/Tunis",
        place="Maison du livre",
        group_name="Wiki Tunis",
        seats=20,
    )
    meeting = announce_meeting(actor=cast.chen, process=cast.process, plan=plan)
    return f"{ROOT}meetings/{meeting.public_id}/"


def test_somebody_without_scripts_registers_and_then_does_not_come(cast: Cast, open_page: OpenPage) -> None:
    page = open_page(announce(cast, 7), width=390, javascript=False)
    page.get_by_label("Name").fill("Noor")
    page.get_by_role("button", name="I come").click()
    assert "you are expected" in page.locator("main").inner_text()
    page.get_by_role("button", name="I do not come").click()
    assert "You said that you do not come" in page.locator("main").inner_text()
    assert Registration.objects.get().cancelled_at is not None


def test_a_liaison_reports_on_a_phone_and_every_point_is_the_groups(cast: Cast, open_page: OpenPage) -> None:
    address = announce(cast, -1)
    page = open_page(width=390)
    sign_in(page, "chen")
    page.goto(address)
    page.get_by_role("link", name="Write down what was said").click()
    page.get_by_label("How many took part").fill("23")
    page.locator("[name=points-0-text]").fill("نريد مركزا قريبا")
    page.get_by_role("button", name="Put it into the ledger").click()
    assert "نريد مركزا قريبا" in page.locator(".points").inner_text()
    wording = Wording.objects.get()
    assert (wording.speaker_name, wording.headcount, wording.participant) == ("Wiki Tunis", 23, None)


def test_a_survey_is_looked_at_before_it_comes_in(cast: Cast, open_page: OpenPage, tmp_path: Path) -> None:
    survey = tmp_path / "survey.csv"
    survey.write_text("When,Who,What do you like?\n2019-09-01,Noor,The hubs\n", encoding="utf-8")
    page = open_page(javascript=False)
    sign_in(page, "chen")
    page.goto(f"{ROOT}inputs/import/")
    page.locator("[name=format][value=table]").check()
    page.locator("[name=file]").set_input_files(survey)
    page.locator("[name=consent][value=nameless]").check()
    page.get_by_role("button", name="Look what is in it").click()
    for number, meaning in enumerate(("time", "author", "answer")):
        page.locator(f"[name=column-{number}]").select_option(meaning)
    page.get_by_role("button", name="Look again with these").click()
    assert "The hubs" in page.locator(".preview-thread").inner_text()
    page.get_by_role("button", name="Put it into the ledger").click()
    assert "/jobs/" in page.url
    assert ImportDraft.objects.get().started_at is not None


def test_mail_is_confirmed_and_stopped_from_the_links_in_it(cast: Cast, open_page: OpenPage) -> None:
    said = record_input(actor=cast.dalia, process=cast.process, said=Said("Keep the hubs.", "en"))
    mine = follow_input(actor=cast.dalia, said=said, contact=Contact("noor@example.org", "en", "Africa/Tunis"))
    secret = mine.correspondent.secret
    page = open_page(f"/mail/{secret}/", javascript=False)
    page.get_by_label("once a day").check()
    page.get_by_role("button", name="Yes, send me mail").click()
    assert Correspondent.objects.get().frequency == Frequency.DAILY
    page.goto(f"/mail/{secret}/stop/")
    page.get_by_role("button", name="No more mail").click()
    assert "Nothing more is sent" in page.locator("main").inner_text()
    assert Correspondent.objects.get().frequency == Frequency.NONE


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_their_pages_are_accessible_at_every_width(cast: Cast, open_page: OpenPage, lang: str) -> None:
    prefix = "" if lang == "en" else "/ar"
    coming, held = announce(cast, 7), announce(cast, -1)
    page = open_page(lang=lang)
    sign_in(page, "chen")
    found = []
    for address in (f"{ROOT}meetings/", coming, f"{held}report/", f"{coming}kit/", f"{ROOT}inputs/import/"):
        page.goto(f"{prefix}{address}")
        found += find_in_every_shape(page, widths=(360, 1440), schemes=("light", "dark"))
    assert found == []
