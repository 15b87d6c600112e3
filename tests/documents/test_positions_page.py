"""The page on which the members of a group say where they stand on its text."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.documents.models import ChangeClass, Document, Position, Reviewer
from harken.people.models import User
from tests.cast import Cast, text_of
from tests.documents.test_consensus import CONSENT, OBJECT, PLACE, make_group_text, members_of, save, state

PAGE_QUERIES = 15


@pytest.fixture
def document(cast: Cast) -> Document:
    return make_group_text(cast)


@pytest.fixture
def group(document: Document) -> dict[str, User]:
    return members_of(document)


def test_the_page_takes_the_same_queries_with_one_position_and_with_three(
    client: Client, document: Document, group: dict[str, User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(group["bruno"])
    state(document, group["bruno"], CONSENT)
    with django_assert_num_queries(PAGE_QUERIES):
        text_of(client, PLACE)
    for name in ("gita", "hana"):
        state(document, group[name], OBJECT, "Too dry.")
        state(document, group[name], OBJECT, "Too wet.")
    with django_assert_num_queries(PAGE_QUERIES):
        text_of(client, PLACE)


@pytest.fixture
def page_of(client: Client, group: dict[str, User]) -> Callable[[User], str]:
    """The page of positions as somebody gets it."""

    def get(user: User) -> str:
        client.force_login(user)
        return text_of(client, PLACE)

    return get


def test_the_page_shows_members_everything_and_observers_what_readers_see(
    cast: Cast, document: Document, group: dict[str, User], page_of: Callable[[User], str]
) -> None:
    Reviewer.objects.create(chapter=document.chapter, user=cast.dalia, invited_by_name="Bruno", at=timezone.now())
    state(document, group["gita"], CONSENT)
    state(document, group["gita"], OBJECT, "Too wet for roses.")
    page = page_of(group["hana"])
    for said in ("Too wet for roses.", "Gita", "1 position before", "You have not said yet where you stand."):
        assert said in page
    for observer in (cast.dalia, cast.amina):
        page = page_of(observer)
        assert "Not all members agree." in page
        for secret in ("Too wet for roses.", "Gita", "Hana", "position before", 'name="kind"'):
            assert secret not in page


def test_strangers_are_told_whose_page_it_is(client: Client, cast: Cast, document: Document) -> None:
    client.force_login(cast.farid)
    assert "Only members of Advocacy" in text_of(client, PLACE, status=403)
    client.logout()
    assert client.get(PLACE).status_code == 302


def test_a_position_is_stated_in_the_browser(client: Client, document: Document, group: dict[str, User]) -> None:
    client.force_login(group["gita"])
    fields = {"revision": "1", "kind": "object", "words": "مبتلّ جدًّا.", "lang": "ar"}
    response = client.post(PLACE, fields)
    assert (response.status_code, response["Location"]) == (302, f"{PLACE}#all")
    page = text_of(client, PLACE)
    assert '<p class="words said" lang="ar" dir="rtl">مبتلّ جدًّا.</p>' in page
    assert "on revision 1, the newest" in page
    save(document, "No water.", ChangeClass.MEANING, publish=False)
    page = text_of(client, PLACE)
    assert "on revision 1; the text has changed since: meaning" in page
    assert "You said “Object” on revision 1; the meaning has changed since." in page


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "object", "words": " "}, "Say why, in a few words"),
        ({"kind": ""}, "Choose one of the four."),
        ({"kind": "consent", "revision": "77"}, "This text has no revision 77."),
        ({"kind": "consent", "lang": "xx-nowhere"}, "Write a language code"),
        ({"kind": "object", "words": "No\x01"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_written(
    client: Client, document: Document, group: dict[str, User], fields: dict[str, str], reason: str
) -> None:
    client.force_login(group["gita"])
    response = client.post(PLACE, {"revision": "1", "words": "Roses", "lang": "en"} | fields)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Position.objects.exists()


def test_the_group_sets_in_the_browser_what_readers_see(
    client: Client, document: Document, group: dict[str, User]
) -> None:
    client.force_login(group["gita"])
    assert 'name="shown"' not in text_of(client, PLACE)
    assert client.post(f"{PLACE}shown/", {"shown": "names"}).status_code == 403
    client.force_login(group["bruno"])
    assert client.post(f"{PLACE}shown/", {"shown": "everything"}).status_code == 422
    assert client.post(f"{PLACE}shown/", {"shown": "reasons"}).status_code == 302
    page = text_of(client, PLACE)
    assert re.search(r'<input type="radio" name="shown" value="reasons"[^>]* checked', page)
    assert "your words without your name" in page
