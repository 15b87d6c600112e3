"""A strategy page in our own words, and the same page written in each of the formats an outline is read from."""

import io
import zipfile
from dataclasses import dataclass
from html import escape
from itertools import count

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

__all__ = ["PAGE", "RENDERERS", "Group", "Item", "Iteration", "Page", "Part"]


@dataclass(frozen=True)
class Item:
    """A recommendation as it stands on a page; `line` is all of it but its alternative title."""

    line: str
    alternative: str = ""


@dataclass(frozen=True)
class Part:
    """Items under one question, or under none."""

    items: tuple[Item, ...]
    question: str = ""


@dataclass(frozen=True)
class Group:
    name: str
    parts: tuple[Part, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Iteration:
    heading: str
    groups: tuple[Group, ...]
    wrapper: str = ""
    opening: str = ""


@dataclass(frozen=True)
class Page:
    title: str
    paragraphs: tuple[str, ...]
    feedback_heading: str
    feedback_opening: str
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    next_heading: str
    next_text: str
    iterations: tuple[Iteration, ...]


def _items(*lines: str) -> tuple[Item, ...]:
    return tuple(Item(line) for line in lines)


PAGE = Page(
    title="Seeds for a shared garden",
    paragraphs=(
        "Three years ago the growers agreed on a direction. The pages below bring 7 recommendations for change and the reasons behind them.",
        "You can read this page in English, Arabic, German, and Hindi.",
        "A film of the evening is on another page: watch the video here.",
    ),
    feedback_heading="How to share your feedback",
    feedback_opening="These questions help a local circle to look at a draft.",
    steps=(
        (
            "Read the drafts and write beside them.",
            ("What would change for your plot? Why?", "Is there a line we should not cross?"),
        ),
        ("Talk to the liaison of your language.", ()),
    ),
    next_heading="What comes next",
    next_text="Voices from the circles were heard until October 12. After that the groups revised their drafts.",
    iterations=(
        Iteration(
            "Iteration 2 (October 2031)",
            (
                Group(
                    "Soil",
                    (
                        Part(
                            _items(
                                "Open books: Every circle shows what it spends on its beds.",
                                "Shared compost",
                                "Rest years: One bed in seven lies fallow.",
                            )
                        ),
                    ),
                ),
                Group(
                    "Water & Paths",
                    (
                        Part(
                            (
                                Item("Keep the old wells"),
                                Item("Build a path that everybody can use", "Helping each circle to open its own path"),
                            )
                        ),
                    ),
                ),
                Group("Keepers of Seeds", note="Note: not every member of this group agrees with these yet."),
            ),
        ),
        Iteration(
            "Iteration 1 (July 2031)",
            (
                Group("Soil"),
                Group("Water & Paths", (Part(_items("Find the wells", "Draw a map of the paths")),)),
                Group(
                    "Keepers of Seeds",
                    (
                        Part(
                            _items("A house for seeds", "A list of who keeps what"),
                            "How might the circles keep their seeds together? Who would hold the key?",
                        ),
                        Part((), "What do we owe to those who kept them before us?"),
                        Part(
                            _items(
                                "Thanks. Name the keepers of each variety on its packet",
                                "Fairness: Nobody pays for a handful.",
                            ),
                            "“Which seeds may leave the garden?”",
                        ),
                    ),
                    note="Note: some of these are not agreed by all the members of the group.",
                ),
            ),
            wrapper="Short summaries of the draft recommendations",
            opening="The summaries are also translated into Arabic, Swahili and Brazilian Portuguese.",
        ),
    ),
)


def render_text(page: Page) -> bytes:
    """Write the page as a browser copies it: no marks for headings, numbers and bullets with indentation."""
    lines = [page.title, ""]
    for paragraph in page.paragraphs:
        lines += [paragraph, ""]
    lines += [page.feedback_heading, "", page.feedback_opening, ""]
    for number, (step, questions) in enumerate(page.steps, start=1):
        lines.append(f"  {number}. {step}")
        lines += [f"    • {question}" for question in questions]
    lines += [page.next_heading, "", page.next_text, ""]
    for iteration in page.iterations:
        lines.append(iteration.heading)
        if iteration.wrapper:
            lines += [iteration.wrapper, "\u00a0", "", iteration.opening, ""]
        for group in iteration.groups:
            lines.append(group.name)
            if group.note:
                lines += ["", group.note, ""]
            for part in group.parts:
                if part.question:
                    lines += ["", part.question, ""]
                for number, item in enumerate(part.items, start=1):
                    lines.append(f"  {number}. {item.line}")
                    if item.alternative:
                        lines.append(f"    Or: {item.alternative}")
    return "\n".join(lines).encode()


def render_markdown(page: Page) -> bytes:
    lines = [f"# {page.title}", ""]
    for paragraph in page.paragraphs:
        lines += [paragraph, ""]
    lines += [f"## {page.feedback_heading}", "", page.feedback_opening, ""]
    for number, (step, questions) in enumerate(page.steps, start=1):
        lines.append(f"{number}. {step}")
        lines += [f"   - {question}" for question in questions]
    lines += ["", f"## {page.next_heading}", "", page.next_text, ""]
    for iteration in page.iterations:
        lines += [f"## {iteration.heading}", ""]
        if iteration.wrapper:
            lines += [f"### {iteration.wrapper}", "", iteration.opening, ""]
        for group in iteration.groups:
            lines += [f"### {group.name}", ""]
            if group.note:
                lines += [f"*{group.note}*", ""]
            for part in group.parts:
                if part.question:
                    lines += [f"#### {part.question}", ""]
                for number, item in enumerate(part.items, start=1):
                    lines.append(f"{number}. {item.line}")
                    if item.alternative:
                        lines.append(f"   Or: {item.alternative}")
                lines.append("")
    return "\n".join(lines).encode()


def render_wikitext(page: Page) -> bytes:
    marks = count(1)

    def unit(text: str) -> str:
        return f"<translate><!--T:{next(marks)}--> {text}</translate>"

    lines = [
        "<languages/>",
        "{{Draft|status=open",
        "|date=2031}}",
        "__NOTOC__",
        f"{{{{DISPLAYTITLE:{page.title}}}}}",
        "",
    ]
    for paragraph in page.paragraphs:
        lines += [unit(paragraph), ""]
    lines += [f"== {unit(page.feedback_heading)} ==", unit(page.feedback_opening)]
    for step, questions in page.steps:
        lines.append(f"# {unit(step)}")
        lines += [f"#* {unit(question)}" for question in questions]
    lines += [f"== {unit(page.next_heading)} ==", unit(page.next_text)]
    for iteration in page.iterations:
        lines.append(f"== {unit(iteration.heading)} ==")
        if iteration.wrapper:
            lines += [f"=== {iteration.wrapper} ===", unit(iteration.opening)]
        for group in iteration.groups:
            lines.append(f"=== <translate><!--T:{next(marks)}-->\n{group.name}</translate> ===".replace("\n", " "))
            if group.note:
                lines += [f"''{group.note}''", ""]
            for part in group.parts:
                if part.question:
                    lines.append(f"==== {part.question} ====")
                for item in part.items:
                    first, _, rest = item.line.partition(" ")
                    linked = f"[[Special:MyLanguage/Drafts/{first}|{first}]]" + (f" {rest}" if rest else "")
                    lines.append(f"# {linked}" + (f"<br />Or: {item.alternative}" if item.alternative else ""))
    lines += ["[[Category:Drafts]]"]
    return "\n".join(lines).encode()


def render_html(page: Page) -> bytes:
    parts = [
        f"<!DOCTYPE html><html><head><title>{escape(page.title)} – Garden</title><style>h1 {{color: red}}</style>",
        "<script>document.write('<h2>Iteration 9</h2>')</script></head><body><nav><ul><li>Home</li></ul></nav>",
        f"<h1>{escape(page.title)}</h1>",
    ]
    parts += [f"<p>{escape(paragraph)}</p>" for paragraph in page.paragraphs]
    parts.append(f"<h2>{escape(page.feedback_heading)}</h2><p>{escape(page.feedback_opening)}</p><ol>")
    for step, questions in page.steps:
        inner = "".join(f"<li>{escape(question)}</li>" for question in questions)
        parts.append(f"<li>{escape(step)}{f'<ul>{inner}</ul>' if inner else ''}</li>")
    parts.append(f"</ol><h2>{escape(page.next_heading)}</h2><p>{escape(page.next_text)}</p>")
    for iteration in page.iterations:
        parts.append(f'<h2>{escape(iteration.heading)}<span class="mw-editsection">[<a href="#">edit</a>]</span></h2>')
        if iteration.wrapper:
            parts.append(f"<h3>{escape(iteration.wrapper)}</h3><p>{escape(iteration.opening)}</p>")
        for group in iteration.groups:
            parts.append(f"<div class=group>\n<h3>\n  {escape(group.name)}</h3>")
            if group.note:
                parts.append(f"<p><i>{escape(group.note)}</i></p>")
            for part in group.parts:
                if part.question:
                    parts.append(f"<h4>{escape(part.question)}</h4>")
                if part.items:
                    parts.append("<ol>")
                    for item in part.items:
                        alternative = f"<br>Or: {escape(item.alternative)}" if item.alternative else ""
                        parts.append(f"<li>{escape(item.line)}{alternative}</li>")
                    parts.append("</ol>")
            parts.append("</div>")
    return "\n".join([*parts, "</body></html>"]).encode()


def render_docx(page: Page) -> bytes:
    """Write the page as Word and LibreOffice do: heading styles, and lists that live in the numbering part."""
    document = Document()
    numbering = document.part.numbering_part.element
    new_number = count(900)

    def start_list(abstract: str) -> str:
        number = str(next(new_number))
        element = OxmlElement("w:num")
        element.set(qn("w:numId"), number)
        link = OxmlElement("w:abstractNumId")
        link.set(qn("w:val"), abstract)
        element.append(link)
        override = OxmlElement("w:lvlOverride")
        override.set(qn("w:ilvl"), "0")
        start = OxmlElement("w:startOverride")
        start.set(qn("w:val"), "1")
        override.append(start)
        element.append(override)
        numbering.append(element)
        return number

    def abstract_list(formats: tuple[str, ...]) -> str:
        number = str(next(new_number))
        element = OxmlElement("w:abstractNum")
        element.set(qn("w:abstractNumId"), number)
        for level, kind in enumerate(formats):
            shape = OxmlElement("w:lvl")
            shape.set(qn("w:ilvl"), str(level))
            for tag, value in (
                ("w:start", "1"),
                ("w:numFmt", kind),
                ("w:lvlText", "•" if kind == "bullet" else f"%{level + 1}."),
            ):
                child = OxmlElement(tag)
                child.set(qn("w:val"), value)
                shape.append(child)
            element.append(shape)
        numbering.insert(0, element)
        return number

    abstract = abstract_list(("decimal", "bullet"))

    def add_item(text: str, number: str, level: int = 0) -> Paragraph:
        paragraph = document.add_paragraph(text)
        properties = paragraph._p.get_or_add_pPr()
        element = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", str(level)), ("w:numId", number)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            element.append(child)
        properties.append(element)
        return paragraph

    document.add_heading(page.title, 1)
    for text in page.paragraphs:
        document.add_paragraph(text)
    document.add_heading(page.feedback_heading, 2)
    document.add_paragraph(page.feedback_opening)
    number = start_list(abstract)
    for step, questions in page.steps:
        add_item(step, number)
        for question in questions:
            add_item(question, number, 1)
    document.add_heading(page.next_heading, 2)
    document.add_paragraph(page.next_text)
    for iteration in page.iterations:
        document.add_heading(iteration.heading, 2)
        if iteration.wrapper:
            document.add_heading(iteration.wrapper, 3)
            document.add_paragraph(iteration.opening)
        for group in iteration.groups:
            document.add_heading(group.name, 3)
            if group.note:
                document.add_paragraph().add_run(group.note).italic = True
            for part in group.parts:
                if part.question:
                    document.add_heading(part.question, 4)
                number = start_list(abstract)
                for item in part.items:
                    paragraph = add_item(item.line, number)
                    if item.alternative:
                        paragraph.add_run().add_break()
                        paragraph.add_run(f"Or: {item.alternative}")
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


_ODT_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.3"><office:automatic-styles>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>'
    "</office:automatic-styles><office:body><office:text>"
)


