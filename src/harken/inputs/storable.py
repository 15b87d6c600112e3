"""What people say, so that both databases can keep it."""

import hashlib
import re
from typing import Final

LONGEST_KEY: Final = 250
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def keep_storable(text: str) -> str:
    """The text with U+FFFD for each character 0 and half of a surrogate pair, which no database has a place for."""
    if "\x00" not in text and (text.isascii() or _NOT_STORABLE.search(text) is None):
        return text
    return _NOT_STORABLE.sub("\ufffd", text)


def fit_key(key: str) -> str:
    """A foreign id as short as a column and an index take it: what is longer ends in a hash of the whole."""
    kept = keep_storable(key)
    if len(kept) <= LONGEST_KEY:
        return kept
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kept[:180]}#{digest}"
