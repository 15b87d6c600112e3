"""What a passage says to its readers: its words without code, addresses and the signs of markup, in their places.

The markup is that of `segment`: CommonMark, https://spec.commonmark.org/0.31.2/, of which inline code, links, images,
autolinks and tags are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from harken.core.text.words import SPACELESS_CHARACTER

__all__ = ["Link", "Prose", "count_words", "read_prose"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image of a passage: `text[start:end]` is all of it, `label` the words shown, `target` as written."""

    start: int
    end: int
    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Prose:
    """`text` is as long as the passage: every character that is not for reading is a space in it."""

    text: str
    links: tuple[Link, ...]


_BACKTICKS = re.compile("`+")
# A label may hold brackets, and an image of its own; a target one pair of round brackets.
_LINK = re.compile(
    r"!?\[(?P<label>(?:[^\[\]\\]|\\.|\[[^\[\]]*+\](?:\([^()\s]*+\))?)*+)\]"
    r"\([ \t\n]*+(?:<(?P<angled>[^<>\n]*+)>|(?P<plain>(?:[^\s()<\\]|\\.|\([^\s()]*+\))*+))"
    r"(?:[ \t\n]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?[ \t\n]*+\)",
    re.DOTALL,
)
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\[\]\n]++)\]:[ \t]*+(?P<target>\S*)", re.MULTILINE)
_ADDRESS = re.compile(
    "<[A-Za-z/!][^<>]*+>"
    "|(?<!\\w)(?:https?://|www\\.)[^\\s<>\u3000-\u9fff\uff00-\uffef]*[^\\s<>\u3000-\u9fff\uff00-\uffef.,;:!?…'\")\\]»”*_]"
    "|(?<![\\w.+-])[\\w.+-]++@[\\w-]++(?:\\.[\\w-]++)++",
    re.IGNORECASE,
)


def read_prose(text: str) -> Prose:
    """Return the prose of a passage's `text`, and its links in order. Linear in the length."""
    prose = _blank(text, _find_code(text)) if "`" in text else text
    links: list[Link] = []
    if "](" in prose:
        hidden: list[tuple[int, int]] = []
        for match in _LINK.finditer(prose):
            target = match["angled"] if match["plain"] is None else match["plain"]
            start, end = match.span("label")
            links.append(Link(match.start(), match.end(), text[start:end], target))
            hidden += [(match.start(), start), (end, match.end())]
        prose = _blank(prose, hidden)
    if "]:" in prose:
        definitions = [(match.span(), match["target"]) for match in _DEFINITION.finditer(prose)]
        links += [Link(*span, text[slice(*span)], "") for span, target in definitions if not target.strip("<>")]
        prose = _blank(prose, [span for span, _ in definitions])
    prose = _blank(prose, [match.span() for match in _ADDRESS.finditer(prose)])
    return Prose(prose, tuple(links))


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return `text` with spaces in the `spans` (in order), line breaks kept."""
    if not spans:
        return text
    parts: list[str] = []
    for (_, last), (start, end) in pairwise([(0, 0), *spans]):
        parts += [text[last:start], "\n".join(" " * len(line) for line in text[start:end].split("\n"))]
    return "".join([*parts, text[spans[-1][1] :]])


def _find_code(text: str) -> list[tuple[int, int]]:
    """Return where inline code stands: between two runs of equally many backticks."""
    runs = [match.span() for match in _BACKTICKS.finditer(text)]
    closing: list[int] = [-1] * len(runs)
    next_of_length: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = runs[number][1] - runs[number][0]
        closing[number] = next_of_length.get(length, -1)
        next_of_length[length] = number
    spans: list[tuple[int, int]] = []
    number = 0
    while number < len(runs):
        if closing[number] < 0:
            number += 1
            continue
        spans.append((runs[number][0], runs[closing[number]][1]))
        number = closing[number] + 1
    return spans


_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def count_words(text: str) -> float:
    """Return how many words `text` has, as a person counts: what stands between spaces and holds a letter or digit.

    In scripts without spaces two characters count as a word.
    """
    return sum(_word_sizes(text))


def _word_sizes(text: str) -> Iterator[float]:
    for token in text.split():
        if not _LETTER_OR_DIGIT.search(token):
            continue
        if token.isascii() or not SPACELESS_CHARACTER.search(token):
            yield 1.0
            continue
        yield len(SPACELESS_CHARACTER.findall(token)) / 2
        yield from _word_sizes(SPACELESS_CHARACTER.sub(" ", token))
