"""What a text still lacks before readers see it, in sentences: the checks of `core.text.findings` on what is stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from harken.core.text.findings import Finding, Glossary, PassageText, SectionText, Targets, check_document
from harken.documents.drafts import DraftPassage
from harken.documents.models import Document, DocumentKind, Passage, PassageKind
from harken.documents.models.templates import SUMMARY_SECTION
from harken.documents.queries.reading import IS_PUBLISHED
from harken.documents.queries.templates import LaidSection, lay_out, section_of
from harken.documents.queries.texts import load_passages_of
from harken.documents.section_text import StoredPassage
from harken.processes.models import Process

INSTEAD_SECTION: Final = "instead"
"""The key of the section of a glossary that says which words to avoid, and what to say instead."""

# A section of fewer words than these is a line or a list by intention.
_LEAST_OF_PROSE: Final = 60
_NO_PROSE: Final = frozenset({DocumentKind.GLOSSARY, DocumentKind.ONE_PAGE})

# "**term (ABBR)**: what it means", also without the stars, with any dash in place of the colon.
_TERM: Final = re.compile(r"\s*(?:\*\*|__)(?P<strong>[^\n]{1,200}?)(?:\*\*|__)|\s*(?P<plain>[^\n:：]{1,80})[:：]\s")
_SYNONYMS: Final = re.compile(r"\s*[(（](?P<words>[^()（）]{1,200})[)）]\s*$")
_ARROW: Final = re.compile(r"\s*(?:→|⇒|←|->|=>|:|：|\s[–—]\s)\s*")
_MARKS: Final = "*_`\"'“”„«»‘’ \t"
_LINKED: Final = re.compile(r"\]\(\s*<?([^)\s>]+)|<((?:https?://|/)[^>\s]+)>")
_PART: Final = re.compile(r"[^/?#&=]+")
_CODE: Final = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+(?![\w-])")
_LONGEST_ID: Final = 40

AnyPassage = StoredPassage | DraftPassage


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as a page shows it.

    `place` names the section in `place_lang` ("" for the title and what stands in no section); `words` are those it
    points at, in `words_lang`. `public_id` is the passage's, "" where the finding is about a whole section or the
    passage is not stored. `more` counts further ones of its kind that are not listed.
    """

    code: str
    is_blocking: bool
    section: str
    place: str
    place_lang: str
    sentence: str
    words: str
    words_lang: str
    public_id: str
    more: int


@dataclass(frozen=True, slots=True)
class FindingsReport:
    """All that was found in one text, in its order."""

    rows: tuple[FindingRow, ...]

    @property
    def blocking(self) -> tuple[FindingRow, ...]:
        """What has to be settled before readers see the text."""
        return tuple(row for row in self.rows if row.is_blocking)

    @property
    def advice(self) -> tuple[FindingRow, ...]:
        """What would make it better."""
        return tuple(row for row in self.rows if not row.is_blocking)

    @property
    def blocking_count(self) -> int:
        """How much stands in the way, with what is not listed."""
        return sum(1 + row.more for row in self.blocking)

    @property
    def advice_count(self) -> int:
        """How much advice there is, with what is not listed."""
        return sum(1 + row.more for row in self.advice)

    def to_json(self) -> list[dict[str, str]]:
        """The blocking ones, as a publication keeps them."""
        return [{"code": row.code, "section": row.section, "words": row.words} for row in self.blocking]


@dataclass(frozen=True, slots=True)
class Measure:
    """What texts of a process are checked against."""

    glossary: Glossary = field(default_factory=Glossary)
    targets: Targets = field(default_factory=Targets)


def find_in_document(document: Document, passages: Sequence[AnyPassage] | None = None) -> FindingsReport:
    """What `document` lacks, by its current words or those given. At most five queries.

    The document's iteration, process and template have to be at hand.
    """
    if passages is None:
        passages = load_passages_of([document.current])[document.current.pk] if document.current else []
    measure = _measure_for(document.iteration.process, [document], passages)
    return _check(document, passages, measure)


def find_in_texts(
    process: Process, documents: Sequence[Document], texts: Mapping[int, Sequence[StoredPassage]]
) -> dict[int, FindingsReport]:
    """What each of `documents` of `process` lacks, by its key; `texts` are their passages by the current revision's.

    At most four queries, however many there are.
    """
    measure = _measure_for(process, documents, [passage for rows in texts.values() for passage in rows])
    return {document.pk: _check(document, texts.get(document.current_id or 0, ()), measure) for document in documents}


