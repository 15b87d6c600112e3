"""Cells that a spreadsheet would run as formulas: told, and made harmless where tables are written.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from typing import Final

__all__ = ["guard_cell", "is_formula", "unguard_cell"]

# What a spreadsheet takes for the beginning of a formula, also after the apostrophes that a guarded cell begins with.
_BEGINS: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
# "- more buses", "+1" and "@ann" begin so too, but are words or numbers: a formula calls, computes or refers.
_FORMULA: Final = re.compile(
    r"\s*[=＝]\s*[\w\"'({\[+\-@$]|\s*[+\-@＋－＠]\s*(?:[A-Za-z_.]{2,}\s*\(|\$?[A-Z]{1,3}\$?\d+\s*[-+*/^&(]|\d+(?:\.\d+)?\s*[*/^&+]\s*\S|"
    r"[\w.]+\|)|\s*[+\-]\s*[=@]"
)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would compute this cell; a number or a line that begins with a dash is none."""
    return _FORMULA.match(text) is not None


def guard_cell(text: str) -> str:
    """Return the text so that no spreadsheet runs it: with an apostrophe before it where it looks like a formula."""
    return f"'{text}" if _BEGINS.match(text) else text


def unguard_cell(cell: str) -> str:
    """Return the text that `guard_cell` made the cell from."""
    return cell[1:] if cell.startswith("'") and _BEGINS.match(cell) else cell
