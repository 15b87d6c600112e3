"""A document's text as one piece of HTML, put together from fragments that were made safe when they were written.

A page template that loops over a thousand passages costs a hundred times as much (docs/decisions/0003), so the text is
put together once for readers, when it is published, and stored with a stamp of what it was made from. Between two
passages it can be opened again, for the line that says what was said about one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from harken.base.languages import find_direction
from harken.documents.models import PassageKind
from harken.documents.models.templates import SUMMARY_SECTION, Section, Template, in_language
from harken.documents.section_text import HEAD_KINDS, StoredPassage

FORM: Final = "1"
"""Changes whenever the same text would be put together differently: what is stored is then made anew."""

# Stands where a passage ends, before the element around it closes, followed by the passage's id. No text holds this
# character (see `section_text.check_text`).
_SLOT: Final = "\x1e"
_ID_LENGTH: Final = 9
_SECTION_PLACE: Final = "s-"


@dataclass(frozen=True, slots=True)
class HeadRow:
    """The title, another title or the summary: what stands above the text."""

    public_id: str
    kind: str
    lang: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """A heading in the list of what is on the page; `place` is its address on it."""

    place: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class AssembledText:
    """A document's text, ready for a page; `fragments` has a slot in each passage."""

    head: tuple[HeadRow, ...]
    contents: tuple[ContentsRow, ...]
    fragments: str

    @property
    def title(self) -> HeadRow:
        """The one title."""
        return next(row for row in self.head if row.kind == "title")

    @property
    def alternatives(self) -> tuple[HeadRow, ...]:
        """Other titles the group weighed."""
        return tuple(row for row in self.head if row.kind == "alternative")

    @property
    def summary(self) -> HeadRow | None:
        """The summary, or the one line of commitment."""
        return next((row for row in self.head if row.kind == "summary"), None)

    @property
    def has_sections(self) -> bool:
        """Whether words stand in a section of the template."""
        return any(row.place.startswith(_SECTION_PLACE) for row in self.contents)

    def html(self, notes: Mapping[str, str] | None = None) -> SafeString:
        """The text, with `notes` (safe HTML by a passage's public id) in the passages they are about."""
        start, *rest = self.fragments.split(_SLOT)
        notes = notes or {}
        pieces = [start]
        for piece in rest:
            pieces.append(notes.get(piece[:_ID_LENGTH], ""))
            pieces.append(piece[_ID_LENGTH:])
        return mark_safe("".join(pieces))  # noqa: S308 - joined from escaped values and stored safe HTML

    def to_json(self) -> dict[str, Any]:
        """The head and the contents, as they are stored."""
        return {
            "head": [[row.public_id, row.kind, row.lang, row.html, row.text] for row in self.head],
            "contents": [[row.place, row.text, row.lang] for row in self.contents],
        }

    @classmethod
    def from_json(cls, head: Sequence[Sequence[str]], contents: Sequence[Sequence[str]], html: str) -> "AssembledText":
        """What `to_json` stored, and the fragments."""
        return cls(tuple(HeadRow(*row) for row in head), tuple(ContentsRow(*row) for row in contents), html)


def stamp_of(template: Template | None) -> str:
    """What names the form of a text's HTML besides the revision: the program's form, and the template's sections."""
    sections = json.dumps(template.sections_json, sort_keys=True) if template else ""
    return f"{FORM}-{hashlib.blake2b(sections.encode(), digest_size=12).hexdigest()}"


