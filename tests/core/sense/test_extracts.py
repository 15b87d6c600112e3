"""Extracts stand in their texts; summaries are quotes; central ones cover, dissenting ones are far and belong."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.core.sense.extracts import (
    Extract,
    ExtractError,
    choose_central,
    choose_dissenting,
    find_claims,
    split_extracts,
    summarise_cluster,
    verify_extracts,
)


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("en", "We need money, e.g. for roads. And people!", ["We need money, e.g. for roads.", "And people!"]),
        ("de", "Am 3. Oktober z. B. fehlt Geld. Und Zeit.", ["Am 3. Oktober z. B. fehlt Geld.", "Und Zeit."]),
        ("ar", "نحتاج إلى المال. من سيدفع؟ لا أحد.", ["نحتاج إلى المال.", "من سيدفع؟", "لا أحد."]),
        ("hi", "हमें पैसा चाहिए। और लोग भी।", ["हमें पैसा चाहिए।", "और लोग भी।"]),
        ("zh", "我们需要钱。也需要人！", ["我们需要钱。", "也需要人！"]),
        ("ja", "お金が必要です。「人も」と言った。", ["お金が必要です。", "「人も」と言った。"]),
        ("", "", []),
        ("", " \n\t", []),
        ("", "😀🎉", ["😀🎉"]),
    ],
)
def test_sentences_are_found_in_every_language(language: str, text: str, sentences: list[str]) -> None:
    found = split_extracts([text], [language])
    assert [extract.words for extract in found] == sentences
    verify_extracts(found, [text])


def test_ten_languages_in_one_text_are_cut_by_the_signs_of_each() -> None:
    said = [
        "We need money.",
        "Wir brauchen Geld.",
        "Nous avons besoin d’argent !",
        "¿Quién paga?",
        "Нам нужны деньги.",
        "نحتاج إلى المال.",
        "من سيدفع؟",
        "हमें पैसा चाहिए।",
        "我们需要钱。",
        "お金が必要です。",
        "돈이 필요합니다.",
    ]
    assert [extract.words for extract in split_extracts([" ".join(said)])] == said


def test_thai_is_cut_at_its_spaces_where_it_is_long() -> None:
    clause = "เราต้องการเงินมากขึ้นเพื่อสร้างถนนในหมู่บ้านของเรา"
    text = " ".join([clause] * 30)
    found = split_extracts([text], ["th"])
    assert len(found) > 3
    assert all(set(extract.words.split(" ")) == {clause} for extract in found)
    assert all(len(extract.words) <= 400 for extract in found)


@given(texts=st.lists(st.text(max_size=300), max_size=4))
def test_every_extract_stands_in_its_text_and_none_of_the_text_is_lost(texts: list[str]) -> None:
    found = split_extracts(texts)
    verify_extracts(found, texts)
    for place, text in enumerate(texts):
        mine = [extract for extract in found if extract.text == place]
        assert all(first.end <= second.start for first, second in itertools.pairwise(mine))
        assert "".join("".join(extract.words.split()) for extract in mine) == "".join(text.split())


def test_a_megabyte_without_any_end_is_cut_into_parts() -> None:
    for text in ("a" * 1_000_000, "word " * 200_000, "\u0301" * 100_000):
        found = split_extracts([text])
        verify_extracts(found, [text])
        assert max(len(extract.words) for extract in found) <= 400


def test_one_language_for_each_text_or_none_at_all() -> None:
    with pytest.raises(ValueError, match="zip"):
        split_extracts(["one", "two"], ["en"])


@pytest.mark.parametrize(
    "words",
    [
        "The region should pay for its own roads.",
        "हमें गाँव के लिए और पैसा चाहिए।",
        "我们的村庄需要更多的钱来修路。",
        "نحن بحاجة إلى مزيد من المال للطرق.",
        "See https://example.org/plan: the plan has no money for roads.",
    ],
)
def test_a_sentence_that_makes_a_point_is_a_claim(words: str) -> None:
    assert [extract.words for extract in find_claims([words])] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Who pays for all of this?",
        "谁来为我们的村庄支付这些费用呢？",
        "من سيدفع ثمن كل هذه الطرق الجديدة؟",
        "> The region should pay for its own roads.",
        "Thank you!",
        "谢谢。",
        "https://example.org/a/very/long/address/of/a/page",
        "+1 +1 +1 +1 +1",
        "😀 🎉 😀 🎉 😀",
        "| 12 | 13 | 14 | 15 |",
        "",
    ],
)
def test_questions_quotes_of_others_greetings_and_signs_are_no_claims(text: str) -> None:
    assert find_claims([text]) == []


def test_what_was_altered_does_not_pass() -> None:
    texts = ["We need money.", "We need people."]
    good = Extract(0, 0, 7, "We need")
    verify_extracts([good], texts)
    for bad in (
        Extract(0, 0, 7, "We want"),
        Extract(0, 1, 8, "We need"),
        Extract(2, 0, 7, "We need"),
        Extract(-1, 0, 7, "We need"),
        Extract(0, 3, 3, ""),
        Extract(0, -4, 14, "ney."),
        Extract(0, 0, 99, "We need money."),
    ):
        with pytest.raises(ExtractError):
            verify_extracts([good, bad], texts)


# --- Quotes that stand for a cluster ---


def cloud(
    size: int, *, seed: int = 1, towards: int = 0, spread: float = 0.4
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Vectors around one axis of eight dimensions."""
    found = np.random.default_rng(seed).standard_normal((size, 8)) * spread
    found[:, towards] += 1
    return found


