import pytest

from harken.core.text.findings import Glossary, PassageText, SectionText, check_document
from tests.core.text.checking import LONG, TARGETS, check, section, words

# --- marks of something unfinished ---


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "TODO: ask Amina. Budget: tbd, about XXX or ??? euros. FIXME", ["TODO", "tbd", "XXX", "???", "FIXME"]),
        ("en", "Lorem ipsum dolor sit amet.", ["Lorem ipsum"]),
        ("en", "To be written.", ["To be written"]),
        ("en", "Costs (to be confirmed) – still to be defined", ["to be confirmed", "still to be defined"]),
        ("en", "Who: [...] and [insert name] on __________.", ["[...]", "[insert name]", "__________"]),
        ("en", "…", ["…"]),
        ("en", "This is todo and to do: more", ["todo"]),
        ("de", "Text folgt. (noch zu ergänzen)", ["Text folgt", "noch zu ergänzen"]),
        ("de", "[HIER TEXT EINFÜGEN]", ["[HIER TEXT EINFÜGEN]"]),
        ("fr", "À compléter. Un budget de ??? euros (à définir).", ["À compléter", "???", "à définir"]),
        ("es", "TODO: escribir. [todo] Por completar.", ["TODO", "[todo]", "Por completar"]),
        ("es", "TODO", ["TODO"]),
        ("pt", "A definir. Orçamento: por preencher", ["A definir", "por preencher"]),
        ("ar", "قيد الكتابة. الميزانية: يُحدَّد لاحقًا", ["قيد الكتابة", "يُحدَّد لاحقًا"]),
        ("hi", "लिखा जाना है। बजट: तय किया जाना है", ["लिखा जाना है", "तय किया जाना है"]),
        ("", "Por escribir. À rédiger. To be added.", ["Por escribir", "À rédiger", "To be added"]),
    ],
)
def test_marks_of_something_unfinished_are_found(language: str, text: str, expected: list[str]) -> None:
    assert words(text, "unfinished_mark", language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Todo el mundo quiere todo. Sobre todo, lo tiene todo: casa y tiempo."),
        ("es", "TODO EL PODER PARA TODOS. Esto es TODO lo que hay. El plan está por definir en mayo."),
        ("pt", "Todo o poder. O mundo todo decide."),
        ("pt-BR", "Antes de mais nada, todo mundo fala."),
        ("", "Todo el mundo lo quiere todo."),
        ("en", "Keep a todo list. She worked at Todo Noticias. He has to do it."),
        ("en", "The charter is to be written by the council. What remains to be defined is much."),
        ("en", "Really??? He asked “Why???” and we said “the people […] decide”."),
        ("en", "`TODO` and ``a ??? b`` at https://example.org/TODO/???/x or <https://todo.org/xxx>."),
        ("en", "[words](https://example.org/TODO) of stodo, todos, xxxl and TBDs."),
        ("de", "Wie folgt: eins. Dem ist noch zu viel hinzugefügt."),
        ("fr", "Pourquoi ??? Parce que c'est à faire demain."),
        ("ar", "كل شيء قيد الكتابة عندنا."),
        ("hi", "यह लिखा जाना है जो हम जानते हैं।"),
        ("en", "A ***bold*** __init__ of a_b ___it___."),
    ],
)
def test_ordinary_words_are_no_marks(language: str, text: str) -> None:
    assert words(text, "unfinished_mark", language) == []


def test_code_is_no_mark_and_a_quotation_may_leave_words_out() -> None:
    assert not check("TODO", "unfinished_mark", kind="code")
    assert not check("we [...] act", "unfinished_mark", kind="quote")
    assert words("we [TODO] act", "unfinished_mark", kind="quote") == ["[TODO]"]
    assert words("TODO", "unfinished_mark", kind="heading") == ["TODO"]


def test_a_passage_may_have_a_language_of_its_own() -> None:
    passages = (PassageText("a", "paragraph", "Todo cambia.", "es"), PassageText("b", "paragraph", "todo: ask", ""))
    found = check_document([SectionText("what", passages=passages)], language="en")
    assert [(finding.passage, finding.code) for finding in found] == [("b", "unfinished_mark")]


