"""What a message says itself, apart from what it quotes, the signature below it, and what the list adds.

Every line of a body ends up in exactly one of the four. Where a line could be either, it counts as said: a quoted line
too many is a nuisance, a lost one is a voice not heard.
"""

import re
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
_FOOTER_REACH: Final = 25
_WHEN_OR_WHO: Final = re.compile(r"\d|\S@\S|[<(\[]")
_BEGINS_INTRODUCTION: Final = re.compile(
    r"\s*\*?(?:on|am|le|el|em|in|il|a|في|den|op|at|à|\d{1,4}[-./年])[\s,].{0,120}\d", re.IGNORECASE
)
_TIME_OF_DAY: Final = re.compile(r"\d{1,2}[:.]\d{2}\D")
_LONGEST_LINE: Final = 200
# Every line that introduces others' words ends or begins so; most lines do not, and are not looked at any closer.
_MAY_BEGIN_OTHERS: Final = re.compile(
    r"[:：]|\A\s*[-_=>]{2}|(?:message|nachricht|mail|original|reenviado|الرسالة|توجيهها|संदेश)", re.IGNORECASE
)


def separate(body: str) -> Said:
    """Take a body apart. Lines keep their order inside each part; empty lines around parts are dropped."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kind = ["text"] * len(lines)
    footer = _footer_start(lines)
    _mark(kind, footer, len(lines), "footer")
    passed_on = _passed_on_start(lines, footer)
    _mark(kind, passed_on, footer, "quoted")
    for place in range(passed_on):
        if _is_quote(lines[place]):
            kind[place] = "quoted"
    _mark_introductions(lines, kind, passed_on)
    signature = _signature_start(lines, kind, passed_on)
    for place in range(signature, passed_on):
        if kind[place] == "text":
            kind[place] = "signature"
    return Said(*(_gather(lines, kind, name) for name in ("text", "quoted", "signature", "footer")))


def _is_quote(line: str) -> bool:
    return line[:4].lstrip()[:1] == ">"


def _mark(kind: list[str], start: int, stop: int, name: str) -> None:
    kind[start:stop] = [name] * max(0, stop - start)


def _gather(lines: list[str], kind: list[str], name: str) -> str:
    gathered: list[str] = []
    previous = -1
    for place, line in enumerate(lines):
        if kind[place] != name:
            continue
        # What stood apart stays apart.
        if gathered and previous != place - 1 and gathered[-1].strip() and line.strip():
            gathered.append("")
        gathered.append(line.rstrip())
        previous = place
    text = "\n".join(gathered)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _footer_start(lines: list[str]) -> int:
    """Where what the list adds begins: below a rule near the end, with an address and words that lists use."""
    last = len(lines)
    start = last
    for place in range(last - 1, max(-1, last - 1 - _FOOTER_REACH), -1):
        is_mark = _RULE.match(lines[place]) is not None or _SIGNATURE_MARK.match(lines[place]) is not None
        if not is_mark:
            continue
        below = [line for line in lines[place + 1 : start] if line.strip()]
        if any(_is_quote(line) for line in below):
            break
        said = "\n".join(below)
        if (not below and start < last) or (
            _ADDRESS.search(said)
            and (LIST_WORDS.search(said) or (len(below) <= 4 and lines[place].lstrip()[:1] == "_"))
        ):
            start = place
    return start


def _passed_on_start(lines: list[str], stop: int) -> int:
    """Where a whole message follows that is somebody else's: below a line that says so, or below its headers."""
    for place in range(stop):
        line = lines[place]
        if not line or len(line) > _LONGEST_LINE or not _MAY_BEGIN_OTHERS.search(line):
            continue
        if PASSED_ON.match(line) or _begins_headers(lines, place, stop):
            return place - 1 if place and _RULE.match(lines[place - 1]) else place
        span = _introduction_lines(lines, place, strict=True)
        if span:
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
        # Above quoted lines a time of day says enough in any language.
        is_named = WROTE.search(said) is not None or (not strict and _TIME_OF_DAY.search(said) is not None)
        if not is_named or len(said) > 2 * _LONGEST_LINE:
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
        if kind[place] == "text" and _SIGNATURE_MARK.match(lines[place]):
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
