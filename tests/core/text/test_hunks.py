from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.hunks import CannotApply, Hunk, apply_hunks, merge_words, rebase, split_hunks

words = st.sampled_from(
    ["the", "movement", "free", "decides", "حرية", "हिंदी", "自由", "é", "👩‍👧", "🇮🇳", ".", ",", "\n"]
)
sentences = st.lists(words, max_size=12).map(" ".join)
texts = sentences | st.text(max_size=40)


@st.composite
def two_edits(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text and two later ones, each with some of its words exchanged, taken out or put in."""
    base = draw(st.lists(words, min_size=1, max_size=12))
    sides: list[str] = []
    for _ in range(2):
        side = list(base)
        for _ in range(draw(st.integers(0, 3))):
            place = draw(st.integers(0, len(side)))
            side[place : place + draw(st.integers(0, 2))] = draw(st.lists(words | st.just("new"), max_size=2))
        sides.append(" ".join(side))
    theirs, mine = sides
    return " ".join(base), theirs, mine


@given(texts, texts)
def test_all_changes_make_the_new_text_and_none_the_old_one(old: str, new: str) -> None:
    hunks = split_hunks(old, new)
    assert apply_hunks(old, hunks, range(len(hunks))) == new
    assert apply_hunks(old, hunks, []) == old


@given(texts, texts)
def test_changes_are_in_order_and_apart(old: str, new: str) -> None:
    hunks = split_hunks(old, new)
    for hunk in hunks:
        assert old[hunk.start : hunk.end] == hunk.old
        assert hunk.old or hunk.new
        assert hunk.old != hunk.new
    assert all(one.end < other.start for one, other in pairwise(hunks))


@given(texts, texts, st.data())
def test_a_part_of_the_changes_leaves_the_others_undone(old: str, new: str, data: st.DataObject) -> None:
    hunks = split_hunks(old, new)
    chosen = data.draw(st.sets(st.integers(0, len(hunks) - 1))) if hunks else set()
    expected, end = "", 0
    for number, hunk in enumerate(hunks):
        expected += old[end : hunk.start] + (hunk.new if number in chosen else hunk.old)
        end = hunk.end
    assert apply_hunks(old, hunks, chosen) == expected + old[end:]


def test_a_deletion_and_what_replaces_it_are_one_change() -> None:
    assert split_hunks("We share all knowledge.", "We spread all free knowledge.") == [
        Hunk(3, 8, "share", "spread"),
        Hunk(13, 13, "", "free "),
    ]


@pytest.mark.parametrize(
    ("text", "hunks", "chosen"),
    [
        ("abc", [Hunk(0, 1, "x", "y")], []),
        ("abc", [Hunk(1, 2, "b", "y"), Hunk(0, 1, "a", "x")], []),
        ("abc", [Hunk(0, 2, "ab", "y"), Hunk(1, 2, "b", "x")], []),
        ("abc", [Hunk(2, 5, "c", "y")], [0]),
        ("abc", [Hunk(0, 1, "a", "y")], [1]),
        ("abc", [Hunk(0, 1, "a", "y")], [-1]),
        ("abc", [], [0]),
    ],
)
def test_changes_of_another_text_are_refused(text: str, hunks: list[Hunk], chosen: list[int]) -> None:
    with pytest.raises(CannotApply):
        apply_hunks(text, hunks, chosen)


# --- carried over ---


@given(texts, texts)
def test_a_suggestion_fits_the_text_it_was_made_for(base: str, suggested: str) -> None:
    result = rebase(base, suggested, base)
    assert (result.text, result.state) == (suggested, "clean" if suggested != base else "covered")


@given(texts, texts)
def test_a_suggestion_that_was_made_is_covered(base: str, suggested: str) -> None:
    assert rebase(base, suggested, suggested).state == "covered"
    assert rebase(base, base, suggested) == rebase(base, suggested, suggested)


@given(two_edits())
def test_what_is_carried_over_is_as_it_says(edits: tuple[str, str, str]) -> None:
    base, suggested, current = edits
    result = rebase(base, suggested, current)
    if result.state == "covered":
        assert result.text == current
    elif result.state == "stale":
        assert result.text == suggested
    else:
        # Either way around it is the same text, which has all words that either put in.
        assert rebase(base, current, suggested).text == result.text
        for side in (suggested, current):
            assert all(hunk.new in result.text for hunk in split_hunks(base, side))


@pytest.mark.parametrize(
    ("base", "suggested", "current", "text", "state"),
    [
        ("a b c d e", "a B c d e", "a b c d E", "a B c d E", "clean"),
        ("a b c d e", "a B c d e", "a B c d E", "a B c d E", "covered"),
        ("a b c d e", "a B c d e", "a X c d e", "a B c d e", "stale"),
        ("a b c d e", "a B c d e", "a b C d e", "a B c d e", "stale"),
        ("a b c d e", "a b x c d e", "a b y c d e", "a b x c d e", "stale"),
        ("a b c d e", "a d e", "a b c d e f", "a d e f", "clean"),
        ("One. Two.", "One! Two.", "One. Three.", "One! Two.", "stale"),
        ("One. A two.", "One! A two.", "One. A three.", "One! A three.", "clean"),
        ("", "new", "", "new", "clean"),
        ("", "", "", "", "covered"),
    ],
)
def test_suggestions_are_carried_over(base: str, suggested: str, current: str, text: str, state: str) -> None:
    result = rebase(base, suggested, current)
    assert (result.text, result.state) == (text, state)


# --- combined ---


@given(two_edits())
def test_no_words_that_either_put_in_are_missing(edits: tuple[str, str, str]) -> None:
    base, theirs, mine = edits
    merged = merge_words(base, theirs, mine)
    for side in (theirs, mine):
        assert all(hunk.new.strip() in merged.text for hunk in split_hunks(base, side))


@given(two_edits())
def test_a_clean_combination_is_the_same_the_other_way_around(edits: tuple[str, str, str]) -> None:
    base, theirs, mine = edits
    merged, exchanged = merge_words(base, theirs, mine), merge_words(base, mine, theirs)
    assert merged.clean == exchanged.clean
    if merged.clean:
        assert merged == exchanged


@given(texts, texts)
def test_who_changed_nothing_has_no_say(base: str, side: str) -> None:
    assert merge_words(base, base, side) == merge_words(base, side, base) == merge_words(base, side, side)
    assert merge_words(base, base, side).text == side
    assert merge_words(base, base, side).clean


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "text", "clean"),
    [
        ("a b c d", "x b c d", "a b c y", "x b c y", True),
        ("a b c", "x b c", "a y c", "x y c", False),
        ("a b c", "a x c", "a y c", "a x y c", False),
        ("a b c", "a c", "a y c", "a y c", False),
        ("自由知识", "自主知识", "自立知识", "自主立知识", False),
        ("a b", "a b", "a b", "a b", True),
        ("", "x", "y", "x y", False),
    ],
)
def test_two_wordings_stand_side_by_side(base: str, theirs: str, mine: str, text: str, clean: bool) -> None:
    merged = merge_words(base, theirs, mine)
    assert (merged.text, merged.clean) == (text, clean)


@pytest.mark.large
@pytest.mark.parametrize("word", ["word ", "x", ".", "字", "a\u0301", "👩‍👩‍👧‍👦 ", "🇮🇳", "\u202ba\u202c "])
def test_a_long_text_of_one_thing_is_compared_combined_and_carried_over(word: str) -> None:
    base = word * (100_000 // len(word.encode()))
    suggested = f"before {base}"
    current = f"{base}\nafter"
    hunks = split_hunks(base, suggested)
    assert apply_hunks(base, hunks, range(len(hunks))) == suggested
    assert rebase(base, suggested, current).state in {"clean", "stale"}
    assert "before" in merge_words(base, suggested, current).text


def test_a_long_text_rewritten_throughout_is_compared() -> None:
    base = " ".join(f"word{number}" for number in range(20_000))
    suggested = " ".join(f"other{number}" for number in range(20_000))
    hunks = split_hunks(base, suggested)
    assert apply_hunks(base, hunks, range(len(hunks))) == suggested
