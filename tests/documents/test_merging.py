"""Two people wrote on one revision: both their changes are in, or somebody is asked."""

import zlib
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.documents.drafts import DraftPassage
from harken.documents.merging import Choice, MergedText, merge_texts
from harken.documents.models import PassageKind
from harken.documents.section_text import StoredPassage, read_section, write_section

WORDS = (
    "Rain is kept in barrels at every house that wants one",
    "Nobody waters at noon since half of it is lost to the sun",
    "A pump is shared by the whole street and mended each spring",
    "Children plant the first seeds and taste the first beans",
    "Tools hang on the long wall where everybody finds them",
)


def stored(number: int, text: str, **other: Any) -> StoredPassage:
    values: dict[str, Any] = {"kind": "paragraph", "section": "", "lang": "en", "marker": "", "level": 0} | other
    values |= {"passage_id": number, "public_id": f"p{number}", "text": text, "html": ""}
    return StoredPassage(version_id=zlib.crc32(f"{number} {text}".encode()), **values)


BASE = [stored(number, text) for number, text in enumerate(WORDS, 1)]


def saved(*changes: tuple[int, str | None], among: list[StoredPassage] = BASE) -> list[StoredPassage]:
    """The base after somebody saved other words for some passages (None: removed)."""
    changed = dict(changes)
    return [
        stored(one.passage_id, text) if text != one.text else one
        for one in among
        if (text := changed.get(one.passage_id, one.text)) is not None
    ]


def typed(*texts: str) -> list[DraftPassage]:
    return [DraftPassage(PassageKind.PARAGRAPH, text) for text in texts]


def merge(
    theirs: list[StoredPassage], mine: list[DraftPassage], choices: dict[int, Choice] | None = None
) -> MergedText:
    return merge_texts(base=BASE, theirs=theirs, mine=mine, choices=choices or {}, lang="en")


def words_of(merged: MergedText) -> list[str]:
    return [draft.text for draft in merged.passages]


def test_changes_of_different_passages_go_together() -> None:
    merged = merge(saved((1, WORDS[0] + " today")), typed(*WORDS[:4], WORDS[4] + " now"))
    assert not merged.conflicts
    assert words_of(merged) == [WORDS[0] + " today", *WORDS[1:4], WORDS[4] + " now"]
    assert [draft.passage_id for draft in merged.passages] == [1, 2, 3, 4, 5]


def test_where_both_changed_one_passage_the_question_holds_the_words_of_both() -> None:
    merged = merge(
        saved((2, "Nobody waters at noon or at midnight")), typed(WORDS[0], WORDS[1] + ", we say", *WORDS[2:])
    )
    (conflict,) = merged.conflicts
    assert (conflict.passage_id, conflict.base, conflict.theirs) == (
        2,
        BASE[1],
        saved((2, "Nobody waters at noon or at midnight"))[1],
    )
    assert conflict.mine is not None
    assert conflict.mine.text == WORDS[1] + ", we say"
    for word in ("midnight", "say"):
        assert word in conflict.proposal


@pytest.mark.parametrize(
    ("pick", "expected"),
    [("theirs", "Theirs of the sun at noon"), ("mine", WORDS[1] + " alas"), ("words", "Both of us")],
)
def test_an_answer_stands_in_place_of_the_passage(pick: Any, expected: str) -> None:
    theirs = saved((2, "Theirs of the sun at noon"))
    mine = typed(WORDS[0], WORDS[1] + " alas", *WORDS[2:])
    choice = Choice(theirs[1].version_id, pick, tuple(typed("Both of us")) if pick == "words" else ())
    merged = merge(theirs, mine, {2: choice})
    assert not merged.conflicts
    assert words_of(merged)[1] == expected
    assert [draft.passage_id for draft in merged.passages] == [1, 2, 3, 4, 5]


def test_an_answer_to_an_earlier_question_is_void() -> None:
    theirs = saved((2, "Theirs again, later"))
    mine = typed(WORDS[0], WORDS[1] + " alas", *WORDS[2:])
    assert merge(theirs, mine, {2: Choice(theirs[1].version_id + 1, "mine")}).conflicts


def test_what_one_removed_and_the_other_changed_is_asked_and_either_can_win() -> None:
    theirs = saved((2, None))
    mine = typed(WORDS[0], WORDS[1] + " alas", *WORDS[2:])
    (conflict,) = merge(theirs, mine).conflicts
    assert conflict.theirs is None
    assert conflict.proposal == WORDS[1] + " alas"
    assert words_of(merge(theirs, mine, {2: Choice(None, "theirs")})) == [WORDS[0], *WORDS[2:]]
    kept = merge(theirs, mine, {2: Choice(None, "mine")})
    assert kept.passages[1].passage_id == 2
    assert kept.passages[1].text == WORDS[1] + " alas"


def test_an_answer_may_be_several_passages_of_which_the_first_keeps_the_id() -> None:
    theirs = saved((2, "Theirs of the sun at noon"))
    mine = typed(WORDS[0], WORDS[1] + " alas", *WORDS[2:])
    written = tuple(read_section("One.\n\n\n\nTwo."))
    merged = merge(theirs, mine, {2: Choice(theirs[1].version_id, "words", written)})
    assert [(draft.passage_id, draft.text, draft.blank) for draft in merged.passages[1:3]] == [
        (2, "One.", None),
        (None, "Two.", 3),
    ]


def test_words_of_one_and_the_section_of_the_other_are_both_taken() -> None:
    theirs = [*BASE[:4], replace(BASE[4], section="how", version_id=7)]
    mine = typed(*WORDS[:4], WORDS[4] + " now")
    merged = merge(theirs, mine)
    assert not merged.conflicts
    assert (merged.passages[-1].section, merged.passages[-1].text) == ("how", WORDS[4] + " now")


