from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.segment import Passage, join, normalise, segment

markup = st.text(alphabet="ab é\u0301*-+#>=`~_\n\r\t1.)•", max_size=60) | st.text()


@given(markup)
def test_passages_joined_are_the_normalised_text(text: str) -> None:
    assert join(segment(text)) == normalise(text)


@given(markup)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def described(text: str) -> list[tuple[str, int, str]]:
    return [(passage.kind, passage.level, passage.text) for passage in segment(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n## Two\ntext", [("heading", 1, "One"), ("heading", 2, "Two"), ("paragraph", 0, "text")]),
        ("One\n===\nTwo\n---", [("heading", 1, "One\n==="), ("heading", 2, "Two\n---")]),
        ("#hashtag", [("paragraph", 0, "#hashtag")]),
        ("a\nb\n\nc", [("paragraph", 0, "a\nb"), ("paragraph", 0, "c")]),
        ("- a\n  more\n  - b\n- c", [("item", 0, "a\n  more"), ("item", 1, "b"), ("item", 0, "c")]),
        ("1. a\n2) b\n• c", [("item", 0, "a"), ("item", 0, "b"), ("item", 0, "c")]),
        ("founded in\n2019. Then", [("paragraph", 0, "founded in\n2019. Then")]),
        ("text\n- a", [("paragraph", 0, "text"), ("item", 0, "a")]),
        ("> a\n> b\n>> c\nd", [("quote", 1, "a\nb"), ("quote", 2, "c"), ("paragraph", 0, "d")]),
        ("```\n# a\n\n- b\n```\nc", [("code", 0, "```\n# a\n\n- b\n```"), ("paragraph", 0, "c")]),
        ("~~~\nnever closed", [("code", 0, "~~~\nnever closed")]),
        ("a\n\n***\n\nb", [("paragraph", 0, "a"), ("rule", 0, "***"), ("paragraph", 0, "b")]),
        (" \n\n", []),
    ],
)
def test_kinds_and_levels(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert described(text) == expected


def test_marker_and_distance_are_kept_apart_from_the_words() -> None:
    assert segment("## Why\n\n\n* because") == [
        Passage("heading", "Why", "## ", 2, 0),
        Passage("item", "because", "* ", 0, 2),
    ]


def test_composed_and_decomposed_letters_are_one() -> None:
    assert segment("cafe\u0301") == segment("café")


def test_real_documents_are_segmented_without_loss(data_folder: Path) -> None:
    files = sorted((data_folder / "revisions").glob("*/*.md"))
    kinds: set[str] = set()
    for file in files:
        text = file.read_text(encoding="utf-8")
        passages = segment(text)
        assert join(passages) == normalise(text)
        kinds.update(passage.kind for passage in passages)
    assert {"heading", "paragraph", "item"} <= kinds
