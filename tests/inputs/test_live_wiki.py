"""Talk pages of a live wiki: asked for politely, each post by who saved it, and never from a private host.

`make test-mediawiki` does the same with a real MediaWiki.
"""

import json
import zoneinfo
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from harken.__main__ import cli
from harken.core.talk.model import Finding, Thread, walk
from harken.inputs import live_wiki
from harken.inputs.brought import Brought, Format, preview_brought
from harken.inputs.foreign import CannotRead, Part
from harken.inputs.live_wiki import LONGEST_WAIT, MOST_WAITS, read_live_talk
from harken.inputs.models import Consent, Input, Source, Wording
from harken.inputs.queries.named import NamedTexts
from harken.inputs.queries.texts import TextsToSpeakOf
from tests.cast import Cast
from tests.inputs.wiki_server import Answer, Wiki, serve

ONE = "== Water ==\nAt night. [[User:Ann|Ann]] 10:00, 9 August 2019 (UTC)\n"
TWO = ONE + ": At noon. [[User:Ben|Ben]] 10:01, 9 August 2019 (UTC)\n"
THREE = TWO + ":: Never! [[User:Ann|Ann]] 10:02, 9 August 2019 (UTC)\n"
FOUR = THREE + "I do not sign.\n"


@pytest.fixture
def wiki(settings: LazySettings) -> Iterator[Wiki]:
    steps = [("Ann", ONE), ("Ben", TWO), ("Mallory", THREE), ("Dan", FOUR)]
    with serve(Wiki({"Talk:Beds": steps, "Talk:Gates": [("Ann", ONE)], "Talk:Old gates": [("Ann", ONE)]})) as wiki:
        settings.PRIVATE_HOSTS = [urlsplit(wiki.address).netloc]
        yield wiki


def read(address: str, waited: list[float] | None = None) -> list[Part]:
    return list(read_live_talk(address, wait=(waited if waited is not None else []).append))


def said(part: Part) -> list[tuple[str, str]]:
    threads = [entry for entry in part.entries if isinstance(entry, Thread)]
    return [(post.author, post.text) for thread in threads for post in walk(thread.posts)]


def reasons(part: Part) -> list[str]:
    return [entry.reason for entry in part.entries if isinstance(entry, Finding)]


def test_each_post_is_by_who_saved_it_and_where_the_signature_differs_it_is_told(wiki: Wiki) -> None:
    [part] = read(f"{wiki.api}?titles=Talk:Beds")
    assert said(part) == [
        ("Ann", "At night."),
        ("Ben", "At noon."),
        ("Mallory", "Never!"),
        ("Dan", "I do not sign."),
    ]
    assert reasons(part) == ["assumed", "signed_as_another", "signature_missing"]
    assert (part.key, part.title) == (f"{wiki.address}/wiki/Talk:Beds", "Talk:Beds")


def test_a_wiki_is_asked_politely(wiki: Wiki) -> None:
    read(f"{wiki.api}?titles=Talk:Beds")
    assert {asked["maxlag"] for asked in wiki.asked} == {"5"}
    [visitor] = wiki.visitors
    assert visitor.startswith("Harken/")
    assert "+http" in visitor
    assert [asked.get("rvcontinue") for asked in wiki.asked if asked.get("prop", "").startswith("revisions")] == [
        None,
        "2",
    ]


def test_the_address_of_a_page_leads_to_the_api(wiki: Wiki) -> None:
    for address in ("/wiki/Talk:Beds", "/wiki/index.php?title=Talk:Beds&action=history", "/wiki/Talk:Beds#Water"):
        [part] = read(wiki.address + address)
        assert part.title == "Talk:Beds"


def test_pages_that_a_wiki_lists_itself_are_all_read(wiki: Wiki) -> None:
    parts = read(f"{wiki.api}?generator=allpages&gapnamespace=1")
    assert [part.title for part in parts] == ["Talk:Beds", "Talk:Gates", "Talk:Old gates"]
    assert parts[-1].reading.share == 1
    assert {asked["gapnamespace"] for asked in wiki.asked if "generator" in asked} == {"1"}


def test_a_busy_wiki_is_left_alone_as_long_as_it_asks(wiki: Wiki) -> None:
    lag = json.dumps({"error": {"code": "maxlag", "info": "Waiting for a server: 7 seconds lagged."}})
    wiki.instead = [
        Answer(lag, headers={"Retry-After": "7"}),
        Answer("", 503, {"Retry-After": "30"}),
        Answer("", 429),
        Answer(lag, headers={"Retry-After": "Fri, 09 Aug 2019 10:00:00 GMT"}),
    ]
    waited: list[float] = []
    [part] = read(f"{wiki.api}?titles=Talk:Gates", waited)
    assert waited == [7, 30, 5, 5]
    assert said(part) == [("Ann", "At night.")]


