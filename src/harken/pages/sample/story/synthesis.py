"""Events of the synthesis: an iteration in the making, texts begun from earlier ones, and passages carried across."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from harken.documents.actions.lineage import draw_edge
from harken.documents.actions.passage_lineage import CarryAs, carry_passage, drop_passage
from harken.documents.actions.synthesis import Part, derive_document, drop_document, merge_documents, split_document
from harken.documents.models import LineageKind
from harken.documents.queries.texts import load_passages
from harken.pages.sample.story.told import Event, Quoted, Told, find_passage, find_quoted
from harken.processes.actions import add_iteration


@dataclass(frozen=True, slots=True)
class Round(Event):
    """A further iteration begins, dated `day` days after the reference day."""

    number: int
    title: str
    day: int
    by: str

    def tell(self, told: Told) -> None:
        """Begin it."""
        add_iteration(
            actor=told.people[self.by],
            process=told.process,
            number=self.number,
            title=self.title,
            date=(told.reference + datetime.timedelta(days=self.day)).isoformat(),
            languages=told.process.languages,
        )


@dataclass(frozen=True, slots=True)
class Merge(Event):
    """Several drafts become one."""

    sources: tuple[str, ...]
    group: str
    code: str
    title: str
    template: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Begin it."""
        merge_documents(
            actor=told.people[self.by],
            sources=[told.find_text(key) for key in self.sources],
            chapter=told.newest_space(self.group),
            code=self.code,
            title=self.title,
            reason=self.reason,
            template=told.find_template(self.template),
        )


@dataclass(frozen=True, slots=True)
class Derive(Event):
    """A draft is carried on as it is."""

    source: str
    group: str
    code: str
    template: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Begin it."""
        derive_document(
            actor=told.people[self.by],
            source=told.find_text(self.source),
            chapter=told.newest_space(self.group),
            code=self.code,
            reason=self.reason,
            template=told.find_template(self.template),
        )


@dataclass(frozen=True, slots=True)
class Split(Event):
    """A draft becomes several; each part begins with the passages that hold its `words`."""

    source: str
    group: str
    template: str
    by: str
    reason: str
    parts: tuple[Mapping[str, Any], ...]

    def tell(self, told: Told) -> None:
        """Begin them."""
        source = told.find_text(self.source)
        passages = load_passages(source.published or source.current)
        split_document(
            actor=told.people[self.by],
            source=source,
            chapter=told.newest_space(self.group),
            parts=[
                Part(
                    code=part["code"],
                    title=part["title"],
                    passages=tuple(find_passage(passages, words).public_id for words in part["words"]),
                    reason=part.get("reason", ""),
                )
                for part in self.parts
            ],
            reason=self.reason,
            template=told.find_template(self.template),
        )


@dataclass(frozen=True, slots=True)
class LetGo(Event):
    """Nothing comes of a draft."""

    text: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Say so."""
        drop_document(actor=told.people[self.by], document=told.find_text(self.text), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Judge(Event):
    """Somebody gives a reason of their own for where a text comes from."""

    earlier: str
    later: str
    kind: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Decide on the edge."""
        draw_edge(
            actor=told.people[self.by],
            process=told.process,
            earlier=told.find_text(self.earlier),
            later=told.find_text(self.later),
            kind=LineageKind(self.kind),
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class Carry(Event):
    """Passages go across: after or into the passage with the words `at`, or to the beginning of the section `at`."""

    text: str
    by: str
    passages: tuple[Quoted, ...]
    place: str
    at: str
    carry_as: str
    reason: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**{**raw, "passages": tuple(Quoted(**one) for one in raw["passages"])})

    def tell(self, told: Told) -> None:
        """Carry them."""
        document = told.find_text(self.text)
        if self.place == "passage":
            place = f"p:{find_passage(load_passages(document.current), self.at).public_id}"
        else:
            place = f"s:{self.at}"
        carry_passage(
            actor=told.people[self.by],
            document=document,
            passages=find_quoted(told, self.passages),
            reason=self.reason,
            carry_as=CarryAs(self.carry_as),
            place=place,
        )


@dataclass(frozen=True, slots=True)
class LeaveOut(Event):
    """A text leaves passages of its sources out."""

    text: str
    by: str
    passages: tuple[Quoted, ...]
    reason: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**{**raw, "passages": tuple(Quoted(**one) for one in raw["passages"])})

    def tell(self, told: Told) -> None:
        """Say so."""
        passages = find_quoted(told, self.passages)
        drop_passage(
            actor=told.people[self.by], document=told.find_text(self.text), passages=passages, reason=self.reason
        )