def _measure_for(process: Process, documents: Sequence[Document], passages: Sequence[AnyPassage]) -> Measure:
    return Measure(load_glossary(process), _load_targets(process, documents, passages))


def load_glossary(process: Process) -> Glossary:
    """The words agreed on in the glossaries that readers of `process` see; a later one counts. Two queries."""
    glossaries = list(
        Document.objects.filter(IS_PUBLISHED, iteration__process=process, kind=DocumentKind.GLOSSARY)
        .select_related("published")
        .order_by("iteration__number", "position", "id")
    )
    loaded = load_passages_of([document.published for document in glossaries if document.published])
    defined: dict[str, tuple[str, ...]] = {}
    forbidden: dict[str, str] = {}
    for document in glossaries:
        for passage in loaded[document.published_id or 0]:
            if passage.section == INSTEAD_SECTION:
                forbidden.update(_read_instead(passage))
            elif term := _read_term(passage):
                defined[term[0]] = term[1]
    return Glossary(defined, forbidden)


def _read_term(passage: StoredPassage) -> tuple[str, tuple[str, ...]] | None:
    """The term a passage of a glossary defines, and its synonyms, which stand in brackets behind it."""
    if passage.kind == PassageKind.HEADING:
        name = passage.text.splitlines()[0] if passage.text else ""
    elif passage.kind == PassageKind.ITEM or (
        passage.kind == PassageKind.PARAGRAPH and passage.text.lstrip().startswith(("**", "__"))
    ):
        found = _TERM.match(passage.text)
        name = (found["strong"] or found["plain"] or "") if found else ""
    else:
        return None
    name = name.strip(_MARKS + ":：")
    synonyms: tuple[str, ...] = ()
    if brackets := _SYNONYMS.search(name):
        words = re.split(r"[,;،；]", brackets["words"])
        synonyms = tuple(word.strip(_MARKS) for word in words if word.strip(_MARKS))
        name = name[: brackets.start()].strip(_MARKS)
    return (name, synonyms) if name else None


def _read_instead(passage: StoredPassage) -> dict[str, str]:
    """The words a line of a glossary asks to avoid, and what it says to say instead."""
    found: dict[str, str] = {}
    for line in passage.text.splitlines():
        before, *after = _ARROW.split(line.strip(), maxsplit=1)
        if after and before.strip(_MARKS) and after[0].strip(_MARKS):
            for word in re.split(r"[,;،；]", before):
                if word.strip(_MARKS):
                    found[word.strip(_MARKS)] = after[0].strip().strip(_MARKS)
    return found


def _load_targets(process: Process, documents: Sequence[Document], passages: Sequence[AnyPassage]) -> Targets:
    """Which passages and codes that the texts name are there for readers. Two queries.

    Texts of the same chapters count too: their group knows them, and shows them together.
    """
    linked = {
        part
        for passage in passages
        for link in _LINKED.finditer(passage.text)
        for part in _PART.findall(link[1] or link[2] or "")
    }
    # A place on a page is named with its prefix (#p-…).
    ids = {part.removeprefix("p-") for part in linked if len(part) < _LONGEST_ID}
    codes = {code for passage in passages for code in _CODE.findall(passage.text)}
    chapters = {document.chapter_id for document in documents}
    shown = Q(document__iteration__is_public=True, document__published__isnull=False)
    elsewhere = Passage.objects.filter(
        shown | Q(document__chapter__in=chapters), document__iteration__process=process, public_id__in=ids
    )
    named = Document.objects.filter(IS_PUBLISHED | Q(chapter__in=chapters), iteration__process=process, code__in=codes)
    # What was struck from these very texts leads nowhere; of words that were only typed it is not known what stays.
    own = {passage.public_id for passage in passages if isinstance(passage, StoredPassage)}
    others = elsewhere.exclude(document__in=documents) if own else elsewhere
    return Targets(
        passages=own.union(others.values_list("public_id", flat=True)),
        documents={document.code for document in documents}.union(named.values_list("code", flat=True)),
    )


def _is_prose(document: Document, laid: LaidSection[AnyPassage]) -> bool:
    if laid.section is None or laid.key == SUMMARY_SECTION or document.kind in _NO_PROSE:
        return False
    return laid.section.budget is None or laid.section.budget >= _LEAST_OF_PROSE


