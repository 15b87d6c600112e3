"""The form and the receipt as browsers ask for them: no account, no script, and no words lost on any way out."""

import datetime
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.documents.actions.publication import revise_document
from harken.documents.models import Document, Version
from harken.inputs.actions.arrivals import network_of
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import About, Said
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.forms.giving import key_of_question
from harken.inputs.models import (
    Arrival,
    Consent,
    ContextKind,
    Correspondent,
    Input,
    InputRules,
    LateInput,
    Standing,
    Support,
    Wording,
)
from harken.inputs.queries.similar import find_similar
from harken.processes.actions import add_phase, mark_changed, set_guiding_questions
from harken.processes.default_questions import DEFAULT_QUESTIONS
from tests.cast import Cast, add_round, text_of
from tests.documents.test_anchors import PUMP, passages
from tests.inputs.giving import ANYBODY, a_form, fields, say_by_form

ROOT = "/processes/open-garden/"
SAY = f"{ROOT}say/"


@pytest.fixture
def document(cast: Cast) -> Document:
    _iteration, (document,) = add_round(cast.process, cast.advocacy, "Water the beds at night")
    return document


def about(document: Document, **more: str) -> str:
    return f"{SAY}?{urlencode({'iteration': 'iteration-1', 'document': document.code, **more})}"


def passage_of(document: Document) -> str:
    return Version.objects.get(passage__document=document).passage.public_id


def send(client: Client, address: str = SAY, *, status: int = 302, **changes: Any) -> str:
    """Send the form; where it leads, or the page that comes back."""
    response = client.post(address, fields(**changes))
    assert response.status_code == status, response.content.decode()
    return response["Location"] if status == 302 else response.content.decode()


def test_somebody_speaks_and_comes_to_the_receipt(client: Client, document: Document) -> None:
    address = about(document, passage=passage_of(document))
    page = text_of(client, address)
    assert "About this passage" in page
    assert "Water the beds at night" in page
    place = send(client, address, text="At night it\r\nis cooler.", name="Rose", stance="support")
    said = Input.objects.get()
    wording = said.wordings.get()
    assert (wording.text, wording.stance, wording.speaker_name) == ("At night it\nis cooler.", "support", "Rose")
    assert (said.document, said.passage, said.lang) == (document, Version.objects.get().passage, "en")
    receipt = text_of(client, place)
    for words in ("Thank you.", "is cooler.", "those who answer", "Rose"):
        assert words in receipt


def test_words_that_were_chosen_carry_an_anchor(client: Client, document: Document) -> None:
    address = about(document, passage=passage_of(document), quote="the beds", before="Water ")
    assert "About these words" in text_of(client, address)
    send(client, address)
    anchor = Input.objects.get().anchor
    assert anchor is not None
    assert anchor.exact == "the beds"


def test_words_that_are_not_there_leave_the_passage(client: Client, document: Document) -> None:
    address = about(document, passage=passage_of(document), quote="the roses")
    assert "About this passage" in text_of(client, address)


def test_a_passage_that_is_gone_leaves_the_text_and_one_that_never_was_there_nothing(
    client: Client, cast: Cast, document: Document
) -> None:
    revise_document(actor=cast.amina, document=document, passages=passages("At night.", PUMP))
    [gone] = Version.objects.filter(text=PUMP).values_list("passage__public_id", flat=True)
    assert "About this passage" in text_of(client, about(document, passage=gone))
    revise_document(actor=cast.amina, document=document, passages=passages("At night."))
    assert "About this text" in text_of(client, about(document, passage=gone))
    text_of(client, about(document, passage="zzzz"), status=404)
    client.post(about(document, passage="zzzz"), fields())
    assert not Input.objects.exists()


def test_nobody_speaks_about_what_they_cannot_see(client: Client, cast: Cast, document: Document) -> None:
    hidden = say_by_form(cast.process, consent=Consent.CLOSED).input
    text_of(client, f"{SAY}?reply={hidden.pk}", status=404)
    for place in ("reply=9999", "reply=x", "reply=99999999999999999999", "iteration=iteration-1&document=AD-R9"):
        text_of(client, f"{SAY}?{place}", status=404)
    Document.objects.update(published=None)
    text_of(client, about(document), status=404)


