"""The pages for readers: what they show, to whom, and in how many queries."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.documents.actions.lineage import draw_edge
from harken.documents.actions.publication import revise_document
from harken.documents.actions.texts import write_chapter
from harken.documents.drafts import DraftPassage
from harken.documents.models import Document, LineageKind, Passage, PassageKind
from harken.people.models import GroupKind
from harken.processes.actions import PillarText, change_iteration, describe_group, set_pillars
from harken.processes.keeping import forget_kept
from harken.processes.models import Iteration, Phase, Process
from tests.cast import PASSWORD, Cast, add_round, open_phase, text_of

ROOT = "/processes/open-garden/"


@pytest.fixture
def document(cast: Cast) -> Document:
    _first, (earlier,) = add_round(cast.process, cast.advocacy, "Water the beds", number=1)
    _second, (later, *_rest) = add_round(
        cast.process, cast.advocacy, "Water the beds at night", "Share tools", number=2
    )
    draw_edge(
        actor=OPERATOR,
        process=cast.process,
        earlier=earlier,
        later=later,
        kind=LineageKind.REVISED,
        reason="Less is lost.",
    )
    passages = [
        DraftPassage(PassageKind.TITLE, "Water the beds at night"),
        DraftPassage(PassageKind.ALTERNATIVE, "Let the sun sleep first"),
        DraftPassage(PassageKind.HEADING, "Why"),
        DraftPassage(PassageKind.PARAGRAPH, "Half of the water is *lost* at noon. <script>alert(1)</script>"),
        DraftPassage(PassageKind.PARAGRAPH, "الماء أغلى من الذهب.", lang="ar"),
    ]
    revise_document(actor=OPERATOR, document=later, passages=passages)
    later.refresh_from_db()
    return later


def test_a_recommendation_shows_its_passages_code_lineage_and_neighbours(client: Client, document: Document) -> None:
    page = text_of(client, f"{ROOT}iteration-2/AD-R1/")
    assert "Water the beds at night" in page
    assert "Let the sun sleep first" in page
    assert "Less is lost." in page
    assert f"{ROOT}iteration-1/AD-R1/" in page
    assert f"{ROOT}iteration-2/AD-R2/" in page
    assert "<em>lost</em>" in page
    assert "<script>alert" not in page
    for passage in Passage.objects.filter(document=document, versions__kind="paragraph"):
        assert f'id="p-{passage.public_id}"' in page
    assert 'lang="ar" dir="rtl"' in page


def test_a_passages_permanent_address_leads_to_it(client: Client, document: Document) -> None:
    passage = Passage.objects.filter(document=document).latest("id")
    response = client.get(f"/passages/{passage.public_id}/")
    assert (response.status_code, response["Location"]) == (302, f"{ROOT}iteration-2/AD-R1/#p-{passage.public_id}")
    assert client.get("/passages/bbbbbbbbb/").status_code == 404


def test_what_is_hidden_is_not_there_for_strangers(client: Client, cast: Cast, document: Document) -> None:
    passage = Passage.objects.filter(document=document).latest("id")
    addresses = [
        ROOT,
        f"{ROOT}iteration-2/",
        f"{ROOT}iteration-2/AD-R1/",
        f"{ROOT}lineage/",
        f"/passages/{passage.public_id}/",
    ]
    Process.objects.filter(pk=cast.process.pk).update(is_public=False)
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.get(f"{ROOT}search/?q=water").status_code == 404
    assert "Open Garden" not in text_of(client, "/")
    assert "Water" not in text_of(client, "/search/?q=beds")
    client.login(username="bruno", password=PASSWORD)
    assert client.get(addresses[2]).status_code == 200


def test_an_unpublished_iteration_is_for_organisers(client: Client, cast: Cast, document: Document) -> None:
    Iteration.objects.filter(pk=document.iteration_id).update(is_public=False)
    assert client.get(f"{ROOT}iteration-2/AD-R1/").status_code == 404
    assert f"{ROOT}iteration-2/" not in text_of(client, ROOT)
    client.login(username="amina", password=PASSWORD)
    assert client.get(f"{ROOT}iteration-2/AD-R1/").status_code == 200


@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "hi", "pt"])
def test_every_public_page_answers_in_every_language_of_the_interface(
    client: Client, cast: Cast, document: Document, language: str
) -> None:
    open_phase(cast.process, "read", "give_input")
    prefix = "" if language == "en" else f"/{language}"
    places = ["", "timeline/", "groups/", "groups/AD/", "contents/", "lineage/", "iteration-2/", "iteration-2/AD-R1/"]
    places += ["iteration-2/AD-R1/lineage/", "search/?q=water", "lineage/?group=AD"]
    for address in ["/", "/search/?q=water", *(ROOT + place for place in places)]:
        page = text_of(client, prefix + address)
        assert f'lang="{language}"' in page
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_readers_who_have_the_page_get_304_until_it_changes(client: Client, cast: Cast, document: Document) -> None:
    address = f"{ROOT}iteration-2/AD-R1/"
    first = client.get(address)
    assert first["ETag"]
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    revise_document(actor=OPERATOR, document=document, passages=[DraftPassage(PassageKind.TITLE, "Let it rain")])
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert not client.cookies


def test_a_page_is_not_kept_past_the_end_of_a_phase(client: Client, cast: Cast, document: Document) -> None:
    open_phase(cast.process, "read")
    address = f"{ROOT}iteration-2/AD-R1/"
    first = client.get(address)
    now = timezone.now()
    Phase.objects.filter(process=cast.process).update(closes_at=now)
    forget_kept()  # time goes on here by changing the phase behind everybody's back
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_page_for_somebody_signed_in_is_never_kept_by_a_cache(client: Client, document: Document) -> None:
    client.login(username="amina", password=PASSWORD)
    response = client.get(f"{ROOT}iteration-2/AD-R1/")
    assert "private" in response["Cache-Control"]
    assert "ETag" not in response


QUERIES = {
    "": 13,
    "timeline/": 3,
    "groups/": 4,
    "groups/AD/": 7,
    "iteration-2/": 6,
    "iteration-2/AD-R1/": 12,
    "lineage/": 7,
}


@pytest.mark.parametrize(("place", "queries"), QUERIES.items())
def test_a_page_takes_the_same_queries_with_one_row_and_with_many(
    client: Client,
    cast: Cast,
    document: Document,
    place: str,
    queries: int,
    django_assert_num_queries: object,
) -> None:
    for rounds in (range(3, 4), range(4, 7)):
        for number in rounds:
            add_round(cast.process, cast.advocacy, *(f"Round {number}, tree {tree}" for tree in rounds), number=number)
        open_phase(cast.process, "read")
        with django_assert_num_queries(queries):  # type: ignore[operator] # pytest-django's fixture has no public type
            text_of(client, ROOT + place)


def test_groups_processes_and_notes_are_found_too(client: Client, cast: Cast, document: Document) -> None:
    write_chapter(
        actor=OPERATOR,
        iteration=document.iteration,
        group=cast.advocacy,
        position=0,
        lang="en",
        notes=["We quarrel about hedgehogs."],
    )
    describe_group(
        actor=OPERATOR,
        process=cast.process,
        group=cast.advocacy,
        name="Advocacy",
        lang="en",
        description="We speak for the snails.",
        kind=GroupKind.WORKING_GROUP,
    )
    set_pillars(actor=OPERATOR, process=cast.process, pillars=[PillarText("Patience", "Nothing ripens overnight.")])
    assert f'href="{ROOT}iteration-2/#AD"' in text_of(client, "/search/?q=hedgehog")
    assert f'href="{ROOT}groups/AD/"' in text_of(client, "/search/?q=snails")
    assert f'href="{ROOT}"' in text_of(client, "/search/?q=ripens")


def test_what_an_unpublished_iteration_says_is_not_found_until_it_is_published(
    client: Client, document: Document
) -> None:
    words: dict[str, Any] = {"title": "Iteration 2", "date": "", "lang": "en", "languages": []}
    iteration = document.iteration
    change_iteration(actor=OPERATOR, iteration=iteration, is_public=False, **words)
    assert "at night" not in text_of(client, "/search/?q=night")
    change_iteration(actor=OPERATOR, iteration=iteration, is_public=True, **words)
    assert f"{ROOT}iteration-2/AD-R1/" in text_of(client, "/search/?q=night")


@pytest.mark.parametrize(("prefix", "query"), [("", ""), ("/ar", ""), ("/ar", "?group=AD"), ("", "?group=AD")])
def test_each_language_of_the_interface_is_one_link_away(
    client: Client, document: Document, prefix: str, query: str
) -> None:
    page = text_of(client, f"{prefix}{ROOT}lineage/{query}")
    for other in ("", "/ar", "/hi"):
        assert f'href="{other}{ROOT}lineage/{query}"' in page