# --- abbreviations ---


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "We ask each NGO. The NGOs answer, NGO-led.", {"NGO": 3}),
        ("en", "A non-governmental organisation (NGO) is asked. The NGO answers.", {}),
        ("en", "The NGO (non-governmental organisation) answers.", {}),
        ("en", "NGO: non-governmental organisation", {}),
        ("en", "**NGO** – a non-governmental organisation", {}),
        ("en", "The WMF, the Wide Mending Foundation, pays.", {}),
        ("en", "Bruno (WMF) pays.", {"WMF": 1}),
        ("en", "Research & Development (R&D) and R&D, D&I.", {"D&I": 1}),
        ("en", "See AD-R2, part IV of COVID-19 and CO2; we DO NOT shout, it is NOT done. THIS IS SHOUTED.", {}),
        ("en", "`WMF` https://WMF.org/NGO [x](NGO)", {}),
        ("en", "The HUB decides. Each hub decides.", {}),
        ("es", "Una organización no gubernamental (ONG). Las ONG.", {}),
        ("de", "Allgemeine Geschäftsbedingungen (AGB) und AGB, aber DSGVO.", {"DSGVO": 1}),
        ("hi", "गैर सरकारी संगठन (NGO) और NGO", {}),
        ("ru", "Решает ФРС. Российская академия наук (РАН).", {"ФРС": 1}),
        ("fr", "La Fondation Wide Mending (WMF) agit.", {}),
    ],
)
def test_abbreviations_need_their_words(language: str, text: str, expected: dict[str, int]) -> None:
    found = check(text, "undefined_abbreviation", language)
    assert {finding.words: finding.figures["times"] for finding in found} == expected


def test_an_abbreviation_is_reported_once_for_the_document_and_explained_anywhere() -> None:
    found = check_document([section("The NGO. The WMF."), section("NGO. Wide Mending Foundation (WMF).", key="why")])
    (finding,) = (finding for finding in found if finding.code == "undefined_abbreviation")
    assert (finding.section, finding.passage, finding.words, finding.figures) == ("what", "what0", "NGO", {"times": 2})


def test_the_glossary_explains_abbreviations() -> None:
    glossary = Glossary(defined={"NGO": (), "Wide Mending Foundation": ["WMF"]})
    assert not check("The NGO and the WMF.", "undefined_abbreviation", glossary=glossary)
    assert not check("The AD group.", "undefined_abbreviation", targets=TARGETS)


def test_a_heading_that_is_an_abbreviation_explains_it() -> None:
    passages = (PassageText("a", "heading", "NGO"), PassageText("b", "paragraph", "A group like ours. Each NGO."))
    assert not check_document([SectionText("what", passages=passages)])


# --- terms ---


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("en", "user", "Users use the user's list; USER. Misused.", ["Users", "user's", "USER"]),
        ("en", "power user", "Power users and mighty users.", ["Power users"]),
        ("en", "IT", "It is IT.", ["IT"]),
        ("de", "Nutzer", "Die Nutzern und der Nutzer.", ["Nutzern", "Nutzer"]),
        ("es", "usuario", "Los usuarios y las usuarias.", ["usuarios", "usuarias"]),
        ("fr", "utilisateur", "Les utilisateurs, l'utilisateur.", ["utilisateurs", "utilisateur"]),
        ("ru", "пользователь", "Для пользователей.", ["пользователей"]),
        ("ar", "مستخدم", "المستخدمون والمستخدمين.", ["المستخدمون", "والمستخدمين"]),
        ("zh", "用户", "每个用户都有。", ["用户"]),
        ("", "Café", "two cafe and CAFE\u0301", ["cafe", "CAFE\u0301"]),
    ],
)
def test_forbidden_terms_are_found_in_their_forms(language: str, term: str, text: str, expected: list[str]) -> None:
    found = check(text, "forbidden_term", language, glossary=Glossary(forbidden={term: "person"}))
    assert [finding.words for finding in found] == expected
    assert all(finding.details == {"term": term, "instead": "person"} for finding in found)


def test_a_forbidden_term_may_be_part_of_another_term() -> None:
    glossary = Glossary(
        defined={"user group": ["user circle"]}, forbidden={"user": "person", "chapter": "local chapter"}
    )
    text = "User groups and user circles of a local chapter; not a chapter, nor users."
    assert words(text, "forbidden_term", glossary=glossary) == ["chapter", "users"]


def test_quoted_words_code_and_addresses_may_hold_forbidden_terms() -> None:
    glossary = Glossary(forbidden={"user": "person"})
    assert not check("All users.", "forbidden_term", kind="quote", glossary=glossary)
    assert not check("`user` https://example.org/user [x](user)", "forbidden_term", glossary=glossary)
    assert words("[Users](https://example.org)", "forbidden_term", glossary=glossary) == ["Users"]


# --- plain language ---


