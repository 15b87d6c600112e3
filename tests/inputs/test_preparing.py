"""What every input gets after it was recorded: its language, due date, words and stance, each once."""

import datetime

import pytest

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.core.text.words import query_terms
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.languages import NoLanguage, correct_language
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.models import Input, InputRules, LanguageCount, Stance
from harken.inputs.words import INPUT_WORDS
from harken.processes.actions import add_phase
from tests.cast import Cast
from tests.inputs.saying import NOON, a_post, a_source, bring_in

GERMAN = "Die Bibliothek soll am Abend länger geöffnet bleiben, damit alle kommen können."


def found_by(words: str, *languages: str) -> list[str]:
    pks = INPUT_WORDS.find(query_terms(words, languages), Input.objects.all(), below=None, limit=10)
    return [Input.objects.get(pk=pk).external_id for pk in pks]


def counts() -> dict[str, int]:
    return dict(LanguageCount.objects.exclude(inputs=0).values_list("lang", "inputs"))


def test_a_language_that_nobody_said_is_told_by_the_words(cast: Cast) -> None:
    source = a_source(cast.process)
    source.lang = ""
    bring_in(source, a_post("told", "Nous voulons plus de bancs.", lang="fr"), a_post("german", GERMAN))
    bring_in(source, a_post("hindi", "हमारे मोहल्ले में औज़ारों की लाइब्रेरी चल रही है।"), a_post("no words", "12 + 3"))
    assert prepare_inputs() == 4
    assert dict(Input.objects.values_list("external_id", "lang")) == {
        "told": "fr",
        "german": "de",
        "hindi": "hi",
        "no words": "",
    }
    assert counts() == {"fr": 1, "de": 1, "hi": 1, "": 1}
    # What was said, and that nobody said in which language, stays.
    assert not Input.objects.get(external_id="german").wordings.get().lang


def test_the_heading_that_somebody_else_wrote_tells_no_language(cast: Cast) -> None:
    source = a_source(cast.process)
    source.lang = ""
    heading = "¿Cómo leyeron ustedes los borradores en los barrios, y quién los leyó en voz alta?"
    bring_in(source, a_post("reply", "صوّرناه قبل أن يُشرب ما فيه.", heading=heading))
    prepare_inputs()
    assert Input.objects.get().lang == "ar"


def test_what_is_prepared_is_not_prepared_again(cast: Cast) -> None:
    bring_in(a_source(cast.process), *(a_post(str(number)) for number in range(3)))
    assert [prepare_inputs(2), prepare_inputs(2), prepare_inputs(2)] == [2, 1, 0]
    assert counts() == {"en": 3}


def test_an_answer_is_due_some_days_after_the_phase_closes(cast: Cast) -> None:
    InputRules.objects.create(process=cast.process, answer_days=10)
    said = record_input(actor=cast.dalia, process=cast.process, said=Said("More benches."))
    closes = said.recorded_at + datetime.timedelta(days=3)
    opens = said.recorded_at - datetime.timedelta(days=3)
    add_phase(
        actor=OPERATOR, process=cast.process, name="Now", opens_at=opens, closes_at=closes, actions=("give_input",)
    )
    prepare_inputs()
    said.refresh_from_db()
    assert said.due_at == closes + datetime.timedelta(days=10)


def test_an_answer_is_due_some_days_after_what_no_phase_took(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    prepare_inputs()
    said = Input.objects.get()
    assert said.due_at == said.recorded_at + datetime.timedelta(days=30)


def test_words_are_found_in_any_inflection_and_script(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(
        source,
        a_post("en", "The libraries are closing early.", lang="en"),
        a_post("hi", "हमारे मोहल्ले में पुस्तकालय है।", lang="hi"),
        a_post("zh", "图书馆应该晚上开放。", lang="zh"),
        a_post("ar", "نريد مكتبة مفتوحة في المساء.", lang="ar"),
    )
    assert found_by("library", "en") == []
    prepare_inputs()
    assert found_by("library", "en") == ["en"]
    assert found_by("पुस्तकालय", "hi") == ["hi"]
    assert found_by("图书馆") == ["zh"]
    assert found_by("مكتبه", "ar") == ["ar"]
    assert found_by("early libraries", "en") == ["en"]
    assert found_by("early benches", "en") == []


def test_the_newest_wording_is_found_and_the_older_is_not(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("a", "We need more benches."))
    prepare_inputs()
    bring_in(source, a_post("a", "We need more trees."))
    assert (found_by("benches"), found_by("trees")) == ([], ["a"])


def test_words_that_were_taken_away_are_not_found(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", "A secret about somebody."))
    prepare_inputs()
    said = Input.objects.get()
    version = cast.process.content_version
    redact_input(actor=cast.amina, said=said, reason="A court said so.")
    assert found_by("secret") == []
    cast.process.refresh_from_db()
    assert cast.process.content_version > version


def test_a_stance_stands_where_lists_look_for_it(cast: Cast) -> None:
    record_input(actor=cast.dalia, process=cast.process, said=Said("No.", stance=Stance.OPPOSE))
    prepare_inputs()
    assert Input.objects.get().stance == Stance.OPPOSE


def test_a_language_is_corrected_counted_and_on_record(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", GERMAN, lang="en"))
    prepare_inputs()
    said = Input.objects.get()
    correct_language(actor=cast.amina, said=said, lang="de")
    assert (Input.objects.get().lang, said.wordings.get().lang) == ("de", "en")
    assert counts() == {"de": 1}
    assert AuditEvent.objects.filter(verb="corrected language", detail={"from": "en", "to": "de"}).count() == 1
    # Now it is found as a German text is.
    assert found_by("Bibliotheken", "de") == ["a"]


def test_a_language_is_corrected_by_who_works_with_input_and_to_one_that_is_known(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    said = Input.objects.get()
    with pytest.raises(Refused):
        correct_language(actor=cast.farid, said=said, lang="de")
    with pytest.raises(NoLanguage, match="klingonish"):
        correct_language(actor=cast.amina, said=said, lang="klingonish")


def test_numbers_of_languages_can_be_counted_anew(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"), a_post("b", lang="fr", at=NOON))
    prepare_inputs()
    LanguageCount.objects.filter(lang="fr").update(inputs=7)
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 1
    assert counts() == {"en": 1, "fr": 1}
