"""What has been told so far, and how events find the people, texts and words that they speak of."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from harken.documents.models import Chapter, Document, Remark, Suggestion, Template
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage
from harken.documents.typed_text import TypedText
from harken.people.models import Group, User
from harken.processes.models import Iteration, Process


class NoSuchWords(ValueError):
    """Words that an event speaks of do not stand in the text, or stand there more than once."""


@dataclass(slots=True)
class Told:
    """A process around the day `reference`, its people and groups by key, and what events called by a name."""

    process: Process
    reference: datetime.date
    people: Mapping[str, User]
    groups: Mapping[str, Group]
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)

    def find_text(self, key: str) -> Document:
        """The document with the key `ITERATION/CODE`, as it is now."""
        number, code = key.split("/")
        documents = Document.objects.select_related(
            "iteration__process__body", "chapter__group", "template", "current", "published"
        )
        document = documents.get(iteration__process=self.process, iteration__number=number, code=code)
        document.chapter.iteration = document.iteration
        return document

    def find_iteration(self, number: int) -> Iteration:
        """The iteration with this number."""
        return Iteration.objects.select_related("process__body").get(process=self.process, number=number)

    def find_space(self, number: int, group: str) -> Chapter:
        """The group's space in the iteration with this number."""
        iteration = self.find_iteration(number)
        chapter = Chapter.objects.select_related("group").get(iteration=iteration, group=self.groups[group])
        chapter.iteration = iteration
        return chapter

    def newest_space(self, group: str) -> Chapter:
        """The group's space in the newest iteration that it has one in."""
        chapters = Chapter.objects.filter(group=self.groups[group], iteration__process=self.process)
        return self.find_space(max(chapters.values_list("iteration__number", flat=True)), group)

    def find_template(self, slug: str) -> Template:
        """The process's template of this slug."""
        return Template.objects.get(process=self.process, slug=slug)


class Event(ABC):
    """Something that a person did. Its fields are those of its table in the files."""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """The event that the table says."""
        return cls(**raw)

    @abstractmethod
    def tell(self, told: Told) -> None:
        """Do it. Raises what the action raises, and `NoSuchWords`."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change as somebody types it: `put` in place of the words `find`, or after what stands in the field `into`."""

    put: str
    find: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The passage with these words in the text with the key `text`."""

    text: str
    words: str


def find_passage(passages: Sequence[StoredPassage], words: str) -> StoredPassage:
    """The one passage with these words. Raises `NoSuchWords`."""
    found = [passage for passage in passages if words in passage.text]
    if len(found) != 1:
        raise NoSuchWords(f"“{words}” stands in {len(found)} passages.")
    return found[0]


def find_quoted(told: Told, quoted: Iterable[Quoted]) -> list[str]:
    """The public ids of quoted passages, of what readers see."""
    texts: dict[str, list[StoredPassage]] = {}
    for one in quoted:
        if one.text not in texts:
            document = told.find_text(one.text)
            texts[one.text] = load_passages(document.published or document.current)
    return [find_passage(texts[one.text], one.words).public_id for one in quoted]


def apply_edits(typed: TypedText, edits: Iterable[Edit]) -> TypedText:
    """The fields of the editor after `edits`. Raises `NoSuchWords`."""
    for edit in edits:
        typed = _fill(typed, edit) if edit.into else _replace(typed, edit)
    return typed


def _fill(typed: TypedText, edit: Edit) -> TypedText:
    if edit.into == "summary":
        return replace(typed, summary=edit.put)
    parts = (typed.sections.get(edit.into, ""), edit.put)
    return replace(typed, sections={**typed.sections, edit.into: "\n\n".join(filter(None, parts))})


def _replace(typed: TypedText, edit: Edit) -> TypedText:
    fields = [typed.title, typed.summary, *typed.sections.values()]
    if sum(text.count(edit.find) for text in fields) != 1:
        raise NoSuchWords(f"“{edit.find}” does not stand once in “{typed.title}”.")
    return replace(
        typed,
        title=typed.title.replace(edit.find, edit.put),
        summary=typed.summary.replace(edit.find, edit.put),
        sections={key: text.replace(edit.find, edit.put) for key, text in typed.sections.items()},
    )
