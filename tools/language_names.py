"""Write `src/harken/base/language_names.py` anew, from the CLDR as Babel has it: `python -m tools.language_names`."""

import pprint
from pathlib import Path

from babel.localedata import locale_identifiers

from harken.base.languages import name_in_itself

TARGET = Path(__file__).parent.parent / "src/harken/base/language_names.py"
HEAD = '''"""Languages by their own names, those of one country only left out: for lists to choose from.

From the Unicode CLDR as Babel has it, which keeps 130 MB in memory once it was asked for all of them.
`python -m tools.language_names` writes this file anew.
"""

from typing import Final

OWN_NAMES: Final[dict[str, str]] = '''


def own_names() -> dict[str, str]:
    """Every language that has a name in itself, in the order of the names."""
    codes = (code for code in locale_identifiers() if "_" not in code)
    named = {code: name_in_itself(code) for code in codes}
    return dict(sorted(((code, name) for code, name in named.items() if name != code), key=lambda one: one[::-1]))


if __name__ == "__main__":
    TARGET.write_text(f"{HEAD}{pprint.pformat(own_names(), sort_dicts=False)}\n", encoding="utf-8")
