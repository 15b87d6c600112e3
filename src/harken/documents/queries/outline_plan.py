"""What importing an outline would change, before anything is written.

Codes are permanent: a recommendation that is on record keeps its code wherever the file moves it, and a new one gets
a code that was never given in its iteration.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harken.core.outline import Outline, OutlineGroup, OutlineIteration, Recommendation, Window
from harken.core.text.align import align
from harken.core.text.diff import Piece, compare_words
from harken.core.text.words import fold, split_words
from harken.documents.drafts import DraftDocument, DraftPassage
from harken.documents.models import Chapter, Document, PassageKind, Version
from harken.people.models import Group
from harken.people.queries import groups_below
from harken.processes.models import Iteration, Process


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """One recommendation of the file: `new`, `changed` or `unchanged`, and for a change the words before and after."""

    status: str
    draft: DraftDocument
    document: Document | None
    changes: tuple[Piece, ...] = ()

    @property
    def title(self) -> str:
        """The title as the file has it."""
        return next(passage.text for passage in self.draft.passages if passage.kind == PassageKind.TITLE)


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """A group's part of an iteration: the group and chapter on record, if any, and what becomes of the documents.

    `absent` are documents on record that the file does not have; they stay as they are.
    """

    outline: OutlineGroup
    group: Group | None
    chapter: Chapter | None
    documents: tuple[DocumentPlan, ...]
    absent: tuple[Document, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the chapter's own words (notes, headings) differ, or it is not there yet."""
        return self.chapter is None or (self.chapter.notes, self.chapter.headings) != (
            list(self.outline.notes),
            list(self.outline.headings),
        )


@dataclass(frozen=True, slots=True)
class IterationPlan:
    """An iteration of the file, and the one on record it is, if any."""

    outline: OutlineIteration
    number: int
    iteration: Iteration | None
    chapters: tuple[ChapterPlan, ...]


@dataclass(frozen=True, slots=True)
class OutlinePlan:
    """Everything an import would do, for a person to read and confirm."""

    process: Process
    outline: Outline
    lang: str
    iterations: tuple[IterationPlan, ...]
    questions: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    languages: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        """Whether the record says already what the file says."""
        return not any(number for name, number in self.counts.items() if name not in {"unchanged", "absent"})


def _draft_passages(recommendation: Recommendation) -> tuple[DraftPassage, ...]:
    passages = [DraftPassage(PassageKind.TITLE, recommendation.title)]
    passages += [DraftPassage(PassageKind.ALTERNATIVE, text) for text in recommendation.alternatives]
    paragraphs = re.split(r"\n\s*\n", recommendation.text)
    passages += [DraftPassage(PassageKind.PARAGRAPH, text.strip()) for text in paragraphs if text.strip()]
    return tuple(passages)


def _text_of(passages: Iterable[DraftPassage]) -> str:
    return "\n".join(passage.text for passage in passages)


def find_iteration_number(title: str) -> int | None:
    """The number in an iteration's title ("Iteration 2 (September 2019)" → 2), in any script's digits."""
    match = re.search(r"(?<!\d)\d{1,3}(?!\d)", title)
    return int(match.group()) if match else None


def _number_iterations(outlines: Sequence[OutlineIteration], known: Sequence[Iteration]) -> list[int]:
    """A number for each: the one on record, the one in its title, else the next free one by date, then by place."""
    by_title = {fold(iteration.title): iteration.number for iteration in known}
    by_date = {iteration.date: iteration.number for iteration in known if iteration.date}
    numbers: dict[int, int] = {}
    for place, outline in enumerate(outlines):
        found = (
            by_title.get(fold(outline.title))
            or find_iteration_number(outline.title)
            or by_date.get(outline.date or "-")
        )
        if found and found not in numbers.values():
            numbers[place] = found
    waiting = [place for place in range(len(outlines)) if place not in numbers]
    taken = set(numbers.values()) | {iteration.number for iteration in known}
    for place in sorted(waiting, key=lambda place: (outlines[place].date or "9999", place)):
        number = next(number for number in range(1, len(taken) + 2) if number not in taken)
        taken.add(number)
        numbers[place] = number
    return [numbers[place] for place in range(len(outlines))]


