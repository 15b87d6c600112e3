"""The editor as people meet it: two steps, no words lost on any way out, and questions where two wrote at once."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harken.documents.actions.saving import keep_text
from harken.documents.models import Document, KeptText, Revision
from tests.cast import Cast, open_phase, text_of
from tests.documents.writing import FIRST, SECOND, THIRD, add_template, as_it_is, begin_draft, texts_of, typed_of

EDIT = "/processes/open-garden/iteration-1/AD-R1/edit/"
KEEP = "/processes/open-garden/iteration-1/AD-R1/keep/"
DRAFT = "/processes/open-garden/iteration-1/AD-R1/draft/"


def fields_of(document: Document, base: Any = None, **changed: Any) -> dict[str, Any]:
    """What the editor would send; `text` is the text in no section."""
    typed = typed_of(document)
    sent = {"base": (base or as_it_is_of(document).current or Revision()).pk, "title": typed.title}
    sent |= {"alternative": [*typed.alternatives, ""], "summary": typed.summary}
    sent |= {f"section-{key}": text for key, text in typed.sections.items()}
    if "text" in changed:
        sent["section-"] = changed.pop("text")
    return sent | changed


def as_it_is_of(document: Document) -> Document:
    return Document.objects.select_related("current").get(pk=document.pk)


def areas_in(page: str) -> dict[str, str]:
    """The text areas of a page by name."""
    found = re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


def send(client: Client, sent: Mapping[str, Any], step: str, status: int = 200) -> str:
    response = client.post(EDIT, {**sent, "step": step})
    assert response.status_code == status
    return response.content.decode()


def another(cast: Cast, name: str = "bruno") -> Client:
    client = Client()
    client.force_login(getattr(cast, name))
    return client


def test_the_editor_shows_every_section_with_what_is_asked_and_how_much_is_there(amina: Client, cast: Cast) -> None:
    begin_draft(cast, template=add_template(cast, "what", "why"), section="why")
    page = text_of(amina, EDIT)
    areas = areas_in(page)
    assert areas["section-what"] == ""
    assert areas["section-why"] == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    assert "Say why." in page
    assert "36 of 20 words" in page
    assert "16</span> too many" in page


def test_writing_is_two_steps_and_ends_with_a_revision(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    sent = fields_of(document, text=f"{FIRST}\r\n\r\n{SECOND}\r\n\r\nA pump is shared by two streets.")
    page = send(amina, sent, "review")
    assert "<del" in page
    assert "<ins" in page
    assert re.search(r'value="meaning"[^>]*checked', page)
    assert Revision.objects.filter(document=document).count() == 1
    assert areas_in(page)["section-"] == sent["section-"].replace("\r\n", "\n")
    response = amina.post(EDIT, {**sent, "step": "save", "note": "Two streets", "change_class": "wording"})
    assert response.status_code == 302
    assert response["Location"] == DRAFT
    revision = Revision.objects.get(document=document, number=2)
    assert (revision.note, revision.change_class, revision.author_name) == ("Two streets", "wording", "Amina")
    assert texts_of(document)[2] == "A pump is shared by two streets."
    assert "Saved as revision 2." in text_of(amina, DRAFT)


def test_saving_asks_for_the_class_and_keeps_the_words(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    page = send(amina, fields_of(document, text="Other."), "save", 422)
    assert "Choose one" in page
    assert areas_in(page)["section-"] == "Other."


def test_who_changed_nothing_is_told_so(amina: Client, cast: Cast) -> None:
    assert "You have changed nothing" in send(amina, fields_of(begin_draft(cast)), "review")


def test_the_way_back_leads_to_the_words_as_they_were_typed(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    page = send(amina, fields_of(document, text="<b>&amp; \n\n\n  odd  </textarea>"), "edit")
    assert areas_in(page)["section-"] == "<b>&amp; \n\n\n  odd  </textarea>"


@pytest.mark.parametrize(
    ("changed", "reason", "place"),
    [
        ({"title": "  "}, "exactly one title", "field-title"),
        ({"text": "good\nbad \x0b one"}, "Line 2 holds a character that cannot be kept (U+000B)", "#section-"),
        ({"summary": "\x00"}, "U+0000", "field-summary"),
    ],
)
def test_what_cannot_be_saved_says_why_and_where(
    amina: Client, cast: Cast, changed: dict[str, str], reason: str, place: str
) -> None:
    document = begin_draft(cast)
    page = html.unescape(send(amina, fields_of(document, note="", change_class="typo", **changed), "save", 422))
    assert reason in page
    assert f'href="#{place.removeprefix("#")}"' in page
    assert Revision.objects.filter(document=document).count() == 1


def test_what_another_saved_meanwhile_is_merged_and_said(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    sent = fields_of(document, text=f"{FIRST}\n\n{SECOND}\n\n{THIRD} Mine.", change_class="wording")
    theirs = fields_of(document, text=f"{FIRST} His.\n\n{SECOND}\n\n{THIRD}", change_class="wording")
    send(another(cast), theirs, "save", 302)
    assert "<bdi>Bruno</bdi> saved this text as well" in send(amina, sent, "review")
    send(amina, sent, "save", 302)
    assert texts_of(document) == [f"{FIRST} His.", SECOND, f"{THIRD} Mine."]
    assert "What Bruno changed meanwhile, in 1 passage, is in it too." in text_of(amina, DRAFT)


def begin_conflict(cast: Cast, amina: Client) -> tuple[Document, dict[str, Any], str, int]:
    """Both change the first passage, Amina the third too: the page that asks her, and the passage's key."""
    document = begin_draft(cast)
    sent = fields_of(document, text=f"{FIRST} Mine.\n\n{SECOND}\n\n{THIRD} Mine.", change_class="wording", note="Both")
    theirs = fields_of(document, text=f"{FIRST} His.\n\n{SECOND}\n\n{THIRD}", change_class="wording")
    send(another(cast), theirs, "save", 302)
    page = send(amina, sent, "save", 200)
    match = re.search(r'name="words-(\d+)"', page)
    assert match
    return document, sent, page, int(match[1])


