"""A section's passages as the one text people edit, and back, without loss.

What is typed is kept to the character. Unicode NFC, line feeds as line ends and empty lines without spaces in them are
the only normalisation (`harken.core.text.segment.normalise`); characters that no text can hold are refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from harken.core.text.segment import Passage, join, segment
from harken.documents.drafts import DraftPassage
from harken.documents.models import PassageKind

MOST_CHARACTERS: Final = 5_000_000
"""How much one document may hold."""

MOST_PASSAGES: Final = 20_000
"""How many passages one document may have."""

# NUL, which PostgreSQL cannot store; other controls, which no keyboard types; halves of surrogate pairs, which are no
# characters; U+FFFE and U+FFFF, which XML and so every exported format refuses.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# As plain text: every passage of a document is asked for its kind, and a member of an enumeration costs a look-up.
_ITEM: Final = PassageKind.ITEM.value
_QUOTE: Final = PassageKind.QUOTE.value
_HEADING: Final = PassageKind.HEADING.value

# What stands alone in a document, outside of all sections.
HEAD_KINDS: Final = (PassageKind.TITLE, PassageKind.ALTERNATIVE, PassageKind.SUMMARY)


class CannotKeep(Exception):
    """A text cannot be kept as it was typed."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a revision as it is stored: its version's id and content; `blank` as in `DraftPassage`."""

    version_id: int
    passage_id: int
    public_id: str
    kind: str
    section: str
    lang: str
    marker: str
    level: int
    text: str
    html: str
    blank: int | None = None

    @property
    def content(self) -> tuple[str, str, str, str, str]:
        """What makes it the same version: kind, section, language, marker and text."""
        return (self.kind, self.section, self.lang, effective_marker(self.kind, self.marker, self.text), self.text)

    def to_draft(self) -> DraftPassage:
        """The passage as it would be written down again."""
        return DraftPassage(
            PassageKind(self.kind),
            self.text,
            self.lang,
            self.section,
            self.marker,
            self.level,
            self.blank,
            self.passage_id,
        )


def draft_content(draft: DraftPassage, lang: str) -> tuple[str, str, str, str, str]:
    """What `StoredPassage.content` would be of a draft in a document written in `lang`."""
    kind = draft.kind.value
    return (kind, draft.section, draft.lang or lang, effective_marker(kind, draft.marker, draft.text), draft.text)


def check_text(text: str) -> str:
    """The text itself; raises `CannotKeep` where it cannot be stored, published or read again as it is."""
    check_size(len(text))
    unfit = _UNFIT.search(text)
    if unfit:
        before = text[: unfit.start()]
        line = before.count("\n") + 1
        raise CannotKeep(
            _("Line %(line)s holds a character that cannot be kept (U+%(code)s), after “%(words)s”.")
            % {"line": line, "code": f"{ord(unfit.group()):04X}", "words": before.rpartition("\n")[2][-40:]}
        )
    return text


def check_document(drafts: Sequence[DraftPassage]) -> None:
    """Raise `CannotKeep` where a document of these passages could not be kept as it is."""
    if len(drafts) > MOST_PASSAGES:
        raise CannotKeep(
            _("This text has %(count)s passages; a document holds %(most)s at most.")
            % {"count": f"{len(drafts):,}", "most": f"{MOST_PASSAGES:,}"}
        )
    check_size(sum(len(draft.text) for draft in drafts))
    for draft in drafts:
        check_text(draft.text)


def check_size(characters: int) -> None:
    """Raise `CannotKeep` where a text of so many characters is more than a document holds."""
    if characters > MOST_CHARACTERS:
        raise CannotKeep(
            _("This text has %(count)s characters; a document holds %(most)s at most.")
            % {"count": f"{characters:,}", "most": f"{MOST_CHARACTERS:,}"}
        )


def effective_marker(kind: str, marker: str, text: str) -> str:
    """What the passage's first line begins with; texts that were brought in without markers get the plainest."""
    if marker:
        return marker
    if kind == _ITEM:
        return "- "
    if kind == _QUOTE:
        return "> "
    if kind == _HEADING and "\n" not in text:
        return "## "
    return ""


def usual_blank(kind: str, before: str | None) -> int:
    """How many empty lines usually stand before a passage of `kind`, after one of kind `before` (None: the first)."""
    if before is None or (kind == PassageKind.ITEM and before == PassageKind.ITEM):
        return 0
    return 1


def read_section(text: str, section: str = "", lang: str = "") -> list[DraftPassage]:
    """The passages of one section's text. Raises `CannotKeep`."""
    drafts: list[DraftPassage] = []
    before: str | None = None
    for passage in segment(check_text(text)):
        kind = PassageKind(passage.kind)
        blank = None if passage.blank_before == usual_blank(kind, before) else passage.blank_before
        drafts.append(DraftPassage(kind, passage.text, lang, section, passage.marker, passage.level, blank))
        before = kind
    return drafts


def _as_segment(passages: Iterable[StoredPassage | DraftPassage]) -> Iterator[Passage]:
    before: str | None = None
    for passage in passages:
        blank = usual_blank(passage.kind, before) if passage.blank is None else passage.blank
        marker = effective_marker(passage.kind, passage.marker, passage.text)
        kind = passage.kind if passage.kind in {"heading", "item", "quote", "code", "rule"} else "paragraph"
        yield Passage(kind, passage.text, marker, passage.level, blank)  # type: ignore[arg-type] # checked above
        before = passage.kind


def write_section(passages: Sequence[StoredPassage | DraftPassage]) -> str:
    """The text of a section's passages, as people edit it: `read_section` gives them again."""
    return join(_as_segment(passages))