@pytest.mark.parametrize(
    ("language", "unit", "allowed", "figure"),
    [
        ("en", "word ", 25, "words"),
        ("de-AT", "Wort ", 25, "words"),
        ("fr", "mot ", 28, "words"),
        ("ar", "كلمة ", 20, "words"),
        ("hi", "शब्द ", 28, "words"),
        ("zh", "字", 50, "characters"),
        ("ja", "かな", 60, "characters"),
        ("", "仮名の", 60, "characters"),
    ],
)
def test_long_sentences_are_counted_by_language(language: str, unit: str, allowed: int, figure: str) -> None:
    size = 1 if figure == "words" else len(unit)
    fits = unit * ((allowed - (figure == "characters")) // size)
    assert not check(f"{fits.strip()}。" if figure == "characters" else fits, "long_sentence", language)
    text = unit * (allowed // size + 1)
    (finding,) = check(f"Yes! {text}", "long_sentence", language)
    assert finding.words == text.strip()
    assert finding.figures == {figure: len(text.split()) if figure == "words" else len(text), "allowed": allowed}


@pytest.mark.parametrize("text", ["ไทย" * 200, "မြန်မာ" * 100, "ខ្មែរ" * 100])
def test_nothing_is_said_about_sentences_where_no_measure_is_known(text: str) -> None:
    assert not check(text, "long_sentence", "")


def test_headings_quotations_and_code_may_be_long() -> None:
    for kind in ("heading", "quote", "code"):
        assert not check(LONG * 3, "long_sentence", kind=kind)
    assert check(LONG * 3, "long_sentence", kind="item")


HARD = {
    "en": "Organisational accountability necessitates interdisciplinary collaboration regarding institutions. ",
    "de": "Organisationsübergreifende Verantwortlichkeiten erfordern interdisziplinäre Zusammenarbeitsvereinbarungen. ",
    "fr": "La responsabilité organisationnelle nécessite une collaboration interdisciplinaire institutionnalisée. ",
    "es": "La responsabilidad organizacional necesita colaboraciones interdisciplinarias institucionalizadas. ",
    "pt": "A responsabilidade organizacional necessita colaborações interdisciplinares institucionalizadas. ",
    "it": "La responsabilità organizzativa necessita collaborazioni interdisciplinari istituzionalizzate. ",
    "nl": "Organisatorische verantwoordelijkheid veronderstelt interdisciplinaire samenwerkingsverbanden. ",
    "ru": "Организационная ответственность предполагает междисциплинарное сотрудничество организаций. ",
    "tr": "Kurumsallaştırılmış sorumluluklarımız disiplinlerarası işbirliklerimizi gerektirmektedirler. ",
    "sv": "Organisatoriskt ansvarstagande förutsätter tvärvetenskapliga samarbetsöverenskommelser. ",
}
MEASURES = {
    "en": "Flesch reading ease",
    "de": "Amstad",
    "fr": "Kandel-Moles",
    "es": "Szigriszt-Pazos (INFLESZ)",
    "pt": "Martins et al.",
    "it": "Gulpease",
    "nl": "Douma",
    "ru": "Oborneva",
    "tr": "Ateşman",
    "sv": "LIX",
}


@pytest.mark.parametrize("language", list(HARD))
def test_hard_texts_are_hard_by_the_measure_of_their_language(language: str) -> None:
    (finding,) = check(HARD[language] * 30, "hard_to_read", language)
    assert finding.severity == "advice"
    assert finding.details["measure"] == MEASURES[language]
    assert finding.details["language"] == language
    assert finding.details["level"] == ("hard" if language == "it" else "very_hard")
    assert finding.figures["words"] >= 100
    assert finding.figures["sentences"] == 30
    assert ("syllables_per_word" in finding.figures) is (language not in {"it", "sv"})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We share what we know. You can take part. The dog is in the house. "),
        ("de", "Wir teilen, was wir wissen. Du bist dabei. Der Hund ist im Haus. "),
        ("fr", "Nous aimons le pain. Tu viens ici. Le chien est dans la cour. "),
        ("es", "Yo sé leer. Tú vas a la mar. El sol da luz. "),
        ("sv", "Vi delar det vi vet. Du kan vara med. Hunden är i huset. "),
    ],
)
def test_easy_texts_are_not_hard(language: str, text: str) -> None:
    assert not check(text * 20, "hard_to_read", language)


@pytest.mark.parametrize("language", ["", "ar", "hi", "zh", "ja", "th", "fi", "ko", "he"])
def test_nothing_is_claimed_for_languages_without_a_measure(language: str) -> None:
    text = HARD["en"] if language in {"", "fi"} else "المسؤوليات المؤسسية तंत्र 責任 ความรับผิดชอบ 책임 אחריות. "
    assert not check(text * 100, "hard_to_read", language)


def test_a_short_text_is_not_measured() -> None:
    assert not check(HARD["en"] * 5, "hard_to_read")


def test_flesch_is_computed_as_published() -> None:
    text = "The cat sat on the mat. " * 20 + HARD["en"] * 100
    (finding,) = check(text, "hard_to_read")
    figures = finding.figures
    sentence_length = figures["words"] / figures["sentences"]
    assert figures["words"] == 6 * 20 + 7 * 100
    assert figures["score"] == pytest.approx(
        206.835 - 1.015 * sentence_length - 84.6 * figures["syllables_per_word"], abs=0.5
    )