def assemble_text(
    passages: Sequence[StoredPassage],
    *,
    lang: str,
    template: Template | None = None,
    depth: str = "",
    passage_pages: str = "passages/",
    nothing_yet: str = "",
    no_longer: str = "",
) -> AssembledText:
    """Put the text of a document in `lang` together, section by section as its template orders them.

    What stands in no section of the template comes last, so that a section that was taken out of it hides no words:
    first what stands in none at all, then what was written under former sections, each under its title.
    `depth` leaves out the sections that do not belong to it (`""`: none). `passage_pages` is what addresses of the
    passages' own pages begin with, seen from the page; without it a passage's number leads to its place on this page.
    `nothing_yet` is what stands in sections without words, which are left out otherwise; `no_longer` what is said of
    former sections.
    """
    numbers = {passage.passage_id: number for number, passage in enumerate(passages, start=1)}
    head = [passage for passage in passages if passage.kind in HEAD_KINDS]
    has_summary = any(passage.kind == PassageKind.SUMMARY for passage in head)
    body: dict[str, list[StoredPassage]] = {}
    for passage in passages:
        if passage.kind not in HEAD_KINDS:
            body.setdefault(passage.section, []).append(passage)
    contents: list[ContentsRow] = []
    pieces: list[str] = []
    writer = _Writer(lang, numbers, passage_pages, contents)
    sections = template.sections if template else ()
    below = 1 if nothing_yet or any(section.key in body for section in sections) else 0
    for section in sections:
        members = body.pop(section.key, [])
        if section.key == SUMMARY_SECTION and not members and has_summary:
            continue  # it stands above all sections
        if (members or nothing_yet) and (not depth or depth in section.depths):
            pieces.append(writer.section_heading(section))
            pieces += writer.passages(members, below=1)
            if not members:
                pieces.append(f'<p class="empty">{escape(nothing_yet)}</p>')
    if depth != "summary" or not sections:
        pieces += writer.passages(body.pop("", []), below=below)
        former = {section.key: section for section in (template.every_section if template else ())}
        for key, members in body.items():
            if key in former:
                pieces.append(writer.section_heading(former[key], mark=no_longer))
            pieces += writer.passages(members, below=below)
    return AssembledText(
        tuple(HeadRow(row.public_id, row.kind, row.lang, row.html, row.text) for row in head),
        tuple(contents),
        "".join(pieces),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the passages of one text; headings are noted in `contents` as they come."""

    lang: str
    numbers: Mapping[int, int]
    passage_pages: str
    contents: list[ContentsRow]

    def section_heading(self, section: Section, *, mark: str = "") -> str:
        """A section's title as a heading, and below it what is to be said of the section itself."""
        title, lang = in_language(section.titles, self.lang)
        self.contents.append(ContentsRow(f"s-{section.key}", title, lang))
        said = f'<p class="empty">{escape(mark)}</p>' if mark else ""
        return f'<h2 class="section" id="s-{escape(section.key)}"{self._said(lang)}>{escape(title)}</h2>{said}'

    def passages(self, rows: Iterable[StoredPassage], *, below: int) -> Iterator[str]:
        """Passages in order, list items in lists; headings stand `below` as many headings of the page."""
        for is_item, run in groupby(rows, key=lambda row: row.kind == "item"):
            written = "".join(self._passage(row, below) for row in run)
            yield f'<ul role="list">{written}</ul>' if is_item else written

    def _said(self, lang: str) -> str:
        return "" if lang == self.lang else f' lang="{escape(lang)}" dir="{find_direction(lang)}"'

    def _passage(self, row: StoredPassage, below: int) -> str:
        place = f"p-{row.public_id}"
        number = self.numbers[row.passage_id]
        address = f"{self.passage_pages}{row.public_id}/" if self.passage_pages else f"#{place}"
        element = "div"
        around, names = ("li", "p item") if row.kind == "item" else ("div", f"p {row.kind}")
        if row.kind == "heading":
            element = f"h{min(6, max(2, row.level) + below)}"
            self.contents.append(ContentsRow(place, row.text.splitlines()[0] if row.text else "", row.lang))
        elif row.kind == "item" and row.level:
            names += f" in{min(row.level, 4)}"
        return (
            f'<{around} class="{names}" id="{place}"><a class="no" href="{address}">{number}</a>{_item_mark(row)}'
            f'<{element} class="said"{self._said(row.lang)}>{row.html}</{element}>{_SLOT}{row.public_id}</{around}>'
        )


def _item_mark(row: StoredPassage) -> str:
    """The number of an item of a numbered list; the style sheet draws the dash of any other."""
    mark = row.marker.strip()
    return f'<span class="mark">{escape(mark)}</span>' if row.kind == "item" and mark[:1].isdigit() else ""
