"""Which text somebody means who names it in a cell, in a subject or over a conversation."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from harken.documents.models import Document
from harken.inputs.queries.texts import TextsToSpeakOf

_MARKED: Final = re.compile(r"\[([^\[\]\n]{1,120})\]|#(\w[\w-]{0,39})")
_LEFT_OUT: Final = re.compile(r"[\W_]+")


def _fold(name: str) -> str:
    """Letters and digits alone, in one case: `#wb r2`, `[WB–R2]` and `WB-R2` are the same."""
    return _LEFT_OUT.sub("", unicodedata.normalize("NFKC", name).casefold())


def _fold_title(title: str) -> str:
    return " ".join(title.casefold().split())


def has_marks(heading: str) -> bool:
    """Whether a heading may name a text at all: most do not, and then nobody has to look up texts."""
    return "[" in heading or "#" in heading


class NamedTexts:
    """Texts by their codes and titles.

    `about` is the text something is about that names none: of several with one code it comes first, then those of its
    iteration, then the newest. What several texts of one iteration are called names none of them.
    """

    def __init__(self, texts: TextsToSpeakOf, about: Document | None = None) -> None:
        self._texts = texts
        near = sorted(texts, key=lambda one: about is None or one.document.iteration_id != about.iteration_id)
        known = [*([about] if about is not None else []), *(one.document for one in near)]
        names = [(_fold(one.code), one) for one in known] + [(_fold(one.name), one.document) for one in near]
        self._codes = _first(names)
        self._titles = _first((_fold_title(one.title), one) for one in known)
        self._whole = _first((_fold(f"{one.code} {one.title}"), one) for one in known)

    def find(self, name: str) -> Document | None:
        """The text that is meant: by its code, its title exactly, or both; `2/WB-R2` is one of another iteration."""
        folded = _fold(name)
        found = self._codes.get(folded) or self._titles.get(_fold_title(name)) or self._whole.get(folded)
        return found or self._texts.find(name)

    def find_marked(self, heading: str) -> Document | None:
        """The one text whose code stands in a heading in square brackets or behind a `#`; None of several."""
        marked = (_fold(bracketed or tagged) for bracketed, tagged in _MARKED.findall(heading))
        found = {one.pk: one for code in marked if (one := self._codes.get(code))}
        return next(iter(found.values())) if len(found) == 1 else None


def _first(named: Iterable[tuple[str, Document]]) -> dict[str, Document]:
    """The first text of each name; none where another one of its iteration has the name too."""
    found: dict[str, Document] = {}
    shared: set[str] = set()
    for name, document in named:
        kept = found.setdefault(name, document)
        if kept.pk != document.pk and kept.iteration_id == document.iteration_id:
            shared.add(name)
    return {name: document for name, document in found.items() if name and name not in shared}
