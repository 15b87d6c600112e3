"""What the editor shows: the text in areas with what the template asks for, and what would change."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from harken.core.text.words import split_words
from harken.documents.comparing import Comparison, compare_texts, heirs_of_drafts, texts_of_drafts, texts_of_revision
from harken.documents.drafts import DraftPassage
from harken.documents.identity import identify_passages, propose_change_class
from harken.documents.models import ChangeClass, Document, KeptText, PassageKind, Revision, Section
from harken.documents.models.templates import SUMMARY_SECTION, in_language
from harken.documents.section_text import HEAD_KINDS, StoredPassage
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
    kept_at: datetime.datetime | None
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
    kept_at: datetime.datetime | None = None,
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
            is_stray=key not in shown and template is not None,
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
    return EditorPage(typed, summary, areas, base, kept_at, names_since(document, base))


def _area(section: Section, text: str, lang: str, interface: str, *, is_stray: bool) -> Area:
    title, title_lang = in_language(section.titles, interface)
    guidance, guidance_lang = in_language(section.guidance, interface)
    if not title:
        title, title_lang = (_("The text") if section.key == NO_SECTION else section.key), interface
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


def names_since(document: Document, base: Revision) -> tuple[str, ...]:
    """Who saved the document since `base`. One query; none where nobody can have."""
    if document.current_id == base.pk:
        return ()
    names = Revision.objects.filter(document=document, number__gt=base.number).order_by("number")
    return tuple(dict.fromkeys(names.values_list("author_name", flat=True)))


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


def find_kept(document: Document, user: User) -> KeptText | None:
    """What `user` typed here and has not saved. One query."""
    return KeptText.objects.filter(document=document, user=user).select_related("base").first()


def find_base(document: Document, pk: int) -> Revision | None:
    """The revision that words were written on, if it is one of this document. One query."""
    return Revision.objects.filter(document=document, pk=pk).first()
