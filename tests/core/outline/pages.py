"""A strategy page in our own words, and the same page written in each of the formats an outline is read from."""

import io
import zipfile
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Protocol

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml.etree import _Element

__all__ = ["PAGE", "RENDERERS", "Group", "Item", "Iteration", "Page", "Part"]


@dataclass(frozen=True)
class Item:
    """A recommendation as it stands on a page; `line` is all of it but its alternative title."""

    line: str
    alternative: str = ""

    @property
    def lines(self) -> list[str]:
        return [self.line, f"Or: {self.alternative}"] if self.alternative else [self.line]


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
        (
            "Three years ago the growers agreed on a direction. "
            "The pages below bring 7 recommendations for change and the reasons behind them."
        ),
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


class _OfficeWriter(Protocol):
    """What an office program offers to somebody who writes a page."""

    def heading(self, text: str, level: int) -> None: ...

    def paragraph(self, text: str) -> None: ...

    def numbered_list(self, items: list[tuple[list[str], tuple[str, ...]]]) -> None:
        """Write a list that starts at 1; an item is its lines and the bullets below it."""


def _write_page(page: Page, writer: _OfficeWriter) -> None:
    writer.heading(page.title, 1)
    for text in page.paragraphs:
        writer.paragraph(text)
    writer.heading(page.feedback_heading, 2)
    writer.paragraph(page.feedback_opening)
    writer.numbered_list([([step], questions) for step, questions in page.steps])
    writer.heading(page.next_heading, 2)
    writer.paragraph(page.next_text)
    for iteration in page.iterations:
        writer.heading(iteration.heading, 2)
        if iteration.wrapper:
            writer.heading(iteration.wrapper, 3)
            writer.paragraph(iteration.opening)
        for group in iteration.groups:
            writer.heading(group.name, 3)
            if group.note:
                writer.paragraph(group.note)
            for part in group.parts:
                if part.question:
                    writer.heading(part.question, 4)
                if part.items:
                    writer.numbered_list([(item.lines, ()) for item in part.items])


def _element(tag: str, **values: str) -> _Element:
    element = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    return element


class _DocxWriter:
    """Writes as Word and LibreOffice do: heading styles, and lists that live in the numbering part."""

    def __init__(self) -> None:
        self.document = Document()
        self.numbering = self.document.part.numbering_part.element
        self.numbers = count(900)
        self.abstract = str(next(self.numbers))
        abstract = _element("abstractNum", abstractNumId=self.abstract)
        for level, (kind, text) in enumerate((("decimal", "%1."), ("bullet", "•"))):
            shape = _element("lvl", ilvl=str(level))
            shape.extend((_element("start", val="1"), _element("numFmt", val=kind), _element("lvlText", val=text)))
            abstract.append(shape)
        self.numbering.insert(0, abstract)

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(text, level)

    def paragraph(self, text: str) -> None:
        self.document.add_paragraph(text)

    def numbered_list(self, items: list[tuple[list[str], tuple[str, ...]]]) -> None:
        list_id = str(next(self.numbers))
        number = _element("num", numId=list_id)
        override = _element("lvlOverride", ilvl="0")
        override.append(_element("startOverride", val="1"))
        number.extend((_element("abstractNumId", val=self.abstract), override))
        self.numbering.append(number)
        for lines, bullets in items:
            self.add_item(lines, list_id, "0")
            for bullet in bullets:
                self.add_item([bullet], list_id, "1")

    def add_item(self, lines: list[str], number: str, level: str) -> None:
        paragraph = self.document.add_paragraph(lines[0])
        for line in lines[1:]:
            paragraph.add_run().add_break()
            paragraph.add_run(line)
        place = _element("numPr")
        place.extend((_element("ilvl", val=level), _element("numId", val=number)))
        paragraph._p.get_or_add_pPr().append(place)


def render_docx(page: Page) -> bytes:
    writer = _DocxWriter()
    _write_page(page, writer)
    saved = io.BytesIO()
    writer.document.save(saved)
    return saved.getvalue()


_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "text", "style")
)
_ODT_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3">'
    '<office:automatic-styles><text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-bullet text:level="2" text:bullet-char="•"/></text:list-style>'
    "</office:automatic-styles><office:body><office:text>"
)


class _OdtWriter:
    """Writes as LibreOffice does: headings with an outline level, lists of a list style."""

    def __init__(self) -> None:
        self.parts = [_ODT_HEAD]

    def heading(self, text: str, level: int) -> None:
        self.parts.append(f'<text:h text:outline-level="{level}">{escape(text)}</text:h>')

    def paragraph(self, text: str) -> None:
        self.parts.append(f"<text:p>{escape(text)}</text:p>")

    def numbered_list(self, items: list[tuple[list[str], tuple[str, ...]]]) -> None:
        self.parts.append('<text:list text:style-name="L1">')
        for lines, bullets in items:
            inner = "".join(f"<text:list-item><text:p>{escape(bullet)}</text:p></text:list-item>" for bullet in bullets)
            nested = f"<text:list>{inner}</text:list>" if inner else ""
            words = "<text:line-break/>".join(escape(line) for line in lines)
            self.parts.append(f"<text:list-item><text:p>{words}</text:p>{nested}</text:list-item>")
        self.parts.append("</text:list>")


def render_odt(page: Page) -> bytes:
    writer = _OdtWriter()
    _write_page(page, writer)
    return pack_odt("".join([*writer.parts, "</office:text></office:body></office:document-content>"]))


_ODT_STYLES = (
    f'<?xml version="1.0"?><office:document-styles {_NAMESPACES} office:version="1.3">'
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