def _stored_passages(documents: Sequence[Document]) -> dict[int, tuple[DraftPassage, ...]]:
    """The current words of each document, as drafts. One query."""
    wanted = [pk for document in documents if document.current for pk in document.current.version_ids]
    found = dict(zip(wanted, [None] * len(wanted), strict=True))
    for start in range(0, len(wanted), 20_000):
        for pk, kind, lang, text in Version.objects.filter(pk__in=wanted[start : start + 20_000]).values_list(
            "pk", "kind", "lang", "text"
        ):
            found[pk] = (kind, lang, text)
    return {
        document.pk: tuple(
            DraftPassage(PassageKind(row[0]), row[2], "" if row[1] == document.lang else row[1])
            for row in (found[pk] for pk in (document.current.version_ids if document.current else []))
            if row
        )
        for document in documents
    }


def _match_documents(
    recommendations: Sequence[Recommendation], known: Sequence[Document], texts: dict[int, tuple[DraftPassage, ...]]
) -> list[Document | None]:
    """For each recommendation the document on record that it is.

    First by the words, wherever they moved. Then, where at least half are found so and the file is therefore the same
    list edited, those left on both sides with the same code: rewritten from the ground up under their old number.
    """
    by_id = {str(document.pk): document for document in known}
    new_texts = [_text_of(_draft_passages(recommendation)) for recommendation in recommendations]
    alignment = align([(str(document.pk), _text_of(texts[document.pk])) for document in known], new_texts)
    matched: list[Document | None] = [None] * len(recommendations)
    for row in alignment.rows:
        matched[row.new_index] = by_id[row.old_id] if row.old_id is not None else None
    if 2 * sum(found is not None for found in matched) < len(matched):
        return matched
    left = {document.code: document for document in known if document not in matched}
    return [found or left.pop(one.code, None) for found, one in zip(matched, recommendations, strict=True)]


def _next_codes(group_code: str, wanted: Sequence[str], used: set[str]) -> list[str]:
    """A code for each new recommendation: the one it asks for if it was never given, else the next free number."""
    codes, highest = [], 0
    for code in used | set(wanted):
        match = re.fullmatch(rf"{re.escape(group_code)}-R(\d+)", code)
        highest = max(highest, int(match.group(1))) if match else highest
    for code in wanted:
        if code in used:
            highest += 1
            code = f"{group_code}-R{highest}"  # noqa: PLW2901 - the code given in place of the one asked for
        used.add(code)
        codes.append(code)
    return codes


def _plan_documents(
    outline: OutlineGroup, chapter: Chapter | None, used: set[str], lang: str
) -> tuple[tuple[DocumentPlan, ...], tuple[Document, ...]]:
    known = list(chapter.documents.select_related("current").order_by("position", "id")) if chapter else []
    texts = _stored_passages(known)
    matched = _match_documents(outline.recommendations, known, texts)
    new = [one.code for one, found in zip(outline.recommendations, matched, strict=True) if found is None]
    codes = iter(_next_codes(outline.code, new, used))
    plans = []
    for position, (one, document) in enumerate(zip(outline.recommendations, matched, strict=True)):
        draft = DraftDocument(
            code=document.code if document else next(codes),
            passages=_draft_passages(one),
            position=position,
            lang=document.lang if document else lang,
            number=one.number,
            heading=one.heading,
        )
        plans.append(_compare(draft, document, texts))
    kept = {document.pk for document in matched if document}
    return tuple(plans), tuple(document for document in known if document.pk not in kept)


def _compare(
    draft: DraftDocument, document: Document | None, texts: dict[int, tuple[DraftPassage, ...]]
) -> DocumentPlan:
    if document is None:
        return DocumentPlan("new", draft, None)
    before = texts[document.pk]
    if before != draft.passages:
        changes = compare_words(_text_of(before), _text_of(draft.passages))
        return DocumentPlan("changed", draft, document, tuple(changes))
    moved = (document.number, document.heading, document.position) != (draft.number, draft.heading, draft.position)
    return DocumentPlan("moved" if moved else "unchanged", draft, document)


