"""Proposed links: what a text names, what two sentences share; precision before completeness."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.outline import read_outline
from harken.core.text.links import LinkParameters, LinkText, ProposedLink, propose_links
from harken.core.text.mentions import Name, find_mentions

SUBJECTS = ("tea", "tools", "gardens", "winters", "bicycles", "kitchens", "lanterns", "clocks", "violins", "kettles")


def others(count: int = 10) -> list[LinkText]:
    """Texts that have nothing to do with each other nor with what the tests are about."""
    return [
        LinkText(
            key=f"o{number}",
            code=f"ZZ-R{number}",
            title=f"About {SUBJECTS[number % len(SUBJECTS)]}",
            text=f"Every {SUBJECTS[number % len(SUBJECTS)]} evening has {number} stories of its own.",
            group="ZZ",
            group_name="Odds",
            number=number,
            language="en",
        )
        for number in range(count)
    ]


def text(key: str, title: str, body: str = "", *, group: str = "AD", number: int = 1, language: str = "en") -> LinkText:
    name = {"AD": "Advocacy", "CB": "Capacity Building"}.get(group, group)
    return LinkText(key, f"{group}-R{number}", title, body, group, name, number, language)


def between(links: list[ProposedLink], *keys: str) -> list[tuple[str, str, str]]:
    return [(link.source, link.kind, link.target) for link in links if {link.source, link.target} <= set(keys)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("This depends on CB-R3.", ("a", "depends_on", "b")),
        ("For the rest see Capacity Building 3.", ("a", "depends_on", "b")),
        ("It supports what cb-r3 wants.", ("a", "supports", "b")),
        ("This contradicts Capacity Building 3, and we know it.", ("a", "conflicts_with", "b")),
        ("Much of it overlaps with CB-R3.", ("a", "overlaps", "b")),
        ("It is a precondition for CB-R3.", ("b", "depends_on", "a")),
        ("Das setzt CB-R3 nicht voraus, aber es baut auf CB-R3.", ("a", "depends_on", "b")),
        ("Cela dépend de CB-R3.", ("a", "depends_on", "b")),
        ("Depende de CB-R3.", ("a", "depends_on", "b")),
        ("هذا يعتمد على CB-R3.", ("a", "depends_on", "b")),
        ("Read “Money for small benches” with it.", ("a", "depends_on", "b")),
        ("*Money for small benches* comes first.", ("a", "depends_on", "b")),
    ],
)
def test_a_text_that_names_another_is_linked_by_what_it_says(sentence: str, expected: tuple[str, str, str]) -> None:
    texts = [text("a", "Begin", sentence), text("b", "Money for small benches", group="CB", number=3), *others()]
    assert between(propose_links(texts), "a", "b") == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nothing is named here.",
        "This depends on CB-R31 and on CB-R.",
        "The capacity of a building is 3.",
        "We raise money for small benches.",
        "cb r3 is a bus line.",
    ],
)
def test_what_only_looks_like_a_name_is_none(sentence: str) -> None:
    names = [Name("a", "AD-R1", "Begin"), Name("b", "CB-R3", "Money for small benches", "Capacity Building", 3)]
    assert find_mentions(names, [sentence, ""]) == []


def test_a_name_that_several_texts_have_names_none() -> None:
    names = [
        Name("a", "A-1", "One"),
        Name("b", "A-2", "The same long title for two"),
        Name("c", "A-3", "The same long title for two"),
    ]
    assert find_mentions(names, ["We follow The same long title for two.", "", ""]) == []


def test_sentences_that_say_the_same_overlap_with_the_words_that_show_it() -> None:
    texts = [
        text("a", "Train advocates in their own languages", "Mentors travel to affiliates for a season."),
        text("b", "Languages in which advocates are trained", "Books stay at home.", group="CB"),
        *others(),
    ]
    [link] = [link for link in propose_links(texts) if {link.source, link.target} == {"a", "b"}]
    assert link.kind == "overlaps"
    assert {"languages", "advocates"} <= {word.lower() for word in link.words}
    assert 0 < link.score <= 1


def test_a_negation_beside_the_shared_words_hints_at_a_conflict() -> None:
    texts = [
        text("a", "Regional hubs allocate travel grants"),
        text("b", "Regional hubs never allocate travel grants", group="CB"),
        *others(),
    ]
    [link] = [link for link in propose_links(texts) if {link.source, link.target} == {"a", "b"}]
    assert link.kind == "conflicts_with"
    assert "never" in link.words


def test_texts_in_different_languages_are_not_compared_but_may_name_each_other() -> None:
    texts = [
        text("a", "Regional hubs allocate travel grants"),
        text("b", "Regional hubs allocate travel grants", group="CB", language="de"),
        text("c", "محاور إقليمية", "هذا يعتمد على AD-R1.", group="CH", language="ar"),
        *others(),
    ]
    links = propose_links(texts)
    assert between(links, "a", "b") == []
    assert between(links, "a", "c") == [("c", "depends_on", "a")]


def test_texts_that_share_only_common_words_are_left_alone() -> None:
    assert propose_links(others()) == []


SAID = ["garden", "bench", "hub", "grant", "never", "tools", "AD-R1", "AD-R2", "depends", "on", "each", "season"]
WORDS = st.lists(st.sampled_from(SAID), max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS, st.sampled_from(["AD", "CB"]), st.sampled_from(["en", "de", ""])), max_size=6))
def test_proposals_join_two_texts_once_in_each_kind_and_are_always_the_same(
    rows: list[tuple[list[str], list[str], str, str]],
) -> None:
    texts = [
        text(str(number), " ".join(title), " ".join(body), group=group, number=number, language=language)
        for number, (title, body, group, language) in enumerate(rows)
    ]
    links = propose_links(texts)
    assert links == propose_links(texts)
    seen = [(link.source, link.target, link.kind) for link in links]
    assert len(set(seen)) == len(seen)
    for link in links:
        assert link.source != link.target
        assert 0 <= link.score <= 1
        assert link.words
        if link.kind in {"overlaps", "conflicts_with"}:
            assert int(link.source) < int(link.target)


def test_on_a_real_round_of_drafts_few_links_are_proposed_and_they_are_about_the_same_thing(data_folder: Path) -> None:
    page = data_folder / "wikimedia-2030" / "page.txt"
    outline = read_outline(page.read_bytes(), name=page.name)
    [first] = [iteration for iteration in outline.iterations if iteration.title == "Iteration 1"]
    texts = [
        LinkText(one.code, one.code, one.title, one.text, group.code, group.name, one.number, "en")
        for group in first.groups
        for one in group.recommendations
    ]
    assert len(texts) == 78
    pairs = {(link.source, link.target) for link in propose_links(texts)}
    # Read by hand: capacity building for partners, resources for capacity, revenue of affiliates, ...
    assert {("CB-R1", "PA-R12"), ("CB-R4", "PA-R12"), ("CB-R5", "RA-R7"), ("RS-R5", "RS-R6")} <= pairs
    assert len(pairs) <= 12


def test_parameters_say_how_likely_links_are() -> None:
    texts = [
        text("a", "Regional hubs allocate travel grants"),
        text("b", "Regional hubs allocate grants", group="CB"),
        *others(),
    ]
    assert between(propose_links(texts), "a", "b")
    assert not between(propose_links(texts, parameters=LinkParameters(linked=1e-9)), "a", "b")
