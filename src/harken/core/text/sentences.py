"""Where the sentences of a text begin and end, in any script.

The base are the default rules of Unicode Standard Annex #29, section 5 (https://www.unicode.org/reports/tr29/): a
sentence ends at a sign that ends sentences, with the quotes and brackets that close behind it. Where those rules leave
room for tailoring, this is done: abbreviations and initials by language, numbers of order and of list items, quoted
questions within a sentence, notes and link targets behind its end, and line breaks inside a paragraph, which end
nothing unless an item of a list or a row of a table follows.

Thai and Lao have no such sign; a text in them is one sentence up to the next empty line.
"""

import re
from collections.abc import Iterator

from harken.core.text.abbreviations import MONTHS, ORDINALS, Abbreviations, abbreviations_for
from harken.core.text.words import is_spaceless

__all__ = ["split_sentences"]

# What ends a sentence wherever it stands, since no space need follow: ideographic and half-width full stops, danda,
# Arabic, Armenian, Ethiopic, Burmese, Khmer, Tibetan, Mongolian, Santali, Lisu, Vai and Saurashtra signs (STerm of
# UAX #29; the comma of Burmese and the colon of Khmer, which it counts in, are left out).
_SURE = "。．｡！？।॥؟۔։።፧፨။។៕༎᠃᠉᱾᱿꓿꘎꘏꣎꣏"
# What ends one before white space only: ASCII signs stand in numbers, addresses and names, too.
_UNSURE = ".!?…‼⁇⁈⁉‽"
# What closes behind the end: quotes, brackets, emphasis, raised numbers of notes, "[1]", and the target of a link.
_CLOSING_SIGN = "[\"'”’»›«)\\]}）」』】〉》*_`~¹²³⁰⁴-⁹]|[“‘](?!\\w)"
_CLOSING = f"(?:{_CLOSING_SIGN}|\\[\\d{{1,3}}\\]|(?<=\\])\\([^()\\s]*+\\)|[ \u00a0\u202f]++[»›](?!\\w))*+"
_CANDIDATE = re.compile(
    f"(?P<stop>[{_SURE}{re.escape(_UNSURE)}]++){_CLOSING}"
    "|(?P<gap>\u2029|\n[ \t\r]*+\n|\n(?=[ \t]*+(?:\\||(?:[-*+•–]|\\d{1,3}[.)])[ \t])))"
)
# White space, and what may open the next sentence.
_OPENING = re.compile("[\\s\"'“”„‘’«»‹›(\\[{（「『【〈《¿¡*_`~–—-]*+")
_WORD = re.compile("\\w")
_NEXT_WORD = re.compile("[^\\W\\d_]++(?:['’][^\\W\\d_]++)?")
# "u.s", "z.b", "j.-c"; the letter before the last of "d. h."; what numbers the items of a list.
_LETTERS = re.compile("(?:[^\\W\\d_][.-]{1,2}){1,4}[^\\W\\d_]")
_LETTER_BEFORE = re.compile("(?:^|[\\s.(])([^\\W\\d_]\\.)$")
_ITEM_NUMBER = re.compile("\\d{1,3}(?:\\.\\d{1,3})*|[^\\W\\d_]|[IVX]{1,5}")
_ELIDED = re.compile("^[^\\W\\d_]{1,6}['’](?=\\w)")
_AROUND = "\"'“”„‘’«»([{*_"
_LONGEST_ABBREVIATION = 24
_LONGEST_ORDINAL = 2


def split_sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """Return where the sentences of `text` are, as (start, end) with `text[start:end]` the sentence.

    They come in order and do not overlap; everything outside of them is white space, and none begins or ends with any.
    `language` (BCP 47; "" if unknown) decides about abbreviations and ordinal numbers; without it those of all known
    languages count. Linear in the length.
    """
    return list(_find_sentences(text, language.replace("_", "-").split("-", 1)[0].lower()))


def _find_sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    abbreviations = abbreviations_for(language)
    start = _skip_space(text, 0)
    read = start
    has_word = False
    for candidate in _CANDIDATE.finditer(text):
        if candidate.start() < start:
            continue
        is_gap = candidate["stop"] is None
        has_word = has_word or _WORD.search(text, read, candidate.start()) is not None
        read = candidate.start()
        if not is_gap and not (has_word and _ends_sentence(text, start, candidate, language, abbreviations)):
            continue
        end = candidate.start() + (0 if is_gap else len(candidate.group()))
        end = _skip_space_back(text, start, end)
        if end > start:
            yield start, end
        start = read = _skip_space(text, candidate.end())
        has_word = False
    end = _skip_space_back(text, start, len(text))
    if end > start:
        yield start, end


