"""Themes as fields of forms offer them."""

from collections.abc import Iterable
from typing import Final

from harken.analysis.queries.themes import ThemeRow

# Browsers show blanks at the beginning of an option as none.
_INDENT: Final = "\u2003"


def offer_themes(rows: Iterable[ThemeRow]) -> list[tuple[str, str]]:
    """Themes to choose from: each code, and the name as far in as it lies in the tree."""
    return [(row.code, f"{_INDENT * row.depth}{row.name}") for row in rows]
