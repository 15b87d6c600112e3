"""The bench of quotes: that its truth is true, and that those it compares do what they are said to do."""

from __future__ import annotations

from random import Random

import pytest

from bench.alignment import OUTCOMES, Case, judge, measure_case
from bench.alignment_made import MadeText, make_english, make_han
from bench.alignment_peers import PEERS, Placed, follow_by_search
from bench.alignment_truth import Answer, Truth, split_words

KEPT, RIGHTLY_LOOSE, LOOSE, WRONG = OUTCOMES
OTHERS = ["Budgets are yearly and public.", "Travel is paid for by the hubs.", "Nobody decides alone about this."]
QUOTED = "Every affiliate shall decide freely upon its own language policy and its own budget."


def test_words_follow_the_script() -> None:
    assert [word.text for word in split_words("L'eau, 自由 and हिन्दी.")] == ["L", "eau", "自", "由", "and", "हिन्दी"]
    assert [word.weight for word in split_words("eau 自")] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("revised", "expected"),
    [
        ([QUOTED, *OTHERS], Answer(is_lost=False, passages=frozenset({0}))),
        ([*OTHERS, QUOTED], Answer(is_lost=False, passages=frozenset({3}))),
        ([QUOTED.replace("freely", "together"), *OTHERS], Answer(is_lost=False, passages=frozenset({0}))),
        ([*OTHERS, QUOTED.replace("Every", "Each")], Answer(is_lost=False, passages=frozenset({3}))),
        (OTHERS, Answer(is_lost=True, passages=frozenset())),
    ],
    ids=["unchanged", "moved", "edited", "moved and edited", "taken away"],
)
def test_the_truth_of_a_quote_follows_its_words(revised: list[str], expected: Answer) -> None:
    truth = Truth([[QUOTED, *OTHERS], revised])
    assert truth.follow(0, len(split_words(QUOTED)) - 1) == expected


def test_a_quote_is_judged_by_where_it_is_right() -> None:
    there, lost = Answer(is_lost=False, passages=frozenset({3})), Answer(is_lost=True, passages=frozenset({4}))
    assert [judge(there, found) for found in (3, 4, None)] == [KEPT, WRONG, LOOSE]
    assert [judge(lost, found) for found in (None, 4, 3)] == [RIGHTLY_LOOSE, RIGHTLY_LOOSE, WRONG]


@pytest.mark.parametrize("name", ["Harken", *PEERS])
def test_everybody_keeps_every_quote_in_a_text_that_stays_the_same(name: str) -> None:
    case = Case("same", [[QUOTED, *OTHERS]] * 2, [Placed(0, 6, 15), Placed(2, 0, 6)], [])
    case.answers = [Answer(is_lost=False, passages=frozenset({quote.passage})) for quote in case.quotes]
    assert measure_case(case).outcomes[name] == {KEPT: 2}


def test_the_search_finds_words_that_were_changed_a_little_and_moved() -> None:
    revised = [*OTHERS, QUOTED.replace("freely", "free")]
    assert follow_by_search([[QUOTED, *OTHERS], revised], [Placed(0, 0, 50)]) == [3]


@pytest.mark.parametrize(("make", "between", "scale"), [(make_english, " ", 1), (make_han, "", 2)])
def test_made_texts_know_where_their_words_are(make: object, between: str, scale: int) -> None:
    made = MadeText("tiny", 12, make, between=between, scale=scale)  # type: ignore[arg-type] # one of two functions
    again = MadeText("tiny", 12, make, between=between, scale=scale)  # type: ignore[arg-type] # one of two functions
    assert made.revisions == again.revisions
    placed = list(made.place_quotes(Random(1), 20, 3, 24))
    first, last = made.revisions[0], made.revisions[-1]
    for quote, answer in placed:
        words = first[quote.passage][quote.start : quote.end]
        assert words
        if any(words in text for text in last):
            assert answer.is_lost or any(words in last[passage] for passage in answer.passages)
    tally = measure_case(Case("tiny", made.revisions, [quote for quote, _ in placed], [answer for _, answer in placed]))
    assert {name: counted.total() for name, counted in tally.outcomes.items()} == dict.fromkeys(["Harken", *PEERS], 20)
    assert tally.outcomes["Harken"][KEPT] > tally.outcomes["unit markers"][KEPT]
