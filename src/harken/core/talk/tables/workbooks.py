"""Spreadsheets, opened with suspicion: what a package may inflate to, and which of its cells are formulas.

calamine reads the values of XLSX, XLS and ODS, and does not tell which were computed; that is read from the XML beside.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

__all__ = ["TableError", "Workbook", "open_workbook"]

_LARGEST_FILE: Final = 50_000_000
_LARGEST_UNPACKED: Final = 150_000_000
_RATIO: Final = 200
_RATIO_FROM: Final = 10_000_000
_ENTRIES: Final = 10_000
_PACKAGE: Final = b"PK\x03\x04"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_ENTITY: Final = re.compile(rb"<!ENTITY|<!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y", re.IGNORECASE)
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST_REPEATS: Final = 100_000


class TableError(Exception):
    """A file that holds no table we can read; the sentence says why and what to do."""


class Workbook:
    """An open spreadsheet."""

    def __init__(self, path: Path, book: CalamineWorkbook) -> None:
        self._path = path
        self._book = book
        self.names: tuple[str, ...] = tuple(book.sheet_names)

    def has_rows(self, name: str) -> bool:
        """Whether a sheet holds anything."""
        return self._book.get_sheet_by_name(name).height > 0

    def rows(self, name: str) -> Iterator[tuple[int, list[Any], dict[int, str]]]:
        """Yield the rows of a sheet: their number, their cells from the first column on, the formulas by place."""
        sheet = self._book.get_sheet_by_name(name)
        formulas = _find_formulas(self._path, self.names.index(name))
        # calamine's rows begin with the first of the sheet, its cells with the first column that holds anything.
        pad = [""] * (sheet.start or (0, 0))[1]
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [*pad, *cells], formulas.get(number, {})


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open a spreadsheet.

    Raises:
        TableError: the file is damaged, protected by a password, no spreadsheet, or asks for too much memory.
    """
    _check(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        try:
            yield Workbook(path, book)
        finally:
            book.close()
    except CalamineError as error:
        if "password" in str(error).lower():
            raise TableError(f"{path.name} is protected by a password; save it without one.") from error
        raise TableError(f"{path.name} cannot be read as a spreadsheet: {error}.") from error
    except BaseException as error:
        # calamine is written in Rust; a damaged file may make it panic, which comes as a class of its own.
        if type(error).__name__ != "PanicException":
            raise
        raise TableError(f"{path.name} is damaged: it cannot be read as a spreadsheet.") from error


def _check(path: Path) -> None:
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        raise TableError(f"{path.name} is larger than {_LARGEST_FILE // 1_000_000} MB; save it as CSV.")
    with path.open("rb") as stream:
        is_package = stream.read(4) == _PACKAGE
    if not is_package:
        return
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise TableError(f"{path.name} is protected by a password; save it without one.")
            unpacked = sum(entry.file_size for entry in entries)
            too_much = unpacked > _LARGEST_UNPACKED or (unpacked > _RATIO_FROM and unpacked > size * _RATIO)
            if too_much or len(entries) > _ENTRIES:
                raise TableError(f"{path.name} unpacks to too much to be read at once; save it as CSV.")
            for entry in entries:
                _check_entry(path, package, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise TableError(f"{path.name} is damaged: it cannot be unpacked.") from error


def _check_entry(path: Path, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if not entry.filename.lower().endswith((".xml", ".rels")):
        return
    read = 0
    with package.open(entry) as stream:
        while chunk := stream.read(1_000_000):
            read += len(chunk)
            if read > entry.file_size:
                raise TableError(f"{path.name} is damaged: a part is larger than it says.")
            if _ENTITY.search(chunk):
                raise TableError(f"{path.name} is refused: it defines XML entities, which spreadsheets never need.")


# --- formulas ---


def _find_formulas(path: Path, place: int) -> dict[int, dict[int, str]]:
    """The formulas of the sheet at `place`, by number of row and place of column; none for XLS, which hides them."""
    with path.open("rb") as stream:
        if stream.read(4) != _PACKAGE:
            return {}
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        try:
            if "content.xml" in names:
                with package.open("content.xml") as stream:
                    return _ods_formulas(stream, place)
            part = _sheet_part(package, place)
            if part not in names:
                return {}
            with package.open(part) as stream:
                return _xlsx_formulas(stream)
        except etree.XMLSyntaxError:
            return {}


def _parse(stream: IO[bytes], *tags: str) -> Iterator[Any]:
    for _event, element in etree.iterparse(
        stream, events=("end",), tag=tags, no_network=True, resolve_entities=False, huge_tree=True
    ):
        yield element
        element.clear()
        while element.getprevious() is not None and element.getparent() is not None:
            del element.getparent()[0]


def _sheet_part(package: zipfile.ZipFile, place: int) -> str:
    with package.open("xl/workbook.xml") as stream:
        relations = [sheet.get(_RELATION) for sheet in _parse(stream, f"{_SHEET}sheet")]
    with package.open("xl/_rels/workbook.xml.rels") as stream:
        targets = {
            relation.get("Id"): relation.get("Target") or ""
            for relation in _parse(stream, "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship")
        }
    target = targets.get(relations[place], "") if place < len(relations) else ""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _xlsx_formulas(stream: IO[bytes]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for cell in _parse(stream, f"{_SHEET}c"):
        formula = cell.find(f"{_SHEET}f")
        reference = _REFERENCE.match(cell.get("r") or "")
        if formula is not None and reference is not None:
            column = 0
            for letter in reference[1]:
                column = column * 26 + ord(letter) - 64
            found.setdefault(int(reference[2]), {})[column - 1] = f"={formula.text or ''}"
    return found


def _ods_formulas(stream: IO[bytes], place: int) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    table = row = column = 0
    here: dict[int, str] = {}
    repeated = f"{_TABLE}number-columns-repeated"
    for element in _parse(
        stream, f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell", f"{_TABLE}table-row", f"{_TABLE}table"
    ):
        if element.tag == f"{_TABLE}table":
            table, row = table + 1, 0
        elif element.tag == f"{_TABLE}table-row":
            row += min(_number(element.get(f"{_TABLE}number-rows-repeated")), _MOST_REPEATS)
            if here and table == place:
                found[row] = here
            here, column = {}, 0
        else:
            formula = element.get(f"{_TABLE}formula")
            if formula:
                here[column] = formula.partition(":")[2] if formula.startswith(("of:", "oooc:")) else formula
            column += min(_number(element.get(repeated)), _MOST_REPEATS)
    return found


def _number(said: str | None) -> int:
    return int(said) if said is not None and said.isascii() and said.isdecimal() and len(said) < 8 else 1
