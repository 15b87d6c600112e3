"""Lists, conversations and feeds: what was asked for is found, on few queries, and no more is shown than may be."""

import datetime
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, Passage
from harken.inputs.actions.languages import correct_language
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About, Said, Speaker, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.actions.sources import open_source
from harken.inputs.feeds import ATOM
from harken.inputs.models import (
    Channel,
    Consent,
    ContextKind,
    Fault,
    Input,
    Source,
    SpeakerKind,
    Stance,
    Standing,
)
from harken.inputs.queries.ledger import hide_addresses
from harken.inputs.queries.similar import find_similar
from harken.people.models import User
from harken.processes.actions import add_iteration
from tests.cast import Cast, add_round, draft, text_of
from tests.inputs.saying import NOON, a_post, a_source, bring_in

LIST = "/processes/open-garden/inputs/"


def shown(page: str) -> list[int]:
    """The inputs on a page, in their order."""
    return [int(pk) for pk in re.findall(r'<li class="input[^"]*" id="input-(\d+)"', page)]


def keys(page: str) -> list[str]:
    return [Input.objects.get(pk=pk).external_id for pk in shown(page)]


def pk_of(key: str) -> int:
    return Input.objects.get(external_id=key).pk


@pytest.fixture
def garden(cast: Cast) -> list[Document]:
    """Two documents with things said about them in two languages by two channels."""
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1", date="2026-01")
    chapter = Chapter.objects.create(iteration=iteration, group=cast.advocacy, position=0, lang="en")
    drafts = [draft("AD-R1", "Water", 1, "Dig wells."), draft("AD-R2", "Seeds", 2, "Keep old seeds.")]
    documents = create_documents(actor=OPERATOR, chapter=chapter, drafts=drafts)
    water, seeds = documents
    talk = a_source(cast.process)
    bring_in(
        talk,
        a_post("1", "The well is dry in summer.", lang="en", at=NOON, extra={"stance": "concern"}),
        a_post("2", "البئر جاف في الصيف.", lang="ar", at=NOON + datetime.timedelta(hours=1)),
        document=water,
    )
    bring_in(talk, a_post("3", "Old seeds are best.", at=NOON + datetime.timedelta(hours=2)), document=seeds)
    record_input(actor=cast.dalia, process=cast.process, said=Said("More shade for all.", "en", stance=Stance.SUPPORT))
    prepare_inputs()
    passage = Passage.objects.filter(document=water).last()
    Input.objects.filter(external_id="1").update(passage=passage)
    return documents


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
        ("?unheard=of", ["4", "3", "2", "1"]),
    ],
)
def test_a_list_shows_what_was_asked_for(client: Client, garden: list[Document], query: str, found: list[str]) -> None:
    page = text_of(client, LIST + query)
    expected = [Input.objects.order_by("-pk")[0].external_id if key == "4" else key for key in found]
    assert keys(page) == expected


def test_a_list_of_one_passage(client: Client, garden: list[Document]) -> None:
    passage = Input.objects.get(external_id="1").passage
    assert passage is not None
    assert keys(text_of(client, f"{LIST}?passage={passage.public_id}")) == ["1"]


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
    assert "1" not in keys(page)
    assert "9" not in keys(page)


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
        seen += shown(page)
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
    with django_assert_num_queries({"": 10, "?channel=talk&lang=en": 11, "?group=AD": 11}[query]):
        assert len(shown(text_of(client, LIST + query))) == 2 * rows


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
        assert set(keys(text_of(client, LIST + query))) == found, query


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
    assert keys(page) == ["a", "b", "c", "d", "e", "f"]
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
    found = keys(page)
    assert "400" in found
    assert len(found) <= 200
    # Its parent is not on the page.
    assert "an earlier input" in page
    seen = list(found)
    while earlier := re.search(r'rel="prev" href="([^"]*)"', page):
        page = text_of(client, f"{LIST}{pk_of('400')}/{earlier[1]}")
        seen = keys(page) + seen
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
    with django_assert_num_queries(8):
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
    assert keys(page) == ["a", "b", "c", "d"]
    for told in ("It insults Ann.", "Its speaker took this back.", "A court said so.", "insult or threat"):
        assert told in page
    for gone in ("Rude", "Sorry", "Unlawful"):
        assert gone not in page
    assert "b" not in keys(text_of(client, LIST))


