"""Headings that open an iteration: "Iteration 2 (September 2019)", "Second draft, 3 May 2019" and their like."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from harken.core.outline.dates import FoundDate, find_dates
from harken.core.outline.lexicon import (
    FILLER_WORDS,
    FINAL_WORDS,
    ITERATION_WORDS,
    MINOR_WORDS,
    ORDINAL_WORDS,
    RECOMMENDATION_WORDS,
    any_word,
    fold_word,
    is_question,
    is_word,
    split_words,
)

__all__ = ["IterationHeading", "read_iteration_heading"]

_MAX_CHARACTERS = 120
_ROMAN = re.compile(r"(?:i{1,3}|iv|vi{0,3}|ix|x)")
_COUNT = re.compile(r"\d{1,3}(?:st|nd|rd|th|e|er|re|ere|eme|a|o|ter|te|tes)?")
_YEAR_AT_END = re.compile(r"(?<!\d)(?P<year>[12]\d{3})\W*$")
_EDGES = re.compile(r"^[\s\-–—,،:;/|(]+|[\s\-–—,،:;/|(]+$")
_EMPTY_BRACKETS = re.compile(r"[(\[（]\s*[)\]）]")


@dataclass(frozen=True, slots=True)
class IterationHeading:
    """Title (without the date, where that leaves one) and ISO date (`2019-09`, `2019-09-15`, `2019` or empty)."""

    title: str
    date: str


@lru_cache(maxsize=4096)
def read_iteration_heading(text: str) -> IterationHeading | None:
    """Return what a line says if it is the heading of an iteration, else None.

    It is one if it names an iteration, draft, round or version beside a number, an ordinal or "final", or if it
    names one (or "recommendations") and a date. Beside these only words that say nothing may stand, or a subtitle
    behind a colon or dash.
    """
    if len(text) > _MAX_CHARACTERS or "\n" in text or is_question(text):
        return None
    if text.endswith((".", ";", ",")) or not text:
        return None
    if not any(is_word(word, ITERATION_WORDS) or is_word(word, RECOMMENDATION_WORDS) for word in split_words(text)):
        return None
    date, rest = _take_date(text)
    words = split_words(rest)
    if not _is_iteration(words, rest, dated=bool(date)):
        return None
    title = _EDGES.sub("", _EMPTY_BRACKETS.sub("", rest))
    # A date inside a phrase ("the September 2019 round") stays where it is: the rest would not read.
    whole = not title or title.count("(") != title.count(")")
    return IterationHeading(text.strip() if whole else " ".join(title.split()), date)


def _take_date(text: str) -> tuple[str, str]:
    dates: list[FoundDate] = [date for date in find_dates(text) if date.year]
    if dates:
        date = dates[0]
        before = split_words(text[: date.start])
        # In "Draft 1 August 2019" the number is the draft's, not the day's.
        if date.day and before and is_word(before[-1], ITERATION_WORDS) and not any(map(_is_count, before)):
            return replace(date, day=0).iso, f"{text[: date.start]}{date.day}{text[date.end :]}"
        return date.iso, text[: date.start] + text[date.end :]
    year = _YEAR_AT_END.search(text)
    if year is not None:
        return f"{int(year['year'])}", text[: year.start()] + text[year.end("year") :]
    return "", text


def _is_iteration(words: list[str], rest: str, *, dated: bool) -> bool:
    places = [place for place, word in enumerate(words) if is_word(word, ITERATION_WORDS)]
    if places:
        counted = [place for place, word in enumerate(words) if _says_which(word, first=place == 0)]
        pair = next(((a, b) for a in places for b in counted if a != b and abs(a - b) <= 2), None)
        if pair is not None:
            return _rest_says_nothing(words, rest, upto=max(pair))
        return dated and _rest_says_nothing(words, rest, upto=max(places))
    return dated and any_word(rest, RECOMMENDATION_WORDS) and all(_says_nothing(word) for word in words)


def _is_count(word: str) -> bool:
    return _says_which(word, first=True)


def _says_which(word: str, *, first: bool) -> bool:
    folded = fold_word(word)
    if _COUNT.fullmatch(folded) or is_word(word, FINAL_WORDS):
        return True
    bare = folded.removeprefix("ال")
    # A lone "I" or "V" at the start of a line is a pronoun or a chapter.
    return folded in ORDINAL_WORDS or bare in ORDINAL_WORDS or (not first and bool(_ROMAN.fullmatch(folded)))


def _says_nothing(word: str) -> bool:
    return (
        is_word(word, FILLER_WORDS)
        or is_word(word, MINOR_WORDS)
        or is_word(word, ITERATION_WORDS)
        or _says_which(word, first=False)
    )


def _rest_says_nothing(words: list[str], rest: str, *, upto: int) -> bool:
    """Whether the words beside name and number carry nothing, or form a subtitle behind a colon, dash or bracket."""
    if all(_says_nothing(word) for word in words):
        return True
    head = re.split(r"[:：(（]|\s[-–—]\s", rest, maxsplit=1)[0]
    return len(split_words(head)) > upto and all(_says_nothing(word) for word in split_words(head))
