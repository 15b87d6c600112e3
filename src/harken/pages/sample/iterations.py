"""Write an iteration of the sample with its chapters and recommendations."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from harken.base.actions import Actor
from harken.base.permits import OPERATOR
from harken.documents.actions.texts import create_documents, write_chapter
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Document, PassageKind, Template
from harken.pages.sample.content import SampleIteration, SampleProcess, SampleRecommendation
from harken.pages.sample.templates import SECTION_OF
from harken.people.models import Group, GroupKind, User
from harken.processes.actions import add_iteration
from harken.processes.models import Iteration, Process

FIRST_WITH_TEMPLATE: Final = 2
"""The first drafts were written before there were templates, and brought in with their headings."""

_LIST_MARK: Final = re.compile(r"^(?:-|\d+\.) ")


def write_iteration(
    *,
    process: Process,
    each: SampleIteration,
    sample: SampleProcess,
    groups: Mapping[str, Group],
    writers: Mapping[str, User],
    template: Template,
) -> tuple[Iteration, dict[str, Document]]:
    """The iteration, and its documents by the keys of their recommendations."""
    iteration = add_iteration(
        actor=OPERATOR,
        process=process,
        number=each.number,
        title=each.title,
        date=each.published_on.isoformat(),
        languages=sample.languages,
    )
    iteration.process = process
    notes = {note.group_key: note for note in each.notes}
    texts: dict[str, list[SampleRecommendation]] = defaultdict(list)
    for recommendation in each.recommendations:
        texts[recommendation.group_key].append(recommendation)
    documents: dict[str, Document] = {}
    working = [group for group in sample.groups if groups[group.key].kind == GroupKind.WORKING_GROUP]
    # The first place is left for papers that stand before all recommendations.
    for position, group in enumerate(working, start=1):
        note = notes.get(group.key)
        written = texts[group.key]
        chapter = write_chapter(
            actor=OPERATOR,
            iteration=iteration,
            group=groups[group.key],
            position=position,
            lang=group.lang,
            notes=[note.text] if note else [],
            # The group's own questions, until it has something to say under headings of its own.
            headings=[*dict.fromkeys(one.heading for one in written if one.heading)] if written else group.questions,
        )
        author: Actor = writers.get(group.key, OPERATOR)
        follows = template if each.number >= FIRST_WITH_TEMPLATE else None
        made = create_documents(
            actor=author, chapter=chapter, drafts=[_draft(one, place, follows) for place, one in enumerate(written)]
        )
        documents.update(zip((one.key for one in written), made, strict=True))
    return iteration, documents


def _draft(recommendation: SampleRecommendation, position: int, template: Template | None) -> DraftDocument:
    return DraftDocument(
        code=recommendation.code,
        passages=_in_sections(recommendation) if template else _under_headings(recommendation),
        position=position,
        lang=recommendation.lang,
        number=recommendation.number,
        heading=recommendation.heading,
        template=template,
    )


def _passage(kind: str, text: str, section: str = "") -> DraftPassage:
    mark = _LIST_MARK.match(text) if kind == "item" else None
    marker = mark.group() if mark else ""
    return DraftPassage(PassageKind(kind), text.removeprefix(marker), section=section, marker=marker)


def _under_headings(recommendation: SampleRecommendation) -> tuple[DraftPassage, ...]:
    return tuple(_passage(one.kind, one.text) for one in recommendation.passages())


def _in_sections(recommendation: SampleRecommendation) -> tuple[DraftPassage, ...]:
    """The passages under the sections of the template, which give the titles."""
    head = [
        _passage("title", recommendation.title),
        *(_passage("alternative", text) for text in recommendation.alternatives),
        _passage("summary", recommendation.summary),
    ]
    body = [
        _passage(passage.kind, passage.text, SECTION_OF[section.key])
        for section in recommendation.sections
        for passage in section.passages
    ]
    return (*head, *body)
