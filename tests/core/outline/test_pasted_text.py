"""Plain text as people paste it: every way to number, indent and wrap."""

from harken.core.outline import Outline, OutlineGroup, read_outline


def read(text: str) -> Outline:
    return read_outline(text.encode(), name="page.txt")


def groups_of(text: str) -> dict[str, list[str]]:
    return {
        group.name: [rec.title for rec in group.recommendations] for it in read(text).iterations for group in it.groups
    }


def only_group(text: str) -> OutlineGroup:
    return read(text).iterations[0].groups[0]


EXPECTED = {"Soil": ["Dig", "Rest"], "Water": ["Carry", "Keep"]}


def test_all_ways_to_mark_an_item_are_read() -> None:
    marks = [
        ("1. ", "2. "),
        ("1) ", "2) "),
        ("(1) ", "(2) "),
        ("1.", "2."),
        ("١. ", "٢. "),
        ("१) ", "२) "),
        ("１．", "２．"),
        ("1\t", "2\t"),
        ("1 – ", "2 – "),
        ("• ", "• "),
        ("- ", "- "),
        ("* ", "* "),
        ("\uf0b7\t", "\uf0b7\t"),
        ("Recommendation 1: ", "Recommendation 2: "),
        ("1.\n", "2.\n"),
    ]
    for indent in ("", "  ", "\t"):
        for first, second in marks:
            items = f"{{}}\n{indent}{first}{{}}\n{indent}{second}{{}}\n"
            text = "Plan\n\n" + items.format("Soil", "Dig", "Rest") + items.format("Water", "Carry", "Keep")
            assert groups_of(text) == EXPECTED, (indent, first)


def test_line_ends_marks_and_odd_spaces_do_not_matter() -> None:
    text = "Plan\n\nSoil\n\u00a01.\u00a0Dig\n 2. Rest\u200b\nWater\n\u200f 1. Carry\n 2. Keep\n"

    assert groups_of(text) == EXPECTED
    assert groups_of("\ufeff" + text.replace("\n", "\r\n")) == EXPECTED
    assert groups_of(text.replace("\n", "\r")) == EXPECTED


def test_blank_lines_everywhere_or_nowhere_give_the_same() -> None:
    lines = ["Plan", "Soil", "1. Dig", "2. Rest", "Water", "1. Carry", "2. Keep"]

    assert groups_of("\n".join(lines)) == EXPECTED
    assert groups_of("\n\n".join(lines)) == EXPECTED


def test_numbers_that_go_on_through_the_groups_are_kept() -> None:
    outline = read("Plan\nSoil\n1. Dig\n2. Rest\nWater\n3. Carry\n4. Keep")

    assert [[rec.number for rec in group.recommendations] for group in outline.iterations[0].groups] == [[1, 2], [3, 4]]
    assert [rec.code for rec in outline.iterations[0].groups[1].recommendations] == ["WA-R1", "WA-R2"]
    assert outline.unplaced == ()


def test_wrapped_lines_are_joined() -> None:
    text = """Draft 1 – August 2031

Soil
1. Open books: every circle of the garden shows to all what
it spends on its beds and what it earns from them in a
year
2. Rest: one bed in seven lies fallow so that the soil can
recover
Water and Paths
1. The wells that were dug by those before us are kept by
all of us
2. Maps
"""
    soil, water = read(text).iterations[0].groups

    assert [rec.text for rec in soil.recommendations] == [
        "every circle of the garden shows to all what it spends on its beds and what it earns from them in a year",
        "one bed in seven lies fallow so that the soil can recover",
    ]
    assert water.name == "Water and Paths"
    assert [rec.title for rec in water.recommendations] == [
        "The wells that were dug by those before us are kept by all of us",
        "Maps",
    ]


def test_a_description_between_two_items_belongs_to_the_first() -> None:
    group = only_group("Plan\n\nSoil\n\n1. Dig\n\nDeep enough for roots.\n\n2. Rest\n\nAt least for a year.\n")

    assert [(rec.title, rec.text) for rec in group.recommendations] == [
        ("Dig", "Deep enough for roots."),
        ("Rest", "At least for a year."),
    ]


def test_items_below_an_item_are_its_text() -> None:
    group = only_group(
        "Iteration 1\nSoil\n1. Dig\n   • deep\n   • wide\n2. Rest\n2.1 In winter\n2.2 In spring\n3. Sow\n"
    )

    assert [(rec.title, rec.text) for rec in group.recommendations] == [
        ("Dig", "• deep\n• wide"),
        ("Rest", "1. In winter\n2. In spring"),
        ("Sow", ""),
    ]


def test_lines_under_headings_are_read_as_headings() -> None:
    assert groups_of("Soil\n====\n1. Dig\n2. Rest\n\nWater\n-----\n1. Carry\n2. Keep\n") == EXPECTED


