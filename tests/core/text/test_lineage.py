import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from harken.core.outline import read_outline
from harken.core.outline.model import OutlineIteration
from harken.core.text.lineage import LineageParameters, LineageText, ProposedEdge, propose_lineage

words = st.sampled_from(
    ["open", "knowledge", "hub", "budget", "rules", "safety", "عدل", "حرية", "自由", "知识", "हिंदी"]
)
iterations = st.lists(
    st.tuples(st.sampled_from(["A", "B"]), st.lists(words, max_size=5).map(" ".join)), max_size=8
).map(lambda rows: [LineageText(str(n), group, text, "") for n, (group, text) in enumerate(rows)])


def texts(**titles: str) -> list[LineageText]:
    return [LineageText(key, key[0], title, "", "en") for key, title in titles.items()]


def described(edges: list[ProposedEdge]) -> set[tuple[str | None, str | None, str]]:
    return {(edge.earlier, edge.later, edge.kind) for edge in edges}


@given(iterations, iterations)
def test_every_text_has_an_edge_and_its_kind_fits_its_ends(
    earlier: list[LineageText], later: list[LineageText]
) -> None:
    edges = propose_lineage(earlier, later)
    assert {edge.earlier for edge in edges} - {None} == {text.key for text in earlier}
    assert {edge.later for edge in edges} - {None} == {text.key for text in later}
    linked = [edge for edge in edges if edge.earlier is not None and edge.later is not None]
    assert len({(edge.earlier, edge.later) for edge in linked}) == len(linked)
    successors = Counter(edge.earlier for edge in linked)
    predecessors = Counter(edge.later for edge in linked)
    for edge in edges:
        assert 0 <= edge.score <= 1
        assert 0 <= edge.share <= 1
        if edge.kind == "dropped":
            assert (edge.later, successors[edge.earlier]) == (None, 0)
        elif edge.kind == "new":
            assert (edge.earlier, predecessors[edge.later]) == (None, 0)
        elif edge.kind == "merged":
            assert predecessors[edge.later] > 1
        elif edge.kind == "split":
            assert successors[edge.earlier] > 1
        elif edge.kind == "revised":
            assert (successors[edge.earlier], predecessors[edge.later]) == (1, 1)


@given(iterations)
def test_unchanged_texts_are_kept(same: list[LineageText]) -> None:
    filled = [text for text in same if text.title]
    edges = propose_lineage(filled, filled)
    kept = Counter(edge.earlier for edge in edges if edge.kind == "kept")
    assert kept == Counter(text.key for text in filled)


@given(iterations, iterations)
def test_proposals_can_be_recomputed(earlier: list[LineageText], later: list[LineageText]) -> None:
    assert propose_lineage(earlier, later) == propose_lineage(earlier, later)


DRAFTS = {
    "A1": "Open budgets for every regional hub",
    "A2": "Paid moderators for small wikis",
    "A3": "A yearly gathering of translators",
    "B1": "Merchandise as a source of revenue",
    "B2": "Merging the two grant programmes into one fund",
    "B3": "Mentors who greet newcomers",
}


def test_kept_revised_dropped_and_new() -> None:
    later = texts(
        A1="OPEN BUDGETS, for every regional hub!", A2="Paid translators", B1="Revenue from merchandise", B4="Audio"
    )
    edges = described(propose_lineage(texts(**DRAFTS), later))
    assert {("A1", "A1", "kept"), ("B1", "B1", "revised"), ("B3", None, "dropped"), (None, "B4", "new")} <= edges


def test_a_title_put_before_the_same_text_keeps_it() -> None:
    earlier = [LineageText("1", "A", "There is a hub for all advocates", "", "en")]
    later = [LineageText("1", "A", "Hub", "There is a hub for all advocates.", "en")]
    assert described(propose_lineage(earlier, later)) == {("1", "1", "kept")}


def test_several_drafts_in_one_text_are_merged() -> None:
    later = texts(A9="Open budgets for regional hubs, and a yearly gathering of translators", B1=DRAFTS["B1"])
    edges = described(propose_lineage(texts(**DRAFTS), later))
    assert {("A1", "A9", "merged"), ("A3", "A9", "merged")} <= edges


def test_one_draft_in_several_texts_is_split() -> None:
    earlier = texts(
        A9="Open budgets for every regional hub, and a yearly gathering of translators in all time zones",
        B1=DRAFTS["B1"],
    )
    later = texts(A1="Open budgets for every regional hub", A3="A yearly gathering of translators", B1="Merchandise")
    edges = propose_lineage(earlier, later)
    assert {("A9", "A1", "split"), ("A9", "A3", "split")} <= described(edges)
    assert sum(edge.share for edge in edges if edge.kind == "split") <= 1


def test_a_text_is_found_in_another_group() -> None:
    later = [LineageText("X", "Z", "Greeting newcomers with mentors", "", "en")]
    edges = propose_lineage(texts(**DRAFTS), later)
    assert ("B3", "X", "revised") in described(edges)


def test_its_own_group_is_preferred() -> None:
    earlier = [LineageText("1", "A", "Shared glossary", "", "en")]
    later = [LineageText("2", "B", "Glossary shared", "", "en"), LineageText("3", "A", "Glossary shared", "", "en")]
    assert {(edge.earlier, edge.later) for edge in propose_lineage(earlier, later)} >= {("1", "3")}