def render_odt(page: Page) -> bytes:
    """Write the page as LibreOffice does: headings with an outline level, lists of a list style."""
    parts = [_ODT_HEAD]

    def heading(text: str, level: int) -> None:
        parts.append(f'<text:h text:outline-level="{level}">{escape(text)}</text:h>')

    def paragraph(text: str) -> None:
        parts.append(f"<text:p>{escape(text)}</text:p>")

    heading(page.title, 1)
    for text in page.paragraphs:
        paragraph(text)
    heading(page.feedback_heading, 2)
    paragraph(page.feedback_opening)
    parts.append('<text:list text:style-name="L1">')
    for step, questions in page.steps:
        inner = "".join(
            f"<text:list-item><text:p>{escape(question)}</text:p></text:list-item>" for question in questions
        )
        nested = f"<text:list>{inner}</text:list>" if inner else ""
        parts.append(f"<text:list-item><text:p>{escape(step)}</text:p>{nested}</text:list-item>")
    parts.append("</text:list>")
    heading(page.next_heading, 2)
    paragraph(page.next_text)
    for iteration in page.iterations:
        heading(iteration.heading, 2)
        if iteration.wrapper:
            heading(iteration.wrapper, 3)
            paragraph(iteration.opening)
        for group in iteration.groups:
            heading(group.name, 3)
            if group.note:
                paragraph(group.note)
            for part in group.parts:
                if part.question:
                    heading(part.question, 4)
                if part.items:
                    parts.append('<text:list text:style-name="L1">')
                    for item in part.items:
                        alternative = f"<text:line-break/>Or: {escape(item.alternative)}" if item.alternative else ""
                        parts.append(
                            f"<text:list-item><text:p>{escape(item.line)}{alternative}</text:p></text:list-item>"
                        )
                    parts.append("</text:list>")
    parts.append("</office:text></office:body></office:document-content>")
    return pack_odt("".join(parts))


_ODT_STYLES = (
    '<?xml version="1.0"?><office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3">'
    "<office:styles/></office:document-styles>"
)


def pack_odt(content: str) -> bytes:
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("styles.xml", _ODT_STYLES)
        package.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()


RENDERERS = {
    "text": ("page.txt", render_text),
    "html": ("page.html", render_html),
    "wikitext": ("page.wiki", render_wikitext),
    "markdown": ("page.md", render_markdown),
    "docx": ("page.docx", render_docx),
    "odt": ("page.odt", render_odt),
}
