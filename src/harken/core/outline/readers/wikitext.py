"""MediaWiki wikitext, cleaned and read line by line in linear time.

mwparserfromhell was measured first: 20,000 unclosed `<b>` take it 28 seconds and as many unclosed `<ref` minutes, and
it cannot be
interrupted. An outline needs no tree of the markup, only its headings, lists and words.
Syntax: https://www.mediawiki.org/wiki/Help:Formatting and https://www.mediawiki.org/wiki/Help:Extension:Translate.
"""

import html
import re
from dataclasses import dataclass, field

from harken.core.outline.blocks import BlockBuilder, BlockStream
from harken.core.outline.lexicon import strip_edit_links
from harken.core.outline.limits import Limits
from harken.core.outline.model import OutlineError

__all__ = ["read_wikitext"]

# Stands for a line end inside something that was taken out, so that later lines keep their numbers.
_PASSED_LINE = "\x1e"
# Stands where a comment was: a line of nothing else does not end a list, as an empty line does.
_COMMENT_MARK = "\x1d"
_REDIRECT = re.compile(
    r"\s*#(?:redirect|weiterleitung|redirección|redirection|redirecionamento|تحويل|पुनर्प्रेषित)\s*:?\s*\[\[(?P<target>[^\[\]|]+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(
    r"</?(?:translate|languages|includeonly|noinclude|onlyinclude|section|tvar|nowiki|div|span|small|big|center|font|u|s|del|ins|sup"
    r"|sub|code|abbr|bdi|bdo|em|i|cite|q|mark|p|blockquote|poem|dfn|var|kbd|samp|wbr|hr|tt|table|tbody|tr|td|th|caption)\b[^<>]{0,2000}>"
    r"|</>|__[A-Z]{3,30}__",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"<(ref|references|gallery|script|style|templatestyles|math|syntaxhighlight|timeline|imagemap|graph)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_BRACES = re.compile(r"\{\{\{?|\}\}\}?")
_ARGUMENT_BORDER = re.compile(r"\|(?![^\[\]]{0,500}\]\])")
_NAMED_ARGUMENT = re.compile(r"\s*(?P<name>[\w .-]{1,60})\s*=")
_TEXT_ARGUMENTS = frozenset(("1", "2", "3", "text", "content", "quote", "title"))
_SILENT_TEMPLATES = frozenset(
    ("anchor", "anker", "ancla", "ancre", "âncora", "shortcut", "clear", "-", "toc", "toc right", "notoc", "dir")
)
_DEEPEST_TEMPLATE = 20
_DEEPEST_LIST = 12
_LONGEST_TEMPLATE = 50_000
_MOST_OPEN_TEMPLATES = 10_000
_HEADING = re.compile(r"^(?P<open>={1,6})(?P<text>.+?)(?P<close>={1,6})\s*$")
_LIST = re.compile(r"^(?P<marks>[#*:;]+)(?P<text>.*)$", re.DOTALL)
_HTML_LIST = re.compile(r"<(?P<close>/?)(?P<tag>ol|ul|li)\b(?P<attributes>[^<>]{0,200})>", re.IGNORECASE)
_VALUE = re.compile(r"\b(?:value|start)\s*=\s*[\"']?(\d{1,6})")
_CELL_ATTRIBUTES = re.compile(r"^[^|\[\]]{0,500}=[^|\[\]]{0,500}\|(?!\|)")
_LINK = re.compile(r"\[\[(?P<target>[^\[\]|]{0,500})(?:\|(?P<label>[^\[\]]{0,2000}))?\]\]")
_MEDIA = (
    r"\s*(?:file|image|media|datei|bild|fichier|archivo|ficheiro|arquivo|imagem|ملف|चित्र|category|kategorie|catégorie|categoría|categoria"
    r"|تصنيف|श्रेणी)\s*:"
)
_MEDIA_TARGET = re.compile(_MEDIA, re.IGNORECASE)
_MEDIA_LINK = re.compile(rf"\[\[{_MEDIA}[^\[\]]{{0,2000}}\]\]", re.IGNORECASE)
_EXTERNAL = re.compile(r"\[(?:https?:|mailto:|//)[^\s\[\]]{1,2000}(?:\s+(?P<label>[^\[\]]{0,2000}))?\]", re.IGNORECASE)
_MY_LANGUAGE = re.compile(r"^:?(?:special:mylanguage/)?", re.IGNORECASE)
_INLINE = re.compile(r"(?P<quotes>'{2,5})|<br\b[^<>]{0,200}>|<(?P<close>/?)(?:b|strong)\b[^<>]{0,200}>", re.IGNORECASE)


def read_wikitext(text: str, limits: Limits) -> BlockStream:
    """Return the blocks of a wiki page's source; line numbers are those of the source.

    Templates give the words of their unnamed arguments; files, categories and references are left out.

    Raises:
        OutlineError: the page is a redirect, or has more blocks than `limits` allow.
    """
    redirect = _REDIRECT.match(text)
    if redirect is not None:
        raise OutlineError(f"The wiki page only redirects to “{redirect['target'].strip()}”; read that page instead.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_PASSED_LINE, " ").replace(_COMMENT_MARK, " ")
    text = _COMMENT.sub(lambda match: _COMMENT_MARK + _passed(match.group()), text)
    text = _drop_elements(text)
    text, title = _expand_templates(text)
    reader = _WikitextReader(BlockBuilder(limits))
    number = 1
    for line in text.split("\n"):
        bare = line.replace(_PASSED_LINE, "").replace(_COMMENT_MARK, "")
        reader.read_line(bare, number, gone=line != bare)
        number += 1 + line.count(_PASSED_LINE)
    return reader.finish(title)


def _passed(text: str) -> str:
    return _PASSED_LINE * text.count("\n")


def _drop_elements(text: str) -> str:
    """Take out references, galleries and scripts with their content."""
    parts: list[str] = []
    unclosed: set[str] = set()
    start = 0
    lower = text.lower()
    for opening in _DROPPED.finditer(text):
        tag = opening[1].lower()
        if opening.start() < start or tag in unclosed:
            continue
        end = opening.end()
        if not opening.group().endswith("/>"):
            closing = lower.find(f"</{tag}", end)
            closed = lower.find(">", closing) if closing >= 0 else -1
            if closed < 0:
                unclosed.add(tag)
                continue
            end = closed + 1
        parts += [text[start : opening.start()], _passed(text[opening.start() : end])]
        start = end
    return "".join([*parts, text[start:]])


def _expand_templates(text: str) -> tuple[str, str]:
    """Return the text with every template replaced by the words of its unnamed arguments, and the title it displays."""
    stack: list[list[str]] = [[]]
    title, start = "", 0
    for brace in _BRACES.finditer(text):
        stack[-1].append(text[start : brace.start()])
        start = brace.end()
        if brace.group().startswith("{"):
            if len(stack) > _MOST_OPEN_TEMPLATES:
                raise OutlineError("The wikitext opens more templates inside each other than a page can hold.")
            stack.append([])
        elif len(stack) > 1:
            content = "".join(stack.pop())
            if content.strip().upper().startswith("DISPLAYTITLE:"):
                title = content.split(":", 1)[1].strip()
            words = _template_words(content) if len(stack) < _DEEPEST_TEMPLATE else ""
            missing = content.count("\n") + content.count(_PASSED_LINE) - words.count("\n") - words.count(_PASSED_LINE)
            stack[-1].append(words + _PASSED_LINE * missing)
        else:
            stack[-1].append(brace.group())
    stack[-1].append(text[start:])
    # Braces that never close are text.
    return "{{".join("".join(parts) for parts in stack), title


def _template_words(content: str) -> str:
    if len(content) > _LONGEST_TEMPLATE:
        return ""
    name, *arguments = _ARGUMENT_BORDER.split(content)
    if ":" in name or name.strip().casefold() in _SILENT_TEMPLATES:
        return ""
    words = []
    for argument in arguments:
        named = _NAMED_ARGUMENT.match(argument)
        if named is None:
            words.append(argument)
        elif named["name"].strip().lower() in _TEXT_ARGUMENTS:
            words.append(argument[named.end() :])
    # Of several arguments the last is what is shown ({{ll|Page|label}}, {{lang|ar|text}}).
    return words[-1].strip(" ") if words else ""


@dataclass(slots=True)
class _WikitextReader:
    builder: BlockBuilder
    marks: str = ""
    html_lists: int = 0
    in_table: int = 0
    in_paragraph: bool = False
    items: list[bool] = field(default_factory=list)

    def read_line(self, line: str, number: int, *, gone: bool) -> None:
        bare = _TAG.sub("", line)
        stripped = bare.strip()
        if not stripped:
            # A line on which only a comment stood does not end a list; an empty one does.
            if not gone and bare == line:
                self._close_lists()
            if not gone:
                self._end_paragraph()
            return
        heading = _HEADING.match(stripped)
        if heading is not None and heading["text"].strip("= "):
            self._read_heading(heading, number)
        elif bare[0] in "#*:;":
            self._read_list_line(bare, number)
        elif stripped.startswith(("{|", "|}", "|-", "|+")) or (self.in_table and stripped[0] in "|!"):
            self._read_table_line(stripped, number)
        elif _HTML_LIST.search(stripped):
            self._read_html_list(stripped, number)
        else:
            self._close_lists()
            if self.in_paragraph and not line.startswith(" "):
                self.builder.soft_break()
            else:
                self.builder.flush()
            self.in_paragraph = True
            self._read_inline(stripped, number)

    def finish(self, title: str) -> BlockStream:
        self._close_lists()
        self.builder.flush()
        return self.builder.stream(_plain(title))

    def _end_paragraph(self) -> None:
        if self.in_paragraph or not self.html_lists:
            self.builder.flush()
        self.in_paragraph = False

    def _read_heading(self, heading: re.Match[str], number: int) -> None:
        self._close_lists()
        self._end_paragraph()
        level = min(len(heading["open"]), len(heading["close"]))
        extra = "=" * (len(heading["open"]) - level), "=" * (len(heading["close"]) - level)
        self.builder.open_heading(level, number)
        self._read_inline(strip_edit_links(f"{extra[0]}{heading['text'].strip()}{extra[1]}"), number)
        self.builder.flush()

    def _read_list_line(self, line: str, number: int) -> None:
        match = _LIST.match(line)
        if match is None:
            return
        self._end_paragraph()
        marks, text = match["marks"][:_DEEPEST_LIST], match["text"].strip()
        if marks[-1] in ":;" and not self._continues(marks):
            self._close_lists()
            self.builder.bold(marks[-1] == ";")
            self._read_inline(text, number)
            if marks[-1] == ";":
                self.builder.bold(False)
            self.builder.flush()
            return
        if marks[-1] in ":;":
            self._close_lists(len(marks) - 1)
            self.builder.flush()
            self._read_inline(text, number)
            self.builder.flush()
            return
        shared = 0
        while shared < min(len(marks), len(self.marks)) and marks[shared] in (self.marks[shared], ":"):
            shared += 1
        self._close_lists(shared)
        if shared == len(marks):
            self.builder.close_item()
            self.builder.open_item(number)
        for mark in marks[shared:]:
            self.builder.open_list(ordered=mark == "#")
            self.builder.open_item(number)
            self.marks += "#" if mark == "#" else "*"
        self._read_inline(text, number)
        self.builder.flush()

    def _continues(self, marks: str) -> bool:
        """Whether a line marked `#:` goes on with the item above it."""
        outer = marks[:-1]
        return (
            bool(outer)
            and len(outer) <= len(self.marks)
            and all(mark in (known, ":") for mark, known in zip(outer, self.marks, strict=False))
        )

    def _close_lists(self, keep: int = 0) -> None:
        while len(self.marks) > keep:
            self.builder.close_item()
            self.builder.close_list()
            self.marks = self.marks[:-1]

    def _read_table_line(self, line: str, number: int) -> None:
        self._close_lists()
        self._end_paragraph()
        if line.startswith("{|"):
            self.in_table += 1
            self.builder.table(True)
        elif line.startswith("|}"):
            self.in_table = max(0, self.in_table - 1)
            self.builder.table(False)
        elif not line.startswith("|-"):
            for cell in re.split(r"\|\||!!", line.lstrip("|!+")):
                self._read_inline(_CELL_ATTRIBUTES.sub("", cell), number)
                self.builder.flush()

    def _read_html_list(self, line: str, number: int) -> None:
        self._close_lists()
        self._end_paragraph()
        start = 0
        for tag in _HTML_LIST.finditer(line):
            self._read_inline(line[start : tag.start()], number)
            start = tag.end()
            value = _VALUE.search(tag["attributes"])
            count = int(value[1]) if value is not None else None
            if tag["tag"].lower() == "li":
                if self.items and self.items[-1]:
                    self.builder.close_item()
                    self.items[-1] = False
                if not tag["close"] and self.items:
                    self.items[-1] = True
                    self.builder.open_item(number, count)
            elif tag["close"] and self.items:
                if self.items.pop():
                    self.builder.close_item()
                self.builder.close_list()
            elif not tag["close"]:
                self.items.append(False)
                self.builder.open_list(ordered=tag["tag"].lower() == "ol", start=1 if count is None else count)
        self.html_lists = len(self.items)
        self._read_inline(line[start:], number)

    def _read_inline(self, text: str, number: int) -> None:
        text = _LINK.sub(_link_words, text)
        text = _MEDIA_LINK.sub("", text)
        text = _EXTERNAL.sub(lambda match: match["label"] or "", text)
        bold, start = False, 0
        for mark in _INLINE.finditer(text):
            self.builder.text(html.unescape(text[start : mark.start()]), number)
            start = mark.end()
            quotes = mark["quotes"]
            if quotes is not None:
                if len(quotes) == 4:
                    self.builder.text("'", number)
                if len(quotes) > 2:
                    bold = not bold
                    self.builder.bold(bold)
            elif mark.group().lower().startswith("<br"):
                self.builder.line_break()
            elif bold == bool(mark["close"]):
                bold = not bold
                self.builder.bold(bold)
        self.builder.text(html.unescape(text[start:]), number)
        if bold:
            self.builder.bold(False)


def _link_words(match: re.Match[str]) -> str:
    target, label = match["target"], match["label"]
    if _MEDIA_TARGET.match(target):
        return ""
    if label:
        return label
    words = _MY_LANGUAGE.sub("", target)
    return words.split("#")[0].replace("_", " ") or words.lstrip("#")


def _plain(text: str) -> str:
    return html.unescape(_INLINE.sub("", _TAG.sub("", text)))
