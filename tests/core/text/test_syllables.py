import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.syllables import SYLLABLE_LANGUAGES, count_syllables

KNOWN = {
    "en": "idea 3 area 3 people 2 create 2 created 3 reading 2 being 2 movement 2 decision 3 recommendation 5 the 1 "
    "every 3 cooperate 4 rhythm 2 don't 1 loved 1 wanted 2 houses 2 languages 3 table 2 queue 1 knowledge 2 society 4",
    "de": "Bewegung 3 Freiheit 2 Europa 3 Idee 2 Entscheidung 3 Wissen 2 Quelle 2 beeinflussen 4 Theater 3 Bäume 2",
    "es": "idea 3 área 3 país 2 comunidad 4 guitarra 3 pingüino 3 agua 2 María 3 quien 1 ciudad 2 leer 2 aéreo 4 muy 1 "
    "ley 1 y 1 averigüéis 4 reyes 2",
    "fr": "idée 2 eau 1 communauté 4 recommandation 5 les 1 homme 1 hommes 1 création 3 naïf 2 équipe 2 ville 1 oui 1",
    "nl": "beweging 3 ideeën 3 eeuw 1 mooie 2 kennis 2 gemeenschap 3 ruïne 3 officieel 4",
    "pt": "história 3 tecnologia 5 coração 3 água 2 quem 1 guerra 2 país 2 saúde 3 não 1 mães 1 comunidade 5 rua 2",
    "ru": "движение 4 знание 3 в 1 решение 4",
    "tr": "değişiklik 4 İstanbul 3 IŞIK 2 topluluk 3 saat 2",
}


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        (language, word, int(count))
        for language, words in KNOWN.items()
        for word, count in zip(words.split()[::2], words.split()[1::2], strict=True)
    ],
)
def test_syllables_are_counted_as_they_are_spoken(language: str, word: str, expected: int) -> None:
    assert count_syllables(word, language) == expected


@given(st.text(max_size=30), st.sampled_from(sorted(SYLLABLE_LANGUAGES)))
def test_every_word_has_a_syllable_and_no_more_than_letters(word: str, language: str) -> None:
    assert 1 <= count_syllables(word, language) <= max(1, 2 * len(word))


@pytest.mark.parametrize("language", sorted(SYLLABLE_LANGUAGES))
def test_accents_count_the_same_composed_or_not(language: str) -> None:
    assert count_syllables("e\u0301cole\u0301", language) == count_syllables("écolé", language)


@pytest.mark.parametrize("word", ["2030", "—", "", "社会", "NGO"])
def test_what_has_no_vowels_counts_as_one(word: str) -> None:
    assert count_syllables(word.replace("O", "G"), "en") == 1


def test_a_language_without_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="'hi'"):
        count_syllables("हिन्दी", "hi")


@pytest.mark.parametrize("language", sorted(SYLLABLE_LANGUAGES))
@pytest.mark.parametrize("letters", ["á", "i", "u", "bcd", "és", "óbi", "q"])
def test_a_word_of_a_hundred_thousand_letters_is_counted(language: str, letters: str) -> None:
    assert count_syllables(letters * (100_000 // len(letters)), language) >= 1
