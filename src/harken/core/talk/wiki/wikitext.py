"""The source of talk pages, read line by line.

The rules are those of rendered pages (`html`), with one difference: a line that ends in a signature ends a comment,
even if the next line stands in the same paragraph. Rendered, both are one, and the first signature counts for them.
"""

import re
import sys
from bisect import bisect_right

from harken.core.talk.model import Finding, TalkError, TalkPage
from harken.core.talk.wiki.lines import Line, LineReader, plain_words
from harken.core.talk.wiki.markup import resolve_markup
from harken.core.talk.wiki.site import Wiki, guess_wiki
from harken.core.talk.wiki.timestamps import Stamp, find_stamp, find_stamps
from harken.core.talk.wiki.trees import Comment, Heading, build_page, shorten
from harken.core.talk.wiki.writing import strip_dash, tidy_lines

__all__ = ["read_items", "read_talk_wikitext"]

_LONGEST_PAGE = 50_000_000
_SIGNATURE_REACH = 100
_SHORTEST_DATE = 8
_DEEPEST_BULLET = 8
_HEADING = re.compile(r"^(={1,6})(.+?)(={1,6})\s*$")
_LIST = re.compile(r"^[:*#;]+")
_HTML_LIST = re.compile(r"<(/?)(?:ul|ol|dl)\b[^<>]{0,200}>", re.IGNORECASE)
_CELL = re.compile(r"\|\||!!")
_CELL_ATTRIBUTES = re.compile(r"^[^|\[\]]{0,500}=[^|\[\]]{0,500}\|(?!\|)")
_REDIRECT = re.compile(r"\s*#[^\W\d_]{4,30}\s*:?\s*\[\[", re.IGNORECASE)


# Where a signature begins and ends in the words of a line, who signs, and when (None: no date was given).
_Signature = tuple[int, int, str, Stamp | None]


def read_talk_wikitext(text: str, wiki: Wiki | None = None, *, keep_unsigned: bool = False) -> TalkPage:
    """Return the threads of a talk page's source.

    `wiki` says how signatures look (None: it is guessed from the page, and a finding says so). What nobody signed is a
    finding, or with `keep_unsigned` a post of an unknown author.

    Raises:
        TalkError: the page is larger than any page is.
    """
    if wiki is None:
        wiki = guess_wiki(text)
    items, findings = read_items(text, wiki)
    assumed = [Finding("", "assumed", sentence) for sentence in wiki.assumed]
    return build_page(items, [*assumed, *findings], keep_unsigned=keep_unsigned)


def read_items(text: str, wiki: Wiki) -> tuple[list[Heading | Comment], list[Finding]]:
    """Return headings and comments in the order of the source, and what could not be read.

    Raises:
        TalkError: the page is larger than any page is.
    """
    if len(text) > _LONGEST_PAGE:
        raise TalkError("The page is larger than 50 million characters; save it in parts.")
    reader = _WikitextReader(wiki)
    if _REDIRECT.match(text):
        reader.findings.append(Finding("", "redirect", shorten(text.strip())))
    for line in resolve_markup(text, wiki).split("\n"):
        reader.read_line(line)
    return reader.finish(), reader.findings


