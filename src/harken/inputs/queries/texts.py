"""The texts that people speak of at meetings and elsewhere, and what each goes by on paper and in a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from django.db.models import Q, QuerySet

from harken.documents.models import Document
from harken.inputs.models import Input, Meeting
from harken.processes.models import Iteration

LONGEST_NAME: Final = 101
"""As long as an iteration's address, a code and what is between them can be."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A text and its name: its code, or `iteration-2/AD-R1` where a text of a newer iteration goes by the code."""

    name: str
    document: Document


class TextsToSpeakOf:
    """Texts, those of the newest iteration in front, and which of them somebody means."""

    def __init__(self, documents: Sequence[Document]) -> None:
        names: dict[str, Document] = {}
        for document in documents:
            names.setdefault(document.code, document)
        self.texts = tuple(
            SpokenText(one.code if names[one.code] is one else f"{one.iteration.slug}/{one.code}", one)
            for one in documents
        )
        self.is_of_several = len({one.iteration_id for one in documents}) > 1
        self._by_code = names

    def __iter__(self) -> Iterator[SpokenText]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def by_iteration(self) -> list[tuple[Iteration, list[SpokenText]]]:
        """The texts of each iteration, the newest in front."""
        grouped = groupby(self.texts, key=lambda one: one.document.iteration)
        return [(iteration, list(texts)) for iteration, texts in grouped]

    def find(self, name: str) -> Document | None:
        """The text that is meant: by its code the newest one that has it, or by `iteration-2/AD-R1`, `2 AD-R1`."""
        name = name.strip()
        if name in self._by_code:
            return self._by_code[name]
        iteration, _gap, code = name.replace("/", " ").rpartition(" ")
        return self._by_place.get((iteration.strip(), code))

    def name_of(self, iteration: str, code: str) -> str:
        """What the text with this code in the iteration at this address goes by; "" for none of these."""
        found = self._by_place.get((iteration, code))
        return next((one.name for one in self.texts if one.document is found), "")

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Document]:
        """By the iteration's address, or else by its number, and the code."""
        numbered = {(str(one.document.iteration.number), one.document.code): one.document for one in self.texts}
        return numbered | {(one.document.iteration.slug, one.document.code): one.document for one in self.texts}


def texts_to_speak_of(documents: QuerySet[Document], *, meeting: Meeting | None = None) -> TextsToSpeakOf:
    """Those of `documents` that people speak of, and those that the report of `meeting` names already. One query.

    Phases name no iteration, so that these are the published texts of all public ones: people go on speaking of what
    they read when the next round is out.
    """
    wanted = Q(iteration__is_public=True, published__isnull=False)
    if meeting is not None and meeting.source_id is not None:
        wanted |= Q(pk__in=Input.objects.filter(source=meeting.source_id).values("document"))
    found = documents.filter(wanted).select_related("iteration")
    return TextsToSpeakOf(list(found.order_by("-iteration__number", "chapter__position", "position", "pk")))
