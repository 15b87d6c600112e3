import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.words import (
    QueryTerm,
    fold,
    highlight,
    index_terms,
    query_terms,
    snippet,
    split_clusters,
    split_tokens,
    split_words,
)

SAMPLES = [
    "Don't let O’Brien's e-mail self-destruct: 1,000 co-authors, 3.14 % naïve",
    "L'eau de l’été, aujourd'hui qu'est-ce que c'est ?",
    "हिन्दी की क़िताब, १२३ पृष्ठ",
    "الإعلانُ العالميّ لحقوقِ الإنسـان ١٩٤٨، می‌خواهم",
    "自由知识。ハーケン2030年のウィキ",
    "การมีส่วนร่วม น้ำใจ ພາສາລາວ ភាសាខ្មែរ မြန်မာဘာသာ",
    "👩‍👩‍👧 🇩🇪🇫🇷 foo_bar __x__ \u202eabc\u202c",
]
texts = st.text() | st.sampled_from(SAMPLES) | st.lists(st.sampled_from(SAMPLES)).map(" ".join)
languages = st.sampled_from(["", "en", "ar", "de", "es", "fr", "hi", "pt-BR", "ru", "tr", "xx"])


def folded_words(text: str) -> list[str]:
    return [word.folded for word in split_words(text)]


