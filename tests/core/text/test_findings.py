from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.findings import FindingCode, Glossary, PassageText, SectionText, Targets, check_document
from harken.core.text.segment import segment
from tests.core.text.checking import LONG, TARGETS, check, section, words

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


# --- links ---


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


# --- size ---


@pytest.mark.large
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