_SPACE = re.compile("\\s*+")


def _skip_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _skip_space_back(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _ends_sentence(
    text: str, start: int, candidate: re.Match[str], language: str, abbreviations: Abbreviations
) -> bool:
    """Return whether the sentence from `start` ends with `candidate`."""
    stop, end = candidate["stop"], candidate.end()
    closing = text[candidate.end("stop") : end]
    if any(sign in _SURE for sign in stop):
        return _ends_surely(text, candidate, closing)
    if end == len(text):
        return True
    if not text[end].isspace():
        # Only where no space belongs there anyway.
        return is_spaceless(text[end : end + 1]) and not text[candidate.start() - 1].isascii()
    opening = _OPENING.match(text, end)
    place = opening.end() if opening else end
    following = text[place : place + 1]
    if stop != ".":
        return _ends_otherwise(text, candidate, closing, following)
    if not following:
        return True
    if following.islower() or following in ",;:":
        return False
    return not _is_abbreviated(text, start, candidate.start(), place, language, abbreviations)


def _ends_surely(text: str, candidate: re.Match[str], closing: str) -> bool:
    before, after = text[candidate.start() - 1 : candidate.start()], text[candidate.end() : candidate.end() + 1]
    if candidate["stop"] == "．" and before.isdigit() and after.isdigit():
        return False
    # Japanese: words quoted in the middle of a sentence go on with the particle "と".
    return not (closing[-1:] in tuple("」』") and after in tuple("とっ"))


def _ends_otherwise(text: str, candidate: re.Match[str], closing: str, following: str) -> bool:
    """Return whether "!", "?" or an ellipsis ends a sentence before the word that begins with `following`."""
    if following and following in ",;:":
        return False
    if set(candidate["stop"]) <= {".", "…"}:
        # Words left out in the middle: "we will […] act"; else what trails off ends where a capital follows.
        left_out = text[candidate.start() - 1 : candidate.start()] in tuple("[(")
        return not following.islower() and not left_out
    return not (closing and following.islower())


def _is_abbreviated(
    text: str, start: int, stop: int, following: int, language: str, abbreviations: Abbreviations
) -> bool:
    """Return whether the full stop at `stop` belongs to the word before it, with a next word at `following`."""
    begin = max(start, stop - _LONGEST_ABBREVIATION)
    before = text[begin:stop]
    if before[-1:].isspace():
        return False
    parts = before.rsplit(None, 1)
    raw = _ELIDED.sub("", parts[-1].strip(_AROUND))
    if not raw or len(parts[-1]) == _LONGEST_ABBREVIATION:
        return False
    before = parts[0] if len(parts) > 1 else ""
    letters = _LETTER_BEFORE.search(before) if len(raw) == 1 else None
    word = (letters.group(1) + raw if letters else raw).lower()
    is_first = begin == start and not before.strip(_AROUND)
    match = _NEXT_WORD.match(text, following)
    next_word = match.group().lower() if match else ""
    if is_first and _ITEM_NUMBER.fullmatch(raw):
        return True
    if raw.isdigit():
        return _is_ordinal(raw, next_word, text[following].isdigit(), language)
    if word in abbreviations.inside:
        return True
    if text[following].isdigit():
        return word in abbreviations.numbered or _LETTERS.fullmatch(word) is not None
    if len(raw) == 1 and len(next_word) == 1 and text[following + 1 : following + 2] == ".":
        return True
    if next_word in abbreviations.beginnings:
        return False
    return word in abbreviations.open or _is_initial(raw, word)


def _is_ordinal(number: str, next_word: str, next_is_number: bool, language: str) -> bool:
    """Return whether the full stop makes `number` one of order: "3. Oktober", "3. 10. 2030", "die 5. Sitzung"."""
    if len(number) > _LONGEST_ORDINAL or (language and language not in ORDINALS):
        return False
    if next_is_number or next_word in MONTHS:
        return True
    return bool(language) and bool(next_word) and next_word not in abbreviations_for(language).beginnings


def _is_initial(raw: str, word: str) -> bool:
    """Return whether it is a letter that stands for a name, or several that stand for words."""
    if _LETTERS.fullmatch(word):
        return True
    return len(raw) == 1 and raw.isalpha() and not raw.islower() and not is_spaceless(raw)
