"""Events of those who read: suggestions and what became of them, remarks, positions, and who accepts a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from harken.documents.actions.consensus import accept_document, show_positions, state_position
from harken.documents.actions.remarks import remark_on_suggestion, remark_on_words, resolve_remark
from harken.documents.actions.suggestions import accept_suggestion, decline_suggestion, suggest_words
from harken.documents.models import PositionKind, PositionsShown, Suggestion, Version
from harken.documents.queries.texts import load_passages
from harken.pages.sample.story.told import Event, Told, find_passage


@dataclass(frozen=True, slots=True)
class Suggest(Event):
    """Somebody proposes `put` in place of `find`; nothing in its place: to strike the whole passage."""

    name: str
    text: str
    by: str
    find: str
    reason: str
    put: str = ""
    is_private: bool = False

    def tell(self, told: Told) -> None:
        """Propose it."""
        document = told.find_text(self.text)
        passages = load_passages(document.current if self.is_private else document.published)
        passage = find_passage(passages, self.find)
        told.suggestions[self.name] = suggest_words(
            actor=told.people[self.by],
            document=document,
            version=Version.objects.get(pk=passage.version_id),
            words=passage.text.replace(self.find, self.put) if self.put else "",
            reason=self.reason,
            is_private=self.is_private,
        )


def _find_suggestion(told: Told, name: str) -> Suggestion:
    """The suggestion as it is now, with its document as the actions need it."""
    found = Suggestion.objects.select_related("document").get(pk=told.suggestions[name].pk)
    found.document = told.suggestions[name].document
    return found


@dataclass(frozen=True, slots=True)
class Approve(Event):
    """A writer takes a suggestion up: all of it, or the changes with the numbers `chosen`."""

    suggestion: str
    by: str
    reason: str
    chosen: tuple[int, ...] = ()

    def tell(self, told: Told) -> None:
        """Accept it."""
        suggestion = _find_suggestion(told, self.suggestion)
        accept_suggestion(
            actor=told.people[self.by],
            suggestion=suggestion,
            reason=self.reason,
            on=suggestion.on_id,
            chosen=self.chosen or None,
        )


@dataclass(frozen=True, slots=True)
class Decline(Event):
    """A writer says no to a suggestion."""

    suggestion: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Decline it."""
        suggestion = _find_suggestion(told, self.suggestion)
        decline_suggestion(actor=told.people[self.by], suggestion=suggestion, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Discuss(Event):
    """Somebody says something about a suggestion."""

    suggestion: str
    by: str
    lang: str
    says: str

    def tell(self, told: Told) -> None:
        """Say it."""
        suggestion = _find_suggestion(told, self.suggestion)
        remark_on_suggestion(actor=told.people[self.by], suggestion=suggestion, text=self.says, lang=self.lang)


@dataclass(frozen=True, slots=True)
class RemarkOn(Event):
    """Somebody who reads the draft says something about the words `on`."""

    name: str
    text: str
    by: str
    on: str
    lang: str
    says: str

    def tell(self, told: Told) -> None:
        """Say it."""
        document = told.find_text(self.text)
        passage = find_passage(load_passages(document.current), self.on)
        start = passage.text.index(self.on)
        told.remarks[self.name] = remark_on_words(
            actor=told.people[self.by],
            document=document,
            version=Version.objects.get(pk=passage.version_id),
            start=start,
            end=start + len(self.on),
            text=self.says,
            lang=self.lang,
        )


@dataclass(frozen=True, slots=True)
class Resolve(Event):
    """A remark is dealt with."""

    remark: str
    by: str

    def tell(self, told: Told) -> None:
        """Say so."""
        resolve_remark(actor=told.people[self.by], remark=told.remarks[self.remark])


@dataclass(frozen=True, slots=True)
class StatePosition(Event):
    """A member of the group says where they stand on its text."""

    text: str
    by: str
    kind: str
    lang: str = ""
    words: str = ""

    def tell(self, told: Told) -> None:
        """Say it about the newest revision."""
        document = told.find_text(self.text)
        state_position(
            actor=told.people[self.by],
            document=document,
            revision=document.current.number if document.current else 0,
            kind=PositionKind(self.kind),
            words=self.words,
            lang=self.lang,
        )


@dataclass(frozen=True, slots=True)
class Show(Event):
    """The group says how much readers see of where its members stand."""

    text: str
    by: str
    shown: str

    def tell(self, told: Told) -> None:
        """Set it."""
        shown = PositionsShown(self.shown)
        show_positions(actor=told.people[self.by], document=told.find_text(self.text), shown=shown)


@dataclass(frozen=True, slots=True)
class Accept(Event):
    """People accept a text that asks for it."""

    text: str
    by: tuple[str, ...]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**{**raw, "by": tuple(raw["by"])})

    def tell(self, told: Told) -> None:
        """Accept it, one after the other."""
        for key in self.by:
            document = told.find_text(self.text)
            number = document.published.number if document.published else 0
            accept_document(actor=told.people[key], document=document, revision=number)
