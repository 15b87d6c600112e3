"""The origin table as a file: which drafts each text comes from, as CSV or as lines with an arrow.

Written as RFC 4180 asks, every cell quoted, in UTF-8 with a byte order mark, without which the most common spreadsheet
reads Arabic and Hindi as noise. Nothing here knows the database.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from harken.core.talk.tables.formulas import guard_cell, unguard_cell

COLUMNS: Final = ("document", "document_title", "draft_iteration", "draft", "draft_title", "kind", "state", "reason")
BYTE_ORDER_MARK: Final = "\ufeff"

_SPACES: Final = re.compile(r"\s+")
_ARROW: Final = re.compile(r"→|⇒|->|=>|←|⇐|<-|<=")
_BACKWARDS: Final = frozenset(["←", "⇐", "<-", "<="])
_BETWEEN_CODES: Final = re.compile(r"[,;،、\n]|\s&\s|\sand\s", re.IGNORECASE)
_JOINT: Final = re.compile(r"[\s\-_‐‑‒–—]+")
_DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {"documents": "document", "drafts": "draft", "from": "draft", "to": "document", "why": "reason"}


class NotATable(Exception):
    """A file holds no origin table."""


@dataclass(frozen=True, slots=True)
class OriginRecord:
    """One row of the table as it is written, by the names of its columns."""

    document: str = ""
    document_title: str = ""
    draft_iteration: str = ""
    draft: str = ""
    draft_title: str = ""
    kind: str = ""
    state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftName:
    """A draft as a table names it: as it is spelled there, and in full with the prefix of the one before it."""

    spelled: str
    full: str


@dataclass(frozen=True, slots=True)
class OriginLine:
    """What one line of a table says: that `document` (a code or a title) comes from `drafts`.

    Without a document the drafts led nowhere; without drafts the document is new.
    """

    line: int
    document: str
    drafts: tuple[DraftName, ...]
    draft_cell: str
    draft_iteration: str = ""
    kind: str = ""
    state: str = ""
    reason: str = ""


def code_key(code: str) -> str:
    """What makes two spellings one code: `AD R2`, `ad-r2` and `AD–R2` are the same."""
    return _JOINT.sub("-", unicodedata.normalize("NFKC", code).strip().casefold())


def title_key(title: str) -> str:
    """What makes two spellings one title: its words without case and spacing."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", title).strip().casefold())


def split_codes(cell: str) -> tuple[DraftName, ...]:
    """The codes in a cell, in order: in `RS R2, R4 and R5` the prefix is carried on."""
    names: list[DraftName] = []
    prefix = ""
    for piece in _BETWEEN_CODES.split(cell):
        spelled = piece.strip().strip(".")
        if not spelled:
            continue
        parts = [part for part in _JOINT.split(spelled) if part]
        if len(parts) > 1:
            prefix = "-".join(parts[:-1])
            names.append(DraftName(spelled, "-".join(parts)))
        else:
            names.append(DraftName(spelled, f"{prefix}-{spelled}" if prefix else spelled))
    return tuple(names)


def write_origin_table(records: Iterable[OriginRecord]) -> str:
    """The table as CSV with a header, every cell safe to open in a spreadsheet."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([guard_cell(getattr(record, name)) for name in COLUMNS] for record in records)
    return BYTE_ORDER_MARK + target.getvalue()


def read_origin_table(text: str) -> list[OriginLine]:
    """The lines of a table: CSV with a header that names `document` and `draft`, or lines `AD R2, R8 → Title`.

    Commas, semicolons and tabs separate the cells of CSV. Raises `NotATable`.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    first = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in _DELIMITERS:
        columns = _columns_of(first.split(delimiter))
        if {"document", "draft"} <= set(columns):
            return list(_read_csv(text, delimiter))
    if _ARROW.search(text):
        return list(_read_arrows(text))
    raise NotATable(
        _(
            "This is no origin table: its first line names the columns “document” and “draft”, or each line has an "
            "arrow, such as “AD R2, R8 → Title”."
        )
    )


def _columns_of(cells: Iterable[str]) -> list[str]:
    names = [cell.strip().strip('"').strip().casefold().replace(" ", "_") for cell in cells]
    return [_NAMES.get(name, name) for name in names]


def _read_csv(text: str, delimiter: str) -> Iterator[OriginLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns_of(cells)
                continue
            yield _csv_line(begins, columns, cells)
    except csv.Error as error:
        sentence = _("Line %(line)s cannot be read as CSV: %(error)s.") % {"line": line, "error": error}
        raise NotATable(sentence) from error


def _csv_line(line: int, columns: Sequence[str], cells: Sequence[str]) -> OriginLine:
    found = {name: unguard_cell(cell) for name, cell in zip(columns, cells, strict=False)}
    draft = found.get("draft", "").strip()
    return OriginLine(
        line,
        found.get("document", "").strip() or found.get("document_title", "").strip(),
        split_codes(draft),
        draft,
        found.get("draft_iteration", "").strip(),
        found.get("kind", "").strip().casefold(),
        found.get("state", "").strip().casefold(),
        found.get("reason", "").strip(),
    )


def _read_arrows(text: str) -> Iterator[OriginLine]:
    for number, line in enumerate(text.splitlines(), start=1):
        arrow = _ARROW.search(line)
        if arrow is None:
            if line.strip():
                yield OriginLine(number, "", (), line.strip())
            continue
        before, after = line[: arrow.start()].strip(), line[arrow.end() :].strip()
        drafts, document = (after, before) if arrow.group() in _BACKWARDS else (before, after)
        kind = "" if drafts and document else "dropped" if drafts else "new"
        yield OriginLine(number, document, split_codes(drafts), drafts, kind=kind)
