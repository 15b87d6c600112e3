"""HTML, wikitext, Markdown, DOCX and ODT as they are found, not as they should be."""

import io
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]  # it ships no types
import pytest
from docx import Document

from harken.core.outline import Outline, OutlineError, OutlineGroup, read_outline


def read(text: str, name: str) -> Outline:
    return read_outline(text.encode(), name=name)


def titles_of(outline: Outline) -> dict[str, list[str]]:
    return {
        group.name: [rec.title for rec in group.recommendations] for it in outline.iterations for group in it.groups
    }


def only_group(outline: Outline) -> OutlineGroup:
    return outline.iterations[0].groups[0]


EXPECTED = {"Soil": ["Dig", "Rest"], "Water": ["Carry"]}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<h2>Soil</h2><ol><li>Dig<li>Rest</ol><h2>Water</h2><ul><li>Carry</ul>"),
        ("a.html", "<p><b>Soil</b></p><ol><li>Dig<li>Rest</ol><p><strong>Water</strong></p><ol><li>Carry</ol>"),
        ("a.html", "<h3>Soil</h3><p>1. Dig<br>2. Rest</p><h3>Water</h3><p>1. Carry</p>"),
        ("a.html", "<h2>Iteration 1</h2><h2>Soil</h2><ol><li>Dig<li>Rest</ol><h2>Water</h2><ol><li>Carry</ol>"),
        (
            "a.html",
            (
                "<h1>Plan</h1><h2>Iteration 1</h2><h3>Groups</h3>"
                "<h4>Soil</h4><ol><li>Dig<li>Rest</ol><h4>Water</h4><ol><li>Carry</ol>"
            ),
        ),
        ("a.md", "# Plan\n\n## 1. Soil\n\n1. Dig\n2. Rest\n\n## 2. Water\n\n1. Carry\n"),
        ("a.md", "Soil\n----\n\n1) Dig\n2) Rest\n\nWater\n-----\n\n* Carry\n"),
        (
            "a.md",
            (
                "# Plan\n\n## Soil\n\n### Recommendation 1: Dig\n\n### Recommendation 2: Rest\n\n"
                "## Water\n\n### Recommendation 1: Carry\n"
            ),
        ),
        ("a.wiki", "'''Soil'''\n# Dig\n# Rest\n'''Water'''\n# Carry"),
        ("a.wiki", "== Soil ==\n# Dig\n<!-- kept apart -->\n# Rest\n== Water ==\n<ol><li>Carry</li></ol>"),
        (
            "a.wiki",
            (
                "==Soil==\n#[[Dig]]\n#{{ll|Some page|Rest}}<ref>No.</ref>\n"
                "==<translate><!--T:1--> Water</translate>==\n#'''Carry'''"
            ),
        ),
    ],
)
def test_structure_is_found_however_it_was_made(name: str, text: str) -> None:
    assert titles_of(read(text, name)) == EXPECTED


def write_docx(*lines: tuple[str, str]) -> bytes:
    document = Document()
    for text, style in lines:
        if style == "bold":
            document.add_paragraph().add_run(text).bold = True
        else:
            document.add_paragraph(text, style=style)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    "lines",
    [
        [
            ("Soil", "Heading 1"),
            ("Dig", "List Bullet"),
            ("Rest", "List Bullet"),
            ("Water", "Heading 1"),
            ("Carry", "List Number"),
        ],
        [
            ("Soil", "bold"),
            ("Dig", "List Number"),
            ("Rest", "List Number"),
            ("Water", "bold"),
            ("Carry", "List Bullet"),
        ],
        [
            ("Soil", "Heading 2"),
            ("1. Dig", "Normal"),
            ("2. Rest", "Normal"),
            ("Water", "Heading 2"),
            ("1. Carry", "Normal"),
        ],
    ],
)
def test_word_documents_are_read_with_and_without_styles(lines: list[tuple[str, str]]) -> None:
    assert titles_of(read_outline(write_docx(*lines), name="a.docx")) == EXPECTED


def test_the_title_style_of_word_is_the_title() -> None:
    outline = read_outline(
        write_docx(("The plan", "Title"), ("Soil", "Heading 1"), ("Dig", "List Number")), name="a.docx"
    )

    assert outline.title == "The plan"
    assert outline.iterations[0].title == "The plan"


def test_html_furniture_and_scripts_are_left_out() -> None:
    outline = read(
        "<html><head><title>Garden</title></head><body><nav><ol><li>Home</ol></nav><div id=toc><ul><li>1 "
        "Soil</ul></div>"
        "<script>alert('<h2>Draft 9</h2>')</script><style>p {}</style>"
        "<h2>Soil <span class=mw-editsection>[edit]</span></h2><ol><li>Dig <script>x()</script>deep<!-- no --></ol>"
        "<p onclick='x()'>Bye &lt;b&gt; <img src=x onerror=y></p></body></html>",
        "a.html",
    )

    assert titles_of(outline) == {"Soil": ["Dig deep"]}
    assert outline.title == "Garden"
    assert [block.text for block in outline.prose] == ["Bye <b>"]


def test_numbers_of_html_lists_are_those_on_the_page() -> None:
    group = only_group(read("<h2>Soil</h2><ol start=4><li>Dig<li value=9>Rest<li>Sow</ol>", "a.html"))

    assert [rec.number for rec in group.recommendations] == [4, 9, 10]


