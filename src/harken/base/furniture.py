"""Page furniture that page after page has alike: rendered once, then kept as the piece of HTML that it is.

    {% keep process.slug process.name static_copy %} … {% endkeep %}

What stands within may depend on these values, on the interface's language, and on the page template that is rendered
(which fills the blocks within in its own way), and on nothing else: not on who asks, nor on the request. The values
themselves are compared, so a piece is never older than what it was made from, and needs no version. A test reads all
page templates and finds what else a piece would depend on (`tests/base/test_furniture.py`).
"""

from typing import Any, Final

from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST_PIECES: Final = 1_000
MOST_CHARACTERS: Final = 2_000_000
"""Of one `{% keep %}`: at so many pieces, mostly of 1 or 2 kB, or so many characters they are made anew."""


class KeptPiece(Node):
    """Renders its nodes once for each page template, language and set of values."""

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self._pieces: dict[tuple[Any, ...], SafeString] = {}
        self._characters = 0

    def render(self, context: Context) -> SafeString:
        """The piece, made now or before."""
        key: list[Any] = [context.template, get_language(), get_script_prefix()]
        for value in self.values:
            found = value.resolve(context, ignore_failures=True)
            # Words that are safe as they are equal the same words that have to be escaped, but for their class.
            key += (found.__class__, found)
        place = tuple(key)
        piece = self._pieces.get(place)
        if piece is None:
            piece = self.nodelist.render(context)
            if len(self._pieces) >= MOST_PIECES or self._characters >= MOST_CHARACTERS:
                self._pieces.clear()
                self._characters = 0
            self._pieces[place] = piece
            self._characters += len(piece)
        return piece


def parse_keep(parser: Parser, token: Token) -> KeptPiece:
    """`{% keep VALUE … %}`: each value is a variable, with filters or without."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeptPiece(nodelist, values)
