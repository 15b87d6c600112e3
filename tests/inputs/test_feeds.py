"""Feeds, tables and pages tell no more of anybody than they agreed to."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from harken.documents.models import Document, Passage
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About, Said, Speaker, record_input
from harken.inputs.feeds import ATOM
from harken.inputs.models import (
    Consent,
    ContextKind,
    Input,
    SpeakerKind,
)
from harken.inputs.queries.ledger import hide_addresses
from harken.inputs.queries.similar import find_similar
from harken.people.models import User
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in, inputs_on
from tests.inputs.test_reading import LIST, pk_of


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
        assert inputs_on(text_of(client, f"{LIST}?q={secret}")) == []
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