def test_a_reply_hangs_below_what_it_replies_to(client: Client, cast: Cast, document: Document) -> None:
    first = say_by_form(cast.process, "Who waters?", about=About(document)).input
    assert "Who waters?" in text_of(client, f"{SAY}?reply={first.pk}")
    send(client, f"{SAY}?reply={first.pk}", text="The night watch.")
    assert Input.objects.get(parent=first).document == document


def test_a_double_click_is_one_input(client: Client, cast: Cast) -> None:
    sent = fields()
    first, second = (client.post(SAY, sent)["Location"] for _time in range(2))
    assert first == second
    assert Input.objects.count() == 1


def test_a_form_that_was_sent_comes_back_with_other_words_and_a_fresh_token(client: Client, cast: Cast) -> None:
    sent = fields()
    client.post(SAY, sent)
    page = client.post(SAY, {**sent, "text": "And another thing."})
    assert page.status_code == 422
    shown = page.content.decode()
    assert "This form was sent already" in shown
    assert "And another thing." in shown
    assert sent["token"] not in shown
    assert Input.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(3 * 24 * 60, "more than two days"), (0.0, "quicker than anybody writes")]
)
def test_an_old_token_and_a_quick_one_lose_no_words(client: Client, cast: Cast, minutes: float, sentence: str) -> None:
    token = str(a_form(minutes=minutes))
    page = send(client, token=token, text="I took my time.", name="Rose", status=422)
    assert sentence in page
    for kept in ("I took my time.", 'value="Rose"'):
        assert kept in page
    assert token not in page
    assert not Input.objects.exists()


def test_a_forged_token_is_not_taken(client: Client, cast: Cast) -> None:
    page = send(client, token="made-up", text="Mine.", status=422)
    assert "did not come from this site" in page
    assert "Mine." in page
    fresh = re.search(r'name="token" value="([^"]+)"', page)
    assert fresh is not None
    assert fresh[1] != "made-up"


@pytest.mark.parametrize(
    "spoofed",
    [
        {"Forwarded": "for=203.0.113.{};proto=https;by=203.0.113.43"},
        {"Forwarded": 'for="[2001:db8:{}::1]:4711", for=198.51.100.7'},
        {"X-Forwarded-For": "203.0.{}.9"},
        {"X-Forwarded-For": "203.0.{0}.9, 198.51.{0}.7", "Forwarded": "for=192.0.{0}.1"},
    ],
    ids=str,
)
def test_headers_of_proxies_that_are_not_there_make_nobody_another(
    client: Client, cast: Cast, spoofed: dict[str, str]
) -> None:
    # https://www.rfc-editor.org/rfc/rfc7239 (8.1): whoever sends these headers writes into them what they like.
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=2))
    for number in range(3):
        headers = {name: value.format(number) for name, value in spoofed.items()}
        sent = client.post(SAY, fields(text=f"Once more, with feeling: {number}."), headers=headers)
        assert sent.status_code == 302, sent.content.decode()
    assert set(Arrival.objects.values_list("network", flat=True)) == {network_of("127.0.0.1")}
    assert Input.objects.filter(standing=Standing.HELD).count() == 1


def test_a_browser_without_cookies_is_told_and_keeps_its_words(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    page = send(strict, text="I keep no cookies.", status=403)
    assert "keep cookies of this site" in page
    assert "I keep no cookies." in page
    assert not Input.objects.exists()
    form = text_of(strict, SAY)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    send(strict, csrfmiddlewaretoken=token[1])
    assert Input.objects.count() == 1


def test_another_site_cannot_let_a_participant_speak(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.dalia)
    send(strict, status=403)
    assert not Input.objects.exists()


def test_a_closed_window_is_told_and_keeps_the_words(client: Client, cast: Cast) -> None:
    now, day = timezone.now(), datetime.timedelta(days=1)
    opens_again = now + 3 * day
    for opens, closes in ((now - 2 * day, now - day), (opens_again, opens_again + day)):
        add_phase(
            actor=OPERATOR, process=cast.process, name="Talk", opens_at=opens, closes_at=closes, actions=["give_input"]
        )
    page = text_of(client, SAY)
    assert "Input is not taken now." in page
    assert "It was taken until" in page
    assert '<form method="post" action="/processes' not in page
    refused = send(client, text="I come late.", status=403)
    assert "I come late." in refused
    assert "This opens on" in refused
    assert not Input.objects.exists()
    InputRules.objects.create(process=cast.process, late=LateInput.ACCEPTED)
    mark_changed(cast.process)
    assert "marked as late" in text_of(client, SAY)
    send(client, text="I come late.")
    assert Input.objects.get().is_late


def test_an_open_window_says_until_when_on_the_processs_clock(client: Client, cast: Cast) -> None:
    cast.process.time_zone = "America/Lima"
    cast.process.save()
    closes = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=5, minutes=30)
    add_phase(
        actor=OPERATOR, process=cast.process, name="Talk", opens_at=None, closes_at=closes, actions=["give_input"]
    )
    page = text_of(client, SAY)
    assert "5 hours left" in page
    assert "-05" in page or "GMT-5" in page or "PET" in page