class _WikitextReader:
    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self.items: list[Heading | Comment] = []
        self.findings: list[Finding] = []
        self.heading = ""
        self.label = ""
        # What was said since the last signature: lines, and how far the first of them is indented.
        self.waiting: list[str] = []
        self.lines_said: list[tuple[int, str]] = []
        self.indent: int | None = None
        self.html_lists = 0
        self.tables = 0
        self.lines = LineReader()

    def read_line(self, line: str) -> None:
        heading = _HEADING.match(line) if line.startswith("=") else None
        if heading is not None and heading[2].strip("= "):
            self._read_heading(heading)
            return
        marks = _LIST.match(line)
        stripped = line.strip()
        if marks is None and stripped[:2] in ("{|", "|}", "|-", "|+"):
            self._read_table_mark(stripped)
        elif marks is None and self.tables and stripped[:1] in ("|", "!"):
            for cell in _CELL.split(stripped.lstrip("|!")):
                self._read_words(_CELL_ATTRIBUTES.sub("", cell), "")
        else:
            sign = marks.group() if marks is not None else ""
            self._read_words(line[len(sign) :], sign)

    def finish(self) -> list[Heading | Comment]:
        self._end_section()
        return self.items

    def _read_heading(self, heading: re.Match[str]) -> None:
        self._end_section()
        level = min(len(heading[1]), len(heading[3]))
        rest = "=" * (len(heading[1]) - level), "=" * (len(heading[3]) - level)
        self.heading = plain_words(self.lines.read(f"{rest[0]}{heading[2].strip()}{rest[1]}").words)
        self.lines.quotes = self.html_lists = self.tables = 0
        self.items.append(Heading(self.heading, level))

    def _end_section(self) -> None:
        words = tidy_lines("\n".join(self.waiting))
        if words:
            self.items.append(Comment("", None, (self.indent or 0) + 1, words, lines=self.lines_said, signed=False))
        self._forget()

    def _forget(self) -> None:
        self.waiting, self.lines_said, self.indent, self.label = [], [], None, ""

    def _read_table_mark(self, line: str) -> None:
        if line.startswith("{|"):
            self.tables += 1
        elif line.startswith("|}"):
            self.tables = max(0, self.tables - 1)
        elif line.startswith("|+"):
            self._read_words(_CELL_ATTRIBUTES.sub("", line[2:]), "")

    # --- one line ---

    def _read_words(self, line: str, marks: str) -> None:
        indent = sum(1 for mark in marks if mark != ";")
        if "<" in line:
            for tag in _HTML_LIST.finditer(line):
                self.html_lists = max(0, self.html_lists - 1) if tag[1] else self.html_lists + 1
        indent += self.html_lists
        read = self.lines.read(line)
        if not read.words.strip() and not read.unsigned:
            self.waiting.append("")
            return
        if marks == ";" and ":" not in line:
            # A term without an explanation is used as a heading inside a section.
            self.label = plain_words(read.words)
            if not self._has_date(read):
                self.waiting += ["", self.label, ""] if self.waiting else []
                return
        if self.indent is None:
            self.indent = indent
        self._place(read, indent, marks)

    def _place(self, read: Line, indent: int, marks: str) -> None:
        """Add a line to what is being said, and end the comment if it is signed."""
        bullet = self._bullet(marks, indent)
        start = 0
        signed = _by_break(self._find_signatures(read), read.words)
        whole = plain_words(read.words) if signed else ""
        for signatures in signed:
            end = read.words.find("\n", max(start, signatures[-1][1]))
            end = end if end >= 0 else len(read.words)
            if self.indent is None:
                self.indent = indent
            words = _without_signatures(read.words, start, end, signatures)
            self._end_comment(bullet, indent, words, whole, signatures)
            start, bullet = end, ""
        rest = plain_words(read.words[start:])
        if start == 0:
            self._note_typed_date(read)
        if start == 0 or rest:
            self.indent = indent if self.indent is None else self.indent
            self.waiting.append(bullet + rest)
            self.lines_said.append((indent, rest))

    def _end_comment(self, bullet: str, indent: int, words: str, line: str, signatures: list[_Signature]) -> None:
        self.waiting.append(bullet + words)
        self.lines_said.append((indent, words))
        _, _, author, stamp = signatures[0]
        comment = Comment(author, stamp.at if stamp is not None else None, min(self.indent or 0, indent) + 1, "")
        comment.text, comment.lines, comment.signed_line = tidy_lines("\n".join(self.waiting)), self.lines_said, line
        if len(signatures) > 1:
            _, _, other, then = signatures[1]
            when = then.at.isoformat() if then is not None and then.at is not None else ""
            comment.extra["signed_also"] = f"{other} {when}".strip()
        if self.label:
            comment.extra["label"] = self.label
        if comment.at is None:
            self.findings.append(Finding(self.heading, "no_such_date", shorten(f"{author}: {comment.text[-120:]}")))
        self.items.append(comment)
        self._forget()

    def _bullet(self, marks: str, indent: int) -> str:
        deeper = indent - (self.indent or 0)
        if marks[-1:] not in ("*", "#") or not self.waiting or deeper < 0:
            return ""
        return f"\x1f{'  ' * min(max(0, deeper - 1), _DEEPEST_BULLET)}{'-' if marks[-1] == '*' else '1.'} "

    # --- signatures ---

    def _has_date(self, read: Line) -> bool:
        return bool(read.unsigned) or ("(" in read.words and find_stamp(self.wiki.formats, read.words) is not None)

    def _find_signatures(self, read: Line) -> list[_Signature]:
        """Return the signatures of a line in order: where each begins and ends, who signs, and when."""
        found: list[_Signature] = []
        formats = self.wiki.formats
        for place, user, date in read.unsigned:
            stamp = find_stamp((*formats, *self.wiki.typed_formats), date) if date else None
            found.append((place, place, user, stamp))
        people = sorted(read.people)
        next_person = lowest = 0
        for stamp in find_stamps(formats, read.words) if "(" in read.words else ():
            near: list[tuple[int, int, str]] = []
            while next_person < len(people) and people[next_person][0] < stamp.start:
                begin, end, _ = people[next_person]
                if begin >= lowest and stamp.start - end < _SIGNATURE_REACH:
                    near.append(people[next_person])
                next_person += 1
            lowest = stamp.end
            if near and not _is_within(read.quoted, stamp.start):
                author = near[-1][2]
                found.append((min(link[0] for link in near if link[2] == author), stamp.end, author, stamp))
        return sorted(found, key=lambda signature: signature[:2])

    def _note_typed_date(self, read: Line) -> None:
        if not read.people or len(read.words) < _SHORTEST_DATE:
            return
        typed = find_stamp(self.wiki.typed_formats, read.words)
        if typed is not None and any(0 <= typed.start - end < _SIGNATURE_REACH for _, end, _ in read.people):
            words = read.words[max(0, typed.start - _SIGNATURE_REACH) : typed.end]
            self.findings.append(Finding(self.heading, "typed_date", shorten(words.strip())))


def _is_within(spans: list[tuple[int, int]], place: int) -> bool:
    before = bisect_right(spans, (place, sys.maxsize)) - 1
    return before >= 0 and place < spans[before][1]


def _by_break(signatures: list[_Signature], words: str) -> list[list[_Signature]]:
    """Return signatures in groups, a new one wherever a break stands between two of them."""
    groups: list[list[_Signature]] = []
    for signature in signatures:
        if groups and "\n" not in words[groups[-1][-1][1] : signature[0]]:
            groups[-1].append(signature)
        else:
            groups.append([signature])
    return groups


def _without_signatures(words: str, start: int, end: int, signatures: list[_Signature]) -> str:
    parts = []
    for first, behind, _, _ in signatures:
        parts.append(strip_dash(words[start:first]) if first >= start else "")
        start = max(start, behind)
    parts.append(words[start:end])
    return plain_words(" ".join(part for part in parts if part.strip()))
