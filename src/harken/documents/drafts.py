"""Documents as they are written down, before they are saved."""

from dataclasses import dataclass

from harken.documents.models import PassageKind


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """A passage as it is written down; `lang` falls back to its document's."""

    kind: PassageKind
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """A document as it is written down. `number` is the one it was printed with, where there was one."""

    code: str
    passages: tuple[DraftPassage, ...]
    position: int
    lang: str
    number: int | None = None
    heading: str = ""
