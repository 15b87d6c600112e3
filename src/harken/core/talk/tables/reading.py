"""Tables, row by row: CSV in any dialect and charset, streamed; XLSX, XLS and ODS through calamine.

A row is what a person sees: dates stay dates, whole numbers lose their `.0`, formulas become the value that was shown.
"""

import csv
import gzip
import io
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from harken.core.talk.charsets import decode_bytes, guess_charset, repair_surrogates
from harken.core.talk.model import Finding
from harken.core.talk.tables.formulas import is_formula
from harken.core.talk.tables.workbooks import TableError, open_workbook

__all__ = ["Row", "Table", "TableError", "Value", "open_table"]

Value = str | datetime

_SAMPLE: Final = 262_144
_LONGEST_LINE: Final = 4_000_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_TOP_ROWS: Final = 20
_DATA_LIKE: Final = re.compile(r"[-+]?[\d.,:/ \-]+\Z")
_IMPORT_ID: Final = re.compile(r'\{"ImportId"')


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as a spreadsheet counts, its cells, and the places (from 0) of those that are formulas."""

    number: int
    cells: tuple[Value, ...]
    formulas: tuple[int, ...] = ()

    def text(self, place: int) -> str:
        """The cell at `place` as text; "" where the row is shorter."""
        if not 0 <= place < len(self.cells):
            return ""
        cell = self.cells[place]
        return cell if isinstance(cell, str) else cell.isoformat(sep=" ")


@dataclass(slots=True)
class Table:
    """A table at a path. `columns` are its headings, each made unique; `rows` can be gone through more than once.

    `header_row` is the number of the row with the headings, 0 if there is none; then columns are called `Column 1` ….
    """

    path: Path
    columns: tuple[str, ...] = ()
    header_row: int = 1
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    charset: str = ""
    delimiter: str = ""
    findings: list[Finding] = field(default_factory=list)

    def rows(self) -> Iterator[Row | Finding]:
        """Yield the rows below the headings that hold anything, and what could not be read, in order."""
        for entry in self.every_row():
            if isinstance(entry, Finding) or (entry.number > self.header_row and _holds(entry)):
                yield entry

    def every_row(self) -> Iterator[Row | Finding]:
        """Yield all rows, those above and of the headings too."""
        return _csv_rows(self) if self.delimiter else _workbook_rows(self)

    def place(self, column: str) -> int:
        """The place of a column, from 0; -1 if there is no such column."""
        return self.columns.index(column) if column in self.columns else -1


def open_table(path: Path, *, sheet: str = "", header_row: int | None = None) -> Table:
    """Return the table in a file: CSV, TSV and their kin (packed with gzip too), XLSX, XLS or ODS.

    `sheet` is the name of the one to read, the first with any rows if empty. `header_row` is the number of the row of
    headings; where it is None, it is found.

    Raises:
        TableError: the file holds no table; the sentence says why.
    """
    try:
        with path.open("rb") as stream:
            begins = stream.read(8)
    except OSError as error:
        raise TableError(f"{path.name} cannot be read: {error.strerror}.") from error
    table = Table(path)
    if begins.startswith(_WORKBOOKS):
        table.sheets, table.sheet = _choose_sheet(path, sheet)
    else:
        _detect_csv(table)
    top: list[Row] = []
    for entry in table.every_row():
        if isinstance(entry, Row) and _holds(entry):
            top.append(entry)
        if len(top) >= _TOP_ROWS:
            break
    if not top:
        raise TableError(f"{path.name} holds no rows.")
    table.header_row = _find_header(top) if header_row is None else header_row
    table.columns = _name_columns(table, top)
    return table


def _holds(row: Row) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row.cells)


# --- headings ---


def _find_header(top: Sequence[Row]) -> int:
    """The row of headings: the first that is about as wide as the table, unless it looks like the data below."""
    if top[1:] and any(_IMPORT_ID.match(row.text(place)) for row in top for place in range(len(row.cells))):
        # Qualtrics writes codes, the questions, and codes again.
        return next(row.number for row in top if any(_IMPORT_ID.match(row.text(p)) for p in range(len(row.cells))))
    widths = [sum(1 for place in range(len(row.cells)) if row.text(place).strip()) for row in top]
    wide = max(widths)
    first = next(row for row, width in zip(top, widths, strict=True) if width >= min(wide, max(2, 0.6 * wide)))
    cells = [first.text(place).strip() for place in range(len(first.cells))]
    looks_like_data = any(
        not isinstance(cell, str) or (_DATA_LIKE.match(cell.strip()) and len(cell.strip()) > 3) for cell in first.cells
    )
    has_repeats = len([cell for cell in cells if cell]) - len({cell for cell in cells if cell}) > len(cells) // 2
    return 0 if looks_like_data or has_repeats else first.number


def _name_columns(table: Table, top: Sequence[Row]) -> tuple[str, ...]:
    header = next((row for row in top if row.number == table.header_row), None)
    if header is not None and any(_IMPORT_ID.match(header.text(place)) for place in range(len(header.cells))):
        before = [row for row in top if row.number < table.header_row]
        header = before[-1] if before else header
    width = max(len(row.cells) for row in top)
    names: list[str] = []
    for place in range(width):
        said = " ".join(header.text(place).split()) if header is not None else ""
        name = said or f"Column {place + 1}"
        count = 2
        while name in names:
            name = f"{said or f'Column {place + 1}'} ({count})"
            count += 1
        names.append(name)
    return tuple(names)


# --- CSV ---


class _LongCells:
    """Lets cells be as long as a line while a row is read.

    The module keeps one limit for the whole process (it guards against a quote that never closes): whoever else reads
    CSV finds theirs as it was, unless a row is read here at that very moment.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = csv.field_size_limit(_LONGEST_LINE)
            self._inside += 1

    def __exit__(self, *_ended: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                csv.field_size_limit(self._before)


_LONG_CELLS: Final = _LongCells()


def _open_bytes(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if is_packed else path.open("rb")  # type: ignore[return-value]  # reads as files do


def _detect_csv(table: Table) -> None:
    with _open_bytes(table.path) as stream:
        sample = stream.read(_SAMPLE)
    mark = next((name for mark, name in _MARKS if sample.startswith(mark)), "")
    if not mark and b"\x00" in sample:
        raise TableError(f"{table.path.name} is neither text nor a spreadsheet that can be read.")
    table.charset = mark or _charset_of(sample)
    text = sample.decode(table.charset, "replace" if mark else "surrogateescape")
    if table.charset not in ("utf-8", "utf-8-sig", "utf-16"):
        table.findings.append(Finding(table.path.name, "guessed_charset", table.charset))
    table.delimiter = _detect_delimiter(text, is_whole=len(sample) < _SAMPLE)


def _charset_of(sample: bytes) -> str:
    """UTF-8 if most lines beyond ASCII are; a few others are then read each for itself."""
    lines = sample.split(b"\n")
    if len(lines) > 1 and len(sample) >= _SAMPLE:
        del lines[-1]  # the sample may end inside a letter
    telling = [line for line in lines if not line.isascii()]
    sound = sum(1 for line in telling if decode_bytes(line).charset == "utf-8")
    return "utf-8" if 2 * sound >= len(telling) else guess_charset(sample)


def _detect_delimiter(text: str, *, is_whole: bool) -> str:
    """The delimiter under which most rows have the same number of cells, more than one; a comma if none does."""
    lines = text.splitlines(keepends=True)
    if not is_whole and len(lines) > 1:
        lines = lines[:-1]
    first = lines[0].strip().lower() if lines else ""
    if first.startswith("sep=") and len(first) == 5:  # Excel's own mark
        return first[4]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            with _LONG_CELLS:
                widths = [len(row) for row in csv.reader(lines[:2_000], delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        common = max(set(widths), key=widths.count)
        if common < 2:
            continue
        # The first row's width counts most: it has headings and hardly any prose.
        score = widths.count(common) / len(widths) + (0.5 if widths[0] == common else 0) + min(common, 20) / 100
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _csv_rows(table: Table) -> Iterator[Row | Finding]:
    with _open_bytes(table.path) as binary:
        errors = "surrogateescape" if table.charset == "utf-8" else "replace"
        text = io.TextIOWrapper(binary, encoding=table.charset, errors=errors, newline="")
        repaired: list[Finding] = []
        reader = csv.reader(_lines(text, repaired), delimiter=table.delimiter)
        number = 0
        while True:
            try:
                with _LONG_CELLS:
                    cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                number += 1
                yield Finding(f"row {number}", "unreadable_row", str(error))
                continue
            number += 1
            if number == 1 and len(cells) <= 2 and "".join(cells).strip().lower() in ("sep=", "sep"):
                continue
            yield from repaired
            repaired.clear()
            yield Row(number, tuple(cells), tuple(place for place, cell in enumerate(cells) if is_formula(cell)))


def _lines(text: io.TextIOWrapper, repaired: list[Finding]) -> Iterator[str]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if not line.isascii() and not _is_sound(line):
            decoded = repair_surrogates(line)
            repaired.append(Finding(f"line {number}", decoded.trouble or "wrong_charset", decoded.text.strip()[:120]))
            line = decoded.text
        yield line


def _is_sound(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# --- spreadsheets ---


def _choose_sheet(path: Path, wanted: str) -> tuple[tuple[str, ...], str]:
    with open_workbook(path) as workbook:
        names = workbook.names
        if wanted and wanted not in names:
            raise TableError(f"{path.name} has no sheet “{wanted}”; it has {', '.join(f'“{name}”' for name in names)}.")
        chosen = wanted or next((name for name in names if workbook.has_rows(name)), names[0] if names else "")
    return names, chosen


def _workbook_rows(table: Table) -> Iterator[Row]:
    with open_workbook(table.path) as workbook:
        for number, cells, formulas in workbook.rows(table.sheet):
            values = tuple(_value(cell) for cell in cells)
            shown = {place: said for place, said in formulas.items() if place < len(values)}
            # A formula nobody computed has no value to show: then its own text is.
            whole = tuple(
                shown[place] if place in shown and value == "" else value for place, value in enumerate(values)
            )
            typed = (place for place, cell in enumerate(whole) if isinstance(cell, str) and is_formula(cell))
            yield Row(number, whole, tuple(sorted({*shown, *typed})))


def _value(cell: object) -> Value:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - spreadsheets know no time zones
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell if isinstance(cell, str) else str(cell)
