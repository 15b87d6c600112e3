"""What changed in a passage as safe HTML: deletions struck, insertions underlined, made once and stored."""

from collections.abc import Sequence
from html import escape
from typing import Final

from harken.base.languages import find_direction
from harken.core.text.diff import Piece, compare_words
from harken.core.text.words import split_tokens

# So many words of what stayed are shown beside a change where only the changes are shown.
_WORDS_BESIDE: Final = 8
_FEWEST_LEFT_OUT: Final = 6


def render_changes(old: str, new: str, lang: str) -> str:
    """The change from `old` to `new`, both in `lang`, as inline HTML; its text is escaped, nothing of it is markup.

    What is deleted and inserted is isolated from the direction of what surrounds it, so that words of another script
    do not change places. Long stretches that stayed are in `.far`, with a `.gap` to show in their place.
    """
    return render_pieces(compare_words(old, new), lang)


def render_pieces(pieces: Sequence[Piece], lang: str, *, fold: bool = True) -> str:
    """What `render_changes` gives, of a comparison that is made already; without `fold` long stretches stay open."""
    direction = find_direction(lang)
    return "".join(
        _changed(piece, direction)
        if piece.kind != "same"
        else _unchanged(piece.text, is_first=number == 0, is_last=number == len(pieces) - 1)
        if fold
        else _lines(piece.text)
        for number, piece in enumerate(pieces)
    )


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _changed(piece: Piece, direction: str) -> str:
    element = "del" if piece.kind == "deleted" else "ins"
    return f'<{element} dir="{direction}">{_lines(piece.text)}</{element}>'


def _unchanged(text: str, *, is_first: bool, is_last: bool) -> str:
    tokens = split_tokens(text)
    words = [place for place, token in enumerate(tokens) if any(character.isalnum() for character in token)]
    head = 0 if is_first else _WORDS_BESIDE
    tail = 0 if is_last else _WORDS_BESIDE
    if len(words) <= head + tail + _FEWEST_LEFT_OUT:
        return _lines(text)
    start = words[head - 1] + 1 if head else 0
    end = words[-tail] if tail else len(tokens)
    before, far, after = ("".join(part) for part in (tokens[:start], tokens[start:end], tokens[end:]))
    return f'{_lines(before)}<span class="far">{_lines(far)}</span><span class="gap"> … </span>{_lines(after)}'