def answers_in(page: str) -> dict[str, str]:
    """What the page that asks would send: its hidden fields and areas, and the answer that is marked."""
    hidden = re.findall(r'<input type="hidden" name="((?:on|place|base|note|change)[^"]*)" value="([^"]*)"', page)
    picked = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page)
    return {**dict(hidden), **dict(picked), **areas_in(page)}


def test_a_question_shows_all_three_and_the_words_of_both(amina: Client, cast: Cast) -> None:
    document, _sent, page, key = begin_conflict(cast, amina)
    assert Revision.objects.filter(document=document).count() == 2
    assert "What <bdi>Bruno</bdi> saved" in page
    assert "As it was before" in page
    assert areas_in(page)[f"words-{key}"] == f"{FIRST} His. Mine."
    send(amina, answers_in(page), "save", 302)
    assert texts_of(document) == [f"{FIRST} His. Mine.", SECOND, f"{THIRD} Mine."]
    assert Revision.objects.get(document=document, number=3).note == "Both"


@pytest.mark.parametrize(("pick", "expected"), [("theirs", f"{FIRST} His."), ("mine", f"{FIRST} Mine.")])
def test_either_side_may_be_taken(amina: Client, cast: Cast, pick: str, expected: str) -> None:
    document, _sent, page, key = begin_conflict(cast, amina)
    send(amina, {**answers_in(page), f"pick-{key}": pick}, "save", 302)
    assert texts_of(document) == [expected, SECOND, f"{THIRD} Mine."]


def test_an_answer_may_remove_the_passage_or_make_it_several(amina: Client, cast: Cast) -> None:
    document, _sent, page, key = begin_conflict(cast, amina)
    send(amina, {**answers_in(page), f"words-{key}": "One.\r\n\r\nTwo."}, "save", 302)
    assert texts_of(document) == ["One.", "Two.", SECOND, f"{THIRD} Mine."]