def covered(vectors: np.ndarray[tuple[int, int], np.dtype[np.float64]], places: tuple[int, ...]) -> float:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return float(np.maximum(unit @ unit[list(places)].T, 0).max(axis=1).mean())


@given(seed=st.integers(0, 500), number=st.integers(1, 3))
@settings(max_examples=40)
def test_central_quotes_cover_nearly_as_well_as_the_best_there_are(seed: int, number: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((9, 3))
    places, coverage = choose_central(vectors, number)
    best = max(covered(vectors, each) for each in itertools.combinations(range(9), number))
    assert coverage == pytest.approx(covered(vectors, tuple(places)), abs=1e-5)
    assert coverage >= (1 - 1 / np.e) * best


def test_one_quote_comes_from_each_part_of_a_cluster() -> None:
    vectors = np.concatenate([cloud(40, towards=0, spread=0.1), cloud(10, towards=3, spread=0.1)])
    places, coverage = choose_central(vectors, 2)
    assert places[0] < 40 <= places[1]
    assert coverage > 0.9


def test_no_more_quotes_than_cover_something_and_none_twice() -> None:
    places, coverage = choose_central(np.ones((20, 4)), 5)
    assert places == [0]
    assert coverage == pytest.approx(1.0)
    places, _coverage = choose_central(np.eye(3), 10)
    assert sorted(places) == [0, 1, 2]


def test_nobody_is_quoted_twice() -> None:
    vectors = np.concatenate([cloud(10, towards=at, spread=0.1) for at in range(4)])
    speakers = [0] * 20 + list(range(1, 21))
    central, _coverage = choose_central(vectors, 4, speakers=speakers)
    dissenting = choose_dissenting(vectors, 5, central=central, speakers=speakers)
    quoted = [speakers[place] for place in [*central, *dissenting]]
    assert len(set(quoted)) == len(quoted)


def test_dissenting_quotes_are_far_from_the_middle_but_no_outliers_and_belong_to_no_other_cluster() -> None:
    vectors = cloud(60, spread=0.15)
    vectors[7, :2] = (1, 1.2)  # far and belonging
    vectors[8, :2] = (-1, 0)  # nothing to do with the rest
    found = choose_dissenting(vectors, 10)
    assert 8 not in found
    middle = np.eye(8)[0]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    ranks = np.argsort(np.argsort(unit @ middle))
    assert ranks[found[0]] < 10
    other = vectors[found[0]][None]
    assert found[0] not in choose_dissenting(vectors, 10, others=other)


@given(seed=st.integers(0, 200), data=st.data())
@settings(max_examples=30)
def test_the_order_of_extracts_changes_nothing(seed: int, data: st.DataObject) -> None:
    vectors = cloud(15, seed=seed)
    order = data.draw(st.permutations(range(15)))
    central, coverage = choose_central(vectors, 3)
    again, same = choose_central(vectors[order], 3)
    assert [order[place] for place in again] == central
    assert same == pytest.approx(coverage)
    far = choose_dissenting(vectors[order], 3, central=again)
    assert [order[place] for place in far] == choose_dissenting(vectors, 3, central=central)


def test_a_summary_is_verbatim_quotes_and_nothing_else() -> None:
    texts = [f"Point {n} says that the region should pay for roads. Another thing matters too, {n}!" for n in range(20)]
    claims = find_claims(texts)
    vectors = cloud(len(claims))
    summary = summarise_cluster(texts, claims, vectors, speakers=[claim.text for claim in claims])
    assert (len(summary.central), len(summary.dissenting)) == (3, 2)
    for extract in (*summary.central, *summary.dissenting):
        assert texts[extract.text][extract.start : extract.end] == extract.words
    with pytest.raises(ExtractError, match="does not stand"):
        summarise_cluster([text.replace("roads", "trains") for text in texts], claims, vectors)


def test_too_little_and_too_odd_is_a_defined_result_or_a_clear_error() -> None:
    assert summarise_cluster([], [], np.zeros((0, 8))).central == ()
    assert choose_central(np.zeros((0, 3)), 3) == ([], 0.0)
    assert choose_dissenting(np.zeros((0, 3)), 3) == []
    assert choose_central(np.zeros((4, 3)), 3) == ([], 0.0)
    assert choose_dissenting(np.zeros((4, 3)), 3) == []
    assert choose_central(np.full((3, 2), 1e300), 1)[0] == [0]
    one = [Extract(0, 0, 2, "We")]
    assert summarise_cluster(["We"], one, [[1.0, 2.0]]).central == (one[0],)
    for wrong in ([[np.nan, 1]], [[np.inf, 1]], [1.0], [[1.0], [2.0]]):
        with pytest.raises(ExtractError):
            summarise_cluster(["We"], one, wrong)
    with pytest.raises(ExtractError, match="weight"):
        choose_central(np.eye(3), 1, weights=[1, -1, 1])
    with pytest.raises(ExtractError, match="2 speakers for 3"):
        choose_central(np.eye(3), 1, speakers=[1, 2])
    with pytest.raises(ExtractError, match="yes or no"):
        choose_central(np.eye(3), 1, usable=np.array([True]))
