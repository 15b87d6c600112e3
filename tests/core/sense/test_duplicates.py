"""Copies and campaigns: what belongs together is together, groups hold what they promise, and order decides nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harken.core.sense import Duplicates, find_duplicates, is_copy, text_similarity

SENTENCES = {
    "en": "We ask the council to keep the library in the old town open on Saturdays for families and for students",
    "ar": "نطلب من المجلس أن يبقي المكتبة في المدينة القديمة مفتوحة يوم السبت للعائلات والطلاب وكل من يعمل",
    "hi": "हम परिषद से अनुरोध करते हैं कि पुराने शहर का पुस्तकालय शनिवार को परिवारों और छात्रों के लिए खुला रखा जाए",
    "zh": "我们请求市议会让老城区的图书馆在星期六继续向家庭和学生开放因为平时大家都要上班上学没有时间去",
    "ja": "旧市街の図書館を土曜日も家族や学生のために開けておいてくださるよう市議会にお願いします平日は行けません",
    "th": "เราขอให้สภาเปิดห้องสมุดในเมืองเก่าในวันเสาร์สำหรับครอบครัวและนักเรียนเพราะวันธรรมดาทุกคนต้องทำงาน",
    "ru": "Мы просим совет оставить библиотеку в старом городе открытой по субботам для семей и для студентов",
}
SPACELESS = {"zh", "ja", "th"}

words = st.sampled_from([f"{first}{second}" for first in "bdfgklmnprst" for second in ("a", "ei", "o", "un")])
sentences = st.lists(words, min_size=1, max_size=16)


@st.composite
def lists_of_texts(draw: st.DrawFn) -> list[str]:
    """Return texts of which some are copies: as they are, dressed otherwise, or with one word changed."""
    texts: list[str] = []
    for said in draw(st.lists(sentences, min_size=1, max_size=6)):
        texts.append(" ".join(said))
        for _ in range(draw(st.integers(0, 3))):
            copy = list(said)
            if draw(st.booleans()):
                copy[draw(st.integers(0, len(copy) - 1))] = draw(words)
            text = " ".join(copy)
            texts.append(draw(st.sampled_from([text, text.upper(), f"  {text} !", text.replace(" ", ", ")])))
    return draw(st.permutations(texts))


def outline(
    found: Duplicates, order: list[int] | None = None
) -> set[tuple[str, int, frozenset[int], tuple[float, ...]]]:
    """Return the groups in terms of the places that `order` says the texts came from."""
    came_from = order or list(range(found.labels.size))
    return {
        (
            group.kind,
            group.different,
            frozenset(came_from[place] for place in group.members.tolist()),
            tuple(sorted(group.similarities.tolist())),
        )
        for group in found.groups
    }


@settings(max_examples=40)
@given(lists_of_texts(), st.randoms(use_true_random=False))
def test_the_order_of_texts_changes_nothing(texts: list[str], chance: random.Random) -> None:
    order = list(range(len(texts)))
    chance.shuffle(order)
    moved = find_duplicates([texts[place] for place in order])
    assert outline(moved, order) == outline(find_duplicates(texts))


@settings(max_examples=40)
@given(lists_of_texts())
def test_the_same_words_are_always_together(texts: list[str]) -> None:
    found = find_duplicates(texts)
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text.lower().replace(",", "").replace("!", "").strip(), []).append(place)
    for same in places.values():
        labels = {int(found.labels[place]) for place in same}
        assert len(labels) == 1
        assert len(same) == 1 or labels != {-1}


@settings(max_examples=40)
@given(lists_of_texts())
def test_every_copy_is_similar_to_its_center_and_in_one_group(texts: list[str]) -> None:
    found = find_duplicates(texts)
    seen: list[int] = []
    for place, group in enumerate(found.groups):
        seen += group.members.tolist()
        assert group.members.size > 1
        assert group.center in group.members
        assert (found.labels[group.members] == place).all()
        for member, similarity in zip(group.members.tolist(), group.similarities.tolist(), strict=True):
            if group.kind == "copies":
                assert is_copy(texts[group.center], texts[member])
            assert similarity == pytest.approx(text_similarity(texts[group.center], texts[member]))
    assert len(seen) == len(set(seen))
    assert set(seen) == set(np.flatnonzero(found.labels >= 0).tolist())


@pytest.mark.parametrize("language", SENTENCES)
def test_copies_are_found_in_every_script(language: str) -> None:
    text = SENTENCES[language]
    if language in SPACELESS:
        middle = len(text) // 2
        shorter, longer, changed = text[4:], f"{text}๑๒๓", f"{text[:middle]}々{text[middle + 1 :]}"
    else:
        said = text.split()
        shorter, longer = " ".join(said[1:]), f"{text} 123 456"
        changed = " ".join([*said[:6], "xyz", *said[7:]])
    dressed = f"«{text.upper()}»   …!"
    others = [SENTENCES[other] for other in SENTENCES if other != language]
    found = find_duplicates([text, *others, dressed, shorter, longer, changed])
    (group,) = found.groups
    assert group.kind == "copies"
    assert group.members.tolist() == [0, 7, 8, 9, 10]
    assert group.different == 4


def test_spellings_that_mean_the_same_are_the_same() -> None:
    pairs = [
        ("Öffnet die Straße für alle Räder!", "OFFNET die STRASSE fur alle Rader"),
        ("ＡＢＣ１２３　を開けてください", "abc123 を開けてください"),
        ("مدرسة جديدة إلى القرية", "مدرسه جديده الى القريه"),
        ("don’t close it", "dont close it"),
        ("o\u0301pera\u200b para todos", "ópera para todos"),
    ]
    for first, second in pairs:
        assert text_similarity(first, second) == 1
        assert find_duplicates([first, "something else", second]).labels.tolist() == [0, -1, 0]


def test_short_texts_that_differ_in_a_word_are_not_copies() -> None:
    assert find_duplicates(["We need more buses", "We need more trees", "I agree", "I disagree"]).groups == ()
    assert find_duplicates(["I agree", "I agree!", "Yes", "yes"]).labels.tolist() == [0, 0, 1, 1]


def test_a_chain_of_texts_each_like_the_next_is_not_one_group() -> None:
    said = [f"w{number}" for number in range(400)]
    texts = [" ".join(said[start : start + 20]) for start in range(0, 380, 2)]
    found = find_duplicates(texts)
    assert max(group.members.size for group in found.groups) <= 11
    for group in found.groups:
        assert group.template is not None or group.similarities.min() >= found.threshold


def test_a_higher_threshold_asks_for_more() -> None:
    said = SENTENCES["en"].split()
    texts = [" ".join(said), " ".join([*said[:9], "never", *said[10:]])]
    assert text_similarity(*texts) == pytest.approx(35 / 41, abs=0.06)
    assert len(find_duplicates(texts).groups) == 1
    assert find_duplicates(texts, threshold=0.95).groups == ()
    with pytest.raises(ValueError, match="threshold"):
        find_duplicates(texts, threshold=0.2)


def test_workers_change_nothing() -> None:
    texts = [*SENTENCES.values(), *(text.upper() for text in SENTENCES.values())] * 3
    assert outline(find_duplicates(texts, workers=2)) == outline(find_duplicates(texts))


def test_texts_without_words_are_grouped_by_their_symbols_or_not_at_all() -> None:
    assert find_duplicates([]).groups == ()
    assert find_duplicates(["", " ", "\n\t", "\u200b"]).labels.tolist() == [-1, -1, -1, -1]
    assert find_duplicates(["👍🏽", "👍🏽", "🔥", "!!!", "", "! ! !"]).labels.tolist() in (
        [0, 0, -1, 1, -1, 1],
        [1, 1, -1, 0, -1, 0],
    )
    # With words beside them, symbols are dress.
    assert find_duplicates(["thank you 🙏", "Thank you!"]).labels.tolist() == [0, 0]


def test_halves_of_letters_and_zero_bytes_do_no_harm() -> None:
    texts = ["a\x00b c", "a b c", "x\ud83d y", "x y", "\x00", "\ud83d"]
    assert find_duplicates(texts).labels.tolist()[:4] in ([0, 0, 1, 1], [1, 1, 0, 0])


def test_texts_of_a_megabyte_are_compared_as_well() -> None:
    chance = random.Random(4)
    said = [f"{chance.randrange(30_000)}x" for _ in range(170_000)]
    long = " ".join(said)
    assert len(long) > 1_000_000
    said[50_000:52_000] = ["other"] * 2_000
    found = find_duplicates([long, "short", " ".join(said), "字" * 1_000_000, "字" * 999_999])
    assert found.labels.tolist() in ([0, -1, 0, 1, 1], [1, -1, 1, 0, 0])


def test_thousands_of_the_same_text_are_one_group() -> None:
    found = find_duplicates([SENTENCES["en"]] * 20_000)
    assert len(found.groups) == 1
    assert found.groups[0].different == 1


def test_texts_that_all_share_most_shingles_are_one_group() -> None:
    found = find_duplicates([f"{SENTENCES['en']} {number}" for number in range(5_000)])
    assert [group.members.size for group in found.groups] == [5_000]


def test_texts_of_the_same_words_in_any_order_stay_apart() -> None:
    chance = random.Random(5)
    said = [f"w{number}" for number in range(30)]
    texts = [" ".join(chance.sample(said, 30)) for _ in range(2_000)]
    found = find_duplicates(texts, threshold=0.6)
    assert found.groups == ()
