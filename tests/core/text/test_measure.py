import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.measure import Rarity, measure_similarity, profile_text, shared_words

texts = st.lists(
    st.sampled_from(
        ["free", "knowledge", "equity", "decentralise", "decentralisation", "حرية", "عدل", "हिंदी", "自由知识", "การร่วม"]
    ),
    max_size=8,
).map(" ".join)


@given(texts, texts)
def test_shares_and_score_are_shares(one: str, other: str) -> None:
    similarity = measure_similarity(profile_text(one), profile_text(other))
    for value in (similarity.score, similarity.share_of_first, similarity.share_of_second):
        assert 0 <= value <= 1
    assert similarity.score <= max(similarity.share_of_first, similarity.share_of_second)


@given(texts, texts)
def test_the_sides_can_be_swapped(one: str, other: str) -> None:
    first, second = profile_text(one), profile_text(other)
    forward, backward = measure_similarity(first, second), measure_similarity(second, first)
    assert forward.score == pytest.approx(backward.score)
    assert forward.share_of_first == pytest.approx(backward.share_of_second)
    assert forward.evidence_of_first == pytest.approx(backward.evidence_of_second)


@given(texts.filter(bool))
def test_a_text_is_wholly_like_itself(text: str) -> None:
    assert measure_similarity(profile_text(text), profile_text(text)).score == pytest.approx(1)


def test_a_rare_word_says_more_than_a_common_one() -> None:
    texts = ["Decentralize", "Evaluate and decentralize components", "Partnerships and data", "Partnerships and rules"]
    profiles = [profile_text(text, "en") for text in texts]
    rarity = Rarity(profiles)
    rare = measure_similarity(profiles[0], profiles[1], rarity)
    common = measure_similarity(profiles[2], profiles[3], rarity)
    assert rare.score > common.score
    assert shared_words(profiles[1], rare, rarity) == ("decentralize",)
    assert shared_words(profiles[3], common, rarity) == ("Partnerships", "and")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Decentralised structures", "A decentralized structure"),
        ("", "Dezentralisierung", "dezentralisieren"),
        ("fr", "Formations en ligne", "Une formation en ligne"),
        ("ar", "التوصيات النهائية", "توصية نهائية"),
    ],
)
def test_kindred_forms_are_the_same_word(language: str, one: str, other: str) -> None:
    assert measure_similarity(profile_text(one, language), profile_text(other, language)).score > 0.5


def test_words_of_a_spaceless_script_are_shown_joined() -> None:
    first, second = profile_text("自由知识的推荐意见"), profile_text("全体推荐意见草案")
    similarity = measure_similarity(first, second)
    assert shared_words(second, similarity, Rarity([first, second])) == ("推荐意见",)


def test_evidence_is_for_a_common_origin_where_rare_words_are_shared_and_against_it_elsewhere() -> None:
    others = [profile_text(f"a text about subject{number} and thing{number}") for number in range(20)]
    first = profile_text("a text about subsidiarity and hubs")
    second = profile_text("a rule about subsidiarity and hubs")
    rarity = Rarity([*others, first, second])
    assert measure_similarity(first, second, rarity).evidence_of_first > 0
    assert measure_similarity(first, others[0], rarity).evidence_of_first < 0
