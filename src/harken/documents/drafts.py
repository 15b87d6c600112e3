"""Documents as they are written down, before they are saved."""

from dataclasses import dataclass

from harken.documents.models import DocumentKind, PassageKind, Template


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A passage as it is written down; `lang` falls back to its document's.

    `section`, `marker` and `level` are as in `Version`; `blank` counts the empty lines before it (None: as usual).
    `passage_id` says which passage it is where that is known; otherwise it is found by its words.
    """

    kind: PassageKind
    text: str
    lang: str = ""
    section: str = ""
    marker: str = ""
    level: int = 0
    blank: int | None = None
    passage_id: int | None = None


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """A document as it is written down. `number` is the one it was printed with, where there was one."""

    code: str
    passages: tuple[DraftPassage, ...]
    position: int
    lang: str
    number: int | None = None
    heading: str = ""
    kind: DocumentKind = DocumentKind.RECOMMENDATION
    template: Template | None = None