def test_what_waits_for_a_moderator_has_no_page_for_strangers(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    Input.objects.update(standing=Standing.HELD)
    assert client.get(f"{LIST}{pk_of('a')}/").status_code == 404
    client.force_login(cast.amina)
    assert keys(text_of(client, f"{LIST}{pk_of('a')}/")) == ["a"]


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
    assert keys(text_of(client, f"{address}passages/{passage.public_id}/")) == ["1"]
    beside = client.get(f"{address}passages/{passage.public_id}/", headers={"HX-Request": "true"}).content.decode()
    assert keys(beside) == ["1"]
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
    with django_assert_num_queries(11):
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
    assert len(shown(page)) == 3


# --- feeds ---


def test_a_feed_holds_what_a_stranger_may_read_whoever_asks(client: Client, garden: list[Document], cast: Cast) -> None:
    bring_in(a_source(cast.process, "closed", Consent.CLOSED), a_post("9", "Between us."))
    client.force_login(cast.amina)
    feed = ET.fromstring(text_of(client, "/processes/open-garden/inputs.atom"))  # noqa: S314 - our own feed
    entries = feed.findall(f"{{{ATOM}}}entry")
    assert len(entries) == 4
    assert "Between us." not in ET.tostring(feed, encoding="unicode")
    contents = [entry.findtext(f"{{{ATOM}}}content") for entry in entries]
    assert contents[0] == "<p>More shade for all.</p>"
    assert {entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries} == {"en", "ar"}
    assert all((entry.findtext(f"{{{ATOM}}}id") or "").startswith("http") for entry in entries)


def test_a_feed_of_characters_that_xml_has_no_place_for_can_be_read(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", "A bell \x07 rings.", author="B\x0bob"))
    ET.fromstring(text_of(client, "/processes/open-garden/inputs.atom"))  # noqa: S314 - our own feed


def test_json_goes_on_page_by_page_until_all_is_told(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), *(a_post(str(number), reply_to="0" if number else "") for number in range(450)))
    address: str | None = "/processes/open-garden/inputs.json"
    found: list[dict[str, object]] = []
    pages = 0
    while address:
        told = json.loads(text_of(client, address.removeprefix("http://localhost:8035")))
        found += told["inputs"]
        address = told["next"]
        pages += 1
    assert pages == 3
    assert len({row["id"] for row in found}) == 450
    assert {row["reply_to"] for row in found} == {None, pk_of("0")}
    assert client.get("/processes/open-garden/inputs.json").headers["Access-Control-Allow-Origin"] == "*"


def test_a_feed_of_a_hidden_process_is_not_there_even_for_those_who_see_it(client: Client, cast: Cast) -> None:
    cast.process.is_public = False
    cast.process.save()
    client.force_login(cast.amina)
    assert client.get("/processes/open-garden/inputs.json").status_code == 404
    assert client.get("/processes/open-garden/inputs.atom").status_code == 404


def test_a_table_is_for_those_who_work_with_input_and_holds_no_formula(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process, consent=Consent.NAMELESS), a_post("a", "=HYPERLINK(1)", author="+Ann"))
    address = "/processes/open-garden/inputs.csv"
    assert client.get(address).status_code == 302
    client.force_login(cast.farid)
    assert client.get(address).status_code == 403
    client.force_login(cast.bruno)
    table = b"".join(client.get(address).streaming_content).decode()  # type: ignore[attr-defined] # a stream, which Django does not type
    assert "'=HYPERLINK(1)" in table
    assert ",'+Ann," in table
    assert ",=" not in table


# --- nobody is exposed ---

SECRETS = ("Zanobia", "Quillfeather", "zanobia@hidden.example", "hidden.example", "Ruritania", "Formername")


