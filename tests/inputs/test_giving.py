"""Saying something through the form: once, while input is taken, and nothing lost on the way."""

import datetime
import json

import pytest
from django.db import connection
from django.utils import timezone

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.models import Document
from harken.inputs.actions.agreeing import agree_because, agree_with_input, stop_agreeing
from harken.inputs.actions.arrivals import TooMany
from harken.inputs.actions.correcting import Correction, correct_input, withdraw_input
from harken.inputs.actions.following import Contact
from harken.inputs.actions.giving import SentBefore
from harken.inputs.actions.languages import correct_language
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About, Said, Speaker, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.actions.writing import _SENT
from harken.inputs.models import (
    Arrival,
    Consent,
    Correspondent,
    Frequency,
    Input,
    LateInput,
    Moderation,
    SpeakerKind,
    Stance,
    Standing,
    Support,
    TextKind,
)
from harken.inputs.permissions import inputs_visible_to, may_correct, may_see_receipt, may_withdraw, places_visible_to
from harken.inputs.queries.counts import count_in_process
from harken.inputs.queries.ledger import describe_inputs
from harken.inputs.queries.receipts import find_said, receipt_page
from harken.inputs.receipts import read_receipt
from harken.processes.actions import add_phase, set_guiding_questions
from harken.processes.models import Process
from tests.cast import Cast, add_round
from tests.inputs.giving import ANYBODY, a_form, again, say_by_form
from tests.inputs.saying import a_post, a_source, bring_in

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def document(cast: Cast) -> Document:
    _iteration, (document,) = add_round(cast.process, cast.advocacy, "Water the beds at night")
    return document


def words_of(said: Input, actor: object = ANYBODY) -> str:
    [row] = describe_inputs([again(said)], sees_speakers=False)
    return row.text


def closed_phase(process: Process, hours_ago: int = 1) -> None:
    ended = timezone.now() - hours_ago * HOUR
    add_phase(
        actor=OPERATOR, process=process, name="Past", opens_at=ended - HOUR, closes_at=ended, actions=["give_input"]
    )


def test_what_is_given_has_a_receipt(cast: Cast, document: Document) -> None:
    given = say_by_form(cast.process, "Yes.", about=About(document))
    assert given.is_new
    assert read_receipt(given.receipt) == given.input.pk
    assert given.input.document == document
    assert may_see_receipt(ANYBODY, given.input, given.receipt)
    assert not may_see_receipt(ANYBODY, given.input)
    arrival = Arrival.objects.get()
    assert (arrival.input, arrival.network, arrival.process) == (given.input, "n", cast.process)


def test_the_same_form_twice_is_one_input_and_one_receipt(cast: Cast) -> None:
    form = a_form()
    first, second = (say_by_form(cast.process, "Once.", form=form) for _time in range(2))
    assert (first.input, first.receipt, second.is_new) == (second.input, second.receipt, False)
    assert (count_in_process(cast.process), Arrival.objects.count()) == (1, 1)


def test_the_same_form_with_other_words_is_not_taken(cast: Cast) -> None:
    form = a_form()
    say_by_form(cast.process, "Once.", form=form)
    with pytest.raises(SentBefore, match="send it now"):
        say_by_form(cast.process, "Twice.", form=form)
    with pytest.raises(SentBefore):
        say_by_form(cast.process, "Once.", form=form, speaker=Speaker(SpeakerKind.PSEUDONYM, "Rose"))
    assert words_of(Input.objects.get()) == "Once."


def test_the_same_form_with_another_consent_is_still_the_same_form(cast: Cast) -> None:
    form = a_form()
    first = say_by_form(cast.process, "Once.", form=form)
    assert say_by_form(cast.process, "Once.", form=form, consent=Consent.CLOSED).input == first.input
    with pytest.raises(SentBefore):
        say_by_form(cast.process, "Twice.", form=form, consent=Consent.CLOSED)


def test_who_may_read_it_is_what_the_speaker_agreed_to(cast: Cast) -> None:
    rose = Speaker(SpeakerKind.PSEUDONYM, "Rose")
    given = {consent: say_by_form(cast.process, speaker=rose, consent=consent).input for consent in Consent}
    assert {said.source.consent for said in given.values()} == set(Consent)
    seen = inputs_visible_to(ANYBODY, cast.process)
    assert set(seen) == {given[Consent.PUBLIC], given[Consent.NAMELESS]}
    names = {row.pk: row.speaker for row in describe_inputs(list(seen), sees_speakers=False)}
    assert names == {given[Consent.PUBLIC].pk: "Rose", given[Consent.NAMELESS].pk: ""}
    assert given[Consent.CLOSED] in inputs_visible_to(cast.bruno, cast.process)


