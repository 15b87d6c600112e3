"""Foreign documents to an outline of iterations, groups and recommendations.

    from harken.core.outline import read_outline
    outline = read_outline(data, name="page.txt")

Every format becomes one stream of blocks (`blocks`, `readers`), and one interpreter makes the outline of it (`roles`,
`interpret`).
"""

from harken.core.outline.formats import FORMATS, Format
from harken.core.outline.limits import Limits
from harken.core.outline.model import (
    Announcement,
    EmptyGroup,
    Language,
    Outline,
    OutlineError,
    OutlineGroup,
    OutlineIteration,
    ProseBlock,
    Recommendation,
    Unplaced,
    Window,
)
from harken.core.outline.reading import read_outline

__all__ = [
    "FORMATS",
    "Announcement",
    "EmptyGroup",
    "Format",
    "Language",
    "Limits",
    "Outline",
    "OutlineError",
    "OutlineGroup",
    "OutlineIteration",
    "ProseBlock",
    "Recommendation",
    "Unplaced",
    "Window",
    "read_outline",
]