def test_numbers_that_are_none_are_left_alone() -> None:
    text = "Plan\n\nSoil\n1. Dig\n2. Rest\n\n15. September 2031 ist der letzte Tag.\n"
    text += "2031. A year of rain.\n3.5 litres are enough.\n"

    assert groups_of(text) == {"Soil": ["Dig", "Rest"]}


def test_empty_groups_are_seen_by_their_place() -> None:
    assert groups_of("Draft 2\nSoil\nWater\n1. Carry\nPaths\nDraft 1\nSoil\n1. Dig\nWater\nPaths\n1. Pave\n") == {
        "Soil": ["Dig"],
        "Water": [],
        "Paths": ["Pave"],
    }


def test_notes_and_questions_between_name_and_items() -> None:
    text = "Draft 2\nSoil\n\n*Note: not all of us agree.\n\n“How might we dig?”\n\n"
    text += "Summary of recommendations\n\n1. Dig\n\nWho rests?\n\n1. Rest\n"
    group = only_group(text)

    assert group.name == "Soil"
    assert group.notes == ("Note: not all of us agree.",)
    assert group.headings == ("“How might we dig?”", "Who rests?")
    assert [(rec.code, rec.number, rec.heading) for rec in group.recommendations] == [
        ("SO-R1", 1, "“How might we dig?”"),
        ("SO-R2", 1, "Who rests?"),
    ]


def test_what_cannot_be_placed_is_told_with_line_and_reason() -> None:
    outline = read("Draft 1\nSoil\nOr: Earth\n1. Dig\n1. Dig again\n4. Rest\n")

    assert [(entry.line, entry.text) for entry in outline.unplaced] == [(3, "Or: Earth"), (5, "Dig again"), (6, "Rest")]
    assert "no recommendation stands above it" in outline.unplaced[0].reason
    assert "more than once" in outline.unplaced[1].reason
    assert "2 is missing" in outline.unplaced[2].reason
    assert len(outline.iterations[0].groups[0].recommendations) == 3


def test_a_list_above_the_first_group_is_unplaced() -> None:
    outline = read("Plan\n\nBefore all this we met.\n\n1. Once\n2. Twice\n\nDraft 1\nSoil\n1. Dig\n")

    assert [entry.text for entry in outline.unplaced] == ["Once", "Twice"]
    assert groups_of("Plan\n\nBefore all this we met.\n\n1. Once\n2. Twice\n\nDraft 1\nSoil\n1. Dig\n") == {
        "Soil": ["Dig"]
    }


def test_a_document_without_iteration_has_one_with_its_title() -> None:
    outline = read("Plan for the garden\n\nSoil\n1. Dig\n")

    assert [(iteration.title, iteration.date) for iteration in outline.iterations] == [("Plan for the garden", "")]


def test_a_document_without_groups_says_so() -> None:
    outline = read("We met in spring.\n\nIt rained.\n")

    assert outline.iterations == ()
    assert [block.text for block in outline.prose] == ["We met in spring.", "It rained."]
    assert "No group" in outline.warnings[0]


def test_wikitext_and_markdown_saved_as_text_are_read_as_what_they_are() -> None:
    wiki = read("== Draft 1 ==\n=== Soil ===\n# Dig\n# Rest\n")
    markdown = read("# Plan\n\n## Soil\n\n1. Dig\n")

    assert (wiki.format, markdown.format) == ("wikitext", "markdown")
    assert "was read as that" in wiki.warnings[0]
    assert [rec.title for rec in wiki.iterations[0].groups[0].recommendations] == ["Dig", "Rest"]


def test_groups_that_are_items_themselves_are_found() -> None:
    for text in (
        "1. Soil\n   1. Dig\n   2. Rest\n2. Water\n   1. Carry\n   2. Keep\n",
        "1. Soil\n1.1 Dig\n1.2 Rest\n2. Water\n2.1 Carry\n2.2 Keep\n",
        "Draft 1\n\n1. Soil\n\n• Dig\n• Rest\n\n2. Water\n\n• Carry\n• Keep\n",
    ):
        assert groups_of(text) == EXPECTED


def test_parts_that_every_page_has_are_no_groups() -> None:
    outline = read(
        "Plan\n\nIntroduction\nWe met and talked about it for a long time.\n"
        "Soil[edit]\nSee also: the old garden\n1. Dig\n"
        "What's next?\nWe meet again in spring.\nReferences\n1. Somebody, Some book\n"
    )

    assert groups_of("Plan\n\nSoil [edit | edit source]\n1. Dig") == {"Soil": ["Dig"]}
    assert [(group.name, group.notes, group.headings) for group in outline.iterations[0].groups] == [
        ("Soil", ("See also: the old garden",), ())
    ]
    assert [(block.heading, block.text) for block in outline.prose] == [
        ("Introduction", "We met and talked about it for a long time."),
        ("What's next?", "We meet again in spring."),
        ("References", ""),
    ]
    assert [entry.text for entry in outline.unplaced] == ["Somebody, Some book"]
