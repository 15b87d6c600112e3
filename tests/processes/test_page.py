"""What stands around every page of a process: what is open now, and nothing that belongs to somebody else's page."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone, translation

from harken.base.permits import OPERATOR
from harken.processes.actions import add_phase, change_phase, change_process
from harken.processes.models import Phase, Process
from harken.processes.page import describe_line
from harken.processes.queries import Timeline, describe_phase
from tests.cast import Cast, text_of

NOW = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
GROUPS = "/processes/open-garden/groups/"


def phase(name: str, opens: int | None, closes: int | None, *actions: str) -> Phase:
    """A phase whose window is told in days from now."""
    opens_at, closes_at = (None if days is None else NOW + days * DAY for days in (opens, closes))
    return Phase(name=name, lang="en", opens_at=opens_at, closes_at=closes_at, actions=list(actions))


def timeline(*phases: Phase, now: datetime.datetime = NOW) -> Timeline:
    return Timeline(tuple(describe_phase(one, now) for one in phases), now)


@pytest.mark.parametrize(
    ("phases", "told"),
    [
        ((phase("Over", -9, -2), phase("Now", -2, 7, "read"), phase("Next", 7, 9)), ("open", "Now", 7, "read")),
        ((phase("Now", -2, None, "draft"),), ("open", "Now", 0, "")),
        ((phase("Long", -2, 30), phase("Short", -2, 3)), ("open", "Short", 3, "")),
        ((phase("Over", -9, -2, "read"), phase("Next", 7, 9, "read")), ("coming", "Next", 7, "")),
        ((phase("First", -9, -5), phase("Last", -5, -2)), ("past", "Last", 0, "")),
    ],
)
def test_the_line_tells_what_is_open_else_what_comes_else_what_was(
    phases: tuple[Phase, ...], told: tuple[str, str, int, str]
) -> None:
    line = describe_line(timeline(*phases))
    assert line is not None
    assert (line.state, line.name, line.days, line.action_name) == told
    assert (line.action.name if line.action else "") == told[-1]


def test_without_phases_there_is_no_line() -> None:
    assert describe_line(timeline()) is None


def test_the_same_line_is_another_one_a_day_later() -> None:
    now = phase("Now", -2, 7, "read")
    first, again, later = (describe_line(timeline(now, now=moment)) for moment in (NOW, NOW, NOW + DAY))
    assert first == again
    assert hash(first) == hash(again)
    assert first != later


def words_of(process: Process) -> dict[str, object]:
    names = ("summary", "direction", "lang", "languages", "time_zone", "accent", "is_public")
    return {name: getattr(process, name) for name in names}


def test_a_change_shows_around_the_next_page(client: Client, cast: Cast) -> None:
    """Each page is asked for twice, so that what is kept is what is seen."""
    begins = timezone.now() - DAY
    listen = add_phase(
        actor=OPERATOR, process=cast.process, name="Listen", opens_at=begins, closes_at=None, actions=["give_input"]
    )
    for _again in range(2):
        page = text_of(client, GROUPS)
        assert ">Listen</bdi>" in page
        assert "Say what you think" in page
    change_phase(
        actor=OPERATOR,
        phase=listen,
        name="Read <it>",
        description="",
        lang="en",
        opens_at=begins,
        closes_at=None,
        actions=["read"],
    )
    change_process(actor=OPERATOR, process=cast.process, name="Closed Garden", **words_of(cast.process))  # type: ignore[arg-type] # the words are as the process has them
    for _again in range(2):
        page = text_of(client, GROUPS)
        assert ">Read &lt;it&gt;</bdi>" in page
        assert "Say what you think" not in page
        assert page.count(">Closed Garden</a>") == 2, "above and below"
        assert "Open Garden</a>" not in page


def test_a_process_that_is_not_public_says_so_until_it_is(amina: Client, cast: Cast) -> None:
    Process.objects.filter(pk=cast.process.pk).update(is_public=False)
    assert "Not public yet." in text_of(amina, GROUPS)
    Process.objects.filter(pk=cast.process.pk).update(is_public=True)
    assert "Not public yet." not in text_of(amina, GROUPS)


def test_nothing_of_one_readers_page_stands_in_the_next_ones(client: Client, cast: Cast) -> None:
    strangers = [text_of(client, GROUPS)]
    client.force_login(cast.amina)
    organisers = text_of(client, GROUPS)
    client.force_login(cast.dalia)
    members = text_of(client, GROUPS)
    client.logout()
    strangers.append(text_of(client, GROUPS))
    organise = 'href="/processes/open-garden/settings/"'
    assert organise in organisers
    assert organise not in members
    assert "Amina" not in members
    assert "Dalia" in members
    assert strangers[0] == strangers[1]
    for private in (organise, "Amina", "Dalia", "csrfmiddlewaretoken"):
        assert private not in strangers[1]


def test_each_process_has_its_own_header(client: Client, cast: Cast) -> None:
    other = Process.objects.create(slug="other", name="Other", body=cast.advocacy, is_public=True, lang="ar")
    for _again in range(2):
        for process in (cast.process, other):
            page = text_of(client, f"/processes/{process.slug}/groups/")
            assert page.count(f"/processes/{process.slug}/search/") == 2
            assert page.count(f">{process.name}</a>") == 2
            assert ("open-garden" in page) == (process == cast.process)


def test_each_language_has_its_own_header(client: Client, cast: Cast) -> None:
    with translation.override("en"):
        for _again in range(2):
            assert f'<a href="{GROUPS}" aria-current="page">Groups</a>' in text_of(client, GROUPS)
            assert f'<a href="/de{GROUPS}" aria-current="page">Gruppen</a>' in text_of(client, f"/de{GROUPS}")