def test_a_participant_speaks_for_themselves_whatever_the_consent(cast: Cast) -> None:
    said = say_by_form(cast.process, actor=cast.dalia, consent=Consent.CLOSED).input
    assert said.wordings.get().participant == cast.dalia
    assert said in inputs_visible_to(cast.dalia, cast.process)
    assert may_see_receipt(cast.dalia, said)
    assert not may_see_receipt(cast.farid, said)


def test_input_is_refused_when_its_phase_has_closed(cast: Cast) -> None:
    closed_phase(cast.process)
    with pytest.raises(Refused):
        say_by_form(cast.process)
    assert not Input.objects.exists()


def test_late_input_is_taken_and_marked_where_organisers_said_so(cast: Cast) -> None:
    closed_phase(cast.process)
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(late=LateInput.ACCEPTED))
    assert say_by_form(cast.process).input.is_late
    add_phase(actor=OPERATOR, process=cast.process, name="Now", opens_at=None, closes_at=None, actions=["give_input"])
    process = Process.objects.get(pk=cast.process.pk)
    assert say_by_form(process).input.is_late is None


def test_what_moderators_look_at_first_waits_for_them(cast: Cast) -> None:
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(moderation=Moderation.BEFORE))
    given = say_by_form(cast.process)
    assert again(given.input).standing == Standing.HELD
    assert given.input not in inputs_visible_to(ANYBODY, cast.process)
    assert AuditEvent.objects.filter(verb="held input", subject_id=given.input.pk).exists()


def test_what_fills_in_a_field_that_nobody_sees_waits_for_a_moderator(cast: Cast) -> None:
    assert again(say_by_form(cast.process, is_trapped=True).input).standing == Standing.HELD


def test_too_much_from_one_network_is_told_so(cast: Cast) -> None:
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=1))
    for _time in range(20):
        say_by_form(cast.process)
    with pytest.raises(TooMany, match="Keep what you wrote"):
        say_by_form(cast.process)
    assert say_by_form(cast.process, network="another").is_new
    assert Arrival.objects.filter(input=None).count() == 1


def test_a_mail_address_is_left_for_news_and_is_nobody_elses_to_change(cast: Cast) -> None:
    contact = Contact("Rose@example.org", "pt", "America/Lima", Frequency.WEEKLY)
    first = say_by_form(cast.process, contact=contact)
    second = say_by_form(cast.process, contact=Contact("rose@EXAMPLE.org", "de", "UTC", Frequency.AT_ONCE))
    rose = Correspondent.objects.get()
    assert (rose.email, rose.lang, rose.time_zone, rose.frequency) == (
        "Rose@example.org",
        "pt",
        "America/Lima",
        "weekly",
    )
    assert set(rose.followings.values_list("input", flat=True)) == {first.input.pk, second.input.pk}
    assert "example.org" not in str(list(AuditEvent.objects.values_list("detail", "subject_name")))


def test_a_speaker_corrects_what_they_said_and_the_first_wording_stays(cast: Cast) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what?"}])
    question = cast.process.guiding_questions.get()
    said = Said("Water at noun.", "en", responses=[(question, "The rosse.")], contexts=[("region", "Samoa")])
    given = say_by_form(cast.process, said=said, speaker=Speaker(SpeakerKind.PSEUDONYM, "Rose"))
    first = given.input.wordings.get()
    response = first.responses.get()
    # What is asked by then changes nothing about what was answered.
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Drop what?"}])
    correct_input(
        actor=ANYBODY,
        said=given.input,
        correction=Correction("Water at noon.", "en", Stance.CONCERN, {response.pk: "The roses."}),
        receipt=given.receipt,
    )
    wordings = list(given.input.wordings.values_list("number", "text", "stance", "speaker_name"))
    assert wordings == [(1, "Water at noun.", "", "Rose"), (2, "Water at noon.", "concern", "Rose")]
    second = given.input.wordings.get(number=2)
    assert list(second.responses.values_list("asked", "text")) == [("Keep what?", "The roses.")]
    assert list(second.contexts.values_list("kind", "value")) == [("region", "Samoa")]
    assert again(given.input).versions == 2
    assert AuditEvent.objects.get(verb="corrected input").detail == {"wording": 2}