def test_the_words_behind_an_edge_are_those_of_the_later_text() -> None:
    earlier = texts(**DRAFTS)
    edges = propose_lineage(earlier, texts(B3="Greeting Newcomers: a task for mentors"))
    [edge] = [edge for edge in edges if edge.later == "B3"]
    assert set(edge.words) == {"Greeting", "Newcomers", "mentors"}


def test_parameters_say_how_many_words_are_shown() -> None:
    later = texts(A1="Open the budgets for each regional hub")
    [edge] = [
        edge
        for edge in propose_lineage(texts(**DRAFTS), later, parameters=LineageParameters(words=2))
        if edge.later == "A1"
    ]
    assert len(edge.words) == 2


@pytest.mark.parametrize(("code", "language"), [("arb", "ar"), ("eng", "en"), ("fra", "fr"), ("spa", "es")])
def test_articles_rewritten_by_half_are_found_in_any_language(data_folder: Path, code: str, language: str) -> None:
    page = html.parse(str(data_folder / "parallel" / f"{code}.html"), html.HTMLParser(encoding="utf-8"))
    articles = [" ".join(" ".join(article.itertext()).split()) for article in page.iterfind(".//article")]
    rng = random.Random(code)
    stock = " ".join(articles).split()
    earlier = [LineageText(str(number), "", "", text, language) for number, text in enumerate(articles)]
    later = [
        LineageText(
            str(number),
            "",
            "",
            " ".join(word if rng.random() > 0.5 else rng.choice(stock) for word in articles[number].split()),
            language,
        )
        for number in rng.sample(range(30), 30)
    ]
    edges = [edge for edge in propose_lineage(earlier, later) if edge.earlier and edge.later]
    right = sum(edge.earlier == edge.later for edge in edges)
    assert right >= 0.95 * 30
    assert right >= 0.95 * len(edges)


# Which recommendation of the first published iteration a reader finds again in the second: group (place in the
# iteration, from 0) and number (counted through the group) of either. Read off the titles by a person.
ADVOCACY, CAPACITY, HEALTH, DIVERSITY, PARTNERSHIPS, TECHNOLOGY, ALLOCATION, REVENUE = range(8)
CONTINUED = {
    *(((ADVOCACY, n), (ADVOCACY, n)) for n in range(1, 7)),
    *(((CAPACITY, n), (CAPACITY, n)) for n in range(1, 11)),
    *(((DIVERSITY, n), other) for n, other in [(1, (HEALTH, 1)), (13, (DIVERSITY, 8))]),
    *(
        ((PARTNERSHIPS, n), (PARTNERSHIPS, other))
        for n, other in [(2, 7), (3, 6), (5, 5), (7, 3), (10, 4), (11, 9), (12, 10), (13, 12), (14, 5), (15, 8)]
    ),
    *(
        ((TECHNOLOGY, n), (TECHNOLOGY, other))
        for n, other in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (7, 6), (8, 7), (9, 8)]
    ),
    *(((ALLOCATION, n), (ALLOCATION, n)) for n in range(1, 10)),
    *(
        ((REVENUE, n), (REVENUE, other))
        for n, other in [(1, 1), (2, 4), (3, 3), (4, 2), (5, 5), (6, 5), (7, 6), (8, 7)]
    ),
}
# The same sentences without a change but of case or signs.
UNCHANGED = {
    *(((ADVOCACY, n), (ADVOCACY, n)) for n in range(3, 7)),
    *(((CAPACITY, n), (CAPACITY, n)) for n in range(1, 11)),
    ((PARTNERSHIPS, 3), (PARTNERSHIPS, 6)),
    ((PARTNERSHIPS, 10), (PARTNERSHIPS, 4)),
    ((TECHNOLOGY, 4), (TECHNOLOGY, 4)),
    *(((ALLOCATION, n), (ALLOCATION, n)) for n in (4, 5, 8)),
    *(((REVENUE, n), (REVENUE, n)) for n in (1, 3, 5)),
}


def read_iteration(iteration: OutlineIteration) -> list[LineageText]:
    return [
        LineageText(f"{group_number}:{number}", group.name, recommendation.title, recommendation.text, "en")
        for group_number, group in enumerate(iteration.groups)
        for number, recommendation in enumerate(group.recommendations, start=1)
    ]


def place(key: str) -> tuple[int, int]:
    group, _, number = key.partition(":")
    return int(group), int(number)


def test_real_iterations_are_linked_as_a_reader_would(data_folder: Path) -> None:
    data = (data_folder / "wikimedia-2030" / "page.txt").read_bytes()
    by_date = sorted(read_outline(data, name="page.txt").iterations, key=lambda iteration: iteration.date)
    edges = propose_lineage(*map(read_iteration, by_date))
    proposed: dict[str, set[tuple[tuple[int, int], tuple[int, int]]]] = defaultdict(set)
    for edge in edges:
        if edge.earlier is not None and edge.later is not None:
            proposed["all"].add((place(edge.earlier), place(edge.later)))
            proposed[edge.kind].add((place(edge.earlier), place(edge.later)))
    assert proposed["kept"] == UNCHANGED
    right = len(proposed["all"] & CONTINUED)
    assert right / len(CONTINUED) >= 0.85  # recall
    assert right / len(proposed["all"]) >= 0.9  # precision
