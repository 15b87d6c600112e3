"""What the editor shows: the text in areas with what the template asks for, and what would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from harken.core.text.words import split_words
from harken.documents.changes_html import render_changes
from harken.documents.comparing import Comparison, compare_texts, heirs_of_drafts, texts_of_drafts, texts_of_revision
from harken.documents.drafts import DraftPassage
from harken.documents.identity import identify_passages, propose_change_class
from harken.documents.merging import TextConflict
from harken.documents.models import ChangeClass, Document, KeptText, PassageKind, Revision, Section
from harken.documents.models.templates import SUMMARY_SECTION, in_language
from harken.documents.queries.history import names_since
from harken.documents.section_text import HEAD_KINDS, StoredPassage, write_section
from harken.documents.typed_text import NO_SECTION, TypedText
from harken.people.models import User


@dataclass(frozen=True, slots=True)
class Area:
    """One section in the editor; `stray` says that the template has no such section (any more)."""

    key: str
    title: str
    title_lang: str
    guidance: str
    guidance_lang: str
    budget: int | None
    required: bool
    text: str
    lang: str
    words: int
    stray: bool = False

    @property
    def over(self) -> int:
        """By how many words the text is longer than its budget."""
        return max(0, self.words - self.budget) if self.budget is not None else 0


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The fields of the editor with what stands in them."""

    typed: TypedText
    summary: Area
    areas: tuple[Area, ...]
    base: Revision
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What would change if the text were saved, and the change class proposed for it."""

    comparison: Comparison
    proposed: ChangeClass


def count_words(text: str) -> int:
    """How many words a text has; in scripts without spaces pairs of characters, which is nearly the same."""
    return len(split_words(text))


def editor_page(
    document: Document,
    typed: TypedText,
    base: Revision,
    passages: Sequence[StoredPassage],
    *,
    interface: str,
) -> EditorPage:
    """The editor of `document` with `typed` in it, written on `base` (its `passages`). At most one query."""
    template = document.template
    sections = {section.key: section for section in template.every_section} if template else {}
    shown = {section.key for section in template.sections} if template else set()
    langs = _section_langs(passages, document.lang)
    areas = tuple(
        _area(
            sections.get(key, Section(key, {}, {})),
            text,
            langs.get(key, document.lang),
            interface,
            is_stray=template is not None and (key not in shown or key == SUMMARY_SECTION),
        )
        for key, text in typed.sections.items()
    )
    summary = _area(
        sections.get(SUMMARY_SECTION, Section(SUMMARY_SECTION, {}, {})),
        typed.summary,
        _lang_of(passages, PassageKind.SUMMARY, document.lang),
        interface,
        is_stray=SUMMARY_SECTION not in shown,
    )
    others = () if document.current_id == base.pk else names_since(document, base.number)
    return EditorPage(typed, summary, areas, base, others)


def _area(section: Section, text: str, lang: str, interface: str, *, is_stray: bool) -> Area:
    title, title_lang = in_language(section.titles, interface)
    guidance, guidance_lang = in_language(section.guidance, interface)
    if not title:
        nameless = _("Outside of all sections") if is_stray else _("The text")
        title, title_lang = (nameless if section.key == NO_SECTION else section.key), interface
    return Area(
        key=section.key,
        title=title,
        title_lang=title_lang,
        guidance=guidance,
        guidance_lang=guidance_lang,
        budget=section.budget,
        required=section.required,
        text=text,
        lang=lang,
        words=count_words(text),
        stray=is_stray,
    )


def _section_langs(passages: Sequence[StoredPassage], lang: str) -> dict[str, str]:
    """The language of each section: that of its passages where they agree, else the document's."""
    langs: dict[str, set[str]] = {}
    for passage in passages:
        if passage.kind not in HEAD_KINDS:
            langs.setdefault(passage.section, set()).add(passage.lang)
    return {key: found.pop() if len(found) == 1 else lang for key, found in langs.items()}


def _lang_of(passages: Sequence[StoredPassage], kind: PassageKind, lang: str) -> str:
    return next((passage.lang for passage in passages if passage.kind == kind), lang)


def review_page(document: Document, passages: Sequence[StoredPassage], drafts: Sequence[DraftPassage]) -> ReviewPage:
    """What changes from `passages` to `drafts`, word by word. No query."""
    identity = identify_passages(passages, drafts)
    comparison = compare_texts(
        texts_of_revision(passages),
        texts_of_drafts(drafts, identity, document.lang),
        heirs_of_drafts(identity),
        template=document.template,
        lang=document.lang,
    )
    return ReviewPage(comparison, propose_change_class(passages, drafts, identity))


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One passage that two people changed: what each made of it, as changes, and the words to start from.

    `on` names the version of theirs the question is about ("" where they removed the passage).
    """

    passage_id: int
    on: str
    lang: str
    section: str
    kind: PassageKind
    base: str
    theirs: SafeString | None
    mine: SafeString | None
    words: str
    is_clean: bool

    @property
    def lines(self) -> int:
        """How many lines the field for the words begins with."""
        return min(12, 2 + len(self.words) // 70)


def conflict_rows(conflicts: Sequence[TextConflict], lang: str) -> list[ConflictRow]:
    """The questions that saving raised. No query."""
    return [_conflict_row(conflict, lang) for conflict in conflicts]


def _conflict_row(conflict: TextConflict, lang: str) -> ConflictRow:
    shape = conflict.shape
    kind = PassageKind(shape.kind)
    of = shape.lang or lang
    base = conflict.base.text if conflict.base else ""

    def changes(text: str | None) -> SafeString | None:
        if text is None:
            return None
        return mark_safe(render_changes(base, text, of))  # noqa: S308 - escaped there

    form = shape.to_draft() if isinstance(shape, StoredPassage) else shape
    proposed = replace(form, text=conflict.proposal, blank=None)
    return ConflictRow(
        passage_id=conflict.passage_id,
        on=str(conflict.theirs.version_id) if conflict.theirs else "",
        lang=of,
        section=shape.section,
        kind=kind,
        base=base,
        theirs=changes(conflict.theirs.text if conflict.theirs else None),
        mine=changes(conflict.mine.text if conflict.mine else None),
        words=conflict.proposal if kind in HEAD_KINDS else write_section([proposed]),
        is_clean=conflict.is_clean,
    )


def find_kept(document: Document, user: User) -> KeptText | None:
    """What `user` typed here and has not saved. One query."""
    return KeptText.objects.filter(document=document, user=user).select_related("base").first()


def find_base(document: Document, pk: int) -> Revision | None:
    """The revision that words were written on, if it is one of this document. One query."""
    return Revision.objects.filter(document=document, pk=pk).first()
