"""Where late input is taken, the ways into the form stay, and say that its phase is over."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.documents.models import Document, Version
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.models import LateInput
from harken.processes.actions import add_phase
from harken.processes.models import Process
from harken.processes.page import describe_line
from harken.processes.queries import timeline_of
from tests.cast import Cast, text_of

DAY = datetime.timedelta(days=1)
OVERVIEW = "/processes/open-garden/"
IN_THE_MARGIN = {"HX-Request": "true"}
ENDED = "The phase for this ended on"
LATE = "What you say now is still taken, and marked as late."


def add(process: Process, begins: int, ends: int, *actions: str) -> None:
    now = timezone.now()
    add_phase(
        actor=OPERATOR,
        process=process,
        name="Phase",
        opens_at=now + begins * DAY,
        closes_at=now + ends * DAY,
        actions=list(actions),
    )


def take_late(process: Process, late: LateInput) -> None:
    set_input_rules(actor=OPERATOR, process=process, rules=Rules(late=late))
    process.refresh_from_db()


@pytest.fixture
def pages(cast: Cast, garden: list[Document]) -> tuple[str, str]:
    """The pages of a text and of its last passage, in a process whose phase for input is over."""
    add(cast.process, -9, -2, "give_input")
    text = f"{OVERVIEW}{garden[0].iteration.slug}/{garden[0].code}/"
    passage = Version.objects.filter(passage__document=garden[0]).order_by("pk").last()
    assert passage is not None
    return text, f"{text}passages/{passage.passage.public_id}/"


def ways_on(client: Client, address: str, headers: dict[str, str] | None = None) -> tuple[int, int]:
    """How many ways into the form a page has, on paper too, and how often it says that the phase is over."""
    page = client.get(address, headers=headers).content.decode()
    assert (ENDED in page) <= (LATE in page)
    return page.count("/say/?iteration") + page.count("/say/print/?iteration"), page.count(ENDED)


@pytest.mark.parametrize("also", [(), (-1, 5, "draft"), (3, 5, "give_input")])
def test_the_ways_into_the_form_stay_while_late_input_is_taken(
    client: Client, cast: Cast, pages: tuple[str, str], also: tuple[int, int, str] | tuple[()]
) -> None:
    if also:
        add(cast.process, *also)
    text, passage = pages
    wanted = ((text, None), (passage, None), (passage, IN_THE_MARGIN))
    assert [ways_on(client, *page) for page in wanted] == [(0, 0)] * 3
    take_late(cast.process, LateInput.ACCEPTED)
    assert [ways_on(client, *page) for page in wanted] == [(3, 1), (1, 1), (1, 1)]
    overview = text_of(client, OVERVIEW)
    assert (ENDED in overview, f'<a href="{OVERVIEW}say/">Say what you think</a>' in overview) == (True, True)
    take_late(cast.process, LateInput.REFUSED)
    assert [ways_on(client, *page) for page in wanted] == [(0, 0)] * 3


def test_in_time_nothing_is_said_of_being_late(client: Client, cast: Cast, pages: tuple[str, str]) -> None:
    take_late(cast.process, LateInput.ACCEPTED)
    add(cast.process, -1, 5, "give_input")
    assert [ways_on(client, page) for page in pages] == [(3, 0), (1, 0)]


def test_conversations_take_late_replies_and_agreement(client: Client, cast: Cast, pages: tuple[str, str]) -> None:
    assert "reply=" not in text_of(client, f"{OVERVIEW}inputs/")
    take_late(cast.process, LateInput.ACCEPTED)
    page = text_of(client, f"{OVERVIEW}inputs/")
    assert ("reply=" in page, "/agree/" in page, LATE in page) == (True, True, True)


def test_the_band_of_every_page_leads_to_what_is_taken_late(cast: Cast) -> None:
    add(cast.process, -9, -2, "give_input")
    timeline = timeline_of(cast.process, timezone.now())
    told = [describe_line(timeline, late) for late in ((), ("give_input",))]
    assert [line and (line.state, line.action_name) for line in told] == [("past", ""), ("past", "give_input")]


@pytest.mark.parametrize(
    ("phase", "late", "said"),
    [
        ((-9, 2), LateInput.REFUSED, "Until "),
        ((-9, -2), LateInput.REFUSED, "Input is not taken now."),
        ((-9, -2), LateInput.ACCEPTED, LATE),
        ((2, 9), LateInput.ACCEPTED, "This opens on"),
    ],
)
def test_the_form_on_paper_says_whether_it_is_taken(
    client: Client, cast: Cast, phase: tuple[int, int], late: LateInput, said: str
) -> None:
    add(cast.process, *phase, "give_input")
    take_late(cast.process, late)
    page = text_of(client, f"{OVERVIEW}say/print/")
    head = page[page.index('class="head paper-head"') : page.index('class="qr"')]
    assert said in head
    assert "UTC" in head, "whose clock it is"
