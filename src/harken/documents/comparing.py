"""Two texts of one document compared for people: what became of each passage, in words and as safe HTML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harken.base.languages import find_direction
from harken.core.text.compare import ComparedPassage, compare_documents, compare_pair
from harken.core.text.diff import Piece
from harken.documents.changes_html import render_pieces
from harken.documents.drafts import DraftPassage
from harken.documents.identity import Identity
from harken.documents.models import PassageKind, Template
from harken.documents.models.templates import in_language
from harken.documents.section_text import HEAD_KINDS, StoredPassage, draft_content

# Unchanged passages beside a change that are shown with it, and how many more it takes to leave them out.
_BESIDE: Final = 1
_WORTH_FOLDING: Final = 2
_NAMED: Final = 60


class ComparedText(NamedTuple):
    """A passage of one of the two texts; `key` is the same in both for the same passage."""

    key: str
    content: tuple[str, str, str, str, str]
    kind: str
    section: str
    lang: str
    text: str
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison to be shown: the items of a list, or the rows of a table; sentences that sum it up."""

    html: SafeString
    summary: tuple[str, ...]
    is_same: bool


def texts_of_revision(passages: Sequence[StoredPassage]) -> list[ComparedText]:
    """The passages of a stored revision, to be compared."""
    return [
        ComparedText(
            str(passage.passage_id),
            passage.content,
            passage.kind,
            passage.section,
            passage.lang,
            passage.text,
            passage.public_id,
        )
        for passage in passages
    ]


def texts_of_drafts(drafts: Sequence[DraftPassage], identity: Identity, lang: str) -> list[ComparedText]:
    """The passages of a text that is not saved yet, to be compared with the one it was written on."""
    return [
        ComparedText(
            f"new-{place}" if known is None else str(known),
            draft_content(draft, lang),
            draft.kind.value,
            draft.section,
            draft.lang or lang,
            draft.text,
        )
        for place, (draft, known) in enumerate(zip(drafts, identity.passage_ids, strict=True))
    ]


def heirs_of_drafts(identity: Identity) -> dict[str, list[str]]:
    """Which passages of a text that is not saved yet hold words of which others."""
    heirs: dict[str, list[str]] = {}
    for branch in (*identity.splits, *identity.merges):
        known = identity.passage_ids[branch.place]
        heirs.setdefault(str(branch.earlier), []).append(f"new-{branch.place}" if known is None else str(known))
    return heirs


def compare_texts(
    old: Sequence[ComparedText],
    new: Sequence[ComparedText],
    heirs: Mapping[str, Sequence[str]],
    *,
    template: Template | None,
    lang: str,
    show_unchanged: bool = False,
    side_by_side: bool = False,
) -> Comparison:
    """Compare two texts of a document in `lang`; unchanged passages far from any change are left out and counted.

    As one text (items of a list), or `side_by_side` (rows of a table with two columns). Linear in the number of
    passages; words are compared only where a passage changed.
    """
    rows = compare_documents(
        [(text.key, text.content, text.text) for text in old],
        [(text.key, text.content, text.text) for text in new],
        heirs,
    )
    writer = _Writer(old, new, template, lang)
    pieces: list[str] = []
    changed = [writer.is_changed(row) for row in rows]
    for is_shown, run in groupby(range(len(rows)), key=_near_a_change(changed, show_all=show_unchanged).__getitem__):
        places = list(run)
        if not is_shown:
            note = writer.left_out(len(places))
            cell = f'<td colspan="2">{note}</td>'
            pieces.append(f'<tr class="gap">{cell}</tr>' if side_by_side else f'<li class="gap">{note}</li>')
            continue
        for place in places:
            heading = writer.section_heading(rows[place])
            if heading and side_by_side:
                pieces.append(f'<tr class="of-section"><th colspan="2" scope="colgroup">{heading}</th></tr>')
            elif heading:
                pieces.append(f'<li class="of-section">{heading}</li>')
            pieces.append(writer.write(rows[place], side_by_side=side_by_side))
    return Comparison(
        mark_safe("".join(pieces)),  # noqa: S308 - joined from escaped values
        tuple(_sum_up(rows, changed)),
        is_same=not any(changed),
    )


def _near_a_change(changed: Sequence[bool], *, show_all: bool) -> list[bool]:
    """Which rows are shown: those that changed, those beside one, and gaps too short to be worth a line."""
    if show_all:
        return [True] * len(changed)
    near = [any(changed[max(0, place - _BESIDE) : place + _BESIDE + 1]) for place in range(len(changed))]
    shown: list[bool] = []
    for is_near, run in groupby(near):
        count = len(list(run))
        shown += [is_near or count < _WORTH_FOLDING] * count
    return shown


def _sum_up(rows: Sequence[ComparedPassage], changed: Sequence[bool]) -> Iterator[str]:
    counts = dict.fromkeys(("edited", "moved", "added", "removed", "split", "merged"), 0)
    for row, is_changed in zip(rows, changed, strict=True):
        if is_changed:
            counts[row.relation if row.relation in counts else "edited"] += 1
    sentences = (
        ("edited", ngettext("%d passage changed", "%d passages changed", counts["edited"])),
        ("moved", ngettext("%d moved", "%d moved", counts["moved"])),
        ("added", ngettext("%d added", "%d added", counts["added"])),
        ("removed", ngettext("%d removed", "%d removed", counts["removed"])),
        ("split", ngettext("%d split", "%d split", counts["split"])),
        ("merged", ngettext("%d merged", "%d merged", counts["merged"])),
    )
    for name, sentence in sentences:
        if counts[name]:
            yield sentence % counts[name]


