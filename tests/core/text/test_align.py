import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from harken.core.text.align import Alignment, align
from harken.core.text.segment import segment

VOCABULARY = [
    *("the", "group", "shall", "open", "knowledge", "budget", ".", "–"),
    *("عدل", "حرية", "हिंदी", "समूह", "自由知识", "推荐意见", "การ", "ร่วม"),
]
passages = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
documents = st.lists(passages, max_size=12)


def with_ids(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"p{number}", text) for number, text in enumerate(texts)]


def places_of(alignment: Alignment) -> Counter[str]:
    """How often each old id is accounted for."""
    return Counter(
        [
            *(row.old_id for row in alignment.rows if row.old_id is not None),
            *alignment.removed,
            *(old_id for merge in alignment.merges for old_id, _ in merge.parts[1:]),
        ]
    )


def relations(alignment: Alignment) -> list[tuple[str, str | None]]:
    return [(row.relation, row.old_id) for row in alignment.rows]


@given(documents, documents)
def test_every_old_passage_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    alignment = align(with_ids(old), new)
    assert places_of(alignment) == Counter(passage_id for passage_id, _ in with_ids(old))
    assert [row.new_index for row in alignment.rows] == list(range(len(new)))


@given(documents, documents)
def test_rows_splits_and_merges_agree(old: list[str], new: list[str]) -> None:
    alignment = align(with_ids(old), new)
    heirs = {row.old_id: row.new_index for row in alignment.rows if row.old_id is not None}
    old_texts = dict(with_ids(old))
    for row in alignment.rows:
        assert 0 <= row.score <= 1
        assert (row.old_id is None) == (row.relation in {"split", "added"})
        if row.relation == "kept" and row.old_id is not None:
            assert old_texts[row.old_id] == new[row.new_index]
    split_off = {row.new_index for row in alignment.rows if row.relation == "split"}
    assert split_off == {place for split in alignment.splits for place, _ in split.parts[1:]}
    for split in alignment.splits:
        assert heirs[split.old_id] == split.parts[0][0]
    for merge in alignment.merges:
        assert heirs[merge.parts[0][0]] == merge.new_index


@given(documents)
def test_an_unchanged_text_keeps_every_passage_in_place(texts: list[str]) -> None:
    alignment = align(with_ids(texts), texts)
    assert relations(alignment) == [("kept", passage_id) for passage_id, _ in with_ids(texts)]


@given(st.permutations([f"{word} {number}" for number, word in enumerate(VOCABULARY)]))
def test_a_permutation_gives_moves_only(texts: list[str]) -> None:
    original = sorted(texts)
    alignment = align(with_ids(original), texts)
    assert not alignment.removed
    assert {row.relation for row in alignment.rows} <= {"kept", "moved"}
    assert all(row.old_id == f"p{original.index(texts[row.new_index])}" for row in alignment.rows)
    kept = [original.index(texts[row.new_index]) for row in alignment.rows if row.relation == "kept"]
    assert all(one < other for one, other in pairwise(kept))


@given(documents, documents)
def test_appending_keeps_all(texts: list[str], more: list[str]) -> None:
    alignment = align(with_ids(texts), [*texts, *more])
    assert relations(alignment)[: len(texts)] == [("kept", passage_id) for passage_id, _ in with_ids(texts)]


@given(documents, documents)
def test_the_same_texts_are_always_aligned_alike(old: list[str], new: list[str]) -> None:
    assert align(with_ids(old), new) == align(with_ids(old), new)


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'p1' occurs more than once"):
        align([("p1", "a"), ("p1", "b")], ["a"])


OPENING = "Every community decides for itself which rules apply in its own wiki."
BUDGET = "Budgets are drafted in the open, two months before the year begins, by those who will spend them."
HUBS = "Regional hubs support affiliates with training, legal advice and shared bookkeeping."
CLOSING = "The council reviews this charter every third year."


def test_an_edited_passage_keeps_its_id() -> None:
    edited = HUBS.replace("legal advice", "mentoring").replace("Regional", "Thematic")
    alignment = align(with_ids([OPENING, HUBS, CLOSING]), [OPENING, edited, CLOSING])
    assert relations(alignment) == [("kept", "p0"), ("edited", "p1"), ("kept", "p2")]
    assert 0.6 < alignment.rows[1].score < 1


