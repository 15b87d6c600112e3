"""Passages become one piece of HTML with an address for each."""

from lxml import html as lxml_html

from harken.base.markup import render_blocks, render_line
from harken.documents.passage_html import PassageRow, assemble_passages

ROWS = [
    PassageRow(4, "abc", "heading", "en", render_line("Why & how"), "Why & how"),
    PassageRow(5, "bcd", "paragraph", "en", render_blocks("One *thing*."), "One *thing*."),
    PassageRow(6, "cdf", "item", "en", render_line("first"), "first"),
    PassageRow(7, "dfg", "item", "ar", render_line("ثانيا"), "ثانيا"),
    PassageRow(8, "fgh", "paragraph", "ar", render_blocks("نعم."), "نعم."),
]


def test_every_passage_has_its_address_and_items_stand_in_one_list() -> None:
    page = lxml_html.fragment_fromstring(assemble_passages(ROWS, lang="en", with_address=False), create_parent="main")
    assert [element.get("id") for element in page.xpath("//*[contains(concat(' ', @class, ' '), ' p ')]")] == [
        "p-abc",
        "p-bcd",
        "p-cdf",
        "p-dfg",
        "p-fgh",
    ]
    assert [link.get("href") for link in page.xpath("//a[@class='no']")] == [
        "#p-abc",
        "#p-bcd",
        "#p-cdf",
        "#p-dfg",
        "#p-fgh",
    ]
    assert [len(items) for items in page.xpath("//ul")] == [2]
    assert page.xpath("//h2")[0].text_content() == "Why & how"
    assert page.xpath("//*[@id='p-bcd']//em")[0].text_content() == "thing"


def test_a_passage_names_its_language_only_where_it_is_another() -> None:
    page = lxml_html.fragment_fromstring(assemble_passages(ROWS, lang="en", with_address=False), create_parent="main")
    said = {
        element.getparent().get("id"): (element.get("lang"), element.get("dir"))
        for element in page.xpath("//*[@class='said']")
    }
    assert said == {
        "p-abc": (None, None),
        "p-bcd": (None, None),
        "p-cdf": (None, None),
        "p-dfg": ("ar", "rtl"),
        "p-fgh": ("ar", "rtl"),
    }


def test_each_passage_can_show_its_permanent_address() -> None:
    page = lxml_html.fragment_fromstring(assemble_passages(ROWS, lang="en", with_address=True), create_parent="main")
    cited = [link.get("href") for link in page.xpath("//a[@class='cite']")]
    assert cited == [f"/passages/{row.public_id}/" for row in ROWS]
    assert "/passages/" not in assemble_passages(ROWS, lang="en", with_address=False)
