"""In which language somebody wrote by the form, where they did not say it: the words tell, and it can be corrected."""

import re

import pytest
from django.test import Client

from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.models import Input, Wording
from tests.cast import Cast, text_of
from tests.inputs.giving import fields, say_by_form
from tests.inputs.test_giving_views import ROOT, SAY, send


@pytest.mark.parametrize(
    ("prefix", "text", "at_once", "prepared"),
    [
        ("", "Die Bibliothek soll am Abend länger geöffnet bleiben, damit alle kommen.", "", "de"),
        ("", "صوّرناه قبل أن يُشرب ما فيه.", "ar", "ar"),
        # Words too few to tell are taken to be in the language of the page, unless that is written otherwise.
        ("/de", "OK.", "", "de"),
        ("/fr", "👍", "", "fr"),
        ("", "שלום", "", ""),
    ],
)
def test_the_words_tell_their_language_where_the_speaker_does_not(
    client: Client, cast: Cast, prefix: str, text: str, at_once: str, prepared: str
) -> None:
    page = text_of(client, f"{prefix}{SAY}")
    assert re.search(r'<select[^>]* name="lang"[^>]*><option value="" selected>', page)
    place = send(client, f"{prefix}{SAY}", text=text, lang="")
    assert Input.objects.get().lang == at_once
    text_of(client, place)
    prepare_inputs()
    assert Input.objects.get().lang == prepared
    # A machine told it: nothing says that the speaker did.
    assert Wording.objects.get().lang == ""


def test_a_language_that_the_speaker_says_is_theirs(client: Client, cast: Cast) -> None:
    send(client, text="Die Bibliothek soll am Abend länger geöffnet bleiben.", lang="nl")
    prepare_inputs()
    assert (Input.objects.get().lang, Wording.objects.get().lang) == ("nl", "nl")
    assert Wording.objects.get().extra == {}


def test_a_correction_leaves_the_language_to_the_words_until_the_speaker_says_it(client: Client, cast: Cast) -> None:
    place = send(client, text="Die Bibliothek soll am Abnd offen sein.", lang="").partition("?")[0]
    form = text_of(client, place)
    assert len(re.findall(r'<select[^>]* name="lang"[^>]*><option value="" selected>', form)) == 2
    german = "Die Bibliothek soll am Abend offen sein."
    assert client.post(f"{place}correct/", {"text": german, "lang": "", "stance": ""}).status_code == 302
    prepare_inputs()
    assert Input.objects.get().lang == "de"
    assert '<option value="de" selected>' in text_of(client, place)
    client.post(f"{place}correct/", {"text": f"{german} Bitte!", "lang": "de", "stance": ""})
    assert set(Wording.objects.values_list("lang", flat=True)) == {""}
    client.post(f"{place}correct/", {"text": german, "lang": "nl", "stance": ""})
    assert (Input.objects.get().lang, Wording.objects.get(number=4).lang) == ("nl", "nl")


def test_a_reason_for_agreeing_tells_its_language_itself(client: Client, cast: Cast) -> None:
    said = say_by_form(cast.process, "The roses need shade.").input
    address = f"{ROOT}inputs/{said.pk}/agree/"
    assert '<option value="" selected>' in text_of(client, address)
    client.post(address, fields(text="Weil sie am Mittag in der Sonne verbrennen.", name="", lang=""))
    prepare_inputs()
    assert Input.objects.get(parent=said).lang == "de"
