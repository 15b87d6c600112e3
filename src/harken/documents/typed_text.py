"""A document as its writers type it: title, other titles, summary, and one text for each section.

`write_typed` and `read_typed` are inverse. What is in no section of the template has an area of its own, so nothing is
lost when organisers change the template.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from harken.core.text.segment import normalise
from harken.documents.drafts import DraftPassage
from harken.documents.identity import identify_passages
from harken.documents.models import Document, PassageKind, Template
from harken.documents.models.templates import SUMMARY_SECTION
from harken.documents.section_text import (
    HEAD_KINDS,
    CannotKeep,
    StoredPassage,
    check_size,
    check_text,
    read_section,
    write_section,
)

NO_SECTION = ""
"""The key of what stands in no section."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """What stands in the editor's fields; `sections` maps keys to texts, in reading order."""

    title: str
    alternatives: tuple[str, ...]
    summary: str
    sections: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """The fields as they are stored when they are kept without being saved."""
        return {
            "title": self.title,
            "alternatives": list(self.alternatives),
            "summary": self.summary,
            "sections": [[key, text] for key, text in self.sections.items()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` stored."""
        return cls(
            data["title"],
            tuple(data["alternatives"]),
            data["summary"],
            dict(data["sections"]),
        )

    @property
    def normalised(self) -> Self:
        """The same as it is stored: fields that nothing is in are left out."""
        titles = (normalise(title) for title in self.alternatives)
        texts = {key: normalise(text) for key, text in self.sections.items()}
        return replace(
            self,
            title=normalise(self.title),
            alternatives=tuple(title for title in titles if title.strip()),
            summary=normalise(self.summary),
            sections={key: text for key, text in texts.items() if text},
        )


class CannotKeepField(CannotKeep):
    """A field's text cannot be kept as it was typed; `field` is title, alternative, summary or a section's key."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def section_keys(template: Template | None) -> list[str]:
    """The keys of the sections that have an area for text, in order.

    The section of the summary has none besides the summary's own.
    """
    return [section.key for section in template.sections if section.key != SUMMARY_SECTION] if template else []


def write_typed(passages: Sequence[StoredPassage], template: Template | None) -> TypedText:
    """The text as it stands in the editor: every section of the template, then what is in none of them."""
    sections: dict[str, list[StoredPassage]] = {key: [] for key in section_keys(template)}
    for passage in passages:
        if passage.kind not in HEAD_KINDS:
            sections.setdefault(passage.section, []).append(passage)
    if not template:
        sections.setdefault(NO_SECTION, [])
    return TypedText(
        title=_joined(passages, PassageKind.TITLE),
        alternatives=tuple(passage.text for passage in passages if passage.kind == PassageKind.ALTERNATIVE),
        summary=_joined(passages, PassageKind.SUMMARY),
        sections={key: write_section(members) for key, members in sections.items()},
    )


def with_all_areas(typed: TypedText, base: Sequence[StoredPassage], template: Template | None) -> TypedText:
    """The text with an area for each section of the template now, and for all that stands on `base`."""
    areas = write_typed(base, template).sections
    sections = {key: typed.sections.get(key, text) for key, text in areas.items()}
    return replace(typed, sections={**sections, **typed.sections})


def _joined(passages: Iterable[StoredPassage], kind: PassageKind) -> str:
    return "\n\n".join(passage.text for passage in passages if passage.kind == kind)


def read_typed(typed: TypedText, base: Sequence[StoredPassage], document: Document) -> list[DraftPassage]:
    """The passages of what was typed on `base`. Raises `CannotKeepField`.

    What was not touched stays exactly as it is stored, even where it was brought in with marks that would be read
    otherwise. Passages in another language than the document's stay in theirs.
    """
    check_size(sum(len(text) for text in (typed.title, *typed.alternatives, typed.summary, *typed.sections.values())))
    before = write_typed(base, document.template).normalised
    after = typed.normalised
    # A section that the form did not have was not emptied by anybody.
    unseen = {key: text for key, text in before.sections.items() if key not in typed.sections}
    after = replace(after, sections={**after.sections, **unseen})
    drafts = _read_head(after, before, base, document)
    places = {key: place for place, key in enumerate(section_keys(document.template))}
    for key in sorted(after.sections, key=lambda key: places.get(key, len(places))):
        text = after.sections[key]
        if text == before.sections.get(key):
            drafts += [
                passage.to_draft() for passage in base if passage.kind not in HEAD_KINDS and passage.section == key
            ]
        else:
            drafts += _read_field(key, text)
    return _with_languages(drafts, base, document.lang)


def _read_head(
    after: TypedText, before: TypedText, base: Sequence[StoredPassage], document: Document
) -> list[DraftPassage]:
    fields = (
        (PassageKind.TITLE, "title", [after.title], before.title == after.title),
        (PassageKind.ALTERNATIVE, "alternative", after.alternatives, before.alternatives == after.alternatives),
        (PassageKind.SUMMARY, "summary", [after.summary], before.summary == after.summary),
    )
    drafts: list[DraftPassage] = []
    for kind, field, texts, is_same in fields:
        stored = [passage for passage in base if passage.kind == kind]
        if is_same:
            drafts += [passage.to_draft() for passage in stored]
            continue
        section = stored[0].section if stored else _usual_section(kind, document.template)
        drafts += [
            DraftPassage(kind, _checked(field, text), section=section)
            for text in texts
            if text or kind == PassageKind.TITLE
        ]
    return drafts


def _usual_section(kind: PassageKind, template: Template | None) -> str:
    has_summary = template is not None and any(section.key == SUMMARY_SECTION for section in template.sections)
    return SUMMARY_SECTION if kind == PassageKind.SUMMARY and has_summary else NO_SECTION


def _checked(field: str, text: str) -> str:
    try:
        return check_text(text)
    except CannotKeep as error:
        raise CannotKeepField(field, str(error)) from error


def _read_field(key: str, text: str) -> list[DraftPassage]:
    try:
        return read_section(text, key)
    except CannotKeep as error:
        raise CannotKeepField(key, str(error)) from error


def _with_languages(drafts: list[DraftPassage], base: Sequence[StoredPassage], lang: str) -> list[DraftPassage]:
    """The passages, those that continue one in another language than the document's in that language."""
    foreign = {passage.passage_id: passage.lang for passage in base if passage.lang != lang}
    if not foreign:
        return drafts
    identity = identify_passages(base, drafts)
    langs = {place: foreign[known] for place, known in enumerate(identity.passage_ids) if known in foreign}
    for branch in identity.splits:
        if branch.earlier in foreign:
            langs[branch.place] = foreign[branch.earlier]
    return [
        replace(draft, lang=langs[place]) if place in langs and not draft.lang else draft
        for place, draft in enumerate(drafts)
    ]