def test_a_rewritten_passage_is_a_new_one() -> None:
    alignment = align(with_ids([OPENING, HUBS, CLOSING]), [OPENING, "Mentors greet newcomers by name.", CLOSING])
    assert relations(alignment) == [("kept", "p0"), ("added", None), ("kept", "p2")]
    assert alignment.removed == ("p1",)


def test_a_passage_moved_and_edited_keeps_its_id() -> None:
    edited = BUDGET.replace("two months", "three months")
    alignment = align(with_ids([BUDGET, OPENING, HUBS, CLOSING]), [OPENING, HUBS, CLOSING, edited])
    assert relations(alignment) == [("kept", "p1"), ("kept", "p2"), ("kept", "p3"), ("moved", "p0")]
    assert alignment.rows[3].score < 1


def test_a_split_passage_leaves_its_id_to_one_part() -> None:
    first, second = (
        "Budgets are drafted in the open, two months before the year begins.",
        "Those who will spend them draft.",
    )
    alignment = align(with_ids([OPENING, f"{first} {second}", CLOSING]), [OPENING, first, second, CLOSING])
    assert relations(alignment) == [("kept", "p0"), ("edited", "p1"), ("split", None), ("kept", "p2")]
    [split] = alignment.splits
    assert split.old_id == "p1"
    assert [place for place, _ in split.parts] == [1, 2]
    assert sum(share for _, share in split.parts) == pytest.approx(1, abs=0.25)


def test_merged_passages_are_both_named() -> None:
    alignment = align(with_ids([OPENING, BUDGET, HUBS, CLOSING]), [OPENING, f"{BUDGET} {HUBS}", CLOSING])
    assert [row.relation for row in alignment.rows] == ["kept", "edited", "kept"]
    [merge] = alignment.merges
    assert merge.new_index == 1
    assert {old_id for old_id, _ in merge.parts} == {"p1", "p2"}
    assert not alignment.removed


def test_a_thousand_equal_passages_stay_in_order() -> None:
    alignment = align(with_ids(["same"] * 1000), ["same"] * 400 + ["other words"] + ["same"] * 600)
    assert [row.old_id for row in alignment.rows if row.relation == "kept"] == [f"p{n}" for n in range(1000)]


def test_only_case_or_signs_changed_is_an_edit() -> None:
    alignment = align(with_ids(["自由知识，属于所有人", "Why?"]), ["自由知识属于所有人。", "Why"])
    assert relations(alignment) == [("edited", "p0"), ("edited", "p1")]


def read_articles(file: Path) -> list[str]:
    page = html.parse(str(file), html.HTMLParser(encoding="utf-8"))
    return [" ".join(" ".join(article.itertext()).split()) for article in page.iterfind(".//article")]


@pytest.mark.parametrize("code", ["arb", "eng", "fra", "spa"])
def test_articles_shuffled_and_edited_are_recognised_in_any_script(data_folder: Path, code: str) -> None:
    articles = read_articles(data_folder / "parallel" / f"{code}.html")
    assert len(articles) == 30
    rng = random.Random(code)
    order = rng.sample(range(30), 30)
    stock = " ".join(articles).split()
    edited = [
        " ".join(word if rng.random() > 0.3 else rng.choice(stock) for word in articles[number].split())
        for number in order
    ]
    alignment = align(with_ids(articles), edited)
    right = sum(row.old_id == f"p{number}" for row, number in zip(alignment.rows, order, strict=True))
    wrong = sum(row.old_id not in {None, f"p{number}"} for row, number in zip(alignment.rows, order, strict=True))
    assert wrong == 0
    assert right >= 29


def test_successive_revisions_of_real_texts_keep_most_passages(data_folder: Path) -> None:
    """From one revision to the next, headings that read the same must be the same passage, and in order."""
    compared = 0
    for folder in sorted((data_folder / "revisions").iterdir()):
        revisions = [segment(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.md"))]
        for before, after in pairwise(revisions):
            alignment = align(with_ids([passage.text for passage in before]), [passage.text for passage in after])
            assert places_of(alignment).total() == len(before)
            texts = Counter(passage.text for passage in before)
            for row in alignment.rows:
                text = after[row.new_index].text
                if texts[text] == 1 and sum(passage.text == text for passage in after) == 1:
                    compared += 1
                    assert row.old_id is not None
                    assert before[int(row.old_id[1:])].text == text
    assert compared > 1000