def test_a_question_comes_again_when_the_other_saves_again_and_given_answers_stand(amina: Client, cast: Cast) -> None:
    document, _sent, page, _key = begin_conflict(cast, amina)
    theirs = fields_of(document, text=f"{FIRST} His.\n\n{SECOND}\n\n{THIRD} His too.", change_class="wording")
    send(another(cast), theirs, "save", 302)
    page = send(amina, answers_in(page), "save", 200)
    assert page.count("<fieldset") == 1
    send(amina, answers_in(page), "save", 302)
    assert texts_of(document) == [f"{FIRST} His. Mine.", SECOND, f"{THIRD} His too. Mine."]


def test_both_titles_are_asked_about_and_one_is_saved(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    sent = fields_of(document, title="Water the beds twice", change_class="wording")
    send(another(cast), fields_of(document, title="Water all the beds", change_class="wording"), "save", 302)
    send(amina, answers_in(send(amina, sent, "save", 200)), "save", 302)
    assert as_it_is(cast).title == "Water all the beds twice"


def test_words_written_on_a_revision_of_another_text_are_refused_and_shown(amina: Client, cast: Cast) -> None:
    document, other = begin_draft(cast), begin_draft(cast)
    page = send(amina, fields_of(document, other.current, text="Mine."), "save", 422)
    assert "not written on a revision of this text" in page
    assert areas_in(page)["section-"] == "Mine."
    assert send(amina, {**fields_of(document), "base": "x" * 30}, "save", 422)
    assert Revision.objects.filter(document=document).count() == 1


def test_words_that_come_after_the_session_ended_are_shown_and_go_on_after_signing_in(cast: Cast) -> None:
    document = begin_draft(cast)
    client = Client()
    page = send(client, fields_of(document, text="Mine, not lost."), "save", 403)
    assert "Your words are here" in page
    assert areas_in(page)["section-"] == "Mine, not lost."
    client.force_login(cast.amina)
    again = send(client, {**areas_in(page), "base": document.current_id}, "edit")
    assert areas_in(again)["section-"] == "Mine, not lost."


def test_a_form_from_before_the_sign_in_is_shown_again_with_its_words(cast: Cast) -> None:
    document = begin_draft(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amina)
    page = send(client, fields_of(document, text="Mine.", change_class="typo"), "save", 403)
    assert areas_in(page)["section-"] == "Mine."
    assert Revision.objects.filter(document=document).count() == 1
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    sent = fields_of(document, text="Mine.", change_class="typo", csrfmiddlewaretoken=token[1])
    send(client, sent, "save", 302)


@pytest.mark.parametrize("step", ["save", "keep", "review", "", "discard"])
def test_another_site_cannot_write_in_the_name_of_who_is_signed_in(cast: Cast, step: str) -> None:
    document = begin_draft(cast)
    mine = typed_of(document).to_json()
    keep_text(actor=cast.amina, document=document, base=1, fields=mine)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.amina)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(client, EDIT))
    assert token
    fields = {**fields_of(document, text="Theirs.", change_class="typo"), "step": step}
    elsewhere = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}
    # Without the token, with a wrong one, and with the right one from another site's page.
    for sent, headers in (
        (fields, {}),
        ({**fields, "csrfmiddlewaretoken": "x" * 64}, {}),
        ({**fields, "csrfmiddlewaretoken": token[1]}, elsewhere),
    ):
        for address in (EDIT, EDIT.replace("edit/", "keep/")):
            assert client.post(address, sent, headers=headers).status_code == 403
    assert Revision.objects.filter(document=document).count() == 1
    assert KeptText.objects.get().fields == mine


