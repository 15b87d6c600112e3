"""Reading order in a conversation: a key for each input, by which a database's own sorting is the order to read in.

Replies come below what they reply to, however late they were recorded. A key is the ids of what an input hangs below,
from the top, and its own; each is written with as many signs, in an alphabet that every collation sorts alike. What
hangs deeper than `DEEPEST` is read flat below the ancestor there, in the order in which it was recorded: nesting ten
thousand deep costs no more than nesting ten deep.
"""

from typing import Final

DEEPEST: Final = 10
_SIGNS: Final = "0123456789abcdefghijklmnopqrstuv"
_WIDTH: Final = 8
MOST_ID: Final = 32**_WIDTH


def sign_of(number: int) -> str:
    """An id as a part of a key: eight signs, enough for 10¹² inputs."""
    if not 0 <= number < MOST_ID:
        raise ValueError(f"{number} has no place in a key")
    signs = ""
    for _place in range(_WIDTH):
        number, rest = divmod(number, 32)
        signs = _SIGNS[rest] + signs
    return signs


def key_below(parent_key: str, number: int) -> str:
    """The key of input `number`, which replies to the one with `parent_key` ("" for one that replies to none)."""
    return parent_key[: DEEPEST * _WIDTH] + sign_of(number)


def move_key(key: str, parent_key: str) -> str:
    """The key of something that hung at the top, or below something there, once that hangs below `parent_key`."""
    above, own = key[:-_WIDTH], key[-_WIDTH:]
    return (parent_key + above)[: DEEPEST * _WIDTH] + own
