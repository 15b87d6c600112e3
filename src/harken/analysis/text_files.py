"""Texts out of a column of a file, for `harken sense`: tables, JSON Lines, Parquet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from harken.core.talk.model import Finding
from harken.core.talk.tables.reading import Row, Table, TableError, open_table

__all__ = ["TextFile", "TextFileError", "read_texts"]

_JSON_LINES: Final = frozenset({".json", ".jsonl", ".ndjson"})
_PARQUET: Final = frozenset({".parquet", ".pq"})


class TextFileError(ValueError):
    """The file cannot be read, or has no such column; the sentence says which, and what to do."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """The texts of a file in its order, none left out: a row without text has "".

    `ids` tell where each came from: the cell of the column of ids, or the number of its row (of its line, in JSON
    Lines) as a spreadsheet or an editor counts. `notes` are what a reader should know of the file, a sentence each.
    """

    texts: list[str]
    ids: list[str]
    notes: tuple[str, ...] = ()


def read_texts(path: Path, column: str, *, id_column: str = "") -> TextFile:
    """Read one column of CSV (any delimiter and charset, gzip too), XLSX or ODS, JSON Lines, or Parquet.

    What the file is called decides between them: `.jsonl`, `.ndjson` and `.json` are JSON Lines, `.parquet` and `.pq`
    Parquet, anything else a table with headings.

    Raises:
        TextFileError: it cannot be read as that, or lacks a column.
    """
    wanted = [column, *([id_column] if id_column else [])]
    suffix = path.suffix.lower()
    if not path.is_file():
        raise TextFileError(f"{path} is no file that can be read.")
    if suffix in _JSON_LINES:
        columns, numbers, notes = _read_json_lines(path, wanted)
    elif suffix in _PARQUET:
        columns, numbers, notes = _read_parquet(path, wanted)
    else:
        columns, numbers, notes = _read_table(path, wanted)
    ids = columns[1] if id_column else [str(number) for number in numbers]
    return TextFile(columns[0], ids, notes)


_Columns = tuple[list[list[str]], Sequence[int], tuple[str, ...]]


def _no_column(path: Path, name: str, there: Sequence[str]) -> TextFileError:
    named = ", ".join(f"“{each}”" for each in there[:12]) + (" …" if len(there) > 12 else "")
    return TextFileError(f"{path.name} has no column “{name}”; it has {named or 'none'}.")


def _whole(text: str) -> str:
    """Return `text` with lone surrogates, which JSON can escape and nothing can write, replaced."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# --- tables ---


def _open(path: Path, wanted: Sequence[str]) -> Table:
    """Return the table; where the headings it finds are not those, its first row is taken for them."""
    try:
        table = open_table(path)
        if any(table.place(name) < 0 for name in wanted) and table.header_row != 1:
            first = open_table(path, header_row=1)
            return first if all(first.place(name) >= 0 for name in wanted) else table
    except TableError as error:
        raise TextFileError(str(error)) from error
    return table


def _read_table(path: Path, wanted: Sequence[str]) -> _Columns:
    table = _open(path, wanted)
    places = [table.place(name) for name in wanted]
    for name, place in zip(wanted, places, strict=True):
        if place < 0:
            raise _no_column(path, name, table.columns)
    columns: list[list[str]] = [[] for _ in wanted]
    numbers: list[int] = []
    repaired, width = 0, _width_of_headings(table)
    for entry in table.rows():
        if isinstance(entry, Finding):
            if entry.reason == "unreadable_row":
                raise TextFileError(f"{path.name}, {entry.place}: {entry.text}.")
            repaired += 1
            continue
        if any(entry.text(place).strip() for place in range(width, len(entry.cells))):
            raise TextFileError(
                f"{path.name}, row {entry.number}: more cells than headings. "
                "Put texts that hold the delimiter in quotation marks."
            )
        for cells, place in zip(columns, places, strict=True):
            cells.append(entry.text(place))
        numbers.append(entry.number)
    notes = [f"{path.name} is not UTF-8; it was read as {each.text}." for each in table.findings]
    if repaired:
        notes.append(f"{repaired:,} lines of {path.name} are in another charset than the rest; it was guessed.")
    return columns, numbers, tuple(notes)


def _width_of_headings(table: Table) -> int:
    """Return how many cells the row of headings has; all there are where there is no such row."""
    for entry in table.every_row():
        if isinstance(entry, Row) and entry.number == table.header_row:
            return max(place + 1 for place in range(len(entry.cells)) if entry.text(place).strip())
    return len(table.columns)


# --- JSON Lines (https://jsonlines.org/) ---


def _read_json_lines(path: Path, wanted: Sequence[str]) -> _Columns:
    columns: list[list[str | None]] = [[] for _ in wanted]
    numbers: list[int] = []
    there: list[str] = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                record = _read_record(path, number, line)
                there = list(record)
                for cells, name in zip(columns, wanted, strict=True):
                    cells.append(_cell(path, number, name, record))
                numbers.append(number)
    except OSError as error:
        raise TextFileError(f"{path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise TextFileError(f"{path.name} is not UTF-8 text, as JSON Lines has to be.") from error
    for cells, name in zip(columns, wanted, strict=True):
        if numbers and all(cell is None for cell in cells):
            raise _no_column(path, name, there)
    return [[cell or "" for cell in cells] for cells in columns], numbers, ()


def _read_record(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        whole = line.lstrip().startswith("[")
        hint = " Write one object a line, not one array." if whole and number == 1 else ""
        raise TextFileError(f"{path.name}, line {number} is no JSON: {error}.{hint}") from error
    if not isinstance(record, dict):
        raise TextFileError(f"{path.name}, line {number} is no object. Write one object a line.")
    return record


def _cell(path: Path, number: int, name: str, record: dict[str, Any]) -> str | None:
    """Return what the line has under a name; None where it has no such name."""
    if name not in record:
        return None
    value = record[name]
    if isinstance(value, dict | list):
        raise TextFileError(f"{path.name}, line {number}: “{name}” is no text.")
    return "" if value is None else _whole(str(value))


# --- Parquet ---


def _read_parquet(path: Path, wanted: Sequence[str]) -> _Columns:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415  # an optional part, loaded when it is needed
    except ImportError as error:
        raise TextFileError("Parquet needs one more package: pip install harken[parquet]") from error
    try:
        there = parquet.read_schema(path).names
        for name in wanted:
            if name not in there:
                raise _no_column(path, name, there)
        table = parquet.read_table(path, columns=list(dict.fromkeys(wanted)))
        columns = [["" if cell is None else str(cell) for cell in table[name].to_pylist()] for name in wanted]
    except (ArrowException, OSError) as error:
        raise TextFileError(f"{path.name} cannot be read as Parquet: {error}") from error
    return columns, range(1, len(columns[0]) + 1), ()
