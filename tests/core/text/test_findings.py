from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.findings import (
    Finding,
    FindingCode,
    Glossary,
    PassageText,
    SectionText,
    Targets,
    check_document,
)
from harken.core.text.segment import segment

LONG = (
    "This sentence goes on and on with one word after another until nobody who reads it knows any more where it began"
)


def section(
    *texts: str,
    key: str = "what",
    kind: str = "paragraph",
    required: bool = False,
    budget: int | None = None,
    prose: bool = True,
) -> SectionText:
    passages = tuple(PassageText(f"{key}{number}", kind, text) for number, text in enumerate(texts))
    return SectionText(key, required, budget, prose, passages)


def check(
    text: str,
    code: FindingCode,
    language: str = "en",
    *,
    kind: str = "paragraph",
    glossary: Glossary | None = None,
    targets: Targets | None = None,
) -> list[Finding]:
    found = check_document([section(text, kind=kind)], language=language, glossary=glossary, targets=targets)
    return [finding for finding in found if finding.code == code]


def words(
    text: str, code: FindingCode, language: str = "en", *, kind: str = "paragraph", glossary: Glossary | None = None
) -> list[str]:
    return [finding.words for finding in check(text, code, language, kind=kind, glossary=glossary)]


# --- what holds for all ---

pieces = st.sampled_from(
    [
        *("TODO", "todo", "???", "[...]", "to be written", "lorem ipsum", "NGO", "NGOs", "(NGO)", "the user", "users"),
        *(
            "[here]()",
            "[x](#)",
            "[y](/passages/abc/)",
            "`code TODO`",
            "https://a.org/TODO",
            "``",
            "[",
            "](",
            "<b>",
            "é",
        ),
        *(
            "the",
            "movement.",
            "Decides!",
            "हिंदी।",
            "حرية",
            "自由。",
            "ไทย",
            "👩‍👩‍👧",
            "\n",
            "\n\n",
            "- ",
            "“",
            "”",
            '"',
        ),
        *(LONG, ". "),
    ]
)
texts = st.lists(pieces, max_size=12).map(" ".join) | st.text(max_size=40)
kinds = st.sampled_from(["heading", "paragraph", "item", "quote", "code", "rule", "summary"])
languages = st.sampled_from(["", "en", "de", "es", "pt-BR", "fr", "ar", "hi", "ja", "zh-Hant", "th", "sv", "xx"])
sections = st.lists(
    st.builds(
        SectionText,
        key=st.sampled_from(["what", "why"]),
        required=st.booleans(),
        budget=st.none() | st.integers(0, 20),
        prose=st.booleans(),
        passages=st.lists(st.builds(PassageText, st.just("p"), kinds, texts, languages), max_size=3).map(tuple),
    ),
    max_size=3,
)
GLOSSARY = Glossary(defined={"movement": ["community"]}, forbidden={"user": "person", "自由": "free"})


@given(sections, languages)
def test_findings_point_at_the_words_they_are_about(document: Sequence[SectionText], language: str) -> None:
    numbered = [
        SectionText(
            str(number),
            part.required,
            part.budget,
            part.prose,
            tuple(
                PassageText(f"{number} {place}", passage.kind, passage.text, passage.language)
                for place, passage in enumerate(part.passages)
            ),
        )
        for number, part in enumerate(document)
    ]
    by_id = {passage.id: passage.text for part in numbered for passage in part.passages}
    for finding in check_document(numbered, language=language, glossary=GLOSSARY, targets=Targets()):
        if finding.passage is None:
            assert (finding.start, finding.end, finding.words) == (None, None, "")
        else:
            assert finding.passage.split()[0] == finding.section
            assert finding.words
            assert finding.words == by_id[finding.passage][finding.start : finding.end]


