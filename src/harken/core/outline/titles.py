"""Where the title of a recommendation ends and its text begins.

1. A bold lead-in is the title.
2. A short lead before a colon is the title: at most 12 words and 100 characters, without a sentence end inside.
3. One to four words that form a sentence of their own ("Recognition. Encourage ...") are the title.
4. Otherwise the first line is the title, however long: a recommendation always has one, and no word is said twice.

Further lines of the item are text in every case.
"""

import re

from harken.core.outline.lexicon import split_words

__all__ = ["split_title"]

_COLON = re.compile(r"\s*(?:[：︰﹕]|[:؛](?=\s|$))\s*")
_SENTENCE_INSIDE = re.compile(r"[.!?؟।。！？…]\s")
_SHORT_SENTENCE = re.compile(
    r"^(?P<title>[^\s.!?।。:;,()]+(?:\s[^\s.!?।。:;,()]+){0,3})(?P<end>[.।。])\s+(?P<rest>\S.*)$", re.DOTALL
)
_TRAILING_MARK = re.compile(r"\s*[:：.–—-]\s*$")
_BRACKETS = {"(": ")", "[": "]", "“": "”", "«": "»", "„": "“"}


def split_title(text: str, lead: int = 0) -> tuple[str, str]:
    """Return title and text of an item; `lead` is the number of characters at its start that are set in bold.

    The title is never empty. Title and text together hold the words of `text` in order, without the colon between them.
    """
    first, _, more = text.partition("\n")
    title, rest = _split_first_line(first, lead)
    return title, "\n".join(part for part in (rest, more) if part)


def _split_first_line(line: str, lead: int) -> tuple[str, str]:
    if 0 < lead < len(line) and lead <= 120 and re.search(r"\w", line[lead:]):
        title, rest = line[:lead].strip(), re.sub(r"^\s*[:：–—.-]\s*", "", line[lead:]).strip()
        # A bold word in the middle of a phrase is emphasis, not a title.
        ends = _TRAILING_MARK.search(title) or re.match(r"\s*[:：–—.-]", line[lead:])
        if rest and title and (ends or rest[:1].isupper()):
            return _TRAILING_MARK.sub("", title) or title, rest
    for match in _COLON.finditer(line):
        title, rest = line[: match.start()], line[match.end() :]
        if not title or len(title) > 100 or len(split_words(title)) > 12:
            break
        if _is_title_before_colon(title, rest):
            return title, rest
    short = _SHORT_SENTENCE.match(line)
    if short is not None and _is_short_title(short["title"], short["rest"]):
        return short["title"], short["rest"]
    return line, ""


def _is_title_before_colon(title: str, rest: str) -> bool:
    if _SENTENCE_INSIDE.search(title) or not re.search(r"[^\W\d_]", title):
        return False
    if any(title.count(opening) > title.count(closing) for opening, closing in _BRACKETS.items()):
        return False
    return title.count('"') % 2 == 0 and not rest.startswith("//")


def _is_short_title(title: str, rest: str) -> bool:
    words = split_words(title)
    last = words[-1] if words else ""
    # Abbreviations and initials ("Dr. Who", "U. S.") are no sentences, and a sentence starts with a capital where
    # there are any.
    if len(last) < 4 or any(c.isdigit() for c in last) or len(title) > 40:
        return False
    return len(split_words(rest)) >= 3 and not rest[:1].islower() and rest[:1].isalpha() and not title[:1].islower()