def test_a_correction_that_changes_nothing_is_no_wording(cast: Cast) -> None:
    given = say_by_form(cast.process, "As it is.")
    correct_input(actor=ANYBODY, said=given.input, correction=Correction("As it is. ", "en"), receipt=given.receipt)
    assert given.input.wordings.count() == 1


def test_what_a_participant_corrects_by_the_receipt_stays_theirs(cast: Cast) -> None:
    given = say_by_form(cast.process, actor=cast.dalia)
    correct_input(actor=ANYBODY, said=given.input, correction=Correction("Better.", "en"), receipt=given.receipt)
    newest = given.input.wordings.get(number=2)
    assert (newest.participant, newest.speaker_name, newest.speaker_kind) == (cast.dalia, "Dalia", "participant")


def test_only_the_speaker_corrects_and_withdraws(cast: Cast) -> None:
    given, other = say_by_form(cast.process), say_by_form(cast.process)
    for actor, receipt in ((ANYBODY, ""), (cast.farid, ""), (ANYBODY, other.receipt), (cast.amina, "")):
        with pytest.raises(Refused):
            correct_input(actor=actor, said=given.input, correction=Correction("Mine!", "en"), receipt=receipt)
        with pytest.raises(Refused):
            withdraw_input(actor=actor, said=given.input, receipt=receipt)
    assert given.input.wordings.count() == 1


def test_the_time_to_correct_ends(cast: Cast) -> None:
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(correction_minutes=0))
    given = say_by_form(cast.process)
    refused = may_correct(ANYBODY, given.input, given.receipt)
    assert not refused
    assert "reply" in str(refused.reason)
    assert may_withdraw(ANYBODY, given.input, given.receipt)


def test_what_was_brought_in_redacted_hidden_or_withdrawn_is_not_corrected(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    brought = Input.objects.get()
    given, hidden, gone = (say_by_form(cast.process, actor=cast.dalia) for _time in range(3))
    redact_input(actor=cast.amina, said=given.input, reason="Private.")
    Input.objects.filter(pk=hidden.input.pk).update(standing=Standing.HIDDEN)
    withdraw_input(actor=cast.dalia, said=gone.input)
    for said in (brought, given.input, hidden.input, gone.input):
        assert not may_correct(cast.dalia, again(said))


def test_a_corrected_input_is_looked_at_again_where_moderators_look_first(cast: Cast) -> None:
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(moderation=Moderation.BEFORE))
    given = say_by_form(cast.process)
    Input.objects.filter(pk=given.input.pk).update(standing=None)
    correct_input(actor=ANYBODY, said=given.input, correction=Correction("Buy!", "en"), receipt=given.receipt)
    assert again(given.input).standing == Standing.HELD


def test_what_is_withdrawn_leaves_its_place_and_stays_in_the_ledger(cast: Cast) -> None:
    given = say_by_form(cast.process, "I regret this.")
    reply = say_by_form(cast.process, "Do not.", reply_to=given.input)
    withdraw_input(actor=ANYBODY, said=given.input, receipt=given.receipt)
    assert given.input not in inputs_visible_to(ANYBODY, cast.process)
    assert {given.input, reply.input} == set(places_visible_to(ANYBODY, cast.process))
    assert words_of(given.input) == ""
    assert given.input.wordings.get().text == "I regret this."
    with pytest.raises(Refused):
        withdraw_input(actor=ANYBODY, said=again(given.input), receipt=given.receipt)
    assert AuditEvent.objects.get(verb="withdrew input").detail == {"before": None}


def test_a_speaker_says_which_language_it_is_in(cast: Cast) -> None:
    given = say_by_form(cast.process, "Sim.")
    prepare_inputs()
    correct_language(actor=ANYBODY, said=given.input, lang="pt", receipt=given.receipt)
    assert again(given.input).lang == "pt"
    assert given.input.wordings.get().lang == "en"
    with pytest.raises(Refused):
        correct_language(actor=cast.farid, said=given.input, lang="de")


