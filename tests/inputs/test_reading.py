"""Lists, conversations and feeds: what was asked for is found, on few queries, and no more is shown than may be."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.models import Document, Passage
from harken.inputs.actions.languages import correct_language
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.redaction import redact_input
from harken.inputs.actions.sources import open_source
from harken.inputs.models import (
    Channel,
    Consent,
    Fault,
    Input,
    Source,
    Standing,
)
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import NOON, a_post, a_source, bring_in, inputs_on, keys_on

LIST = "/processes/open-garden/inputs/"


def pk_of(key: str) -> int:
    return Input.objects.get(external_id=key).pk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["4", "3", "2", "1"]),
        ("?document=AD-R1", ["2", "1"]),
        ("?document=iteration-1/AD-R1", ["2", "1"]),
        ("?document=iteration-2/AD-R1", []),
        ("?document=AD-R9", []),
        ("?group=AD", ["3", "2", "1"]),
        ("?group=AD&document=AD-R2", ["3"]),
        ("?group=XX", []),
        ("?lang=ar", ["2"]),
        ("?lang=unknown", []),
        ("?channel=form", ["4"]),
        ("?channel=talk&lang=en", ["3", "1"]),
        ("?channel=pigeon", []),
        ("?stance=concern", ["1"]),
        ("?stance=concern&lang=ar", []),
        ("?q=wells", ["1"]),
        ("?q=seed&document=AD-R2", ["3"]),
        ("?q=seed&document=AD-R1", []),
        ("?q=seed&group=XX", []),
        ("?q=!", []),
        ("?late=on", []),
        ("?campaign=7", []),
        ("?campaign=x", []),
        ("?passage=nowhere", []),
        ("?source=0", []),
        ("?source=x", []),
        ("?unheard=of", ["4", "3", "2", "1"]),
    ],
)
def test_a_list_shows_what_was_asked_for(client: Client, garden: list[Document], query: str, found: list[str]) -> None:
    page = text_of(client, LIST + query)
    expected = [Input.objects.order_by("-pk")[0].external_id if key == "4" else key for key in found]
    assert keys_on(page) == expected


def test_a_list_shows_what_came_from_one_source(client: Client, garden: list[Document]) -> None:
    talk, form = (Source.objects.get(channel=channel).pk for channel in (Channel.TALK, Channel.FORM))
    assert keys_on(text_of(client, f"{LIST}?source={talk}")) == ["3", "2", "1"]
    assert keys_on(text_of(client, f"{LIST}?source={talk}&channel=talk&lang=ar")) == ["2"]
    assert keys_on(text_of(client, f"{LIST}?source={talk}&channel=form")) == []
    page = text_of(client, f"{LIST}?source={form}")
    assert (len(keys_on(page)), f'name="source" value="{form}"' in page) == (1, True)


def test_a_list_of_one_passage(client: Client, garden: list[Document]) -> None:
    passage = Input.objects.get(external_id="1").passage
    assert passage is not None
    assert keys_on(text_of(client, f"{LIST}?passage={passage.public_id}")) == ["1"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "4 inputs,"),
        ("?document=AD-R1", "2 inputs fit"),
        ("?lang=ar", "1 input fits"),
        ("?channel=talk", "3 inputs fit"),
        ("?q=well", "1 input fits"),
    ],
)
def test_a_list_says_how_many_there_are(client: Client, garden: list[Document], query: str, words: str) -> None:
    assert words in text_of(client, LIST + query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "58 inputs,"),
        ("?channel=talk", "58 inputs fit"),
        ("?document=AD-R1", "57 inputs fit"),
        ("?group=AD", "57 inputs fit"),
        ("?lang=en", "57 inputs fit"),
        ("?q=say", "57 inputs fit"),
    ],
)
def test_a_list_of_several_pages_says_how_many_can_be_read(client: Client, cast: Cast, query: str, words: str) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    talk = a_source(cast.process)
    bring_in(talk, *(a_post(str(number)) for number in range(58)), document=water)
    bring_in(talk, a_post("of the process", "Bonjour.", lang="fr"))
    bring_in(a_source(cast.process, "closed", Consent.CLOSED), a_post("closed"), document=water)
    prepare_inputs()
    Input.objects.filter(external_id="3").update(standing=Standing.HIDDEN)
    assert words in text_of(client, LIST + query)


def test_more_than_a_thousand_are_not_counted_one_by_one(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), *(a_post(str(number)) for number in range(1_001)))
    assert "More than 1000 inputs" in text_of(client, f"{LIST}?lang=en")
    assert "1001 inputs," in text_of(client, LIST)


def test_what_cannot_be_read_is_not_counted(client: Client, garden: list[Document], cast: Cast) -> None:
    Input.objects.filter(external_id="1").update(standing=Standing.HELD)
    bring_in(a_source(cast.process, "closed", Consent.CLOSED), a_post("9"))
    page = text_of(client, LIST)
    assert "3 inputs," in page
    assert "1" not in keys_on(page)
    assert "9" not in keys_on(page)


@pytest.mark.parametrize("query", ["", "?group=AD", "?q=say"])
def test_pages_of_a_list_show_each_input_once(client: Client, cast: Cast, query: str) -> None:
    _iteration, documents = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    for number, document in enumerate(documents):
        posts = (a_post(f"{number}-{place}", at=NOON + datetime.timedelta(minutes=place // 3)) for place in range(60))
        bring_in(a_source(cast.process), *posts, document=document)
    prepare_inputs()
    seen: list[int] = []
    address = LIST + query
    for _page in range(3):
        page = text_of(client, address)
        seen += inputs_on(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert address == ""
    assert len(seen) == 120
    assert len(set(seen)) == 120


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("query", ["", "?channel=talk&lang=en", "?group=AD"])
def test_a_list_asks_as_many_queries_for_three_as_for_one(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, rows: int, query: str
) -> None:
    _iteration, (water, seeds) = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    for document in (water, seeds):
        posts = [a_post(f"{document.pk}-{number}", reply_to="") for number in range(rows)]
        bring_in(a_source(cast.process), *posts, document=document)
    prepare_inputs()
    text_of(client, LIST + query)
    with django_assert_num_queries({"": 9, "?channel=talk&lang=en": 10, "?group=AD": 9}[query]):
        assert len(inputs_on(text_of(client, LIST + query))) == 2 * rows


def test_a_list_of_what_a_group_said_wherever_it_came_from(client: Client, cast: Cast) -> None:
    def source_of(key: str, **group: Any) -> Source:
        channel = Channel.MEETING
        return open_source(actor=OPERATOR, process=cast.process, channel=channel, key=key, title=key, **group)

    assert "Said by" not in text_of(client, LIST)
    bring_in(source_of("salon", group_name="Wiki Tunis"), a_post("salon"))
    bring_in(source_of("evening", group_name="Wiki Tunis"), a_post("evening"))
    bring_in(source_of("of the tree", group=cast.advocacy), a_post("of the tree"))
    bring_in(source_of("closed", group_name="Shelter", consent=Consent.CLOSED), a_post("closed"))
    bring_in(a_source(cast.process), a_post("alone"))
    page = text_of(client, LIST)
    assert "Said by" in page
    assert "Shelter" not in page
    for query, found in (
        ("?by=Wiki+Tunis", {"salon", "evening"}),
        ("?by=AD", {"of the tree"}),
        ("?by=AD&channel=talk", set()),
        ("?by=Shelter", set()),
        ("?channel=talk", {"alone"}),
    ):
        assert set(keys_on(text_of(client, LIST + query))) == found, query


def test_an_empty_list_says_what_will_be_here(client: Client, cast: Cast) -> None:
    assert "Nobody has said anything yet" in text_of(client, LIST)


def test_a_reader_who_has_the_page_gets_it_again_only_when_it_changed(client: Client, garden: list[Document]) -> None:
    tag = client.get(LIST).headers["ETag"]
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    Input.objects.filter(external_id="3").update(supports=1)
    changed = client.get(LIST, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "1 person agrees" in changed.content.decode()


def test_names_and_texts_that_are_html_are_shown_as_they_were_typed(client: Client, cast: Cast) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    post = a_post(
        "a", "<script>alert(1)</script> <b>loud</b>", author="<b>Mallory</b>", html="<script>alert(2)</script>"
    )
    bring_in(a_source(cast.process), post, document=water)
    prepare_inputs()
    for address in (LIST, f"{LIST}{pk_of('a')}/", f"{LIST}?q=loud", "/processes/open-garden/inputs.atom"):
        page = text_of(client, address)
        assert "<script>alert" not in page
        assert "<b>" not in page.replace("<b><bdi>", "")
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in text_of(client, LIST)


# --- conversations ---


def test_a_conversation_is_read_on_one_page_in_all_its_languages(client: Client, cast: Cast) -> None:
    bring_in(
        a_source(cast.process),
        a_post("a", "One."),
        a_post("b", "اثنان.", reply_to="a", lang="ar", author="Salma"),
        a_post("c", "Three.", reply_to="b", author="Chidi"),
        a_post("d", "Four.", reply_to="c", author="Dina"),
        a_post("e", "Five.", reply_to="d"),
        a_post("f", "Six.", reply_to="e"),
    )
    page = text_of(client, f"{LIST}{pk_of('c')}/")
    assert keys_on(page) == ["a", "b", "c", "d", "e", "f"]
    assert re.findall(r'<li class="input(?: (d\d))?', page) == ["", "d1", "d2", "d3", "d3", "d3"]
    assert 'lang="ar" dir="rtl"' in page
    assert 'class="input d2 here" id="input-' in page
    # Beyond three steps in, a line says what is replied to.
    assert re.findall(r'class="reply-to">in reply to <a href="#input-(\d+)"><bdi>(\w+)', page) == [
        (str(pk_of("d")), "Dina"),
        (str(pk_of("e")), "Ann"),
    ]


def test_an_input_far_down_a_long_conversation_stands_on_the_page_of_its_address(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("0"), *(a_post(str(number), reply_to="0") for number in range(1, 450)))
    page = text_of(client, f"{LIST}{pk_of('400')}/")
    found = keys_on(page)
    assert "400" in found
    assert len(found) <= 200
    # Its parent is not on the page.
    assert "an earlier input" in page
    seen = list(found)
    while earlier := re.search(r'rel="prev" href="([^"]*)"', page):
        page = text_of(client, f"{LIST}{pk_of('400')}/{earlier[1]}")
        seen = keys_on(page) + seen
    assert seen[:200] == [str(number) for number in range(200)]
    assert set(seen) >= {str(number) for number in range(401)}


@pytest.mark.parametrize("replies", [1, 3])
def test_a_conversation_asks_as_many_queries_for_three_as_for_one(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, replies: int
) -> None:
    bring_in(
        a_source(cast.process), a_post("0"), *(a_post(f"{number}", reply_to="0") for number in range(1, replies + 1))
    )
    address = f"{LIST}{pk_of('0')}/"
    text_of(client, address)
    with django_assert_num_queries(7):
        text_of(client, address)


def test_of_what_was_hidden_or_taken_back_the_place_stays_with_the_reason(client: Client, cast: Cast) -> None:
    bring_in(
        a_source(cast.process),
        a_post("a", "Kind words."),
        a_post("b", "Rude words.", reply_to="a", author="Rude"),
        a_post("c", "Sorry words.", reply_to="a", author="Sorry"),
        a_post("d", "Unlawful words.", reply_to="a"),
    )
    hidden = [pk_of("b")]
    hide_inputs(actor=cast.amina, process=cast.process, inputs=hidden, fault=Fault.ABUSE, reason="It insults Ann.")
    Input.objects.filter(external_id="c").update(standing=Standing.WITHDRAWN)
    redact_input(actor=cast.amina, said=Input.objects.get(external_id="d"), reason="A court said so.")
    page = text_of(client, f"{LIST}{pk_of('a')}/")
    assert keys_on(page) == ["a", "b", "c", "d"]
    for told in ("It insults Ann.", "Its speaker took this back.", "A court said so.", "insult or threat"):
        assert told in page
    for gone in ("Rude", "Sorry", "Unlawful"):
        assert gone not in page
    assert "b" not in keys_on(text_of(client, LIST))


def test_what_waits_for_a_moderator_has_no_page_for_strangers(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    Input.objects.update(standing=Standing.HELD)
    assert client.get(f"{LIST}{pk_of('a')}/").status_code == 404
    client.force_login(cast.amina)
    assert keys_on(text_of(client, f"{LIST}{pk_of('a')}/")) == ["a"]


def test_a_long_text_is_folded_and_whole(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", "Some words. " * 300 + "The end."))
    page = text_of(client, LIST)
    assert '<details class="long">' in page
    assert "The end." in page


def test_a_language_is_corrected_on_the_page(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    address = f"{LIST}{pk_of('a')}/"
    assert "Correct the language" not in text_of(client, address)
    client.force_login(cast.esra)
    assert "Correct the language" in text_of(client, address)
    assert client.post(f"{address}language/", {"lang": "fr"}).status_code == 302
    assert Input.objects.get().lang == "fr"
    client.post(f"{address}language/", {"lang": "klingonish"})
    assert Input.objects.get().lang == "fr"


# --- beside texts ---


def test_pages_of_texts_say_how_much_was_said_and_where(client: Client, garden: list[Document]) -> None:
    address = "/processes/open-garden/iteration-1/AD-R1/"
    page = text_of(client, address)
    passage = Input.objects.get(external_id="1").passage
    assert passage is not None
    assert f'<a href="passages/{passage.public_id}/">1 input</a>' in page
    assert "2 inputs on this text" in page
    assert keys_on(text_of(client, f"{address}passages/{passage.public_id}/")) == ["1"]
    beside = client.get(f"{address}passages/{passage.public_id}/", headers={"HX-Request": "true"}).content.decode()
    assert keys_on(beside) == ["1"]
    assert 'class="spoke"' not in text_of(client, address.replace("R1", "R2"))


@pytest.mark.parametrize("replies", [0, 200])
def test_a_text_is_read_with_as_many_queries_however_much_was_said(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, replies: int
) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    bring_in(a_source(cast.process), *(a_post(str(number)) for number in range(replies)), document=water)
    Input.objects.update(passage=Passage.objects.filter(document=water).first())
    address = "/processes/open-garden/iteration-1/AD-R1/"
    text_of(client, address)
    with django_assert_num_queries(6):
        text_of(client, address)


def test_a_page_of_a_text_is_made_anew_when_somebody_spoke_or_was_hidden(client: Client, cast: Cast) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    address = "/processes/open-garden/iteration-1/AD-R1/"
    tags = [client.get(address).headers["ETag"]]

    def assert_changed() -> None:
        assert client.get(address, headers={"If-None-Match": tags[-1]}).status_code == 200
        tags.append(client.get(address).headers["ETag"])
        assert client.get(address, headers={"If-None-Match": tags[-1]}).status_code == 304

    bring_in(a_source(cast.process), a_post("a", lang="fr"), document=water)
    assert_changed()
    prepare_inputs()
    assert_changed()
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[pk_of("a")], fault=Fault.SPAM, reason="Ad.")
    assert_changed()
    assert "on this text" not in text_of(client, address)
    correct_language(actor=cast.amina, said=Input.objects.get(), lang="de")
    assert_changed()


def test_the_page_of_a_process_says_what_was_heard(client: Client, garden: list[Document]) -> None:
    page = text_of(client, "/processes/open-garden/")
    assert "Read all 4 inputs" in page
    assert f'href="{LIST}?channel=talk"' in page
    assert f'href="{LIST}?lang=ar"' in page
    assert len(inputs_on(page)) == 3
