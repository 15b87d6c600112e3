"""Finding words that were selected on a page in the text they stand in, which holds their markup besides."""

import re
from typing import Final

from harken.core.text.anchor import Quote, locate_quote

# What may stand between two words of a text but not between them on the page: marks of emphasis, code and quotes, line
# breaks, and the brackets and address of a link. Each begins differently, so that nothing is read twice.
_BETWEEN: Final = r"(?:[\s*_`\\>\[]|\](?:\([^()\s]*\))?)+"
_MOST_CHARACTERS: Final = 2_000


def find_words(text: str, words: str, before: str = "") -> tuple[int, int] | None:
    """Where `words` stand in `text` (code points), or None; of several places the one that follows `before`.

    To the letter, or else as they look on a page: white space of any length, and without marks of emphasis and links.
    """
    sought = words.strip()
    if not sought:
        return None
    found = locate_quote(text, Quote(sought, before))
    if found or len(sought) > _MOST_CHARACTERS:
        return found
    pattern = _BETWEEN.join(re.escape(word) for word in sought.split())
    places = [match.span() for match in re.finditer(pattern, text)]
    return max(places, key=lambda place: _agreement(text[: place[0]], before), default=None)


def _agreement(before: str, said: str) -> int:
    """How many characters, white space aside, two texts share at their ends."""
    ends = ("".join(before[-2 * len(said) - 2 :].split()), "".join(said.split()))
    count = 0
    for one, other in zip(reversed(ends[0]), reversed(ends[1]), strict=False):
        if one != other:
            break
        count += 1
    return count