def test_questions_are_asked_in_the_readers_language(client: Client, cast: Cast) -> None:
    questions = [{"en": "Keep what?", "ar": "ماذا نبقي؟"}, {"fr": "Et quoi encore ?"}, {"en": "Drop what?"}]
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=questions)
    page = text_of(client, f"/ar{SAY}")
    for asked in ("ماذا نبقي؟", "Et quoi encore ?", "Drop what?"):
        assert asked in page
    assert "Keep what?" not in page
    keep = cast.process.guiding_questions.get(lang="ar")
    answered: dict[str, Any] = {key_of_question(keep): "الورود."}
    send(client, f"/ar{SAY}", text="", **answered)
    assert list(Wording.objects.get().responses.values_list("asked", "text")) == [("ماذا نبقي؟", "الورود.")]


def test_what_was_answered_to_a_question_that_changed_goes_on_in_the_text(client: Client, cast: Cast) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what?"}])
    answered: dict[str, Any] = {key_of_question(cast.process.guiding_questions.get()): "The roses."}
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what, exactly?"}])
    page = send(client, text="Listen.", status=422, **answered)
    assert "The questions changed while you wrote." in page
    assert re.search(r"Listen\.\s+The roses\.\s*</textarea>", page)
    # Saving the same questions again changes nothing for whoever has the form open.
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what?"}])
    send(client, text="", **answered)
    assert Wording.objects.get().responses.get().text == "The roses."


def test_contexts_are_asked_only_where_the_process_asks(client: Client, cast: Cast) -> None:
    assert "Where you speak from" not in text_of(client, SAY)
    rules = Rules(contexts=[ContextKind.REGION, ContextKind.ROLE])
    set_input_rules(actor=cast.amina, process=cast.process, rules=rules)
    page = text_of(client, SAY)
    assert "Only those who work with the input see this beside your words." in page
    told: dict[str, Any] = {"c-0": "Samoa", "c-1": ""}
    send(client, **told)
    assert list(Wording.objects.get().contexts.values_list("kind", "value")) == [("region", "Samoa")]


def test_an_address_for_news_is_kept_with_the_browsers_clock(client: Client, cast: Cast) -> None:
    send(client, email="rose@example.org", frequency="weekly", time_zone="Asia/Kolkata")
    rose = Correspondent.objects.get()
    assert (rose.email, rose.frequency, rose.time_zone, rose.lang) == (
        "rose@example.org",
        "weekly",
        "Asia/Kolkata",
        "en",
    )
    send(client, email="iris@example.org", time_zone="Not/AZone")
    assert Correspondent.objects.get(email="iris@example.org").time_zone == cast.process.time_zone
    assert "Nice." in send(client, email="no address", text="Nice.", status=422)


def test_the_field_nobody_sees_is_for_machines(client: Client, cast: Cast) -> None:
    send(client, website="https://buy.example")
    assert Input.objects.get().standing == Standing.HELD


def test_a_participant_is_named_and_finds_what_they_said(client: Client, cast: Cast) -> None:
    client.force_login(cast.dalia)
    assert 'value="Dalia"' in text_of(client, SAY)
    send(client, name="Dalia", text="Under my name.")
    send(client, name="Rose", text="Under another.")
    send(client, name="", text="Under none.")
    speakers = Wording.objects.order_by("pk").values_list("speaker_kind", "speaker_name", "participant")
    assert list(speakers) == [
        ("participant", "Dalia", cast.dalia.pk),
        ("pseudonym", "Rose", cast.dalia.pk),
        ("unknown", "", cast.dalia.pk),
    ]
    own = text_of(client, "/said/")
    assert all(words in own for words in ("Under my name.", "Under another.", "Under none."))
    client.force_login(cast.farid)
    assert "Under my name." not in text_of(client, "/said/")


