"""One page in six formats: the outline must not depend on which of them it came in."""

from dataclasses import replace

import pytest

from harken.core.outline import Language, Outline, Window, read_outline
from tests.core.outline.pages import PAGE, RENDERERS


def read_page(format_name: str) -> Outline:
    name, render = RENDERERS[format_name]
    return read_outline(render(PAGE), name=name)


def without_lines(outline: Outline) -> Outline:
    """Leave out what differs by nature: line numbers and the name of the format."""
    iterations = tuple(
        replace(
            iteration,
            line=None,
            groups=tuple(
                replace(
                    group, line=None, recommendations=tuple(replace(rec, line=None) for rec in group.recommendations)
                )
                for group in iteration.groups
            ),
        )
        for iteration in outline.iterations
    )
    prose = tuple(replace(block, line=None) for block in outline.prose)
    return replace(outline, iterations=iterations, prose=prose, format="")


@pytest.mark.parametrize("format_name", RENDERERS)
def test_the_page_is_understood(format_name: str) -> None:
    outline = read_page(format_name)

    assert outline.format == format_name
    assert outline.title == "Seeds for a shared garden"
    assert [(iteration.title, iteration.date) for iteration in outline.iterations] == [
        ("Iteration 2", "2031-10"),
        ("Iteration 1", "2031-07"),
    ]
    assert [
        [(group.code, group.name, len(group.recommendations)) for group in iteration.groups]
        for iteration in outline.iterations
    ] == [
        [("SO", "Soil", 3), ("WP", "Water & Paths", 2), ("KS", "Keepers of Seeds", 0)],
        [("SO", "Soil", 0), ("WP", "Water & Paths", 2), ("KS", "Keepers of Seeds", 4)],
    ]
    assert [(empty.iteration, empty.name) for empty in outline.empty_groups] == [
        ("Iteration 2", "Keepers of Seeds"),
        ("Iteration 1", "Soil"),
    ]
    assert outline.languages == (
        Language("English", "en"),
        Language("Arabic", "ar"),
        Language("German", "de"),
        Language("Hindi", "hi"),
    )
    assert [iteration.languages for iteration in outline.iterations] == [(), ("ar", "sw", "pt-BR")]
    assert outline.windows == (Window("Voices from the circles were heard until October 12.", "", "2031-10-12"),)
    assert outline.guidance == (
        "Read the drafts and write beside them.",
        "What would change for your plot? Why?",
        "Is there a line we should not cross?",
        "Talk to the liaison of your language.",
    )
    assert [(announced.kind, announced.count) for announced in outline.announced] == [
        ("recommendations", 7),
        ("video", None),
    ]
    assert outline.unplaced == ()
    assert outline.warnings == ()


@pytest.mark.parametrize("format_name", RENDERERS)
def test_questions_notes_and_alternatives_stand_where_they_belong(format_name: str) -> None:
    later, earlier = read_page(format_name).iterations
    paths, seeds = later.groups[1], earlier.groups[2]

    assert paths.recommendations[1].alternatives == ("Helping each circle to open its own path",)
    assert seeds.notes == ("Note: some of these are not agreed by all the members of the group.",)
    assert seeds.headings == (
        "How might the circles keep their seeds together? Who would hold the key?",
        "What do we owe to those who kept them before us?",
        "“Which seeds may leave the garden?”",
    )
    assert [(rec.code, rec.number, rec.title, rec.heading) for rec in seeds.recommendations] == [
        ("KS-R1", 1, "A house for seeds", seeds.headings[0]),
        ("KS-R2", 2, "A list of who keeps what", seeds.headings[0]),
        ("KS-R3", 1, "Thanks", seeds.headings[2]),
        ("KS-R4", 2, "Fairness", seeds.headings[2]),
    ]


def test_all_formats_give_the_same_outline() -> None:
    outlines = {format_name: without_lines(read_page(format_name)) for format_name in RENDERERS}

    for outline in outlines.values():
        assert outline == outlines["text"]


def test_nothing_on_the_page_vanishes() -> None:
    outline = read_page("text")
    kept = [
        outline.title,
        *(
            word
            for iteration in outline.iterations
            for word in (iteration.title, *(group.name for group in iteration.groups))
        ),
        *(block.heading for block in outline.prose),
        *(block.text for block in outline.prose),
        *outline.guidance,
    ]
    for iteration in outline.iterations:
        for group in iteration.groups:
            kept += [*group.notes, *group.headings]
            for rec in group.recommendations:
                kept += [rec.title, rec.text, *rec.alternatives]
    words = set(" ".join(kept).split())
    page = RENDERERS["text"][1](PAGE).decode()
    missing = {word.rstrip(":.") for word in page.split()} - {word.rstrip(":.") for word in words}

    # Marks of lists, the word before an alternative, and the dates of iterations, which became ISO dates.
    assert missing <= {"1", "2", "3", "•", "Or", "(October", "2031)", "(July"}


def test_json_has_the_promised_shape() -> None:
    told = read_page("markdown").to_json()

    assert {"iterations", "languages", "windows", "guidance", "announced", "unplaced"} <= set(told)
    iteration = told["iterations"][0]
    assert {"title", "date", "groups"} <= set(iteration)
    assert {"name", "code", "notes", "recommendations"} <= set(iteration["groups"][0])
    assert iteration["groups"][0]["recommendations"][0] == {
        "number": 1,
        "code": "SO-R1",
        "title": "Open books",
        "text": "Every circle shows what it spends on its beds.",
        "alternatives": [],
        "heading": "",
    }
    assert told["languages"][0] == {"name": "English", "code": "en"}


def test_sources_know_their_lines() -> None:
    for format_name in ("text", "markdown", "wikitext", "html"):
        name, render = RENDERERS[format_name]
        data = render(PAGE)
        lines = data.decode().split("\n")
        for iteration in read_outline(data, name=name).iterations:
            for group in iteration.groups:
                for rec in group.recommendations:
                    assert rec.line is not None
                    assert rec.title.split()[0] in lines[rec.line - 1]