class _GroupMatcher:
    """Which group on record each group of a file is, and the code of one that is new."""

    def __init__(self, process: Process) -> None:
        groups = list(groups_below(process.body))
        self._by_code = {group.code: group for group in groups}
        self._by_name = {fold(group.name): group for group in groups}
        self._taken = {process.body.code, *self._by_code}
        self._new: dict[str, str] = {}

    def find(self, part: OutlineGroup) -> tuple[Group | None, OutlineGroup]:
        """The group of this name; or of this code, if the names share a word, as after a renaming.

        A code that belongs to another group is not taken over: the new group gets the next one that is free.
        """
        group = self._by_name.get(fold(part.name)) or self._by_code.get(part.code)
        if group and (fold(group.name) == fold(part.name) or _share_a_word(group.name, part.name)):
            return group, _with_code(part, group.code)
        name = fold(part.name)
        if name not in self._new:
            free = (
                code for code in (part.code, *(f"{part.code}{n}" for n in range(2, 1000))) if code not in self._taken
            )
            self._new[name] = next(free)
            self._taken.add(self._new[name])
        return None, _with_code(part, self._new[name])


def _share_a_word(one: str, other: str) -> bool:
    """Whether two names have a word of some length in common."""
    words = [{word.folded for word in split_words(name) if len(word.folded) > 3} for name in (one, other)]
    return bool(words[0] & words[1])


def _with_code(part: OutlineGroup, code: str) -> OutlineGroup:
    """The group, and the recommendations in it, under another code."""
    if code == part.code:
        return part
    renamed = tuple(
        replace(one, code=f"{code}-{one.code.removeprefix(f'{part.code}-')}") for one in part.recommendations
    )
    return replace(part, code=code, recommendations=renamed)


def plan_outline(process: Process, outline: Outline, *, lang: str = "") -> OutlinePlan:
    """Compare `outline` with what is on record. Reads only; `lang` is the language of new texts."""
    language = lang or process.lang
    known = list(process.iterations.order_by("number"))
    match = _GroupMatcher(process)
    iterations = []
    for item, number in zip(outline.iterations, _number_iterations(outline.iterations, known), strict=True):
        iteration = next((one for one in known if one.number == number), None)
        documents = Document.objects.filter(iteration=iteration)
        used = set(documents.values_list("code", flat=True)) if iteration else set()
        chapters = {
            chapter.group_id: chapter for chapter in (Chapter.objects.filter(iteration=iteration) if iteration else [])
        }
        plans = []
        for part in item.groups:
            group, named = match.find(part)
            chapter = chapters.get(group.pk) if group else None
            rows, absent = _plan_documents(named, chapter, used, language)
            plans.append(ChapterPlan(named, group, chapter, rows, absent))
        iterations.append(IterationPlan(item, number, iteration, tuple(plans)))
    return _finish(process, outline, language, tuple(iterations))


def _finish(process: Process, outline: Outline, lang: str, iterations: tuple[IterationPlan, ...]) -> OutlinePlan:
    asked = {fold(text) for text in process.guiding_questions.values_list("text", flat=True)}
    questions = tuple(text for text in outline.guidance if fold(text) not in asked)
    said = {fold(text) for text in process.phases.values_list("description", flat=True)}
    windows = tuple(window for window in outline.windows if _is_dated(window) and fold(window.text) not in said)
    offered = [language.code for language in outline.languages if language.code]
    languages = tuple(code for code in dict.fromkeys(offered) if code not in process.languages)
    chapters = [chapter for iteration in iterations for chapter in iteration.chapters]
    documents = [document for chapter in chapters for document in chapter.documents]
    new_groups = {chapter.outline.code for chapter in chapters if chapter.group is None}
    counts = {
        "iterations": sum(iteration.iteration is None for iteration in iterations),
        "groups": len(new_groups),
        "chapters": sum(chapter.is_changed for chapter in chapters),
        **{
            status: sum(row.status == status for row in documents)
            for status in ("new", "changed", "moved", "unchanged")
        },
        "absent": sum(len(chapter.absent) for chapter in chapters),
        "questions": len(questions),
        "windows": len(windows),
        "languages": len(languages),
    }
    return OutlinePlan(process, outline, lang, iterations, questions, windows, languages, counts)


def _is_dated(window: Window) -> bool:
    """Whether a window has a full date to make a phase of."""
    return any(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in (window.opens, window.closes))


def plan_to_json(plan: OutlinePlan) -> dict[str, Any]:
    """The plan's counts and changes, for the command line's `--json`."""
    return {
        "counts": plan.counts,
        "changed": [
            {"code": row.draft.code, "pieces": [[piece.kind, piece.text] for piece in row.changes]}
            for iteration in plan.iterations
            for chapter in iteration.chapters
            for row in chapter.documents
            if row.status == "changed"
        ],
    }
