"""A quote is what stands in the original: found to the letter, or alike in what people do not see; else rejected."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harken.core.sense.quotes import find_quote

ORIGINAL = "She said:  “We can’t\u00a0wait” — not by non-violent… means. We need\nmore money, and cafe\u0301s."


@pytest.mark.parametrize(
    ("claimed", "words", "exact"),
    [
        ("We need\nmore money", "We need\nmore money", True),
        ("“We can’t\u00a0wait”", "“We can’t\u00a0wait”", True),
        ("We need more money, and cafés.", "We need\nmore money, and cafe\u0301s.", False),
        ('She said: "We can\'t wait" - not by', "She said:  “We can’t\u00a0wait” — not by", False),
        ("non-violent... means", "non-violent… means", False),
        ("  «We need more money»\n", "We need\nmore money", False),
        ("We ne\u00aded more\u200b money", "We need\nmore money", False),
    ],
)
def test_a_quote_is_found_and_shown_as_the_original_has_it(claimed: str, words: str, exact: bool) -> None:
    found = find_quote(ORIGINAL, claimed)
    assert found is not None
    assert (found.words, found.exact) == (words, exact)
    assert ORIGINAL[found.start : found.end] == words


@pytest.mark.parametrize(
    "claimed",
    [
        "We need money",  # a word left out
        "We need much more money",  # a word put in
        "we need more money",  # another case
        "We need more … cafés",  # words left out and marked so
        "We can",  # from "can't"
        "violent",  # from "non-violent"
        "e need",  # part of a word
        "We need more cafe",  # without its accent
        "cafe",  # likewise, to the letter
        "non-violent..",  # part of an ellipsis
        "",
        " \n",
        "“”",
        "…",
    ],
)
def test_what_does_not_stand_there_is_no_quote(claimed: str) -> None:
    assert find_quote(ORIGINAL, claimed) is None


@pytest.mark.parametrize(
    ("original", "claimed"),
    [
        ("我们需要更多的钱。", "更多的钱"),
        ("เราต้องการเงินมากขึ้น", "เงินมากขึ้น"),
        ("हमें और पैसा चाहिए।", "और पैसा"),
        ("نحتاج إلى مزيد من المال", "مزيد من المال"),
        ("Thanks 👩‍🚀!", "👩‍🚀"),
        ("l’argent manque", "argent manque"),
        ("더 많은 돈이 필요합니다", "많은 돈이"),
    ],
)
def test_quotes_are_found_in_every_script(original: str, claimed: str) -> None:
    for said, quoted in [(original, claimed), (unicodedata.normalize("NFD", original), claimed)]:
        found = find_quote(said, quoted)
        assert found is not None
        assert unicodedata.normalize("NFC", found.words) == unicodedata.normalize("NFC", claimed)


@pytest.mark.parametrize(("original", "claimed"), [("👩‍🚀", "👩"), ("👍🏽", "👍"), ("हि", "ह"), ("각", "\u1100")])
def test_no_character_is_cut_in_two(original: str, claimed: str) -> None:
    assert find_quote(original, claimed) is None
    assert find_quote(unicodedata.normalize("NFD", original), claimed) is None


def test_of_several_places_the_nearest_is_taken() -> None:
    text = "More money. Less talk. More money. Less talk. More  money."
    assert find_quote(text, "More money.").start == 0  # type: ignore[union-attr]  # it stands there
    assert find_quote(text, "More money.", near=20).start == 23  # type: ignore[union-attr]  # it stands there
    assert find_quote(text, "Less\ntalk.", near=40).start == 35  # type: ignore[union-attr]  # it stands there


@given(original=st.text(max_size=200), claimed=st.text(max_size=30))
def test_what_is_found_stands_in_the_original(original: str, claimed: str) -> None:
    found = find_quote(original, claimed)
    if found is not None:
        assert original[found.start : found.end] == found.words != ""
        assert not found.exact or found.words == claimed
        assert find_quote(original, found.words, near=found.start) is not None


words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=1, max_size=12)


@given(said=words, data=st.data())
def test_whole_words_are_found_whatever_stands_between_them(said: list[str], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from([" ", "\n", "  ", "\u00a0", "\u3000"]), min_size=20, max_size=20))
    first = data.draw(st.integers(0, len(said) - 1))
    last = data.draw(st.integers(first, len(said) - 1))
    original = "".join(word + gap for word, gap in zip(said, gaps, strict=False))
    claimed = " ".join(said[first : last + 1])
    forms: list[Literal["NFC", "NFD", "NFKC"]] = ["NFC", "NFD", "NFKC"]
    form = data.draw(st.sampled_from(forms))
    # Conjoining vowels of Hangul that stand alone, and the like, are parts of characters.
    assume(
        all(unicodedata.normalize("NFKD", word)[0].isalnum() and not "\u1160" <= word[0] <= "\u11ff" for word in said)
    )
    found = find_quote(original, unicodedata.normalize(form, claimed))
    assert found is not None
    assert unicodedata.normalize("NFKC", " ".join(found.words.split())) == unicodedata.normalize(
        "NFKC", " ".join(claimed.split())
    )


@given(original=st.text(st.characters(categories=["Ll"]), max_size=100), claimed=st.text("αβγ", min_size=1, max_size=9))
def test_what_was_never_said_is_never_found(original: str, claimed: str) -> None:
    assume(claimed not in unicodedata.normalize("NFKC", original))
    assert find_quote(original, claimed) is None


@pytest.mark.parametrize(
    ("original", "claimed"),
    [
        ("a" * 1_000_000, "aaa"),
        ("a" * 1_000_000, "a" * 500_000),
        ("a " * 500_000, "a b"),
        ("\u0301" * 1_000_000, "a"),
        ("“" * 1_000_000, "““a"),
    ],
)
def test_a_megabyte_made_to_keep_us_busy_is_a_defined_result(original: str, claimed: str) -> None:
    assert find_quote(original, claimed) is None
