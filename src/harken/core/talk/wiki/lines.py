"""One line of resolved markup: its words, the people it links to, unsigned templates and quotations in it."""

import html
import re
from dataclasses import dataclass, field

from harken.core.talk.wiki.markup import CONTROL, LINK, LINK_END, QUOTE, QUOTE_END, UNSIGNED_BY, VOTE, WORDS

__all__ = ["Line", "LineReader", "plain_words"]

_BREAK = re.compile(r"<br\b[^<>]{0,200}>", re.IGNORECASE)
_STRUCK = re.compile(r"</?(?:s|strike|del)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,20}\b[^<>\n]{0,2000}>")
_QUOTES = re.compile(r"'{2,}")
_MAGIC = re.compile(r"__[A-Z]{3,30}__")
_EXTERNAL = re.compile(
    r"\[((?:https?:|mailto:)?//[^\s\[\]<>]{1,2000}|mailto:[^\s\[\]<>]{1,300})(?:\s+([^\[\]\n]{0,2000}))?\]"
)
_TOKENS = re.compile(f"[{LINK}{UNSIGNED_BY}{LINK_END}{QUOTE}{QUOTE_END}{VOTE}]")


@dataclass(slots=True)
class Line:
    """The words of a line, and what stands where in them.

    `people` are links to users (start, end, name), `unsigned` the templates that say who wrote and when (place, name,
    date as written), `quoted` what are words of others (start, end).
    """

    words: str = ""
    people: list[tuple[int, int, str]] = field(default_factory=list)
    unsigned: list[tuple[int, str, str]] = field(default_factory=list)
    quoted: list[tuple[int, int]] = field(default_factory=list)


class LineReader:
    """Reads one line after the other; a quotation can go on over several."""

    def __init__(self) -> None:
        self.quotes = 0

    def read(self, line: str) -> Line:
        """Return what is left of a line without its markup."""
        line = _MAGIC.sub("", line)
        if "<" in line:
            line = _TAG.sub("", _STRUCK.sub("~~", _BREAK.sub("\n", line)))
        line = _EXTERNAL.sub(_show_external, _QUOTES.sub("", line))
        if self._is_banner(line):
            line = ""
        return _Tokens(line, self).read()

    @staticmethod
    def _is_banner(line: str) -> bool:
        """Whether nothing but a template without words stands on a line: a box for the page, nobody says it."""
        words = line.strip()
        return len(words) > 1 and words[0] == words[-1] == VOTE and words.count(VOTE) == 2


class _Tokens:
    def __init__(self, line: str, reader: LineReader) -> None:
        self.line = line
        self.reader = reader
        self.found = Line()
        self.parts: list[str] = []
        self.size = 0
        self.links: list[tuple[int, str]] = []
        self.quoted_from = 0

    def read(self) -> Line:
        start = 0
        for token in _TOKENS.finditer(self.line):
            if token.start() < start:
                continue
            self._add(self.line[start : token.start()])
            start = self._take(token.group(), token.end())
        self._add(self.line[start:])
        if self.reader.quotes:
            self.found.quoted.append((self.quoted_from, self.size + 1))
        self.found.words = "".join(self.parts)
        return self.found

    def _add(self, words: str) -> None:
        words = html.unescape(words) if "&" in words else words
        self.parts.append(words)
        self.size += len(words)

    def _take(self, sign: str, start: int) -> int:
        """Take what a control character stands for, and return where the line goes on."""
        if sign in (LINK, UNSIGNED_BY):
            end = self.line.find(WORDS, start)
            if end < 0:
                return start
            user = self.line[start:end]
            if sign == LINK:
                self.links.append((self.size, user))
                return end + 1
            close = self.line.find(LINK_END, end)
            close = close if close >= 0 else len(self.line)
            self.found.unsigned.append((self.size, user, self.line[end + 1 : close]))
            return close + 1
        if sign == LINK_END and self.links:
            begin, user = self.links.pop()
            self.found.people.append((begin, self.size, user))
        elif sign == QUOTE:
            self.quoted_from = self.size if not self.reader.quotes else self.quoted_from
            self.reader.quotes += 1
        elif sign == QUOTE_END and self.reader.quotes:
            self.reader.quotes -= 1
            if not self.reader.quotes:
                self.found.quoted.append((self.quoted_from, self.size))
        return start


def _show_external(link: re.Match[str]) -> str:
    label = (link[2] or "").strip()
    address = f"https:{link[1]}" if link[1].startswith("//") else link[1]
    return f"[{label}]({address})" if label else address


def plain_words(words: str) -> str:
    """Return words without control characters."""
    return CONTROL.sub(lambda sign: "\n" if sign.group() == "\n" else " ", words).strip()
