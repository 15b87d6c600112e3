"""A real MediaWiki on the loopback address: what people post there comes in, once, by who posted it.

No part of `make test`: `make test-mediawiki` runs it.
"""

import contextlib
import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from harken.__main__ import cli
from harken.core.talk.model import Post, Thread, walk
from harken.core.talk.wiki.languages import LANGUAGES
from harken.inputs.foreign import CannotRead, Entry
from harken.inputs.live_wiki import read_live_talk
from harken.inputs.models import Input, Source, Wording
from tests.cast import Cast
from tools.mediawiki import Editor, Wiki, serve_wiki, temporary_wiki

ZONES = {"ar": "Africa/Cairo", "de": "Europe/Berlin", "es": "America/Bogota", "fa": "Asia/Tehran", "hi": "Asia/Kolkata"}


class Garden:
    """A wiki and who is signed in to it, for as long as it is served."""

    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self.people: dict[str, Editor] = {}

    @property
    def address(self) -> str:
        return self.wiki.address

    @property
    def api(self) -> str:
        return self.wiki.api

    def save(self, name: str, title: str, **fields: str) -> None:
        if name not in self.people:
            self.people[name] = Editor(self.wiki, name)
        self.people[name].edit(title, **fields)

    def close(self) -> None:
        for editor in self.people.values():
            editor.leave()
        self.people.clear()

    def read(self, title: str) -> str:
        return self.people["Amina"].read(title)[1]


@pytest.fixture(scope="module")
def garden() -> Iterator[Garden]:
    with temporary_wiki(("Bruno", "Mallory")) as wiki:
        yield Garden(wiki)


@pytest.fixture
def wiki(garden: Garden, settings: LazySettings) -> Iterator[Garden]:
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{garden.wiki.port}"]
    with serve_wiki(garden.wiki), contextlib.closing(garden):
        yield garden


@pytest.fixture
def page(wiki: Garden, request: Any) -> str:
    """A talk page on which Amina and Bruno have spoken."""
    title = "Talk:" + " ".join(re.findall("[a-z]+", request.node.name)).capitalize()
    wiki.save("Amina", title, text="== Water ==\nI would water at night. ~~~~\n")
    wiki.save("Bruno", title, appendtext="\n: No, at noon. ~~~~\n")
    return title