class _Writer:
    """Writes the rows of one comparison, one after the other."""

    def __init__(
        self, old: Sequence[ComparedText], new: Sequence[ComparedText], template: Template | None, lang: str
    ) -> None:
        self.old = {text.key: text for text in old}
        self.new = {text.key: text for text in new}
        self.before = dict(zip((text.key for text in old[1:]), old, strict=False))
        self.sections = {section.key: section for section in template.every_section} if template else {}
        self.lang = lang
        self.section: str | None = None

    def is_changed(self, row: ComparedPassage) -> bool:
        """Whether anything about the passage changed, its family too."""
        return row.relation != "same" or row.family is not None or bool(self._became(row))

    def section_heading(self, row: ComparedPassage) -> str:
        """The title of the section that begins with this row; nothing inside one."""
        text = self.new.get(row.passage_id) or self.old[row.passage_id]
        section = "" if text.kind in HEAD_KINDS else text.section
        if section == self.section:
            return ""
        self.section = section
        return self._section_title(section)

    def _section_title(self, key: str) -> str:
        if key not in self.sections:
            return ""
        title, lang = in_language(self.sections[key].titles, self.lang)
        return f'<span lang="{escape(lang)}" dir="{find_direction(lang)}">{escape(title)}</span>'

    @staticmethod
    def left_out(count: int) -> str:
        """What stands in place of unchanged passages."""
        return escape(ngettext("%d passage unchanged", "%d passages unchanged", count) % count)

    def write(self, row: ComparedPassage, *, side_by_side: bool) -> str:
        """One row."""
        pieces = compare_pair(row)
        text = self.new.get(row.passage_id) or self.old[row.passage_id]
        said = f'lang="{escape(text.lang)}" dir="{find_direction(text.lang)}"'
        classes = f"{row.relation} k-{text.kind}{' changed' if self.is_changed(row) else ''}"
        # An address on the page: permanent where the passage has one, else the provisional key.
        place = f' id="c-{escape(text.public_id or text.key)}"'
        note = "".join(f'<p class="became">{said_of}</p>' for said_of in self._notes(row))
        words = f'<div class="said" {said}>{render_pieces(pieces, text.lang, fold=False) or "&nbsp;"}</div>'
        if not side_by_side:
            return f'<li class="{classes}"{place}>{note}{words}</li>'
        cells = f'<td class="old">{self._old_words(row, pieces)}</td><td class="new">{note}{words}</td>'
        return f'<tr class="{classes}"{place}>{cells}</tr>'

    def _old_words(self, row: ComparedPassage, pieces: Sequence[Piece]) -> str:
        if row.old is None:
            return ""
        before = self.old[row.passage_id]
        if row.family:
            pieces = row.family.cut(row.passage_id, from_new=False)
        kept = [piece for piece in pieces if piece.kind != "inserted"]
        said = f'lang="{escape(before.lang)}" dir="{find_direction(before.lang)}"'
        return f'<div class="said" {said}>{render_pieces(kept, before.lang, fold=False)}</div>'

    def _notes(self, row: ComparedPassage) -> Iterator[str]:
        """In words what became of the passage, so that nothing is said by colour alone."""
        if row.relation == "moved":
            place = self.before.get(row.passage_id)
            if place is None:
                yield _("Moved here from the beginning")
            else:
                yield _("Moved here; it stood after %(words)s") % {"words": _quoted(place)}
        elif row.relation == "added":
            yield _("Added")
        elif row.relation == "removed":
            yield _("Removed")
        yield from self._kinship(row)
        yield from self._became(row)

    def _kinship(self, row: ComparedPassage) -> Iterator[str]:
        origins = _list(self.old[key] for key in row.origins)
        heirs = _list(self.new[key] for key in row.heirs)
        if row.origins and (row.relation == "merged" or row.old is not None):
            yield _("Merged: holds words of %(words)s too") % {"words": origins}
        elif row.origins:
            yield _("Split off from %(words)s") % {"words": origins}
        if row.heirs and row.new is None:
            yield _("Removed; its words are in %(words)s") % {"words": heirs}
        elif row.heirs:
            yield _("Split: words of it went to %(words)s") % {"words": heirs}

    def _became(self, row: ComparedPassage) -> list[str]:
        """What changed about the passage besides its words."""
        before, after = self.old.get(row.passage_id), self.new.get(row.passage_id)
        if before is None or after is None:
            return []
        notes: list[str] = []
        if before.kind != after.kind:
            names = {"old": PassageKind(before.kind).label, "new": PassageKind(after.kind).label}
            notes.append(escape(_("Was: %(old)s. Is now: %(new)s.") % names))
        if before.section != after.section:
            title = self._section_title(before.section)
            notes.append(
                _("Stood under %(section)s") % {"section": title} if title else escape(_("Stood in no section"))
            )
        return notes


def _list(texts: Iterator[ComparedText]) -> str:
    return " · ".join(_quoted(text) for text in texts)


def _quoted(text: ComparedText) -> str:
    """The beginning of a passage, as safe HTML in its own language and direction."""
    first = text.text.strip().partition("\n")[0]
    words = first if len(first) <= _NAMED else f"{first[:_NAMED].rstrip()}…"
    return f'<q lang="{escape(text.lang)}" dir="{find_direction(text.lang)}">{escape(words)}</q>'
