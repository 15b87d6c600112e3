"""The safe HTML of one passage, made once when a version is written."""

import re
from typing import Final

from harken.base.markup import render_blocks, render_line
from harken.documents.models import PassageKind

_CLOSING: Final = re.compile(r"[ \t]+#+[ \t]*$")
_UNDERLINE: Final = re.compile(r"\n {0,3}(?:=+|-+)[ \t]*$")


def render_passage(kind: str, text: str) -> str:
    """HTML for a passage's text, without the element around it, which belongs to the page."""
    match kind:
        case PassageKind.PARAGRAPH | PassageKind.CODE:
            return render_blocks(text)
        case PassageKind.QUOTE:
            return f"<blockquote>{render_blocks(text)}</blockquote>"
        case PassageKind.RULE:
            return ""
        case PassageKind.HEADING:
            return render_line(_UNDERLINE.sub("", _CLOSING.sub("", text)))
        case _:
            return render_line(text)