@pytest.mark.parametrize("seconds", ["1", str(int(LONGEST_WAIT) + 1)])
def test_a_wiki_that_stays_busy_is_given_up(wiki: Wiki, seconds: str) -> None:
    wiki.instead = [Answer("", 503, {"Retry-After": seconds})] * (MOST_WAITS + 1)
    with pytest.raises(CannotRead, match="Try again later"):
        read(f"{wiki.api}?titles=Talk:Gates")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/w/api.php?titles=Talk:Nothing", "has no page “Talk:Nothing”"),
        ("/w/api.php?action=query", "names no page"),
        ("/wiki/", "names no page"),
        ("/elsewhere", "where its API is"),
    ],
)
def test_what_is_no_page_is_told_in_one_line(wiki: Wiki, asked: str, told: str) -> None:
    with pytest.raises(CannotRead, match=told) as refusal:
        read(wiki.address + asked)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<html>", "does not answer with JSON"),
        ("[" * 100_000, "does not answer with JSON"),
        ("[1]", "no API of a wiki"),
        ('{"query": []}', "no API of a wiki"),
        ('{"error": {"code": "readapidenied", "info": "You need read permission."}}', "You need read permission"),
    ],
)
def test_what_is_no_answer_of_a_wiki_is_told_in_one_line(wiki: Wiki, body: str, told: str) -> None:
    wiki.instead = [Answer(body)]
    with pytest.raises(CannotRead, match=told):
        read(f"{wiki.api}?titles=Talk:Gates")


def test_a_page_that_is_no_wikitext_is_told(wiki: Wiki) -> None:
    wiki.models["Talk:Gates"] = "flow-board"
    [part] = read(f"{wiki.api}?titles=Talk:Gates")
    assert (said(part), reasons(part)) == ([], ["no_wikitext"])


def test_a_page_without_end_and_a_list_without_end_are_refused(wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_wiki, "MOST_ANSWERS", 1)
    with pytest.raises(CannotRead, match="import a dump"):
        read(f"{wiki.api}?titles=Talk:Beds")
    monkeypatch.setattr(live_wiki, "MOST_PAGES", 2)
    with pytest.raises(CannotRead, match="import a dump"):
        read(f"{wiki.api}?generator=allpages")


def test_a_private_host_is_asked_only_if_the_operator_named_it(wiki: Wiki, settings: LazySettings) -> None:
    settings.PRIVATE_HOSTS = []
    for address in (f"{wiki.api}?titles=Talk:Beds", f"{wiki.address}/wiki/Talk:Beds"):
        with pytest.raises(CannotRead, match="private address"):
            read(address)
    assert not wiki.asked


def test_what_is_new_comes_in_later_and_a_renamed_section_stays_one_conversation(cast: Cast, wiki: Wiki) -> None:
    def bring_in() -> tuple[int, int, int]:
        arguments = ["import", "talk", f"{wiki.api}?titles=Talk:Beds", "--process", "open-garden", "--json"]
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        return told["added"], told["changed"], told["same"]

    assert bring_in() == (4, 0, 0)
    assert bring_in() == (0, 0, 4)
    steps = wiki.pages["Talk:Beds"]
    steps.append(("Ben", FOUR.replace("At noon", "In the morning")))
    assert bring_in() == (0, 1, 3)
    steps.append(("Ben", steps[-1][1].replace("== Water ==", "== Watering ==")))
    assert bring_in() == (0, 0, 4)
    steps.append(("Eve", steps[-1][1] + "\nMulch. [[User:Eve|Eve]] 10:06, 9 August 2019 (UTC)\n"))
    assert bring_in() == (1, 0, 4)
    assert Input.objects.values("thread").distinct().count() == 1
    assert Wording.objects.get(speaker_name="Eve").heading == "Watering"
    assert Source.objects.get().address == f"{wiki.address}/wiki/Talk:Beds"


def test_what_cannot_be_fetched_ends_the_command_with_one_line(cast: Cast) -> None:
    done = CliRunner().invoke(cli, ["import", "talk", "http://127.0.0.1:1/w/api.php?titles=X", "--preview"])
    assert done.exit_code == 2
    assert "private address" in done.output
    assert "Traceback" not in done.output


def test_a_page_that_is_looked_at_waits_for_no_wiki(wiki: Wiki) -> None:
    wiki.instead = [Answer("", 503, {"Retry-After": "30"})]
    address = f"{wiki.api}?titles=Talk:Gates"
    brought = Brought(Format.TALK, (), address, zoneinfo.ZoneInfo("UTC"), "", None, Consent.PUBLIC)
    with pytest.raises(CannotRead, match="busy now"):
        preview_brought(brought, NamedTexts(TextsToSpeakOf([])))
