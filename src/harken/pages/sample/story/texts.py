"""Events of those who write: papers, revisions, what is published, who reviews, and how texts hang together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from harken.documents.actions.drafting import begin_document, invite_reviewer
from harken.documents.actions.links import draw_link, propose_links
from harken.documents.actions.publication import publish_revision
from harken.documents.actions.texts import write_chapter
from harken.documents.actions.typing import keep_typed, save_typed
from harken.documents.models import Document, LinkKind
from harken.documents.queries.texts import load_passages
from harken.documents.typed_text import TypedText, write_typed
from harken.pages.sample.story.told import Edit, Event, Told, apply_edits


def _type(document: Document, edits: tuple[Edit, ...]) -> tuple[TypedText, int]:
    """What stands in the editor after `edits`, and the number of the revision they began from."""
    if document.current is None:
        raise ValueError(f"{document.code} has no words yet.")
    typed = write_typed(load_passages(document.current), document.template)
    return apply_edits(typed, edits), document.current.number


@dataclass(frozen=True, slots=True)
class Space(Event):
    """A group begins its part of an iteration, before the parts of the others."""

    iteration: int
    group: str
    by: str
    notes: tuple[str, ...] = ()

    def tell(self, told: Told) -> None:
        """Begin it."""
        group = told.groups[self.group]
        write_chapter(
            actor=told.people[self.by],
            iteration=told.find_iteration(self.iteration),
            group=group,
            position=0,
            lang=group.lang,
            notes=self.notes,
        )


@dataclass(frozen=True, slots=True)
class Paper(Event):
    """A text by a template, written in one go and shown to readers."""

    iteration: int
    group: str
    code: str
    template: str
    by: str
    lang: str
    title: str
    summary: str
    sections: Mapping[str, str]

    def tell(self, told: Told) -> None:
        """Begin, write and publish it."""
        actor = told.people[self.by]
        document = begin_document(
            actor=actor,
            chapter=told.find_space(self.iteration, self.group),
            template=self.template,
            title=self.title,
            lang=self.lang,
            code=self.code,
        )
        edits = (
            Edit(put=self.summary, into="summary"),
            *(Edit(put=text.strip(), into=key) for key, text in self.sections.items()),
        )
        typed, base = _type(document, edits)
        save_typed(actor=actor, document=document, typed=typed, base=base)
        publish_revision(actor=actor, document=document)


@dataclass(frozen=True, slots=True)
class Revise(Event):
    """A writer saves a revision."""

    text: str
    by: str
    note: str
    change_class: str
    edits: tuple[Edit, ...]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**{**raw, "edits": tuple(Edit(**edit) for edit in raw["edits"])})

    def tell(self, told: Told) -> None:
        """Save it."""
        document = told.find_text(self.text)
        typed, base = _type(document, self.edits)
        save_typed(
            actor=told.people[self.by],
            document=document,
            typed=typed,
            base=base,
            note=self.note,
            change_class=self.change_class,
        )


@dataclass(frozen=True, slots=True)
class Keep(Event):
    """A writer types something and does not save it yet."""

    text: str
    by: str
    edits: tuple[Edit, ...]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**{**raw, "edits": tuple(Edit(**edit) for edit in raw["edits"])})

    def tell(self, told: Told) -> None:
        """Keep it."""
        document = told.find_text(self.text)
        typed, base = _type(document, self.edits)
        keep_typed(actor=told.people[self.by], document=document, typed=typed, base=base)


@dataclass(frozen=True, slots=True)
class Publish(Event):
    """Readers see the newest revision from now on."""

    text: str
    by: str

    def tell(self, told: Told) -> None:
        """Publish it."""
        publish_revision(actor=told.people[self.by], document=told.find_text(self.text))


@dataclass(frozen=True, slots=True)
class Invite(Event):
    """A group asks somebody to review its drafts."""

    iteration: int
    group: str
    whom: str
    by: str

    def tell(self, told: Told) -> None:
        """Invite them."""
        chapter = told.find_space(self.iteration, self.group)
        invite_reviewer(actor=told.people[self.by], chapter=chapter, user=told.people[self.whom])


@dataclass(frozen=True, slots=True)
class Link(Event):
    """Somebody says how two texts hang together."""

    kind: str
    source: str
    target: str
    by: str
    reason: str

    def tell(self, told: Told) -> None:
        """Draw the link, or say it too."""
        draw_link(
            actor=told.people[self.by],
            source=told.find_text(self.source),
            target=told.find_text(self.target),
            kind=LinkKind(self.kind),
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class ProposeLinks(Event):
    """Somebody lets the machine propose links."""

    iteration: int
    by: str

    def tell(self, told: Told) -> None:
        """Let it."""
        propose_links(actor=told.people[self.by], iteration=told.find_iteration(self.iteration))