def answers(terms: list[str], term: QueryTerm) -> bool:
    return any(form in terms for form in term.forms) or bool(
        term.prefix and any(candidate.startswith(term.prefix) for candidate in terms)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ÉTUDE", "etude"),
        ("Straße", "STRASSE"),
        ("ŁÓDŹ", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("İstanbul", "istanbul"),
        ("Ένωση", "ενωση"),
        ("ёлка", "елка"),
        ("ﬁnance ＷＩＫＩ", "finance wiki"),
        ("الإِعْلَان", "الاعلان"),
        ("مدرسة", "مدرسه"),
        ("على", "علي"),
        ("کتابی", "كتابي"),
        ("مـــوسوعة", "موسوعه"),
        ("क़िताब", "किताब"),
        ("हिन्दी", "हिंदी"),
        ("सम्पादक", "संपादक"),
        ("१२३", "123"),
        ("٢٠٣٠", "2030"),
        ("น้ำ", "นํ้า"),
        ("ハーケン", "ﾊｰｹﾝ"),
        ("co\u00adoperate", "cooperate"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_what_carries_meaning_is_not_folded_away() -> None:
    assert fold("कि") != fold("की")
    assert fold("か") != fold("が")
    assert fold("ป่า") != fold("ป้า")


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_words_are_where_they_say_they_are(text: str) -> None:
    words = split_words(text)
    assert all(text[word.start : word.end] == word.surface for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(word.folded for word in words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't", ["dont"]),
        ("the movement's aims", ["the", "movement", "aims"]),
        ("l'eau d’aujourd'hui", ["l", "eau", "d", "aujourdhui"]),
        ("self-determination", ["self", "determination"]),
        ("an e-mail", ["an", "email"]),
        ("1,000 and 2.500.000", ["1000", "and", "2500000"]),
        ("3.14", ["3", "14"]),
        ("AD-R2", ["ad", "r2"]),
        ("foo_bar", ["foo", "bar"]),
        ("हिन्दी विकिपीडिया", ["हिंदी", "विकिपीडिया"]),
        ("می‌خواهم", ["ميخواهم"]),
        ("自由知识", ["自由", "由知", "知识"]),
        ("水 です", ["水", "です"]),
        ("2030年の", ["2030", "年の"]),
        ("ខ្មែរ", ["ខ្មែរ"]),
        ("მეცნიერება 지식", ["მეცნიერება", "지식"]),
        ("… — !", []),
        # Once taken for combining marks, with 7,000 others: whatever lay before an unassigned code point and a mark.
        ("old—new “plan”…", ["old", "new", "plan"]),
        ("私は申します", ["私は", "は申", "申し", "しま", "ます"]),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert folded_words(text) == expected


@given(texts)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(split_tokens(text)) == text
    assert "".join(split_clusters(text)) == text


def test_tokens_are_what_a_reader_would_not_divide() -> None:
    assert split_tokens("Don't  say\n_why_") == ["Don't", "  ", "say", "\n", "_", "why", "_"]
    assert split_tokens("น้ำใจ") == ["น้ำ", "ใ", "จ"]
    assert split_tokens("👩‍👩‍👧!🇩🇪") == ["👩‍👩‍👧", "!", "🇩🇪"]


@given(texts, languages)
def test_terms_hold_letters_marks_and_digits_only(text: str, language: str) -> None:
    terms = index_terms(text, language)
    for term in (*terms, *(form for query in query_terms(text, [language]) for form in query.forms)):
        assert 0 < len(term) <= 64
        assert {unicodedata.category(character)[0] for character in term} <= {"L", "M", "N"}


@given(texts, languages)
def test_a_text_answers_every_term_of_itself(text: str, language: str) -> None:
    terms = index_terms(text, language)
    assert all(answers(terms, term) for term in query_terms(text, [language]))


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "One recommendation", "recommendations"),
        ("en", "We decided on decision-making", "decisionmaking"),
        ("en", "Decentralized", "decentralize"),
        ("de", "Die Empfehlungen", "Empfehlung"),
        ("fr", "Les recommandations de l'assemblée", "recommandation assemblee"),
        ("es", "La integración", "integracion"),
        ("pt-BR", "As recomendações", "recomendação"),
        ("ar", "والتوصيات العامة", "التوصيات"),
        ("hi", "सिफ़ारिशें", "सिफारिश"),
        ("ru", "Рекомендации группы", "рекомендация"),
        ("", "uninflected wikipedians", "wikiped"),
        ("zh", "自由知识的推荐意见", "推荐意见"),
        ("zh", "飲水", "水"),
        ("zh", "水道", "水"),
        ("th", "การมีส่วนร่วม", "ส่วนร่วม"),
        ("fr", "eau", "l'eau"),
    ],
)
def test_a_query_finds_the_forms_of_a_word(language: str, text: str, query: str) -> None:
    terms = index_terms(text, language)
    wanted = query_terms(query, [language, "en"])
    assert wanted
    assert all(answers(terms, term) for term in wanted)
    assert any(found for _, found in highlight(text, wanted))


def test_a_query_does_not_find_another_word() -> None:
    assert not answers(index_terms("A decent proposal", "en"), query_terms("decentralize", ["en"])[0])


def test_a_word_asked_twice_is_one_term() -> None:
    assert len(query_terms("Free FREE free", ["en"])) == 1


@given(texts, texts, languages)
def test_highlighting_alters_nothing(text: str, query: str, language: str) -> None:
    assert "".join(piece for piece, _ in highlight(text, query_terms(query, [language]))) == text


def test_highlighting_marks_inflected_forms_and_parts_of_spaceless_runs() -> None:
    terms = query_terms("recommendations 水", ["en"])
    assert highlight("Recommended: 飲水!", terms) == [
        ("Recommended", True),
        (": 飲", False),
        ("水", True),
        ("!", False),
    ]


def test_a_snippet_shows_where_most_terms_meet() -> None:
    text = "global " + "filler words here " * 30 + "a global fund for fundraising " + "more filler words " * 30
    pieces = snippet(text, query_terms("global fundraising", ["en"]), 80)
    shown = "".join(piece for piece, _ in pieces)
    assert [piece for piece, found in pieces if found] == ["global", "fundraising"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 82


def test_a_snippet_without_an_answer_is_the_beginning() -> None:
    pieces = snippet("word " * 100, query_terms("absent"), 22)
    assert pieces == [("word word word word", False), ("…", False)]


@given(texts, texts, st.integers(10, 60))
def test_a_snippet_keeps_to_its_length(text: str, query: str, length: int) -> None:
    shown = "".join(piece for piece, _ in snippet(text, query_terms(query), length))
    assert len(shown) <= length + 2
