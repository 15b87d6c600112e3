"""The source of a wiki page with its templates and links resolved, in one pass over it.

What is left is text with a few control characters in it (see `LINK`, `WORDS`, …) that the reader of lines understands.
A parser that builds the whole tree of the markup was measured to take minutes on hostile pages.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from harken.core.talk.wiki.site import Wiki
from harken.core.talk.wiki.templates import OUTDENTS, PINGS, QUOTES, SILENT, STYLED, UNSIGNED, fold_name
from harken.core.talk.wiki.timestamps import find_stamp

__all__ = ["CONTROL", "LINK", "LINK_END", "QUOTE", "QUOTE_END", "UNSIGNED_BY", "VOTE", "WORDS", "resolve_markup"]

# LINK user WORDS what is shown LINK_END: a link to somebody's page.
LINK, WORDS, LINK_END = "\x02", "\x03", "\x04"
# UNSIGNED_BY user WORDS date LINK_END: an unsigned template.
UNSIGNED_BY = "\x05"
# What stands between is quoted.
QUOTE, QUOTE_END = "\x0e", "\x0f"
# A template without words, by name.
VOTE = "\x10"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")

_VERBATIM = re.compile(r"<(nowiki|pre|syntaxhighlight|source|math)\b[^<>]{0,500}>", re.IGNORECASE)
_DROPPED = re.compile(
    r"<(ref|gallery|timeline|imagemap|graph|templatestyles|score|references)\b[^<>]{0,2000}>", re.IGNORECASE
)
_MARKS = re.compile(r"\{\{|\}\}|\[\[|\]\]")
_MARKUP = re.compile(r"[\[\]{}|'*#:;=<>~&!\n]")
_ARGUMENT = re.compile(r"\|")
_NAMED = re.compile(r"\s*([\w .-]{1,60}?)\s*=(?![^<>]{0,80}>)")
_TEXT_NAMES = frozenset(("1", "2", "3", "text", "content", "quote", "title", "result", "zitat", "texte", "texto"))
_MEDIA = re.compile(
    r"\s*(?:file|image|media|datei|bild|fichier|archivo|ficheiro|arquivo|imagem|plik|immagine|bestand|файл|ملف|चित्र|"
    r"category|kategorie|catégorie|categoría|categoria|kategoria|categorie|категория|تصنيف|श्रेणी)\s*:",
    re.IGNORECASE,
)
_QUOTE_TAG = re.compile(r"<(/?)(?:blockquote|q|cite)\b[^<>]{0,500}>", re.IGNORECASE)
_INNER = re.compile(f"[{LINK}{UNSIGNED_BY}][^{WORDS}]*{WORDS}|[{LINK_END}{QUOTE}{QUOTE_END}{VOTE}]")
_DEEPEST = 24
_LONGEST_TARGET = 500
_LONGEST_NAME = 200
_LONGEST_VOTE = 30


def resolve_markup(text: str, wiki: Wiki) -> str:
    """Return the text without comments and notes, with its templates and links resolved.

    Braces and brackets that never close, and those nested more than 24 deep, stay as they are.
    """
    text = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if "<" in text:
        text = _set_aside(_drop_comments(text))
        text = _QUOTE_TAG.sub(lambda tag: QUOTE_END if tag[1] else QUOTE, text)
    return _Resolver(wiki).resolve(text)


def _drop_comments(text: str) -> str:
    """Take out comments; a line on which nothing else stands goes with them. One that never ends takes all."""
    parts: list[str] = []
    start = 0
    while (opening := text.find("<!--", start)) >= 0:
        closing = text.find("-->", opening + 4)
        end = closing + 3 if closing >= 0 else len(text)
        before = text[start:opening]
        line = before.rpartition("\n")[2] if "\n" in before or not parts else "x"
        if not line.strip():
            line_end = text.find("\n", end)
            if line_end >= 0 and not text[end:line_end].strip():
                before, end = before[: len(before) - len(line)], line_end + 1
        parts.append(before)
        start = end
    return "".join([*parts, text[start:]])


def _set_aside(text: str) -> str:
    """Take out notes and galleries, and make of verbatim text what reads the same and is no markup."""
    parts: list[str] = []
    start, lower, unclosed = 0, text.lower(), set[str]()
    openings = sorted([*_VERBATIM.finditer(text), *_DROPPED.finditer(text)], key=lambda opening: opening.start())
    for opening in openings:
        tag = opening[1].lower()
        if opening.start() < start or tag in unclosed:
            continue
        end, words = opening.end(), ""
        if not opening.group().endswith("/>"):
            closing = lower.find(f"</{tag}", end)
            closed = lower.find(">", closing) if closing >= 0 else -1
            if closed < 0:
                unclosed.add(tag)
                continue
            if opening.re is _VERBATIM:
                words = _MARKUP.sub(lambda sign: f"&#{ord(sign.group())};", text[end:closing])
            end = closed + 1
        parts += [text[start : opening.start()], words]
        start = end
    return "".join([*parts, text[start:]])


@dataclass(slots=True)
class _Level:
    mark: str
    parts: list[str]


class _Resolver:
    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self.stack = [_Level("", [])]
        self.open = {"{{": 0, "[[": 0}
        self.too_deep = 0

    def resolve(self, text: str) -> str:
        start = 0
        for mark in _MARKS.finditer(text):
            self._add(text[start : mark.start()])
            start = mark.end()
            sign = mark.group()
            if sign in self.open:
                self._open(sign)
            else:
                self._close(sign, "{{" if sign == "}}" else "[[")
        self._add(text[start:])
        while len(self.stack) > 1:
            self._give_up()
        return "".join(self.stack[0].parts)

    def _add(self, words: str) -> None:
        if words:
            self.stack[-1].parts.append(words)

    def _open(self, mark: str) -> None:
        if len(self.stack) > _DEEPEST:
            self.too_deep += 1
            self._add(mark)
        else:
            self.stack.append(_Level(mark, []))
            self.open[mark] += 1

    def _close(self, sign: str, mark: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
            self._add(sign)
        elif not self.open[mark] or (mark == "[[" and self.stack[-1].mark != mark):
            self._add(sign)
        else:
            while self.stack[-1].mark != mark:
                self._give_up()
            content = "".join(self.stack.pop().parts)
            self.open[mark] -= 1
            self._add(self._template(content) if mark == "{{" else self._link(content))

    def _give_up(self) -> None:
        """What never closes is text."""
        level = self.stack.pop()
        self.open[level.mark] -= 1
        self.stack[-1].parts += [level.mark, *level.parts]

    # --- links ---

    def _link(self, content: str) -> str:
        target, _, label = content.partition("|")
        if len(target) > _LONGEST_TARGET or "\n" in target:
            return f"[[{content}]]"
        if not target.lstrip().startswith(":") and _MEDIA.match(target):
            return ""
        user = self.wiki.names.user_of_title(html.unescape(target))
        shown = label if label.strip() else target.strip().lstrip(":").replace("_", " ")
        if user:
            return f"{LINK}{user}{WORDS}{_bare(shown)}{LINK_END}"
        return shown

    # --- templates ---

    def _template(self, content: str) -> str:
        first, *arguments = _ARGUMENT.split(content)
        name = fold_name(first[:_LONGEST_NAME])
        if len(first) > _LONGEST_NAME or not name:
            return f"{{{{{content}}}}}"
        if name in UNSIGNED:
            return self._unsigned(arguments)
        if name in OUTDENTS or name in SILENT or name.startswith("#"):
            return ""
        owner = self.wiki.names.user_of_title(first.partition("/")[0])
        if owner:
            # A signature kept on a page of its own.
            return f"{LINK}{owner}{WORDS}{owner}{LINK_END}" if "/" in first else ""
        words = _words_of(arguments)
        if name in PINGS:
            people = [word.strip() for word in words if word.strip() and len(word) < _LONGEST_NAME]
            return "@" + ", ".join(people) if people else ""
        if name in QUOTES:
            return f"{QUOTE}{words[0] if words else ''}{QUOTE_END}"
        if name in STYLED:
            return words[0].strip() if words else ""
        if ":" in name and not arguments:
            return ""
        if not arguments:
            return f"{VOTE}{first.strip()}{VOTE}" if len(first) <= _LONGEST_VOTE and "\n" not in first else ""
        # Of several arguments the last is what is shown ({{ll|Page|label}}, {{lang|ar|text}}).
        return words[-1].strip(" ") if words else ""

    def _unsigned(self, arguments: Sequence[str]) -> str:
        user, date = "", ""
        formats = (*self.wiki.formats, *self.wiki.typed_formats)
        for argument in arguments:
            named = _NAMED.match(argument)
            words = _bare(argument[named.end() :] if named is not None else argument).strip()
            if not words:
                continue
            if not date and find_stamp(formats, words) is not None:
                date = words
            elif not user and LINK in argument:
                user = argument.partition(LINK)[2].partition(WORDS)[0]
            elif not user and len(words) < _LONGEST_NAME:
                user = self.wiki.names.user_of_title(words) or self.wiki.names.user_of_title(f"User:{words}")
        return f"{UNSIGNED_BY}{user}{WORDS}{date}{LINK_END}"


def _words_of(arguments: Sequence[str]) -> list[str]:
    """Return the arguments that have no name, or a name that stands for text."""
    words = []
    for argument in arguments:
        named = _NAMED.match(argument)
        if named is None:
            words.append(argument)
        elif named[1].strip().lower() in _TEXT_NAMES:
            words.append(argument[named.end() :])
    return words


def _bare(text: str) -> str:
    """Return a text without links in it: those of a link or date inside another say nothing more."""
    return _INNER.sub("", text)