def test_who_may_not_write_any_more_gets_the_words_back(cast: Cast) -> None:
    document = begin_draft(cast)
    open_phase(cast.process, "give_input")
    for name, status in (("bruno", 403), ("farid", 404)):
        page = send(another(cast, name), fields_of(document, text="Mine."), "save", status)
        assert areas_in(page)["section-"] == "Mine."
    assert Client().get(EDIT).status_code == 302
    assert another(cast, "bruno").get(EDIT).status_code == 403
    assert another(cast, "farid").get(EDIT).status_code == 404


def test_words_are_kept_by_a_button_and_are_back_on_return(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    send(amina, fields_of(document, text="Kept for later."), "keep", 302)
    assert Revision.objects.filter(document=document).count() == 1
    page = text_of(amina, EDIT)
    assert "that are not saved as a revision" in page
    assert areas_in(page)["section-"] == "Kept for later."
    assert "Kept for later." not in text_of(another(cast), EDIT)
    assert amina.post(KEEP, {"step": "discard"}).status_code == 302
    assert "Kept for later." not in text_of(amina, EDIT)


def test_kept_words_are_merged_when_the_text_moved_on(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    send(amina, fields_of(document, text=f"{FIRST}\n\n{SECOND}\n\n{THIRD} Mine."), "keep", 302)
    theirs = fields_of(document, text=f"{FIRST} His.\n\n{SECOND}\n\n{THIRD}", change_class="typo")
    send(another(cast), theirs, "save", 302)
    page = text_of(amina, EDIT)
    assert "What others saved meanwhile is merged" in page
    base = re.search(r'name="base" value="(\d+)"', page)
    assert base
    send(amina, {**areas_in(page), "base": base[1], "change_class": "typo"}, "save", 302)
    assert texts_of(document) == [f"{FIRST} His.", SECOND, f"{THIRD} Mine."]
    assert not KeptText.objects.exists()


def test_kept_words_of_a_section_that_is_gone_are_still_on_the_page(amina: Client, cast: Cast) -> None:
    template = add_template(cast, "what", "why")
    document = begin_draft(cast, template=template, section="what")
    send(amina, {**fields_of(document), "section-why": "Because."}, "keep", 302)
    template.sections_json = template.sections_json[:1]
    template.save()
    assert areas_in(text_of(amina, EDIT))["section-why"] == "Because."


def test_the_script_keeps_and_is_told_why_not(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    answer = amina.post(KEEP, fields_of(document, text="Typing"))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"kept": True})
    answer = amina.post(KEEP, fields_of(document))
    assert json.loads(answer.content) == {"kept": False}
    assert amina.post(KEEP, fields_of(document, text="\x00")).status_code == 422
    assert amina.post(KEEP, {**fields_of(document), "base": "1" * 30}).status_code == 422
    assert Client().post(KEEP, fields_of(document)).status_code == 403
    assert another(cast, "dalia").post(KEEP, fields_of(document)).status_code in {403, 404}


def test_a_saved_page_is_known_when_one_comes_back(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    send(amina, fields_of(document, text="Mine.", change_class="typo", page="12-34"), "save", 302)
    assert 'data-saved="12-34"' in text_of(amina, EDIT)


def test_the_editor_takes_the_same_queries_however_long_the_text_is(amina: Client, cast: Cast) -> None:
    counts = []
    for paragraphs in (1, 3):
        document = begin_draft(cast, "\n\n".join(f"Paragraph {number}" for number in range(paragraphs)))
        address = EDIT.replace("AD-R1", document.code)
        text_of(amina, address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(amina, address)
        counts.append(len(queries))
    assert counts == [10, 10]


@pytest.mark.large
def test_a_megabyte_goes_through_both_steps(amina: Client, cast: Cast) -> None:
    document = begin_draft(cast)
    text = " ".join(f"ماء{number % 997}" for number in range(160_000))
    sent = fields_of(document, text=text, change_class="meaning")
    assert areas_in(send(amina, sent, "review"))["section-"] == text
    send(amina, sent, "save", 302)
    assert texts_of(document) == [text]