def test_numbers_that_a_list_got_by_an_insertion_are_no_conflict() -> None:
    base = [stored(n, text, kind="item", marker=f"{n}. ") for n, text in enumerate(WORDS, 1)]
    theirs = [*base[:3], stored(4, WORDS[3] + " at last", kind="item", marker="4. "), base[4]]
    mine = read_section("\n".join(f"{n}. {text}" for n, text in enumerate(["Begin early", *WORDS], 1)))
    merged = merge_texts(base=base, theirs=theirs, mine=mine, choices={}, lang="en")
    assert not merged.conflicts
    assert [(draft.marker, draft.text) for draft in merged.passages][-2:] == [
        ("5. ", WORDS[3] + " at last"),
        ("6. ", WORDS[4]),
    ]


def test_a_split_of_mine_is_known_after_the_merge() -> None:
    first, second = WORDS[0].split(" at ")
    merged = merge(saved((5, "Tools hang anywhere")), typed(first + ".", "At " + second + ".", *WORDS[1:]))
    (branch,) = merged.splits
    assert branch.earlier == 1
    assert merged.passages[branch.place].passage_id is None


def test_a_line_that_followed_a_heading_does_not_run_into_what_stands_before_it_now() -> None:
    heading = stored(2, "Water", kind="heading", marker="## ", level=2)
    base = [stored(1, WORDS[0]), heading, replace(stored(3, WORDS[1]), blank=0)]
    theirs = [base[0], replace(base[2], blank=None)]
    mine = [base[0].to_draft(), base[1].to_draft(), replace(base[2].to_draft(), text=WORDS[1] + " again")]
    merged = merge_texts(base=base, theirs=theirs, mine=mine, choices={}, lang="en")
    text = write_section(merged.passages)
    assert [passage.text for passage in read_section(text)] == [WORDS[0], WORDS[1] + " again"]


def test_passages_of_one_section_stay_together() -> None:
    base = [stored(n, text, section="what" if n < 4 else "how") for n, text in enumerate(WORDS, 1)]
    theirs = [replace(base[0], section="how", version_id=77), *base[1:]]
    mine = [base[0].to_draft(), DraftPassage(PassageKind.PARAGRAPH, "New under what.", section="what")]
    mine += [one.to_draft() for one in base[1:]]
    merged = merge_texts(base=base, theirs=[*theirs[1:], theirs[0]], mine=mine, choices={}, lang="en")
    sections = [draft.section for draft in merged.passages]
    assert [section for n, section in enumerate(sections) if n == 0 or sections[n - 1] != section] == ["what", "how"]


edits = st.lists(
    st.tuples(st.sampled_from(["change", "remove", "add"]), st.integers(0, 9), st.integers(0, 3)), max_size=4
)


def written_by(name: str, changes: list[tuple[str, int, int]]) -> list[tuple[int | None, str]]:
    """The base as somebody left it: ids and words."""
    text: list[tuple[int | None, str]] = [(one.passage_id, one.text) for one in BASE]
    for act, place, number in changes:
        where = place % max(1, len(text))
        if act == "add":
            text.insert(where, (None, f"{name} adds the sentence number {number}{place} here"))
        elif text and act == "remove":
            text.pop(where)
        elif text:
            known, words = text[where]
            text[where] = (known, f"{words} {name}{number}")
    return text


def as_stored(name: str, text: list[tuple[int | None, str]]) -> list[StoredPassage]:
    return [stored(known if known is not None else 100 + place, words) for place, (known, words) in enumerate(text)]


def as_drafts(text: list[tuple[int | None, str]]) -> list[DraftPassage]:
    return [DraftPassage(PassageKind.PARAGRAPH, words, passage_id=known) for known, words in text]


@given(edits, edits)
def test_nothing_that_either_wrote_is_lost(
    by_them: list[tuple[str, int, int]], by_me: list[tuple[str, int, int]]
) -> None:
    theirs, mine = written_by("Amina", by_them), written_by("Bruno", by_me)
    merged = merge(as_stored("Amina", theirs), as_drafts(mine))
    there = {draft.text for draft in merged.passages}
    for conflict in merged.conflicts:
        there |= {side.text for side in (conflict.theirs, conflict.mine) if side}
        for side in (conflict.theirs, conflict.mine):
            own = [word for word in side.text.split() if word[:5] in {"Amina", "Bruno"}] if side else []
            assert all(word in conflict.proposal for word in own)
    old = set(WORDS)
    for _known, words in (*theirs, *mine):
        assert words in old or words in there


@given(edits, edits)
def test_who_saves_first_does_not_matter_to_what_is_said(
    by_them: list[tuple[str, int, int]], by_me: list[tuple[str, int, int]]
) -> None:
    theirs, mine = written_by("Amina", by_them), written_by("Bruno", by_me)
    one = merge(as_stored("Amina", theirs), as_drafts(mine))
    other = merge(as_stored("Bruno", mine), as_drafts(theirs))
    assert {conflict.passage_id for conflict in one.conflicts} == {conflict.passage_id for conflict in other.conflicts}
    if not one.conflicts:
        assert Counter(words_of(one)) == Counter(words_of(other))


@given(edits)
def test_who_changed_nothing_has_no_say(changes: list[tuple[str, int, int]]) -> None:
    written = written_by("Amina", changes)
    assert words_of(merge(BASE, as_drafts(written))) == [words for _known, words in written]
    assert words_of(merge(as_stored("Amina", written), typed(*WORDS))) == [words for _known, words in written]
