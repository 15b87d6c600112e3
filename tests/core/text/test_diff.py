from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.diff import change_class, compare_words

words = st.sampled_from(["the", "movement", "free", "knowledge", "حرية", "हिंदी", "自由", "น้ำ", ".", ",", "\n", "_x_"])
sentences = st.lists(words, max_size=30).map(" ".join)
texts = sentences | st.text(max_size=60)


def marked(old: str, new: str) -> str:
    signs = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in compare_words(old, new))


def assert_lossless(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "inserted") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted") == new
    assert all(piece.text for piece in pieces)
    kinds = [piece.kind for piece in pieces]
    assert all(one != other and (one, other) != ("inserted", "deleted") for one, other in pairwise(kinds))


@given(texts, texts)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    assert_lossless(old, new)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.kind == "same" for piece in compare_words(text, text))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c", "a x c", "a [-b-][+x+] c"),
        ("the cat sat", "the black cat sat", "the [+black +]cat sat"),
        ("One. Two. Three.", "One. New one. Two. Three.", "One. [+New one. +]Two. Three."),
        ("The big red car.", "The large red van.", "The [-big-][+large+] red [-car-][+van+]."),
        ("recommendation", "recommendations", "[-recommendation-][+recommendations+]"),
        ("推荐意见由社区决定", "推荐建议由社区决定", "推荐[-意见-][+建议+]由社区决定"),
        ("الحرية والعدل والسلام", "الحرية والسلام", "الحرية [-والعدل -]والسلام"),
        ("a\nb", "a\nc\nb", "a\n[+c\n+]b"),
        (
            "The aim of our movement is knowledge for everybody everywhere",
            "What nine working groups propose for somebody in particular",
            (
                "[-The aim of our movement is knowledge for everybody everywhere-]"
                "[+What nine working groups propose for somebody in particular+]"
            ),
        ),
    ],
)
def test_changes_are_marked_as_a_person_would(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_large_texts_with_everything_changed_are_compared() -> None:
    old = " ".join(f"old{number}" for number in range(15_000))
    new = " ".join(f"new{number}" for number in range(15_000))
    assert [piece.kind for piece in compare_words(old, new)] == ["deleted", "inserted"]


def test_large_texts_of_few_words_are_compared() -> None:
    assert_lossless("a b " * 25_000, "b a c " * 16_000)


def test_a_small_edit_in_a_large_text_is_found_alone() -> None:
    old = [f"word{number % 700}" for number in range(20_000)]
    new = [*old[:9_000], "inserted", *old[9_000:]]
    changed = [piece for piece in compare_words(" ".join(old), " ".join(new)) if piece.kind != "same"]
    assert changed == [("inserted", "inserted ")]


def test_successive_revisions_are_compared_without_loss(data_folder: Path) -> None:
    folders = sorted((data_folder / "revisions").iterdir())
    assert folders
    for folder in folders:
        revisions = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))]
        assert_lossless(revisions[0], revisions[-1])
        for old, new in list(pairwise(revisions))[:4]:
            assert_lossless(old, new)


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        ("typo", "The movment decides.", "The movement decides"),
        ("typo", "in form", "inform"),
        ("typo", "color", "colour"),
        ("typo", "المدرسه", "المدرسة"),
        ("typo", "same", "same"),
        (
            "wording",
            "Working groups write their recommendations together",
            "Working groups draft their recommendations together",
        ),
        ("meaning", "Groups may decide", "Groups must decide"),
        ("meaning", "Les groupes décident", "Les groupes ne décident pas"),
        ("meaning", "Die Gruppe entscheidet", "Keine Gruppe entscheidet"),
        ("meaning", "لا نقبل هذا الاقتراح", "نقبل هذا الاقتراح"),
        ("meaning", "हम यह मानते हैं", "हम यह नहीं मानते हैं"),
        ("meaning", "We write 13 recommendations", "We write 12 recommendations"),
        ("meaning", "Free knowledge for everyone", "Paid services for companies"),
    ],
)
def test_proposed_change_class(expected: str, old: str, new: str) -> None:
    assert change_class(old, new) == expected


@given(texts, texts)
def test_no_change_is_at_most_a_typo_and_every_change_has_a_class(old: str, new: str) -> None:
    assert change_class(old, old) == "typo"
    assert change_class(old, new) in {"typo", "wording", "meaning"}
