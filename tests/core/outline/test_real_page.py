"""The published hub page of a real movement, read from the shared data; its text is never part of this repository."""

import os
from pathlib import Path

import pytest

from harken.core.outline import Outline, read_outline

_REPOSITORY = Path(__file__).resolve().parents[3]
_PAGE = Path(os.environ.get("HARKEN_TEST_DATA", _REPOSITORY.parent / "shared" / "data")) / "wikimedia-2030" / "page.txt"

pytestmark = pytest.mark.skipif(not _PAGE.is_file(), reason=f"the real page is not at {_PAGE}; set HARKEN_TEST_DATA")


@pytest.fixture(scope="module")
def outline() -> Outline:
    return read_outline(_PAGE.read_bytes(), name=_PAGE.name)


def test_nine_groups_stand_in_each_iteration_with_the_codes_people_use(outline: Outline) -> None:
    assert [(iteration.title, iteration.date) for iteration in outline.iterations] == [
        ("Iteration 2", "2019-09"),
        ("Iteration 1", "2019-08"),
    ]
    for iteration in outline.iterations:
        assert [group.code for group in iteration.groups] == ["AD", "CB", "CH", "DI", "PA", "PT", "RA", "RS", "RR"]


def test_the_recommendations_are_counted_as_they_stand_in_the_file(outline: Outline) -> None:
    later, earlier = ([len(group.recommendations) for group in it.groups] for it in outline.iterations)

    assert later == [10, 10, 12, 8, 13, 9, 9, 7, 0]
    # Capacity Building lists the same ten in both iterations.
    assert earlier == [6, 10, 0, 13, 15, 9, 9, 9, 7]


def test_two_groups_are_empty(outline: Outline) -> None:
    assert [(empty.iteration, empty.name) for empty in outline.empty_groups] == [
        ("Iteration 2", "Roles & Responsibilities"),
        ("Iteration 1", "Community Health"),
    ]


def test_partnerships_has_fifteen_under_three_of_four_questions(outline: Outline) -> None:
    partnerships = outline.iterations[1].groups[4]
    answered = [rec.heading for rec in partnerships.recommendations]

    assert len(partnerships.headings) == 4
    assert [answered.count(heading) for heading in partnerships.headings] == [6, 6, 0, 3]
    assert [rec.code for rec in partnerships.recommendations] == [f"PA-R{place}" for place in range(1, 16)]
    assert [rec.number for rec in partnerships.recommendations] == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3]
    assert any("full consensus" in note for note in partnerships.notes)


def test_the_fourth_of_capacity_building_has_another_title(outline: Outline) -> None:
    for iteration in outline.iterations:
        fourth = iteration.groups[1].recommendations[3]
        assert len(fourth.alternatives) == 1
        assert fourth.alternatives[0].startswith("Supporting communities")


def test_thirteen_recommendations_are_announced_and_absent(outline: Outline) -> None:
    counted = [announced.count for announced in outline.announced if announced.kind == "recommendations"]

    assert counted == [13]


def test_languages_window_and_guidance_are_found(outline: Outline) -> None:
    assert [language.code for language in outline.languages] == ["en", "ar", "fr", "de", "hi", "pt", "es"]
    assert outline.iterations[1].languages == ("ar", "fr", "de", "hi", "zh", "pt-BR", "es")
    assert [(window.opens, window.closes) for window in outline.windows] == [("", "2019-09-15")]
    assert len(outline.guidance) == 6
    assert sum(entry.endswith("?") for entry in outline.guidance) == 4
    assert outline.unplaced == ()
