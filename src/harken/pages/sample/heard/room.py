"""The sample's process while people speak: its texts, its moments, its questions, and what was said so far."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import AnonymousUser

from harken.base.actions import Actor
from harken.documents.models import Document, Passage
from harken.documents.queries.texts import load_passages
from harken.documents.section_text import StoredPassage
from harken.inputs.actions.recording import Speaker
from harken.inputs.models import Input, SpeakerKind
from harken.pages.sample.story.told import Told
from harken.processes.models import GuidingQuestion

_QUESTIONS: Final = {"missing": 1, "keep": 2}
"""The places that two of the guiding questions have among them."""


@dataclass(frozen=True, slots=True)
class TextRead:
    """A text as readers see it."""

    document: Document
    stored: tuple[StoredPassage, ...]
    passages: Mapping[int, Passage]


@dataclass(slots=True)
class Room:
    """What is told of the sample, and what was said in it: by the names that acts use."""

    told: Told
    said: dict[str, Input] = field(default_factory=dict)
    _texts: dict[str, TextRead] = field(default_factory=dict)
    _questions: dict[tuple[int, str], GuidingQuestion] = field(default_factory=dict)

    def find_text(self, key: str) -> TextRead:
        """The text with the key `ITERATION/CODE`."""
        if key not in self._texts:
            document = self.told.find_text(key)
            stored = tuple(load_passages(document.published or document.current))
            passages = Passage.objects.in_bulk([passage.passage_id for passage in stored])
            self._texts[key] = TextRead(document, stored, passages)
        return self._texts[key]

    def question(self, key: str, lang: str) -> GuidingQuestion:
        """The guiding question that asks what to keep (`keep`) or who is missing (`missing`)."""
        if not self._questions:
            asked = self.told.process.guiding_questions.all()
            self._questions = {(question.position, question.lang): question for question in asked}
        return self._questions[_QUESTIONS[key], lang]

    def moment(self, day: int, minutes: int = 0) -> datetime.datetime:
        """`minutes` after seven in the morning (UTC), `day` days after the reference day."""
        morning = datetime.time(7, tzinfo=datetime.UTC)
        start = datetime.datetime.combine(self.told.reference, morning)
        return start + datetime.timedelta(days=day, minutes=minutes)

    def speaker(self, by: str) -> tuple[Actor, Speaker]:
        """Who speaks: somebody with an account by their key, anybody else under the name that `by` is."""
        if by in self.told.people:
            return self.told.people[by], Speaker()
        return AnonymousUser(), Speaker(SpeakerKind.PSEUDONYM, by)
