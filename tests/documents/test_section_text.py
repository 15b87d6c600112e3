"""What people type is kept to the character, and comes back as they typed it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.segment import normalise
from harken.documents.drafts import DraftPassage
from harken.documents.models import PassageKind
from harken.documents.section_text import (
    MOST_CHARACTERS,
    MOST_PASSAGES,
    CannotKeep,
    check_document,
    read_section,
    write_section,
)

lines = st.sampled_from(
    [
        "",
        "",
        "  ",
        "A paragraph",
        "that goes on",
        "- an item",
        "  - one below it",
        "1. first",
        "2. second",
        "## A heading",
        "Underlined",
        "===",
        "---",
        "> said",
        ">> said before",
        "```",
        "code  here",
        "<b>not bold</b> &amp; <!-- kept -->",
        "كل بيت يريد برميلاً",
        "नमस्ते, \u200dदुनिया",
        "e\u0301te\u0301",
        "👩\u200d👩\u200d👧 and 🏳️\u200d🌈",
        "trailing  ",
        "\ttab",
        "מים and water",
        "\u2067abc\u2069",
    ]
)
texts = st.lists(lines, max_size=14).map("\n".join)
any_texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t", exclude_characters="\ufffe\uffff"),
    max_size=60,
)


@given(texts | any_texts)
def test_a_text_comes_back_as_it_was_typed(text: str) -> None:
    assert write_section(read_section(text)) == normalise(text)


@given(texts)
def test_passages_come_back_as_they_were(text: str) -> None:
    passages = read_section(text, "why", "en")
    assert read_section(write_section(passages), "why", "en") == passages


@pytest.mark.parametrize("blank", [None, 0, 1, 2, 5])
def test_empty_lines_are_kept_as_many_as_there_are(blank: int | None) -> None:
    passages = [DraftPassage(PassageKind.ITEM, "one", marker="- "), DraftPassage(PassageKind.ITEM, "two", marker="- ")]
    passages[1] = DraftPassage(PassageKind.ITEM, "two", marker="- ", blank=blank)
    assert write_section(passages) == "- one\n" + "\n" * (blank or 0) + "- two"


def test_nothing_but_white_space_is_no_passage() -> None:
    assert read_section(" \n\t\n \u00a0 \n") == []


@pytest.mark.parametrize(
    ("character", "name"),
    [("\x00", "U+0000"), ("\x0b", "U+000B"), ("\x7f", "U+007F"), ("\ud800", "U+D800"), ("\uffff", "U+FFFF")],
)
def test_what_no_text_can_hold_is_refused_with_its_place(character: str, name: str) -> None:
    with pytest.raises(CannotKeep, match="Line 2 holds a character that cannot be kept") as refused:
        read_section(f"first line\nsecond {character} line")
    assert name in str(refused.value)
    assert "“second ”" in str(refused.value)


def test_a_megabyte_paragraph_is_one_passage() -> None:
    text = "water " * 180_000
    (passage,) = read_section(text)
    assert passage.text == text


def test_more_than_a_document_holds_is_refused() -> None:
    with pytest.raises(CannotKeep, match="characters"):
        read_section("a" * (MOST_CHARACTERS + 1))
    half = DraftPassage(PassageKind.PARAGRAPH, "a" * (MOST_CHARACTERS // 2 + 1))
    with pytest.raises(CannotKeep, match="characters"):
        check_document([half, half])
    with pytest.raises(CannotKeep, match="passages"):
        check_document([DraftPassage(PassageKind.PARAGRAPH, "a")] * (MOST_PASSAGES + 1))
