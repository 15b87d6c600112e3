from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.align import align
from harken.core.text.anchor import find_heirs
from harken.core.text.compare import ComparedPassage, compare_documents, compare_pair
from harken.core.text.segment import segment

Passage = tuple[str, str, str]

words = st.sampled_from(["the", "movement", "free", "decides", "حرية", "हिंदी", "自由", "é", "👩‍👧", ".", ","])
sentences = st.lists(words, max_size=6).map(" ".join)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[list[Passage], list[Passage], dict[str, list[str]]]:
    """Two revisions that share some passages, and which passages are said to hold words of others."""
    old_ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    new_ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    texts = {name: draw(sentences) for name in "abcdefgh"}
    old = [(name, f"{name}1", texts[name]) for name in old_ids]
    new: list[Passage] = []
    for name in new_ids:
        if name in old_ids and draw(st.booleans()):
            new.append((name, f"{name}1", texts[name]))
        else:
            new.append((name, f"{name}2", draw(sentences | st.just(texts[name]))))
    heirs = draw(st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghz"), max_size=3)))
    return old, new, heirs


def without(row: ComparedPassage, kind: str) -> str:
    return "".join(piece.text for piece in compare_pair(row) if piece.kind != kind)


def assert_reconstructs(old: Sequence[Passage], new: Sequence[Passage], rows: Sequence[ComparedPassage]) -> None:
    assert Counter(row.passage_id for row in rows) == Counter({name for name, _, _ in [*old, *new]})
    assert [(row.passage_id, row.new) for row in rows if row.new is not None] == [(name, text) for name, _, text in new]
    assert {row.passage_id: row.old for row in rows if row.old is not None} == {name: text for name, _, text in old}
    for row in rows:
        pieces = compare_pair(row)
        assert all(piece.text for piece in pieces)
        assert all(one.kind != other.kind for one, other in pairwise(pieces))
        if row.new is not None:
            assert without(row, "deleted") == row.new
        if row.old is not None and (row.new is None or row.family is None):
            assert without(row, "inserted") == row.old


@given(revisions())
def test_both_revisions_can_be_read_back(documents: tuple[list[Passage], list[Passage], dict[str, list[str]]]) -> None:
    old, new, heirs = documents
    assert_reconstructs(old, new, compare_documents(old, new, heirs))


@given(revisions())
def test_each_deleted_word_of_a_family_is_shown_once(
    documents: tuple[list[Passage], list[Passage], dict[str, list[str]]],
) -> None:
    old, new, heirs = documents
    rows = compare_documents(old, new, heirs)
    for family in {id(row.family): row.family for row in rows if row.family}.values():
        members = [row for row in rows if row.family is family]
        shown = Counter(
            word
            for row in members
            if row.new is not None
            for piece in compare_pair(row)
            if piece.kind == "deleted"
            for word in piece.text.split()
        )
        deleted = (piece.text for piece in family.pieces if piece.kind == "deleted")
        assert shown == Counter(word for text in deleted for word in text.split())


@given(revisions())
def test_relations_are_what_they_say(documents: tuple[list[Passage], list[Passage], dict[str, list[str]]]) -> None:
    old, new, heirs = documents
    old_ids, new_ids = [name for name, _, _ in old], [name for name, _, _ in new]
    for row in compare_documents(old, new, heirs):
        if row.old is not None and row.new is not None:
            assert row.relation in {"same", "edited", "moved"}
            assert row.edited == (row.old != row.new)
            assert row.relation != "same" or not row.edited
        elif row.new is not None:
            assert row.relation in {"added", "split", "merged"}
            assert (row.relation == "added") == (not row.origins)
        else:
            assert row.relation in {"removed", "split", "merged"}
            assert (row.relation == "removed") == (not row.heirs)
        assert set(row.heirs) <= {*heirs.get(row.passage_id, ())}.intersection(new_ids) - {row.passage_id}
        assert list(row.heirs) == sorted(row.heirs, key=new_ids.index)
        assert list(row.origins) == sorted(row.origins, key=old_ids.index)
        assert all(row.passage_id in heirs[origin] for origin in row.origins)
        assert (row.family is None) == (not row.heirs and not row.origins)


@given(revisions())
def test_who_stayed_in_order_did_not_move(documents: tuple[list[Passage], list[Passage], dict[str, list[str]]]) -> None:
    old, new, _ = documents
    rows = compare_documents(old, new)
    stayed = [row.passage_id for row in rows if row.relation in {"same", "edited"}]
    assert stayed == [name for name, _, _ in old if name in stayed]
    if [name for name, _, _ in old if name in {name for name, _, _ in new}] == [
        name for name, _, _ in new if name in {name for name, _, _ in old}
    ]:
        assert not any(row.relation == "moved" for row in rows)


@given(revisions())
def test_what_went_stands_behind_what_it_stood_behind(
    documents: tuple[list[Passage], list[Passage], dict[str, list[str]]],
) -> None:
    old, new, _ = documents
    rows = compare_documents(old, new)
    stayed = {row.passage_id for row in rows if row.relation in {"same", "edited"}}
    old_ids = [name for name, _, _ in old]
    last = None
    for row in rows:
        if row.passage_id in stayed:
            last = row.passage_id
        elif row.new is None:
            before = [name for name in old_ids[: old_ids.index(row.passage_id)] if name in stayed]
            assert last == (before[-1] if before else None)


def compared(old: str, new: str, heirs: str = "") -> list[str]:
    """Documents as words: `a=x` is the passage a with the text x, `a` the one with the text a; heirs as `a>bc`."""

    def read(document: str) -> list[Passage]:
        return [(word[0], word, word.rpartition("=")[2].replace("_", " ")) for word in document.split()]

    parts = {word[0]: list(word[2:]) for word in heirs.split()}
    return [
        f"{row.passage_id} {row.relation}{' edited' if row.edited else ''}"
        for row in compare_documents(read(old), read(new), parts)
    ]


@pytest.mark.parametrize(
    ("old", "new", "heirs", "expected"),
    [
        ("a b c", "a b c", "", ["a same", "b same", "c same"]),
        ("a b c", "a b=x c", "", ["a same", "b edited edited", "c same"]),
        ("a b c", "c a b", "", ["c moved", "a same", "b same"]),
        ("a b c", "c=x a b", "", ["c moved edited", "a same", "b same"]),
        ("a b c", "a c", "", ["a same", "b removed", "c same"]),
        ("a b c", "a n c", "", ["a same", "b removed", "n added", "c same"]),
        ("a b", "n a b", "", ["n added", "a same", "b same"]),
        ("a b", "", "", ["a removed", "b removed"]),
        ("", "a b", "", ["a added", "b added"]),
        ("", "", "", []),
        ("a", "a=x", "", ["a edited edited"]),
        ("a=one_two", "a=one n=two", "a>an", ["a edited edited", "n split"]),
        ("a=one b=two", "a=one_two", "b>a", ["a edited edited", "b merged"]),
        ("a=one_two", "m=one n=two", "a>mn", ["a split", "m split", "n split"]),
        ("a=one b=two", "n=one_two", "a>n b>n", ["a merged", "b merged", "n merged"]),
        ("a b", "a b", "a>az", ["a same", "b same"]),
    ],
)
def test_documents_are_compared(old: str, new: str, heirs: str, expected: list[str]) -> None:
    assert compared(old, new, heirs) == expected


def test_words_that_only_went_to_another_passage_are_the_same() -> None:
    rows = compare_documents(
        [("a", 1, "We share knowledge. We listen to everybody.")],
        [("a", 2, "We share knowledge."), ("n", 3, "We listen to everybody.")],
        {"a": ["n"]},
    )
    assert [[(piece.kind, piece.text) for piece in compare_pair(row) if piece.text.strip()] for row in rows] == [
        [("same", "We share knowledge.")],
        [("same", "We listen to everybody.")],
    ]


def test_equal_versions_need_no_reading() -> None:
    (row,) = compare_documents([("a", 1, "text")], [("a", 1, "text")])
    assert (row.relation, row.edited) == ("same", False)
    (row,) = compare_documents([("a", 1, "text")], [("a", 2, "text")])
    assert (row.relation, row.edited) == ("same", False)


@pytest.mark.parametrize("which", ["old", "new"])
def test_an_id_may_occur_once_only(which: str) -> None:
    documents = {"old": [("a", 1, "x")], "new": [("a", 1, "x")]}
    documents[which].append(("a", 2, "y"))
    with pytest.raises(ValueError, match=f"'a' occurs more than once in the {which}"):
        compare_documents(documents["old"], documents["new"])


def test_a_thousand_equal_passages_are_compared() -> None:
    old = [(f"p{number}", 1, "the same") for number in range(1_000)]
    new = [*old[500:], ("n", 2, "the same"), *old[:400]]
    rows = compare_documents(old, new, {"p450": ["n"]})
    assert_reconstructs([(name, "", text) for name, _, text in old], [(name, "", text) for name, _, text in new], rows)
    assert Counter(row.relation for row in rows) == {"same": 500, "moved": 400, "removed": 99, "merged": 1, "split": 1}


@pytest.mark.large
@pytest.mark.parametrize("unit", ["word ", "字", "👩‍👩‍👧‍👦"])
def test_a_document_of_one_passage_of_a_megabyte_is_compared(unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    rows = compare_documents([("a", 1, text)], [("a", 2, f"{text[: len(text) // 2]} new {text[len(text) // 2 :]}")])
    assert_reconstructs([("a", "", text)], [("a", "", rows[0].new or "")], rows)


def test_real_revisions_can_be_read_back(data_folder: Path) -> None:
    folders = sorted((data_folder / "revisions").iterdir())
    for folder in folders:
        documents = [
            [passage.text for passage in segment(path.read_text(encoding="utf-8"))] for path in sorted(folder.iterdir())
        ]
        made = len(documents[0])
        old = [(f"p{number}", text) for number, text in enumerate(documents[0])]
        for texts in documents[1:]:
            alignment = align(old, texts)
            ids = [row.old_id or f"p{made + row.new_index}" for row in alignment.rows]
            made += len(texts)
            assert len(set(ids)) == len(ids)
            new = list(zip(ids, texts, strict=True))
            before, after = ([(name, text, text) for name, text in document] for document in (old, new))
            assert_reconstructs(before, after, compare_documents(before, after, find_heirs(alignment, ids)))
            old = new
    assert folders