def test_people_agree_once_and_take_it_back(cast: Cast) -> None:
    said = say_by_form(cast.process).input
    assert agree_with_input(actor=ANYBODY, said=said, browser="one", network="n")
    assert not agree_with_input(actor=ANYBODY, said=said, browser="one", network="n")
    assert agree_with_input(actor=ANYBODY, said=said, browser="two", network="n")
    assert agree_with_input(actor=cast.dalia, said=said, browser="one", network="n")
    assert not agree_with_input(actor=cast.dalia, said=said, browser="three", network="n")
    assert again(said).supports == 3
    stop_agreeing(actor=cast.dalia, said=said, browser="")
    stop_agreeing(actor=ANYBODY, said=said, browser="nobody")
    assert again(said).supports == 2
    assert set(Support.objects.values_list("key", flat=True)) == {"browser:one", "browser:two"}


def test_why_somebody_agrees_is_a_reply_of_their_own(cast: Cast, document: Document) -> None:
    said = say_by_form(cast.process, about=About(document)).input
    given = agree_because(
        actor=ANYBODY, said=said, browser="one", reason=Said("It is cooler then.", "en"), form=a_form(), network="n"
    )
    wording = given.input.wordings.get()
    assert (wording.kind, wording.stance) == (TextKind.AGREEMENT, Stance.SUPPORT)
    assert (given.input.parent, given.input.document) == (said, document)
    assert Support.objects.get().reason == given.input
    assert again(said).supports == 1


def test_nobody_agrees_with_themselves_or_with_what_cannot_be_read(cast: Cast) -> None:
    own = say_by_form(cast.process, actor=cast.dalia).input
    with pytest.raises(Refused, match="yourself"):
        agree_with_input(actor=cast.dalia, said=own, browser="", network="n")
    Input.objects.filter(pk=own.pk).update(standing=Standing.HIDDEN)
    with pytest.raises(Refused):
        agree_with_input(actor=cast.farid, said=again(own), browser="", network="n")


def test_agreeing_too_often_from_one_network_is_told_so(cast: Cast) -> None:
    said = say_by_form(cast.process).input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=1))
    for number in range(19):
        agree_with_input(actor=ANYBODY, said=said, browser=str(number), network="n")
    with pytest.raises(TooMany):
        agree_with_input(actor=ANYBODY, said=said, browser="20", network="n")


@pytest.mark.parametrize("replies", [1, 3])
def test_a_receipt_asks_as_many_queries_however_much_was_said_to_it(
    cast: Cast, replies: int, django_assert_max_num_queries: object
) -> None:
    given = say_by_form(cast.process)
    for _time in range(replies):
        say_by_form(cast.process, reply_to=given.input)
    correct_input(actor=ANYBODY, said=given.input, correction=Correction("Other.", "en"), receipt=given.receipt)
    said = find_said(given.input.pk)
    assert said is not None
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(9):
        page = receipt_page(said, timezone.now(), inputs=places_visible_to(ANYBODY, cast.process))
        assert (len(page.replies), len(page.wordings), page.turn.whose) == (replies, 2, "those who answer")


def test_a_receipt_shows_no_closed_reply(cast: Cast) -> None:
    given = say_by_form(cast.process)
    say_by_form(cast.process, "For the group alone.", reply_to=given.input, consent=Consent.CLOSED)
    held = say_by_form(cast.process, "Buy!", reply_to=given.input).input
    Input.objects.filter(pk=held.pk).update(standing=Standing.HELD)
    gone = say_by_form(cast.process, "Oh.", reply_to=given.input)
    withdraw_input(actor=ANYBODY, said=gone.input, receipt=gone.receipt)
    said = find_said(given.input.pk)
    assert said is not None
    page = receipt_page(said, timezone.now(), inputs=places_visible_to(ANYBODY, cast.process))
    assert [(row.pk, row.text) for row in page.replies] == [(gone.input.pk, "")]


def test_record_input_still_takes_a_liaisons_word_for_the_group_alone(cast: Cast) -> None:
    with pytest.raises(Refused):
        record_input(actor=cast.dalia, process=cast.process, said=Said("We."), source=a_source(cast.process))


def test_a_form_is_looked_for_by_itself_however_much_was_said(cast: Cast) -> None:
    """Several at once made PostgreSQL without statistics read everything that the form had ever taken."""
    say_by_form(cast.process)
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        sent = json.dumps([{"process": cast.process.pk, "key": key} for key in ("a", "b")])
        cursor.execute(explain + _SENT[connection.vendor], [sent, "form"])
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    found = {
        "postgresql": "((source_id = inputs_source.id) AND ((external_id)::text = sent.key))",
        "sqlite": "(source_id=? AND external_id=?)",
    }
    assert found[connection.vendor] in plan
