"""Passages become one piece of HTML with an address for each, section by section."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from harken.documents.models import Section, Template
from harken.documents.passage_html import AssembledText, assemble_text, stamp_of
from harken.documents.section_text import StoredPassage
from harken.documents.version_html import render_passage


def stored(
    number: int, kind: str, text: str, lang: str = "en", section: str = "", marker: str = "", level: int = 0
) -> StoredPassage:
    return StoredPassage(
        number, number, f"bcdfghjk{number}", kind, section, lang, marker, level, text, render_passage(kind, text)
    )


ROWS = [
    stored(1, "title", "Water & light"),
    stored(2, "alternative", "Or <light>"),
    stored(3, "summary", "In *short*."),
    stored(4, "heading", "Why & how", marker="## ", level=2),
    stored(5, "paragraph", "One *thing*."),
    stored(6, "item", "first", marker="- "),
    stored(7, "item", "ثانيا", "ar", marker="2. ", level=1),
    stored(8, "paragraph", "نعم.", "ar"),
]
TEMPLATE = Template(
    sections_json=[
        Section("how", {"en": "How", "ar": "كيف"}, {}).to_json(),
        Section("why", {"en": "Why"}, {}, depths=("extended",)).to_json(),
        Section("harm", {"en": "Possible harm"}, {}).to_json(),
    ]
)


def parse(text: AssembledText, notes: dict[str, str] | None = None) -> lxml_html.HtmlElement:
    return lxml_html.fragment_fromstring(text.html(notes), create_parent="main")


def places(page: lxml_html.HtmlElement) -> list[str]:
    return [str(element.get("id")) for element in page.xpath("//*[contains(concat(' ', @class, ' '), ' p ')]")]


def test_every_passage_has_its_address_and_items_stand_in_one_list() -> None:
    text = assemble_text(ROWS, lang="en")
    page = parse(text)
    assert places(page) == [f"p-bcdfghjk{number}" for number in range(4, 9)]
    links = page.xpath("//a[@class='no']")
    assert [link.get("href") for link in links] == [f"passages/bcdfghjk{number}/" for number in range(4, 9)]
    assert [link.text for link in links] == ["4", "5", "6", "7", "8"]
    assert [len(items) for items in page.xpath("//ul")] == [2]
    assert page.xpath("//h2")[0].text_content() == "Why & how"
    assert page.xpath("//*[@id='p-bcdfghjk5']//em")[0].text_content() == "thing"
    assert [mark.text for mark in page.xpath("//*[@class='mark']")] == ["2."]
    assert (text.title.html, [row.text for row in text.alternatives]) == ("Water &amp; light", ["Or <light>"])
    assert text.summary is not None
    assert text.summary.html == "In <em>short</em>."
    assert [(row.place, row.text) for row in text.contents] == [("p-bcdfghjk4", "Why & how")]


def test_a_copy_in_files_leads_to_places_on_the_page() -> None:
    page = parse(assemble_text(ROWS, lang="en", passage_pages=""))
    assert [link.get("href") for link in page.xpath("//a[@class='no']")] == [f"#{place}" for place in places(page)]


def test_a_passage_names_its_language_only_where_it_is_another() -> None:
    page = parse(assemble_text(ROWS, lang="en"))
    said = {
        str(element.getparent().get("id"))[-1]: (element.get("lang"), element.get("dir"))
        for element in page.xpath("//*[@class='said']")
    }
    assert said == {"4": (None, None), "5": (None, None), "6": (None, None), "7": ("ar", "rtl"), "8": ("ar", "rtl")}


def in_sections() -> list[StoredPassage]:
    sections = ["", "", "", "why", "gone", "how", "how", "why"]
    return [replace(row, section=section) for row, section in zip(ROWS, sections, strict=True)]


def test_sections_stand_in_the_order_of_the_template_and_hide_no_words() -> None:
    text = assemble_text(in_sections(), lang="ar", template=TEMPLATE)
    page = parse(text)
    assert [place[-1] for place in places(page)] == ["6", "7", "4", "8", "5"]
    assert [(heading.get("id"), heading.text_content()) for heading in page.xpath("//h2")] == [
        ("s-how", "كيف"),
        ("s-why", "Why"),
    ]
    assert [heading.get("lang") for heading in page.xpath("//h2")] == [None, "en"]
    assert page.xpath("//h3")[0].text_content() == "Why & how"
    assert [row.place for row in text.contents] == ["s-how", "s-why", "p-bcdfghjk4"]


def test_a_depth_leaves_out_the_sections_that_do_not_belong_to_it() -> None:
    core = assemble_text(in_sections(), lang="en", template=TEMPLATE, depth="core")
    assert [place[-1] for place in places(parse(core))] == ["6", "7", "5"]
    summary = assemble_text(in_sections(), lang="en", template=TEMPLATE, depth="summary")
    assert not summary.fragments
    assert summary.summary is not None


def test_drafts_show_sections_that_have_no_words_yet() -> None:
    page = parse(assemble_text(in_sections(), lang="en", template=TEMPLATE, nothing_yet="Nothing <yet>"))
    assert [heading.text_content() for heading in page.xpath("//h2")] == ["How", "Why", "Possible harm"]
    assert [note.text_content() for note in page.xpath("//p[@class='empty']")] == ["Nothing <yet>"]


def test_what_is_said_about_a_passage_stands_inside_its_element_after_its_words() -> None:
    notes = {"bcdfghjk5": '<a class="spoke">two</a>', "bcdfghjk7": '<a class="spoke">one</a>', "unknown00": "x"}
    text = assemble_text(ROWS, lang="en")
    page = parse(text, notes)
    assert [(note.getparent().get("id")[-1], note.text) for note in page.xpath("//a[@class='spoke']")] == [
        ("5", "two"),
        ("7", "one"),
    ]
    assert page.xpath("//*[@id='p-bcdfghjk5']/*")[-1].get("class") == "spoke"
    for note in notes.values():
        assert note in text.html(notes) or note == "x"
    assert text.html() == text.html({})


def test_what_is_stored_is_what_was_put_together_and_its_stamp_names_the_template() -> None:
    text = assemble_text(in_sections(), lang="en", template=TEMPLATE)
    words = text.to_json()
    assert AssembledText.from_json(words["head"], words["contents"], text.fragments) == text
    assert stamp_of(TEMPLATE) != stamp_of(None)
    assert stamp_of(TEMPLATE) == stamp_of(Template(sections_json=TEMPLATE.sections_json))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["paragraph", "item", "heading", "quote", "code"]),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1),
            st.sampled_from(["", "how", "why", "elsewhere"]),
        ),
        max_size=8,
    )
)
def test_no_passage_is_lost_whatever_it_says(rows: list[tuple[str, str, str]]) -> None:
    passages = [stored(n, kind, text, section=section) for n, (kind, text, section) in enumerate(rows)]
    page = parse(assemble_text(passages, lang="en", template=TEMPLATE))
    assert sorted(places(page)) == [f"p-bcdfghjk{n}" for n in range(len(rows))]
