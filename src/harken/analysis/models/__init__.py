"""Coding: themes, extracts, who said when that an extract belongs to a theme, and what is kept to list by theme.

Extracts and codings are append-only: the database refuses to change them.
"""

from harken.analysis.models.codings import Coding, CodingState, Extract, ThemedExtract
from harken.analysis.models.themes import Theme, ThemeCount, ThemedInput

__all__ = ["Coding", "CodingState", "Extract", "Theme", "ThemeCount", "ThemedExtract", "ThemedInput"]
