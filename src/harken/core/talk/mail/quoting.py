"""What a message says itself, apart from what it quotes, the signature below it, and what the list adds.

Every line of a body ends up in exactly one of the four. Where a line could be either, it counts as said: a quoted line
too many is a nuisance, a lost one is a voice not heard.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from harken.core.talk.mail.phrases import HEADER_NAMES, LIST_WORDS, PASSED_ON, WROTE

__all__ = ["Said", "separate", "unflow"]


@dataclass(frozen=True, slots=True)
class Said:
    """A body taken apart: the words of its author, those of others, the author's signature, the list's footer."""

    text: str = ""
    quoted: str = ""
    signature: str = ""
    footer: str = ""


_SIGNATURE_MARK: Final = re.compile(r"--[ \t\xa0]?\Z")
_LONGEST_SIGNATURE: Final = 20
_RULE: Final = re.compile(r"\s*(?:_{8,}|-{8,}|={8,}|\*{8,}|~-+>|-+~-->.*)\s*\Z|-{3,}~->|-{5,} Yahoo! Groups")
_ADDRESS: Final = re.compile(r"https?://|www\.|\S+@\S+\.\S", re.IGNORECASE)
# Addresses by which one leaves a list: hardly anybody writes them in a message.
_COMMANDS: Final = re.compile(r"\S-(?:un)?subscribe@|/listinfo/\S|/options/\S|use of Yahoo! Groups", re.IGNORECASE)
_NAMED_QUOTE: Final = re.compile(r"\s{0,8}([A-Z][A-Za-z]{0,11})>(?:\s|\Z)")
_FOOTER_REACH: Final = 25
_WHEN_OR_WHO: Final = re.compile(r"\d|\S@\S|[<(\[]")
_BEGINS_INTRODUCTION: Final = re.compile(
    r"\s*\*?(?:on|am|le|el|em|in|il|a|في|den|op|at|à|\d{1,4}[-./年])[\s,].{0,120}\d", re.IGNORECASE
)
_TIME_OF_DAY: Final = re.compile(r"\d{1,2}[:.]\d{2}\D")
_LONGEST_LINE: Final = 200
_MANY_BLANKS: Final = re.compile(r"\n{3,}")
_RULES: Final = ("-", "_", "=", ">")
_MARKS: Final = ("-", "_", "=", "*", "~")


def separate(body: str) -> Said:
    """Take a body apart. Lines keep their order inside each part; empty lines around parts are dropped."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kind = ["text"] * len(lines)
    footer = _footer_start(lines)
    _mark(kind, footer, len(lines), "footer")
    passed_on = _passed_on_start(lines, footer)
    _mark(kind, passed_on, footer, "quoted")
    named = _names_before_quotes(lines[:passed_on]) if ">" in body else frozenset()
    for place in range(passed_on):
        if _is_quote(lines[place]) or (named and (found := _NAMED_QUOTE.match(lines[place])) and found[1] in named):
            kind[place] = "quoted"
    _mark_introductions(lines, kind, passed_on)
    signature = _signature_start(lines, kind, passed_on)
    for place in range(signature, passed_on):
        if kind[place] == "text":
            kind[place] = "signature"
    return Said(**_gather(lines, kind))


def _is_quote(line: str) -> bool:
    return line[:4].lstrip()[:1] == ">"


def _names_before_quotes(lines: list[str]) -> frozenset[str]:
    """The names or initials that stand before quoted lines (`Ann> …`), each at least twice."""
    marked = (line for line in lines if ">" in line[1:24])
    counts = Counter(found[1] for line in marked if (found := _NAMED_QUOTE.match(line)) is not None)
    return frozenset(name for name, count in counts.items() if count > 1)


def _mark(kind: list[str], start: int, stop: int, name: str) -> None:
    kind[start:stop] = [name] * max(0, stop - start)


def _gather(lines: list[str], kind: list[str]) -> dict[str, str]:
    gathered: dict[str, list[str]] = {"text": [], "quoted": [], "signature": [], "footer": []}
    previous = ""
    for name, line in zip(kind, lines, strict=True):
        part = gathered[name]
        # What stood apart stays apart.
        if name != previous and part and part[-1] and line.strip():
            part.append("")
        part.append(line.rstrip())
        previous = name
    return {name: _MANY_BLANKS.sub("\n\n", "\n".join(part)).strip("\n") for name, part in gathered.items()}


def _footer_start(lines: list[str]) -> int:
    """Where what the list adds begins: below a rule near the end, with an address and words that lists use."""
    last = len(lines)
    start = last
    for place in range(last - 1, max(-1, last - 1 - _FOOTER_REACH), -1):
        if lines[place].lstrip()[:1] not in _MARKS:
            continue
        is_mark = _RULE.match(lines[place]) is not None or _SIGNATURE_MARK.match(lines[place]) is not None
        if not is_mark:
            continue
        below = [line for line in lines[place + 1 : start] if line.strip()]
        if any(_is_quote(line) for line in below):
            break
        said = "\n".join(line[:_LONGEST_LINE] for line in below)
        if (not below and start < last) or (
            _ADDRESS.search(said)
            and (LIST_WORDS.search(said) or (len(below) <= 4 and lines[place].lstrip()[:1] == "_"))
        ):
            start = place
    return _footer_without_rule(lines, start)