@given(sections, languages, st.integers(1, 3))
def test_no_code_is_listed_more_often_than_asked_for(document: Sequence[SectionText], language: str, most: int) -> None:
    everything = check_document(document, language=language, glossary=GLOSSARY, targets=Targets(), most_of_each=1_000)
    listed = check_document(document, language=language, glossary=GLOSSARY, targets=Targets(), most_of_each=most)
    assert not any(finding.more for finding in everything)
    for code in get_args(FindingCode):
        of_code = [finding for finding in everything if finding.code == code]
        shown = [finding for finding in listed if finding.code == code]
        assert len(shown) == min(most, len(of_code))
        assert [finding.more for finding in shown[:-1]] == [0] * max(0, len(shown) - 1)
        assert sum(finding.more for finding in shown) == len(of_code) - len(shown)
        assert [(found.passage, found.start) for found in shown] == [
            (found.passage, found.start) for found in of_code[:most]
        ]


def test_findings_stand_in_the_order_of_the_text() -> None:
    found = check_document(
        [
            section(key="empty"),
            section("TODO", "A [link]().", key="first"),
            section("One.", "Two??? ??? XXX", key="second", budget=1),
        ]
    )
    assert [(finding.section, finding.code, finding.words) for finding in found] == [
        ("empty", "empty_section", ""),
        ("first", "unfinished_mark", "TODO"),
        ("first", "link_to_nothing", "[link]()"),
        ("second", "over_budget", ""),
        ("second", "unfinished_mark", "???"),
        ("second", "unfinished_mark", "XXX"),
    ]


def test_at_least_one_of_each_must_be_listed() -> None:
    with pytest.raises(ValueError, match="At least one"):
        check_document([], most_of_each=0)


def test_a_document_without_sections_has_no_findings() -> None:
    assert check_document([]) == []


def test_findings_can_be_kept_in_a_set() -> None:
    assert len({*check("TODO", "unfinished_mark"), *check("TODO", "unfinished_mark")}) == 1


# --- sections ---


@pytest.mark.parametrize(
    "passages",
    [
        (),
        (PassageText("a", "heading", "What we do"),),
        (PassageText("a", "paragraph", " \n\u00a0"), PassageText("b", "rule", "---")),
        (PassageText("a", "paragraph", "—"),),
    ],
)
def test_a_section_without_words_of_its_own_is_empty(passages: tuple[PassageText, ...]) -> None:
    for required, severity in ((True, "blocking"), (False, "advice")):
        found = check_document([SectionText("what", required=required, passages=passages)])
        assert [(finding.code, finding.severity) for finding in found] == [("empty_section", severity)]


@pytest.mark.parametrize("text", ["نعم", "हाँ", "是", "5", "`x`", "https://example.org/a"])
def test_one_word_in_any_script_is_not_empty(text: str) -> None:
    assert not check(text, "empty_section")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("one two three", 3),
        ("well-known and/or l'eau — e-mail", 4),
        ("See [the page](https://example.org/one/two) and `some code here`.", 4),
        ("自由知识推荐", 3),
        ("自由 knowledge", 2),
        ("<b>bold</b> words at https://example.org", 3),
    ],
)
def test_a_budget_counts_the_words_people_read(text: str, count: int) -> None:
    at_most = check_document([section(text, budget=count, prose=False)])
    assert not [finding for finding in at_most if finding.code == "over_budget"]
    (over,) = check_document([section(text, budget=count - 1, prose=False)])
    assert (over.code, over.severity, over.figures) == (
        "over_budget",
        "advice",
        {"words": count, "allowed": count - 1},
    )


def test_headings_do_not_count_against_a_budget() -> None:
    passages = (PassageText("a", "heading", "A long heading"), PassageText("b", "paragraph", "One. Two."))
    assert not check_document([SectionText("what", budget=2, passages=passages)])


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        (["Because of Dr. Smith."], True),
        (["No sign at the end"], True),
        (["One. Two."], False),
        (["One", "two"], False),
        (["我们自由。"], True),
        (["ไทย ไม่มี จุด"], False),
        (["To be written."], False),
    ],
)
def test_one_sentence_is_a_thin_answer(passages: list[str], expected: bool) -> None:
    found = [finding for finding in check_document([section(*passages)]) if finding.code == "one_sentence"]
    assert bool(found) is expected
    assert all(finding.severity == "advice" and finding.figures["words"] > 0 for finding in found)