@pytest.mark.parametrize("viewer", ["stranger", "farid", "dalia"])
def test_no_page_shows_more_of_a_speaker_than_they_agreed_to(client: Client, cast: Cast, viewer: str) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    passage = Passage.objects.filter(document=water).first()
    for consent in (Consent.NAMELESS, Consent.CLOSED):
        source = a_source(cast.process, consent.value, consent)
        told = {"address": "zanobia@hidden.example", "context:region": "Ruritania"}
        bring_in(
            source,
            a_post(f"{consent}-1", "Nameless words.", author="Zanobia", extra=told),
            a_post(f"{consent}-2", "Nameless reply.", author="Quillfeather", reply_to=f"{consent}-1"),
            document=water,
        )
    mail = a_source(cast.process, "list@hidden.example")
    bring_in(
        mail,
        a_post("mail-1", "Public mail.", author="post@hidden.example", extra={"context:region": "Ruritania"}),
        a_post("mail-2", "More public mail.", author="Ann <post@hidden.example>"),
        document=water,
    )
    esra = User.objects.get(username="esra")
    esra.display_name = "Formername"
    esra.save()
    contexts = ((ContextKind.REGION, "Ruritania"),)
    said = Said("Words with context.", "en", contexts=contexts)
    record_input(actor=esra, process=cast.process, said=said, about=About(document=water))
    esra.display_name = "Esra"
    esra.save()
    group = Speaker(SpeakerKind.GROUP, "Green circle", 12)
    record_input(
        actor=cast.chen,
        process=cast.process,
        said=Said("A point.", "en", contexts=contexts),
        about=About(document=water),
        speaker=group,
        source=a_source(cast.process, "salon"),
    )
    prepare_inputs()
    Input.objects.update(passage=passage)
    if viewer != "stranger":
        client.force_login(User.objects.get(username=viewer))
    document = "/processes/open-garden/iteration-1/AD-R1/"
    addresses = [
        *(LIST, f"{LIST}?document=AD-R1", f"{LIST}?channel=talk", f"{LIST}?q=words", f"{LIST}?lang=en"),
        *(f"{LIST}{pk}/" for pk in Input.objects.exclude(source__consent=Consent.CLOSED).values_list("pk", flat=True)),
        *("/processes/open-garden/", document, f"{document}passages/{passage.public_id}/" if passage else ""),
        *("/processes/open-garden/inputs.json", "/processes/open-garden/inputs.atom"),
        *(f"/processes/open-garden/search/?q={word}" for word in ("words", "nameless")),
    ]
    for address in addresses:
        page = text_of(client, address)
        page = re.sub(r'value="[^"]*"', "", page)
        assert [secret for secret in SECRETS if secret in page] == [], address
        assert "Between us" not in page
    for pk in Input.objects.filter(source__consent=Consent.CLOSED).values_list("pk", flat=True):
        assert client.get(f"{LIST}{pk}/").status_code == 404
    # Nor do words that only a name has find anything.
    for secret in SECRETS:
        assert shown(text_of(client, f"{LIST}?q={secret}")) == []
    assert "Green circle" in text_of(client, LIST)
    assert "Esra" in text_of(client, LIST)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("ann@example.org", "ann@…"),
        ("Ann <ann@example.org>", "Ann <ann@…>"),
        ("Ann @ home", "Ann @ home"),
        ("@ann", "@ann"),
        ("a@b.c, d@e.f", "a@…, d@…"),
    ],
)
def test_of_a_mail_address_only_the_beginning_is_kept(words: str, kept: str) -> None:
    assert hide_addresses(words) == kept


# --- similar ---


def test_what_says_the_same_is_offered(cast: Cast) -> None:
    bring_in(
        a_source(cast.process),
        a_post("same", "The library should stay open in the evening for working families."),
        a_post("other", "The playground needs shade in summer."),
    )
    prepare_inputs()
    found = find_similar(
        Input.objects.filter(standing__isnull=True), "Please keep the library open every evening for families", "en"
    )
    assert [row.text[:11] for row in found] == ["The library"]
    assert find_similar(Input.objects.all(), "Quite different matters altogether", "en") == ()
    assert find_similar(Input.objects.all(), "", "en") == ()