def test_a_bold_lead_is_the_title() -> None:
    group = only_group(
        read("## Soil\n\n1. **Open books** All see them.\n2. **Rest:** one year\n3. We **must** go\n", "a.md")
    )

    assert [(rec.title, rec.text) for rec in group.recommendations] == [
        ("Open books", "All see them."),
        ("Rest", "one year"),
        ("We must go", ""),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<h2>Soil</h2><ol><li>Rest<p>Or: Sleep</p></ol>"),
        ("a.html", "<h2>Soil</h2><ol><li>Rest<br>Or – Sleep</ol>"),
        ("a.html", "<h2>Soil</h2><ol><li>Rest<ul><li>Alternatively: Sleep</ul></ol>"),
        ("a.md", "## Soil\n\n1. Rest\n   Or: Sleep\n"),
        ("a.md", "## Soil\n\n1. Rest\n\n   Or: Sleep\n"),
        ("a.wiki", "==Soil==\n# Rest<br>Or: Sleep"),
        ("a.wiki", "==Soil==\n# Rest\n#: Or: Sleep"),
        ("a.wiki", "==Soil==\n# Rest\n:''Or: Sleep''"),
        ("a.txt", "Soil\n1. Rest Or: Sleep\n"),
        ("a.txt", "Soil\n1. Rest\n\nOr: Sleep\n"),
    ],
)
def test_alternative_titles_stay_with_their_recommendation(name: str, text: str) -> None:
    rest = only_group(read(text, name)).recommendations[0]

    assert (rest.title, rest.text, rest.alternatives) == ("Rest", "", ("Sleep",))


def test_what_stands_under_a_recommendation_set_as_heading_is_its_text() -> None:
    group = only_group(
        read("## Soil\n\n### Recommendation 1: Dig\n\nDeep.\n\n- wide\n\n### Recommendation 2: Rest\n", "a.md")
    )

    assert [(rec.number, rec.title, rec.text) for rec in group.recommendations] == [
        (1, "Dig", "Deep.\n• wide"),
        (2, "Rest", ""),
    ]


def test_wiki_tables_and_templates_give_words_but_no_groups() -> None:
    outline = read(
        "{{Quote|Welcome to all of you.}}\n== Draft 1 ==\n=== Soil ===\n# Dig\n"
        "{|\n! Head\n|-\n| style=x | Cell || [[File:A.png|thumb|No]]Other\n|}\n",
        "a.wiki",
    )

    assert titles_of(outline) == {"Soil": ["Dig"]}
    assert [block.text for block in outline.prose] == ["Welcome to all of you.", "Head", "Cell", "Other"]


def test_a_wiki_redirect_is_refused_with_its_target() -> None:
    with pytest.raises(OutlineError, match="redirects to “New page”"):
        read("#REDIRECT [[New page]]", "a.wiki")


def test_markdown_front_matter_gives_the_title_and_lines_still_count() -> None:
    outline = read('---\ntitle: "The plan"\n---\n\n## Soil\n\n1. Dig\n', "a.md")

    assert outline.title == "The plan"
    assert only_group(outline).recommendations[0].line == 7


@pytest.mark.parametrize(
    ("data", "byte", "line"),
    [
        ("Entwurf 1 (März 2031)\nBoden\n1. Graben\n".encode("cp1252"), "0xe4", 1),
        (b"Draft 1 (May 2031)\nSoil\n1. Dig \xff\xfe\n2. Rest\n", "0xff", 3),
        ("Draft 1\nSöil\n1. Dig".encode() + b"\xc3", "0xc3", 3),
    ],
)
def test_what_is_not_utf_8_is_refused_with_its_place_rather_than_guessed(data: bytes, byte: str, line: int) -> None:
    with pytest.raises(OutlineError, match=f"byte {byte} on line {line} ") as refusal:
        read_outline(data, name="a.txt")
    assert "UTF-8" in str(refusal.value)


def test_utf_16_with_its_mark_is_read() -> None:
    text = "Entwurf 1 (März 2031)\nÖffentlichkeit\n1. Größe: für alle überall\n2. Wärme\n"
    assert titles_of(read_outline(text.encode("utf-16"), name="a.txt")) == {"Öffentlichkeit": ["Größe", "Wärme"]}


def test_the_encoding_a_page_declares_is_used() -> None:
    page = "<meta charset=windows-1256><h2>التربة</h2><ol><li>حفر</ol>"

    assert titles_of(read_outline(page.encode("cp1256"), name="a.html")) == {"التربة": ["حفر"]}


@pytest.mark.parametrize("format_name", ["docx", "odt"])
def test_everything_an_office_document_may_hold_gives_its_words(format_name: str, tmp_path: Path) -> None:
    source = (
        '---\ntitle: "The plan"\n---\n\n# Draft 1\n\n## Soil\n\n> A quoted "word" of the *group* with `code` and [a link](https://a.example).\n\n'
        "1. **Dig** Deep and ~~wide~~ wide^2^.\n\n   Or: Turn over\n\n2. Rest\n\n## Water\n\nTerm\n:   Its meaning\n\n"
        "```\nfirst line\nsecond line\n```\n\n1. Carry\\\n   Or: Bring\n\n"
        "| Head | Other |\n|------|-------|\n| Cell | More  |\n"
    )
    path = tmp_path / f"plan.{format_name}"
    pypandoc.convert_text(source, format_name, "markdown", outputfile=str(path))
    outline = read_outline(path.read_bytes(), name=path.name)
    soil, water = outline.iterations[0].groups

    assert outline.title == "The plan"
    assert soil.notes == ("A quoted “word” of the group with code and a link.",)
    assert [(rec.number, rec.title, rec.text, rec.alternatives) for rec in soil.recommendations] == [
        (1, "Dig", "Deep and wide wide2.", ("Turn over",)),
        (2, "Rest", "", ()),
    ]
    assert " ".join(water.notes) == "Term Its meaning first line second line"
    assert [(rec.title, rec.alternatives) for rec in water.recommendations] == [("Carry", ("Bring",))]
    assert [block.text for block in outline.prose] == ["Head", "Other", "Cell", "More"]
