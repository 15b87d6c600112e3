"""The report of a meeting as a spreadsheet: to be taken along, filled in without a line, and read back.

The first sheet asks about the meeting, the second has a row for each point. Cells are found by their place and by the
key in the first column, so that the sheet can be in any language, and rows may be left out or added.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from harken.base.languages import find_direction
from harken.core.talk.model import Finding
from harken.core.talk.tables.formulas import guard_cell, unguard_cell
from harken.core.talk.tables.reading import open_table
from harken.core.talk.tables.workbooks import TableError
from harken.inputs.models import Meeting, Stance
from harken.inputs.queries.texts import TextsToSpeakOf

POINTS_SHEET: Final = "points"
MEETING_SHEET: Final = "meeting"
ROWS_TO_FILL: Final = 60
_WORKBOOKS: Final = {".xlsx", ".ods"}
_KEYS: Final = ("headcount", "summary")


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """A row of the second sheet as it was filled in: nothing of it is checked yet."""

    code: str
    stance: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What was filled in."""

    headcount: str
    summary: str
    points: tuple[SheetPoint, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in; a file that is no sheet looks like that too."""
        return not (self.headcount or self.summary or self.points)


def write_sheet(meeting: Meeting, texts: TextsToSpeakOf, lang: str) -> bytes:
    """An XLSX to fill in, in the interface's language, which is `lang`."""
    import xlsxwriter  # noqa: PLC0415 - 2 MB, loaded where a sheet is asked for

    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    key = book.add_format({"font_color": "#888888", "valign": "top"})
    about, points, codes = (book.add_worksheet(name) for name in (MEETING_SHEET, POINTS_SHEET, "texts"))
    for sheet in (about, points, codes):
        if find_direction(lang) == "rtl":
            sheet.right_to_left()
    about.set_column(0, 0, 14, key)
    about.set_column(1, 1, 40, words)
    about.set_column(2, 2, 80, words)
    rows = [
        ("", _("Meeting"), guard_cell(meeting.title)),
        ("headcount", _("How many took part"), meeting.headcount or ""),
        ("summary", _("How it went"), guard_cell(meeting.summary)),
    ]
    for number, row in enumerate(rows):
        about.write_row(number, 0, row)
    points.freeze_panes(1, 0)
    titles = [_("Text (its code; empty for the process as a whole)"), _("Stance"), _("Language"), _("What was said")]
    points.write_row(0, 0, titles, head)
    for place, width in enumerate((24, 16, 12, 100)):
        points.set_column(place, place, width, words)
    codes.set_column(1, 1, 100, words)
    for number, one in enumerate(texts):
        cells = [one.name, one.document.title, one.document.iteration.title if texts.is_of_several else ""]
        codes.write_row(number, 0, [guard_cell(cell) for cell in cells])
    if texts:
        source = f"=texts!$A$1:$A${len(texts)}"
        points.data_validation(1, 0, ROWS_TO_FILL, 0, {"validate": "list", "source": source, "error_type": "warning"})
    stances = {"validate": "list", "source": [str(stance) for stance in Stance.values], "error_type": "warning"}
    points.data_validation(1, 1, ROWS_TO_FILL, 1, stances)
    book.close()
    return packed.getvalue()


def read_sheet(path: Path) -> SheetReport:
    """What somebody filled in: the XLSX or ODS, or a CSV with the columns of the second sheet alone.

    Raises `TableError` for a file that holds no table.
    """
    table = open_table(path, header_row=1)
    # Whatever text a file holds can be read as a CSV, also where its name says that it is a workbook.
    if not table.sheets and path.suffix.lower() not in _WORKBOOKS:
        return SheetReport("", "", tuple(_read_points(path, "")))
    if POINTS_SHEET not in table.sheets:
        raise TableError(_("This is not the sheet of a meeting: it has no sheet called “%s”.") % POINTS_SHEET)
    about: dict[str, str] = {}
    if MEETING_SHEET in table.sheets:
        for row in open_table(path, sheet=MEETING_SHEET, header_row=0).every_row():
            if not isinstance(row, Finding) and row.text(0).strip() in _KEYS:
                about[row.text(0).strip()] = unguard_cell(row.text(2)).strip()
    return SheetReport(about.get("headcount", ""), about.get("summary", ""), tuple(_read_points(path, POINTS_SHEET)))


def _read_points(path: Path, sheet: str) -> list[SheetPoint]:
    try:
        table = open_table(path, sheet=sheet, header_row=1)
    except TableError:
        # A sheet on which nothing was filled in has no rows.
        return []
    found = []
    for row in table.every_row():
        if isinstance(row, Finding) or row.number <= 1:
            continue
        cells = [unguard_cell(row.text(place)).strip() for place in range(4)]
        if cells[3]:
            found.append(SheetPoint(*cells))
    return found
