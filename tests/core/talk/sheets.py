"""Spreadsheets written by hand, as small as the formats allow: what is read is not made by what reads it."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | tuple[str, str]  # a formula with the value it had

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_RELATION = (
    '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
)


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]], *, first: tuple[int, int] = (1, 1)) -> Path:
    """An XLSX with these sheets, their upper left cell at row and column `first`."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(names, 1)
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS.format(_RELATION.format("r1", "officeDocument", "xl/workbook.xml")))
        package.writestr(
            "xl/workbook.xml",
            '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"<sheets>{listed}</sheets></workbook>",
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            _RELATIONS.format(
                "".join(
                    _RELATION.format(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml")
                    for number in range(1, len(names) + 1)
                )
            ),
        )
        for number, name in enumerate(names, 1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", _xlsx_sheet(sheets[name], first))
    return path


def _xlsx_sheet(rows: Sequence[Sequence[Cell]], first: tuple[int, int]) -> str:
    said = []
    for number, row in enumerate(rows, first[0]):
        cells = "".join(
            _xlsx_cell(f"{chr(64 + column)}{number}", cell) for column, cell in enumerate(row, first[1]) if cell != ""
        )
        said.append(f'<row r="{number}">{cells}</row>')
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(said)}</sheetData></worksheet>"
    )


def _xlsx_cell(place: str, cell: Cell) -> str:
    if isinstance(cell, tuple):
        return f'<c r="{place}" t="str"><f>{escape(cell[0])}</f><v>{escape(cell[1])}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


def write_ods(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """An ODS with one sheet."""
    said = "".join(f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        package.writestr(
            "content.xml",
            '<?xml version="1.0"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            f'<office:body><office:spreadsheet><table:table table:name="Sheet">{said}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_cell(cell: Cell) -> str:
    formula = f" table:formula={quoteattr('of:=' + cell[0])}" if isinstance(cell, tuple) else ""
    shown = cell[1] if isinstance(cell, tuple) else str(cell)
    if shown == "" and not formula:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"{formula}><text:p>{escape(shown)}</text:p></table:table-cell>'