def test_one_sentence_is_enough_where_no_prose_is_wanted() -> None:
    assert not check_document([section("We share knowledge.", prose=False)])


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


# --- links ---

TARGETS = Targets(passages={"2b3c4d5f6g"}, documents={"AD-R2", "vision"})


@pytest.mark.parametrize(
    "target",
    ["", "#", "<>", " ", "TODO", "url", "...", "???", "http://", "https://", "mailto:"],
)
def test_a_link_without_a_target_leads_to_nothing(target: str) -> None:
    (finding,) = check(f"See [the plan]({target}) now.", "link_to_nothing")
    assert finding.severity == "blocking"
    assert finding.words == f"[the plan]({target})"
    assert finding.details["label"] == "the plan"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/passages/2b3c4d5f6g/", False),
        ("passages/2b3c4d5f6g", False),
        ("/passages/zzzzzzzzzz/", True),
        ("#p-2b3c4d5f6g", False),
        ("#p-zzzzzzzzzz", True),
        ("#p-value", False),
        ("#s-why", False),
        ("AD-R2", False),
        ("../AD-R2/#p-2b3c4d5f6g", False),
        ("AD-R3", True),
        ("/processes/mending/first/AD-R9/", True),
        ("/processes/mending/first/vision/", False),
        ("/processes/mending/groups/AD/", False),
        ("https://example.org/AD-R9", False),
        ("mailto:amina@example.org", False),
        ("other.html", False),
    ],
)
def test_links_within_a_process_need_something_at_the_other_end(target: str, expected: bool) -> None:
    text = f"See [the *plan*]({target} 'a title') now."
    assert bool(check(text, "link_to_nothing", targets=TARGETS)) is expected
    assert not check(text, "link_to_nothing")


def test_links_are_read_as_commonmark_reads_them() -> None:
    text = "`[a]()` [![b](c.png)]() [d [e] f](<>) \\[x](y) [g](h_(i)) ![j]() [k]: l"
    assert words(text, "link_to_nothing") == ["[![b](c.png)]()", "[d [e] f](<>)", "![j]()"]
    assert words("[plan]:", "link_to_nothing") == ["[plan]:"]
    assert words("[plan]: https://example.org", "link_to_nothing") == []


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


# --- size ---


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "TODO ",
            "??? ",
            "[a](",
            "[",
            "](",
            "`",
            "`a``",
            "<a",
            "a@",
            "http://",
            "NGO (",
            "to be ",
            "users ",
            "“",
            "_",
        ),
        *("[x](y 'a", "[[a]", "[a]: \n", "中。", "ไทย", "A b. ", "á", "x-", "(a)("),
    ],
)
def test_long_texts_of_anything_are_checked(piece: str) -> None:
    found = check_document(
        [section(piece * (100_000 // len(piece)))], language="pt", glossary=GLOSSARY, targets=TARGETS
    )
    assert all(count <= 20 for count in Counter(finding.code for finding in found).values())


def test_real_texts_are_unfinished_only_where_they_say_so(data_folder: Path) -> None:
    folders = sorted((data_folder / "revisions").iterdir())
    for folder in folders:
        text = max(folder.iterdir()).read_text(encoding="utf-8")
        passages = tuple(
            PassageText(str(number), passage.kind, passage.text) for number, passage in enumerate(segment(text))
        )
        language = folder.name.partition("-")[2]
        found = check_document([SectionText("all", passages=passages)], language=language, most_of_each=10_000)
        marks = [finding.words for finding in found if finding.code == "unfinished_mark"]
        # The covenant leaves the address for complaints to those who take it over.
        assert all(mark[0] == "[" and mark.isupper() for mark in marks)
        assert len(marks) <= 1
        assert not any(finding.code in {"empty_section", "one_sentence", "link_to_nothing"} for finding in found)
    assert folders
