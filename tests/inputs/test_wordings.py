"""Words that were corrected say so to everybody; those before are read by those who work with the input."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.models import Passage
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.meetings import Point, report_meeting
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.feeds import ATOM
from harken.inputs.models import Fault, Input, QuestionResponse, Wording
from harken.inputs.receipts import receipt_token
from harken.people.models import User
from harken.processes.actions import set_guiding_questions
from harken.processes.models import GuidingQuestion
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in
from tests.inputs.test_meetings import announce
from tests.inputs.test_reading import LIST, pk_of

MARK = re.compile(r'<(a|span) class="corrected"[^>]*>corrected on [^<]+</')


def changed_by_import(cast: Cast) -> Input:
    """A post of a talk page that says something else each time, and one that stayed."""
    source = a_source(cast.process)
    for words in ("Dig the old well.", "Dig a well.", "Dig two wells."):
        bring_in(source, a_post("a", words), a_post("b", reply_to="a"))
    return Input.objects.get(external_id="a")


def wordings_of(said: Input) -> str:
    return f"{LIST}{said.pk}/wordings/"


@pytest.mark.parametrize("reader", ["", "farid", "dalia"])
@pytest.mark.parametrize("place", ["", "conversation"])
def test_words_that_were_corrected_say_so_to_everybody(client: Client, cast: Cast, reader: str, place: str) -> None:
    said = changed_by_import(cast)
    if reader:
        client.force_login(User.objects.get(username=reader))
    page = text_of(client, f"{LIST}{said.pk}/" if place else LIST)
    assert [found[1] for found in MARK.finditer(page)] == ["span"]
    assert "Dig two wells." in page
    assert "old well" not in page
    assert "wordings/" not in page


def test_a_page_that_somebody_keeps_is_made_anew_for_other_words(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", "Dig a well."))
    address = f"{LIST}{pk_of('a')}/"
    tags = {one: client.get(one).headers["ETag"] for one in (LIST, address)}
    bring_in(a_source(cast.process), a_post("a", "Dig two wells."))
    for one, tag in tags.items():
        page = client.get(one, headers={"If-None-Match": tag})
        assert page.status_code == 200
        assert MARK.search(page.content.decode())


def test_the_newest_words_on_other_pages_are_those_that_an_import_brought(client: Client, cast: Cast) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    bring_in(a_source(cast.process), a_post("a", "Dig a well."), document=water)
    passage = Passage.objects.filter(document=water).latest("pk")
    Input.objects.update(passage=passage)
    root = "/processes/open-garden/"
    addresses = (root, f"{root}iteration-1/AD-R1/passages/{passage.public_id}/")
    tags = {one: client.get(one).headers["ETag"] for one in addresses}
    bring_in(a_source(cast.process), a_post("a", "Dig two wells."), document=water)
    for one, tag in tags.items():
        page = client.get(one, headers={"If-None-Match": tag})
        assert page.status_code == 200
        assert "Dig two wells." in page.content.decode()
        assert MARK.search(page.content.decode())


@pytest.mark.parametrize("corrections", [1, 3])
def test_every_wording_is_read_in_order_by_those_who_work_with_the_input(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, corrections: int
) -> None:
    source = a_source(cast.process)
    texts = ["Dig the old well.", *(f"Dig {number} wells." for number in range(corrections))]
    for words in texts:
        bring_in(source, a_post("a", words))
    said = Input.objects.get()
    client.force_login(cast.bruno)
    for page in (text_of(client, LIST), text_of(client, f"{LIST}{said.pk}/")):
        assert f'<a class="corrected" href="{wordings_of(said)}">corrected on ' in page
    text_of(client, wordings_of(said))
    with django_assert_num_queries(14):
        page = text_of(client, wordings_of(said))
    assert re.findall(r"Dig [^<]+", page) == texts


@pytest.mark.parametrize(("reader", "status"), [("", 302), ("farid", 403), ("dalia", 403)])
def test_nobody_else_reads_what_was_taken_back(client: Client, cast: Cast, reader: str, status: int) -> None:
    said = changed_by_import(cast)
    if reader:
        client.force_login(User.objects.get(username=reader))
    assert client.get(wordings_of(said)).status_code == status


def test_a_speaker_who_corrects_without_an_account_stays_without_one(client: Client, cast: Cast) -> None:
    said = record_input(actor=OPERATOR, process=cast.process, said=Said("My number is 555-0101.", "en"))
    correct_input(actor=cast.dalia, said=said, correction=Correction("Call me.", "en"), receipt=receipt_token(said))
    client.force_login(cast.bruno)
    page = text_of(client, wordings_of(said))
    assert "Corrected by the speaker, " in page
    assert page.index("My number is 555-0101.") < page.index("Call me.")
    assert "dalia" not in page.lower()


def test_who_reported_a_meeting_otherwise_is_told(client: Client, cast: Cast) -> None:
    meeting = announce(cast, days=-1)
    for actor, words in ((cast.chen, "More water"), (cast.amina, "Much more water")):
        meeting.refresh_from_db()
        report_meeting(actor=actor, meeting=meeting, headcount=5, summary="", points=[Point(words)])
    client.force_login(cast.bruno)
    page = text_of(client, wordings_of(Input.objects.get()))
    assert re.findall(r"Corrected by (\w+), ", page) == [cast.amina.name]


def test_what_was_withdrawn_or_hidden_is_read_in_every_wording_by_those_who_work_with_it(
    client: Client, cast: Cast
) -> None:
    said = record_input(actor=cast.dalia, process=cast.process, said=Said("Dig a well.", "en"))
    correct_input(actor=cast.dalia, said=said, correction=Correction("Dig two wells.", "en"))
    withdraw_input(actor=cast.dalia, said=said)
    other = changed_by_import(cast)
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[other.pk], fault=Fault.OTHER, reason="Rude.")
    for one in (said, other):
        # Everybody else sees that something stood here, and nothing of what became of it.
        page = text_of(Client(), f"{LIST}{one.pk}/")
        assert not MARK.search(page)
        assert "Dig" not in page
    client.force_login(cast.bruno)
    for one in (said, other):
        assert wordings_of(one) in text_of(client, f"{LIST}{one.pk}/")
        assert "Dig a well." in text_of(client, wordings_of(one))


def test_what_the_law_had_taken_away_is_gone_from_every_wording(client: Client, cast: Cast) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Who?"}])
    question = GuidingQuestion.objects.get()
    words = Said("Call 555-0101.", "en", heading="Of 555-0101", responses=[(question, "Ann, 555-0101.")])
    said = record_input(actor=cast.dalia, process=cast.process, said=words)
    answer = QuestionResponse.objects.get().pk
    correct_input(
        actor=cast.dalia, said=said, correction=Correction("Call 555-0102.", "en", responses={answer: "555-0103."})
    )
    redact_input(actor=cast.amina, said=said, reason="A telephone number.")
    client.force_login(cast.bruno)
    page = text_of(client, wordings_of(said))
    assert page.count("A telephone number.") == 2
    assert "555" not in page
    for rows in (Wording.objects.values(), QuestionResponse.objects.values()):
        assert len(rows) == 2
        assert "555" not in str(list(rows))


def test_a_name_the_law_had_taken_away_is_gone_from_every_wording(client: Client, cast: Cast) -> None:
    said = changed_by_import(cast)
    redact_input(actor=cast.amina, said=said, reason="Asked to be forgotten.", words=False, speaker=True)
    client.force_login(cast.bruno)
    page = text_of(client, wordings_of(said))
    assert page.count("Somebody") == 3
    assert "Ann" not in page
    assert "Dig the old well." in page


def test_feeds_tell_when_words_were_corrected_or_taken_away(client: Client, cast: Cast) -> None:
    said = changed_by_import(cast)
    told = json.loads(text_of(client, "/processes/open-garden/inputs.json"))["inputs"]
    newest = Wording.objects.get(input=said, number=3)
    assert {row["id"]: row["corrected_at"] for row in told} == {
        said.pk: newest.recorded_at.isoformat(),
        pk_of("b"): None,
    }

    def updated() -> list[str | None]:
        feed = ET.fromstring(text_of(client, "/processes/open-garden/inputs.atom"))  # noqa: S314 - our own feed
        entries = {entry.findtext(f"{{{ATOM}}}id"): entry for entry in feed.findall(f"{{{ATOM}}}entry")}
        [own] = [entry for address, entry in entries.items() if address and address.endswith(f"/{said.pk}/")]
        return [feed.findtext(f"{{{ATOM}}}updated"), own.findtext(f"{{{ATOM}}}updated")]

    assert updated() == [newest.recorded_at.isoformat(timespec="seconds")] * 2
    redaction = redact_input(actor=cast.amina, said=said, reason="A court said so.")
    assert updated() == [redaction.at.isoformat(timespec="seconds")] * 2