def _footer_without_rule(lines: list[str], start: int) -> int:
    """Paragraphs above `start` that say how to leave the list."""
    place = start
    while True:
        end = place
        while end > 0 and not lines[end - 1].strip():
            end -= 1
        begin = end
        while begin > 0 and lines[begin - 1].strip() and end - begin < _FOOTER_REACH:
            begin -= 1
        paragraph = lines[begin:end]
        if (
            not paragraph
            or any(_is_quote(line) for line in paragraph)
            or not _COMMANDS.search("\n".join(line[:_LONGEST_LINE] for line in paragraph))
        ):
            return place
        place = begin


def _passed_on_start(lines: list[str], stop: int) -> int:
    """Where a whole message follows that is somebody else's: below a line that says so, or below its headers."""
    for place in range(stop):
        line = lines[place]
        # Lines that introduce others' words have a colon or begin with a rule; the others are not looked at any closer.
        if ":" not in line and "：" not in line and line.lstrip()[:1] not in _RULES:
            continue
        if not line or len(line) > _LONGEST_LINE:
            continue
        if _is_quote(line):
            continue
        if PASSED_ON.match(line) or _begins_headers(lines, place, stop):
            return place - 1 if place and _RULE.match(lines[place - 1]) else place
        span = _introduction_lines(lines, place, strict=True)
        # Something must have been said above: else the author's own words, marked in no way we know, would be lost.
        if span and any(said.strip() for said in lines[: place - span + 1]):
            following = next((other for other in lines[place + 1 : stop] if other.strip()), "")
            # Quoted lines have their marks; without any, the rest of the message is the other's.
            if following and not any(_is_quote(other) for other in lines[place + 1 : stop]):
                return place - span + 1
    return stop


def _begins_headers(lines: list[str], place: int, stop: int) -> bool:
    found = HEADER_NAMES.match(lines[place])
    if found is None or found["start"] is None:
        return False
    names = sum(1 for line in lines[place : min(stop, place + 7)] if HEADER_NAMES.match(line))
    return names >= 3


def _introduction_lines(lines: list[str], place: int, *, strict: bool) -> int:
    """How many lines up to `place` say who wrote what follows; 0 if none. Programs break the line at any place."""
    if not lines[place].rstrip(" \t*").endswith((":", "：")) or len(lines[place]) > _LONGEST_LINE:
        return 0
    for count in (3, 2, 1):
        first = place - count + 1
        if first < 0 or not all(line.strip() for line in lines[first : place + 1]):
            continue
        said = " ".join(lines[first : place + 1])
        if len(said) > 2 * _LONGEST_LINE:
            continue
        # Above quoted lines a time of day says enough in any language.
        is_named = WROTE.search(said) is not None or (not strict and _TIME_OF_DAY.search(said) is not None)
        if not is_named:
            continue
        if strict and _WHEN_OR_WHO.search(said) is None:
            continue
        if count == 1 or _BEGINS_INTRODUCTION.match(lines[first]):
            return count
    return 0


def _mark_introductions(lines: list[str], kind: list[str], stop: int) -> None:
    for place in range(1, stop):
        if kind[place] != "quoted" or kind[place - 1] == "quoted":
            continue
        above = place - 1
        while above > max(0, place - 3) and not lines[above].strip():
            above -= 1
        if kind[above] == "text":
            for line in range(above - _introduction_lines(lines, above, strict=False) + 1, above + 1):
                kind[line] = "quoted"


def _signature_start(lines: list[str], kind: list[str], stop: int) -> int:
    for place in range(stop - 1, -1, -1):
        if lines[place][:2] == "--" and kind[place] == "text" and _SIGNATURE_MARK.match(lines[place]):
            below = sum(1 for other in range(place + 1, stop) if kind[other] == "text" and lines[other].strip())
            return place if below <= _LONGEST_SIGNATURE else stop
    return stop


def unflow(text: str, *, deletes_space: bool = False) -> str:
    """Join the lines that a program broke softly (RFC 3676): those that end with a space, within one depth of quoting.

    `deletes_space` is what the header calls `delsp=yes`.
    """
    joined: list[str] = []
    depth_before = 0
    is_open = False
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:]
        words = words.removeprefix(" ")
        is_signature = words == "-- "
        if is_open and depth == depth_before and not is_signature:
            before = joined.pop()
            joined.append((before[:-1] if deletes_space else before) + words)
        else:
            joined.append(f"{'>' * depth}{' ' if depth else ''}{words}")
        is_open = words.endswith(" ") and not is_signature
        depth_before = depth
    return "\n".join(joined)