def _section_text(document: Document, laid: LaidSection[AnyPassage], names: Mapping[int, str]) -> SectionText:
    return SectionText(
        key=laid.key,
        required=laid.section is not None and laid.section.required and not laid.is_former,
        budget=laid.section.budget if laid.section and not laid.is_former else None,
        prose=_is_prose(document, laid),
        passages=tuple(
            PassageText(names[id(passage)], passage.kind, passage.text, passage.lang) for passage in laid.passages
        ),
    )


def _check(document: Document, passages: Sequence[AnyPassage], measure: Measure) -> FindingsReport:
    names = {id(passage): str(place) for place, passage in enumerate(passages)}
    laid = lay_out(document.template, passages)
    sections = [_section_text(document, part, names) for part in laid]
    glossary = measure.glossary
    if document.kind == DocumentKind.GLOSSARY:
        # It has to name the words it asks to avoid.
        glossary = Glossary(glossary.defined)
    found = check_document(sections, language=document.lang, glossary=glossary, targets=measure.targets)
    parts = {part.key: part for part in laid}
    return FindingsReport(tuple(_row(document, finding, parts, passages) for finding in found))


def _row(
    document: Document,
    finding: Finding,
    parts: Mapping[str, LaidSection[AnyPassage]],
    passages: Sequence[AnyPassage],
) -> FindingRow:
    passage = passages[int(finding.passage)] if finding.passage is not None else None
    part = parts.get(section_of(passage) if passage else finding.section)
    place, place_lang = part.title_in(get_language() or "en") if part else ("", "")
    return FindingRow(
        code=finding.code,
        is_blocking=finding.severity == "blocking",
        section=finding.section,
        place=place,
        place_lang=place_lang or document.lang,
        sentence=say_finding(finding),
        words=finding.details.get("label") or finding.words,
        words_lang=(passage.lang if passage else "") or document.lang,
        public_id=passage.public_id if isinstance(passage, StoredPassage) else "",
        more=finding.more,
    )


_SENTENCES: Final = {
    "empty_section": _("Nothing is written here yet."),
    "empty_section!": _("Nothing is written here yet, and this section may not stay empty. Write an answer."),
    "unfinished_mark": _("This marks something unfinished. Write what is missing, or take the mark out."),
    "over_budget": _("%(words)s words, where %(allowed)s have room. Shorten it, or move a part elsewhere."),
    "one_sentence": _("A single sentence. Say more: how, by whom, with what effect."),
    "link_to_nothing": _("This link leads nowhere. Give it an address, or take it out."),
    "link_to_nothing!": _("This link leads to nothing readers can open (%(target)s). Correct it, or take it out."),
    "forbidden_term": _("The glossary asks to say “%(instead)s” instead."),
    "long_sentence": _("A sentence of %(words)s words; up to %(allowed)s are easy to follow. Make two of it."),
    "long_sentence!": _(
        "A sentence of %(characters)s characters; up to %(allowed)s are easy to follow. Make two of it."
    ),
    "hard_to_read": _(
        "Hard to read: sentences of %(words_per_sentence)s words on average (%(measure)s: %(score)s). "
        "Shorter sentences and everyday words help."
    ),
    "hard_to_read!": _(
        "Very hard to read: sentences of %(words_per_sentence)s words on average (%(measure)s: %(score)s). "
        "Use shorter sentences and everyday words."
    ),
}
"""What is said of a finding, by its code; with an exclamation mark of its graver or other form."""


def _is_other_form(finding: Finding) -> bool:
    match finding.code:
        case "empty_section":
            return finding.severity == "blocking"
        case "link_to_nothing":
            return bool(finding.details.get("target"))
        case "long_sentence":
            return "words" not in finding.figures
        case "hard_to_read":
            return finding.details.get("level") == "very_hard"
        case _:
            return False


def say_finding(finding: Finding) -> str:
    """What a finding means and what to do about it, in the interface's language."""
    if finding.code == "undefined_abbreviation":
        times = int(finding.figures.get("times", 1))
        return ngettext(
            "This abbreviation is explained nowhere. Write it out, or put it into the glossary.",
            "This abbreviation is explained nowhere, and used %(times)s times. "
            "Write it out where it comes first, or put it into the glossary.",
            times,
        ) % {"times": times}
    sentence = _SENTENCES[f"{finding.code}!" if _is_other_form(finding) else finding.code]
    figures = {name: round(number, 1) for name, number in finding.figures.items()}
    return str(sentence) % {**figures, **finding.details}
