"""Reads of templates: what a process's texts are made of, and a text laid out by its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.db.models import Count
from django.utils.translation import get_language

from harken.documents.models import Depth, Document, DocumentKind, PassageKind, Section, Template
from harken.documents.models.templates import SUMMARY_SECTION, in_language
from harken.documents.shipped_templates import ShippedTemplate, shipped_templates
from harken.processes.models import Process


class Placed(Protocol):
    """A passage that knows what it is and in which section it stands."""

    @property
    def kind(self) -> str: ...

    @property
    def section(self) -> str: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class LaidSection(Generic[P]):
    """A section's part of a text.

    `section` is None for what stands in none: the title, or a text without a template. `is_former` says that the
    section is no longer in the template, so that what was written under it stands by itself.
    """

    key: str
    section: Section | None
    is_former: bool
    passages: tuple[P, ...]

    def title_in(self, lang: str) -> tuple[str, str]:
        """The section's title for `lang`, and the language it is in; the key where nobody knows the title."""
        return in_language(self.section.titles, lang) if self.section else (self.key, "")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as the organisers' pages show it, in the interface's language where its words are in that."""

    section: Section
    title: str
    title_lang: str
    guidance: str
    guidance_lang: str
    depths: tuple[str, ...]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in the list: `documents` counts the texts that follow it."""

    template: Template
    name: str
    name_lang: str
    description: str
    description_lang: str
    sections: int
    documents: int
    is_first: bool
    is_last: bool

    @property
    def kind_name(self) -> str:
        """What its kind is called in the interface's language."""
        return str(DocumentKind(self.template.kind).label)


def make_template(process: Process, shipped: ShippedTemplate) -> Template:
    """A shipped template as one of `process`; not saved."""
    return Template(
        process=process,
        slug=shipped.slug,
        kind=shipped.kind,
        names=shipped.names,
        descriptions=shipped.descriptions,
        sections_json=[section.to_json() for section in shipped.sections],
        asks_acceptance=shipped.asks_acceptance,
        position=shipped.position,
    )


def templates_of(process: Process) -> list[Template]:
    """What texts of `process` can be written with, in order. One query.

    Until somebody changes or uses one these are the shipped ones, not stored yet (`pk` None).
    """
    stored = list(Template.objects.filter(process=process))
    return stored or [make_template(process, shipped) for shipped in shipped_templates()]


def find_template(process: Process, slug: str) -> Template | None:
    """The template of this slug among `templates_of`. One query."""
    return next((template for template in templates_of(process) if template.slug == slug), None)


def missing_templates(process: Process, known: Iterable[Template]) -> list[Template]:
    """The shipped templates that are not among `known`; not saved."""
    slugs = {template.slug for template in known}
    return [make_template(process, shipped) for shipped in shipped_templates() if shipped.slug not in slugs]


def template_rows(process: Process) -> list[TemplateRow]:
    """Every template of `process` with how many texts follow it. Two queries."""
    templates = templates_of(process)
    counts = dict(
        Document.objects.filter(template__process=process)
        .order_by()
        .values_list("template_id")
        .annotate(number=Count("pk"))
    )
    lang = get_language() or "en"
    return [
        TemplateRow(
            template,
            *in_language(template.names, lang),
            *in_language(template.descriptions, lang),
            sections=len(template.sections),
            documents=counts.get(template.pk, 0),
            is_first=place == 0,
            is_last=place == len(templates) - 1,
        )
        for place, template in enumerate(templates)
    ]


def section_rows(sections: Sequence[Section]) -> list[SectionRow]:
    """Sections for a page, in the interface's language. No query."""
    shown = get_language() or "en"
    return [
        SectionRow(
            section,
            *in_language(section.titles, shown),
            *in_language(section.guidance, shown),
            depths=tuple(str(depth.label) for depth in Depth if depth.value in section.depths),
            is_first=place == 0,
            is_last=place == len(sections) - 1,
        )
        for place, section in enumerate(sections)
    ]


def section_of(passage: Placed) -> str:
    """The key of the section a passage stands in: the summary stands in its own, the title in none."""
    if passage.kind == PassageKind.SUMMARY:
        return SUMMARY_SECTION
    return "" if passage.kind in {PassageKind.TITLE, PassageKind.ALTERNATIVE} else passage.section


def lay_out(template: Template | None, passages: Sequence[P]) -> list[LaidSection[P]]:
    """Put passages under the sections of `template`, each exactly once and in its order. No query.

    First what stands in no section, then the template's sections in their order, the empty ones too, and last what
    was written under sections that are no longer in it.
    """
    found: dict[str, list[P]] = {}
    for passage in passages:
        found.setdefault(section_of(passage), []).append(passage)
    laid = [LaidSection("", None, is_former=False, passages=tuple(found.pop("")))] if "" in found else []
    every = template.every_section if template else ()
    laid += [
        LaidSection(section.key, section, is_former=False, passages=tuple(found.pop(section.key, ())))
        for section in every
        if not section.removed
    ]
    former = {section.key: section for section in every if section.removed}
    laid += [
        LaidSection(key, former.get(key), is_former=template is not None, passages=tuple(members))
        for key, members in found.items()
    ]
    return laid