def test_somebody_looks_whether_it_was_said_already(client: Client, cast: Cast, document: Document) -> None:
    said = say_by_form(cast.process, "The roses in the northern beds need shade.", about=About(document)).input
    prepare_inputs()
    words = {"text": "Roses of the northern beds want shade, I think.", "look": "yes", "token": ""}
    page = client.post(about(document), fields(**words)).content.decode()
    assert "The roses in the northern beds need shade." in page
    assert "Roses of the northern beds want shade" in page
    assert 'class="refused"' not in page
    part = client.post(about(document), fields(**words), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'value="{said.pk}"' in part
    assert Input.objects.count() == 1


def test_what_was_said_of_another_text_is_offered_after_what_was_said_of_this_one(
    client: Client, cast: Cast, document: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _iteration, (other,) = add_round(cast.process, cast.advocacy, "Roses", number=2)
    words = "The roses in the northern beds need shade at noon."
    elsewhere = say_by_form(cast.process, words, about=About(other)).input
    passage = Version.objects.get(passage__document=document).passage
    here = say_by_form(cast.process, f"{words} Who brings it to them?", about=About(document, passage=passage)).input
    prepare_inputs()
    page = client.post(about(document), fields(text=words, look="yes")).content.decode()
    assert re.findall(r'name="agree" value="(\d+)"', page) == [str(here.pk), str(elsewhere.pk)]
    offered = page[page.index('class="similar"') : page.index('class="soft">If yours')]
    assert re.findall('class="code">([^<]+)<', offered) == [f"iteration-2/{other.code}"]
    # What was said of another text keeps nobody from saying it of this one.
    Input.objects.filter(pk=here.pk).update(standing=Standing.HIDDEN)
    send(client, about(document), text=words)
    with django_assert_num_queries(5):
        find_similar(Input.objects.filter(standing=None), words, "en", near=Q(document=document))


def test_inflected_words_are_offered_where_nobody_said_their_language(client: Client, cast: Cast) -> None:
    said = "Die Bibliothek braucht eine Straßenlaterne."
    say_by_form(cast.process, said=Said(said, "de"))
    prepare_inputs()
    words = "Bibliotheken brauchen die Straßenlaternen."
    assert said in client.post(SAY, fields(text=words, look="yes", lang="")).content.decode()


def test_nearly_the_same_words_are_shown_once_before_they_are_taken(client: Client, cast: Cast) -> None:
    say_by_form(cast.process, "The roses in the northern beds need shade at noon.")
    prepare_inputs()
    words = "The roses in the northern beds need shade at noon!"
    page = send(client, text=words, status=422)
    assert "Somebody said nearly the same already." in page
    send(client, text=words, seen="yes")
    assert Input.objects.count() == 2


def test_words_can_become_the_reason_for_agreeing(client: Client, cast: Cast) -> None:
    said = say_by_form(cast.process, "The roses need shade.").input
    place = send(client, text="They burn at noon.", agree=str(said.pk), consent="nameless", seen="yes")
    reason = Input.objects.get(parent=said)
    assert (reason.wordings.get().kind, reason.source.consent) == ("agreement", "nameless")
    assert Support.objects.get().reason == reason
    assert "They burn at noon." in text_of(client, place)
    assert send(client, agree="999", seen="yes", status=404)


def test_one_browser_agrees_once_and_takes_it_back(client: Client, cast: Cast) -> None:
    said = say_by_form(cast.process, "The roses need shade.").input
    address = f"{ROOT}inputs/{said.pk}/agree/"
    assert "The roses need shade." in text_of(client, address)
    for _time in range(2):
        assert client.post(address, fields(text="", name="")).status_code == 302
    assert Input.objects.get().supports == 1
    assert "You agree with this." in text_of(client, address)
    assert Client().post(address, fields(text="", name="")).status_code == 302
    assert Input.objects.get().supports == 2
    client.post(address, {"stop": "yes"})
    assert Input.objects.get().supports == 1
    assert "You agree with this." not in text_of(client, address)


def test_a_speaker_corrects_and_withdraws_by_the_receipt(client: Client, cast: Cast) -> None:
    place = send(client, text="At noun.").partition("?")[0]
    page = client.post(f"{place}correct/", {"text": "At noon.", "lang": "en", "stance": ""}, follow=True)
    shown = page.content.decode()
    assert "Corrected." in shown
    assert shown.index("At noon.") < shown.index("At noun.")
    assert client.post(f"{place}correct/", {"text": " ", "lang": "en"}).status_code == 422
    assert "portugu" in client.post(f"{place}language/", {"lang": "pt"}, follow=True).content.decode().lower()
    assert Input.objects.get().lang == "pt"
    page = client.post(f"{place}withdraw/", follow=True)
    assert "You withdrew it." in page.content.decode()
    assert Input.objects.get().standing == Standing.WITHDRAWN
    assert client.post(f"{place}withdraw/").status_code == 403


def test_a_receipt_is_nobody_elses(client: Client, cast: Cast) -> None:
    place = send(client).partition("?")[0]
    text_of(client, f"{place[:-2]}x/", status=404)
    text_of(client, "/said/1/", status=404)
    response = client.get(place)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_the_form_is_kept_by_no_cache_for_others(client: Client, cast: Cast) -> None:
    assert "private" in client.get(SAY)["Cache-Control"]


def test_names_and_words_that_are_html_stay_words(client: Client, cast: Cast) -> None:
    place = send(client, name="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = text_of(client, place)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_form_can_be_printed_with_a_code_that_leads_to_it(
    client: Client, cast: Cast, document: Document, settings: object
) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what?", "ar": "ماذا نبقي؟"}])
    page = text_of(client, about(document).replace("/say/?", "/say/print/?"))
    assert "Keep what?" in page
    assert "Water the beds at night" in page
    assert f"{SAY}qr.svg?iteration=iteration-1&amp;document=AD-R1" in page
    arabic = text_of(client, f"/ar{SAY}print/")
    assert "ماذا نبقي؟" in arabic
    drawn = client.get(f"/ar{SAY}qr.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    assert drawn.content != client.get(f"{SAY}qr.svg").content
    text_of(client, f"{SAY}print/?iteration=iteration-1&document=AD-R9", status=404)


def test_pages_lead_to_the_form_while_input_is_taken(client: Client, cast: Cast, document: Document) -> None:
    d = f"{ROOT}iteration-1/AD-R1/"
    address = "/say/?iteration=iteration-1&amp;document=AD-R1"
    assert address in text_of(client, d)
    assert f"{address}&amp;passage={passage_of(document)}" in text_of(client, f"{d}passages/{passage_of(document)}/")
    assert f'href="{SAY}"' in text_of(client, ROOT)
    past = timezone.now() - datetime.timedelta(days=1)
    add_phase(actor=OPERATOR, process=cast.process, name="Was", opens_at=None, closes_at=past, actions=["give_input"])
    assert address not in text_of(client, d)
    assert "See when input is taken" in text_of(client, ROOT)


def test_organisers_begin_with_questions_that_served_others(amina: Client, cast: Cast) -> None:
    address = f"{ROOT}settings/direction/"
    sent = {"pillars-TOTAL_FORMS": "0", "pillars-INITIAL_FORMS": "0", "questions": ""}
    page = amina.post(address, {**sent, "adopt": "yes"}).content.decode()
    assert "not saved yet" in page
    assert str(DEFAULT_QUESTIONS[0]) in page
    assert not cast.process.guiding_questions.exists()
    asked = re.search(r'<textarea name="questions".*?>\s*(.*?)</textarea>', page, re.DOTALL)
    assert asked is not None
    amina.post(address, {**sent, "questions": asked[1], "questions-ar": "سؤال"})
    assert cast.process.guiding_questions.filter(lang="en").count() == len(DEFAULT_QUESTIONS)
    assert cast.process.guiding_questions.get(lang="ar").position == 0


def test_the_form_asks_as_many_queries_for_many_questions_as_for_one(
    client: Client, cast: Cast, document: Document, django_assert_num_queries: object
) -> None:
    assert callable(django_assert_num_queries)
    for count in (1, 3):
        questions = [{"en": f"Question {number}?"} for number in range(count)]
        set_guiding_questions(actor=OPERATOR, process=cast.process, questions=questions)
        with django_assert_num_queries(10):
            text_of(client, about(document, passage=passage_of(document)))


def test_sending_the_form_asks_few_queries(client: Client, cast: Cast, django_assert_max_num_queries: object) -> None:
    say_by_form(cast.process)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(20):
        send(client, seen="yes")
    assert say_by_form(cast.process, actor=ANYBODY).is_new
