import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.sentences import split_sentences

signs = st.sampled_from(
    [*'.!?…,;:"()[]«»“”„’*_- \n\t', "\n\n", "\u00a0", "。", "」", "।", "؟", "- ", "1. ", "Dr. ", "z. B. ", "etc. "]
)
words = st.sampled_from(
    ["Word", "word", "A", "x", "3", "हिंदी", "حرية", "自由", "ไทย", "https://a.org/b?c=d.", "a@b.org"]
)
texts = st.lists(signs | words, max_size=40).map("".join) | st.text(max_size=60)
languages = st.sampled_from(["", "en", "de", "fr", "es", "pt-BR", "ru", "it", "nl", "hi", "ar", "ja", "xx"])


def cut(text: str, language: str = "") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@given(texts, languages)
def test_only_white_space_is_outside_of_sentences(text: str, language: str) -> None:
    last = 0
    for start, end in split_sentences(text, language):
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@given(texts, languages)
def test_an_empty_line_always_ends_a_sentence(text: str, language: str) -> None:
    assert not any("\n\n" in sentence for sentence in cut(text, language))


@given(st.lists(st.sampled_from(["We meet today.", "Who decides?", "Nobody knows!"]), max_size=8))
def test_plain_sentences_are_found_again(sentences: list[str]) -> None:
    assert cut(" ".join(sentences), "en") == sentences


# In each text the sentences are parted by " | ", which is taken out before it is cut.
@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "Dr. Smith met J. R. R. Tolkien on Jan. 5. | They spoke. | See p. 12 and Fig. 3."),
        ("en", "The U.S. Government pays, i.e. Congress. | It was in the U.S. | The end."),
        ("en", "Acme Inc. and others, etc. | They left at 5 p.m. | We stayed."),
        ("en", 'She asked "Why?" and left. | "No." | He went. | (Really.) | Yes!'),
        ("en", "Read https://example.org/a.b?c=d.e, or write to a.b@example.org. | Version 3.5 costs 1,000.50 euros."),
        ("en", "It went on... and on. | Then it stopped... | Nobody [...] knew. | We shall […] act."),
        ("en", "1. First item. | 2. Second item. | A. The letter.\n\n | I. Introduction"),
        ("en", "Plan B. | The rest follows. | In 2019. | Then 2020 came. | 5 groups met."),
        ("en", "A note.[1] | Another one.¹ | **Why.** | Because. | [Read this.](/x/y.z) | Then that."),
        ("en", "A full line\nthat goes on. | Another\nline: | - an item | - another | 3) a third"),
        ("en", "Really?! | Yes!!! | Well… | Now."),
        ("de", "Am 3. Oktober 1990 war die 5. Sitzung. | Es waren 12. | Danach kam z. B. Äpfel usw. | Das war's."),
        ("de", "Vgl. Müller, d. h. Der Mann, bzw. Frau Dr. Meier. | Am 3. 10. 2030 geht es los. | Nr. 5 lebt."),
        ("de", "Im 19. Jahrhundert. | »Halt!« | »Wer da?« fragte er. | „Ich.“ | Gut."),
        ("fr", "« Bonjour ! » dit-il. | M. Dupont et Mme. Durand arrivent. | Est-ce vrai ? | Oui."),
        ("fr", "Voir p. ex. Paris. | C'est l'art. 5. | Il dit : « Non. » | Elle part."),
        ("es", "¿Vienes? | ¡Sí! | El Sr. Pérez y la Dra. Gil viven en EE. UU. | La casa. | Véase pág. 5."),
        ("pt", "O Sr. Silva e a Profª. Souza. | O art. 5 diz isso. | Não?"),
        ("ru", "В 2019 г. | Потом и т. д. | Это А. С. Пушкин из г. Москва. | Т. е. так."),
        ("it", "Il sig. Rossi e il dott. Bianchi, ecc. | Poi va. | Vedi pag. 3."),
        ("nl", "Dhr. Jansen komt, d.w.z. Vandaag. | Mevr. Bakker niet. | Zie blz. 4."),
        ("hi", "यह पहला है। | डॉ. सिंह आए। | क्या यह तीसरा है? | हाँ।"),
        ("ar", "هذا أول. | هل هذا ثانٍ؟ | نعم! | د. أحمد هنا."),
        ("ur", "یہ پہلا ہے۔ | یہ دوسرا ہے۔"),
        ("cs", "Dne 5. května se sešli. | Konec."),
        ("tr", "5. Mayıs günü toplandık. | Bitti."),
        ("hy", "Սա առաջինն է։ | Սա երկրորդն է։"),
        ("am", "ይህ አንደኛ ነው። | ይህ ሁለተኛ ነው።"),
        ("", "Prof. Müller et Mme. Durand. | Am 3. Oktober. | It is on. | The end."),
    ],
)
def test_sentences_of_languages_with_spaces(language: str, marked: str) -> None:
    expected = [sentence.strip() for sentence in marked.split(" | ")]
    text = marked.replace("- an item | ", "- an item\n").replace(": | -", ":\n-").replace("other | 3)", "other\n3)")
    assert cut(text.replace(" | ", " "), language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "第一句。第二句！“第三句。”第四句？约3.5倍。",
            ["第一句。", "第二句！", "“第三句。”", "第四句？", "约3.5倍。"],
        ),
        ("「行こう。」と言った。次です。", ["「行こう。」と言った。", "次です。"]),
        ("你好.我是李.", ["你好.", "我是李."]),
        ("第３．５節。", ["第３．５節。"]),
        ("ဒါပထမပါ။ဒါဒုတိယပါ။", ["ဒါပထမပါ။", "ဒါဒုတိယပါ။"]),
        ("ไทย ไม่มี จุด\n\nย่อหน้า ใหม่", ["ไทย ไม่มี จุด", "ย่อหน้า ใหม่"]),
    ],
)
def test_sentences_of_languages_without_spaces(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_rows_of_a_table_are_not_one_sentence() -> None:
    assert cut("| Who | What |\n| --- | --- |\n| we | all |") == ["| Who | What |", "| --- | --- |", "| we | all |"]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u00a0"])
def test_white_space_is_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


@pytest.mark.parametrize("text", ["...", "???", "—", "no sign at the end", "...and so on", "... Then"])
def test_signs_alone_and_unended_words_are_one_sentence(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.large
@pytest.mark.parametrize(
    "piece",
    [
        ".",
        '"',
        ". ",
        "? ",
        '." ',
        "A. ",
        "1. ",
        ".](",
        "\n",
        ". \n",
        "a. b ",
        ". »",
        ".[1]",
        "(",
        "...(((",
        "\n- ",
        "。",
    ],
)
def test_half_a_megabyte_of_anything_is_cut(piece: str) -> None:
    text = piece * (500_000 // len(piece))
    spans = split_sentences(text)
    assert sum(end - start for start, end in spans) <= len(text)
