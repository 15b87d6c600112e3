from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.moved_words import MovedWords
from harken.core.text.word_map import WordMap, match_words, word_spans

words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "the", "of"]), max_size=30)
texts = st.lists(
    st.sampled_from(["the", "right", "l'eau", "eau", "自由", "知识", "हिंदी", "عدل", ".", ",", "\n", "👩‍👩‍👧"]),
    max_size=20,
).map(" ".join)


@given(words, words)
def test_matched_words_are_equal_and_keep_their_order(old: list[str], new: list[str]) -> None:
    matches = match_words(old, new)
    assert all(old[i] == new[j] for i, j in matches)
    assert all(i < next_i and j < next_j for (i, j), (next_i, next_j) in pairwise(matches))


@given(texts, texts)
def test_a_word_leads_to_the_same_word(old: str, new: str) -> None:
    mapping = WordMap(old, new)
    for start, end in word_spans(old):
        place = mapping.map_word(start, end)
        assert place is None or new[place[0] : place[1]] == old[start:end]


@given(texts)
def test_every_word_of_a_text_leads_to_itself(text: str) -> None:
    mapping = WordMap(text, text)
    assert all(mapping.map_word(*span) == span for span in word_spans(text))


def test_words_that_stand_together_stay_together() -> None:
    old = ["the", "right", "to", "be", "heard"]
    new = ["the", "more", "to", "say", "and", "to", "be", "said", "the", "right", "to", "be", "heard"]
    assert match_words(old, new) == [(0, 8), (1, 9), (2, 10), (3, 11), (4, 12)]


def test_a_word_between_two_changes_has_stayed() -> None:
    old, new = "quickly review drafts", "carefully review texts"
    assert WordMap(old, new).map_word(8, 14) == (10, 16)


def test_the_word_after_an_elision_is_a_word_of_its_own() -> None:
    old, new = "pour l'eau", "de l’air et eau claire"
    assert WordMap(old, new).map_word(7, 10) == (12, 15)


def test_long_texts_are_cut_where_they_have_runs_in_common() -> None:
    old = [f"a{number % 7}" if number % 100 else f"only-{number}" for number in range(5_000)]
    new = [f"b{number % 13}" if number % 100 else f"only-{number}" for number in range(5_000)]
    assert match_words(old, new) == [(place, place) for place in range(0, 5_000, 100)]


def test_the_longest_run_of_words_is_found_in_another_passage() -> None:
    moved = MovedWords(
        {"p": "Before all: every group shall be heard in its own language.", "q": "Every group shall speak."}
    )
    words = "We hold that every group shall be heard in its own words"
    runs = list(moved.find(words.split(), 3, 8))
    assert [(run.first, run.last, run.passage_id, run.place) for run in runs] == [(3, 11, "p", 2)]
