"""Languages: told where they can be told, among those given, and "" where they cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.core.sense import DetectedLanguage, UnknownTag, detect_language, detect_languages
from harken.core.sense.scripts import script_of_letter, scripts_of_language

SEVEN = ("en", "ar", "de", "es", "fr", "hi", "pt-BR")

SENTENCES = {
    "en": "We must protect the rights of everybody who lives here.",
    "fr": "Nous devons protéger les droits de tous ceux qui vivent ici.",
    "de": "Wir müssen die Rechte aller schützen, die hier leben.",
    "es": "Debemos proteger los derechos de todos los que viven aquí.",
    "pt-BR": "Não podemos esquecer os direitos das pessoas que vivem aqui.",
    "ar": "يجب أن نحمي حقوق جميع من يعيشون هنا.",
    "hi": "हमें यहाँ रहने वाले सभी लोगों के अधिकारों की रक्षा करनी चाहिए।",
    "ru": "Мы должны защищать права всех, кто здесь живёт.",
    "ja": "ここに住むすべての人の権利を守らなければならない。",
    "it": "Dobbiamo proteggere i diritti di tutti quelli che vivono qui.",
}


@pytest.mark.parametrize("careful", [True, False])
@pytest.mark.parametrize("tag", SEVEN)
def test_a_sentence_is_told_by_the_tag_that_was_given(tag: str, careful: bool) -> None:
    found = detect_language(SENTENCES[tag], SEVEN, careful=careful)
    assert (found.tag, found.mixed) == (tag, ())
    assert 0.8 <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "😀😀 👍🏽",
        "2,026 + 17 % = …",
        "https://example.org/je/suis?la=1",
        "a.b@example.org",
        "ok",
        "\x00",
        "?!",
    ],
)
def test_what_says_nothing_is_undetermined(text: str) -> None:
    assert detect_language(text, SEVEN) == DetectedLanguage("", 0.0)


def test_addresses_and_names_do_not_count() -> None:
    text = "Voir https://example.org/this/is/an/english/address et demander à @TheEnglishPeople pour les détails."
    assert detect_language(text, SEVEN).tag == "fr"


def test_a_script_that_one_language_has_decides() -> None:
    assert detect_language("نعم", SEVEN) == DetectedLanguage("ar", 1.0)
    assert detect_language("はい", ("en", "ja")) == DetectedLanguage("ja", 1.0)
    assert detect_language("2026年にこの提案を支持します", ("en", "ja")).tag == "ja"


def test_a_language_of_a_script_nobody_gave_is_undetermined() -> None:
    assert detect_language(SENTENCES["ru"], SEVEN).tag == ""


def test_one_language_in_a_script_is_told_without_a_rival() -> None:
    assert detect_language(SENTENCES["en"], ("en", "ar")) == DetectedLanguage("en", 1.0)


def test_languages_that_lingua_does_not_know_are_told_where_the_script_decides() -> None:
    kurdish = "ئەمە دەقێکی کوردییە"
    assert detect_language(kurdish, ("en", "ckb")) == DetectedLanguage("ckb", 1.0)
    # Arabic is known and shares the script: it is answered only if nearly sure, and Kurdish never.
    assert detect_language(kurdish, ("ar", "ckb")).tag == ""
    # Two of one script, and lingua knows neither.
    assert detect_language("Aquò es un tèxte", ("oc", "br")).tag == ""


def test_a_script_subtag_is_obeyed() -> None:
    assert detect_language("Ово је текст", ("sr-Cyrl", "en")).tag == "sr-Cyrl"
    # Lingua knows Serbian in Cyrillic only, so in Latin letters the script alone could decide.
    assert detect_language("Ovo je tekst na srpskom", ("sr-Latn", "ru")).tag == "sr-Latn"
    assert scripts_of_language("zh-TW") == scripts_of_language("ja") == {"CJK"}
    assert scripts_of_language("pa-PK") == {"ARABIC"}


def test_of_tags_that_differ_in_region_the_first_is_answered() -> None:
    assert detect_language(SENTENCES["pt-BR"], ("en", "pt-BR", "pt")).tag == "pt-BR"


@pytest.mark.parametrize("tag", ["", "klingonese", "xx", "no such tag"])
def test_a_tag_nobody_knows_is_refused(tag: str) -> None:
    with pytest.raises(UnknownTag, match="pt-BR"):
        detect_language("Hello", ("en", tag))


def test_without_languages_nothing_is_told() -> None:
    assert detect_language(SENTENCES["en"], ()).tag == ""


def test_two_languages_in_one_text_are_shown_with_their_shares() -> None:
    found = detect_language(f"{SENTENCES['de']} {SENTENCES['fr']}", SEVEN)
    assert {share.tag for share in found.mixed} == {"de", "fr"}
    assert sum(share.share for share in found.mixed) == pytest.approx(1)
    assert found.tag == found.mixed[0].tag
    other = detect_language(f"{SENTENCES['en']} {SENTENCES['ar']}", SEVEN)
    assert {share.tag for share in other.mixed} == {"en", "ar"}


def test_ten_languages_in_one_input_are_all_shown() -> None:
    tags = [*SEVEN, "ru", "ja", "it"]
    found = detect_language(" ".join(SENTENCES[tag] for tag in tags), tags)
    assert {share.tag for share in found.mixed} == set(tags)


def test_a_name_or_a_quotation_does_not_make_a_text_mixed() -> None:
    text = f"{SENTENCES['ar']} {SENTENCES['ar']} Wikimedia Foundation {SENTENCES['ar']}"
    assert detect_language(text, SEVEN) == DetectedLanguage("ar", 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "e" * 1_000_000,
        "We agree with the proposal. " * 40_000,
        "a@" * 500_000,
        "😀" * 1_000_000,
        "\n" * 1_000_000,
        "".join(map(chr, range(0x20, 0xD800))) * 18,
        "́" * 1_000_000,
        "#" * 1_000_000,
        "\ud800" * 1_000_000,
    ],
    ids=["one word", "repeated", "at signs", "emoji", "empty lines", "every letter", "marks", "hashes", "half pairs"],
)
def test_a_megabyte_has_an_answer(text: str) -> None:
    found = detect_language(text, SEVEN)
    assert found.tag in {"", *SEVEN}
    assert found.tag == "en" or not text.startswith("We")


def test_many_are_told_as_one_by_one() -> None:
    texts = [*SENTENCES.values(), "", "ok", f"{SENTENCES['de']} {SENTENCES['fr']}"]
    together = detect_languages(iter(texts), SEVEN)
    assert together == [detect_language(text, SEVEN) for text in texts]
    assert detect_languages([], SEVEN) == []


def test_more_confidence_can_be_asked_for() -> None:
    text = "Material do projeto"
    found = detect_language(text, SEVEN, least=0.0)
    assert found.tag
    assert detect_language(text, SEVEN, least=found.confidence + 1e-6).tag == ""


@given(st.text(st.characters(), max_size=300))
@settings(max_examples=60)
def test_any_text_has_a_defined_answer(text: str) -> None:
    found = detect_language(text, SEVEN, careful=False)
    assert found.tag in {"", *SEVEN}
    assert 0 <= found.confidence <= 1
    assert (found.confidence == 0) == (found.tag == "")
    if found.mixed:
        assert len({share.tag for share in found.mixed}) == len(found.mixed) >= 2
        assert sum(share.share for share in found.mixed) <= 1 + 1e-9


def test_letters_have_scripts_and_signs_have_none() -> None:
    assert [script_of_letter(each) for each in "aйعहあ漢ー한😀7-"] == [
        *("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI", "CJK", "CJK", "CJK", "HANGUL", "", "", "")
    ]
