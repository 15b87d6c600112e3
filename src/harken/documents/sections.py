"""Words under a heading that says what a section of a template is called belong to that section."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from harken.core.text.folding import fold_word
from harken.documents.drafts import DraftPassage
from harken.documents.models import PassageKind, Section
from harken.documents.section_text import HEAD_KINDS


def _name(text: str) -> str:
    return fold_word(text.strip().rstrip(":").replace(" ", ""))


def place_in_sections(passages: Iterable[DraftPassage], sections: Sequence[Section]) -> list[DraftPassage]:
    """The passages of a text without sections, each in the section that the heading above it names.

    Such a heading goes, since the section has its own; what stands under any other heading of the same or a higher
    level, or before the first, stays where it is. A title counts in every language the template gives it. What stands
    in a section already keeps it.
    """
    keys = {_name(title): section.key for section in sections for title in section.titles.values()}
    placed: list[DraftPassage] = []
    key, depth = "", 0
    for passage in passages:
        if passage.kind == PassageKind.HEADING and not passage.section:
            level = passage.level or 2
            found = keys.get(_name(passage.text))
            if found:
                key, depth = found, level
                continue
            if level <= depth:
                key = ""
        inside = key and not passage.section and passage.kind not in HEAD_KINDS
        placed.append(replace(passage, section=key) if inside else passage)
    return placed
