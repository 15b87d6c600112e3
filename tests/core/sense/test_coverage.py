"""Who spoke and who did not: people counted once, small figures hidden, shares with their uncertainty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harken.core.sense import Votes
from harken.core.sense.coverage import (
    HIDDEN,
    NOT_SAID,
    Coverage,
    CoverageError,
    Heard,
    find_gaps,
    jeffreys_interval,
    measure_coverage,
    measure_support,
    read_population,
)
from harken.core.sense.suppression import hide_small
from tests.core.sense.conversations import make_camps
from tests.core.sense.test_suppression import count_people

Row = tuple[int, str, str, str]


def measure(rows: list[Row], **more: object) -> Coverage:
    speakers, contexts, documents, themes = zip(*rows, strict=True) if rows else ((), (), (), ())
    return measure_coverage(speakers, contexts, documents, themes, **more)  # type: ignore[arg-type]  # of one test each


def crowd(**contexts: int) -> list[Row]:
    """So many people from each context, who each speak once, about one document and theme."""
    names = [name for name, size in contexts.items() for _ in range(size)]
    return [(person, name, "AD-R1", "money") for person, name in enumerate(names)]


def test_people_are_counted_once_however_often_they_speak() -> None:
    rows = [(person, "north", document, "money") for person in range(12) for document in ("AD-R1", "AD-R2")] * 3
    found = measure(rows)
    assert (found.contexts, found.documents, found.themes) == (("north",), ("AD-R1", "AD-R2"), ("money",))
    assert found.people[0].tolist() == [[12, 12], [12, 12], [12, 12]]


def test_who_did_not_speak_is_told_beside_who_did() -> None:
    found = measure(crowd(north=300, south=40), population={"north": 500, "south": 500, "west": 500})
    heard = {name: found.heard(place) for place, name in enumerate(found.contexts)}
    assert heard == {"north": Heard.OVER, "south": Heard.UNDER, "west": Heard.SILENT}
    overall = [gap for gap in find_gaps(found) if gap.document == gap.theme == -1]
    assert [found.contexts[gap.context] for gap in overall] == ["west", "south"]
    assert overall[0].people == 0
    assert overall[0].low == 0 < overall[0].high < overall[0].expected == pytest.approx(1 / 3)


def test_silence_of_few_is_no_gap() -> None:
    # Of 12 people none from a context of one tenth: that happens by chance, three times in ten.
    found = measure(crowd(north=12), population={"north": 90, "south": 10})
    assert found.heard(found.contexts.index("south")) is Heard.SILENT
    assert find_gaps(found) == []


def test_documents_and_themes_that_nobody_spoke_about_are_shown() -> None:
    found = measure(crowd(north=20), all_documents=["AD-R9"], all_themes=["roads"])
    assert found.people[0, found.documents.index("AD-R9")].tolist() == [0, 0, 0]
    assert found.people[0, :, found.themes.index("roads")].tolist() == [0, 0, 0]


def test_below_ten_nothing_is_told_and_a_second_one_is_hidden_with_it() -> None:
    found = measure(crowd(north=100, south=40, west=4), population={"north": 1, "south": 1, "west": 1})
    everybody = found.people[:, -1, -1]
    assert dict(zip(found.contexts, everybody.tolist(), strict=False)) == {
        "north": 100,
        "south": HIDDEN,
        "west": HIDDEN,
    }
    for figures in (found.shares, found.low, found.high, found.expected):
        assert np.isnan(figures[found.people[:-1] == HIDDEN]).all()
    assert found.heard(found.contexts.index("west")) is Heard.HIDDEN


def test_who_did_not_say_their_context_is_in_no_share() -> None:
    found = measure([*crowd(north=30, south=30), *((1000 + n, NOT_SAID, "AD-R1", "money") for n in range(40))])
    assert found.contexts == ("north", "south", NOT_SAID)
    assert found.people[:, -1, -1].tolist() == [30, 30, 40, 100]
    assert found.shares[:2, -1, -1].tolist() == [0.5, 0.5]
    assert np.isnan(found.shares[2]).all()
    assert np.isnan(found.expected).all()
    assert found.heard(0) is Heard.UNKNOWN


def test_a_context_that_the_population_does_not_have_is_compared_with_nothing() -> None:
    found = measure(crowd(north=30, south=30, moon=50), population={"north": 1, "south": 3})
    assert found.heard(found.contexts.index("moon")) is Heard.UNKNOWN
    assert found.shares[found.contexts.index("north"), -1, -1] == 0.5
    assert found.expected[found.contexts.index("south"), -1, -1] == 0.75


contributions = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(["north", "south", NOT_SAID]),
        st.sampled_from(["AD-R1", "AD-R2"]),
        st.sampled_from(["money", "roads", ""]),
    ),
    max_size=120,
)


@given(rows=contributions)
@settings(max_examples=25)
def test_all_that_is_told_is_true_and_what_has_to_be_hidden_is(rows: list[Row]) -> None:
    found = measure(rows)
    sizes = (len(found.contexts), len(found.documents), len(found.themes))
    names = (found.contexts, found.documents, found.themes)
    places = [(row[0], tuple(known.index(name) for known, name in zip(names, row[1:], strict=True))) for row in rows]
    true = count_people(places, sizes)
    hidden = found.people == HIDDEN
    assert np.array_equal(found.people[~hidden], true[~hidden])
    assert np.array_equal(
        hidden, hide_small(true)
    )  # test_suppression: no hidden figure can be reckoned from the others
    assert np.array_equal(np.isnan(found.shares) | (found.people[:-1] != HIDDEN), np.ones(found.shares.shape))


@given(rows=contributions, data=st.data())
@settings(max_examples=25)
def test_the_order_of_what_was_said_and_saying_it_twice_change_nothing(rows: list[Row], data: st.DataObject) -> None:
    found, again = measure(rows), measure([*data.draw(st.permutations(rows)), *rows])
    assert np.array_equal(found.people, again.people)
    assert np.array_equal(found.shares, again.shares, equal_nan=True)


def test_nobody_spoke_is_a_defined_result() -> None:
    found = measure([], population={"north": 5})
    assert found.people.shape == (2, 1, 1)
    assert found.heard(0) is Heard.SILENT
    assert find_gaps(found) == []


def test_columns_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(CoverageError, match="2 speakers, 1 contexts"):
        measure_coverage([1, 2], ["north"], ["", ""], ["", ""])
    with pytest.raises(CoverageError, match="Row 2: nan is no name of a theme"):
        measure_coverage([1, 2], ["north", "north"], ["", ""], ["money", float("nan")])  # type: ignore[list-item]  # that is the test


# --- Intervals ---


@given(n=st.integers(1, 5000), share=st.floats(0, 1))
def test_the_interval_is_that_of_jeffreys_and_holds_the_share(n: int, share: float) -> None:
    x = round(n * share)
    low, high = (float(bound) for bound in jeffreys_interval(x, n))
    assert 0 <= low <= x / n <= high <= 1
    if 0 < x < n:
        assert (low, high) == pytest.approx(stats.beta(x + 0.5, n - x + 0.5).ppf([0.025, 0.975]), abs=1e-9)
    else:
        assert low == 0 or high == 1


def test_the_interval_holds_the_true_share_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(5)
    for n, share in ((50, 0.1), (200, 0.5), (30, 0.3)):
        low, high = jeffreys_interval(generator.binomial(n, share, 20_000), n)
        assert 0.92 < float(((low <= share) & (share <= high)).mean()) < 0.98


def test_of_nobody_nothing_is_known() -> None:
    assert [float(bound) for bound in jeffreys_interval(0, 0)] == [0, 1]


# --- The population ---


@pytest.mark.parametrize(
    "text",
    [
        "context,people\nnorth,100\nsouth,2.5e1\n",
        "\ufeffcode;People;Context\r\nN;100;north\r\nS;25;south\r\n",
        "people\tcontext\n100\tnorth\n25\tsouth\n",
    ],
)
def test_a_population_is_read_from_tables_as_people_save_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "population.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_population(path) == {"north": 100, "south": 25}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no column “context”"),
        ("context,number\nnorth,1\n", "no column “people”"),
        ("context,people\nnorth,1\nnorth,2\n", "line 3: the context north comes twice"),
        ("context,people\n,2\n", "line 2: the context  is empty"),
        ("context,people\nnorth,many\n", "“many” is no number of people"),
        ("context,people\nnorth,-1\n", "“-1” is no number"),
        ("context,people\nnorth,nan\n", "“nan” is no number"),
        ("context,people\nnorth\n", "“” is no number"),
        ("context,people\nnorth,0\n", "holds no people"),
    ],
)
def test_what_is_no_population_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "population.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CoverageError, match=sentence):
        read_population(path)


def test_a_file_that_is_none_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match=r"none\.csv"):
        read_population(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"context,people\n\xff\xfe,1\n")
    with pytest.raises(CoverageError, match="not UTF-8"):
        read_population(tmp_path / "binary.csv")


# --- Support ---


def test_support_is_told_within_every_set_with_its_interval() -> None:
    votes = make_camps(300, 6, camps=2, seen=1.0)
    sets = (np.arange(300) % 2).astype(np.int32)
    found = measure_support(votes, sets, 2)
    assert found.seen[:, 0].tolist() == [150, 150, 0, 300]
    value = votes.value.reshape(300, 6)
    assert np.allclose(found.agree, [(value[sets == each] == 1).mean(axis=0) for each in (0, 1)])
    assert np.array_equal(found.everywhere, found.low.min(axis=0))
    assert ((found.low <= found.agree) & (found.agree <= found.high)).all()


def test_few_voters_of_a_set_are_hidden_and_cannot_be_reckoned_from_the_others() -> None:
    votes = make_camps(200, 3, seen=1.0)
    sets = np.repeat([0, 1, 2, -1], [120, 50, 4, 26]).astype(np.int32)
    found = measure_support(votes.moderate([2]), sets, 3)
    assert found.seen[:, 0].tolist() == [120, 50, HIDDEN, HIDDEN, 200]
    assert np.isnan(found.agree[2]).all()
    assert np.isnan(found.everywhere).all()
    assert found.seen[:, 2].tolist() == [0, 0, 0, 0, 0]


def test_support_of_nothing_is_a_defined_result_and_wrong_sets_are_refused() -> None:
    nothing = measure_support(Votes.from_columns([], [], []), np.zeros(0, dtype=np.int32), 2)
    assert nothing.agree.shape == (2, 0)
    for sets in ([0, 1], [0, 2, 1], [0, -2, 1]):
        with pytest.raises(CoverageError, match="0 to 1"):
            measure_support(Votes.from_columns([1, 2, 3], [1, 1, 1], [1, 0, 1]), np.array(sets, dtype=np.int32), 2)
