"""Keys for a table: they depend on the text alone, and bring near-duplicates together."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from harken.core.sense.duplicates import SIGNATURE_VERSION, is_copy, text_signature, text_similarity
from harken.core.sense.duplicates.finding import _prepare
from harken.core.sense.duplicates.shingles import shingle_texts

mixed = st.text(
    st.characters(codec="utf-8") | st.sampled_from(list("ab ñß字かなกำहिन्दीعة'’-\x00👍\ufe0f\u200d")), max_size=40
)


@given(st.lists(mixed, min_size=1, max_size=6), st.integers(0, 2**64 - 1))
def test_a_text_has_the_same_keys_alone_and_among_others(texts: list[str], seed: int) -> None:
    together = _prepare(texts, seed)
    for place, text in enumerate(texts):
        alone = text_signature(text, seed=seed)
        assert alone == (tuple(together.bands[place].tolist()) if together.keys[place] else ())


@given(mixed)
def test_keys_fit_a_column_of_64_bits_and_are_one_for_each_band(text: str) -> None:
    keys = text_signature(text)
    assert len(keys) in (0, 24)
    assert all(-(2**63) <= key < 2**63 for key in keys)


@given(mixed, mixed)
def test_similarity_is_a_share_the_same_from_both_sides(first: str, second: str) -> None:
    assert 0 <= text_similarity(first, second) <= 1
    assert text_similarity(first, second) == text_similarity(second, first)
    has_any = bool(text_signature(first))
    assert text_similarity(first, first) == has_any
    assert is_copy(first, first) == has_any


def test_stored_keys_still_fit() -> None:
    # Whoever has stored keys compares new ones with them. Where these change, SIGNATURE_VERSION has to change as well.
    assert SIGNATURE_VERSION == "1.2"
    kept = {
        "We need more trees along the streets of the old town": (
            7840493076167569689,
            -4503973385663075949,
            -4403094409189638972,
        ),
        "我们需要在老城区的街道上种更多的树": (5517715939518952033, -6523444642688296588, -5519400915075663612),
    }
    for text, keys in kept.items():
        assert text_signature(text, seed=7)[:3] == keys


def test_the_seed_changes_all_keys() -> None:
    assert not set(text_signature("more trees for us all", seed=1)) & set(
        text_signature("more trees for us all", seed=2)
    )


def test_near_duplicates_share_a_key_as_often_as_the_formula_says() -> None:
    chance = random.Random(3)
    met, expected = 0, 0.0
    for _ in range(400):
        said = [f"w{chance.randrange(10_000)}" for _ in range(12)]
        other = list(said)
        other[chance.randrange(12)] = "changed"
        first, second = " ".join(said), " ".join(other)
        met += bool(set(text_signature(first)) & set(text_signature(second)))
        expected += 1 - (1 - text_similarity(first, second) ** 4) ** 24
    assert expected > 390
    assert met >= 390


def test_what_has_nothing_in_common_shares_no_key() -> None:
    chance = random.Random(3)
    texts = [" ".join(f"w{chance.randrange(10_000)}" for _ in range(12)) for _ in range(200)]
    keys = [key for text in texts for key in text_signature(text)]
    assert len(set(keys)) == len(keys)


def test_shingles_follow_the_script() -> None:
    def count(text: str) -> int:
        return len(set(shingle_texts([text]).shingles.tolist()))

    assert count("one two three") == 3 + 2  # words and pairs
    assert count("one") == 1
    assert count("東京都民") == 4  # pairs, and the last alone
    assert text_similarity("東京都民", "東京都庁") == 2 / 6
    assert text_similarity("かきくけこ", "かきくけさ") == 2 / 8  # three at a time
    assert text_similarity("กขคงจฉ", "กขคงจช") == 2 / 10  # four at a time
    assert text_similarity("the 東京 tower", "The 東京, Tower") == 1