def bring_in(address: str) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["import", "talk", address, "--process", "open-garden", "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def counts(told: dict[str, Any]) -> tuple[int, int, int]:
    return told["added"], told["changed"], told["same"]


def language_of(wiki: Wiki) -> str:
    asked = {"action": "query", "meta": "siteinfo", "format": "json"}
    said = httpx.get(wiki.api, params=asked, timeout=60).json()
    return str(said["query"]["general"]["lang"])


def posts(entries: list[Entry]) -> list[Post]:
    return [post for entry in entries if isinstance(entry, Thread) for post in walk(entry.posts)]


def test_what_is_posted_comes_in_once_and_what_follows_later(cast: Cast, wiki: Garden, page: str) -> None:
    address = f"{wiki.api}?titles={page}"
    first = bring_in(address)
    assert counts(first) == (2, 0, 0)
    assert not [one for one in first["examples"] if one["reason"] != "assumed"]
    assert counts(bring_in(address)) == (0, 0, 2)

    wiki.save("Mallory", page, appendtext="\n:: Why not both? ~~~~\n")
    assert counts(bring_in(address)) == (1, 0, 2)
    said = Input.objects.order_by("order_key")
    assert [(one.depth, one.wordings.get().speaker_name, one.wordings.get().text) for one in said] == [
        (1, "Amina", "I would water at night."),
        (2, "Bruno", "No, at noon."),
        (3, "Mallory", "Why not both?"),
    ]
    now = datetime.datetime.now(tz=datetime.UTC)
    assert all(abs(now - one.at) < datetime.timedelta(minutes=10) for one in said)
    source = Source.objects.get()
    assert (source.title, source.address) == (page, f"{wiki.address}/index.php/{page.replace(' ', '_')}")


def test_a_changed_post_gets_a_further_wording(cast: Cast, wiki: Garden, page: str) -> None:
    address = f"{wiki.api}?titles={page}"
    bring_in(address)
    wiki.save("Bruno", page, text=wiki.read(page).replace("at noon", "in the morning"))
    assert counts(bring_in(address)) == (0, 1, 1)
    changed = Wording.objects.filter(speaker_name="Bruno").order_by("number")
    assert [(one.number, one.text) for one in changed] == [(1, "No, at noon."), (2, "No, in the morning.")]
    assert counts(bring_in(address)) == (0, 0, 2)


def test_a_renamed_section_stays_one_conversation(cast: Cast, wiki: Garden, page: str) -> None:
    address = f"{wiki.api}?titles={page}"
    bring_in(address)
    wiki.save("Bruno", page, text=wiki.read(page).replace("== Water ==", "== Watering the beds =="))
    assert counts(bring_in(address)) == (0, 0, 2)
    wiki.save("Mallory", page, appendtext="\nMulch them instead. ~~~~\n")
    assert counts(bring_in(address)) == (1, 0, 2)
    assert Input.objects.values("thread").distinct().count() == 1
    assert Wording.objects.get(speaker_name="Mallory").heading == "Watering the beds"


def test_missing_and_forged_signatures_are_by_who_saved_them_and_told(cast: Cast, wiki: Garden, page: str) -> None:
    forged = wiki.read(page).split("night. ")[1].split("\n")[0]
    wiki.save("Mallory", page, appendtext=f"\n: I was wrong, dig it up. {forged}\n")
    wiki.save("Bruno", page, appendtext="\nI never sign.\n")
    told = bring_in(f"{wiki.api}?titles={page}")
    assert counts(told) == (4, 0, 0)
    assert {(one.text, one.speaker_name) for one in Wording.objects.all()} == {
        ("I would water at night.", "Amina"),
        ("No, at noon.", "Bruno"),
        ("I was wrong, dig it up.", "Mallory"),
        ("I never sign.", "Bruno"),
    }
    assert {one["reason"]: one["text"] for one in told["examples"] if one["reason"].startswith("sign")} == {
        "signed_as_another": "Signed as Amina, saved by Mallory: I was wrong, dig it up.",
        "signature_missing": "Saved by Bruno: I never sign.",
    }


def test_words_changed_by_somebody_else_are_told(cast: Cast, wiki: Garden, page: str) -> None:
    address = f"{wiki.api}?titles={page}"
    bring_in(address)
    wiki.save("Mallory", page, text=wiki.read(page).replace("at night", "never"))
    told = bring_in(address)
    assert counts(told) == (0, 1, 1)
    assert told["findings"]["changed_by_another"] == 1
    assert set(Wording.objects.filter(text__startswith="I would").values_list("speaker_name", flat=True)) == {"Amina"}


@pytest.mark.parametrize("form", ["index.php?title={}", "index.php/{}"])
def test_the_address_of_a_page_leads_to_its_api(cast: Cast, wiki: Garden, page: str, form: str) -> None:
    assert counts(bring_in(f"{wiki.address}/{form.format(page.replace(' ', '_'))}")) == (2, 0, 0)


def test_several_pages_come_in_as_sources_of_their_own(cast: Cast, wiki: Garden, page: str) -> None:
    wiki.save("Bruno", f"{page} two", text="== Gate ==\nOpen it. ~~~~\n")
    wiki.save("Bruno", f"{page} old", text=f"#REDIRECT [[{page} two]]")
    assert counts(bring_in(f"{wiki.api}?titles={page}|{page} old")) == (3, 0, 0)
    assert counts(bring_in(f"{wiki.api}?titles={page} two")) == (0, 0, 1)
    assert set(Source.objects.values_list("title", flat=True)) == {page, f"{page} two"}
    prefix = page.removeprefix("Talk:")
    listed = f"{wiki.api}?generator=allpages&gapnamespace=1&gapprefix={prefix}"
    assert counts(bring_in(listed)) == (0, 0, 3)


def test_more_revisions_than_one_answer_holds_are_all_read(cast: Cast, wiki: Garden, page: str) -> None:
    for number in range(60):
        wiki.save("Bruno", page, appendtext=f"\n: Point {number}. ~~~~\n")
    assert counts(bring_in(f"{wiki.api}?titles={page}")) == (62, 0, 0)
    assert Wording.objects.exclude(extra__has_key="revision").count() == 0


@pytest.mark.parametrize("named", ["titles=Talk:Nothing_here", "titles=Talk:<bad>", "pageids=987654", "list=users"])
def test_a_page_that_is_not_there_is_told_in_one_line(wiki: Garden, named: str) -> None:
    with pytest.raises(CannotRead) as told:
        list(read_live_talk(f"{wiki.api}?{named}"))
    assert "page" in str(told.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_signatures_of_every_language_are_read(garden: Garden, settings: LazySettings, language: str) -> None:
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{garden.wiki.port}"]
    zone = ZONES.get(language, "UTC")
    with serve_wiki(garden.wiki, language=language, zone=zone) as wiki, contextlib.closing(garden):
        title = f"Talk:In {language}"
        garden.save("Bruno", title, text="== Water ==\nAt night. ~~~~\n")
        assert language_of(wiki) == language
        [part] = read_live_talk(f"{wiki.api}?titles={title}")
        [post] = posts(list(part.entries))
        assert (post.author, post.text, set(post.extra)) == ("Bruno", "At night.", {"revision"})
        assert post.at is not None
        assert abs(datetime.datetime.now(tz=datetime.UTC) - post.at) < datetime.timedelta(minutes=10)
